//! Authenticator apps and backup codes.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use futures::future::join_all;

fn codes(numbers: std::ops::Range<u8>) -> Vec<Vec<u8>> {
    numbers.map(|number| vec![number; 32]).collect()
}

/// A secret counts only once it is switched on; until then another one may take its place.
pub async fn a_secret_is_set_up_and_switched_on(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    assert_eq!(store.totp_get(ani).await.unwrap(), None);
    assert!(store.totp_begin(ani, b"first", at(0)).await.unwrap());
    assert!(store.totp_begin(ani, b"second", at(1)).await.unwrap());
    assert!(!store.totp_use(ani, 5).await.unwrap(), "not on yet");
    assert!(!store.totp_enable(ani, b"first", 5, &codes(0..8), at(2)).await.unwrap(), "another took its place");
    assert!(store.totp_enable(ani, b"second", 5, &codes(0..8), at(2)).await.unwrap());
    let record = store.totp_get(ani).await.unwrap().unwrap();
    assert_eq!((record.secret.as_slice(), record.last_step, record.enabled_at), (b"second".as_slice(), 5, Some(at(2))));
    assert_eq!(store.backup_codes_left(ani).await.unwrap(), 8);
    assert!(!store.totp_begin(ani, b"third", at(3)).await.unwrap(), "one is on");
    assert!(!store.totp_enable(ani, b"second", 6, &codes(8..16), at(3)).await.unwrap(), "on already");
    assert_eq!(store.backup_codes_left(ani).await.unwrap(), 8);
}

/// A step is accepted once, and none before it afterwards.
pub async fn a_step_is_used_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    for person in [ani, budi] {
        store.totp_begin(person, b"s", at(0)).await.unwrap();
        store.totp_enable(person, b"s", 10, &[], at(0)).await.unwrap();
    }
    assert!(!store.totp_use(ani, 10).await.unwrap(), "used when it was switched on");
    let uses = join_all((0..20).map(|_| store.totp_use(ani, 12))).await;
    assert_eq!(uses.into_iter().filter(|used| *used.as_ref().unwrap()).count(), 1);
    assert!(!store.totp_use(ani, 11).await.unwrap());
    assert!(store.totp_use(ani, 13).await.unwrap());
    assert!(store.totp_use(budi, 11).await.unwrap(), "other people's steps are their own");
}

/// A code works once, for its owner.
pub async fn a_backup_code_is_used_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    for (person, codes) in [(ani, codes(0..3)), (budi, codes(1..4))] {
        store.totp_begin(person, b"s", at(0)).await.unwrap();
        store.totp_enable(person, b"s", 1, &codes, at(0)).await.unwrap();
    }
    let uses = join_all((0..20).map(|_| store.backup_code_use(ani, &[1; 32], at(1)))).await;
    assert_eq!(uses.into_iter().filter(|used| *used.as_ref().unwrap()).count(), 1);
    assert!(!store.backup_code_use(ani, &[3; 32], at(1)).await.unwrap(), "somebody else's");
    assert_eq!((store.backup_codes_left(ani).await.unwrap(), store.backup_codes_left(budi).await.unwrap()), (2, 3));
}

/// New codes end all earlier ones, used or not.
pub async fn new_backup_codes_replace_the_old(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    assert!(!store.backup_codes_replace(ani, &codes(0..8)).await.unwrap(), "nothing is on");
    store.totp_begin(ani, b"s", at(0)).await.unwrap();
    assert!(!store.backup_codes_replace(ani, &codes(0..8)).await.unwrap(), "not on yet");
    store.totp_enable(ani, b"s", 1, &codes(0..8), at(0)).await.unwrap();
    store.backup_code_use(ani, &[0; 32], at(1)).await.unwrap();
    assert!(store.backup_codes_replace(ani, &codes(0..4)).await.unwrap());
    assert_eq!(store.backup_codes_left(ani).await.unwrap(), 4);
    assert!(!store.backup_code_use(ani, &[5; 32], at(2)).await.unwrap());
    assert!(store.backup_code_use(ani, &[0; 32], at(2)).await.unwrap(), "the new one");
}

/// Switching off forgets everything.
pub async fn switching_off_forgets_secret_and_codes(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.totp_begin(ani, b"s", at(0)).await.unwrap();
    assert!(!store.totp_disable(ani).await.unwrap(), "not on yet");
    store.totp_enable(ani, b"s", 1, &codes(0..8), at(0)).await.unwrap();
    assert!(store.totp_disable(ani).await.unwrap());
    assert!(!store.totp_disable(ani).await.unwrap());
    assert_eq!(store.totp_get(ani).await.unwrap(), None);
    assert_eq!(store.backup_codes_left(ani).await.unwrap(), 0);
    assert!(!store.backup_code_use(ani, &[1; 32], at(1)).await.unwrap());
}
