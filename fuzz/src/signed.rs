//! Requests signed with ML-DSA-65: the headers, the text that is signed, and what is accepted.

use crate::source::Source;
use aivalid_pqc::{Claim, Headers, Request, SignedAt, SigningKey};
use std::sync::LazyLock;

/// A request, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Sent {
    method: String,
    path: String,
    idempotency_key: String,
    body: Vec<u8>,
    key_id: String,
    timestamp: String,
    signature: String,
}

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_seed(&[7; 32]).unwrap());

static SENT: LazyLock<Sent> = LazyLock::new(|| {
    let (method, path, key, body) = ("POST", "/api/v1/deposits?draft=1", "0b9a7c3e-1f", br#"{"amount":150000}"#);
    let at = SignedAt::from_secs(1_795_004_800).unwrap();
    let signature = KEY.sign(&Request::new(method, path, at, key, body).unwrap(), &[0; 32]).unwrap();
    Sent {
        method: method.to_owned(),
        path: path.to_owned(),
        idempotency_key: key.to_owned(),
        body: body.to_vec(),
        key_id: KEY.public().id().to_string(),
        timestamp: at.to_string(),
        signature: signature.to_base64(),
    }
});

impl Sent {
    /// What a server makes of it: who signed, and what.
    fn read(&self) -> Option<(Claim, Request<'_>)> {
        let headers = Headers { key_id: Some(&self.key_id), timestamp: Some(&self.timestamp), signature: Some(&self.signature) };
        let claim = Claim::read(headers).ok()??;
        assert_eq!((claim.key.to_string(), claim.at.to_string()), (self.key_id.clone(), self.timestamp.clone()), "one way to write it");
        assert_eq!(claim.signature.to_base64(), self.signature, "one way to write it");
        let request = Request::new(&self.method, &self.path, claim.at, &self.idempotency_key, &self.body).ok()?;
        Some((claim, request))
    }
}

/// Headers are read in one way; two requests never have the same text; and nothing but what was signed is accepted.
pub fn signed(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split('\n').map(Some).chain([None, None, None]);
    let mut part = || parts.next().flatten();
    let headers = Headers { key_id: part(), timestamp: part(), signature: part() };
    match Claim::read(headers) {
        Ok(None) => assert!(headers.key_id.is_none(), "nothing was claimed"),
        Ok(Some(claim)) => assert_eq!(Some(claim.at.to_string().as_str()), headers.timestamp),
        Err(malformed) => assert!(malformed.to_string().contains(malformed.0)),
    }

    let mut from = Source::new(data);
    let (sent, mut changed) = (&*SENT, SENT.clone());
    while !from.is_empty() {
        match from.below(8) {
            0 => changed.method = from.edited_text(&changed.method),
            1 => changed.path = from.edited_text(&changed.path),
            2 => changed.idempotency_key = from.edited_text(&changed.idempotency_key),
            3 => changed.body = from.edited(&changed.body),
            4 => changed.key_id = from.edited_text(&changed.key_id),
            5 => changed.timestamp = from.edited_text(&changed.timestamp),
            6 => changed.signature = from.edited_text(&changed.signature),
            // What stood in one part stands in the next.
            _ => (changed.path, changed.idempotency_key) = (changed.path.clone() + &changed.idempotency_key, String::new()),
        }
    }
    let Some((claim, request)) = changed.read() else {
        assert_ne!(changed, *sent, "what was sent can be read");
        return;
    };
    let (signed, original) = sent.read().unwrap();
    let same = (&changed.method, &changed.path, &changed.idempotency_key, &changed.body, &changed.timestamp)
        == (&sent.method, &sent.path, &sent.idempotency_key, &sent.body, &sent.timestamp);
    assert_eq!(request.text() == original.text(), same, "{:?}", request.text());
    assert_eq!(request.text().matches('\n').count(), 4);
    let accepted = claim.key == signed.key && KEY.public().verifies(&request, &claim.signature);
    assert_eq!(accepted, changed == *sent, "{changed:?}");
}
