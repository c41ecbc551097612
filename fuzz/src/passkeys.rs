//! `WebAuthn`: what a browser answers when a passkey is made and when one is shown.

use crate::{
    authenticator::{Authenticator, fold},
    source::Source,
};
use aivalid_model::{
    check::CheckAll,
    identity::{CeremonyInput, PasskeyInput},
};
use aivalid_service::fuzz::{Begun, Login, NewPasskey, Party, Registration, aaguid, as_if_present};
use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use url::Url;

const ORIGIN: &str = "https://aivalid.example";
const HOST: &str = "aivalid.example";
const PRESENT_AND_VERIFIED: u8 = 0b101;

/// A passkey that was made and shown, and every step on the way there.
struct Ceremonies {
    party: Party,
    registration: Begun<Registration>,
    made: Value,
    passkey: NewPasskey,
    login: Begun<Login>,
    shown: Value,
}

static CEREMONIES: LazyLock<Ceremonies> = LazyLock::new(|| {
    let party = Party::new(ORIGIN).unwrap();
    let mut phone = Authenticator::new(ORIGIN);
    let registration = party.begin_registration().unwrap();
    let made = phone.create_as(&registration.options, &[9; 16]);
    let passkey = party.finish_registration(made.clone(), &registration.state, false).unwrap();
    let login = party.begin_login().unwrap();
    let shown = phone.get(&login.options);
    assert!(party.finish_login(shown.clone(), &login.state, &passkey));
    Ceremonies { party, registration, made, passkey, login, shown }
});

/// A changed answer is refused, unless what was signed is unchanged; a passkey is made only for our host and for a user who was verified;
/// and reading what nobody signed neither fails nor changes anything but the flags it is for.
pub fn passkeys(data: &[u8]) {
    attestation_object(data);
    if let Ok(credential) = serde_json::from_slice::<Value>(data) {
        let input = json!({"session_id": "pk_1", "credential": credential.clone(), "name": null});
        let is_object = serde_json::from_value::<PasskeyInput>(input).is_ok_and(|input| input.check_all().is_ok());
        assert_eq!(is_object, credential.is_object(), "the body as our API takes it");
        judge(&credential, &credential);
    }
    let mut from = Source::new(data);
    let Ceremonies { made, shown, .. } = &*CEREMONIES;
    judge(&changed(made, &mut from), &changed(shown, &mut from));
}

/// Both ends, with any two answers.
fn judge(new: &Value, old: &Value) {
    let Ceremonies { party, registration, login, passkey, shown, .. } = &*CEREMONIES;
    for conditional in [false, true] {
        let Some(minted) = party.finish_registration(new.clone(), &registration.state, conditional) else { continue };
        assert!((1..=1023).contains(&minted.credential.len()));
        let client: Value = serde_json::from_slice(&bytes(&new["response"]["clientDataJSON"])).unwrap();
        assert_eq!(client["type"], "webauthn.create");
        assert_eq!(Url::parse(client["origin"].as_str().unwrap()).unwrap().origin(), Url::parse(ORIGIN).unwrap().origin(), "{client}");
        assert_eq!(client["challenge"], registration.options["publicKey"]["challenge"]);
        let object: serde_cbor_2::Value = serde_cbor_2::from_slice(&bytes(&new["response"]["attestationObject"])).unwrap();
        let serde_cbor_2::Value::Map(object) = object else { panic!("{object:?}") };
        let serde_cbor_2::Value::Bytes(data) = &object[&serde_cbor_2::Value::Text("authData".to_owned())] else { panic!("no bytes") };
        assert_eq!(data[..32], *Sha256::digest(HOST), "for another host");
        assert!(conditional || data[32] & PRESENT_AND_VERIFIED == PRESENT_AND_VERIFIED, "its user was not verified");
        assert!(minted.aaguid.len() == 36);
    }
    let input: Result<CeremonyInput, _> = serde_json::from_value(json!({"session_id": "pk_1", "credential": old.clone()}));
    let accepted = input.is_ok_and(|input| input.check_all().is_ok()) && party.finish_login(old.clone(), &login.state, passkey);
    if accepted {
        for part in ["clientDataJSON", "authenticatorData"] {
            assert_eq!(bytes(&old["response"][part]), bytes(&shown["response"][part]), "{part} was changed");
        }
    }
}

/// A part of an answer, in whichever alphabet, with padding or without, or as a list of numbers: how it is written is not signed.
fn bytes(part: &Value) -> Vec<u8> {
    let lenient =
        GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent);
    match part {
        Value::String(text) => GeneralPurpose::new(&URL_SAFE, lenient).decode(text.replace('+', "-").replace('/', "_")).unwrap(),
        other => serde_json::from_value(other.clone()).unwrap(),
    }
}

/// An answer with a few changes: in the bytes of its parts, in its members, or in its text.
fn changed(answer: &Value, from: &mut Source<'_>) -> Value {
    let mut answer = answer.clone();
    for _ in 0..=from.below(3) {
        match from.below(4) {
            0 | 1 => {
                let response = answer["response"].as_object_mut().unwrap();
                let names: Vec<String> = response.keys().filter(|name| response[*name].is_string()).cloned().collect();
                let Some(name) = names.get(from.below(names.len())) else { continue };
                let Ok(bytes) = URL_SAFE_NO_PAD.decode(response[name].as_str().unwrap()) else { continue };
                response[name] = json!(fold(&from.edited(&bytes)));
            }
            2 => {
                let values = [json!(null), json!(""), json!([]), json!({}), json!(-7), json!(["usb"]), json!({"credProps": {"rk": false}})];
                let place = if from.byte().is_multiple_of(2) { &mut answer } else { &mut answer["response"] };
                let names: Vec<String> = place.as_object().unwrap().keys().cloned().collect();
                if let Some(name) = names.get(from.below(names.len())).filter(|name| *name != "response") {
                    place[name] = values[from.below(values.len())].clone();
                }
            }
            _ => {
                let text = from.edited(answer.to_string().as_bytes());
                match serde_json::from_slice::<Value>(&text) {
                    Ok(value) if value["response"].is_object() => answer = value,
                    _ => {}
                }
            }
        }
    }
    answer
}

/// Our own reading of an attestation object.
fn attestation_object(data: &[u8]) {
    let kind = aaguid(data);
    assert!(kind.is_none_or(|kind| kind.len() == 36 && kind.matches('-').count() == 4));
    if let Some(set) = as_if_present(data) {
        assert_eq!(aaguid(&set), aaguid(data), "nothing but the flags");
        assert_eq!(as_if_present(&set).as_ref(), Some(&set), "set once is set");
    }
}
