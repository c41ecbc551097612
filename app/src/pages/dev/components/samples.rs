//! Things to show the components with.

use crate::context::Ctx;
use aivalid_model::{
    Timestamp,
    cases::{CaseRow, CaseStatus},
    community::{Category, CategoryKind, Reactions, Reply, ThreadRow},
    id::{BadgeId, CaseId, CategoryId, ReplyId, ThreadId, UserId},
    identity::{BadgeCard, UserCard},
    money::Rupiah,
};
use std::time::Duration;

/// Who wrote the post.
pub const OWNER: UserId = UserId(5);

/// A long word, because there is always one.
const WORD: &str = "pertanggungjawabanketidaksewenangwenanganmempertanggungjawabkanketidakberkesinambunganpengejawantahannyasekalipun";

pub fn ago(ctx: &Ctx, seconds: u64) -> Timestamp {
    ctx.now.minus(Duration::from_secs(seconds))
}

pub fn card(id: i64, username: &str, full_name: Option<&str>) -> UserCard {
    UserCard {
        id: UserId(id),
        username: username.to_owned(),
        full_name: full_name.map(str::to_owned),
        avatar_url: None,
        badge: (id % 2 == 0).then(badge),
    }
}

pub fn badge() -> BadgeCard {
    BadgeCard {
        id: BadgeId(1),
        slug: "validator".to_owned(),
        name_id: "Validator tersertifikasi".to_owned(),
        name_en: "Certified validator".to_owned(),
        description_id: "Lulus uji metode.".to_owned(),
        description_en: "Passed the examination in methods.".to_owned(),
        icon: "badge-check".to_owned(),
        colour: "teal".to_owned(),
    }
}

pub fn category() -> Category {
    Category {
        id: CategoryId(1),
        slug: "ai-models".to_owned(),
        kind: CategoryKind::Case,
        name_id: "Validasi model AI".to_owned(),
        name_en: "AI models".to_owned(),
        description_id: String::new(),
        description_en: String::new(),
        colour: "teal".to_owned(),
        icon: "flask-conical".to_owned(),
        post_count: 3,
        last_activity_at: None,
    }
}

pub fn reactions() -> Reactions {
    Reactions { like: 14, love: 3, wow: 1, ..Reactions::default() }
}

pub fn case(ctx: &Ctx, index: usize, status: CaseStatus) -> CaseRow {
    let titles = ["Periksa jawaban model 7B untuk soal hukum waris Islam dan perdata", WORD, "مراجعة ترجمة نموذج الموافقة 👩‍🔬"];
    let number = i64::try_from(index).unwrap_or(0);
    CaseRow {
        id: CaseId(number + 1),
        category_id: CategoryId(1),
        owner: card(number, "rina_ayu", Some("Rina Ayu")),
        title: titles.get(index % titles.len()).copied().unwrap_or_default().to_owned(),
        summary: String::new(),
        tags: vec!["hukum".to_owned(), "llm".to_owned()],
        bounty_amount: Rupiah(number * 1_250_000),
        status,
        deadline: Some(ctx.now.plus(Duration::from_hours(7 * 24))),
        reply_count: index as u64 * 617,
        reactions: reactions(),
        created_at: ago(ctx, 86_400),
        last_activity_at: ago(ctx, 60 * index as u64),
    }
}

pub fn thread(ctx: &Ctx, index: i64) -> ThreadRow {
    ThreadRow {
        id: ThreadId(index + 1),
        category_id: CategoryId(1),
        author: card(index, "budi_santoso", None),
        title: if index == 1 { WORD.to_owned() } else { "Kappa Cohen 0,61 untuk tiga penilai: cukup atau harus ulang?".to_owned() },
        summary: String::new(),
        tags: vec!["statistik".to_owned()],
        pinned: index == 0,
        locked: index == 1,
        reply_count: 38,
        reactions: reactions(),
        created_at: ago(ctx, 86_400),
        last_activity_at: ago(ctx, 700),
        last_reply_by: Some(card(7, "dr_laras", None)),
    }
}

/// Every depth, a deleted one, an edited one, an answer at the deepest level.
pub fn replies(ctx: &Ctx) -> Vec<Reply> {
    let reply = |id: i64, depth: u8, parent: Option<i64>| Reply {
        id: ReplyId(id),
        parent_id: parent.map(ReplyId),
        depth,
        author: Some(card(if id == 2 { OWNER.0 } else { id }, "siti_nurhaliza", None)),
        content: String::new(),
        content_html: format!("<p>Dengan tiga penilai sebaiknya pakai <strong>Fleiss</strong>. {}</p>", if id == 4 { WORD } else { "" }),
        reactions: if id % 2 == 0 { reactions() } else { Reactions::default() },
        my_reaction: None,
        created_at: ago(ctx, 3600),
        edited_at: (id == 3).then(|| ago(ctx, 60)),
        deleted: false,
        mine: id == 3,
    };
    let deleted = Reply { author: None, deleted: true, content_html: String::new(), ..reply(8, 1, Some(1)) };
    vec![
        reply(1, 0, None),
        reply(2, 1, Some(1)),
        reply(3, 2, Some(2)),
        reply(4, 3, Some(3)),
        reply(5, 4, Some(4)),
        reply(6, 4, Some(5)),
        deleted,
        reply(9, 0, None),
    ]
}
