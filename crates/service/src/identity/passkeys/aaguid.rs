//! What an attestation object tells beside the key: the kind of authenticator (its AAGUID), by which its owner recognises it. It is
//! not proven, since we ask for no attestation, and nothing but a name depends on it.

use serde_cbor_2::Value;
use std::collections::BTreeMap;

/// Where the flags stand in authenticator data, after the relying party's hash (`WebAuthn` level 3, section 6.1).
const FLAGS: usize = 32;
/// Where the AAGUID stands, after hash, flags and counter.
const AAGUID: std::ops::Range<usize> = 37..53;
const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;

/// The kinds that people know by name.
const PROVIDERS: [(&str, &str); 17] = [
    ("08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"),
    ("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6", "Keeper"),
    ("50726f74-6f6e-5061-7373-50726f746f6e", "Proton Pass"),
    ("531126d6-e717-415c-9320-3d9aa6981239", "Dashlane"),
    ("53414d53-554e-4700-0000-000000000000", "Samsung Pass"),
    ("6028b017-b1d4-4c02-b4b3-afcdafc96bb2", "Windows Hello"),
    ("9ddd1817-af5a-4672-a2b9-3e3dd95000a9", "Windows Hello"),
    ("adce0002-35bc-c60a-648b-0b25f1f05503", "Chrome on Mac"),
    ("b5397666-4885-aa6b-cebf-e52262a439a2", "Chromium"),
    ("b84e4048-15dc-4dd0-8640-f4f60813c8af", "NordPass"),
    ("bada5566-a7aa-401f-bd96-45619a55120d", "1Password"),
    ("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"),
    ("dd4ec289-e01d-41c9-bb89-70fa845d4bf2", "iCloud Keychain"),
    ("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager"),
    ("f3809540-7f14-49c1-a8b3-8f813b225541", "Enpass"),
    ("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "iCloud Keychain"),
    ("fdb141b2-5d84-443e-8a35-4698c205a502", "KeePassXC"),
];

/// What keeps passkeys of this kind, if it is known.
pub(super) fn provider(aaguid: &str) -> Option<&'static str> {
    PROVIDERS.iter().find(|(id, _)| *id == aaguid).map(|(_, name)| *name)
}

/// The AAGUID in an attestation object, written as a UUID.
pub(super) fn of_attestation(object: &[u8]) -> Option<String> {
    let (_, data) = parts(object)?;
    let text = hex::encode(data.get(AAGUID)?);
    let part = |range: std::ops::Range<usize>| text.get(range);
    Some(format!("{}-{}-{}-{}-{}", part(0..8)?, part(8..12)?, part(12..16)?, part(16..20)?, part(20..32)?))
}

/// An attestation object with its user said to be present and verified, for browsers that made a passkey by themselves: the verifier
/// knows no such ceremony. Only where nothing is attested, so that no signature covers the flags.
pub(super) fn as_if_present(object: &[u8]) -> Option<Vec<u8>> {
    let (mut map, mut data) = parts(object)?;
    if map.get(&text("fmt")) != Some(&text("none")) {
        return None;
    }
    *data.get_mut(FLAGS)? |= USER_PRESENT | USER_VERIFIED;
    map.insert(text("authData"), Value::Bytes(data));
    serde_cbor_2::to_vec(&Value::Map(map)).ok()
}

fn text(word: &str) -> Value {
    Value::Text(word.to_owned())
}

/// The object's members, and its authenticator data.
fn parts(object: &[u8]) -> Option<(BTreeMap<Value, Value>, Vec<u8>)> {
    let Ok(Value::Map(map)) = serde_cbor_2::from_slice(object) else { return None };
    let Some(Value::Bytes(data)) = map.get(&text("authData")) else { return None };
    let data = data.clone();
    Some((map, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(format: &str, data: Vec<u8>) -> Vec<u8> {
        let map = [(text("fmt"), text(format)), (text("attStmt"), Value::Map(BTreeMap::new())), (text("authData"), Value::Bytes(data))];
        serde_cbor_2::to_vec(&Value::Map(map.into_iter().collect())).unwrap()
    }

    #[test]
    fn the_kind_of_authenticator_is_read() {
        let mut data = vec![0; 60];
        data[37..53].copy_from_slice(&hex::decode("ea9b8d664d011d213ce4b6b48cb575d4").unwrap());
        let aaguid = of_attestation(&object("none", data)).unwrap();
        assert_eq!(provider(&aaguid), Some("Google Password Manager"));
        assert_eq!(provider(""), None);
    }

    #[test]
    fn what_cannot_be_read_tells_nothing() {
        for bad in [vec![], vec![0xFF; 40], object("none", vec![0; 40]), serde_cbor_2::to_vec(&text("x")).unwrap()] {
            assert_eq!(of_attestation(&bad), None, "{bad:?}");
        }
        assert_eq!(as_if_present(&object("none", vec![0; 20])), None);
    }

    #[test]
    fn flags_are_set_only_where_nothing_signs_them() {
        let set = as_if_present(&object("none", vec![0; 60])).unwrap();
        assert_eq!(parts(&set).unwrap().1[FLAGS], 0b101);
        assert_eq!(as_if_present(&object("packed", vec![0; 60])), None);
    }
}
