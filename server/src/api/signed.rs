//! Requests that must be signed with one of the caller's keys (ML-DSA-65).
//!
//! A handler that takes [`SignedJson`] can only be reached by such a request; it passes the proof on to a use case, which asks for one.
//! To make an endpoint need a signature: `SignedJson` in place of `Checked`, `Signed` among the use case's arguments, and
//! [`SignatureHeaders`] in its description.

use super::{body, error::ApiError, extract};
use aivalid_app::context::Ctx;
use aivalid_model::{Error, check::CheckAll, identity::IdentityError};
use aivalid_service::{
    identity::{SignableRequest, Signed},
    pqc::{self, Headers},
};
use axum::{
    extract::{FromRequest, OriginalUri, Request},
    http::{HeaderMap, Method, Uri},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

/// The headers of a signed request, for its description.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes headers that are read by name; none is ever made")]
pub struct SignatureHeaders {
    /// The key: 64 lower-case hexadecimal digits.
    #[param(rename = "X-PQC-Key-Id")]
    key_id: String,
    /// When the request was signed: seconds since 1970-01-01 UTC, at most five minutes from now.
    #[param(rename = "X-PQC-Timestamp")]
    timestamp: u64,
    /// The ML-DSA-65 signature with the context `aivalid/v1` over method, path with query, timestamp, idempotency key and the
    /// hexadecimal SHA-256 of the body, separated by line feeds: 3,309 bytes as base64.
    #[param(rename = "X-PQC-Signature")]
    signature: String,
}

/// A JSON request of somebody who is signed in, whole, so that what is verified is what is read afterwards.
pub struct Whole {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if request.extensions().get::<Ctx>().is_none_or(|ctx| ctx.caller.user.is_none()) {
            return Err(Error::Unauthenticated.into());
        }
        let uri = request.extensions().get::<OriginalUri>().map_or_else(|| request.uri().clone(), |original| original.0.clone());
        let (method, headers) = (request.method().clone(), request.headers().clone());
        let body = extract::json_bytes(request, state).await?;
        Ok(Self { method, uri, headers, body })
    }
}

/// A header that stands twice or is no text.
struct Unclear;

impl Whole {
    /// For the service to judge. A header that stands twice is refused: nobody could say which one counts.
    pub fn signable(&self) -> Result<SignableRequest<'_>, Error> {
        let header = |name| self.header(name).map_err(|Unclear| Error::from(IdentityError::PqcSignatureMalformed));
        let headers = Headers { key_id: header(pqc::KEY_ID)?, timestamp: header(pqc::TIMESTAMP)?, signature: header(pqc::SIGNATURE)? };
        let idempotency_key =
            self.header(pqc::IDEMPOTENCY_KEY).map_err(|Unclear| Error::bad_request("Idempotency-Key must stand once, in visible ASCII"))?;
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(SignableRequest { method: self.method.as_str(), path, idempotency_key, headers, body: &self.body })
    }

    /// A header's text, if it is there.
    fn header(&self, name: &str) -> Result<Option<&str>, Unclear> {
        let mut all = self.headers.get_all(name).iter();
        match (all.next(), all.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value.to_str().map(Some).map_err(|_| Unclear),
            (Some(_), Some(_)) => Err(Unclear),
        }
    }

    /// The body, checked.
    pub fn json<T: CheckAll + DeserializeOwned>(&self) -> Result<T::Checked, Error> {
        body::read::<T>(extract::utf8(&self.body)?)
    }
}

/// A JSON body, checked, of a request that the caller signed. The signature is judged before the body is read, over the same bytes; it
/// is used up even where the body turns out to be wrong.
pub struct SignedJson<T: CheckAll>(pub Signed, pub T::Checked);

impl<S: Send + Sync, T: CheckAll + DeserializeOwned> FromRequest<S> for SignedJson<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let ctx = request.extensions().get::<Ctx>().cloned().ok_or(Error::Internal)?;
        let whole = Whole::from_request(request, state).await?;
        let signed = ctx.service.signed(&ctx.caller, &whole.signable()?).await?;
        Ok(Self(signed, whole.json::<T>()?))
    }
}
