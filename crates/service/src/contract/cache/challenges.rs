//! Challenges: kept for their time, taken once.

use super::{eventually, together};
use crate::store::ChallengeStore;
use std::time::Duration;

const LONG: Duration = Duration::from_mins(5);

/// Reading leaves it, taking takes it.
pub async fn a_challenge_is_taken_once(store: &dyn ChallengeStore) {
    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    assert_eq!(store.challenge_get("passkey:a").await.unwrap(), None);
    store.challenge_put("passkey:a", &bytes, LONG).await.unwrap();
    store.challenge_put("passkey:b", b"", LONG).await.unwrap();
    assert_eq!(store.challenge_get("passkey:a").await.unwrap().as_deref(), Some(bytes.as_slice()));
    assert_eq!(store.challenge_take("passkey:a").await.unwrap().as_deref(), Some(bytes.as_slice()));
    assert_eq!(store.challenge_take("passkey:a").await.unwrap(), None);
    assert_eq!(store.challenge_get("passkey:a").await.unwrap(), None);
    assert_eq!(store.challenge_take("passkey:b").await.unwrap(), Some(vec![]), "an empty one is one, too");
}

/// Afterwards it is gone.
pub async fn a_challenge_lapses(store: &dyn ChallengeStore) {
    store.challenge_put("mfa:a", b"1", Duration::from_millis(1)).await.unwrap();
    eventually("the challenge lapses", async || store.challenge_get("mfa:a").await.unwrap().is_none()).await;
    assert_eq!(store.challenge_take("mfa:a").await.unwrap(), None);
}

/// A second one under a key takes the first one's place.
pub async fn a_challenge_is_replaced(store: &dyn ChallengeStore) {
    store.challenge_put("oauth:a", b"1", LONG).await.unwrap();
    store.challenge_put("oauth:a", b"2", LONG).await.unwrap();
    assert_eq!(store.challenge_take("oauth:a").await.unwrap(), Some(b"2".to_vec()));
}

/// Of those who come at the same time one gets it.
pub async fn of_racing_takers_one_gets_the_challenge(store: &dyn ChallengeStore) {
    for round in 0..20 {
        let key = format!("otp:{round}");
        store.challenge_put(&key, b"x", LONG).await.unwrap();
        let taken = together(8, |_| Box::pin(store.challenge_take(&key)));
        assert_eq!(taken.into_iter().filter(|taken| taken.as_ref().unwrap().is_some()).count(), 1);
    }
}
