//! Categories, tags and badges.

use super::{
    CoreStore,
    fixtures::{at, category, figures, new_category, tags, text, thread, user},
};
use crate::store::{LogDraft, NewBadge, NewCase};
use aivalid_model::{community::CategoryKind, money::Rupiah};

/// By position, then as they were made; every field comes back.
pub async fn categories_are_listed_in_order(store: &dyn CoreStore) {
    assert_eq!(store.category_list().await.unwrap(), []);
    for (slug, kind, position) in [("b", CategoryKind::Forum, 2), ("c", CategoryKind::Case, 1), ("a", CategoryKind::Forum, 2)] {
        store.category_create(&new_category(slug, kind, position)).await.unwrap().unwrap();
    }
    let list = store.category_list().await.unwrap();
    assert_eq!(list.iter().map(|category| category.slug.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
    let first = &list[0];
    assert_eq!((first.kind, first.name_id.as_str(), first.name_en.as_str()), (CategoryKind::Case, "Kategori c", "Category c"));
    assert_eq!((first.description_id.as_str(), first.description_en.as_str()), ("Satu kalimat.", "One sentence."));
    assert_eq!((first.colour.as_str(), first.icon.as_str(), first.post_count, first.last_activity_at), ("teal", "chat", 0, None));
}

/// The second one is refused, for categories and for badges.
pub async fn a_slug_is_taken_once(store: &dyn CoreStore) {
    let first = category(store, "umum", CategoryKind::Forum).await;
    assert_eq!(store.category_create(&new_category("umum", CategoryKind::Case, 0)).await.unwrap(), None);
    let list = store.category_list().await.unwrap();
    assert_eq!((list.len(), list[0].id, list[0].kind), (1, first, CategoryKind::Forum));
    let badge = NewBadge {
        slug: "perintis".into(),
        name_id: "Perintis".into(),
        name_en: "Pioneer".into(),
        description_id: "Dari awal".into(),
        description_en: "From the start".into(),
        icon: "star".into(),
        colour: "amber".into(),
    };
    assert!(store.badge_create(&badge).await.unwrap().is_some());
    assert_eq!(store.badge_create(&badge).await.unwrap(), None);
}

/// Posts and the last activity, kept up with every change.
pub async fn categories_count_what_can_be_read(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (one, two) = (category(store, "satu", CategoryKind::Forum).await, category(store, "dua", CategoryKind::Forum).await);
    let first = thread(store, one, ani, 10, &[]).await;
    let second = thread(store, one, ani, 20, &[]).await;
    assert_eq!(figures(store, one).await, (2, Some(at(20))));
    assert!(store.thread_edit(second, two, &text("Pindah", &[]), ani, at(30)).await.unwrap());
    assert_eq!(figures(store, one).await, (1, Some(at(10))), "activity goes along with the thread");
    assert_eq!(figures(store, two).await, (1, Some(at(30))));
    assert!(store.thread_delete(first, ani, at(40)).await.unwrap());
    assert_eq!(figures(store, one).await, (0, None));
    let cases = category(store, "kasus", CategoryKind::Case).await;
    let case = NewCase { category: cases, owner: ani, text: text("Kasus", &[]), bounty: Rupiah(5), deadline: None };
    let log = LogDraft { actor: Some(ani), action: "created", details: serde_json::json!({}), at: at(50) };
    store.case_open(&case, &log).await.unwrap();
    assert_eq!(figures(store, cases).await, (1, Some(at(50))));
}

/// Most used first, then by the bytes of their names; threads and cases together; unused ones not at all.
pub async fn tags_are_listed_by_use(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (forum, cases) = (category(store, "forum", CategoryKind::Forum).await, category(store, "kasus", CategoryKind::Case).await);
    let first = thread(store, forum, ani, 1, &["rare", "b-c", "bc"]).await;
    thread(store, forum, ani, 2, &["llm", "b-c", "b2"]).await;
    let case = NewCase { category: cases, owner: ani, text: text("Kasus", &["llm", "b2", "bc", "b-c"]), bounty: Rupiah(5), deadline: None };
    let log = LogDraft { actor: Some(ani), action: "created", details: serde_json::json!({}), at: at(3) };
    store.case_open(&case, &log).await.unwrap();
    let all = [("b-c", 3), ("b2", 2), ("bc", 2), ("llm", 2), ("rare", 1)].map(|(tag, count)| (tag.to_owned(), count));
    assert_eq!(tags(store).await, all);
    assert_eq!(store.tag_list(2).await.unwrap().len(), 2);
    assert!(store.thread_delete(first, ani, at(9)).await.unwrap());
    let left = [("b-c", 2), ("b2", 2), ("llm", 2), ("bc", 1)].map(|(tag, count)| (tag.to_owned(), count));
    assert_eq!(tags(store).await, left);
}
