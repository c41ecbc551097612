//! A bulk load leaves what the same deeds, done one by one, would have left.

use aivalid_model::{
    Timestamp,
    cases::{CaseFilter, CaseStatus},
    community::{CategoryKind, ReactionKind, Reactions, Sort, Target, ThreadFilter},
    content::ContentType,
    id::{CaseId, CategoryId, ReplyId, ThreadId, UserId},
    identity::Role,
    money::Rupiah,
    page::PageRequest,
};
use aivalid_service::{
    cases::log::verify,
    contract::CoreStore,
    store::{LogDraft, NewCategory, NewReply, NewThread, NewUser, PostText, ReplyAdded, ReplyStart, ReplyStore, child_path},
};
use aivalid_stores::bulk::{BulkCase, BulkReaction, BulkReply, BulkText, BulkThread, BulkUser};

const HARD: &str = "tab\there, \\N backslash\\, \"quotes\" 'and' new\r\nlines 👩‍🔬";

fn person(id: i64) -> BulkUser {
    let account = NewUser {
        id: UserId(id),
        email: Some(format!("orang_{id}@contoh.id")),
        phone: None,
        username: format!("orang_{id}"),
        password_hash: None,
        locale: None,
        role: Role::User,
        email_verified: true,
        device: None,
        terms_version: "2026-01".into(),
        now: Timestamp(id),
    };
    BulkUser { account, full_name: HARD.into(), bio: String::new(), location: "Medan".into(), website: String::new() }
}

fn category(slug: &str, kind: CategoryKind) -> NewCategory {
    let [name_id, name_en, description_id, description_en, colour, icon] = [(); 6].map(|()| slug.to_owned());
    NewCategory { slug: slug.to_owned(), kind, name_id, name_en, description_id, description_en, colour, icon, position: 0 }
}

fn written(tags: &[String]) -> BulkText<'_> {
    BulkText { title: "Judul", summary: "", content_type: ContentType::Markdown, content: HARD, content_html: HARD, tags }
}

fn reply(target: Target, id: i64, parent: Option<i64>, depth: u8, path: &str) -> BulkReply<'_> {
    let (id, parent) = (ReplyId(id), parent.map(ReplyId));
    BulkReply { id, target, parent, depth, path, author: UserId(2), content: HARD, content_html: "<p>", created_at: Timestamp(100 + id.0) }
}

/// What the loaders below put in: two threads, one case, four replies, five reactions.
struct Deeds {
    tags: Vec<String>,
    paths: Vec<(u8, String)>,
    forum: CategoryId,
    cases: CategoryId,
}

impl Deeds {
    async fn new(store: &dyn CoreStore) -> Self {
        let first = child_path(None, 1);
        let answer = child_path(Some((first.0, &first.1)), 2);
        Self {
            tags: vec!["data".into(), "llm".into()],
            paths: vec![first, answer, child_path(None, 3), child_path(None, 1)],
            forum: store.category_create(&category("forum", CategoryKind::Forum)).await.unwrap().unwrap(),
            cases: store.category_create(&category("kasus", CategoryKind::Case)).await.unwrap().unwrap(),
        }
    }

    fn threads(&self) -> [BulkThread<'_>; 2] {
        [(10, &self.tags[..], true), (11, &self.tags[1..], false)].map(|(id, tags, pinned)| BulkThread {
            id: ThreadId(id),
            category: self.forum,
            author: UserId(1),
            text: written(tags),
            pinned,
            locked: false,
            created_at: Timestamp(id),
        })
    }

    fn case(&self) -> BulkCase<'_> {
        let entry = |action, at| LogDraft { actor: Some(UserId(1)), action, details: serde_json::json!({"x": HARD}), at: Timestamp(at) };
        BulkCase {
            id: CaseId(20),
            category: self.cases,
            owner: UserId(1),
            text: written(&self.tags),
            bounty: Rupiah(5),
            status: CaseStatus::Cancelled,
            deadline: None,
            log: vec![entry("created", 5), entry("cancelled", 6)],
        }
    }

    fn replies(&self) -> Vec<BulkReply<'_>> {
        let [a, b, c, d] = [0, 1, 2, 3].map(|place| (self.paths[place].0, self.paths[place].1.as_str()));
        let (thread, case) = (ThreadId(10).into(), CaseId(20).into());
        vec![
            reply(thread, 1, None, a.0, a.1),
            reply(thread, 2, Some(1), b.0, b.1),
            reply(thread, 3, None, c.0, c.1),
            reply(case, 4, None, d.0, d.1),
        ]
    }

    fn reactions() -> Vec<BulkReaction> {
        let targets =
            [(ThreadId(10).into(), 1), (ThreadId(10).into(), 2), (ThreadId(11).into(), 1), (ReplyId(2).into(), 1), (ReplyId(2).into(), 2)];
        targets.map(|(target, user)| BulkReaction { target, user: UserId(user), kind: ReactionKind::Wow, at: Timestamp(9) }).into()
    }

    async fn check(&self, store: &(impl CoreStore + ReplyStore)) {
        let wow = |count| Reactions { wow: count, ..Reactions::default() };
        let user = store.user_by_username("orang_2").await.unwrap().unwrap();
        assert_eq!((user.card.full_name.as_deref(), user.email_verified, user.location.as_str()), (Some(HARD), true, "Medan"));
        let thread = store.thread_get(ThreadId(10)).await.unwrap().unwrap();
        assert_eq!((thread.reply_count, thread.reply_rows, thread.reactions, thread.last_activity_at), (3, 3, wow(2), Timestamp(103)));
        assert_eq!((thread.last_reply_by, thread.text.content.as_str(), &thread.text.tags), (Some(UserId(2)), HARD, &self.tags));
        let quiet = store.thread_get(ThreadId(11)).await.unwrap().unwrap();
        assert_eq!((quiet.reply_count, quiet.reactions, quiet.last_activity_at, quiet.last_reply_by), (0, wow(1), Timestamp(11), None));
        let case = store.case_get(CaseId(20)).await.unwrap().unwrap();
        assert_eq!(
            (case.status, case.created_at, case.last_activity_at, case.reply_count),
            (CaseStatus::Cancelled, Timestamp(5), Timestamp(104), 1)
        );
        let log = store.case_log(CaseId(20)).await.unwrap();
        assert!(log.len() == 2 && verify(CaseId(20), &log));

        let list = store.reply_list(ThreadId(10).into(), &ReplyStart::Offset(0), 10).await.unwrap();
        assert_eq!(
            list.iter().map(|reply| (reply.id.0, reply.depth, reply.reactions)).collect::<Vec<_>>(),
            [(1, 0, wow(0)), (2, 1, wow(2)), (3, 0, wow(0))]
        );
        assert_eq!(list[0].content, HARD);
        assert_eq!(store.tally_pending(10).await.unwrap(), []);
        let tally = store.tally(ThreadId(10).into()).await.unwrap();
        assert_eq!((tally.seq, tally.replies, tally.last_reply_at, tally.last_reply_by), (5, 3, Some(Timestamp(103)), Some(UserId(2))));

        let categories = store.category_list().await.unwrap();
        let figures: Vec<_> = categories.iter().map(|category| (category.post_count, category.last_activity_at)).collect();
        assert_eq!(figures, [(2, Some(Timestamp(103))), (1, Some(Timestamp(104)))]);
        let tags: Vec<_> = store.tag_list(9).await.unwrap().into_iter().map(|tag| (tag.slug, tag.count)).collect();
        assert_eq!(tags, [("llm".to_owned(), 3), ("data".to_owned(), 2)]);
        let filter = ThreadFilter { tag: Some("llm".into()), sort: Sort::Top, ..ThreadFilter::default() };
        let top = store.thread_list(&filter, PageRequest::default(), None).await.unwrap();
        assert_eq!((top.items.iter().map(|thread| thread.id.0).collect::<Vec<_>>(), top.total), (vec![10, 11], 2));
        assert_eq!(store.case_list(&CaseFilter::default(), PageRequest::default(), None).await.unwrap().total, 1);
    }

    /// What comes after goes on from it: ids, places and numbers.
    async fn go_on(&self, store: &(impl CoreStore + ReplyStore)) {
        let (title, content) = ("Baru".to_owned(), "baru".to_owned());
        let (summary, content_html, tags) = (String::new(), String::new(), self.tags.clone());
        let text = PostText { title, summary, content_type: ContentType::Markdown, content, content_html, tags };
        let next = NewThread { category: self.forum, author: UserId(2), text, now: Timestamp(200) };
        assert_eq!(store.thread_publish(&next).await.unwrap(), ThreadId(12));
        let (target, content) = (ThreadId(10).into(), "lagi".to_owned());
        let again = NewReply {
            id: ReplyId(9),
            target,
            parent: Some(ReplyId(1)),
            author: UserId(1),
            content_html: content.clone(),
            content,
            now: Timestamp(300),
        };
        let ReplyAdded::Done { tally, .. } = store.reply_add(&again).await.unwrap() else { panic!("not added") };
        assert_eq!((tally.seq, tally.replies), (6, 4));
        let order: Vec<_> =
            store.reply_list(target, &ReplyStart::Offset(0), 10).await.unwrap().into_iter().map(|reply| reply.id.0).collect();
        assert_eq!(order, [1, 2, 9, 3]);
        assert_eq!(store.reply_position(ReplyId(3)).await.unwrap(), Some(3));
    }
}

macro_rules! bulk_tests {
    ($backend:ident) => {
        mod $backend {
            use super::*;
            use aivalid_stores::$backend::BulkLoader;

            #[tokio::test]
            async fn a_load_counts_everything() {
                let store = crate::$backend::open().await;
                let indexes = store.indexes().await;
                let deeds = Deeds::new(&*store).await;
                let mut loader = BulkLoader::begin(&store).await.unwrap();
                loader.users(&[person(1), person(2)]).await.unwrap();
                loader.threads(&deeds.threads()).await.unwrap();
                loader.cases(&[deeds.case()]).await.unwrap();
                loader.replies(&deeds.replies()).await.unwrap();
                loader.reactions(&Deeds::reactions()).await.unwrap();
                loader.finish().await.unwrap();
                assert_eq!(store.indexes().await, indexes);
                deeds.check(&*store).await;
                deeds.go_on(&*store).await;
            }

            #[tokio::test]
            async fn a_load_that_is_given_up_leaves_nothing() {
                let store = crate::$backend::open().await;
                let deeds = Deeds::new(&*store).await;
                let mut loader = BulkLoader::begin(&store).await.unwrap();
                loader.users(&[person(1), person(2)]).await.unwrap();
                loader.threads(&deeds.threads()).await.unwrap();
                loader.threads(&deeds.threads()).await.unwrap_err();
                drop(loader);
                let mut loader = BulkLoader::begin(&store).await.unwrap();
                loader.users(&[person(1), person(2)]).await.unwrap();
                loader.finish().await.unwrap();
                assert_eq!(threads(&*store).await, 0);
            }
        }
    };
}

async fn threads(store: &dyn CoreStore) -> u64 {
    store.thread_list(&ThreadFilter::default(), PageRequest::default(), None).await.unwrap().total
}

bulk_tests!(sqlite);
bulk_tests!(postgres);
