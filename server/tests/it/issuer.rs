//! An issuer in this process that can be told to lie, and an imitation of GitHub.

use crate::harness::{BEGIN, ORIGIN, World};
use aivalid_model::Timestamp;
use axum::{
    Form, Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

pub const CLIENT: &str = "aivalid";
pub const SECRET: &str = "rahasia-klien-untuk-uji";

/// With what a token is signed.
#[derive(Clone, Copy)]
pub enum Sign {
    /// The issuer's key.
    Own,
    /// Somebody else's key.
    Other,
    /// The client's secret.
    Secret,
    /// Nothing.
    Nothing,
}

/// A token in the making.
pub struct Draft {
    pub header: Value,
    pub claims: Value,
    pub sign: Sign,
}

type Twist = Arc<dyn Fn(&mut Draft) + Send + Sync>;

/// A code that was given out.
struct Grant {
    claims: Value,
    challenge: String,
    redirect_uri: String,
}

struct Inner {
    url: String,
    now: i64,
    kid: u8,
    grants: HashMap<String, Grant>,
    twist: Twist,
    down: bool,
    promises_iss: bool,
    /// Discovery documents that were fetched.
    discovered: usize,
    /// What discovery says otherwise.
    discovery: Value,
    user_info: Option<Value>,
}

/// See the module.
#[derive(Clone)]
pub struct Issuer(Arc<Mutex<Inner>>);

impl Issuer {
    pub async fn start() -> Self {
        let (address, listener) = listen().await;
        let inner = Inner {
            url: address,
            now: BEGIN.secs(),
            kid: 1,
            grants: HashMap::new(),
            twist: Arc::new(|_| {}),
            down: false,
            promises_iss: false,
            discovered: 0,
            discovery: json!({}),
            user_info: None,
        };
        let issuer = Self(Arc::new(Mutex::new(inner)));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/me", get(user_info))
            .route("/elsewhere", get(|| async { Redirect::temporary("/jwks") }))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    /// An installation that lets people sign in with it, as `acme`.
    pub async fn world(&self) -> World {
        let url = self.url();
        World::with(&settings(&url)).await
    }

    pub fn url(&self) -> String {
        self.0.lock().unwrap().url.clone()
    }

    /// What time it is here.
    pub fn at(&self, now: Timestamp) {
        self.0.lock().unwrap().now = now.secs();
    }

    /// What becomes of every token from now on.
    pub fn twist(&self, twist: impl Fn(&mut Draft) + Send + Sync + 'static) {
        self.0.lock().unwrap().twist = Arc::new(twist);
    }

    pub fn set_down(&self, down: bool) {
        self.0.lock().unwrap().down = down;
    }

    pub fn promise_iss(&self) {
        self.0.lock().unwrap().promises_iss = true;
    }

    /// Signs with another key from now on.
    pub fn change_key(&self) {
        self.0.lock().unwrap().kid += 1;
    }

    pub fn discovered(&self) -> usize {
        self.0.lock().unwrap().discovered
    }

    /// Says something else of itself.
    pub fn say(&self, discovery: Value) {
        self.0.lock().unwrap().discovery = discovery;
    }

    pub fn set_user_info(&self, info: Value) {
        self.0.lock().unwrap().user_info = Some(info);
    }

    /// Somebody with these claims signed in here after our server sent them; the way back: our path with code and state.
    pub fn come_back(&self, location: &str, claims: Value) -> String {
        let param = |name: &str| crate::provider::query_of(location, name);
        assert!(location.starts_with(&format!("{}/authorize?", self.url())), "{location}");
        assert_eq!((param("response_type").as_str(), param("client_id").as_str()), ("code", CLIENT));
        assert_eq!(param("code_challenge_method"), "S256");
        assert!(param("scope").split(' ').any(|scope| scope == "openid"));
        let (state, nonce, redirect_uri) = (param("state"), param("nonce"), param("redirect_uri"));
        assert!(state.len() >= 43 && nonce.len() >= 43 && state != nonce);
        let mut claims = claims;
        claims["nonce"] = nonce.into();
        let mut inner = self.0.lock().unwrap();
        let code = format!("kode-{}", inner.grants.len());
        inner.grants.insert(code.clone(), Grant { claims, challenge: param("code_challenge"), redirect_uri: redirect_uri.clone() });
        format!("{}?code={code}&state={state}", redirect_uri.strip_prefix(ORIGIN).unwrap())
    }
}

/// The settings of an installation that lets people sign in with an issuer, as `acme`.
pub fn settings(url: &str) -> [(&str, &str); 5] {
    [
        ("OIDC_ISSUERS", "acme"),
        ("OIDC_ACME_ISSUER", url),
        ("OIDC_ACME_CLIENT_ID", CLIENT),
        ("OIDC_ACME_CLIENT_SECRET", SECRET),
        ("OIDC_ACME_LABEL", "Acme"),
    ]
}

async fn listen() -> (String, tokio::net::TcpListener) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

fn key(kid: u8) -> SigningKey {
    SigningKey::from_slice(&[kid; 32]).unwrap()
}

async fn discovery(State(issuer): State<Issuer>) -> Response {
    let mut inner = issuer.0.lock().unwrap();
    inner.discovered += 1;
    if inner.down {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let url = &inner.url;
    let mut document = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": inner.promises_iss,
    });
    if inner.user_info.is_some() {
        document["userinfo_endpoint"] = format!("{url}/me").into();
    }
    for (name, value) in inner.discovery.as_object().unwrap() {
        document[name] = value.clone();
    }
    Json(document).into_response()
}

async fn keys(State(issuer): State<Issuer>) -> Json<Value> {
    let kid = issuer.0.lock().unwrap().kid;
    let point = key(kid).verifying_key().to_sec1_point(false);
    let [x, y] = [point.x().unwrap(), point.y().unwrap()].map(|half| URL_SAFE_NO_PAD.encode(half));
    Json(json!({ "keys": [{ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid.to_string(), "x": x, "y": y }] }))
}

async fn user_info(State(issuer): State<Issuer>, headers: HeaderMap) -> Response {
    assert_eq!(headers["authorization"], "Bearer akses-untuk-uji");
    Json(issuer.0.lock().unwrap().user_info.clone().unwrap()).into_response()
}

async fn token(State(issuer): State<Issuer>, headers: HeaderMap, Form(form): Form<HashMap<String, String>>) -> Response {
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    assert_eq!(headers["authorization"], expected.as_str(), "the client proves who it is");
    assert_eq!(form["grant_type"], "authorization_code");
    let mut inner = issuer.0.lock().unwrap();
    let grant = inner.grants.remove(&form["code"]);
    let fits = |grant: &Grant| {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
        challenge == grant.challenge && form["redirect_uri"] == grant.redirect_uri
    };
    let Some(grant) = grant.filter(fits) else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    };
    let mut claims = grant.claims;
    for (name, value) in [
        ("iss", json!(inner.url)),
        ("aud", json!(CLIENT)),
        ("iat", json!(inner.now)),
        ("exp", json!(inner.now + 300)),
        ("at_hash", json!(URL_SAFE_NO_PAD.encode(&Sha256::digest("akses-untuk-uji")[..16]))),
    ] {
        claims[name] = value;
    }
    let mut draft = Draft { header: json!({ "alg": "ES256", "kid": inner.kid.to_string() }), claims, sign: Sign::Own };
    (inner.twist)(&mut draft);
    let id_token = signed(&draft, inner.kid);
    Json(json!({ "access_token": "akses-untuk-uji", "token_type": "Bearer", "expires_in": 60, "id_token": id_token })).into_response()
}

fn signed(draft: &Draft, kid: u8) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap());
    let text = format!("{}.{}", part(&draft.header), part(&draft.claims));
    let signature = match draft.sign {
        Sign::Own | Sign::Other => {
            let key = key(if matches!(draft.sign, Sign::Own) { kid } else { 99 });
            let signature: Signature = key.sign(text.as_bytes());
            signature.to_bytes().to_vec()
        }
        Sign::Secret => {
            let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Sign::Nothing => vec![],
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Imitates what we need of GitHub.
#[derive(Clone)]
pub struct Github {
    url: String,
    emails: Arc<Mutex<Value>>,
}

impl Github {
    pub async fn start() -> Self {
        let (url, listener) = listen().await;
        let github = Self { url, emails: Arc::new(Mutex::new(json!([]))) };
        let router = Router::new()
            .route("/login/oauth/access_token", post(github_token))
            .route("/api/v3/{*path}", get(github_api))
            .with_state(github.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        github
    }

    pub async fn world(&self) -> World {
        let settings =
            [("OAUTH_GITHUB_URL", self.url.as_str()), ("OAUTH_GITHUB_CLIENT_ID", CLIENT), ("OAUTH_GITHUB_CLIENT_SECRET", SECRET)];
        World::with(&settings).await
    }

    pub fn set_emails(&self, emails: Value) {
        *self.emails.lock().unwrap() = emails;
    }

    /// The way back of somebody who agreed.
    pub fn come_back(&self, location: &str) -> String {
        let param = |name: &str| crate::provider::query_of(location, name);
        assert!(location.starts_with(&format!("{}/login/oauth/authorize?", self.url)), "{location}");
        assert_eq!((param("scope").as_str(), param("code_challenge_method").as_str()), ("user:email", "S256"));
        format!("/api/auth/oauth/github/callback?code={}&state={}", param("code_challenge"), param("state"))
    }
}

/// Its codes are the challenges that they must be proven against.
async fn github_token(State(_): State<Github>, Form(form): Form<HashMap<String, String>>) -> Json<Value> {
    assert_eq!((form["client_id"].as_str(), form["client_secret"].as_str()), (CLIENT, SECRET));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
    if challenge != form["code"] {
        return Json(json!({ "error": "bad_verification_code", "error_description": "The code passed is incorrect or expired." }));
    }
    Json(json!({ "access_token": "gho_untuk_uji", "token_type": "bearer", "scope": "user:email" }))
}

async fn github_api(State(github): State<Github>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    assert_eq!(headers["authorization"], "Bearer gho_untuk_uji");
    assert!(headers.contains_key("user-agent"), "GitHub refuses programs without a name");
    match path.as_str() {
        "user" => Json(json!({ "id": 583_231, "login": "Octo-Cat", "email": "palsu@contoh.id" })).into_response(),
        "user/emails" => Json(github.emails.lock().unwrap().clone()).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
