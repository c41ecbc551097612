//! People, categories and texts for the suite.

use super::CoreStore;
use crate::store::{NewCategory, NewThread, NewUser, PostText, UserCreated};
use aivalid_model::{
    Timestamp,
    community::CategoryKind,
    content::ContentType,
    id::{CategoryId, ThreadId, UserId},
    identity::Role,
};

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_secs(1_763_000_000 + seconds)
}

/// An account that is not made yet.
pub(super) fn account(id: i64, username: &str) -> NewUser {
    NewUser {
        id: UserId(id),
        email: Some(format!("{username}@contoh.id")),
        phone: None,
        username: username.to_owned(),
        password_hash: Some("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into()),
        locale: None,
        role: Role::User,
        email_verified: false,
        device: None,
        terms_version: "2026-01".into(),
        now: at(0),
    }
}

/// A user, made.
pub(super) async fn user(store: &dyn CoreStore, id: i64) -> UserId {
    let account = account(id, &format!("orang_{id}"));
    assert_eq!(store.user_create(&account, 3).await.unwrap(), UserCreated::Done);
    account.id
}

/// A category that is not made yet.
pub(super) fn new_category(slug: &str, kind: CategoryKind, position: i64) -> NewCategory {
    NewCategory {
        slug: slug.to_owned(),
        kind,
        name_id: format!("Kategori {slug}"),
        name_en: format!("Category {slug}"),
        description_id: "Satu kalimat.".into(),
        description_en: "One sentence.".into(),
        colour: "teal".into(),
        icon: "chat".into(),
        position,
    }
}

/// A category, made.
pub(super) async fn category(store: &dyn CoreStore, slug: &str, kind: CategoryKind) -> CategoryId {
    store.category_create(&new_category(slug, kind, 0)).await.unwrap().unwrap()
}

/// What someone wrote.
pub(super) fn text(title: &str, tags: &[&str]) -> PostText {
    PostText {
        title: title.to_owned(),
        summary: format!("Ringkasan {title}"),
        content_type: ContentType::Markdown,
        content: format!("# {title}\n\nκ = 0,61 👩‍🔬 مرحبا"),
        content_html: format!("<h1>{title}</h1>\n<p>κ = 0,61 👩‍🔬 مرحبا</p>"),
        tags: tags.iter().map(ToString::to_string).collect(),
    }
}

/// A thread, published `second` seconds after the beginning.
pub(super) async fn thread(store: &dyn CoreStore, category: CategoryId, author: UserId, second: i64, tags: &[&str]) -> ThreadId {
    let thread = NewThread { category, author, text: text(&format!("Utas {second}"), tags), now: at(second) };
    store.thread_publish(&thread).await.unwrap()
}

/// The tags with their counts.
pub(super) async fn tags(store: &dyn CoreStore) -> Vec<(String, u64)> {
    store.tag_list(100).await.unwrap().into_iter().map(|tag| (tag.slug, tag.count)).collect()
}

/// A category's figures.
pub(super) async fn figures(store: &dyn CoreStore, id: CategoryId) -> (u64, Option<Timestamp>) {
    let category = store.category_list().await.unwrap().into_iter().find(|category| category.id == id).unwrap();
    (category.post_count, category.last_activity_at)
}

/// How many threads and cases someone's profile counts.
pub(super) async fn post_counts(store: &dyn CoreStore, id: UserId) -> (u64, u64) {
    let username = store.user_by_id(id).await.unwrap().unwrap().card.username;
    let (user, threads, cases) = store.user_profile(&username).await.unwrap().unwrap();
    assert_eq!(user.card.id, id);
    (threads, cases)
}
