//! Passkeys.

use super::{
    CoreStore,
    fixtures::{account, at, user},
};
use crate::store::{NewUser, Passkey, PasskeyAdded, PasskeyDeleted, UserCreated};
use aivalid_model::id::{PasskeyId, UserId};
use futures::future::join_all;

/// A passkey that is not added yet; bytes that are no text.
fn passkey(id: i64, user: UserId) -> Passkey {
    Passkey {
        id: PasskeyId(id),
        user,
        credential: [&[0, 0xFF, 0xC3][..], &id.to_le_bytes()].concat(),
        key: vec![0, 1, 0xFE],
        name: "Ponsel Ani 📱".into(),
        counter: 0,
        backup_eligible: true,
        backed_up: false,
        transports: vec!["internal".into(), "hybrid".into()],
        aaguid: "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4".into(),
        created_at: at(id),
        last_used_at: None,
    }
}

fn handle(byte: u8) -> Vec<u8> {
    vec![byte; 64]
}

/// Somebody who can only sign in with passkeys.
async fn without_password(store: &dyn CoreStore, id: i64) -> UserId {
    let account = NewUser { password_hash: None, ..account(id, &format!("orang_{id}")) };
    assert_eq!(store.user_create(&account, 3).await.unwrap(), UserCreated::Done);
    store.passkey_handle(account.id, &handle(u8::try_from(id).unwrap())).await.unwrap();
    account.id
}

async fn with_handle(store: &dyn CoreStore, id: i64) -> UserId {
    let user = user(store, id).await;
    store.passkey_handle(user, &handle(u8::try_from(id).unwrap())).await.unwrap();
    user
}

async fn add(store: &dyn CoreStore, id: i64, user: UserId) -> Passkey {
    let passkey = passkey(id, user);
    assert_eq!(store.passkey_add(&passkey, 20).await.unwrap(), PasskeyAdded::Done);
    passkey
}

/// Somebody gets a passkey, for suites about other things.
pub(super) async fn one(store: &dyn CoreStore, user: UserId) {
    store.passkey_handle(user, &handle(9)).await.unwrap();
    add(store, 900, user).await;
}

async fn ids(store: &dyn CoreStore, user: UserId) -> Vec<i64> {
    store.passkey_ring(user).await.unwrap().unwrap().passkeys.into_iter().map(|passkey| passkey.id.0).collect()
}

async fn counter(store: &dyn CoreStore, passkey: &Passkey) -> u32 {
    store.passkey_by_credential(&passkey.credential).await.unwrap().unwrap().0.counter
}

/// Also among many at once; another account's is another.
pub async fn a_handle_is_made_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    assert_eq!(store.passkey_ring(ani).await.unwrap(), None);
    let fresh: Vec<_> = (0..8).map(handle).collect();
    let handles = join_all(fresh.iter().map(|fresh| store.passkey_handle(ani, fresh))).await;
    let first = handles[0].as_ref().unwrap().clone();
    assert!(handles.iter().all(|handle| *handle.as_ref().unwrap() == first) && fresh.contains(&first));
    assert_eq!(store.passkey_handle(budi, &handle(99)).await.unwrap(), handle(99));
    let ring = store.passkey_ring(ani).await.unwrap().unwrap();
    assert_eq!((ring.handle, ring.passkeys), (first, vec![]));
}

/// Oldest first, each with every field; found by its credential with its owner's handle.
pub async fn a_passkey_is_stored_as_made(store: &dyn CoreStore) {
    let (ani, budi) = (with_handle(store, 1).await, with_handle(store, 2).await);
    let second = add(store, 12, ani).await;
    let first = Passkey { counter: u32::MAX, last_used_at: Some(at(50)), transports: vec![], ..passkey(11, ani) };
    assert_eq!(store.passkey_add(&first, 20).await.unwrap(), PasskeyAdded::Done);
    add(store, 21, budi).await;
    let ring = store.passkey_ring(ani).await.unwrap().unwrap();
    assert_eq!((ring.handle, ring.passkeys), (handle(1), vec![first.clone(), second]));
    let found = store.passkey_by_credential(&first.credential).await.unwrap();
    assert_eq!(found, Some((first, handle(1))));
    assert_eq!(store.passkey_by_credential(b"unknown").await.unwrap(), None);
}

/// Neither its owner nor anybody else adds it again, also not at the same time.
pub async fn a_credential_belongs_to_one_account(store: &dyn CoreStore) {
    let (ani, budi) = (with_handle(store, 1).await, with_handle(store, 2).await);
    let theirs = passkey(11, ani);
    let copies: Vec<_> =
        (11..17).map(|id| Passkey { id: PasskeyId(id), user: if id % 2 == 0 { ani } else { budi }, ..theirs.clone() }).collect();
    let outcomes = join_all(copies.iter().map(|copy| store.passkey_add(copy, 20))).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == PasskeyAdded::Done).count(), 1);
    assert!(outcomes.iter().all(|outcome| *outcome != PasskeyAdded::TooMany));
    assert_eq!(ids(store, ani).await.len() + ids(store, budi).await.len(), 1);
}

/// The limit is each user's own.
pub async fn only_so_many_passkeys_are_kept(store: &dyn CoreStore) {
    let (ani, budi) = (with_handle(store, 1).await, with_handle(store, 2).await);
    for id in [11, 12] {
        assert_eq!(store.passkey_add(&passkey(id, ani), 2).await.unwrap(), PasskeyAdded::Done);
    }
    assert_eq!(store.passkey_add(&passkey(13, ani), 2).await.unwrap(), PasskeyAdded::TooMany);
    assert_eq!(store.passkey_add(&passkey(21, budi), 2).await.unwrap(), PasskeyAdded::Done);
    assert_eq!(ids(store, ani).await, [11, 12]);
}

/// Ten devices at once.
pub async fn racing_additions_stay_within_the_limit(store: &dyn CoreStore) {
    let ani = with_handle(store, 1).await;
    let drafts: Vec<_> = (11..21).map(|id| passkey(id, ani)).collect();
    let outcomes = join_all(drafts.iter().map(|draft| store.passkey_add(draft, 3))).await;
    assert_eq!(outcomes.into_iter().filter(|outcome| *outcome.as_ref().unwrap() == PasskeyAdded::Done).count(), 3);
    assert_eq!(ids(store, ani).await.len(), 3);
}

/// A counter that stands still or falls may come from a copy.
pub async fn a_counter_only_rises(store: &dyn CoreStore) {
    let ani = with_handle(store, 1).await;
    let key = add(store, 11, ani).await;
    assert!(store.passkey_used(key.id, 5, true, at(20)).await.unwrap());
    for copy in [0, 4, 5] {
        assert!(!store.passkey_used(key.id, copy, false, at(30)).await.unwrap(), "{copy}");
    }
    let stored = store.passkey_by_credential(&key.credential).await.unwrap().unwrap().0;
    assert_eq!((stored.counter, stored.backed_up, stored.last_used_at), (5, true, Some(at(20))));
    assert!(store.passkey_used(key.id, u32::MAX, false, at(10)).await.unwrap());
    let stored = store.passkey_by_credential(&key.credential).await.unwrap().unwrap().0;
    assert_eq!((stored.counter, stored.backed_up, stored.last_used_at), (u32::MAX, false, Some(at(20))), "time does not run backwards");
    assert!(!store.passkey_used(PasskeyId(99), 9, true, at(40)).await.unwrap());
}

/// One answer of the authenticator, shown many times.
pub async fn of_racing_uses_of_a_counter_one_counts(store: &dyn CoreStore) {
    let ani = with_handle(store, 1).await;
    let key = add(store, 11, ani).await;
    let uses = join_all((0..12).map(|_| store.passkey_used(key.id, 7, true, at(20)))).await;
    assert_eq!(uses.into_iter().filter(|used| *used.as_ref().unwrap()).count(), 1);
    assert_eq!(counter(store, &key).await, 7);
}

/// Synced passkeys say 0 each time.
pub async fn a_passkey_that_does_not_count_stays_at_zero(store: &dyn CoreStore) {
    let ani = with_handle(store, 1).await;
    let key = add(store, 11, ani).await;
    for second in [20, 30] {
        assert!(store.passkey_used(key.id, 0, true, at(second)).await.unwrap());
    }
    assert_eq!(counter(store, &key).await, 0);
}

/// Not by others.
pub async fn a_passkey_is_renamed_by_its_owner(store: &dyn CoreStore) {
    let (ani, budi) = (with_handle(store, 1).await, with_handle(store, 2).await);
    let key = add(store, 11, ani).await;
    assert!(!store.passkey_rename(budi, key.id, "Punya Budi").await.unwrap());
    assert!(store.passkey_rename(ani, key.id, "Laptop kantor").await.unwrap());
    assert!(!store.passkey_rename(ani, PasskeyId(99), "x").await.unwrap());
    let stored = store.passkey_by_credential(&key.credential).await.unwrap().unwrap().0;
    assert_eq!(stored, Passkey { name: "Laptop kantor".into(), ..key });
}

/// With a password every passkey can go; without one the last stays. Others' passkeys are not there.
pub async fn the_last_way_to_sign_in_stays(store: &dyn CoreStore) {
    let (ani, budi) = (with_handle(store, 1).await, without_password(store, 2).await);
    let key = add(store, 11, ani).await;
    for id in [21, 22] {
        add(store, id, budi).await;
    }
    assert_eq!(store.passkey_delete(budi, key.id, true).await.unwrap(), PasskeyDeleted::Missing);
    assert_eq!(store.passkey_delete(ani, key.id, true).await.unwrap(), PasskeyDeleted::Done(Box::new(key.clone())));
    assert_eq!(store.passkey_delete(ani, key.id, true).await.unwrap(), PasskeyDeleted::Missing);
    assert_eq!(ids(store, ani).await, [0; 0]);
    assert!(matches!(store.passkey_delete(budi, PasskeyId(21), true).await.unwrap(), PasskeyDeleted::Done(_)));
    assert_eq!(store.passkey_delete(budi, PasskeyId(22), true).await.unwrap(), PasskeyDeleted::LastWay);
    assert_eq!(ids(store, budi).await, [22]);
}

/// Two tabs, each taking away what the other leaves.
pub async fn racing_deletions_leave_one(store: &dyn CoreStore) {
    let budi = without_password(store, 2).await;
    for id in 21..25 {
        add(store, id, budi).await;
    }
    let outcomes = join_all((21..25).map(|id| store.passkey_delete(budi, PasskeyId(id), true))).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, PasskeyDeleted::Done(_))).count(), 3);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == PasskeyDeleted::LastWay).count(), 1);
    assert_eq!(ids(store, budi).await.len(), 1);
}
