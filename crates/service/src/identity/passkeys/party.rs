//! The relying party: `WebAuthn`'s ceremonies as steps without input or output. `webauthn-rs` judges what was signed; what it leaves
//! to its users is here: discoverable credentials, decoys, autofill, cross-origin frames.

use super::aaguid;
use crate::store::Passkey;
use aivalid_model::{
    Error, Result,
    check::Problem,
    identity::{Email, IdentityError},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use webauthn_rs::{
    fake::{FakePasskeyDistribution, WebauthnFakeCredentialGenerator},
    prelude::{
        AuthenticationResult, Credential, DiscoverableAuthentication, Passkey as Verifier, PasskeyRegistration, PublicKeyCredential,
        RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
    },
};

/// What authenticators show as the name of the place.
const NAME: &str = "AIValid";

/// We, as authenticators know us.
pub(crate) struct RelyingParty {
    webauthn: Webauthn,
    id: String,
    decoys: WebauthnFakeCredentialGenerator<FakePasskeyDistribution>,
}

/// Whose passkey is to be made.
pub(super) struct Owner<'a> {
    /// 64 random bytes.
    pub handle: &'a [u8],
    /// The address that tells accounts apart in the authenticator's list.
    pub name: &'a str,
    /// The name they go by.
    pub display_name: &'a str,
}

/// What a new credential told of itself.
pub(super) struct Minted {
    pub credential: Vec<u8>,
    pub key: Vec<u8>,
    pub counter: u32,
    pub backup_eligible: bool,
    pub backed_up: bool,
    pub transports: Vec<String>,
    pub aaguid: String,
}

impl RelyingParty {
    /// For a public origin such as `https://aivalid.example`; its host is what passkeys belong to. `None` where the host is an
    /// IP address, which `WebAuthn` does not take.
    pub(crate) fn of_origin(origin: &str, decoy_key: &[u8]) -> Option<Self> {
        let url = Url::parse(origin).ok()?;
        let id = url.domain()?.to_owned();
        let webauthn = WebauthnBuilder::new(&id, &url).and_then(|builder| builder.rp_name(NAME).build()).ok()?;
        let decoys = WebauthnFakeCredentialGenerator::new(decoy_key).ok()?;
        Some(Self { webauthn, id, decoys })
    }

    /// The host that passkeys belong to.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Options for making a passkey: discoverable, so that no address need be typed, and verifying its user.
    pub(super) fn start_registration(
        &self,
        owner: &Owner<'_>,
        have: &[Passkey],
        conditional: bool,
    ) -> Result<(Value, PasskeyRegistration)> {
        let exclude = have.iter().map(|passkey| passkey.credential.clone()).collect();
        // The library's user id is 16 bytes; ours takes its place below, and nothing at the end depends on it.
        let started = self.webauthn.start_passkey_registration(Uuid::nil(), owner.name, owner.display_name, Some(exclude));
        let (mut options, state) = started.map_err(|error| {
            tracing::error!(%error, "a passkey can't be begun");
            Error::Internal
        })?;
        options.public_key.user.id = owner.handle.to_vec();
        let mut options = serde_json::to_value(options).map_err(|_| Error::Internal)?;
        if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection").and_then(Value::as_object_mut) {
            // The library discourages what autofill needs.
            selection.insert("residentKey".to_owned(), json!("required"));
            selection.insert("requireResidentKey".to_owned(), json!(true));
        }
        mediate(&mut options, conditional);
        Ok((options, state))
    }

    /// Judges a new credential. Where the browser acted without asking its user, nobody was there to be verified (`WebAuthn`
    /// level 3, section 7.1): that is made up for when the passkey is first used, which always takes a verified user.
    pub(super) fn finish_registration(&self, answer: Value, state: &PasskeyRegistration, conditional: bool) -> Result<Minted> {
        let mut answer: RegisterPublicKeyCredential = read(answer)?;
        if conditional && let Some(object) = aaguid::as_if_present(&answer.response.attestation_object) {
            answer.response.attestation_object = object;
        }
        let answer = answer;
        if answer.extensions.cred_props.as_ref().is_some_and(|properties| properties.rk == Some(false)) {
            return Err(IdentityError::PasskeyInvalid.into());
        }
        let verifier = self.webauthn.finish_passkey_registration(&answer, state).map_err(|error| {
            tracing::info!(%error, "a new passkey was refused");
            IdentityError::PasskeyInvalid
        })?;
        let key = serde_json::to_vec(&verifier).map_err(|_| Error::Internal)?;
        let made = Credential::from(verifier);
        let transports = answer.response.transports.iter().flatten().map(ToString::to_string).filter(|word| word != "unknown").collect();
        Ok(Minted {
            credential: made.cred_id,
            key,
            counter: made.counter,
            backup_eligible: made.backup_eligible,
            backed_up: made.backup_state,
            transports,
            aaguid: aaguid::of_attestation(&answer.response.attestation_object).unwrap_or_default(),
        })
    }

    /// Options for showing a passkey. Without credentials the authenticator offers what it has.
    pub(super) fn start_authentication(&self, allow: Vec<Value>, conditional: bool) -> Result<(Value, DiscoverableAuthentication)> {
        let (options, state) = self.webauthn.start_discoverable_authentication().map_err(|error| {
            tracing::error!(%error, "a sign-in with a passkey can't be begun");
            Error::Internal
        })?;
        let mut options = serde_json::to_value(options).map_err(|_| Error::Internal)?;
        if let Some(public_key) = options.pointer_mut("/publicKey").and_then(Value::as_object_mut) {
            public_key.insert("allowCredentials".to_owned(), Value::Array(allow));
        }
        mediate(&mut options, conditional);
        Ok((options, state))
    }

    /// Judges a shown passkey by its public key, with flags as the store last knew them; all but its counter.
    pub(super) fn finish_authentication(
        &self,
        answer: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        stored: &Passkey,
    ) -> Result<AuthenticationResult> {
        let refused = |reason: &dyn std::fmt::Display| {
            tracing::info!(passkey = stored.id.0, %reason, "a passkey was refused");
            Error::from(IdentityError::PasskeyRefused)
        };
        let verifier: Verifier = serde_json::from_slice(&stored.key).map_err(|error| {
            tracing::error!(passkey = stored.id.0, %error, "a stored passkey can't be read");
            Error::Internal
        })?;
        let mut credential = Credential::from(verifier);
        // The row judges the counter, in the statement that raises it.
        credential.counter = 0;
        credential.backup_eligible = stored.backup_eligible;
        credential.backup_state = stored.backed_up;
        if is_framed(&answer.response.client_data_json) {
            return Err(refused(&"shown inside another site's page"));
        }
        let result = self.webauthn.finish_discoverable_authentication_v2(answer, state, &credential).map_err(|error| refused(&error))?;
        if result.user_verified() { Ok(result) } else { Err(refused(&"its user was not verified")) }
    }

    /// Credential ids for an account without passkeys or without existence: always the same for an address, and at least one.
    pub(super) fn decoys(&self, email: &Email) -> Vec<Vec<u8>> {
        let made = (0_u8..16).find_map(|turn| {
            let seed = [email.as_str().as_bytes(), &[0, turn]].concat();
            self.decoys.generate(&seed).ok().filter(|ids| !ids.is_empty())
        });
        made.unwrap_or_default()
    }
}

/// The browser's answer as the verifier reads it; unknown members are the browser's business.
pub(super) fn read<T: DeserializeOwned>(answer: Value) -> Result<T> {
    serde_json::from_value(answer).map_err(|_| Error::field("credential", Problem::Malformed))
}

/// A credential as options name it.
pub(super) fn descriptor(id: &[u8], transports: &[String]) -> Value {
    let mut descriptor = json!({ "type": "public-key", "id": base64url(id) });
    if let (false, Some(object)) = (transports.is_empty(), descriptor.as_object_mut()) {
        object.insert("transports".to_owned(), json!(transports));
    }
    descriptor
}

/// Bytes as `WebAuthn`'s JSON writes them.
pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn mediate(options: &mut Value, conditional: bool) {
    if let Some(options) = options.as_object_mut() {
        options.remove("mediation");
        if conditional {
            options.insert("mediation".to_owned(), json!("conditional"));
        }
    }
}

/// Whether the page that asked stood in a frame of another site. The library looks at this only when a passkey is made.
fn is_framed(client_data: &[u8]) -> bool {
    let data: Value = serde_json::from_slice(client_data).unwrap_or_default();
    data.get("crossOrigin").and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::check::Check;

    fn party() -> RelyingParty {
        RelyingParty::of_origin("https://aivalid.example", &[7; 32]).unwrap()
    }

    fn email(text: &str) -> Email {
        Email::check(text.to_owned()).unwrap()
    }

    #[test]
    fn passkeys_belong_to_a_host_name() {
        assert_eq!(party().id(), "aivalid.example");
        assert_eq!(RelyingParty::of_origin("http://localhost:3000", &[7; 32]).unwrap().id(), "localhost");
        for origin in ["http://127.0.0.1:3000", "http://[::1]:3000", "nowhere"] {
            assert!(RelyingParty::of_origin(origin, &[7; 32]).is_none(), "{origin}");
        }
    }

    #[test]
    fn options_ask_for_what_autofill_needs() {
        let owner = Owner { handle: &[9; 64], name: "dewi@contoh.id", display_name: "Dewi" };
        let (options, _) = party().start_registration(&owner, &[], false).unwrap();
        let key = &options["publicKey"];
        assert_eq!(key["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(key["authenticatorSelection"]["requireResidentKey"], true);
        assert_eq!(key["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(key["user"]["id"], base64url(&[9; 64]));
        assert_eq!((&key["rp"]["id"], &key["attestation"], &key["timeout"]), (&json!("aivalid.example"), &json!("none"), &json!(300_000)));
        assert!(options.get("mediation").is_none());
        for conditional in [true, false] {
            let (options, _) = party().start_authentication(vec![], conditional).unwrap();
            assert_eq!(options.get("mediation").is_some(), conditional);
            assert_eq!(options["publicKey"]["userVerification"], "required");
            assert_eq!(options["publicKey"]["allowCredentials"], json!([]));
        }
    }

    #[test]
    fn decoys_are_believable_and_stay_the_same() {
        let party = party();
        for number in 0..300 {
            let email = email(&format!("orang{number}@contoh.id"));
            let decoys = party.decoys(&email);
            assert!((1..=3).contains(&decoys.len()) && decoys.iter().all(|id| id.len() >= 16), "{number}");
            assert_eq!(decoys, party.decoys(&email));
        }
        assert_ne!(party.decoys(&email("a@contoh.id")), party.decoys(&email("b@contoh.id")));
        let other = RelyingParty::of_origin("https://aivalid.example", &[8; 32]).unwrap();
        assert_ne!(party.decoys(&email("a@contoh.id")), other.decoys(&email("a@contoh.id")), "they hang on our key");
    }

    #[test]
    fn another_sites_frame_is_recognised() {
        assert!(is_framed(br#"{"crossOrigin":true}"#));
        for own in [&br#"{"crossOrigin":false}"#[..], b"{}", b"no JSON, which the verifier refuses"] {
            assert!(!is_framed(own));
        }
    }
}
