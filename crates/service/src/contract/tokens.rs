//! One-time tokens.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use crate::store::OneTime;
use futures::future::join_all;

const PURPOSE: OneTime = OneTime::VerifyEmail;

/// The second use finds nothing.
pub async fn a_token_works_once(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.token_put(PURPOSE, &[7; 32], ani, at(60)).await.unwrap();
    assert_eq!(store.token_take(PURPOSE, &[8; 32], at(1)).await.unwrap(), None);
    assert_eq!(store.token_take(PURPOSE, &[7; 32], at(1)).await.unwrap(), Some(ani));
    assert_eq!(store.token_take(PURPOSE, &[7; 32], at(1)).await.unwrap(), None);
}

/// At its end it does not work any more.
pub async fn a_token_lapses(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.token_put(PURPOSE, &[7; 32], ani, at(60)).await.unwrap();
    assert_eq!(store.token_take(PURPOSE, &[7; 32], at(60)).await.unwrap(), None);
    assert_eq!(store.token_take(PURPOSE, &[7; 32], at(59)).await.unwrap(), Some(ani), "a late try uses nothing up");
}

/// Only the last link that was mailed works; other people's links go on working.
pub async fn a_new_token_replaces_the_one_before(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    store.token_put(PURPOSE, &[1; 32], ani, at(60)).await.unwrap();
    store.token_put(PURPOSE, &[2; 32], budi, at(60)).await.unwrap();
    store.token_put(PURPOSE, &[3; 32], ani, at(90)).await.unwrap();
    assert_eq!(store.token_take(PURPOSE, &[1; 32], at(1)).await.unwrap(), None);
    assert_eq!(store.token_take(PURPOSE, &[2; 32], at(1)).await.unwrap(), Some(budi));
    assert_eq!(store.token_take(PURPOSE, &[3; 32], at(80)).await.unwrap(), Some(ani));
}

/// Twenty clicks on one link count once.
pub async fn of_racing_uses_one_succeeds(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.token_put(PURPOSE, &[7; 32], ani, at(60)).await.unwrap();
    let uses = join_all((0..20).map(|_| store.token_take(PURPOSE, &[7; 32], at(1)))).await;
    assert_eq!(uses.into_iter().filter_map(|taken| taken.unwrap()).collect::<Vec<_>>(), [ani]);
}
