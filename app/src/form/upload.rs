//! What a form with files sent, part by part: nothing of it is ever whole in memory.

use crate::page::Failure;
use aivalid_model::{Error, Result};
use axum::{
    body::Bytes,
    extract::{
        FromRequest, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::{StatusCode, header},
};
use futures::{Stream, TryStreamExt};

/// The largest body of a form with files.
pub const UPLOAD_BODY: usize = 25 * 1024 * 1024;

/// A posted form with files: `multipart/form-data`. Names of files are never looked at.
pub struct Upload(Multipart);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
            return Err(Failure(Error::UnsupportedMediaType));
        }
        let multipart = Multipart::from_request(request, state).await;
        multipart.map(Self).map_err(|_| Failure(Error::bad_request("the form has no boundary")))
    }
}

impl Upload {
    /// The next field. What is left of the one before is passed over.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>> {
        Ok(self.0.next_field().await.map_err(broken)?.map(Part))
    }
}

/// A field of a form with files.
pub struct Part<'u>(Field<'u>);

impl<'u> Part<'u> {
    /// The field's name.
    pub fn name(&self) -> &str {
        self.0.name().unwrap_or_default()
    }

    /// Whether it is a field for a file into which none was put: browsers send those without a name.
    pub fn is_blank(&self) -> bool {
        self.0.file_name() == Some("")
    }

    /// What was put into it.
    pub fn content(self) -> impl Stream<Item = Result<Bytes>> + Send + use<'u> {
        self.0.map_err(broken)
    }
}

fn broken(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Error::TooLarge } else { Error::bad_request("the form could not be read") }
}
