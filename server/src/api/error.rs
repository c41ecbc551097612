//! Errors as answers: the one place where an error becomes a response of the API.

use aivalid_model::Error;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What a handler returns.
pub type ApiResult<T> = Result<T, ApiError>;

/// An error on its way out.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// `{"error": "…", "code": "…", "details": {…}}`.
#[derive(Serialize, ToSchema)]
pub struct ErrorBody {
    /// A sentence for people, in English.
    pub error: String,
    /// The stable code; docs/ERRORS.md lists them.
    pub code: &'static str,
    /// What a program needs besides; `fields` names every bad field.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    #[schema(value_type = Option<Object>)]
    pub details: serde_json::Value,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = ErrorBody { error: error.to_string(), code: error.code(), details: error.details() };
        let mut response = (status, Json(body)).into_response();
        match error {
            Error::Unauthenticated => {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            error => aivalid_app::page::waiting_headers(&error, response.headers_mut()),
        }
        response
    }
}

/// For addresses below `/api` that do not exist.
pub async fn not_found() -> ApiError {
    ApiError(Error::NotFound)
}

/// For addresses that exist, but not with this method.
pub async fn method_not_allowed() -> ApiError {
    ApiError(Error::MethodNotAllowed)
}
