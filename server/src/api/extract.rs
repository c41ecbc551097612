//! Extractors: a request's parts as checked values, every failure in the API's own form.

use super::{body, error::ApiError};
use aivalid_app::{context::Ctx, form::Upload, page::Failure};
use aivalid_model::{Error, check::CheckAll, page::PageRequest};
use axum::{
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{header, request::Parts},
};
use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

/// A JSON body, checked: every bad field is named.
pub struct Checked<T: CheckAll>(pub T::Checked);

impl<S: Send + Sync, T: CheckAll + DeserializeOwned> FromRequest<S> for Checked<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        Ok(Self(json::<T, S>(request, state).await?))
    }
}

/// A checked JSON body that may be left out altogether.
pub struct CheckedOrEmpty<T: CheckAll>(pub T::Checked);

impl<S: Send + Sync, T: CheckAll + DeserializeOwned + Default> FromRequest<S> for CheckedOrEmpty<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let empty = request.headers().get(header::CONTENT_TYPE).is_none()
            && request.headers().get(header::CONTENT_LENGTH).is_none_or(|length| length.as_bytes() == b"0");
        Ok(Self(if empty { T::default().check_all()? } else { json::<T, S>(request, state).await? }))
    }
}

async fn json<T: CheckAll + DeserializeOwned, S: Send + Sync>(request: Request, state: &S) -> Result<T::Checked, Error> {
    let ctx = request.extensions().get::<Ctx>().cloned();
    let bytes = json_bytes(request, state).await?;
    let text = utf8(&bytes)?;
    match (body::read::<T>(text), T::CATEGORY, ctx) {
        (Err(error), Some(kind), Some(ctx)) => Err(match body::category(text) {
            Some(slug) => ctx.service.with_category(&ctx.caller, kind, &slug, error).await,
            None => error,
        }),
        (read, ..) => read,
    }
}

/// A body that says that it is JSON, whole: at most as large as the limit around the routes allows (1 MiB).
pub(super) async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Error> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") && !media_type.ends_with("+json") {
        return Err(Error::UnsupportedMediaType);
    }
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.into_response_status() {
        413 => Error::TooLarge,
        408 => Error::TimedOut,
        _ => Error::bad_request("the body could not be read"),
    })
}

/// A body as text.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error::bad_request("the body is not UTF-8"))
}

/// The status of a rejection, whatever its type.
trait RejectionStatus {
    fn into_response_status(self) -> u16;
}

impl<R: axum::response::IntoResponse> RejectionStatus for R {
    fn into_response_status(self) -> u16 {
        self.into_response().status().as_u16()
    }
}

/// A form with files, of somebody who is signed in: nobody else's files are read at all.
pub struct Uploaded(pub Upload);

impl<S: Send + Sync> FromRequest<S> for Uploaded {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let signed_in = request.extensions().get::<Ctx>().is_some_and(|ctx| ctx.caller.user.is_some());
        if !signed_in {
            return Err(Error::Unauthenticated.into());
        }
        Upload::from_request(request, state).await.map(Self).map_err(|Failure(error)| ApiError(error))
    }
}

/// A path segment as an id; what is not one is not found.
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Id<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(id) = Path::<T>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        Ok(Self(id))
    }
}

/// A query string; unknown parameters are ignored, malformed ones are an error.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Query(query) = Query::<T>::from_request_parts(parts, state).await.map_err(|error| Error::bad_request(error.body_text()))?;
        Ok(Self(query))
    }
}

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// From 1.
    #[param(minimum = 1)]
    pub page: Option<u32>,
    /// 1 to 100; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `pagination.next` of the page before; then `page` does not count.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// Within bounds.
    pub fn request(&self) -> PageRequest {
        PageRequest::new(self.page, self.limit)
    }
}

/// Which stretch of a list that is read on from a cursor.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CursorQuery {
    /// 1 to 100; 20 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `pagination.next` of the stretch before.
    pub cursor: Option<String>,
}

impl CursorQuery {
    /// Within bounds.
    pub fn limit(&self) -> u32 {
        PageRequest::new(None, self.limit).limit
    }
}
