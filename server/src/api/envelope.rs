//! What answers look like (spec section 3).

use aivalid_model::{
    audit::Stretch,
    page::{Page, Pagination},
};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// `{"data": …}`, with a sentence where there is something to say.
#[derive(Serialize, ToSchema)]
pub struct Data<T> {
    /// The answer.
    pub data: T,
    /// A sentence for people, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'static str>,
}

impl<T> Data<T> {
    /// Only data.
    pub const fn new(data: T) -> Self {
        Self { data, message: None }
    }

    /// Data and a sentence.
    pub const fn with(data: T, message: &'static str) -> Self {
        Self { data, message: Some(message) }
    }
}

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// 201 with the new thing.
pub struct Created<T>(pub T, pub &'static str);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Data::with(self.0, self.1)).into_response()
    }
}

/// `{"data": […], "pagination": {…}}`.
#[derive(Serialize, ToSchema)]
pub struct Paged<T> {
    /// The entries.
    pub data: Vec<T>,
    /// Where they stand.
    pub pagination: Pagination,
}

impl<T> From<Page<T>> for Paged<T> {
    fn from(page: Page<T>) -> Self {
        Self { data: page.items, pagination: page.pagination }
    }
}

/// `{"data": […], "pagination": {"limit": 20, "next": "…"}}`: a list that is read on from a cursor.
#[derive(Serialize, ToSchema)]
pub struct Stretched<T> {
    /// The entries.
    pub data: Vec<T>,
    /// How to go on.
    pub pagination: Onward,
}

/// Where a list goes on.
#[derive(Serialize, ToSchema)]
pub struct Onward {
    /// Entries to a stretch.
    pub limit: u32,
    /// Pass as `?cursor=` for what follows; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Stretched<T> {
    /// A stretch of at most `limit` entries.
    pub fn new(stretch: Stretch<T>, limit: u32) -> Self {
        Self { data: stretch.items, pagination: Onward { limit, next: stretch.next } }
    }
}

impl<T: Serialize> IntoResponse for Stretched<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl<T: Serialize> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// Only a sentence.
#[derive(Serialize, ToSchema)]
pub struct Message {
    /// A sentence for people, in English.
    pub message: &'static str,
}

impl IntoResponse for Message {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}
