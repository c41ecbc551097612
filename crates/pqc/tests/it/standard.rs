//! Whether this is ML-DSA-65 as others understand it: the vectors of Project Wycheproof, and AWS-LC as an oracle.

use aivalid_pqc::{PublicKey, SIGNATURE_BYTES, Signature, SigningKey};
use aws_lc_rs::signature::{KeyPair, ML_DSA_65, ML_DSA_65_SIGNING, PqdsaKeyPair, UnparsedPublicKey};
use proptest::prelude::*;
use wycheproof::{TestResult, mldsa_sign, mldsa_verify};

/// Signatures that are right, and every kind that is not: changed, of another length, with hints or norms out of bounds.
#[test]
fn wycheproof_verifies() {
    let set = mldsa_verify::TestSet::load(mldsa_verify::TestName::MlDsa65Verify).unwrap();
    let (mut good, mut bad) = (0, 0);
    for group in set.test_groups {
        let key = PublicKey::from_bytes(&group.pubkey);
        for test in group.tests {
            let context = test.ctx.as_ref().map_or(&[][..], AsRef::as_ref);
            let signature = Signature::from_bytes(&test.sig);
            let holds = key.as_ref().zip(signature).is_some_and(|(key, signature)| key.verifies_text(&test.msg, context, &signature));
            assert_eq!(holds, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            if holds { good += 1 } else { bad += 1 }
        }
    }
    assert!(good > 10 && bad > 20, "{good} good, {bad} bad");
}

/// The deterministic signatures of seeds, byte for byte.
#[test]
fn wycheproof_signs() {
    let set = mldsa_sign::TestSet::load(mldsa_sign::TestName::MlDsa65SignSeed).unwrap();
    let mut compared = 0;
    for group in set.test_groups {
        let seed: Option<[u8; 32]> = group.privseed.as_ref().and_then(|seed| seed.as_slice().try_into().ok());
        let Some(key) = seed.and_then(|seed| SigningKey::from_seed(&seed)) else { continue };
        for test in group.tests {
            // Those that sign a digest begin inside the algorithm, where nothing of ours does.
            let Some(text) = test.msg else { continue };
            let randomness: [u8; 32] = test.rnd.as_ref().map_or([0; 32], |bytes| bytes.as_slice().try_into().unwrap());
            let context = test.ctx.as_ref().map_or(&[][..], AsRef::as_ref);
            let signature = key.sign_text(&text, context, &randomness);
            if test.result == TestResult::Valid {
                assert_eq!(signature, Signature::from_bytes(&test.sig), "{}: {}", test.tc_id, test.comment);
                compared += 1;
            } else {
                assert_eq!(signature, None, "{}: {}", test.tc_id, test.comment);
            }
        }
    }
    assert!(compared > 20, "{compared}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Both ways: what one signs the other verifies, and neither takes what was changed. AWS-LC knows no contexts, so it is empty.
    #[test]
    fn aws_lc_agrees(seed: [u8; 32], randomness: [u8; 32], text in prop::collection::vec(any::<u8>(), 0..2_000), place in 0..SIGNATURE_BYTES) {
        let ours = SigningKey::from_seed(&seed).unwrap();
        let theirs = PqdsaKeyPair::from_seed(&ML_DSA_65_SIGNING, &seed).unwrap();
        prop_assert_eq!(ours.public().as_bytes(), theirs.public_key().as_ref());

        let signature = ours.sign_text(&text, b"", &randomness).unwrap();
        let verifier = UnparsedPublicKey::new(&ML_DSA_65, ours.public().as_bytes());
        prop_assert!(verifier.verify(&text, signature.as_bytes()).is_ok());

        let mut foreign = vec![0; SIGNATURE_BYTES];
        prop_assert_eq!(theirs.sign(&text, &mut foreign).unwrap(), SIGNATURE_BYTES);
        prop_assert!(ours.public().verifies_text(&text, b"", &Signature::from_bytes(&foreign).unwrap()));

        foreign[place] ^= 1;
        prop_assert!(verifier.verify(&text, &foreign).is_err());
        prop_assert!(!ours.public().verifies_text(&text, b"", &Signature::from_bytes(&foreign).unwrap()));
    }
}
