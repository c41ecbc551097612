//! Requests that are signed with a post-quantum key: ML-DSA-65 (FIPS 204).
//!
//! [`Request`] is what is signed, [`Headers`] and [`Claim`] are how a signature travels, [`PublicKey`] verifies it, and
//! `SigningKey` (feature `sign`) makes it. Nothing here reads a clock, draws a random number or talks to anybody, so that server,
//! browser and tests share one definition of every byte.
//!
//! # What is signed
//!
//! ```text
//! METHOD \n PATH \n TIMESTAMP \n IDEMPOTENCY-KEY \n hex(SHA-256(body))
//! ```
//!
//! with the context `aivalid/v1`, a line feed between the parts and none at the end.
//!
//! * `METHOD`: in capitals, as it is sent.
//! * `PATH`: path **and query**, byte for byte as they stand in the request, percent-encoding included; the `?` only where there is
//!   a query. What a query says can decide what is done, so it is signed. Host and scheme are not: a key is registered with one
//!   installation, and its signatures mean nothing to another.
//! * `TIMESTAMP`: seconds since 1970-01-01 UTC, as decimal digits without leading zeros: the text of `X-PQC-Timestamp`.
//! * `IDEMPOTENCY-KEY`: the text of the `Idempotency-Key` header, 8 to 128 visible ASCII characters; an empty line where a request
//!   has none.
//! * `hex(SHA-256(body))`: 64 lower-case digits over the body's bytes as they are sent; of no bytes where there is no body.
//!
//! No part can hold a line feed, so no two requests have the same text.

mod headers;
mod key;
mod request;
#[cfg(feature = "sign")]
mod signing;

pub use headers::{Claim, Headers, KEY_ID, Malformed, SIGNATURE, TIMESTAMP};
pub use key::{KeyId, PUBLIC_KEY_BYTES, PublicKey, SIGNATURE_BYTES, Signature};
pub use request::{CONTEXT, IDEMPOTENCY_KEY, Request, SignedAt, Unsignable};
#[cfg(feature = "sign")]
pub use signing::{SEED_BYTES, SigningKey};
