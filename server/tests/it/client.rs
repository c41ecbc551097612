//! Clients: programs with a bearer token, and browsers with cookies. What holds for every answer is checked at every answer.

use crate::harness::{PASSWORD, email_of};
use aivalid_model::{
    id::SessionId,
    identity::{Method as Factor, Methods},
};
use aivalid_service::{Service, store::NewlyShown};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header, request::Builder},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};
use tower::ServiceExt;

/// Every icon that a page may show.
const SPRITE: &str = include_str!("../../../public/icons.svg");

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// Kept as long as somebody asks for what is in it.
    #[expect(dead_code, reason = "held, not read")]
    folder: Arc<tempfile::TempDir>,
    origin: String,
    number: u32,
    pub ip: IpAddr,
    pub id: i64,
    pub name: String,
    pub token: Option<String>,
    pub refresh_token: String,
    pub session: i64,
    pub cookies: Option<Arc<Mutex<BTreeMap<String, String>>>>,
    /// Where the sessions of this person are made out to rest on two factors: the staff's, for whom that is the rule.
    pub two_factors: Option<Service>,
}

impl Client {
    pub fn new(router: Router, folder: Arc<tempfile::TempDir>, origin: &str, number: u32) -> Self {
        let ip = IpAddr::V4(Ipv4Addr::from_bits(u32::from(Ipv4Addr::new(203, 0, 113, 0)) + number));
        let (origin, name, refresh_token) = (origin.to_owned(), String::new(), String::new());
        Self { router, folder, origin, number, ip, id: 0, name, token: None, refresh_token, session: 0, cookies: None, two_factors: None }
    }

    /// A number that no other client of this world has.
    pub fn number(&self) -> u32 {
        self.number
    }

    #[must_use]
    pub fn with_cookies(mut self) -> Self {
        self.cookies = Some(Arc::default());
        self
    }

    /// The same address with this token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same address as a guest.
    pub fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// The same address as a program.
    pub fn without_cookies(&self) -> Self {
        Self { cookies: None, ..self.clone() }
    }

    /// A cookie of the jar.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.as_ref()?.lock().unwrap().get(name).cloned()
    }

    /// Puts a cookie into the jar.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.as_ref().unwrap().lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Signs in under [`Client::name`]: a program keeps the tokens, a browser its cookies.
    pub async fn sign_in(&mut self) {
        let answer = self.post("/api/auth/login", json!({"email": email_of(&self.name), "password": PASSWORD})).await;
        let body = answer.ok(200);
        let token = |name: &str| {
            let of_cookie = || self.cookie(&format!("aivalid_{name}")).or_else(|| self.cookie(&format!("__Host-aivalid_{name}")));
            body[format!("{name}_token")].as_str().map(str::to_owned).or_else(of_cookie).unwrap()
        };
        let (access, refresh) = (token("access"), token("refresh"));
        self.session = claims(&access)["session_id"].as_i64().unwrap();
        self.refresh_token = refresh;
        if self.cookies.is_none() {
            self.token = Some(access);
        }
        self.as_with_two_factors().await;
    }

    /// Makes the session out to rest on two factors where that is the rule for this person. What really gives it two is tested in
    /// `staff`.
    pub async fn as_with_two_factors(&self) {
        let Some(service) = &self.two_factors else { return };
        let (stores, session) = (service.stores(), SessionId(self.session));
        let found = stores.sessions.session_get(session).await.unwrap().unwrap();
        let two = Methods::of(Factor::Password).and(Factor::Totp);
        let shown = NewlyShown { methods: two, elevated_by: two, elevate: false, now: found.authenticated_at };
        assert!(stores.sessions.session_authenticated(session, &shown).await.unwrap());
        stores.session_cache.session_forget(session).await.unwrap();
    }

    /// The same person signed in with the password and nothing else.
    pub async fn with_one_factor(&self) -> Self {
        Self { two_factors: None, ..self.clone() }.again().await
    }

    /// The same person's browser, signed in.
    pub async fn in_browser(&self) -> Self {
        let mut browser = Self { token: None, ..self.clone() }.with_cookies();
        browser.sign_in().await;
        browser
    }

    /// Proves once more who they are.
    pub async fn elevate(&self) {
        self.post("/api/auth/sudo", json!({ "password": PASSWORD })).await.ok(200);
        self.as_with_two_factors().await;
    }

    /// The same person signed in once more.
    pub async fn again(&self) -> Self {
        let mut other = Self { token: None, ..self.clone() };
        other.sign_in().await;
        other
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        let mut builder = Request::builder().method(&method).uri(path);
        if let Some(token) = &self.token {
            builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let is_write = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(&method);
        let origin = (self.cookies.is_some() && is_write).then(|| self.origin.clone());
        Ask { client: self, builder, origin, body: vec![] }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path).json(&body).send().await
    }

    /// Posts a form of these fields, as a browser does.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", aivalid_app::paths::query_value(value)));
        self.ask(Method::POST, path).form(&pairs.collect::<Vec<_>>().join("&")).send().await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path).json(&body).send().await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path).send().await
    }

    /// Posts and gives the new thing's id.
    pub async fn create(&self, path: &str, body: Value) -> i64 {
        self.post(path, body).await.ok(201)["data"]["id"].as_i64().unwrap()
    }
}

/// A request in the making.
pub struct Ask<'c> {
    client: &'c Client,
    builder: Builder,
    origin: Option<String>,
    body: Vec<u8>,
}

impl Ask<'_> {
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.builder = self.builder.header(HeaderName::try_from(name).unwrap(), value);
        self
    }

    /// What a browser says where the request comes from; `None`: nothing.
    #[must_use]
    pub fn origin(mut self, origin: Option<&str>) -> Self {
        self.origin = origin.map(str::to_owned);
        self
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.typed("application/json", serde_json::to_vec(body).unwrap())
    }

    #[must_use]
    pub fn form(self, body: &str) -> Self {
        self.typed("application/x-www-form-urlencoded", body)
    }

    #[must_use]
    pub fn typed(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", content_type).body(body)
    }

    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub async fn send(self) -> Answer {
        let answer = self.send_anyway().await;
        assert!(answer.status < 500, "{answer:?}");
        answer
    }

    /// Also where it is right that the server can't answer.
    pub async fn send_anyway(self) -> Answer {
        let mut builder = self.builder;
        if let Some(origin) = &self.origin {
            builder = builder.header(header::ORIGIN, origin);
        }
        let jar = self.client.cookies.as_ref();
        if let Some(jar) = jar {
            let line: Vec<String> = jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
            if !line.is_empty() {
                builder = builder.header(header::COOKIE, line.join("; "));
            }
        }
        let length = self.body.len();
        let mut request = builder.header(header::CONTENT_LENGTH, length).body(Body::from(self.body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.client.ip, 40_000)));
        let what = format!("{} {}", request.method(), request.uri());
        let response = self.client.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let answer = Answer { what, status: parts.status.as_u16(), headers: parts.headers, body };
        if let Some(jar) = jar {
            keep_cookies(&mut jar.lock().unwrap(), &answer);
        }
        answer.check_always();
        answer
    }
}

fn keep_cookies(jar: &mut BTreeMap<String, String>, answer: &Answer) {
    for cookie in answer.set_cookies() {
        let (pair, attributes) = cookie.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// What came back.
pub struct Answer {
    what: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(2_000).collect();
        write!(f, "{} answered {}: {body}", self.what, self.status)
    }
}

impl Answer {
    /// What holds for every answer (spec section 3).
    fn check_always(&self) {
        let has = |name: &str| self.headers.contains_key(name);
        for name in [
            "x-request-id",
            "x-response-time",
            "content-security-policy",
            "x-content-type-options",
            "x-frame-options",
            "x-xss-protection",
            "referrer-policy",
            "permissions-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
        ] {
            assert!(has(name), "no {name}: {self:?}");
        }
        if self.status == 429 {
            assert!(
                has("retry-after") && has("ratelimit-limit") && self.header("ratelimit-remaining") == "0",
                "{:?} {self:?}",
                self.headers
            );
        }
        if self.header("content-type").starts_with("text/html") && !has("content-encoding") {
            for rest in self.text().split("#i-").skip(1) {
                let name = rest.split('"').next().unwrap();
                assert!(SPRITE.contains(&format!("id=\"i-{name}\"")), "no icon {name}: {self:?}");
            }
        }
        if self.is_json() && self.status >= 400 {
            let body = self.json();
            if body.get("data").is_none() {
                assert!(body["error"].as_str().is_some_and(|text| !text.is_empty()) && body["code"].is_string(), "{self:?}");
            }
        }
    }

    pub fn is_json(&self) -> bool {
        self.headers.get("content-type").is_some_and(|kind| kind == "application/json")
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn set_cookies(&self) -> Vec<String> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    /// The body, when the status is this.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        self.json()
    }

    /// The error's details, when status and code are these.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        assert!(self.is_json(), "{self:?}");
        let body = self.json();
        assert_eq!((self.status, body["code"].as_str().unwrap()), (status, code), "{self:?}");
        body["details"].clone()
    }

    /// `field: problem` of each bad field, in order.
    #[track_caller]
    pub fn bad_fields(&self) -> Vec<String> {
        let details = self.refused(400, "VALIDATION");
        let fields = details["fields"].as_array().unwrap();
        fields.iter().map(|bad| format!("{}: {}", bad["field"].as_str().unwrap(), bad["code"].as_str().unwrap())).collect()
    }

    /// An HTML page with this status and a title.
    #[track_caller]
    pub fn page(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8", "{self:?}");
        let title = self.text().split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map(|(title, _)| title.trim());
        assert!(title.is_some_and(|title| title.len() > 3), "{self:?}");
        self.text()
    }
}

/// What a token says, unverified.
pub fn claims(token: &str) -> Value {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}
