//! Phone numbers, and the guards of the codes that are sent to them.

use super::{
    CoreStore,
    fixtures::{account, at, user},
};
use crate::store::{
    EmailChanged, EmailWish, NewJob, NewUser, Passkey, PasskeyAdded, PasskeyDeleted, PhoneCleared, PhoneGuard, PhoneSet, Undoing,
    UserCreated,
};
use aivalid_model::{
    id::{PasskeyId, UserId},
    identity::{Country, PhoneNumber},
};
use futures::future::join_all;

pub(super) fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text, Some(Country::INDONESIA)).unwrap()
}

fn phone_account(id: i64, phone: &str) -> NewUser {
    NewUser { email: None, phone: Some(number(phone)), password_hash: None, ..account(id, &format!("orang_{id}")) }
}

/// Somebody who made the account with a number.
async fn by_phone(store: &dyn CoreStore, id: i64, phone: &str) -> UserId {
    let new = phone_account(id, phone);
    assert_eq!(store.user_create(&new, 3).await.unwrap(), UserCreated::Done);
    new.id
}

fn job(kind: &str) -> NewJob {
    NewJob { kind: kind.to_owned(), dedup: None, payload: vec![0, 0xFF], due_at: at(0), now: at(0) }
}

/// Several accounts without an address, found by their numbers; nothing that is empty is anybody's address.
pub async fn an_account_may_have_only_a_phone(store: &dyn CoreStore) {
    let (ani, budi) = (by_phone(store, 1, "0812-1111-1111").await, by_phone(store, 2, "0812-2222-2222").await);
    let found = store.user_by_phone("+6281211111111").await.unwrap().unwrap();
    assert_eq!((found.card.id, found.email.as_deref(), found.email_verified), (ani, None, false));
    assert_eq!(found.phone.as_ref().map(|phone| (phone.as_str(), phone.country())), Some(("+6281211111111", "ID")));
    assert_eq!(found.known_as(), "+6281211111111");
    assert_eq!(store.user_by_phone("+6281222222222").await.unwrap().unwrap().card.id, budi);
    assert_eq!(store.user_by_id(ani).await.unwrap(), Some(found));
    for nobody in ["", "+6281233333333", "081211111111", "\0"] {
        assert_eq!(store.user_by_phone(nobody).await.unwrap(), None, "{nobody:?}");
    }
    assert_eq!(store.user_by_email("").await.unwrap(), None);
    let wish =
        EmailWish { email: "ani@contoh.id".into(), digest: vec![1; 32], expires_at: at(60), letter: job("link"), taken: job("taken") };
    store.email_wish(ani, &wish).await.unwrap();
    assert_eq!(store.email_change(&[1; 32], at(5)).await.unwrap(), EmailChanged::Done { user: ani, before: None });
    assert_eq!(store.user_by_email("ani@contoh.id").await.unwrap().unwrap().card.id, ani);
}

/// Neither by signing up nor by being given; and what is refused leaves nothing: not the name, nor the device's count.
pub async fn a_number_belongs_to_one_account(store: &dyn CoreStore) {
    let (ani, budi) = (by_phone(store, 1, "0812-1111-1111").await, user(store, 2).await);
    let again = NewUser { device: Some("hp".into()), ..phone_account(3, "+62 812 1111 1111") };
    assert_eq!(store.user_create(&again, 1).await.unwrap(), UserCreated::PhoneTaken);
    let other = NewUser { device: Some("hp".into()), ..phone_account(3, "0812-3333-3333") };
    assert_eq!(store.user_create(&other, 1).await.unwrap(), UserCreated::Done);
    assert_eq!(store.phone_set(budi, &number("081211111111"), at(5)).await.unwrap(), PhoneSet::Taken);
    assert_eq!(store.user_by_id(budi).await.unwrap().unwrap().phone, None);
    assert_eq!(store.user_by_phone("+6281211111111").await.unwrap().unwrap().card.id, ani);
}

/// Eight at once: one account.
pub async fn racing_sign_ups_with_one_number_make_one_account(store: &dyn CoreStore) {
    let ups = (1..=8).map(|id| async move { store.user_create(&phone_account(id, "0812-1111-1111"), 3).await.unwrap() });
    let made = join_all(ups).await;
    assert_eq!(made.iter().filter(|created| **created == UserCreated::Done).count(), 1, "{made:?}");
    assert!(made.iter().all(|created| [UserCreated::Done, UserCreated::PhoneTaken].contains(created)), "{made:?}");
    assert_eq!(store.user_count().await.unwrap(), 1);
}

/// Countries that share a code are told apart.
pub async fn a_number_is_changed_and_its_country_kept(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    assert_eq!(store.phone_set(ani, &number("081211111111"), at(5)).await.unwrap(), PhoneSet::Done { before: None });
    let canada = PhoneNumber::parse("416 555 2671", Country::by_iso("CA")).unwrap();
    let before = Some(number("081211111111"));
    assert_eq!(store.phone_set(ani, &canada, at(6)).await.unwrap(), PhoneSet::Done { before });
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().phone, Some(canada.clone()));
    assert_eq!(store.phone_set(ani, &canada, at(7)).await.unwrap(), PhoneSet::Done { before: Some(canada.clone()) });
    assert_eq!(store.user_by_phone("+6281211111111").await.unwrap(), None);
    assert_eq!(store.phone_clear(ani, at(8)).await.unwrap(), PhoneCleared::Done(canada));
    assert_eq!(store.phone_clear(ani, at(9)).await.unwrap(), PhoneCleared::Missing);
    assert_eq!(store.phone_set(UserId(404), &number("081211111111"), at(5)).await.unwrap(), PhoneSet::Missing);
    assert_eq!(store.phone_clear(UserId(404), at(5)).await.unwrap(), PhoneCleared::Missing);
}

/// Eight accounts want one number.
pub async fn racing_accounts_get_a_number_once(store: &dyn CoreStore) {
    for id in 1..=8 {
        user(store, id).await;
    }
    let wanted = number("081211111111");
    let set = join_all((1..=8).map(|id| store.phone_set(UserId(id), &wanted, at(5)))).await;
    let done = set.into_iter().map(Result::unwrap).filter(|set| matches!(set, PhoneSet::Done { .. })).count();
    assert_eq!(done, 1);
}

fn passkey(id: i64, user: UserId) -> Passkey {
    Passkey {
        id: PasskeyId(id),
        user,
        credential: id.to_le_bytes().to_vec(),
        key: vec![1],
        name: "Ponsel".into(),
        counter: 0,
        backup_eligible: false,
        backed_up: false,
        transports: vec![],
        aaguid: String::new(),
        created_at: at(id),
        last_used_at: None,
    }
}

/// The number goes only where a password or a passkey is left, and a passkey where the number is left.
pub async fn the_last_way_in_stays(store: &dyn CoreStore) {
    let ani = by_phone(store, 1, "0812-1111-1111").await;
    assert_eq!(store.phone_clear(ani, at(5)).await.unwrap(), PhoneCleared::LastWay);
    assert!(store.user_by_id(ani).await.unwrap().unwrap().phone.is_some());
    store.passkey_handle(ani, &[1; 64]).await.unwrap();
    assert_eq!(store.passkey_add(&passkey(7, ani), 20).await.unwrap(), PasskeyAdded::Done);
    assert_eq!(store.passkey_delete(ani, PasskeyId(7), false).await.unwrap(), PasskeyDeleted::LastWay, "no code reaches the number");
    assert!(matches!(store.passkey_delete(ani, PasskeyId(7), true).await.unwrap(), PasskeyDeleted::Done(_)), "the number is left");
    assert_eq!(store.passkey_add(&passkey(8, ani), 20).await.unwrap(), PasskeyAdded::Done);
    assert_eq!(store.phone_clear(ani, at(6)).await.unwrap(), PhoneCleared::Done(number("081211111111")));
    assert_eq!(store.passkey_delete(ani, PasskeyId(8), true).await.unwrap(), PasskeyDeleted::LastWay);
}

/// Nobody can sign in with a password alone.
pub async fn a_password_without_an_address_is_no_way_in(store: &dyn CoreStore) {
    let ani = by_phone(store, 1, "0812-1111-1111").await;
    store.password_set(ani, "$argon2id$baru", b"ani", None, at(5)).await.unwrap();
    assert_eq!(store.phone_clear(ani, at(6)).await.unwrap(), PhoneCleared::LastWay);
    let budi = user(store, 2).await;
    store.phone_set(budi, &number("081222222222"), at(5)).await.unwrap();
    assert_eq!(store.phone_clear(budi, at(6)).await.unwrap(), PhoneCleared::Done(number("081222222222")));
}

/// And its job is there only where the change was made.
pub async fn a_guard_changes_only_from_what_was_read(store: &dyn CoreStore) {
    let put = async |from, state: &str| store.phone_guard_put(b"kunci", from, state, at(60), Some(&job("sms"))).await.unwrap();
    assert_eq!(store.phone_guard(b"kunci").await.unwrap(), None);
    assert!(!put(Some(1), "x").await, "there is nothing yet");
    assert!(put(None, "a").await);
    assert!(!put(None, "x").await, "there is something already");
    assert_eq!(store.phone_guard(b"kunci").await.unwrap(), Some(PhoneGuard { version: 1, state: "a".into() }));
    assert!(put(Some(1), "b").await);
    assert!(!put(Some(1), "x").await);
    assert_eq!(store.phone_guard(b"kunci").await.unwrap(), Some(PhoneGuard { version: 2, state: "b".into() }));
    assert_eq!(store.phone_guard(b"lain").await.unwrap(), None);
    let jobs: u64 = store.job_figures().await.unwrap().into_iter().map(|figures| figures.live).sum();
    assert_eq!(jobs, 2, "one for each change");
    assert!(store.phone_guard_put(b"kunci", Some(2), "c", at(60), None).await.unwrap());
}

/// Eight from one version: one.
pub async fn racing_changes_of_a_guard_make_one(store: &dyn CoreStore) {
    for from in [None, Some(1)] {
        let put = join_all((0..8).map(|_| store.phone_guard_put(b"kunci", from, "x", at(60), None))).await;
        assert_eq!(put.into_iter().map(Result::unwrap).filter(|made| *made).count(), 1, "{from:?}");
    }
}

/// To the second.
pub async fn old_guards_are_swept(store: &dyn CoreStore) {
    store.phone_guard_put(b"a", None, "x", at(60), None).await.unwrap();
    store.phone_guard_put(b"b", None, "x", at(61), None).await.unwrap();
    assert_eq!(store.phone_guards_sweep(at(59)).await.unwrap(), 0);
    assert_eq!(store.phone_guards_sweep(at(60)).await.unwrap(), 1);
    assert_eq!(store.phone_guard(b"a").await.unwrap(), None);
    assert!(store.phone_guard(b"b").await.unwrap().is_some());
}

/// Whoever took the number over could sign in with it again.
pub async fn this_was_not_me_takes_the_number(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.phone_set(ani, &number("081211111111"), at(5)).await.unwrap();
    let undoing = Undoing { email: "orang_1@contoh.id".into(), at: at(40), since: at(40), now: at(50) };
    store.account_undo(ani, &undoing).await.unwrap().unwrap();
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().phone, None);
    assert_eq!(store.user_by_phone("+6281211111111").await.unwrap(), None);
}

/// It is free for somebody else, also for several who were deleted.
pub async fn a_deleted_account_gives_its_number_up(store: &dyn CoreStore) {
    for id in 1..=3 {
        let somebody = by_phone(store, id, "0812-1111-1111").await;
        store.account_delete(somebody, at(10)).await.unwrap().unwrap();
        assert_eq!(store.user_by_phone("+6281211111111").await.unwrap(), None);
    }
}
