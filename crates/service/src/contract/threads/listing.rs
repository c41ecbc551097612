//! Reading threads, one by one and in lists.

use crate::contract::{
    CoreStore,
    fixtures::{at, category, text, thread, user},
};
use crate::store::{NewThread, ThreadRecord};
use aivalid_model::{
    community::{CategoryKind, Reactions, Sort, Tally, ThreadFilter},
    content::ContentType,
    id::{CategoryId, ThreadId, UserId},
    page::PageRequest,
};

fn sorted(sort: Sort) -> ThreadFilter {
    ThreadFilter { sort, ..ThreadFilter::default() }
}

async fn ids(store: &dyn CoreStore, filter: &ThreadFilter) -> Vec<i64> {
    let list = store.thread_list(filter, PageRequest::new(None, Some(100)), None).await.unwrap();
    assert_eq!((list.total, &list.next), (u64::try_from(list.items.len()).unwrap(), &None), "{filter:?}");
    assert_eq!(store.thread_few(filter, 100).await.unwrap(), list.items, "{filter:?}");
    assert_eq!(store.thread_few(filter, 1).await.unwrap(), list.items.iter().take(1).cloned().collect::<Vec<_>>(), "{filter:?}");
    list.items.into_iter().map(|thread| thread.id.0).collect()
}

async fn replied(store: &dyn CoreStore, id: ThreadId, replies: i64, likes: u32, second: i64) {
    let reactions = Reactions { like: likes, ..Reactions::default() };
    let tally = Tally { seq: 1, replies, rows: replies, last_reply_at: Some(at(second)), last_reply_by: Some(UserId(1)), reactions };
    store.thread_set_tally(id, &tally).await.unwrap();
}

/// Every field comes back; unknown ids are not found.
pub async fn a_thread_is_stored_as_written(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let mut text = text("'Judul' \\ \"panjang\" 100% _ 🧪", &["inter-rater", "llm"]);
    (text.content_type, text.content) = (ContentType::Table, "x".repeat(50_000));
    let new = NewThread { category: forum, author: ani, text: text.clone(), now: at(5) };
    let id = store.thread_publish(&new).await.unwrap();
    let expected = ThreadRecord {
        id,
        category: forum,
        author: ani,
        text,
        pinned: false,
        locked: false,
        reply_count: 0,
        reply_rows: 0,
        reactions: Reactions::default(),
        created_at: at(5),
        edited_at: None,
        last_activity_at: at(5),
        last_reply_by: None,
    };
    assert_eq!(store.thread_get(id).await.unwrap(), Some(expected));
    assert_eq!(store.thread_get(ThreadId(id.0 + 1)).await.unwrap(), None);
    assert!(thread(store, forum, ani, 6, &[]).await > id, "ids are counted up");
}

/// A list is titles and figures.
pub async fn lists_leave_the_content_out(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let id = thread(store, forum, ani, 5, &["llm"]).await;
    let mut whole = store.thread_get(id).await.unwrap().unwrap();
    (whole.text.content, whole.text.content_html) = (String::new(), String::new());
    assert_eq!(store.thread_list(&ThreadFilter::default(), PageRequest::default(), None).await.unwrap().items, [whole]);
}

/// Last written in, newest, most reactions and replies, newest without a reply.
pub async fn each_order_has_its_own_first(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let [a, b, c, d] = [
        thread(store, forum, ani, 10, &[]).await,
        thread(store, forum, ani, 20, &[]).await,
        thread(store, forum, ani, 30, &[]).await,
        thread(store, forum, ani, 30, &[]).await,
    ];
    replied(store, a, 2, 5, 100).await;
    replied(store, c, 1, 9, 50).await;
    for category in [None, Some(forum)] {
        let list = async |sort| ids(store, &ThreadFilter { category, ..sorted(sort) }).await;
        assert_eq!(list(Sort::Latest).await, [a.0, c.0, d.0, b.0], "equal times: the higher id first");
        assert_eq!(list(Sort::Newest).await, [d.0, c.0, b.0, a.0]);
        assert_eq!(list(Sort::Top).await, [c.0, a.0, d.0, b.0]);
        assert_eq!(list(Sort::Unanswered).await, [d.0, b.0]);
    }
}

/// On the list of their category by last activity, and nowhere else.
pub async fn pinned_threads_lead_their_category(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    let mut made = Vec::new();
    for second in 1..=5 {
        made.push(thread(store, forum, ani, second, &["llm"]).await);
    }
    for place in [1, 3] {
        assert!(store.thread_set_flags(made[place], true, false).await.unwrap());
    }
    let order = |places: [usize; 5]| places.map(|place| made[place].0);
    let here = ThreadFilter { category: Some(forum), ..ThreadFilter::default() };
    assert_eq!(ids(store, &here).await, order([3, 1, 4, 2, 0]));
    assert_eq!(ids(store, &ThreadFilter { tag: Some("llm".into()), ..here.clone() }).await, order([3, 1, 4, 2, 0]));
    assert_eq!(ids(store, &ThreadFilter { sort: Sort::Newest, ..here.clone() }).await, order([4, 3, 2, 1, 0]));
    assert_eq!(ids(store, &ThreadFilter::default()).await, order([4, 3, 2, 1, 0]));
    assert_eq!(pages(store, &here, 2).await, order([3, 1, 4, 2, 0]), "also across cursors");
}

/// By category, tag, author, and together; totals say the same.
pub async fn lists_are_filtered(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let (one, two) = (category(store, "satu", CategoryKind::Forum).await, category(store, "dua", CategoryKind::Forum).await);
    let cases = category(store, "kasus", CategoryKind::Case).await;
    let mut made = Vec::new();
    for (second, (place, author, tags)) in
        (1..).zip([(one, ani, &["llm", "data"][..]), (two, ani, &["llm"]), (one, budi, &["data"]), (two, budi, &[]), (one, ani, &[])])
    {
        made.push(thread(store, place, author, second, tags).await.0);
    }
    let check = async |category: Option<CategoryId>, tag: Option<&str>, author: Option<UserId>, expected: &[usize]| {
        let expected: Vec<i64> = expected.iter().map(|place| made[*place]).collect();
        for sort in Sort::ALL {
            let filter = ThreadFilter { category, tag: tag.map(Into::into), author, sort };
            assert_eq!(ids(store, &filter).await, if sort == Sort::Top { by_id(&expected) } else { expected.clone() }, "{filter:?}");
        }
    };
    check(None, None, None, &[4, 3, 2, 1, 0]).await;
    check(Some(one), None, None, &[4, 2, 0]).await;
    check(Some(cases), None, None, &[]).await;
    check(Some(CategoryId(999)), None, None, &[]).await;
    check(None, Some("llm"), None, &[1, 0]).await;
    check(None, None, Some(budi), &[3, 2]).await;
    check(Some(one), Some("data"), None, &[2, 0]).await;
    check(Some(one), Some("data"), Some(ani), &[0]).await;
    check(Some(two), Some("data"), None, &[]).await;
    for nothing in ["", "l", "LLM", "ll%", "\0"] {
        check(None, Some(nothing), None, &[]).await;
    }
}

fn by_id(ids: &[i64]) -> Vec<i64> {
    let mut ids = ids.to_vec();
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids
}

/// All entries, one cursor after the other; every stretch says the same total.
async fn pages(store: &dyn CoreStore, filter: &ThreadFilter, limit: u32) -> Vec<i64> {
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let list = store.thread_list(filter, PageRequest::new(None, Some(limit)), cursor.as_deref()).await.unwrap();
        seen.extend(list.items.iter().map(|thread| thread.id.0));
        assert!(list.items.len() <= limit as usize && seen.len() <= 100, "{filter:?}");
        cursor = list.next;
        if cursor.is_none() {
            assert_eq!(list.total, u64::try_from(seen.len()).unwrap());
            return seen;
        }
        assert_eq!(list.items.len(), limit as usize);
    }
}

/// Following cursors shows what turning pages shows, in every order, also among equal values.
pub async fn cursors_and_page_numbers_agree(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    for n in 0..13 {
        let id = thread(store, forum, ani, n / 3, &["llm"]).await;
        if n % 4 == 0 {
            replied(store, id, n % 2 + 1, 2, 100 - n / 5).await;
        }
        assert!(store.thread_set_flags(id, n % 6 == 1, false).await.unwrap());
    }
    for sort in Sort::ALL {
        for (category, tag) in [(None, None), (Some(forum), None), (None, Some("llm")), (Some(forum), Some("llm"))] {
            let filter = ThreadFilter { category, tag: tag.map(Into::into), author: None, sort };
            let whole = ids(store, &filter).await;
            assert_eq!(whole.len(), if sort == Sort::Unanswered { 9 } else { 13 });
            assert_eq!(pages(store, &filter, 4).await, whole, "{filter:?}");
            let mut turned = Vec::new();
            for page in 1..=4 {
                let list = store.thread_list(&filter, PageRequest::new(Some(page), Some(4)), None).await.unwrap();
                assert_eq!(list.next.is_some(), usize::try_from(page * 4).unwrap() < whole.len(), "{filter:?} {page}");
                turned.extend(list.items.into_iter().map(|thread| thread.id.0));
            }
            assert_eq!(turned, whole, "{filter:?}");
        }
    }
}

/// Whatever a client makes up, it gets the page it asked for.
pub async fn a_foreign_cursor_is_ignored(store: &dyn CoreStore) {
    let (ani, forum) = (user(store, 1).await, category(store, "forum", CategoryKind::Forum).await);
    for second in 1..=4 {
        thread(store, forum, ani, second, &[]).await;
    }
    let (page, here) = (PageRequest::new(Some(2), Some(2)), ThreadFilter::default());
    let plain = store.thread_list(&here, page, None).await.unwrap();
    let by_age = store.thread_list(&sorted(Sort::Newest), PageRequest::new(None, Some(2)), None).await.unwrap().next.unwrap();
    for cursor in ["", "x", "\0", "9223372036854775808", "' OR 1=1 --", by_age.as_str()] {
        assert_eq!(store.thread_list(&here, page, Some(cursor)).await.unwrap(), plain, "{cursor}");
    }
}
