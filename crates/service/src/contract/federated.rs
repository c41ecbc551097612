//! Accounts at other services.

use super::{
    CoreStore,
    fixtures::{account, at, user},
};
use crate::store::{
    FederatedIdentity, IdentityLinked, IdentityUnlinked, NewJob, NewUser, OneTime, Registering, TokenLetter, Undoing, UserCreated,
};
use aivalid_model::id::UserId;
use futures::future::join_all;

const ISSUER: &str = "https://masuk.contoh.id";

/// One that is not linked yet.
fn identity(user: UserId, provider: &str, subject: &str) -> FederatedIdentity {
    FederatedIdentity {
        user,
        provider: provider.to_owned(),
        issuer: format!("{ISSUER}/{provider}"),
        subject: subject.to_owned(),
        email: Some("Ani+kerja@contoh.id".into()),
        linked_at: at(5),
        last_used_at: None,
    }
}

async fn whose(store: &dyn CoreStore, identity: &FederatedIdentity) -> Option<UserId> {
    store.identity_find(&identity.issuer, &identity.subject).await.unwrap().map(|found| found.user)
}

/// Somebody who is about to register without a password.
fn newcomer(id: i64) -> NewUser {
    NewUser { password_hash: None, ..account(id, &format!("baru_{id}")) }
}

/// What goes with a registration, each with a token of its own.
fn letters(number: i64) -> Registering {
    let letter = NewJob { kind: "mail".into(), dedup: None, payload: vec![1], due_at: at(0), now: at(0) };
    let digest = vec![u8::try_from(number).unwrap(); 32];
    let welcome = TokenLetter { purpose: OneTime::VerifyEmail, digest, expires_at: at(60), letter: letter.clone() };
    Registering { welcome, taken: letter }
}

/// By issuer and subject together, to the letter.
pub async fn an_identity_is_stored_as_linked(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let first = FederatedIdentity { last_used_at: Some(at(9)), ..identity(ani, "google", "1001") };
    let second = FederatedIdentity { email: None, ..identity(ani, "acme", "1001") };
    for linked in [&first, &second, &identity(budi, "google", "Ab")] {
        assert_eq!(store.identity_link(linked).await.unwrap(), IdentityLinked::Done);
    }
    assert_eq!(store.identity_list(ani).await.unwrap(), [second.clone(), first.clone()]);
    assert_eq!(store.identity_find(&first.issuer, "1001").await.unwrap(), Some(first.clone()));
    assert_eq!(store.identity_find(&second.issuer, "1001").await.unwrap(), Some(second));
    for (issuer, subject) in [(first.issuer.as_str(), "ab"), (first.issuer.as_str(), "100"), ("https://lain.contoh.id", "1001")] {
        assert_eq!(store.identity_find(issuer, subject).await.unwrap(), None, "{issuer} {subject}");
    }
}

/// Once, and one of each service for a user.
pub async fn an_identity_belongs_to_one_account(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let mine = identity(ani, "google", "1001");
    assert_eq!(store.identity_link(&mine).await.unwrap(), IdentityLinked::Done);
    assert_eq!(store.identity_link(&mine).await.unwrap(), IdentityLinked::Again);
    assert_eq!(store.identity_link(&identity(budi, "google", "1001")).await.unwrap(), IdentityLinked::Taken);
    assert_eq!(store.identity_link(&identity(ani, "google", "1002")).await.unwrap(), IdentityLinked::Second);
    assert_eq!(store.identity_link(&identity(UserId(404), "google", "1003")).await.unwrap(), IdentityLinked::Missing);
    assert_eq!((store.identity_list(ani).await.unwrap(), store.identity_list(budi).await.unwrap()), (vec![mine], vec![]));
}

/// Many browsers come back with one identity at once, for two accounts.
pub async fn of_racing_links_one_counts(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let drafts: Vec<_> = (0..12).map(|number| identity(if number % 2 == 0 { ani } else { budi }, "google", "1001")).collect();
    let outcomes: Vec<_> = join_all(drafts.iter().map(|draft| store.identity_link(draft))).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == IdentityLinked::Done).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == IdentityLinked::Again).count(), 5, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == IdentityLinked::Taken).count(), 6, "{outcomes:?}");
    assert_eq!(store.identity_list(ani).await.unwrap().len() + store.identity_list(budi).await.unwrap().len(), 1);
}

/// Time does not run backwards, and no address is no news.
pub async fn uses_of_an_identity_are_noted(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let mine = identity(ani, "google", "1001");
    store.identity_link(&mine).await.unwrap();
    store.identity_used(&mine.issuer, "1001", Some("baru@contoh.id"), at(20)).await.unwrap();
    store.identity_used(&mine.issuer, "1001", None, at(10)).await.unwrap();
    store.identity_used(&mine.issuer, "404", Some("x@contoh.id"), at(30)).await.unwrap();
    let expected = FederatedIdentity { email: Some("baru@contoh.id".into()), last_used_at: Some(at(20)), ..mine };
    assert_eq!(store.identity_list(ani).await.unwrap(), [expected]);
}

/// With a password every identity can go; without one the last stays, unless a passkey is left.
pub async fn the_last_identity_stays(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let mine = identity(ani, "google", "1001");
    store.identity_link(&mine).await.unwrap();
    assert_eq!(store.identity_unlink(ani, "github", true).await.unwrap(), IdentityUnlinked::Missing);
    assert_eq!(store.identity_unlink(ani, "google", true).await.unwrap(), IdentityUnlinked::Done(Box::new(mine.clone())));
    assert_eq!(store.identity_unlink(ani, "google", true).await.unwrap(), IdentityUnlinked::Missing);
    assert_eq!(whose(store, &mine).await, None);

    let budi = newcomer(2);
    let first = identity(budi.id, "google", "2001");
    assert_eq!(store.identity_register(&budi, 3, &first).await.unwrap(), Some(UserCreated::Done));
    assert_eq!(store.identity_unlink(budi.id, "google", true).await.unwrap(), IdentityUnlinked::LastWay);
    store.identity_link(&identity(budi.id, "github", "77")).await.unwrap();
    let outcomes = join_all(["google", "github"].map(|provider| store.identity_unlink(budi.id, provider, true))).await;
    let gone = outcomes.into_iter().filter(|outcome| matches!(outcome.as_ref().unwrap(), IdentityUnlinked::Done(_))).count();
    assert_eq!((gone, store.identity_list(budi.id).await.unwrap().len()), (1, 1), "two tabs, each taking away what the other leaves");
}

/// Both or neither.
pub async fn an_account_is_made_with_its_identity(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let budi = NewUser { email_verified: true, ..newcomer(2) };
    let theirs = identity(budi.id, "google", "2001");
    assert_eq!(store.identity_register(&budi, 3, &theirs).await.unwrap(), Some(UserCreated::Done));
    assert_eq!(whose(store, &theirs).await, Some(budi.id));
    let account = store.user_by_id(budi.id).await.unwrap().unwrap();
    assert_eq!((account.password_hash, account.email_verified), (None, true));

    let again = newcomer(3);
    assert_eq!(store.identity_register(&again, 3, &identity(again.id, "google", "2001")).await.unwrap(), None);
    assert_eq!(store.user_by_id(again.id).await.unwrap(), None, "no account without its identity");
    let taken = NewUser { email: Some("orang_1@contoh.id".into()), ..newcomer(4) };
    let unlucky = identity(taken.id, "google", "2004");
    assert_eq!(store.identity_register(&taken, 3, &unlucky).await.unwrap(), Some(UserCreated::EmailTaken));
    let named = NewUser { username: "orang_1".into(), ..newcomer(5) };
    assert_eq!(store.identity_register(&named, 3, &identity(named.id, "google", "2004")).await.unwrap(), Some(UserCreated::UsernameTaken));
    assert_eq!(whose(store, &unlucky).await, None, "no identity without its account");
    assert_eq!(store.identity_list(ani).await.unwrap(), []);
}

/// A double click, or the same person on two devices.
pub async fn of_racing_registrations_with_an_identity_one_counts(store: &dyn CoreStore) {
    let people: Vec<_> = (1..9).map(newcomer).collect();
    let drafts: Vec<_> = people.iter().map(|person| (person, identity(person.id, "google", "1001"))).collect();
    let outcomes = join_all(drafts.iter().map(|(person, identity)| store.identity_register(person, 3, identity))).await;
    let made = outcomes.into_iter().filter(|outcome| *outcome.as_ref().unwrap() == Some(UserCreated::Done)).count();
    assert_eq!((made, store.user_count().await.unwrap()), (1, 1));
}

/// It counts once the address is confirmed, and not before.
pub async fn an_identity_waits_for_its_accounts_address(store: &dyn CoreStore) {
    let ani = newcomer(1);
    let mine = identity(ani.id, "github", "77");
    let made = store.identity_register_unconfirmed(&ani, 3, &mine, &letters(1)).await.unwrap();
    assert_eq!(made, Some(UserCreated::Done));
    assert_eq!(whose(store, &mine).await, None);
    assert_eq!(store.identity_list(ani.id).await.unwrap(), []);
    store.identity_used(&mine.issuer, "77", Some("x@contoh.id"), at(9)).await.unwrap();
    assert_eq!(store.identity_unlink(ani.id, "github", true).await.unwrap(), IdentityUnlinked::Missing);
    assert!(store.user_verify_email(ani.id, at(20)).await.unwrap());
    assert_eq!(store.identity_list(ani.id).await.unwrap(), [mine]);
}

/// Whether the second address was taken or not, nothing is left of the first attempt: the difference would tell.
pub async fn another_attempt_replaces_what_waits(store: &dyn CoreStore) {
    user(store, 1).await;
    for (id, email) in [(10, "baru@contoh.id"), (20, "orang_1@contoh.id")] {
        let (first, second) = (newcomer(id), NewUser { email: Some(email.into()), ..newcomer(id + 1) });
        let subject = id.to_string();
        let waiting = identity(first.id, "github", &subject);
        store.identity_register_unconfirmed(&first, 3, &waiting, &letters(id)).await.unwrap();
        let later = identity(second.id, "github", &subject);
        assert!(store.identity_register_unconfirmed(&second, 3, &later, &letters(id + 1)).await.unwrap().is_some());
        assert!(store.user_verify_email(first.id, at(20)).await.unwrap());
        assert_eq!(whose(store, &waiting).await, None, "{email}");
    }
    // Who is signed in and links it takes it as well.
    let (waits, ani) = (newcomer(30), UserId(1));
    store.identity_register_unconfirmed(&waits, 3, &identity(waits.id, "github", "30"), &letters(30)).await.unwrap();
    assert_eq!(store.identity_link(&identity(ani, "github", "30")).await.unwrap(), IdentityLinked::Done);
    store.user_verify_email(waits.id, at(20)).await.unwrap();
    assert_eq!(whose(store, &identity(ani, "github", "30")).await, Some(ani));
}

/// Who has the mailbox, not who once typed its address, decides what signs in.
pub async fn a_reset_forgets_what_was_linked_before_the_address_was_confirmed(store: &dyn CoreStore) {
    for (id, confirmed) in [(1, false), (2, true)] {
        let person = user(store, id).await;
        if confirmed {
            store.user_verify_email(person, at(1)).await.unwrap();
        }
        let linked = identity(person, "google", &id.to_string());
        store.identity_link(&linked).await.unwrap();
        let token = [u8::try_from(id).unwrap(); 32];
        store.token_put(OneTime::ResetPassword, &token, person, at(60)).await.unwrap();
        store.password_reset(&token, "$argon2id$baru", b"alamat", at(30)).await.unwrap().unwrap();
        assert_eq!(whose(store, &linked).await.is_some(), confirmed);
    }
}

/// "This wasn't me" takes what was linked since; deleting the account everything.
pub async fn undoing_and_deleting_unlink(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (old, new) = (identity(ani, "github", "77"), FederatedIdentity { linked_at: at(15), ..identity(ani, "google", "1001") });
    for linked in [&old, &new] {
        store.identity_link(linked).await.unwrap();
    }
    let undoing = Undoing { email: "orang_1@contoh.id".into(), at: at(10), since: at(10), now: at(20) };
    store.account_undo(ani, &undoing).await.unwrap().unwrap();
    assert_eq!(store.identity_list(ani).await.unwrap(), std::slice::from_ref(&old));
    store.account_delete(ani, at(30)).await.unwrap().unwrap();
    assert_eq!((whose(store, &old).await, store.identity_list(ani).await.unwrap()), (None, vec![]));
    assert_eq!(store.identity_link(&new).await.unwrap(), IdentityLinked::Missing);
}
