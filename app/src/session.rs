//! Cookies: names, how they are set and read. The server's API and middleware use them too, so that pages and API agree.

use crate::context::Ctx;
use aivalid_model::identity::TokenPair;
use aivalid_service::identity::{BROWSER_LIFE, PENDING_LIFE, SECOND_STEP_LIFE, SESSION_COOKIE_LIFE};
use http::{HeaderMap, HeaderValue, header};

/// The chosen language.
pub const LANGUAGE: &str = "lang";
/// The chosen theme.
pub const THEME: &str = "theme";

/// Somebody does not want to be offered a passkey for now.
pub const PASSKEY_LATER: &str = "passkey_later";

const DEVICE: &str = "aivalid_device";
const ACCESS: &str = "aivalid_access";
const FEDERATED: &str = "aivalid_oauth";
const PENDING: &str = "aivalid_mfa";
const WAITING: &str = "aivalid_identity";
const OTP: &str = "aivalid_otp";
const REFRESH: &str = "aivalid_refresh";
const YEAR: u64 = 365 * 24 * 60 * 60;

/// On https names get a prefix with which browsers refuse cookies that are not ours alone.
fn named(origin: &str, name: &str) -> String {
    if origin.starts_with("https://") { format!("__Host-{name}") } else { name.to_owned() }
}

fn set(origin: &str, name: &str, value: &str, max_age: u64, http_only: bool) -> Option<HeaderValue> {
    let secure = if origin.starts_with("https://") { "; Secure" } else { "" };
    let hidden = if http_only { "; HttpOnly" } else { "" };
    HeaderValue::try_from(format!("{name}={value}; Path=/; Max-Age={max_age}; SameSite=Lax{hidden}{secure}")).ok()
}

/// Cookies that sign a browser in.
pub fn cookies(origin: &str, tokens: &TokenPair) -> Vec<HeaderValue> {
    let life = SESSION_COOKIE_LIFE.as_secs();
    // The access cookie outlives its token: a browser that comes back later shows that it had a session.
    [(ACCESS, &tokens.access), (REFRESH, &tokens.refresh)]
        .into_iter()
        .filter_map(|(name, token)| set(origin, &named(origin, name), token, life, true))
        .collect()
}

/// The cookie of a sign-in that waits for its second factor.
pub fn pending_cookie(origin: &str, token: &str) -> Option<HeaderValue> {
    set(origin, &named(origin, PENDING), token, SECOND_STEP_LIFE.as_secs(), true)
}

/// The token of a sign-in that waits for its second factor.
pub fn pending_sign_in(origin: &str, headers: &HeaderMap) -> Option<String> {
    cookie(headers, &named(origin, PENDING)).filter(|token| !token.is_empty()).map(str::to_owned)
}

/// Forgets a sign-in that waited.
pub fn pending_cleared(origin: &str) -> Option<HeaderValue> {
    set(origin, &named(origin, PENDING), "", 0, true)
}

/// The cookie by which a browser is known again that comes back from another service. `Lax` sends it along then, because that is a
/// navigation.
pub fn federated_cookie(origin: &str, browser: &str) -> Option<HeaderValue> {
    set(origin, &named(origin, FEDERATED), browser, BROWSER_LIFE.as_secs(), true)
}

/// The secret of a browser that may be on its way through another service.
pub fn federated_browser<'a>(origin: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, &named(origin, FEDERATED)).filter(|secret| !secret.is_empty())
}

/// The cookie of an identity elsewhere that belongs to no account yet.
pub fn waiting_cookie(origin: &str, token: &str) -> Option<HeaderValue> {
    set(origin, &named(origin, WAITING), token, PENDING_LIFE.as_secs(), true)
}

/// The token of an identity that waits.
pub fn waiting_identity(origin: &str, headers: &HeaderMap) -> Option<String> {
    cookie(headers, &named(origin, WAITING)).filter(|token| !token.is_empty()).map(str::to_owned)
}

/// It waits no longer.
pub fn waiting_cleared(origin: &str) -> Option<HeaderValue> {
    set(origin, &named(origin, WAITING), "", 0, true)
}

/// The cookie of a sign-in that waits for its code by SMS.
pub fn otp_cookie(origin: &str, token: &str) -> Option<HeaderValue> {
    set(origin, &named(origin, OTP), token, 30 * 60, true)
}

/// The token of a sign-in that waits for its code by SMS.
pub fn otp_pending(origin: &str, headers: &HeaderMap) -> Option<String> {
    cookie(headers, &named(origin, OTP)).filter(|token| !token.is_empty()).map(str::to_owned)
}

/// Forgets a sign-in that waited for its code.
pub fn otp_cleared(origin: &str) -> Option<HeaderValue> {
    set(origin, &named(origin, OTP), "", 0, true)
}

/// New cookies for a browser whose session was elevated: what somebody copied before leads nowhere (OWASP ASVS 7.2.4). None for
/// programs, whose refresh token is not here. Requests on their way with the old ones go on: their access token lives, and the refresh
/// token has the same successor for all. Where refreshing is refused for now the old cookies stay.
pub async fn renewed(ctx: &Ctx, headers: &HeaderMap) -> Vec<HeaderValue> {
    let by_cookie = !headers.contains_key(header::AUTHORIZATION);
    let Some(token) = refresh_token(ctx.origin(), headers).filter(|_| by_cookie) else { return vec![] };
    match ctx.service.refresh(&ctx.caller, &token).await {
        Ok(refreshed) => cookies(ctx.origin(), &refreshed.tokens),
        Err(_) => vec![],
    }
}

/// Cookies that sign a browser out.
pub fn cleared(origin: &str) -> Vec<HeaderValue> {
    [ACCESS, REFRESH].into_iter().filter_map(|name| set(origin, &named(origin, name), "", 0, true)).collect()
}

/// A cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

/// The access token of a browser.
pub fn access_token(origin: &str, headers: &HeaderMap) -> Option<String> {
    cookie(headers, &named(origin, ACCESS)).filter(|token| !token.is_empty()).map(str::to_owned)
}

/// The refresh token of a browser.
pub fn refresh_token(origin: &str, headers: &HeaderMap) -> Option<String> {
    cookie(headers, &named(origin, REFRESH)).filter(|token| !token.is_empty()).map(str::to_owned)
}

/// The cookie of the device's signed random id, kept for a year. Nobody but us can set it on https: whoever planted their own would
/// make their device a known one.
pub fn device_cookie(origin: &str, signed: &str) -> Option<HeaderValue> {
    set(origin, &named(origin, DEVICE), signed, YEAR, true)
}

/// The device's signed id.
pub fn device<'a>(origin: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, &named(origin, DEVICE))
}

/// Whether a request comes from a script or a form of our own pages. Browsers say so themselves, and no script can change it
/// (Fetch Metadata; older ones name the origin of every write).
pub fn is_of_own_page(origin: &str, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text("origin") == Some(origin),
    }
}

/// A choice that pages go by: language or theme.
pub fn preference_cookie(origin: &str, name: &str, value: &str) -> Option<HeaderValue> {
    set(origin, name, value, YEAR, true)
}

/// Offers no passkey in this browser for three months.
pub fn passkey_later(origin: &str) -> Option<HeaderValue> {
    set(origin, PASSKEY_LATER, "1", YEAR / 4, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_hidden_and_on_https_ours_alone() {
        let tokens = TokenPair { access: "a".into(), refresh: "r".into() };
        let all = cookies("https://a.example", &tokens);
        assert!(all.iter().all(|cookie| {
            let text = cookie.to_str().unwrap();
            text.starts_with("__Host-")
                && text.contains("HttpOnly")
                && text.contains("Secure")
                && text.contains("SameSite=Lax")
                && !text.contains("Domain")
        }));
        assert!(!cookies("http://localhost:3000", &tokens)[0].to_str().unwrap().contains("Secure"));
    }

    #[test]
    fn nobody_else_plants_a_device() {
        let origin = "https://a.example";
        let set = device_cookie(origin, "x").unwrap();
        assert!(set.to_str().unwrap().starts_with("__Host-aivalid_device=x; Path=/; "));
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("aivalid_device=planted"));
        assert_eq!(device(origin, &headers), None);
        assert_eq!(device("http://localhost:3000", &headers), Some("planted"));
        headers.insert(header::COOKIE, HeaderValue::from_static("aivalid_device=planted; __Host-aivalid_device=ours"));
        assert_eq!(device(origin, &headers), Some("ours"));
    }

    #[test]
    fn browsers_say_where_a_request_comes_from() {
        let of = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect();
            is_of_own_page("https://a.example", &headers)
        };
        assert!(of(&[("sec-fetch-site", "same-origin")]) && of(&[("origin", "https://a.example")]));
        assert!(!of(&[]) && !of(&[("origin", "https://b.example")]));
        assert!(!of(&[("sec-fetch-site", "same-site"), ("origin", "https://a.example")]), "the newer word counts");
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("xlang=no; lang=en; aivalid_access=tok; b=c=d"));
        assert_eq!(cookie(&headers, "lang"), Some("en"));
        assert_eq!(cookie(&headers, "b"), Some("c=d"));
        assert_eq!(access_token("http://x", &headers).as_deref(), Some("tok"));
        assert_eq!(access_token("https://x", &headers), None);
    }
}
