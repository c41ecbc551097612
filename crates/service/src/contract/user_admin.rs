//! What administrators do to accounts.

mod search;

pub use search::*;

use super::{
    CoreStore,
    fixtures::{account, at, user},
};
use crate::store::{Deed, NewAuditEntry, NewBadge};
use aivalid_model::{
    admin::Suspension,
    audit::{AuditFilter, Outcome},
    check::Check,
    id::{BadgeId, UserId},
    identity::{AccountChange, Role, Username},
};
use futures::future::join_all;

/// An entry that a deed writes.
fn entry(event: &str) -> NewAuditEntry {
    NewAuditEntry {
        at: at(0),
        event: event.to_owned(),
        outcome: Outcome::Done,
        actor: Some(UserId(99)),
        subject: None,
        target: None,
        session: None,
        ip: "10.0.0.1".into(),
        user_agent: String::new(),
        request_id: String::new(),
        details: "{}".into(),
    }
}

/// What stands in the log, oldest first.
async fn log(store: &dyn CoreStore) -> Vec<String> {
    let mut records = store.audit_list(&AuditFilter::default(), None, 100).await.unwrap();
    records.sort_by_key(|record| record.id);
    records.into_iter().map(|record| record.entry.event).collect()
}

async fn with_role(store: &dyn CoreStore, id: i64, role: Role) -> UserId {
    let new = crate::store::NewUser { role, ..account(id, &format!("orang_{id}")) };
    store.user_create(&new, 9).await.unwrap();
    new.id
}

async fn role(store: &dyn CoreStore, id: UserId) -> Role {
    store.user_by_id(id).await.unwrap().unwrap().role
}

async fn give(store: &dyn CoreStore, id: UserId, from: Role, to: Role) -> Deed {
    store.user_role(id, from, to, at(5), &entry("role.changed")).await.unwrap()
}

fn suspension(since: i64, until: Option<i64>) -> Suspension {
    Suspension { since: at(since), until: until.map(at), reason: "Melanggar aturan é".into() }
}

async fn suspend(store: &dyn CoreStore, id: UserId, since: i64, until: Option<i64>) -> Deed {
    store.user_suspend(id, &suspension(since, until), &entry("user.suspended")).await.unwrap()
}

/// From what it is supposed to be; the log tells only of what was done.
pub async fn a_role_is_given_once_and_logged(store: &dyn CoreStore) {
    let (_, ani) = (with_role(store, 1, Role::Admin).await, user(store, 2).await);
    assert_eq!(give(store, ani, Role::Moderator, Role::Admin).await, Deed::Otherwise);
    assert_eq!(give(store, UserId(77), Role::User, Role::Admin).await, Deed::Missing);
    assert_eq!(give(store, ani, Role::User, Role::Moderator).await, Deed::Done);
    assert_eq!(give(store, ani, Role::User, Role::Moderator).await, Deed::Otherwise);
    assert_eq!((role(store, ani).await, log(store).await), (Role::Moderator, vec!["role.changed".to_owned()]));
}

/// Whoever is left alone stays, also when the others are only suspended.
pub async fn the_last_administrator_stays(store: &dyn CoreStore) {
    let (ani, budi) = (with_role(store, 1, Role::Admin).await, with_role(store, 2, Role::Admin).await);
    assert_eq!(suspend(store, budi, 1, Some(50)).await, Deed::Done);
    assert_eq!(give(store, ani, Role::Admin, Role::User).await, Deed::LastAdmin);
    assert_eq!(suspend(store, ani, 2, None).await, Deed::LastAdmin);
    // The one who can't sign in may lose the role.
    assert_eq!(give(store, budi, Role::Admin, Role::User).await, Deed::Done);
    assert_eq!(role(store, ani).await, Role::Admin);
    let cici = with_role(store, 3, Role::Admin).await;
    assert_eq!(give(store, ani, Role::Admin, Role::User).await, Deed::Done);
    assert_eq!(give(store, cici, Role::Admin, Role::User).await, Deed::LastAdmin);
}

/// Administrators who take each other's role at the same moment: one remains.
pub async fn of_racing_administrators_one_remains(store: &dyn CoreStore) {
    let mut admins = Vec::new();
    for id in 1..=6 {
        admins.push(with_role(store, id, Role::Admin).await);
    }
    let deeds = join_all(admins.iter().map(|id| give(store, *id, Role::Admin, Role::User))).await;
    assert_eq!(deeds.iter().filter(|deed| **deed == Deed::Done).count(), 5, "{deeds:?}");
    assert_eq!(deeds.iter().filter(|deed| **deed == Deed::LastAdmin).count(), 1, "{deeds:?}");
    assert_eq!(log(store).await.len(), 5);
}

/// It can be read, ends, is lifted, and can be put anew; each step is logged once.
pub async fn a_suspension_holds_until_it_ends_or_is_lifted(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let seen = async || store.user_by_id(ani).await.unwrap().unwrap().suspension;
    assert_eq!(seen().await, None);
    assert_eq!(store.user_unsuspend(ani, &entry("user.unsuspended")).await.unwrap(), Deed::Otherwise);
    assert_eq!(suspend(store, ani, 1, Some(10)).await, Deed::Done);
    assert_eq!(seen().await, Some(suspension(1, Some(10))));
    assert_eq!(suspend(store, ani, 9, None).await, Deed::Otherwise, "it still holds");
    assert_eq!(suspend(store, ani, 10, None).await, Deed::Done, "it was over");
    assert_eq!(seen().await, Some(suspension(10, None)));
    assert_eq!(suspend(store, ani, 1_000_000, None).await, Deed::Otherwise, "without an end it never is");
    assert_eq!(store.user_unsuspend(ani, &entry("user.unsuspended")).await.unwrap(), Deed::Done);
    assert_eq!(store.user_unsuspend(UserId(77), &entry("x")).await.unwrap(), Deed::Missing);
    assert_eq!(suspend(store, UserId(77), 1, None).await, Deed::Missing);
    assert_eq!(
        (seen().await, log(store).await),
        (None, ["user.suspended", "user.suspended", "user.unsuspended"].map(str::to_owned).to_vec())
    );
}

/// With the entry, or not at all.
pub async fn a_profile_is_corrected(store: &dyn CoreStore) {
    let (ani, _) = (user(store, 1).await, user(store, 2).await);
    let change = |name: &str| AccountChange {
        username: Some(Username::check(name.to_owned()).unwrap()),
        bio: Some("Baru".into()),
        ..AccountChange::default()
    };
    let fix = async |id, name| store.user_fix(id, &change(name), at(5), &entry("user.edited")).await.unwrap();
    assert_eq!(fix(ani, "orang_2").await, Deed::NameTaken);
    assert_eq!(fix(UserId(77), "siapa").await, Deed::Missing);
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().bio, "");
    assert_eq!(fix(ani, "rapi").await, Deed::Done);
    let fixed = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((fixed.card.username.as_str(), fixed.bio.as_str()), ("rapi", "Baru"));
    assert_eq!(log(store).await, ["user.edited"]);
}

async fn badge(store: &dyn CoreStore, slug: &str) -> BadgeId {
    let text = |word: &str| format!("{word} {slug}");
    let new = NewBadge {
        slug: slug.to_owned(),
        name_id: text("Lencana"),
        name_en: text("Badge"),
        description_id: text("Untuk"),
        description_en: text("For"),
        icon: "star".into(),
        colour: "amber".into(),
    };
    store.badge_create(&new).await.unwrap().unwrap()
}

/// What stands beside the name follows; badges are listed by slug.
pub async fn badges_are_granted_and_taken_away(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (second, first) = (badge(store, "dua").await, badge(store, "satu").await);
    assert_eq!(store.badge_list().await.unwrap().into_iter().map(|badge| badge.id).collect::<Vec<_>>(), [second, first]);
    let grant = async |badge, second| store.user_badge_grant(ani, badge, "sebab", at(second), &entry("badge.granted")).await.unwrap();
    let revoke = async |badge| store.user_badge_revoke(ani, badge, &entry("badge.revoked")).await.unwrap();
    let shown = async || store.user_by_id(ani).await.unwrap().unwrap().card.badge.map(|badge| badge.id);
    assert_eq!((grant(first, 1).await, grant(second, 2).await), (Deed::Done, Deed::Done));
    assert_eq!((grant(first, 3).await, grant(BadgeId(99), 3).await), (Deed::Otherwise, Deed::Missing));
    assert_eq!(store.user_badge_grant(UserId(77), first, "x", at(1), &entry("x")).await.unwrap(), Deed::Missing);
    assert_eq!(shown().await, Some(first));
    assert_eq!((revoke(first).await, revoke(first).await), (Deed::Done, Deed::Missing));
    assert_eq!(shown().await, Some(second), "the one that is left takes its place");
    assert_eq!(revoke(second).await, Deed::Done);
    assert_eq!((shown().await, store.user_badges(ani).await.unwrap()), (None, vec![]));
    assert_eq!(log(store).await, ["badge.granted", "badge.granted", "badge.revoked", "badge.revoked"]);
}
