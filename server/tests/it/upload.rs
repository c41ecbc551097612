//! Forms with files, as browsers and programs write them.

use crate::client::{Answer, Client};
use axum::http::Method;

const BOUNDARY: &str = "----aivalid7MA4YWxk";

/// A form's field: its name, the file's name if it is one, and what is in it.
pub type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// The body of a form.
pub fn multipart(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = vec![];
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: image/png")).unwrap_or_default();
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

impl Client {
    /// Posts a form with files.
    pub async fn upload(&self, path: &str, parts: &[Part<'_>]) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.ask(Method::POST, path).typed(&kind, multipart(parts)).send().await
    }
}

/// Files that begin as what they are; `mark` makes them differ.
pub fn jpeg(mark: &str) -> Vec<u8> {
    [&b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"[..], mark.as_bytes(), b"\xFF\xD9"].concat()
}

/// See [`jpeg`].
pub fn png(mark: &str) -> Vec<u8> {
    [&b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"[..], mark.as_bytes()].concat()
}

/// See [`jpeg`].
pub fn pdf(mark: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{mark}\n%%EOF\n").into_bytes()
}
