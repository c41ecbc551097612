//! Personal API tokens.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use crate::store::{ApiToken, NewJob, Undoing};
use aivalid_model::{
    id::{ApiTokenId, UserId},
    identity::{Scope, Scopes},
};
use futures::future::join_all;

fn token(id: i64, user: UserId, made: i64, ends: i64) -> ApiToken {
    ApiToken {
        id: ApiTokenId(id),
        user,
        name: format!("Skrip {id}"),
        scopes: Scopes::default().and(Scope::Read).and(Scope::Finance),
        hint: "x9Zq".into(),
        created_at: at(made),
        expires_at: at(ends),
        last_used_at: None,
        last_used_ip: None,
    }
}

/// A token is found by its digest until it ends, as it was made.
pub async fn a_token_is_found_until_it_ends(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let made = token(7, ani, 0, 100);
    assert!(store.api_token_add(&made, &[7; 32], 50).await.unwrap());
    assert_eq!(store.api_token_find(&[7; 32], at(99)).await.unwrap(), Some(made.clone()));
    assert_eq!(store.api_token_find(&[7; 32], at(100)).await.unwrap(), None);
    assert_eq!(store.api_token_find(&[8; 32], at(1)).await.unwrap(), None);
    assert_eq!(store.api_token_list(ani).await.unwrap(), [made]);
}

/// An account has only so many that have not ended, also when they are made at once.
pub async fn only_so_many_tokens_are_kept(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    assert!(store.api_token_add(&token(1, ani, 0, 10), &[1; 32], 3).await.unwrap());
    let made: Vec<(ApiToken, [u8; 32])> = (2..12).map(|n| (token(n, ani, 20, 90), [u8::try_from(n).unwrap(); 32])).collect();
    let kept = join_all(made.iter().map(|(token, digest)| store.api_token_add(token, digest, 3))).await;
    assert_eq!(kept.into_iter().filter(|kept| *kept.as_ref().unwrap()).count(), 3, "the first has ended");
    assert!(store.api_token_add(&token(50, budi, 20, 90), &[50; 32], 3).await.unwrap(), "somebody else's are their own");
    assert_eq!(store.api_token_list(ani).await.unwrap().len(), 4);
}

/// Its use is noted, and never goes back.
pub async fn use_of_a_token_is_noted(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.api_token_add(&token(1, ani, 0, 90), &[1; 32], 3).await.unwrap();
    store.api_token_used(ApiTokenId(1), "203.0.113.9", at(5)).await.unwrap();
    store.api_token_used(ApiTokenId(1), "203.0.113.8", at(4)).await.unwrap();
    let seen = store.api_token_find(&[1; 32], at(6)).await.unwrap().unwrap();
    assert_eq!((seen.last_used_at, seen.last_used_ip.as_deref()), (Some(at(5)), Some("203.0.113.9")));
}

/// Revoking is the owner's, and works at once and once.
pub async fn a_token_is_revoked_by_its_owner_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let made = token(1, ani, 0, 90);
    store.api_token_add(&made, &[1; 32], 3).await.unwrap();
    assert_eq!(store.api_token_revoke(budi, ApiTokenId(1)).await.unwrap(), None);
    assert_eq!(store.api_token_revoke(ani, ApiTokenId(1)).await.unwrap(), Some(made));
    assert_eq!(store.api_token_revoke(ani, ApiTokenId(1)).await.unwrap(), None);
    assert_eq!(store.api_token_find(&[1; 32], at(1)).await.unwrap(), None);
}

/// What ended long ago is deleted.
pub async fn ended_tokens_are_swept(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.api_token_add(&token(1, ani, 0, 10), &[1; 32], 9).await.unwrap();
    store.api_token_add(&token(2, ani, 1, 20), &[2; 32], 9).await.unwrap();
    assert_eq!(store.api_tokens_sweep(at(15)).await.unwrap(), 1);
    assert_eq!(store.api_token_list(ani).await.unwrap().len(), 1);
}

/// Owners are told once of a token that is about to end, unless its whole life is as short as the notice.
pub async fn the_end_of_a_token_is_told_once(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    for (id, made, ends) in [(1, 0, 50), (2, 0, 60), (3, 0, 61), (4, 25, 45), (5, 0, 40)] {
        store.api_token_add(&token(id, ani, made, ends), &[u8::try_from(id).unwrap(); 32], 9).await.unwrap();
    }
    let ending = async || store.api_tokens_ending(at(40), at(60), 9).await.unwrap().into_iter().map(|token| token.id.0).collect::<Vec<_>>();
    assert_eq!(ending().await, [1, 2], "one ends later, one is young, one has ended");
    assert_eq!(store.api_tokens_ending(at(40), at(60), 1).await.unwrap().len(), 1);
    let letter = NewJob { kind: "mail".into(), dedup: None, payload: b"surat".to_vec(), due_at: at(40), now: at(40) };
    let told = join_all((0..8).map(|_| store.api_token_end_told(ApiTokenId(1), Some(&letter), at(41)))).await;
    assert_eq!(told.into_iter().filter(|told| *told.as_ref().unwrap()).count(), 1);
    assert_eq!(store.job_list(false, 9).await.unwrap().len(), 1, "one letter");
    assert!(store.api_token_end_told(ApiTokenId(2), None, at(41)).await.unwrap());
    assert!(!store.api_token_end_told(ApiTokenId(77), Some(&letter), at(41)).await.unwrap());
    assert_eq!((ending().await, store.job_list(false, 9).await.unwrap().len()), (vec![], 1));
}

/// A new password by a link, "this wasn't me", and the account's end take every token away.
pub async fn tokens_end_with_the_trust_in_them(store: &dyn CoreStore) {
    let (ani, budi, citra) = (user(store, 1).await, user(store, 2).await, user(store, 3).await);
    for (id, owner) in [(1, ani), (2, budi), (3, citra)] {
        store.api_token_add(&token(id, owner, 0, 90), &[u8::try_from(id).unwrap(); 32], 3).await.unwrap();
    }
    let email = store.user_by_id(ani).await.unwrap().unwrap().email.unwrap();
    store.account_undo(ani, &Undoing { email, at: at(50), since: at(50), now: at(60) }).await.unwrap().unwrap();
    store.account_delete(budi, at(60)).await.unwrap().unwrap();
    store.token_put(crate::store::OneTime::ResetPassword, &[9; 32], citra, at(90)).await.unwrap();
    store.password_reset(&[9; 32], "phc", &[0; 32], at(60)).await.unwrap().unwrap();
    for person in [ani, budi, citra] {
        assert_eq!(store.api_token_list(person).await.unwrap(), [], "{person}");
    }
}
