//! What every page needs to know of its request.

use aivalid_model::{
    Lang, Timestamp,
    identity::{Theme, TimeZone},
};
use aivalid_service::{Caller, Service};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, request::Parts},
};
use std::sync::Arc;

/// Everything a page needs of its request; made once by the server's middleware and kept in the request's extensions.
#[derive(Clone)]
pub struct Ctx(Arc<CtxData>);

/// See [`Ctx`].
pub struct CtxData {
    /// The use cases.
    pub service: Service,
    /// Who asks.
    pub caller: Caller,
    /// Whether a page of ours asks, and not a program or another site.
    pub own_page: bool,
    /// This response's nonce for scripts (CSP).
    pub nonce: String,
    /// The chosen theme.
    pub theme: Theme,
    /// Path and query, for links that lead back here.
    pub path: String,
    /// A message from the action that led here.
    pub flash: Option<Flash>,
    /// Whether an island sent the form: it goes by itself where a browser would be sent to.
    pub scripted: bool,
    /// Where the built client is.
    pub assets: Arc<Assets>,
    /// When the request came.
    pub now: Timestamp,
    /// Whether pages for developers exist (mailbox, components).
    pub development: bool,
    /// The mails of the outbox, in development.
    pub mailbox: Option<Arc<dyn Mailbox>>,
}

/// Mails that were not sent because no mail server is configured.
pub trait Mailbox: Send + Sync {
    /// The newest, newest first.
    fn list(&self) -> Vec<MailView>;
}

/// A mail as the development page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailView {
    /// When it was written.
    pub at: String,
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

impl Ctx {
    /// A context over these facts.
    pub fn new(data: CtxData) -> Self {
        Self(Arc::new(data))
    }

    /// The language to write in.
    pub fn lang(&self) -> Lang {
        self.caller.lang
    }

    /// The time zone to show times in.
    pub fn zone(&self) -> TimeZone {
        self.caller.user.as_ref().map_or(TimeZone::WIB, |user| user.time_zone)
    }

    /// The public origin, without a final slash.
    pub fn origin(&self) -> &str {
        &self.service.settings().origin
    }
}

impl std::ops::Deref for Ctx {
    type Target = CtxData;
    fn deref(&self) -> &CtxData {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Ctx {
    type Rejection = StatusCode;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Addresses of the built client: hashed, so that they can be kept for ever.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The JavaScript that loads the WebAssembly.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// The icons.
    pub icons: String,
    /// The module of signing keys, where it is built.
    pub signing: Option<Signing>,
}

/// Addresses of the WebAssembly module that keeps signing keys: loaded by the pages that sign something, and by no others.
#[derive(Clone, Debug)]
pub struct Signing {
    /// The JavaScript that loads it.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
}

/// A message that survives one redirect: a key of the interface's words, never text of its own, so that a forged cookie
/// can only say what we could have said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash(String);

impl Flash {
    /// The cookie's name.
    pub const COOKIE: &'static str = "flash";

    /// The cookie that shows a message on the next page.
    pub fn cookie(key: &str) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("{}={key}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", Self::COOKIE)).ok()
    }

    /// The cookie that takes a shown message away.
    pub const fn spent() -> HeaderValue {
        HeaderValue::from_static("flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
    }

    /// The message of a cookie's value: `thread_published` and the like.
    pub fn of_cookie(value: &str) -> Option<Self> {
        let well_formed = (1..=40).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        well_formed.then(|| Self(value.to_owned()))
    }

    /// Whether it tells of more than that something was done.
    pub fn is_notice(&self) -> bool {
        matches!(self.0.as_str(), "signed_in_replaced" | "session_replaced" | "recovered_set_up") || self.0.starts_with("oauth_")
    }

    /// Whether it tells of a new way of signing in, or one that is gone: the moment to sign out wherever somebody else may sit.
    pub fn offers_ending_sessions(&self) -> bool {
        matches!(self.0.as_str(), "passkey_added" | "passkey_removed" | "email_changed")
    }

    /// The words; `None` for keys that nobody knows.
    pub fn words(&self, lang: Lang) -> Option<String> {
        let key = format!("flash.{}", self.0);
        let words = tr!(lang, key.as_str()).into_owned();
        (!words.contains("flash.")).then_some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_have_words() {
        for key in ["passkey_added", "passkey_removed", "email_changed"] {
            let flash = Flash::of_cookie(key).unwrap();
            assert!(flash.offers_ending_sessions() && Lang::ALL.iter().all(|lang| flash.words(*lang).is_some()), "{key}");
        }
        for key in ["signed_in_replaced", "session_replaced", "signed_in"] {
            let flash = Flash::of_cookie(key).unwrap();
            assert_eq!(flash.is_notice(), key != "signed_in");
            assert!(Lang::ALL.iter().all(|lang| flash.words(*lang).is_some()), "{key}");
        }
        assert_eq!(Flash::of_cookie("anything").unwrap().words(Lang::En), None);
    }
}
