//! What happens to every request, from the outside in: id, time and security headers ([`envelope`]); who asks, limits and
//! forgery checks ([`caller`]); answers kept for repeated requests ([`idempotency`]); calls from other origins ([`cors`]).

pub mod caller;
pub mod cors;
pub mod envelope;
pub mod idempotency;
