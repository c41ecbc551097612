//! Compresses finished answers: the whole text is at hand, so it goes through the encoder in one call, with memory that the
//! thread keeps. What comes in pieces or is very long is left to `tower-http`'s layer around this one ([`streamed`]); files of
//! the client were compressed when they were built.
//!
//! **Secrets and length.** Who can make a browser ask for pages with guessed text in the address, and can watch how long the
//! encrypted answers are, learns whether the guess stands elsewhere on the page too (BREACH). Our pages hold no secret that
//! outlives them: nonces are new each time, tokens live in cookies that are never written into a page, and forms carry no
//! token because the `Origin` is checked instead. What remains is private text, such as an address on the account's page. So a
//! request that carries a session and was begun by another site ([`is_led_here`]) is answered uncompressed.

use aivalid_app::session;
use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{cell::RefCell, io, sync::Arc};
use tower_http::compression::{
    CompressionLayer,
    predicate::{DefaultPredicate, Predicate},
};

/// Shorter answers fit into one packet either way, in bytes.
const LEAST: u64 = 1024;
/// Longer answers would hold their thread for milliseconds, in bytes.
const MOST: u64 = 256 * 1024;
/// Zstandard's level: a third of the time of brotli's quality 3 for the same size.
const ZSTD: i32 = 3;
/// Brotli's quality, and its window as a power of two: larger windows only cost the time to clear them.
const BROTLI: (i32, i32) = (3, 18);
/// Gzip's level.
const GZIP: u32 = 3;

/// Marks an answer that no layer may compress.
#[derive(Clone, Copy)]
struct Whole;

/// A way to compress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Brotli,
    Zstd,
}

impl Coding {
    /// The one to choose last among equals comes first.
    const ALL: [Self; 3] = [Self::Gzip, Self::Brotli, Self::Zstd];

    /// Its name in headers (RFC 9110, 8.4.1; RFC 7932; RFC 8878).
    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// What the client weighs highest among those that we know, and of equals the one that is best for us.
    fn chosen(headers: &HeaderMap) -> Option<Self> {
        let lines = || headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        let entries = || lines().flat_map(|line| line.split(','));
        let weighed = Self::ALL.into_iter().filter_map(|coding| {
            let weight = entries().find_map(|entry| weight(entry, coding.name()))?;
            (weight > 0).then_some((weight, coding))
        });
        weighed.max_by_key(|(weight, _)| *weight).map(|(_, coding)| coding)
    }

    fn encode(self, text: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Zstd => ENCODER.with_borrow_mut(|encoder| {
                if encoder.is_none() {
                    *encoder = Some(zstd::bulk::Compressor::new(ZSTD)?);
                }
                encoder.as_mut().map_or_else(|| Ok(Vec::new()), |encoder| encoder.compress(text))
            }),
            Self::Brotli => {
                let (quality, lgwin) = BROTLI;
                let settings = brotli::enc::BrotliEncoderParams { quality, lgwin, size_hint: text.len(), ..Default::default() };
                let mut out = Vec::with_capacity(text.len() / 3);
                brotli::BrotliCompress(&mut &*text, &mut out, &settings)?;
                Ok(out)
            }
            Self::Gzip => {
                use io::Write;
                let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(text.len() / 3), flate2::Compression::new(GZIP));
                encoder.write_all(text)?;
                encoder.finish()
            }
        }
    }
}

thread_local! {
    /// Its tables take half a megabyte, which is not asked for again each time.
    static ENCODER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// The weight of an entry of `Accept-Encoding` in thousandths, when it names this coding.
fn weight(entry: &str, name: &str) -> Option<u32> {
    let mut parts = entry.split(';').map(str::trim);
    if !parts.next()?.eq_ignore_ascii_case(name) {
        return None;
    }
    let given = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    // A weight that can't be read is a refusal: plain text is always understood.
    Some(given.map_or(1000, |text| thousandths(text).unwrap_or(0)))
}

/// A weight of at most three places (RFC 9110, 12.4.2) in thousandths; more than 1 counts as 1.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let whole: u32 = whole.parse().ok()?;
    let digits = places.len() <= 3 && places.bytes().all(|b| b.is_ascii_digit());
    let places: u32 = format!("{places:0<3}").parse().ok().filter(|_| digits)?;
    Some((whole.min(1) * 1000 + places).min(1000))
}

/// The layer; its state is the public origin.
pub async fn layer(State(origin): State<Arc<str>>, request: Request, next: Next) -> Response {
    let coding = Coding::chosen(request.headers());
    let led_here = is_led_here(&origin, request.headers());
    let mut response = next.run(request).await;
    if !is_text(response.headers()) || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if led_here {
        response.extensions_mut().insert(Whole);
        return response;
    }
    match (coding, response.body().size_hint().exact()) {
        (Some(coding), Some(LEAST..=MOST)) => compressed(response, coding).await,
        _ => response,
    }
}

async fn compressed(response: Response, coding: Coding) -> Response {
    let (mut parts, body) = response.into_parts();
    // The body was made here and has a known length: reading it neither waits nor fails.
    let Ok(text) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let Ok(short) = coding.encode(&text) else { return Response::from_parts(parts, Body::from(text)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::ACCEPT_RANGES);
    Response::from_parts(parts, Body::from(short))
}

/// Whether the body is of a kind that gets shorter.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind != "text/event-stream" && (kind.starts_with("text/") || ["json", "xml", "javascript"].iter().any(|ending| kind.ends_with(ending)))
}

/// Whether another site sent someone here who has a session. Browsers say where a request was begun (Fetch Metadata).
fn is_led_here(origin: &str, headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(site, Some(b"cross-site" | b"same-site"))
        && (session::access_token(origin, headers).is_some() || session::refresh_token(origin, headers).is_some())
}

/// The layer for what [`layer`] leaves: answers in pieces and long ones.
pub fn streamed() -> CompressionLayer<impl Predicate> {
    let free = |_: StatusCode, _: Version, _: &HeaderMap, marks: &Extensions| marks.get::<Whole>().is_none();
    CompressionLayer::new().quality(tower_http::CompressionLevel::Precise(4)).compress_when(DefaultPredicate::new().and(Long).and(free))
}

/// Answers that are longer than what is compressed in one go, or whose length nobody knows yet.
#[derive(Clone, Copy)]
struct Long;

impl Predicate for Long {
    fn should_compress<B: HttpBody>(&self, response: &Response<B>) -> bool {
        response.body().size_hint().exact().is_none_or(|length| length > MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Option<Coding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap());
        Coding::chosen(&headers)
    }

    #[test]
    fn the_best_coding_that_is_wanted_is_chosen() {
        assert_eq!(asked("gzip, deflate, br, zstd"), Some(Coding::Zstd));
        assert_eq!(asked("gzip, deflate, br"), Some(Coding::Brotli));
        assert_eq!(asked("GZip"), Some(Coding::Gzip));
        assert_eq!(asked("br;q=0.5, gzip;q=0.8, zstd;q=0"), Some(Coding::Gzip));
        assert_eq!(asked("br ; q=1.0 , zstd;q=nonsense"), Some(Coding::Brotli));
        for none in ["", "identity", "deflate", "bread", "zstd;q=0.0", "*"] {
            assert_eq!(asked(none), None, "{none:?}");
        }
        assert_eq!(Coding::chosen(&HeaderMap::new()), None);
    }

    #[test]
    fn texts_are_told_from_what_is_compressed_already() {
        let kind = |kind: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            is_text(&headers)
        };
        for text in ["text/html; charset=utf-8", "application/json", "application/atom+xml; charset=utf-8", "image/svg+xml", "text/plain"] {
            assert!(kind(text), "{text}");
        }
        for other in ["image/png", "application/wasm", "application/pdf", "text/event-stream", "font/woff2"] {
            assert!(!kind(other), "{other}");
        }
    }

    #[test]
    fn only_sessions_that_another_site_leads_here_are_left_whole() {
        let led = |site: Option<&'static str>, cookie: &'static str| {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            is_led_here("http://localhost:3000", &headers)
        };
        assert!(led(Some("cross-site"), "aivalid_access=a") && led(Some("same-site"), "aivalid_refresh=r"));
        assert!(!led(Some("same-origin"), "aivalid_access=a") && !led(Some("none"), "aivalid_access=a"));
        assert!(!led(Some("cross-site"), "lang=en") && !led(None, "aivalid_access=a"));
    }
}
