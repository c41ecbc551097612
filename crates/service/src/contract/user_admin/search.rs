//! Finding accounts.

use super::{CoreStore, account, at, suspend};
use crate::store::NewUser;
use aivalid_model::{
    admin::{AccountCursor, UserFilter, UserState},
    identity::{AccountChange, Role},
};

async fn make(store: &dyn CoreStore, id: i64, name: &str, role: Role, verified: bool, second: i64) {
    let new = NewUser { role, email_verified: verified, now: at(second), ..account(id, name) };
    store.user_create(&new, 9).await.unwrap();
}

async fn found(store: &dyn CoreStore, filter: UserFilter) -> Vec<i64> {
    store.user_search(&filter, None, 100, at(100)).await.unwrap().into_iter().map(|user| user.card.id.0).collect()
}

fn text(q: &str) -> UserFilter {
    UserFilter { q: Some(q.to_owned()), ..UserFilter::default() }
}

/// By part of a name or address, by number, role and state; signs that mean something to LIKE mean themselves.
pub async fn accounts_are_searched(store: &dyn CoreStore) {
    make(store, 11, "ani_w", Role::Admin, true, 1).await;
    make(store, 12, "anixw", Role::User, true, 2).await;
    make(store, 13, "budi", Role::User, false, 3).await;
    make(store, 14, "cici", Role::Moderator, true, 4).await;
    let name = AccountChange { full_name: Some("Budi 100% Ani".into()), ..AccountChange::default() };
    store.user_change(aivalid_model::id::UserId(13), &name, at(5)).await.unwrap();
    suspend(store, aivalid_model::id::UserId(12), 50, None).await;
    suspend(store, aivalid_model::id::UserId(14), 50, Some(99)).await;
    assert_eq!(found(store, UserFilter::default()).await, [14, 13, 12, 11]);
    assert_eq!(found(store, text("ani")).await, [13, 12, 11]);
    assert_eq!(found(store, text("ani_w")).await, [11]);
    assert_eq!(found(store, text("100%")).await, [13]);
    assert_eq!(found(store, text("\\")).await, [0; 0]);
    assert_eq!(found(store, text("cici@contoh")).await, [14]);
    assert_eq!(found(store, text("12")).await, [12]);
    assert_eq!(found(store, UserFilter { role: Some(Role::Admin), ..UserFilter::default() }).await, [11]);
    let state = |state| UserFilter { state: Some(state), ..UserFilter::default() };
    assert_eq!(found(store, state(UserState::Suspended)).await, [12]);
    assert_eq!(found(store, state(UserState::Unconfirmed)).await, [13]);
    assert_eq!(found(store, state(UserState::Active)).await, [14, 11]);
    assert_eq!(found(store, UserFilter { role: Some(Role::User), state: Some(UserState::Active), ..text("a") }).await, [0; 0]);
}

/// Cursors go through the list, also where accounts were made at the same moment.
pub async fn accounts_go_by_cursors(store: &dyn CoreStore) {
    for (id, second) in [(1, 5), (2, 5), (3, 1), (4, 5), (5, 9)] {
        make(store, id, &format!("orang_{id}"), Role::User, true, second).await;
    }
    let (mut cursor, mut walked) = (None, Vec::new());
    loop {
        let stretch = store.user_search(&UserFilter::default(), cursor, 2, at(0)).await.unwrap();
        let Some(last) = stretch.last() else { break };
        cursor = Some(AccountCursor { created_at: last.created_at, id: last.card.id });
        walked.extend(stretch.into_iter().map(|user| user.card.id.0));
    }
    assert_eq!(walked, [5, 4, 2, 1, 3]);
}
