//! Live sessions near at hand.

use super::{eventually, together};
use crate::store::{CachedSession, SessionCache};
use aivalid_model::{
    id::{SessionId, UserId},
    identity::{Method, Methods, Role, TimeZone},
    kyc::KycLevel,
};
use std::time::Duration;

const LONG: Duration = Duration::from_mins(5);

fn session(user: i64) -> CachedSession {
    CachedSession {
        user: UserId(user),
        username: "dewi_lestari".into(),
        full_name: Some("Dewi Lestari".into()),
        avatar_url: Some("/media/avatars/0123456789abcdef0123456789abcdef".into()),
        permissions: Role::Moderator.permissions(),
        email_verified: true,
        since: 1_763_000_000_123_456,
        kyc_level: KycLevel::TWO,
        time_zone: TimeZone::WIB,
        locale: None,
        methods: Methods::of(Method::Password),
        authenticated_at: 1_763_000_000_000_000,
        elevated_at: None,
        elevated_by: Methods::of(Method::Passkey),
        expires_at: (1 << 53) - 1,
        touched_at: 1_763_000_000_654_321,
        recovery: Some(1_763_259_200_000_000),
    }
}

/// All of it, the latest of it, and nothing of others.
pub async fn a_session_is_recalled_as_it_was_remembered(store: &dyn SessionCache) {
    let id = SessionId((1 << 53) - 5);
    assert_eq!(store.session_recall(id).await.unwrap(), None);
    store.session_remember(id, &session(1), LONG).await.unwrap();
    assert_eq!(store.session_recall(id).await.unwrap(), Some(session(1)));
    let touched = CachedSession { touched_at: 1_763_000_999_000_000, username: "dewi".into(), ..session(1) };
    store.session_remember(id, &touched, LONG).await.unwrap();
    assert_eq!(store.session_recall(id).await.unwrap(), Some(touched));
    assert_eq!(store.session_recall(SessionId(5)).await.unwrap(), None);
}

/// Remembering again sets the time anew, to longer and to shorter.
pub async fn a_session_is_remembered_for_its_time_only(store: &dyn SessionCache) {
    let (short, long) = (SessionId(1), SessionId(2));
    store.session_remember(short, &session(1), LONG).await.unwrap();
    store.session_remember(long, &session(2), Duration::from_millis(1)).await.unwrap();
    store.session_remember(long, &session(2), LONG).await.unwrap();
    store.session_remember(short, &session(1), Duration::from_millis(1)).await.unwrap();
    eventually("the session's time is over", async || store.session_recall(short).await.unwrap().is_none()).await;
    assert_eq!(store.session_recall(long).await.unwrap(), Some(session(2)));
}

/// Whoever read it from the database before it was ended comes too late.
pub async fn a_forgotten_session_is_not_remembered_again(store: &dyn SessionCache) {
    let (known, unknown, other) = (SessionId(1), SessionId(2), SessionId(3));
    store.session_remember(known, &session(1), LONG).await.unwrap();
    store.session_remember(other, &session(3), LONG).await.unwrap();
    for id in [known, unknown] {
        store.session_forget(id).await.unwrap();
        assert_eq!(store.session_recall(id).await.unwrap(), None);
        store.session_remember(id, &session(1), LONG).await.unwrap();
        assert_eq!(store.session_recall(id).await.unwrap(), None);
        store.session_forget(id).await.unwrap();
    }
    assert_eq!(store.session_recall(other).await.unwrap(), Some(session(3)));
}

/// From the moment on that one of them returns from forgetting, nobody recalls the session, however many remember it.
pub async fn forgetting_beats_racing_remembering(store: &dyn SessionCache) {
    for round in 0..50 {
        let id = SessionId(round);
        let recalled = together(8, |worker| {
            Box::pin(async move {
                if worker == 0 {
                    store.session_forget(id).await.unwrap();
                    return store.session_recall(id).await.unwrap();
                }
                for _ in 0..5 {
                    store.session_remember(id, &session(1), LONG).await.unwrap();
                }
                None
            })
        });
        assert!(recalled.iter().all(Option::is_none), "it was recalled after it had been forgotten");
        assert_eq!(store.session_recall(id).await.unwrap(), None);
    }
}
