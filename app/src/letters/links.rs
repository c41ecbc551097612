//! Where letters lead.

/// Confirms an address.
pub(super) fn verify(origin: &str, token: &str) -> String {
    format!("{origin}/verify?token={}", safe(token))
}

/// Chooses a new password.
pub(super) fn reset_password(origin: &str, token: &str) -> String {
    format!("{origin}/reset?token={}", safe(token))
}

/// Asks for a link that chooses a new password.
pub(super) fn forgot_password(origin: &str) -> String {
    format!("{origin}/forgot")
}

/// Makes this the account's address.
pub(super) fn confirm_email(origin: &str, token: &str) -> String {
    format!("{origin}/verify?token={}", safe(token))
}

/// "This wasn't me".
pub(super) fn not_me(origin: &str, token: &str) -> String {
    format!("{origin}/not-me?token={}", safe(token))
}

/// Stops a request to recover the account.
pub(super) fn stop_recovery(origin: &str, token: &str) -> String {
    format!("{origin}/recovery/stop?token={}", safe(token))
}

/// Finishes one.
pub(super) fn finish_recovery(origin: &str, token: &str) -> String {
    format!("{origin}/recovery/finish?token={}", safe(token))
}

/// Signing in.
pub(super) fn login(origin: &str) -> String {
    format!("{origin}/login")
}

/// One's sessions.
pub(super) fn sessions(origin: &str) -> String {
    format!("{origin}/account/sessions")
}

/// One's API tokens.
pub(super) fn api_tokens(origin: &str) -> String {
    format!("{origin}/account/tokens")
}

/// One's identity check.
pub(super) fn kyc(origin: &str) -> String {
    format!("{origin}/account/kyc")
}

/// Tokens are made of these characters; whatever else came in would change the address.
fn safe(token: &str) -> String {
    token.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect()
}
