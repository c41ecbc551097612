//! Sessions.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use crate::store::{NewSession, NewlyShown, Rotation, Session};
use aivalid_model::{
    id::{SessionId, UserId},
    identity::{Method, Methods},
};
use futures::future::join_all;

/// How long sessions last here.
const LIFE: i64 = 1_000;

fn draft(id: i64, user: UserId, second: i64) -> NewSession {
    NewSession {
        id: SessionId(id),
        user,
        login_method: "password".into(),
        device: Some("perangkat".into()),
        ip: "203.0.113.7".into(),
        user_agent: "Mozilla/5.0 (penguji)".into(),
        methods: Methods::of(Method::Password),
        refresh: token(id),
        now: at(second),
        expires_at: at(second + LIFE),
        instead_of: None,
    }
}

fn token(id: i64) -> Vec<u8> {
    [id.to_le_bytes(), [0, 255, 39, 92, 0, 10, 13, 128]].concat()
}

async fn open(store: &dyn CoreStore, id: i64, user: UserId, second: i64) -> Vec<i64> {
    store.session_open(&draft(id, user, second), 3).await.unwrap().into_iter().map(|id| id.0).collect()
}

async fn get(store: &dyn CoreStore, id: i64) -> Session {
    store.session_get(SessionId(id)).await.unwrap().unwrap()
}

async fn live(store: &dyn CoreStore, user: UserId, second: i64) -> Vec<i64> {
    store.session_list(user, at(second)).await.unwrap().into_iter().map(|session| session.id.0).collect()
}

fn step(from: i64, to: i64, second: i64) -> Rotation {
    Rotation { from: token(from), to: token(to), now: at(second) }
}

fn shown(methods: Methods, elevated_by: Methods, elevate: bool, second: i64) -> NewlyShown {
    NewlyShown { methods, elevated_by, elevate, now: at(second) }
}

/// Factors that were shown later count for the session from then on; elevating lasts, and a session that ended stays as it was.
pub async fn what_is_shown_in_a_session_is_noted(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    open(store, 11, ani, 5).await;
    let (id, one) = (SessionId(11), Methods::of(Method::Password));
    let two = one.and(Method::Totp);
    assert!(store.session_authenticated(id, &shown(two, Methods::NONE, false, 6)).await.unwrap());
    let session = get(store, 11).await;
    assert_eq!((session.methods, session.authenticated_at, session.elevated_at), (two, at(6), None));
    assert!(store.session_authenticated(id, &shown(two, one, true, 7)).await.unwrap());
    assert_eq!(get(store, 11).await.elevated_by, one);
    assert!(store.session_authenticated(id, &shown(two, two, false, 8)).await.unwrap());
    let session = get(store, 11).await;
    assert_eq!((session.authenticated_at, session.elevated_at, session.elevated_by), (at(8), Some(at(7)), two));
    assert!(!store.session_authenticated(SessionId(12), &shown(two, two, true, 8)).await.unwrap());
    assert!(!store.session_authenticated(id, &shown(two, two, true, 5 + LIFE)).await.unwrap(), "expired");
    store.session_revoke(ani, id, "test", at(9)).await.unwrap();
    assert!(!store.session_authenticated(id, &shown(two, one, true, 10)).await.unwrap(), "revoked");
    assert_eq!((get(store, 11).await.elevated_at, get(store, 11).await.elevated_by), (Some(at(7)), two));
}

/// A session takes another's place, whosever that was; it needs no room of its own then.
pub async fn a_session_takes_anothers_place(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    for id in [11, 12, 13] {
        open(store, id, ani, id).await;
    }
    open(store, 90, budi, 14).await;
    let instead = |id, old| NewSession { instead_of: Some(SessionId(old)), ..draft(id, ani, 20) };
    assert_eq!(store.session_open(&instead(21, 13), 3).await.unwrap(), [], "nobody else had to make room");
    let ended = get(store, 13).await;
    assert_eq!((ended.revoked_at, ended.revoked_reason.as_deref()), (Some(at(20)), Some(Session::SUCCEEDED)));
    assert_eq!(store.session_open(&instead(22, 90), 9).await.unwrap(), []);
    assert_eq!((live(store, ani, 21).await.len(), live(store, budi, 21).await.len()), (4, 0));
    // What has ended, or never was, is in nobody's way, and keeps its end.
    store.session_open(&NewSession { now: at(30), ..instead(23, 13) }, 9).await.unwrap();
    store.session_open(&instead(24, 404), 9).await.unwrap();
    assert_eq!(get(store, 13).await.revoked_at, Some(at(20)));
}

/// Everything comes back, also digests with every kind of byte.
pub async fn a_session_is_stored_as_opened(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    assert_eq!(open(store, 11, ani, 5).await, [0; 0]);
    let expected = Session {
        id: SessionId(11),
        user: ani,
        login_method: "password".into(),
        device: Some("perangkat".into()),
        ip: "203.0.113.7".into(),
        user_agent: "Mozilla/5.0 (penguji)".into(),
        created_at: at(5),
        last_active_at: at(5),
        expires_at: at(5 + LIFE),
        methods: Methods::of(Method::Password),
        authenticated_at: at(5),
        elevated_at: None,
        elevated_by: Methods::NONE,
        revoked_at: None,
        revoked_reason: None,
        refresh: token(11),
        refresh_parent: None,
        rotated_at: at(5),
        recovery_until: None,
    };
    assert_eq!(get(store, 11).await, expected);
    assert_eq!(store.session_get(SessionId(12)).await.unwrap(), None);
}

/// Beyond the limit the oldest end; ended and expired ones do not count, nor do other people's.
pub async fn the_oldest_sessions_make_room(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    open(store, 90, budi, 0).await;
    for id in [11, 12, 13] {
        assert_eq!(open(store, id, ani, id).await, [0; 0]);
    }
    assert_eq!(open(store, 14, ani, 14).await, [11]);
    let oldest = get(store, 11).await;
    assert_eq!((oldest.revoked_at, oldest.revoked_reason.as_deref()), (Some(at(14)), Some(Session::LIMIT)));
    assert!(store.session_revoke(ani, SessionId(13), "logout", at(15)).await.unwrap());
    assert_eq!(get(store, 13).await.revoked_reason.as_deref(), Some("logout"));
    assert_eq!(open(store, 16, ani, 16).await, [0; 0]);
    let mut revoked = store.session_open(&draft(17, ani, 17), 1).await.unwrap();
    revoked.sort_unstable();
    assert_eq!(revoked, [SessionId(12), SessionId(14), SessionId(16)]);
    assert_eq!(open(store, 18, ani, 17 + LIFE).await, [0; 0], "what expired leaves room by itself");
    assert_eq!(live(store, budi, 20).await, [90]);
}

/// Ten devices at once.
pub async fn racing_sign_ins_stay_within_the_limit(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let drafts: Vec<_> = (11..21).map(|id| draft(id, ani, id)).collect();
    let revoked = join_all(drafts.iter().map(|draft| store.session_open(draft, 3))).await;
    assert_eq!(revoked.into_iter().map(|ids| ids.unwrap().len()).sum::<usize>(), 7);
    assert_eq!(live(store, ani, 30).await.len(), 3);
}

/// Ended and expired ones are left out.
pub async fn live_sessions_are_listed_last_used_first(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    for (id, second) in [(11, 1), (12, 2), (13, 3)] {
        open(store, id, ani, second).await;
    }
    store.session_touch(SessionId(11), "203.0.113.8", "lain", at(9)).await.unwrap();
    assert_eq!(live(store, ani, 10).await, [11, 13, 12]);
    assert!(store.session_revoke(ani, SessionId(13), "logout", at(10)).await.unwrap());
    assert_eq!(live(store, ani, 11).await, [11, 12]);
    assert_eq!(live(store, ani, LIFE + 1).await, [12], "the first one ends at that time");
    assert_eq!(live(store, ani, LIFE + 2).await, [0; 0]);
}

/// Neither an earlier token nor an ended session takes a step.
pub async fn a_step_needs_the_present_token(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    open(store, 11, ani, 0).await;
    assert!(store.session_rotate(SessionId(11), &step(11, 21, 30)).await.unwrap());
    let session = get(store, 11).await;
    assert_eq!((session.refresh, session.refresh_parent, session.rotated_at), (token(21), Some(token(11)), at(30)));
    assert!(!store.session_rotate(SessionId(11), &step(11, 22, 31)).await.unwrap());
    assert!(!store.session_rotate(SessionId(12), &step(21, 22, 31)).await.unwrap());
    assert!(!store.session_rotate(SessionId(11), &step(21, 22, LIFE)).await.unwrap(), "it is over");
    assert!(store.session_rotate(SessionId(11), &step(21, 22, 31)).await.unwrap());
    assert!(store.session_revoke(ani, SessionId(11), "logout", at(32)).await.unwrap());
    assert!(!store.session_rotate(SessionId(11), &step(22, 23, 33)).await.unwrap());
}

/// Parallel requests with one token: one of them rotates.
pub async fn of_racing_steps_one_succeeds(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    open(store, 11, ani, 0).await;
    let steps: Vec<_> = (0..16).map(|n| step(11, 100 + n, 30)).collect();
    let taken = join_all(steps.iter().map(|step| store.session_rotate(SessionId(11), step))).await;
    let winners: Vec<_> = taken.into_iter().zip(&steps).filter(|(won, _)| *won.as_ref().unwrap()).collect();
    assert_eq!(winners.len(), 1);
    let session = get(store, 11).await;
    assert_eq!((session.refresh, session.refresh_parent), (winners[0].1.to.clone(), Some(token(11))));
}

/// The present token's time is the guard: a second renewal with the old one fails.
pub async fn a_token_that_was_lost_is_renewed_once(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    open(store, 11, ani, 0).await;
    assert!(store.session_rotate(SessionId(11), &step(11, 21, 30)).await.unwrap());
    let renewals = join_all((0..8).map(|n| store.session_renew(SessionId(11), at(30), at(100 + n)))).await;
    assert_eq!(renewals.into_iter().filter(|renewed| *renewed.as_ref().unwrap()).count(), 1);
    let session = get(store, 11).await;
    assert_eq!((session.refresh, session.refresh_parent), (token(21), Some(token(11))));
    assert!(session.rotated_at >= at(100));
    assert!(!store.session_renew(SessionId(11), at(30), at(200)).await.unwrap());
    assert!(store.session_revoke(ani, SessionId(11), "logout", at(201)).await.unwrap());
    assert!(!store.session_renew(SessionId(11), session.rotated_at, at(202)).await.unwrap());
}

/// Where and when; an ended session stays as it ended, and time does not run backwards.
pub async fn using_a_session_is_noted(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    open(store, 11, ani, 0).await;
    store.session_touch(SessionId(11), "2001:db8::1", "lain", at(9)).await.unwrap();
    store.session_touch(SessionId(11), "203.0.113.99", "lama", at(8)).await.unwrap();
    let session = get(store, 11).await;
    assert_eq!((session.ip.as_str(), session.user_agent.as_str(), session.last_active_at), ("2001:db8::1", "lain", at(9)));
    assert!(store.session_revoke(ani, SessionId(11), "logout", at(10)).await.unwrap());
    store.session_touch(SessionId(11), "203.0.113.1", "lagi", at(11)).await.unwrap();
    assert_eq!(get(store, 11).await.last_active_at, at(9));
}

/// Not by others, not twice, not after its end.
pub async fn a_session_is_revoked_by_its_owner_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    open(store, 11, ani, 0).await;
    open(store, 12, ani, 0).await;
    assert!(!store.session_revoke(budi, SessionId(11), "logout", at(5)).await.unwrap());
    assert_eq!(get(store, 11).await.revoked_at, None);
    assert!(store.session_revoke(ani, SessionId(11), "logout", at(5)).await.unwrap());
    assert!(!store.session_revoke(ani, SessionId(11), "logout", at(6)).await.unwrap());
    assert_eq!(get(store, 11).await.revoked_at, Some(at(5)));
    assert!(!store.session_revoke(ani, SessionId(12), "logout", at(LIFE)).await.unwrap());
    assert!(!store.session_revoke(ani, SessionId(99), "logout", at(5)).await.unwrap());
}

/// Those that were live are named, so that caches can forget them.
pub async fn all_sessions_but_one_are_revoked(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    for (id, owner) in [(11, ani), (12, ani), (13, ani), (21, budi)] {
        open(store, id, owner, id).await;
    }
    assert!(store.session_revoke(ani, SessionId(12), "logout", at(20)).await.unwrap());
    assert_eq!(store.session_revoke_all(ani, Some(SessionId(13)), "password", at(30)).await.unwrap(), [SessionId(11)]);
    assert_eq!(live(store, ani, 31).await, [13]);
    assert_eq!(store.session_revoke_all(ani, None, "password", at(31)).await.unwrap(), [SessionId(13)]);
    assert_eq!(store.session_revoke_all(ani, None, "password", at(32)).await.unwrap(), []);
    assert_eq!(live(store, budi, 31).await, [21]);
}

/// What ended before the time goes for good; what ended later is kept for the record.
pub async fn sweeping_deletes_what_is_over(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    for id in [11, 12, 13] {
        open(store, id, ani, id).await;
    }
    assert!(store.session_revoke(ani, SessionId(11), "logout", at(100)).await.unwrap());
    assert!(store.session_revoke(ani, SessionId(12), "logout", at(200)).await.unwrap());
    assert_eq!(store.session_sweep(at(100)).await.unwrap(), 0);
    assert_eq!(store.session_sweep(at(101)).await.unwrap(), 1);
    assert_eq!(store.session_get(SessionId(11)).await.unwrap(), None);
    assert!(store.session_get(SessionId(12)).await.unwrap().is_some());
    assert_eq!(store.session_sweep(at(13 + LIFE + 1)).await.unwrap(), 2);
    assert_eq!(store.session_get(SessionId(13)).await.unwrap(), None);
}
