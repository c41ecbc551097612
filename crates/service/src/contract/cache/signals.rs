//! Messages to every instance.

use crate::store::{Signal, Signals};
use aivalid_model::id::UserId;
use std::time::Duration;
use tokio::{sync::broadcast::Receiver, time::timeout};

/// What is heard next; a message that never comes fails the test.
pub async fn hear(receiver: &mut Receiver<Signal>) -> Signal {
    timeout(Duration::from_secs(20), receiver.recv()).await.unwrap().unwrap()
}

/// Those who publish hear it, too.
pub async fn signals_are_heard_in_order_by_every_listener(store: &dyn Signals) {
    let mut listeners = [store.subscribe().await.unwrap(), store.subscribe().await.unwrap()];
    let mut said: Vec<Signal> = (0..20).map(|user| Signal::UserChanged(UserId((1 << 53) - user))).collect();
    said.push(Signal::CatalogChanged);
    for signal in &said {
        store.publish(signal.clone()).await.unwrap();
    }
    for listener in &mut listeners {
        for signal in &said {
            assert_eq!(hear(listener).await, *signal);
        }
    }
}

/// Only what is published from now on.
pub async fn signals_of_the_past_are_not_heard(store: &dyn Signals) {
    let mut early = store.subscribe().await.unwrap();
    store.publish(Signal::UserChanged(UserId(1))).await.unwrap();
    assert_eq!(hear(&mut early).await, Signal::UserChanged(UserId(1)));
    let mut late = store.subscribe().await.unwrap();
    store.publish(Signal::CatalogChanged).await.unwrap();
    assert_eq!(hear(&mut late).await, Signal::CatalogChanged);
    assert_eq!(hear(&mut early).await, Signal::CatalogChanged);
}

/// Nobody listens, or nobody any more.
pub async fn signals_without_listeners_are_no_error(store: &dyn Signals) {
    store.publish(Signal::CatalogChanged).await.unwrap();
    drop(store.subscribe().await.unwrap());
    store.publish(Signal::CatalogChanged).await.unwrap();
}
