//! Requests to recover accounts.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use crate::store::{ApiToken, NewAuditEntry, NewJob, NewSession, OneTime, Recovery, RecoveryStep, RecoveryVerdict, Told, Undoing};
use aivalid_model::{
    Timestamp,
    audit::{AuditFilter, Outcome},
    id::{ApiTokenId, RecoveryId, SessionId, UserId},
    identity::{Method, Methods, RecoveryState, Scopes},
    page::PageRequest,
};
use futures::future::join_all;

const LINK: [u8; 32] = [7; 32];

fn told(event: &str, user: UserId, letters: i64, now: Timestamp) -> Told {
    let letter = |n: i64| NewJob { kind: "mail".into(), dedup: None, payload: vec![u8::try_from(n).unwrap()], due_at: now, now };
    let entry = NewAuditEntry {
        at: now,
        event: event.to_owned(),
        outcome: Outcome::Done,
        actor: None,
        subject: Some(user),
        target: None,
        session: None,
        ip: "127.0.0.1".into(),
        user_agent: String::new(),
        request_id: String::new(),
        details: "{}".into(),
    };
    Told { letters: (0..letters).map(letter).collect(), entry }
}

fn request(id: i64, user: UserId, second: i64) -> Recovery {
    Recovery {
        id: RecoveryId(id),
        user,
        state: RecoveryState::Waiting,
        statement: Some("Ponsel hilang di kereta 🚆,\nkodenya juga.".into()),
        ip: "203.0.113.9".into(),
        user_agent: "Firefox/140 Linux".into(),
        asked_at: at(second),
        waits_until: at(second + 100),
        announced: 1,
        link_until: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        ended_at: None,
        stopped_by: None,
    }
}

/// A request, kept, that is first due 30 seconds later.
async fn begun(store: &dyn CoreStore, id: i64, user: UserId, second: i64) -> Recovery {
    let request = request(id, user, second);
    assert!(store.recovery_begin(&request, at(second + 30), &told("recovery.asked", user, 1, at(second))).await.unwrap());
    request
}

fn step(recovery: &Recovery, to: RecoveryState, second: i64) -> RecoveryStep {
    let link = (to == RecoveryState::Ready).then(|| (LINK.to_vec(), at(second + 50)));
    RecoveryStep {
        id: recovery.id,
        from: (recovery.state, recovery.announced),
        to: (to, recovery.announced),
        next_at: link.as_ref().map(|(_, until)| *until),
        link,
        verdict: None,
        told: told("recovery.step", recovery.user, 1, at(second)),
        now: at(second),
    }
}

/// A request whose link works from second 100 to 150.
async fn ready(store: &dyn CoreStore, id: i64, user: UserId) -> Recovery {
    let request = begun(store, id, user, 0).await;
    assert!(store.recovery_step(&step(&request, RecoveryState::Ready, 100)).await.unwrap());
    store.recovery_get(request.id).await.unwrap().unwrap()
}

/// Kept in a queue of the same database, and told in the same transaction.
async fn letters(store: &dyn CoreStore) -> u64 {
    store.job_figures().await.unwrap().first().map_or(0, |figures| figures.live)
}

async fn events(store: &dyn CoreStore, user: UserId) -> Vec<String> {
    let filter = AuditFilter { subject: Some(user), ..AuditFilter::default() };
    store.audit_list(&filter, None, 50).await.unwrap().into_iter().rev().map(|record| record.entry.event).collect()
}

async fn state(store: &dyn CoreStore, id: RecoveryId) -> RecoveryState {
    store.recovery_get(id).await.unwrap().unwrap().state
}

/// An authenticator app that is on, with a backup code.
async fn with_app(store: &dyn CoreStore, user: UserId) {
    assert!(store.totp_begin(user, b"sealed", at(0)).await.unwrap());
    assert!(store.totp_enable(user, b"sealed", 1, &[vec![1; 32]], at(0)).await.unwrap());
}

async fn session(store: &dyn CoreStore, id: i64, user: UserId) -> SessionId {
    let session = NewSession {
        id: SessionId(id),
        user,
        login_method: "password".into(),
        device: None,
        ip: "203.0.113.9".into(),
        user_agent: String::new(),
        methods: Methods::of(Method::Password),
        refresh: vec![u8::try_from(id).unwrap(); 32],
        now: at(0),
        expires_at: at(9_000),
        instead_of: None,
    };
    store.session_open(&session, 5).await.unwrap();
    session.id
}

/// With its letter and its entry; another one waits until it has come to an end.
pub async fn a_request_is_stored_as_asked(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let first = begun(store, 1, ani, 0).await;
    assert_eq!(store.recovery_open(ani).await.unwrap(), Some(first.clone()));
    assert_eq!(store.recovery_get(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!((store.recovery_open(budi).await.unwrap(), store.recovery_get(RecoveryId(404)).await.unwrap()), (None, None));
    assert_eq!((letters(store).await, events(store, ani).await), (1, vec!["recovery.asked".to_owned()]));
    let second = Recovery { statement: None, ..request(2, ani, 5) };
    assert!(!store.recovery_begin(&second, at(9), &told("recovery.asked", ani, 1, at(5))).await.unwrap());
    assert_eq!((letters(store).await, events(store, ani).await.len()), (1, 1), "nothing of it is kept");
    assert!(store.recovery_stop(first.id, "link", at(6), &told("recovery.stopped", ani, 0, at(6))).await.unwrap());
    assert!(store.recovery_begin(&second, at(9), &told("recovery.asked", ani, 1, at(7))).await.unwrap());
    let list: Vec<i64> = store.recovery_list(ani).await.unwrap().into_iter().map(|recovery| recovery.id.0).collect();
    assert_eq!(list, [2, 1], "newest first");
    assert_eq!(store.recovery_open(ani).await.unwrap(), Some(second));
}

/// With one announcement.
pub async fn of_racing_requests_one_is_kept(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let requests: Vec<Recovery> = (1..=6).map(|id| request(id, ani, 0)).collect();
    let told = told("recovery.asked", ani, 1, at(0));
    let kept = join_all(requests.iter().map(|request| store.recovery_begin(request, at(30), &told))).await;
    assert_eq!(kept.into_iter().filter(|kept| *kept.as_ref().unwrap()).count(), 1);
    assert_eq!((letters(store).await, store.recovery_list(ani).await.unwrap().len()), (1, 1));
}

/// Those that were due first come first.
pub async fn a_request_is_due_when_it_says(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let late = begun(store, 1, ani, 10).await;
    begun(store, 2, budi, 0).await;
    let due = async |second, limit| -> Vec<i64> {
        store.recovery_due(at(second), limit).await.unwrap().into_iter().map(|recovery| recovery.id.0).collect()
    };
    assert_eq!((due(29, 9).await, due(30, 9).await, due(40, 9).await, due(40, 1).await), (vec![], vec![2], vec![2, 1], vec![2]));
    let review = step(&late, RecoveryState::Review, 110);
    assert!(store.recovery_step(&review).await.unwrap());
    assert_eq!(due(9_999, 9).await, [2], "a reviewer's turn has no time");
}

/// And only from there; with its letter and its entry.
pub async fn a_step_is_taken_from_where_it_stands(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let first = begun(store, 1, ani, 0).await;
    let told_again = RecoveryStep { to: (RecoveryState::Waiting, 2), next_at: Some(at(60)), ..step(&first, RecoveryState::Waiting, 30) };
    assert!(store.recovery_step(&told_again).await.unwrap());
    assert!(!store.recovery_step(&told_again).await.unwrap(), "it does not stand there any more");
    let second = store.recovery_get(first.id).await.unwrap().unwrap();
    assert_eq!(second, Recovery { announced: 2, ..first.clone() });
    assert_eq!(letters(store).await, 2);
    assert!(store.recovery_step(&step(&second, RecoveryState::Ready, 100)).await.unwrap());
    let ready = store.recovery_get(first.id).await.unwrap().unwrap();
    assert_eq!((ready.state, ready.link_until, ready.ended_at, ready.decided_at), (RecoveryState::Ready, Some(at(150)), None, None));
    assert_eq!(store.recovery_by_link(&LINK, at(149)).await.unwrap(), Some(ready.clone()));
    assert!(store.recovery_step(&step(&ready, RecoveryState::Lapsed, 150)).await.unwrap());
    let lapsed = store.recovery_get(first.id).await.unwrap().unwrap();
    assert_eq!((lapsed.state, lapsed.ended_at, lapsed.link_until), (RecoveryState::Lapsed, Some(at(150)), None));
    assert_eq!(store.recovery_by_link(&LINK, at(149)).await.unwrap(), None);
    assert_eq!(store.recovery_open(ani).await.unwrap(), None);
    assert_eq!(events(store, ani).await.len(), 4);
}

/// So that an announcement goes out once, however many instances look for work.
pub async fn of_racing_steps_one_is_taken(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let first = begun(store, 1, ani, 0).await;
    let again = RecoveryStep { to: (RecoveryState::Waiting, 2), ..step(&first, RecoveryState::Waiting, 30) };
    let taken = join_all((0..6).map(|_| store.recovery_step(&again))).await;
    assert_eq!(taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
    assert_eq!(letters(store).await, 2);
}

/// Others do, once, and it is known who did.
pub async fn nobody_decides_about_their_own_account(store: &dyn CoreStore) {
    let (ani, rina) = (user(store, 1).await, user(store, 2).await);
    let first = begun(store, 1, ani, 0).await;
    assert!(store.recovery_step(&step(&first, RecoveryState::Review, 100)).await.unwrap());
    let review = store.recovery_get(first.id).await.unwrap().unwrap();
    let reject = |by, reason: Option<&str>| RecoveryStep {
        verdict: Some(RecoveryVerdict { by, reason: reason.map(str::to_owned) }),
        ..step(&review, RecoveryState::Rejected, 120)
    };
    assert!(!store.recovery_step(&reject(ani, Some("x"))).await.unwrap());
    assert!(store.recovery_step(&reject(rina, Some("Nama tidak cocok."))).await.unwrap());
    let decided = store.recovery_get(first.id).await.unwrap().unwrap();
    assert_eq!((decided.state, decided.decided_by, decided.decided_at), (RecoveryState::Rejected, Some(rina), Some(at(120))));
    assert_eq!((decided.reason.as_deref(), decided.ended_at), (Some("Nama tidak cocok."), Some(at(120))));
    assert!(!store.recovery_step(&reject(rina, None)).await.unwrap());
    // A yes stays on record while the link waits to be followed.
    let other = begun(store, 2, rina, 0).await;
    assert!(store.recovery_step(&step(&other, RecoveryState::Review, 100)).await.unwrap());
    let other = store.recovery_get(other.id).await.unwrap().unwrap();
    let approve = RecoveryStep { verdict: Some(RecoveryVerdict { by: ani, reason: None }), ..step(&other, RecoveryState::Ready, 130) };
    assert!(store.recovery_step(&approve).await.unwrap());
    let approved = store.recovery_get(other.id).await.unwrap().unwrap();
    assert_eq!((approved.decided_by, approved.decided_at, approved.ended_at), (Some(ani), Some(at(130)), None));
}

/// By pages.
pub async fn the_queue_begins_with_who_waits_longest(store: &dyn CoreStore) {
    for (id, second) in [(1, 20), (2, 0), (3, 10)] {
        let person = user(store, id).await;
        let request = begun(store, id, person, second).await;
        if id != 3 {
            assert!(store.recovery_step(&step(&request, RecoveryState::Review, 200)).await.unwrap());
        }
    }
    let page = async |number| {
        let list = store.recovery_queue(PageRequest::new(Some(number), Some(1))).await.unwrap();
        (list.total, list.items.into_iter().map(|recovery| recovery.id.0).collect::<Vec<_>>())
    };
    assert_eq!((page(1).await, page(2).await, page(3).await), ((2, vec![2]), (2, vec![1]), (2, vec![])));
}

/// Whatever is tried afterwards.
pub async fn a_stopped_request_stays_stopped(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let ready = ready(store, 1, ani).await;
    let told = told("recovery.stopped", ani, 1, at(110));
    assert!(store.recovery_stop(ready.id, "session", at(110), &told).await.unwrap());
    assert!(!store.recovery_stop(ready.id, "link", at(111), &told).await.unwrap(), "once");
    let stopped = store.recovery_get(ready.id).await.unwrap().unwrap();
    assert_eq!((stopped.state, stopped.stopped_by.as_deref(), stopped.ended_at), (RecoveryState::Stopped, Some("session"), Some(at(110))));
    assert_eq!(store.recovery_by_link(&LINK, at(120)).await.unwrap(), None);
    assert_eq!(store.recovery_finish(ani, &LINK, at(120), &told).await.unwrap(), None);
    assert!(!store.recovery_step(&step(&ready, RecoveryState::Lapsed, 150)).await.unwrap());
    assert_eq!(store.recovery_due(at(9_999), 9).await.unwrap(), []);
    assert_eq!(letters(store).await, 3);
}

/// Everything that a thief may have, and what was lost, is gone; others keep theirs.
pub async fn a_link_finishes_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    store.user_verify_email(ani, at(0)).await.unwrap();
    super::passkeys::one(store, ani).await;
    store.token_put(OneTime::ResetPassword, &[6; 32], ani, at(60)).await.unwrap();
    store.password_reset(&[6; 32], "neu", b"ani", at(0)).await.unwrap().unwrap();
    assert!(store.user_by_id(ani).await.unwrap().unwrap().password_mailed);
    for (person, id) in [(ani, 1), (budi, 2)] {
        with_app(store, person).await;
        session(store, id, person).await;
        let (name, hint) = ("Skrip".to_owned(), "x".to_owned());
        let (created_at, expires_at, scopes) = (at(0), at(9_000), Scopes::default());
        let (last_used_at, last_used_ip) = (None, None);
        let token = ApiToken { id: ApiTokenId(id), user: person, name, scopes, hint, created_at, expires_at, last_used_at, last_used_ip };
        assert!(store.api_token_add(&token, &[u8::try_from(id).unwrap(); 32], 9).await.unwrap());
    }
    let ready = ready(store, 1, ani).await;
    let told = told("recovery.finished", ani, 1, at(120));
    assert_eq!(store.recovery_finish(budi, &LINK, at(120), &told).await.unwrap(), None, "it is nobody else's");
    assert_eq!(store.recovery_finish(ani, &LINK, at(120), &told).await.unwrap(), Some(vec![SessionId(1)]));
    assert_eq!(store.recovery_finish(ani, &LINK, at(121), &told).await.unwrap(), None);
    assert_eq!(state(store, ready.id).await, RecoveryState::Done);
    let left = async |person: UserId| {
        let app = store.totp_get(person).await.unwrap().is_some();
        let codes = store.backup_codes_left(person).await.unwrap();
        let sessions = store.session_list(person, at(130)).await.unwrap().len();
        (app, codes, sessions, store.api_token_list(person).await.unwrap().len())
    };
    assert_eq!((left(ani).await, left(budi).await), ((false, 0, 0, 0), (true, 1, 1, 1)));
    let account = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((account.recovered_at, account.password_mailed), (Some(at(120)), false));
    assert_eq!((account.withdrawals_wait(at(121)), account.withdrawals_wait(at(120 + 24 * 3600))), (Some(at(120 + 24 * 3600)), None));
    assert_eq!(store.user_by_id(budi).await.unwrap().unwrap().recovered_at, None);
    assert_eq!(events(store, ani).await, ["recovery.asked", "recovery.step", "recovery.finished"]);
}

/// Neither before the waiting time is over, whoever made it, nor after its own end, nor another's digest.
pub async fn a_link_works_only_in_its_time(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    with_app(store, ani).await;
    ready(store, 1, ani).await;
    let told = told("recovery.finished", ani, 1, at(99));
    for (digest, second) in [(&LINK, 99), (&LINK, 150), (&[8; 32], 120)] {
        assert_eq!(store.recovery_finish(ani, digest, at(second), &told).await.unwrap(), None, "{second}");
    }
    assert!(store.totp_get(ani).await.unwrap().is_some());
    assert_eq!((store.recovery_by_link(&LINK, at(150)).await.unwrap(), letters(store).await), (None, 2));
}

/// Each with its letter, or none.
pub async fn of_racing_finishers_one_wins(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    session(store, 1, ani).await;
    ready(store, 1, ani).await;
    let told = told("recovery.finished", ani, 1, at(120));
    let done = join_all((0..6).map(|_| store.recovery_finish(ani, &LINK, at(120), &told))).await;
    let won: Vec<_> = done.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!((won, letters(store).await), (vec![vec![SessionId(1)]], 3));
}

/// Whoever is first: a request that was stopped took nothing away.
pub async fn stopping_and_finishing_exclude_each_other(store: &dyn CoreStore) {
    for id in 1..=8 {
        let person = user(store, id).await;
        with_app(store, person).await;
        let link = vec![u8::try_from(id).unwrap(); 32];
        let request = begun(store, id, person, 0).await;
        let invited = RecoveryStep { link: Some((link.clone(), at(150))), ..step(&request, RecoveryState::Ready, 100) };
        assert!(store.recovery_step(&invited).await.unwrap());
        let told = told("recovery.end", person, 0, at(120));
        let (stopped, finished, by_password) = futures::future::join3(
            store.recovery_stop(request.id, "link", at(120), &told),
            store.recovery_finish(person, &link, at(120), &told),
            async { if id % 2 == 0 { store.password_set(person, "phc", b"ani", None, at(120)).await.map(drop) } else { Ok(()) } },
        )
        .await;
        by_password.unwrap();
        let (stopped, finished) = (stopped.unwrap(), finished.unwrap().is_some());
        assert!(!(stopped && finished), "{id}");
        let expected = if finished { RecoveryState::Done } else { RecoveryState::Stopped };
        assert_eq!((state(store, request.id).await, store.totp_get(person).await.unwrap().is_none()), (expected, finished), "{id}");
    }
}

/// A new one, a reset, and "this wasn't me".
pub async fn a_changed_password_stops_it(store: &dyn CoreStore) {
    let (ani, budi, citra) = (user(store, 1).await, user(store, 2).await, user(store, 3).await);
    for (id, person) in [(1, ani), (2, budi), (3, citra)] {
        begun(store, id, person, 0).await;
    }
    store.password_set(ani, "phc", b"ani", None, at(5)).await.unwrap();
    store.token_put(OneTime::ResetPassword, &[9; 32], budi, at(90)).await.unwrap();
    store.password_reset(&[9; 32], "phc", &[0; 32], at(6)).await.unwrap().unwrap();
    let email = store.user_by_id(citra).await.unwrap().unwrap().email;
    store.account_undo(citra, &Undoing { email: email.unwrap(), at: at(0), since: at(0), now: at(7) }).await.unwrap().unwrap();
    for (id, by, second) in [(1, "password", 5), (2, "password", 6), (3, "not_me", 7)] {
        let stopped = store.recovery_get(RecoveryId(id)).await.unwrap().unwrap();
        let seen = (stopped.state, stopped.stopped_by.as_deref(), stopped.ended_at);
        assert_eq!(seen, (RecoveryState::Stopped, Some(by), Some(at(second))), "{id}");
    }
    assert_eq!(store.recovery_due(at(9_999), 9).await.unwrap(), []);
}

/// And forgets it when it has come to an end.
pub async fn a_session_knows_of_an_open_request(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let (hers, his) = (session(store, 1, ani).await, session(store, 2, budi).await);
    let until = async |id| store.session_get(id).await.unwrap().unwrap().recovery_until;
    let request = begun(store, 1, ani, 0).await;
    assert_eq!((until(hers).await, until(his).await), (Some(at(100)), None));
    store.recovery_stop(request.id, "link", at(1), &told("recovery.stopped", ani, 0, at(1))).await.unwrap();
    assert_eq!(until(hers).await, None);
}

/// What was written in it is personal.
pub async fn a_deleted_account_leaves_no_request(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let ready = ready(store, 1, ani).await;
    store.account_delete(ani, at(110)).await.unwrap().unwrap();
    assert_eq!((store.recovery_get(ready.id).await.unwrap(), store.recovery_list(ani).await.unwrap()), (None, vec![]));
    let told = told("recovery.finished", ani, 1, at(120));
    assert_eq!(store.recovery_finish(ani, &LINK, at(120), &told).await.unwrap(), None);
}
