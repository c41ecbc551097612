//! Everything that can go wrong, with a stable code, a status and an English sentence.
//!
//! One enum for each domain, gathered in [`Error`]. A code never changes its meaning; docs/ERRORS.md lists them all.

use crate::{admin::AdminError, cases::CaseError, check::FieldError, community::CommunityError, identity::IdentityError, kyc::KycError};
use serde::{Deserialize, Serialize};

/// What services and the JSON API return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Anything that can go wrong in a use case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// Fields of the input are wrong; all of them are named.
    #[error("Some fields are not valid.")]
    Validation {
        /// Each bad field.
        fields: Vec<FieldError>,
    },
    /// The request can't be read at all: not JSON, not UTF-8, a malformed parameter.
    #[error("The request could not be read: {reason}.")]
    BadRequest {
        /// Why, in words for a developer.
        reason: String,
    },
    /// Nobody is signed in, or the credentials are not valid (any more).
    #[error("Please sign in.")]
    Unauthenticated,
    /// Signed in, but without the right to do this.
    #[error("You may not do this.")]
    Forbidden,
    /// A write with cookies that does not come from our own pages.
    #[error("This request did not come from this site's own pages.")]
    Csrf,
    /// There is no such thing, or none that the caller may see.
    #[error("Not found.")]
    NotFound,
    /// The address exists, but not with this method.
    #[error("This address does not take this method.")]
    MethodNotAllowed,
    /// The body is larger than allowed.
    #[error("The request is too large.")]
    TooLarge,
    /// The body is not of a type this address takes.
    #[error("The request's content type is not supported here.")]
    UnsupportedMediaType,
    /// The client or we took too long.
    #[error("The request took too long.")]
    TimedOut,
    /// Too many requests.
    #[error("Too many requests. Please wait a little.")]
    RateLimited {
        /// Seconds until it is worth trying again.
        retry_after: u64,
        /// Requests allowed in a window.
        limit: u32,
        /// The window in seconds.
        window: u64,
    },
    /// The key was used for another request.
    #[error("This Idempotency-Key was used for another request.")]
    IdempotencyMismatch,
    /// The first request with this key is still running.
    #[error("A request with this Idempotency-Key is still running.")]
    IdempotencyInProgress,
    /// A dependency is not reachable or has too much to do.
    #[error("The service is busy. Please try again in a moment.")]
    Unavailable {
        /// Seconds until it is worth trying again.
        retry_after: u64,
    },
    /// A defect or failure of ours. The cause is in the log under the request id.
    #[error("Something went wrong on our side.")]
    Internal,
    /// See [`IdentityError`].
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// See [`AdminError`].
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// See [`CommunityError`].
    #[error(transparent)]
    Community(#[from] CommunityError),
    /// See [`CaseError`].
    #[error(transparent)]
    Case(#[from] CaseError),
    /// See [`KycError`].
    #[error(transparent)]
    Kyc(#[from] KycError),
}

impl Error {
    /// A request that can't be read.
    pub fn bad_request(reason: impl Into<String>) -> Self {
        Self::BadRequest { reason: reason.into() }
    }

    /// One bad field.
    pub fn field(field: &str, problem: crate::check::Problem) -> Self {
        Self::Validation { fields: vec![FieldError { field: field.to_owned(), problem }] }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Validation { .. } => "VALIDATION",
            Self::BadRequest { .. } => "BAD_REQUEST",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Csrf => "CSRF",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::TooLarge => "TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::TimedOut => "TIMED_OUT",
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::IdempotencyMismatch => "IDEMPOTENCY_MISMATCH",
            Self::IdempotencyInProgress => "IDEMPOTENCY_IN_PROGRESS",
            Self::Unavailable { .. } => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
            Self::Identity(error) => error.code(),
            Self::Admin(error) => error.code(),
            Self::Community(error) => error.code(),
            Self::Case(error) => error.code(),
            Self::Kyc(error) => error.code(),
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Validation { .. } | Self::BadRequest { .. } => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden | Self::Csrf => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TimedOut => 408,
            Self::IdempotencyMismatch | Self::IdempotencyInProgress => 409,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::RateLimited { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable { .. } => 503,
            Self::Identity(error) => error.status(),
            Self::Admin(error) => error.status(),
            Self::Community(error) => error.status(),
            Self::Case(error) => error.status(),
            Self::Kyc(error) => error.status(),
        }
    }

    /// What a program needs to know besides the code; `Null` when there is nothing more.
    pub fn details(&self) -> serde_json::Value {
        match self {
            Self::Validation { fields } => serde_json::json!({ "fields": fields }),
            Self::RateLimited { retry_after, limit, window } => {
                serde_json::json!({ "retryAfter": retry_after, "limit": limit, "window": window })
            }
            Self::Unavailable { retry_after } => serde_json::json!({ "retryAfter": retry_after }),
            Self::Case(CaseError::InvalidTransition { status, allowed }) => serde_json::json!({ "status": status, "allowed": allowed }),
            Self::Kyc(error) => error.details(),
            // Where a key is set up: the page, and the endpoint for the caller's own id.
            Self::Identity(IdentityError::PqcKeyRequired) => {
                serde_json::json!({ "page": "/account/pqc", "endpoint": "POST /api/v1/users/{userId}/pqc-keys" })
            }
            _ => serde_json::Value::Null,
        }
    }

    /// One of each, for the generated list of codes.
    pub fn catalogue() -> Vec<Self> {
        let mut all = vec![
            Self::Validation { fields: vec![] },
            Self::bad_request("…"),
            Self::Unauthenticated,
            Self::Forbidden,
            Self::Csrf,
            Self::NotFound,
            Self::MethodNotAllowed,
            Self::TooLarge,
            Self::UnsupportedMediaType,
            Self::TimedOut,
            Self::RateLimited { retry_after: 0, limit: 0, window: 0 },
            Self::IdempotencyMismatch,
            Self::IdempotencyInProgress,
            Self::Unavailable { retry_after: 0 },
            Self::Internal,
        ];
        all.extend(IdentityError::ALL.map(Self::Identity));
        all.extend(AdminError::ALL.map(Self::Admin));
        all.extend(CommunityError::ALL.map(Self::Community));
        all.extend(CaseError::catalogue().map(Self::Case));
        all.extend(KycError::catalogue().map(Self::Kyc));
        all
    }
}

/// A domain's error enum: variant, code, status and English sentence in one table.
macro_rules! domain_errors {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $status:literal, $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
        pub enum $name { $($(#[$vdoc])* #[error($text)] $variant,)+ }

        impl $name {
            /// Every one, for the generated list of codes.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];

            /// The stable code.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status.
            pub const fn status(&self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }
        }
    };
}
pub(crate) use domain_errors;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_statuses_are_errors() {
        let all = Error::catalogue();
        let mut codes: Vec<_> = all.iter().map(Error::code).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count, "two errors share a code");
        assert!(all.iter().all(|error| (400..=599).contains(&error.status())));
    }

    #[test]
    fn errors_cross_the_wire() {
        for error in Error::catalogue() {
            let json = serde_json::to_string(&error).unwrap();
            assert_eq!(serde_json::from_str::<Error>(&json).unwrap(), error);
        }
    }
}
