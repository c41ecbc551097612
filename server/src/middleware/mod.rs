//! What happens to every request, from the outside in: id, time and security headers ([`envelope`]); on the API calls
//! from other origins ([`cors`]); who asks, limits and forgery checks ([`caller`]); on the API answers kept for repeated
//! requests ([`idempotency`]). Answers leave compressed ([`compress`]).

pub mod caller;
pub mod compress;
pub mod cors;
pub mod envelope;
pub mod idempotency;
