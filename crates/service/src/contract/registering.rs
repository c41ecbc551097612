//! What is written together with a letter: both or neither.

use super::{
    CoreStore,
    fixtures::{account, at, user},
};
use crate::store::{Claim, NewJob, NewUser, OneTime, Registering, TokenLetter, UserCreated};
use aivalid_model::id::UserId;
use futures::future::join_all;

const PURPOSE: OneTime = OneTime::VerifyEmail;

fn letter(text: &str) -> NewJob {
    NewJob { kind: "mail".into(), dedup: None, payload: text.as_bytes().to_vec(), due_at: at(0), now: at(0) }
}

fn token(digest: u8, text: &str) -> TokenLetter {
    TokenLetter { purpose: PURPOSE, digest: vec![digest; 32], expires_at: at(60), letter: letter(text) }
}

fn registering() -> Registering {
    Registering { welcome: token(7, "selamat datang"), taken: letter("sudah punya akun") }
}

/// The letters in the queue, which is empty afterwards.
async fn letters(store: &dyn CoreStore) -> Vec<String> {
    let claim = Claim { kind: "mail", token: [9; 16], now: at(1), until: at(2), limit: 99 };
    let mut letters = vec![];
    for job in store.job_claim(&claim).await.unwrap() {
        assert!(store.job_done(job.id, &claim.token).await.unwrap());
        letters.push(String::from_utf8(job.payload).unwrap());
    }
    letters
}

/// The token works, the letter waits.
pub async fn an_account_comes_with_its_welcome(store: &dyn CoreStore) {
    let ani = account(1, "ani");
    assert_eq!(store.user_register(&ani, 3, &registering()).await.unwrap(), UserCreated::Done);
    assert_eq!(letters(store).await, ["selamat datang"]);
    assert_eq!(store.user_by_id(ani.id).await.unwrap().unwrap().email, ani.email);
    assert_eq!(store.token_take(PURPOSE, &[7; 32], at(1)).await.unwrap(), Some(ani.id));
}

/// Its owner's account and tokens stay as they are.
pub async fn a_taken_address_gets_its_letter(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.token_put(PURPOSE, &[1; 32], ani, at(60)).await.unwrap();
    let again = NewUser { id: UserId(2), username: "lain".into(), ..account(1, "orang_1") };
    assert_eq!(store.user_register(&again, 3, &registering()).await.unwrap(), UserCreated::EmailTaken);
    assert_eq!(letters(store).await, ["sudah punya akun"]);
    assert_eq!(store.token_take(PURPOSE, &[7; 32], at(1)).await.unwrap(), None);
    assert_eq!(store.token_take(PURPOSE, &[1; 32], at(1)).await.unwrap(), Some(ani));
}

/// A taken name, a device with too many accounts.
pub async fn what_is_refused_sends_nothing(store: &dyn CoreStore) {
    let ani = account(1, "ani");
    store.user_register(&ani, 3, &registering()).await.unwrap();
    letters(store).await;
    let same_name = NewUser { id: UserId(2), email: Some("lain@contoh.id".into()), ..ani };
    assert_eq!(store.user_register(&same_name, 3, &registering()).await.unwrap(), UserCreated::UsernameTaken);
    let device = NewUser { device: Some("hp".into()), ..account(3, "budi") };
    assert_eq!(store.user_register(&device, 0, &registering()).await.unwrap(), UserCreated::DeviceLimit);
    assert_eq!(letters(store).await, [""; 0]);
}

/// As two steps in one; the token before it stops working.
pub async fn a_token_comes_with_its_letter(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    store.token_put(PURPOSE, &[1; 32], ani, at(60)).await.unwrap();
    store.token_send(ani, &token(2, "tautan baru")).await.unwrap();
    assert_eq!(letters(store).await, ["tautan baru"]);
    assert_eq!(store.token_take(PURPOSE, &[1; 32], at(1)).await.unwrap(), None);
    assert_eq!(store.token_take(PURPOSE, &[2; 32], at(1)).await.unwrap(), Some(ani));
}

/// A decoy: the letter is queued, no token is kept.
pub async fn nobody_gets_a_letter_without_a_token(store: &dyn CoreStore) {
    user(store, 1).await;
    store.token_send(UserId(404), &token(2, "umpan")).await.unwrap();
    assert_eq!(letters(store).await, ["umpan"]);
    assert_eq!(store.token_take(PURPOSE, &[2; 32], at(1)).await.unwrap(), None);
}

/// One account, one welcome; the others are told that the address is taken.
pub async fn racing_registrations_send_one_welcome(store: &dyn CoreStore) {
    let registrations = join_all((1..=10).map(|number| async move {
        let same_address = NewUser { id: UserId(number), username: format!("orang_{number}"), ..account(1, "ani") };
        let digest = u8::try_from(number).unwrap();
        let registering = Registering { welcome: token(digest, "selamat datang"), taken: letter("sudah punya akun") };
        store.user_register(&same_address, 3, &registering).await.unwrap()
    }));
    let created = registrations.await;
    assert_eq!(created.iter().filter(|created| **created == UserCreated::Done).count(), 1);
    let mut letters = letters(store).await;
    letters.sort();
    assert_eq!(letters.iter().filter(|text| *text == "selamat datang").count(), 1);
    assert_eq!(letters.len(), 10);
}
