//! An authenticator in software, with the browser around it: it makes and shows passkeys as `WebAuthn` says, and misbehaves when told to.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;

/// A passkey.
#[derive(Clone)]
pub struct Key {
    pub id: Vec<u8>,
    pub handle: Vec<u8>,
    pub secret: SigningKey,
    pub counter: u32,
}

/// The authenticator, with everything it may get wrong.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that an authenticator may get wrong")]
pub struct Authenticator {
    pub keys: Vec<Key>,
    /// Which kind it says it is.
    pub aaguid: [u8; 16],
    /// The page that the browser thinks it is on.
    pub origin: String,
    /// Whether that page stands in another site's frame.
    pub framed: bool,
    /// Whom it signs for, in place of what it was asked.
    pub rp_id: Option<String>,
    pub present: bool,
    pub verified: bool,
    /// Whether it counts its signatures.
    pub counts: bool,
    pub backup_eligible: bool,
    pub backed_up: bool,
    /// Whether what it makes can be found without being named.
    pub discoverable: bool,
    /// Whether it says whose passkey it shows.
    pub tells_handle: bool,
    /// `webauthn.get` or `webauthn.create`, in place of the right one.
    pub kind: Option<&'static str>,
}

impl Authenticator {
    /// A password manager of a phone, on the page with this origin.
    pub fn new(origin: &str) -> Self {
        Self {
            keys: vec![],
            aaguid: *b"\xea\x9b\x8d\x66\x4d\x01\x1d\x21\x3c\xe4\xb6\xb4\x8c\xb5\x75\xd4",
            origin: origin.to_owned(),
            framed: false,
            rp_id: None,
            present: true,
            verified: true,
            counts: false,
            backup_eligible: true,
            backed_up: true,
            discoverable: true,
            tells_handle: true,
            kind: None,
        }
    }

    /// A security key: it counts, and keeps what it makes to itself.
    pub fn security_key(origin: &str) -> Self {
        Self { counts: true, backup_eligible: false, backed_up: false, aaguid: [0; 16], ..Self::new(origin) }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let kind = self.kind.unwrap_or(kind);
        let data =
            json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.framed, "later": [1]});
        serde_json::to_vec(&data).unwrap()
    }

    fn authenticator_data(&self, rp_id: &str, counter: u32, more: u8) -> Vec<u8> {
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags = flag(self.present, PRESENT) | flag(self.verified, VERIFIED) | more;
        let flags = flags | flag(self.backup_eligible, BACKUP_ELIGIBLE) | flag(self.backed_up, BACKED_UP);
        let mut data = Sha256::digest(self.rp_id.as_deref().unwrap_or(rp_id)).to_vec();
        data.push(flags);
        data.extend(counter.to_be_bytes());
        data
    }

    /// `navigator.credentials.create()` and `toJSON()`.
    pub fn create(&mut self, options: &Value) -> Value {
        let mut id = [0; 16];
        getrandom::fill(&mut id).unwrap();
        self.create_as(options, &id)
    }

    /// The same, under this id.
    pub fn create_as(&mut self, options: &Value, id: &[u8]) -> Value {
        let options = &options["publicKey"];
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).unwrap();
        let secret = SigningKey::from_slice(&secret).unwrap();
        let key = Key { id: id.to_vec(), handle: unfold(&options["user"]["id"]), secret, counter: u32::from(self.counts) };

        let mut data = self.authenticator_data(options["rp"]["id"].as_str().unwrap(), key.counter, ATTESTED);
        data.extend(self.aaguid);
        data.extend(u16::try_from(key.id.len()).unwrap().to_be_bytes());
        data.extend(&key.id);
        data.extend(cose(&key.secret));
        let object = [("fmt", Cbor::Text("none".into())), ("attStmt", Cbor::Map(BTreeMap::new())), ("authData", Cbor::Bytes(data))];
        let object: BTreeMap<Cbor, Cbor> = object.into_iter().map(|(name, value)| (Cbor::Text(name.into()), value)).collect();
        let credential = json!({
            "id": fold(&key.id),
            "rawId": fold(&key.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": self.discoverable}, "prf": {"enabled": true}},
            "response": {
                "clientDataJSON": fold(&self.client_data("webauthn.create", options)),
                "attestationObject": fold(&serde_cbor_2::to_vec(&Cbor::Map(object)).unwrap()),
                "transports": ["internal", "hybrid", "telepathy"],
                "publicKeyAlgorithm": -7,
            },
        });
        self.keys.push(key);
        credential
    }

    /// `navigator.credentials.get()` and `toJSON()`, with the newest passkey that fits.
    pub fn get(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        let allowed: Vec<Vec<u8>> = options["allowCredentials"].as_array().unwrap().iter().map(|entry| unfold(&entry["id"])).collect();
        let place = self.keys.iter().rposition(|key| allowed.is_empty() || allowed.contains(&key.id)).expect("no passkey fits");
        self.keys[place].counter += u32::from(self.counts);
        let key = &self.keys[place];
        let data = self.authenticator_data(options["rpId"].as_str().unwrap(), key.counter, 0);
        let client_data = self.client_data("webauthn.get", options);
        let signature: Signature = key.secret.sign(&[&data[..], &Sha256::digest(&client_data)].concat());
        json!({
            "id": fold(&key.id),
            "rawId": fold(&key.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"later": {}},
            "response": {
                "clientDataJSON": fold(&client_data),
                "authenticatorData": fold(&data),
                "signature": fold(signature.to_der().as_bytes()),
                "userHandle": self.tells_handle.then(|| fold(&key.handle)),
            },
        })
    }
}

/// The public key as COSE writes it: EC2, ES256, P-256, x, y.
fn cose(secret: &SigningKey) -> Vec<u8> {
    let point = secret.verifying_key().to_sec1_point(false);
    let number = |n: i128| Cbor::Integer(n);
    let map = [
        (number(1), number(2)),
        (number(3), number(-7)),
        (number(-1), number(1)),
        (number(-2), Cbor::Bytes(point.x().unwrap().to_vec())),
        (number(-3), Cbor::Bytes(point.y().unwrap().to_vec())),
    ];
    serde_cbor_2::to_vec(&Cbor::Map(map.into_iter().collect())).unwrap()
}

/// Bytes as the browser writes them.
pub fn fold(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Bytes as the browser writes them, read.
pub fn unfold(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}

/// A credential with one byte of a part of its answer changed.
pub fn tampered(mut credential: Value, part: &str) -> Value {
    let mut bytes = unfold(&credential["response"][part]);
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    credential["response"][part] = json!(fold(&bytes));
    credential
}
