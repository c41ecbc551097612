//! Access and refresh tokens: JWTs.

use crate::source::Source;
use aivalid_model::{
    Timestamp,
    id::{SessionId, UserId},
};
use aivalid_service::{
    fuzz::{read_access, read_refresh, sign_access, sign_refresh},
    identity::{AccessClaims, Keys, Secret},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const ORIGIN: &str = "https://aivalid.example";
const NOW: i64 = 1_795_004_800;
/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 5;

fn secret(id: &str, byte: u8) -> Secret {
    Secret { id: id.to_owned(), bytes: vec![byte; 32] }
}

fn keys() -> Keys {
    Keys::new(vec![secret("a2", 2), secret("a1", 1)], vec![secret("r2", 4), secret("r1", 3)], vec![7; 32])
}

/// Only what we signed is accepted, byte for byte, for what it was made for, and only while it is current; and of what is signed with our
/// own keys only what has the form and the issuer that ours have.
pub fn tokens(data: &[u8]) {
    let keys = keys();
    let text = String::from_utf8_lossy(data);
    assert!(!accepted(&keys, &text, NOW), "{text:?}");

    let mut from = Source::new(data);
    let (access, refresh) = (issued(&keys, &mut from), sign_refresh(&keys, UserId(5), SessionId(6), &from.text(64), ORIGIN, NOW).unwrap());
    assert!(read_access(&keys, &access, ORIGIN, Timestamp::from_secs(NOW)).is_some());
    assert!(read_refresh(&keys, &refresh, ORIGIN, Timestamp::from_secs(NOW)));
    assert!(read_access(&keys, &refresh, ORIGIN, Timestamp::from_secs(NOW)).is_none(), "each for its own");
    assert!(!read_refresh(&keys, &access, ORIGIN, Timestamp::from_secs(NOW)), "each for its own");
    for token in [&access, &refresh] {
        let changed = from.edited_text(token);
        assert!(changed == *token || !accepted(&keys, &changed, NOW), "{changed} for {token}");
    }

    forged(&keys, &mut from);
}

fn accepted(keys: &Keys, token: &str, now: i64) -> bool {
    let now = Timestamp::from_secs(now);
    read_access(keys, token, ORIGIN, now).is_some() || read_refresh(keys, token, ORIGIN, now)
}

/// A token of ours, whose claims come back as they went in.
fn issued(keys: &Keys, from: &mut Source<'_>) -> String {
    let claims = AccessClaims {
        user_id: UserId(i64::from_le_bytes(from.array())),
        email: Some(from.text(300)),
        jti: from.text(64),
        kind: "access".to_owned(),
        session_id: SessionId(i64::from_le_bytes(from.array())),
        device_id: None,
        kyc_status: "none".to_owned(),
        kyc_level: from.byte(),
        permissions: vec![from.text(20)],
        scopes: vec![from.text(20), from.text(20)],
        phone_number: Some(from.text(20)),
        country_code: None,
        iss: "aivalid".to_owned(),
        aud: ORIGIN.to_owned(),
        iat: NOW,
        nbf: NOW,
        exp: NOW + 900,
    };
    let token = sign_access(keys, &claims).unwrap();
    let read = read_access(keys, &token, ORIGIN, Timestamp::from_secs(NOW)).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), serde_json::to_value(claims).unwrap());
    token
}

/// What somebody made who has the keys, or got us to sign something else.
fn forged(keys: &Keys, from: &mut Source<'_>) {
    let id = from.pick(&["a1", "a2", "r1", "r2", "x"]);
    let algorithm = from.pick(&["HS256", "HS256", "HS384", "HS512", "none", "RS256", "EdDSA"]);
    let mut header = json!({"typ": "JWT", "alg": algorithm, "kid": id});
    let now = NOW;
    let mut near = || now.saturating_add(from.pick(&[i64::MIN, -900, -6, -5, -4, -1, 0, 1, 4, 5, 6, 900, i64::MAX]));
    let (iat, nbf, exp) = (near(), near(), near());
    let mut claims = json!({
        "user_id": 5, "email": null, "jti": "j", "type": from.pick(&["access", "refresh", ""]), "session_id": 6, "device_id": null,
        "kyc_status": "none", "kyc_level": 0, "permissions": [], "scopes": [], "phone_number": null, "country_code": null,
        "iss": from.pick(&["aivalid", "aivalid", "other"]), "aud": from.pick(&[ORIGIN, ORIGIN, "https://other.example"]),
        "iat": iat, "nbf": nbf, "exp": exp,
    });
    for part in [&mut header, &mut claims] {
        change(part, from);
    }
    let signed = if from.byte().is_multiple_of(4) { from.edited(claims.to_string().as_bytes()) } else { claims.to_string().into_bytes() };
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(&signed));
    let byte = match id {
        "a1" => 1,
        "a2" => 2,
        "r1" => 3,
        _ => 4,
    };
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&[byte; 32]).unwrap();
    mac.update(text.as_bytes());
    let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    let at = Timestamp::from_secs(NOW);
    let (access, refresh) = (read_access(keys, &token, ORIGIN, at), read_refresh(keys, &token, ORIGIN, at));
    if access.is_none() && !refresh {
        return;
    }
    let read: Value = serde_json::from_slice(&signed).unwrap();
    assert_eq!(header["alg"], "HS256", "{token}");
    assert_eq!((&read["iss"], &read["aud"]), (&json!("aivalid"), &json!(ORIGIN)), "{read}");
    assert!(read["nbf"].as_i64().unwrap() <= NOW + LEEWAY && read["exp"].as_i64().unwrap() > NOW - LEEWAY, "{read}");
    let of_kind = |kind, ids: [&str; 2]| read["type"] == kind && ids.iter().any(|id| header["kid"] == *id);
    assert!(access.is_none() || of_kind("access", ["a1", "a2"]), "{token}");
    assert!(!refresh || of_kind("refresh", ["r1", "r2"]), "{token}");
}

/// Takes a member away, or puts another value there.
fn change(object: &mut Value, from: &mut Source<'_>) {
    let names: Vec<String> = object.as_object().unwrap().keys().cloned().collect();
    let values =
        [json!(null), json!(0), json!(-1), json!(1e300), json!(""), json!([]), json!({}), json!(true), json!([ORIGIN]), json!(["aivalid"])];
    for _ in 0..from.below(3) {
        let name = &names[from.below(names.len())];
        if from.byte().is_multiple_of(2) {
            object.as_object_mut().unwrap().remove(name);
        } else {
            object[name] = values[from.below(values.len())].clone();
        }
    }
}
