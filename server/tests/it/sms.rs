//! Providers of SMS, against servers that check what they are asked as the real ones do.

use crate::{
    harness::World,
    phone::{NUMBER, send},
};
use aivalid_service::jobs::JobKind;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

/// What was asked.
#[derive(Clone, Debug)]
struct Asked {
    path: String,
    headers: HeaderMap,
    body: String,
}

impl Asked {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn fields(&self) -> BTreeMap<String, String> {
        let pairs = self.body.split('&').map(|pair| pair.split_once('=').unwrap());
        pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A provider that answers what it is told to, and keeps what it was asked.
#[derive(Clone, Default)]
struct Provider {
    asked: Arc<Mutex<Vec<Asked>>>,
    /// The next answers; then 201.
    answers: Arc<Mutex<VecDeque<(u16, &'static str)>>>,
}

impl Provider {
    /// The provider and where it is.
    async fn open(answers: &[(u16, &'static str)]) -> (Self, String) {
        let provider = Self { answers: Arc::new(Mutex::new(answers.iter().copied().collect())), ..Self::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (provider, url)
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(provider): State<Provider>, request: Request) -> impl IntoResponse {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 16).await.unwrap();
    let asked = Asked { path: parts.uri.path().to_owned(), headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() };
    provider.asked.lock().unwrap().push(asked);
    let (status, body) = provider.answers.lock().unwrap().pop_front().unwrap_or((201, "{}"));
    (StatusCode::from_u16(status).unwrap(), body)
}

async fn twilio(url: &str) -> World {
    World::with(&[
        ("SMS_PROVIDER", "twilio"),
        ("TWILIO_ACCOUNT_SID", "AC0123456789"),
        ("TWILIO_AUTH_TOKEN", "rahasia:1"),
        ("TWILIO_FROM", "+15005550006"),
        ("TWILIO_API_URL", url),
    ])
    .await
}

/// Works the queue off; why a job was given up, and why one waits.
async fn delivered(world: &World) -> (Vec<String>, Vec<String>) {
    world.app.service.run_due_jobs(JobKind::Sms).await.unwrap();
    let mut errors = (vec![], vec![]);
    for (dead, into) in [(true, &mut errors.0), (false, &mut errors.1)] {
        let jobs = world.app.service.operator_jobs(dead).await.unwrap();
        into.extend(jobs.into_iter().filter(|job| job.kind == "sms").map(|job| job.last_error.unwrap_or_default()));
    }
    errors
}

#[tokio::test]
async fn twilio_is_asked_as_it_wants() {
    let (provider, url) = Provider::open(&[]).await;
    let world = twilio(&url).await;
    send(&world.anon(), NUMBER).await.ok(200);
    assert_eq!(delivered(&world).await, (vec![], vec![]));
    let asked = provider.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].path, "/2010-04-01/Accounts/AC0123456789/Messages.json");
    assert_eq!(asked[0].header("authorization"), format!("Basic {}", STANDARD.encode("AC0123456789:rahasia:1")));
    assert_eq!(asked[0].header("content-type"), "application/x-www-form-urlencoded");
    let fields = asked[0].fields();
    assert_eq!((fields["To"].as_str(), fields["From"].as_str(), fields["ValidityPeriod"].as_str()), (NUMBER, "+15005550006", "300"));
    let (code, words) = fields["Body"].split_at(6);
    assert!(code.bytes().all(|b| b.is_ascii_digit()) && words.starts_with(" adalah kode masuk AIValid Anda"), "{fields:?}");
    let signed_in = crate::phone::verify(&world.anon(), NUMBER, code).await;
    signed_in.ok(200);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_until_the_code_lapses() {
    let busy = (503, "");
    let (provider, url) =
        Provider::open(&[busy, (429, r#"{"code":20429,"message":"Too many"}"#), (401, r#"{"code":20003,"message":"Authenticate"}"#)]).await;
    let world = twilio(&url).await;
    send(&world.anon(), NUMBER).await.ok(200);
    for failure in ["answered 503", "code 20429", "code 20003"] {
        let (dead, waiting) = delivered(&world).await;
        assert!(dead.is_empty() && waiting.len() == 1 && waiting[0].contains(failure), "{failure} {dead:?} {waiting:?}");
        world.pass_secs(20);
    }
    assert_eq!(delivered(&world).await, (vec![], vec![]), "the fourth attempt");
    assert_eq!(provider.asked().len(), 4);

    provider.answers.lock().unwrap().extend([busy; 20]);
    send(&world.anon(), NUMBER).await.ok(200);
    for _ in 0..30 {
        delivered(&world).await;
        world.pass_secs(10);
    }
    let tries = provider.asked().len();
    let (dead, waiting) = delivered(&world).await;
    assert!(waiting.is_empty() && dead.len() == 1, "{dead:?} {waiting:?}");
    world.pass_secs(3600);
    delivered(&world).await;
    assert_eq!(provider.asked().len(), tries, "nothing is sent that is worth nothing");
}

#[tokio::test]
async fn what_never_will_is_given_up_without_telling_the_number() {
    let refusal = r#"{"code": 21211, "message": "The 'To' number +6281234567890 is not a valid phone number.", "status": 400}"#;
    let (provider, url) = Provider::open(&[(400, refusal)]).await;
    let world = twilio(&url).await;
    send(&world.anon(), NUMBER).await.ok(200);
    let (dead, waiting) = delivered(&world).await;
    assert_eq!(dead, ["Twilio answered 400, code 21211: The 'To' number (number) is not a valid phone number."]);
    assert!(waiting.is_empty() && provider.asked().len() == 1);
}

#[tokio::test]
async fn nobody_is_followed_elsewhere_with_the_token() {
    let (elsewhere, _) = Provider::open(&[]).await;
    let (_, url) = Provider::open(&[(307, "")]).await;
    let world = twilio(&url).await;
    send(&world.anon(), NUMBER).await.ok(200);
    let (_, waiting) = delivered(&world).await;
    assert!(waiting[0].contains("answered 307") && elsewhere.asked().is_empty(), "{waiting:?}");
    let nobody = twilio("http://127.0.0.1:9").await;
    send(&nobody.anon(), NUMBER).await.ok(200);
    let (_, waiting) = delivered(&nobody).await;
    assert!(waiting[0].starts_with("the provider can't be reached") && !waiting[0].contains("AC0123456789"), "{waiting:?}");
}

async fn sns(url: &str) -> World {
    World::with(&[
        ("SMS_PROVIDER", "sns"),
        ("SNS_REGION", "ap-southeast-3"),
        ("SNS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("SNS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("SNS_SENDER_ID", "AIVALID"),
        ("SNS_ENDPOINT", url),
    ])
    .await
}

fn keyed(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The signature that a request should have (AWS Signature Version 4), worked out from what came.
fn signature(asked: &Asked) -> String {
    let authorization = asked.header("authorization").to_owned();
    let part = |name: &str| authorization.split_once(&format!("{name}=")).unwrap().1.split(',').next().unwrap().to_owned();
    let (scope, names) = (part("Credential").split_once('/').unwrap().1.to_owned(), part("SignedHeaders"));
    let headers = names.split(';').map(|name| format!("{name}:{}\n", asked.header(name).trim())).collect::<Vec<_>>().concat();
    let body = hex::encode(Sha256::digest(&asked.body));
    let canonical = format!("POST\n{}\n\n{headers}\n{names}\n{body}", asked.path);
    let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{}", asked.header("x-amz-date"), hex::encode(Sha256::digest(canonical)));
    let steps = scope.split('/');
    let key = steps.fold(b"AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_vec(), |key, step| keyed(&key, step));
    hex::encode(keyed(&key, &text))
}

#[tokio::test]
async fn sns_is_asked_with_a_signature() {
    let (provider, url) = Provider::open(&[(200, "<PublishResponse/>")]).await;
    let world = sns(&url).await;
    send(&world.anon(), NUMBER).await.ok(200);
    assert_eq!(delivered(&world).await, (vec![], vec![]));
    let asked = provider.asked().remove(0);
    let authorization = asked.header("authorization");
    assert!(
        authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") && authorization.contains("/ap-southeast-3/sns/aws4_request")
    );
    for name in ["host", "x-amz-date", "content-type"] {
        assert!(authorization.contains(name), "{name} is signed: {authorization}");
    }
    assert_eq!(authorization.split_once("Signature=").unwrap().1, signature(&asked));
    let fields = asked.fields();
    assert_eq!((fields["Action"].as_str(), fields["PhoneNumber"].as_str()), ("Publish", NUMBER));
    assert_eq!(fields["MessageAttributes.entry.1.Value.StringValue"], "Transactional");
    assert_eq!(fields["MessageAttributes.entry.2.Value.StringValue"], "AIVALID");
    assert!(fields["Message"].contains("adalah kode masuk AIValid Anda"));
}

#[tokio::test]
async fn what_sns_refuses_for_good_is_given_up() {
    let refusal =
        "<ErrorResponse><Error><Code>InvalidParameter</Code><Message>Invalid parameter: PhoneNumber</Message></Error></ErrorResponse>";
    let (_, url) = Provider::open(&[(500, ""), (400, refusal)]).await;
    let world = sns(&url).await;
    send(&world.anon(), NUMBER).await.ok(200);
    assert!(delivered(&world).await.1[0].contains("answered 500"));
    world.pass_secs(20);
    assert_eq!(delivered(&world).await.0, ["SNS answered 400, code InvalidParameter: Invalid parameter: PhoneNumber"]);
}

#[tokio::test]
async fn a_server_that_speaks_sns_takes_it() {
    let url = std::env::var("TEST_S3_URL").expect("TEST_S3_URL must name the test server of scripts/test-services");
    let world = sns(&url).await;
    send(&world.anon(), NUMBER).await.ok(200);
    assert_eq!(delivered(&world).await, (vec![], vec![]));
}
