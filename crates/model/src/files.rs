//! Files that people send: what they are is told by their first bytes, never by their name or by what a client says.

use serde::{Deserialize, Serialize};

/// How many of a file's first bytes tell what it is.
pub const HEAD: usize = 16;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// A photograph.
    Jpeg,
    /// A picture without loss.
    Png,
    /// A picture as browsers like them.
    Webp,
    /// A document.
    Pdf,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Webp, Self::Pdf];

    /// What a file is whose first [`HEAD`] bytes (or all, of a shorter one) are these. A PDF must begin with its mark at once:
    /// what stands before it could be read as something else.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    /// The `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// The ending of a name, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    /// Whether browsers show it as a picture.
    pub const fn is_picture(self) -> bool {
        !matches!(self, Self::Pdf)
    }
}

impl std::str::FromStr for FileKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_the_first_bytes() {
        assert_eq!(FileKind::of(b"\xFF\xD8\xFF\xE0\0\x10JFIF"), Some(FileKind::Jpeg));
        assert_eq!(FileKind::of(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), Some(FileKind::Png));
        assert_eq!(FileKind::of(b"RIFF\x10\0\0\0WEBPVP8 "), Some(FileKind::Webp));
        assert_eq!(FileKind::of(b"%PDF-1.7\n"), Some(FileKind::Pdf));
    }

    #[test]
    fn everything_else_is_none_of_them() {
        for head in [
            &b""[..],
            b"\xFF\xD8",
            b"GIF89a",
            b"MZ\x90\0",
            b"PK\x03\x04",
            b"<svg xmlns=",
            b"<!DOCTYPE html>",
            b" %PDF-1.7",
            b"\n%PDF-1.7",
            b"%pdf-1.7",
            b"\x89PNG\n\x1A\n",
            b"RIFF\x10\0\0\0WAVE",
        ] {
            assert_eq!(FileKind::of(head), None, "{head:?}");
        }
    }

    #[test]
    fn words_are_read_back() {
        assert!(FileKind::ALL.into_iter().all(|kind| kind.as_str().parse() == Ok(kind)));
    }
}
