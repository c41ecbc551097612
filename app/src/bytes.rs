//! Sizes of files in words: the same on the server and in the browser.

use aivalid_model::Lang;

/// `1,2 MB` in Indonesian, `1.2 MB` in English; at least a tenth.
pub fn size_words(lang: Lang, bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1024 * 1024);
    let mark = if lang == Lang::Id { ',' } else { '.' };
    format!("{}{mark}{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_people_write_them() {
        assert_eq!(size_words(Lang::Id, 1), "0,1 MB");
        assert_eq!(size_words(Lang::En, 1024 * 1024), "1.0 MB");
        assert_eq!(size_words(Lang::Id, 10 * 1024 * 1024 - 1), "10,0 MB");
    }
}
