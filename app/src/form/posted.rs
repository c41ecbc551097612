//! What a form sent.

use crate::page::Failure;
use aivalid_model::Error;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;

/// A posted form: `application/x-www-form-urlencoded` in UTF-8. Fields that were not sent take their defaults, so `T` needs
/// `#[serde(default)]`; a `Vec` gathers a name that was sent several times.
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(Failure(Error::UnsupportedMediaType));
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            Failure(if too_large { Error::TooLarge } else { Error::bad_request("the body could not be read") })
        })?;
        read(&body).map(Self).map_err(Failure)
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    // The reader below replaces what is not UTF-8 without a word, and nobody's text shall change silently.
    if percent_encoding::percent_decode(body).decode_utf8().is_err() {
        return Err(Error::bad_request("the form is not UTF-8"));
    }
    serde_html_form::from_bytes(body).map_err(|error| Error::bad_request(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Example {
        title: String,
        cell: Vec<String>,
    }

    #[test]
    fn names_repeat_and_may_be_missing() {
        let form: Example = read(b"cell=a&cell=&other=1&cell=%C3%A9+x").unwrap();
        assert_eq!(form, Example { title: String::new(), cell: vec!["a".into(), String::new(), "é x".into()] });
        assert_eq!(read::<Example>(b"").unwrap(), Example::default());
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for bad in [&b"title=%FF"[..], b"title=\xC3&cell=a", b"title=a&title=b"] {
            assert_eq!(read::<Example>(bad).unwrap_err().code(), "BAD_REQUEST", "{bad:?}");
        }
    }
}
