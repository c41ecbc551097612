//! What is particular to addresses that take files: a larger body, and more time to send it.

use aivalid_app::form::UPLOAD_BODY;
use axum::extract::DefaultBodyLimit;
use std::time::Duration;

/// How long sending files may take: 25 MiB over a slow mobile line.
pub const PATIENCE: Duration = Duration::from_mins(5);

/// Every address that takes files.
const PATHS: [&str; 4] = ["/account/avatar", "/account/kyc", "/api/account/avatar", "/api/v1/auth/kyc/documents"];

/// Whether files are sent to this address.
pub fn takes_files(path: &str) -> bool {
    PATHS.contains(&path)
}

/// The limit for their bodies.
pub fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(UPLOAD_BODY)
}
