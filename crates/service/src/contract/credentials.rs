//! What guards an account.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use crate::store::{
    Acquaintance, EmailChanged, EmailWish, KnownDevice, LockRule, NewJob, NewSession, OneTime, PasskeyDeleted, SeenDevice, Undoing,
    WrongPasswords,
};
use aivalid_model::{
    id::{SessionId, UserId},
    identity::{Method, Methods},
};
use futures::future::join_all;
use std::time::Duration;

const RULE: LockRule = LockRule { after: 3, lasts: Duration::from_secs(100) };

async fn add(store: &dyn CoreStore, address: &[u8], second: i64) -> WrongPasswords {
    store.wrong_password_add(address, RULE, at(second)).await.unwrap()
}

fn wrong(consecutive: i64, total: i64, locked_until: Option<i64>) -> WrongPasswords {
    WrongPasswords { consecutive, total, locked_until: locked_until.map(at) }
}

/// Every third one in a row locks; the lock's end stays until there is another lock.
pub async fn wrong_passwords_lock(store: &dyn CoreStore) {
    assert_eq!(store.wrong_passwords(b"a").await.unwrap(), WrongPasswords::default());
    assert_eq!(add(store, b"a", 1).await, wrong(1, 1, None));
    assert_eq!(add(store, b"a", 2).await, wrong(2, 2, None));
    assert_eq!(add(store, b"a", 3).await, wrong(0, 3, Some(103)));
    assert_eq!(add(store, b"a", 4).await, wrong(1, 4, Some(103)));
    assert_eq!(store.wrong_passwords(b"b").await.unwrap(), WrongPasswords::default(), "others are counted apart");
    assert!(store.wrong_passwords_forget(b"a").await.unwrap());
    assert!(!store.wrong_passwords_forget(b"a").await.unwrap());
    assert_eq!(store.wrong_passwords(b"a").await.unwrap(), WrongPasswords::default());
}

/// None is lost, and exactly one of three begins the lock.
pub async fn racing_wrong_passwords_are_all_counted(store: &dyn CoreStore) {
    let counted = join_all((0..12).map(|_| add(store, b"a", 1))).await;
    assert_eq!(counted.iter().filter(|wrong| wrong.consecutive == 0).count(), 4);
    assert_eq!(store.wrong_passwords(b"a").await.unwrap().total, 12);
}

/// Old ones are forgotten, but not what disables a password.
pub async fn old_wrong_passwords_are_swept(store: &dyn CoreStore) {
    add(store, b"old", 1).await;
    add(store, b"new", 50).await;
    for _ in 0..4 {
        add(store, b"many", 1).await;
    }
    assert_eq!(store.wrong_passwords_sweep(at(50), 4).await.unwrap(), 1);
    assert_eq!(store.wrong_passwords(b"old").await.unwrap().total, 0);
    assert_eq!(store.wrong_passwords(b"new").await.unwrap().total, 1);
    assert_eq!(store.wrong_passwords(b"many").await.unwrap().total, 4);
}

async fn see(store: &dyn CoreStore, user: UserId, device: &str, second: i64) -> Acquaintance {
    let ip = format!("203.0.113.{second}");
    store.device_seen(user, SeenDevice { device, ip: &ip, user_agent: "Firefox", now: at(second) }).await.unwrap()
}

/// The first device, a second one, and both again.
pub async fn devices_become_known(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    assert!(!store.device_is_known(ani, "laptop").await.unwrap());
    assert_eq!(see(store, ani, "laptop", 1).await, Acquaintance::First);
    assert_eq!(see(store, ani, "ponsel", 2).await, Acquaintance::New);
    assert_eq!(see(store, ani, "laptop", 3).await, Acquaintance::Known);
    assert!(store.device_is_known(ani, "laptop").await.unwrap() && !store.device_is_known(budi, "laptop").await.unwrap());
    let expected = |device: &str, first, last| KnownDevice {
        device: device.to_owned(),
        first_at: at(first),
        last_at: at(last),
        ip: format!("203.0.113.{last}"),
        user_agent: "Firefox".to_owned(),
    };
    assert_eq!(store.device_list(ani).await.unwrap(), [expected("laptop", 1, 3), expected("ponsel", 2, 2)]);
    let racing = join_all((0..8).map(|_| see(store, budi, "tablet", 4))).await;
    assert_eq!(racing.iter().filter(|seen| **seen != Acquaintance::Known).count(), 1);
}

async fn session(store: &dyn CoreStore, id: i64, user: UserId) {
    let session = NewSession {
        id: SessionId(id),
        user,
        login_method: "password".into(),
        device: Some("laptop".into()),
        ip: "203.0.113.7".into(),
        user_agent: "Firefox".into(),
        methods: Methods::of(Method::Password),
        refresh: id.to_le_bytes().to_vec(),
        now: at(0),
        expires_at: at(1000),
        instead_of: None,
    };
    store.session_open(&session, 10).await.unwrap();
}

async fn live(store: &dyn CoreStore, user: UserId) -> usize {
    store.session_list(user, at(1)).await.unwrap().len()
}

async fn hash(store: &dyn CoreStore, user: UserId) -> Option<String> {
    store.user_by_id(user).await.unwrap().unwrap().password_hash
}

/// Where there are passkeys, a password from a mailed link is marked until it is proven, replaced, or the account recovered.
pub async fn a_mailed_password_counts_once_something_was_shown_beside_it(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    store.user_verify_email(ani, at(0)).await.unwrap();
    super::passkeys::one(store, ani).await;
    let reset = async |user, hash: &str| {
        store.token_put(OneTime::ResetPassword, &[7; 32], user, at(60)).await.unwrap();
        store.password_reset(&[7; 32], hash, b"x", at(2)).await.unwrap().unwrap();
    };
    let mailed = async |user| store.user_by_id(user).await.unwrap().unwrap().password_mailed;
    assert!(!mailed(ani).await);
    reset(ani, "neu").await;
    reset(budi, "neu").await;
    assert!(mailed(ani).await);
    assert!(!mailed(budi).await, "no passkey could be shown");
    store.mailed_password_proven(ani, "alt").await.unwrap();
    assert!(mailed(ani).await, "another password was proven");
    store.mailed_password_proven(ani, "neu").await.unwrap();
    assert!(!mailed(ani).await);
    reset(ani, "neuer").await;
    store.password_set(ani, "selbst", b"ani", None, at(3)).await.unwrap();
    assert!(!mailed(ani).await);
}

/// A marked password is no way in by itself, also not by taking the last passkey away.
pub async fn a_mailed_password_goes_with_the_last_passkey(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.user_verify_email(ani, at(0)).await.unwrap();
    super::passkeys::one(store, ani).await;
    store.token_put(OneTime::ResetPassword, &[7; 32], ani, at(60)).await.unwrap();
    store.password_reset(&[7; 32], "neu", b"x", at(2)).await.unwrap().unwrap();
    let passkey = store.passkey_ring(ani).await.unwrap().unwrap().passkeys.remove(0).id;
    assert_eq!(store.passkey_delete(ani, passkey, false).await.unwrap(), PasskeyDeleted::LastWay);
    store.phone_set(ani, &super::phones::number("081211111111"), at(5)).await.unwrap();
    assert!(matches!(store.passkey_delete(ani, passkey, true).await.unwrap(), PasskeyDeleted::Done(_)));
    let account = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((account.password_hash, account.password_mailed), (None, false));
}

/// Setting a password ends the sessions but the one that set it.
pub async fn a_new_password_ends_other_sessions(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    session(store, 11, ani).await;
    session(store, 12, ani).await;
    add(store, b"ani", 1).await;
    add(store, b"budi", 1).await;
    assert_eq!(store.password_set(ani, "neu", b"ani", Some(SessionId(12)), at(5)).await.unwrap(), [SessionId(11)]);
    assert_eq!(store.wrong_passwords(b"ani").await.unwrap(), WrongPasswords::default(), "guesses at the old one");
    assert_eq!(store.wrong_passwords(b"budi").await.unwrap().total, 1);
    assert_eq!((hash(store, ani).await.as_deref(), live(store, ani).await), (Some("neu"), 1));
}

/// A reset link works once, and of racing uses one sets the password.
pub async fn a_reset_link_sets_a_password_once(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    session(store, 11, ani).await;
    add(store, b"ani", 1).await;
    store.token_put(OneTime::ResetPassword, &[7; 32], ani, at(60)).await.unwrap();
    assert_eq!(store.password_reset_owner(&[8; 32], at(1)).await.unwrap(), None);
    assert_eq!(store.password_reset_owner(&[7; 32], at(60)).await.unwrap(), None, "too old");
    assert_eq!(store.password_reset_owner(&[7; 32], at(1)).await.unwrap(), Some(ani));
    let uses = join_all((0..8).map(|_| store.password_reset(&[7; 32], "neu", b"ani", at(2)))).await;
    let done: Vec<_> = uses.into_iter().filter_map(|used| used.unwrap()).collect();
    assert_eq!(done, [(ani, vec![SessionId(11)])]);
    let account = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((account.password_hash.as_deref(), account.email_verified), (Some("neu"), true));
    assert_eq!(store.wrong_passwords(b"ani").await.unwrap(), WrongPasswords::default());
}

fn job(kind: &str) -> NewJob {
    NewJob { kind: kind.to_owned(), dedup: None, payload: kind.into(), due_at: at(0), now: at(0) }
}

fn wish(email: &str, digest: u8) -> EmailWish {
    EmailWish { email: email.to_owned(), digest: vec![digest; 32], expires_at: at(60), letter: job("link"), taken: job("taken") }
}

async fn letters(store: &dyn CoreStore) -> Vec<String> {
    store.job_list(false, 10).await.unwrap().into_iter().map(|job| job.kind).collect()
}

/// The account gets the address once the link is followed, once; a newer wish replaces the one before.
pub async fn an_address_changes_with_its_link(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.email_wish(ani, &wish("ani.lama@contoh.id", 1)).await.unwrap();
    store.email_wish(ani, &wish("ani.baru@contoh.id", 2)).await.unwrap();
    assert_eq!(letters(store).await, ["link", "link"]);
    assert_eq!(store.email_change(&[1; 32], at(1)).await.unwrap(), EmailChanged::Invalid);
    assert_eq!(store.email_change(&[2; 32], at(60)).await.unwrap(), EmailChanged::Invalid, "too old");
    store.email_wish(ani, &wish("ani.baru@contoh.id", 3)).await.unwrap();
    let changed = store.email_change(&[3; 32], at(1)).await.unwrap();
    assert_eq!(changed, EmailChanged::Done { user: ani, before: Some("orang_1@contoh.id".to_owned()) });
    assert_eq!(store.email_change(&[3; 32], at(1)).await.unwrap(), EmailChanged::Invalid);
    let account = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((account.email.as_deref(), account.email_verified), (Some("ani.baru@contoh.id"), true));
}

/// An address that has an account is not given to another, be it taken before the wish or before the link.
pub async fn a_taken_address_stays_its_owners(store: &dyn CoreStore) {
    let (ani, budi, citra) = (user(store, 1).await, user(store, 2).await, user(store, 3).await);
    store.email_wish(ani, &wish("orang_2@contoh.id", 1)).await.unwrap();
    assert_eq!(letters(store).await, ["taken"]);
    assert_eq!(store.email_change(&[1; 32], at(1)).await.unwrap(), EmailChanged::Invalid);
    for (person, digest) in [(budi, 2), (citra, 3)] {
        store.email_wish(person, &wish("bersama@contoh.id", digest)).await.unwrap();
    }
    let (digests, mut done) = ([[2; 32], [3; 32]], 0);
    for changed in join_all(digests.iter().map(|digest| store.email_change(digest, at(1)))).await {
        // Whoever comes second either finds it taken or meets the unique address.
        done += usize::from(matches!(changed, Ok(EmailChanged::Done { .. })));
    }
    assert_eq!(done, 1);
}

fn undoing(email: &str, since: i64) -> Undoing {
    Undoing { email: email.to_owned(), at: at(since), since: at(since), now: at(50) }
}

/// The password is taken away, the old address comes back, sessions and what was set up since then are gone.
pub async fn this_was_not_me_undoes_it(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    session(store, 11, ani).await;
    store.email_wish(ani, &wish("penipu@contoh.id", 1)).await.unwrap();
    store.email_change(&[1; 32], at(10)).await.unwrap();
    store.email_wish(ani, &wish("penipu2@contoh.id", 2)).await.unwrap();
    store.token_put(OneTime::ResetPassword, &[7; 32], ani, at(60)).await.unwrap();
    store.totp_begin(ani, b"s", at(20)).await.unwrap();
    store.totp_enable(ani, b"s", 1, &[vec![1; 32]], at(20)).await.unwrap();
    see(store, ani, "laptop", 1).await;
    see(store, ani, "ponsel", 20).await;
    let undone = store.account_undo(ani, &undoing("orang_1@contoh.id", 10)).await.unwrap();
    assert_eq!(undone, Some(vec![SessionId(11)]));
    let account = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((account.email.as_deref(), account.password_hash), (Some("orang_1@contoh.id"), None));
    assert_eq!(store.device_list(ani).await.unwrap(), [], "nobody knows since when a thief has been there");
    assert_eq!(store.totp_get(ani).await.unwrap(), None);
    assert_eq!(store.backup_codes_left(ani).await.unwrap(), 0);
    assert_eq!(store.password_reset_owner(&[7; 32], at(51)).await.unwrap(), None);
    assert_eq!(store.email_change(&[2; 32], at(51)).await.unwrap(), EmailChanged::Invalid);
    assert_eq!(store.account_undo(UserId(404), &undoing("x@contoh.id", 10)).await.unwrap(), None);
}

/// What was there before stays, and another's address stays theirs.
pub async fn undoing_spares_what_was_there_before(store: &dyn CoreStore) {
    let (ani, _budi) = (user(store, 1).await, user(store, 2).await);
    store.totp_begin(ani, b"s", at(5)).await.unwrap();
    store.totp_enable(ani, b"s", 1, &[vec![1; 32]], at(5)).await.unwrap();
    store.account_undo(ani, &undoing("orang_1@contoh.id", 10)).await.unwrap().unwrap();
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().email.as_deref(), Some("orang_1@contoh.id"));
    assert!(store.totp_get(ani).await.unwrap().is_some());
    assert_eq!(store.backup_codes_left(ani).await.unwrap(), 0, "nobody knows who made them");
}

/// An address comes back from an account that never confirmed it; where another has, the account is left without one.
pub async fn a_left_address_comes_back(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let mut squatter = super::fixtures::account(3, "orang_3");
    squatter.email_verified = false;
    assert_eq!(store.user_create(&squatter, 9).await.unwrap(), crate::store::UserCreated::Done);
    store.account_undo(ani, &undoing("orang_3@contoh.id", 10)).await.unwrap().unwrap();
    let email = async |id| store.user_by_id(id).await.unwrap().unwrap().email;
    assert_eq!(email(ani).await.as_deref(), Some("orang_3@contoh.id"));
    assert_eq!(email(squatter.id).await, None);
    store.user_verify_email(budi, at(12)).await.unwrap();
    store.account_undo(ani, &Undoing { now: at(60), ..undoing("orang_2@contoh.id", 5) }).await.unwrap().unwrap();
    assert_eq!((email(ani).await, email(budi).await.as_deref()), (None, Some("orang_2@contoh.id")));
}

/// A letter to another address that was written after the one whose link was followed is void; one written before it, or after
/// the following, is not.
pub async fn an_undoing_voids_later_letters_to_others(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let undo = async |email: &str, written: i64, now: i64| {
        let undoing = Undoing { email: email.to_owned(), at: at(written), since: at(written), now: at(now) };
        store.account_undo(ani, &undoing).await.unwrap().is_some()
    };
    assert!(undo("orang_1@contoh.id", 10, 50).await);
    assert!(!undo("maling@contoh.id", 20, 60).await);
    assert!(!undo("maling@contoh.id", 50, 60).await);
    assert!(undo("orang_1@contoh.id", 20, 60).await, "the same address's own");
    assert!(undo("lama@contoh.id", 5, 70).await, "an older letter is more than a newer one");
    assert!(!undo("orang_1@contoh.id", 20, 80).await);
    assert!(undo("baru@contoh.id", 90, 95).await);
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().email.as_deref(), Some("baru@contoh.id"));
}

/// Nothing personal is left, the name stays taken, the address is free.
pub async fn a_deleted_account_leaves_nothing_personal(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    session(store, 11, ani).await;
    see(store, ani, "laptop", 1).await;
    store.totp_begin(ani, b"s", at(5)).await.unwrap();
    assert_eq!(store.account_delete(ani, at(10)).await.unwrap(), Some(vec![SessionId(11)]));
    assert_eq!(store.account_delete(ani, at(11)).await.unwrap(), None);
    assert_eq!(store.user_by_id(ani).await.unwrap(), None);
    assert_eq!(store.user_by_email("orang_1@contoh.id").await.unwrap(), None);
    assert_eq!(store.user_by_username("orang_1").await.unwrap(), None);
    assert_eq!(store.user_cards(&[ani]).await.unwrap(), []);
    assert_eq!(store.device_list(ani).await.unwrap(), []);
    assert_eq!(store.totp_get(ani).await.unwrap(), None);
    let ended = store.session_get(SessionId(11)).await.unwrap().unwrap();
    assert_eq!((ended.ip.as_str(), ended.user_agent.as_str(), ended.device), ("", "", None));
    let mut next = super::fixtures::account(4, "orang_4");
    next.email = Some("orang_1@contoh.id".into());
    assert_eq!(store.user_create(&next, 3).await.unwrap(), crate::store::UserCreated::Done, "the address is free");
    let same_name = super::fixtures::account(5, "orang_1");
    assert_eq!(store.user_create(&same_name, 3).await.unwrap(), crate::store::UserCreated::UsernameTaken);
}
