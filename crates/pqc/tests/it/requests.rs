//! Signed requests: every bit of what is signed matters, and nothing that arrives can do harm.

use aivalid_pqc::{Claim, Headers, KEY_ID, Malformed, PublicKey, Request, SIGNATURE, Signature, SignedAt, SigningKey, TIMESTAMP};
use proptest::prelude::*;
use std::sync::LazyLock;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_seed(&[42; 32]).unwrap());

fn key() -> &'static SigningKey {
    &KEY
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    method: String,
    path: String,
    at: u64,
    idempotency_key: String,
    body: Vec<u8>,
}

impl Parts {
    fn request(&self) -> Request<'_> {
        let at = SignedAt::from_secs(self.at).unwrap();
        Request::new(&self.method, &self.path, at, &self.idempotency_key, &self.body).unwrap()
    }
}

prop_compose! {
    fn parts()(
        method in prop::sample::select(vec!["POST", "PUT", "PATCH", "DELETE", "GET"]),
        path in "/[!-~]{0,60}",
        at in 0..99_999_999_999_u64,
        idempotency_key in prop_oneof![Just(String::new()), "[!-~]{8,128}"],
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) -> Parts {
        Parts { method: method.to_owned(), path, at, idempotency_key, body }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A signature holds for its request and for no other one.
    #[test]
    fn a_signature_holds_for_one_request(one in parts(), other in parts(), randomness: [u8; 32]) {
        let signature = key().sign(&one.request(), &randomness).unwrap();
        prop_assert!(key().public().verifies(&one.request(), &signature));
        prop_assert_eq!(key().public().verifies(&other.request(), &signature), one == other);
    }

    /// Each part for itself.
    #[test]
    fn every_part_matters(one in parts(), other in parts(), randomness: [u8; 32]) {
        let signature = key().sign(&one.request(), &randomness).unwrap();
        let changed = [
            Parts { method: other.method.clone(), ..one.clone() },
            Parts { path: other.path.clone(), ..one.clone() },
            Parts { at: other.at, ..one.clone() },
            Parts { idempotency_key: other.idempotency_key.clone(), ..one.clone() },
            Parts { body: other.body.clone(), ..one.clone() },
        ];
        for parts in changed {
            prop_assert_eq!(key().public().verifies(&parts.request(), &signature), parts == one, "{:?}", parts);
        }
    }

    /// Also the last bit of the body, and every bit of the signature itself.
    #[test]
    fn every_bit_matters(one in parts(), bit in 0_usize..3309 * 8, place: prop::sample::Index) {
        let signature = key().sign(&one.request(), &[0; 32]).unwrap();
        if !one.body.is_empty() {
            let mut flipped = one.clone();
            let place = place.index(one.body.len() * 8);
            flipped.body[place / 8] ^= 1 << (place % 8);
            prop_assert!(!key().public().verifies(&flipped.request(), &signature));
        }
        let mut bytes = signature.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!key().public().verifies(&one.request(), &Signature::from_bytes(&bytes).unwrap()));
    }

    /// Headers that anybody may send: read or refused, never a panic; what is read is written the same way again.
    #[test]
    fn any_headers_can_be_read_or_refused(key_id: Option<String>, timestamp: Option<String>, signature: Option<String>) {
        let headers = Headers { key_id: key_id.as_deref(), timestamp: timestamp.as_deref(), signature: signature.as_deref() };
        if let Ok(Some(claim)) = Claim::read(headers) {
            prop_assert_eq!(Some(claim.key.to_string()), key_id);
            prop_assert_eq!(Some(claim.at.to_string()), timestamp);
            prop_assert_eq!(Some(claim.signature.to_base64()), signature);
        }
    }

    /// Bytes of the right length that are no signature or no key of anybody.
    #[test]
    fn junk_of_the_right_length_verifies_nothing(one in parts(), junk in prop::collection::vec(any::<u8>(), 3309), other in prop::collection::vec(any::<u8>(), 1952)) {
        prop_assert!(!key().public().verifies(&one.request(), &Signature::from_bytes(&junk).unwrap()));
        let signature = key().sign(&one.request(), &[0; 32]).unwrap();
        prop_assert!(!PublicKey::from_bytes(&other).unwrap().verifies(&one.request(), &signature));
    }
}

fn example() -> Parts {
    Parts { method: "POST".into(), path: "/x".into(), at: 1_795_004_800, idempotency_key: String::new(), body: b"{}".to_vec() }
}

#[test]
fn headers_come_back_as_they_were_written() {
    let signature = key().sign(&example().request(), &[1; 32]).unwrap();
    let (id, text) = (key().public().id().to_string(), signature.to_base64());
    assert_eq!(text.len(), 4412);
    let good = Headers { key_id: Some(&id), timestamp: Some("1795004800"), signature: Some(&text) };
    let claim = Claim::read(good).unwrap().unwrap();
    assert_eq!((claim.key, claim.at.secs(), &claim.signature), (key().public().id(), 1_795_004_800, &signature));
    assert!(key().public().verifies(&example().request(), &claim.signature));
    assert_eq!(Claim::read(Headers::default()), Ok(None));
    assert_eq!(Claim::read(Headers { key_id: None, ..good }), Err(Malformed(KEY_ID)));
    assert_eq!(Claim::read(Headers { timestamp: None, ..good }), Err(Malformed(TIMESTAMP)));
    assert_eq!(Claim::read(Headers { signature: None, ..good }), Err(Malformed(SIGNATURE)));
    assert_eq!(Claim::read(Headers { timestamp: Some("1795004800.0"), ..good }), Err(Malformed(TIMESTAMP)));
    assert_eq!(Claim::read(Headers { signature: Some(&text[..4411]), ..good }), Err(Malformed(SIGNATURE)));
}

#[test]
fn a_seed_makes_one_key_and_randomness_many_signatures() {
    let again = SigningKey::from_seed(&[42; 32]).unwrap();
    assert_eq!((again.public(), again.public().id()), (key().public(), key().public().id()));
    assert_ne!(SigningKey::from_seed(&[43; 32]).unwrap().public(), key().public());
    let [one, same, other] = [[1; 32], [1; 32], [2; 32]].map(|randomness| key().sign(&example().request(), &randomness).unwrap());
    assert_eq!(one, same);
    assert_ne!((one.digest(), &one), (other.digest(), &other));
    assert_eq!(format!("{:?}", key()).len(), "SigningKey()".len() + 64, "no secret in the log");
}

#[test]
fn another_context_is_another_signature() {
    let text = example().request().text();
    let foreign = key().sign_text(text.as_bytes(), b"aivalid/v2", &[0; 32]).unwrap();
    assert!(!key().public().verifies(&example().request(), &foreign));
    assert!(key().public().verifies_text(text.as_bytes(), b"aivalid/v2", &foreign));
    assert_eq!(key().sign_text(b"", &[0; 256], &[0; 32]), None);
}
