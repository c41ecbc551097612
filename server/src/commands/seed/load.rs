//! From the plan into the stores.

use super::{
    PASSWORD,
    plan::{Plan, Post, Told},
};
use crate::{app::App, config::Config};
use aivalid_model::{
    Timestamp,
    cases::CaseStatus,
    community::{ReactionKind, Target},
    id::{CaseId, ReplyId, ThreadId, UserId},
    identity::AccountChange,
    money::Rupiah,
};
use aivalid_service::{
    cases::log::details_hash,
    store::{LogDraft, NewReply, NewUser, child_path},
};
use aivalid_stores::{
    bulk::{BulkCase, BulkReaction, BulkReply, BulkText, BulkThread, BulkUser},
    postgres::{self, PostgresStore},
    sqlite::{self, SqliteStore},
};
use anyhow::{Result, anyhow};
use serde_json::json;
use std::time::Duration;

/// How many posts are loaded with their replies at a time.
const BATCH: usize = 2_000;

/// The loader of whichever database is configured.
enum Loader {
    Sqlite(sqlite::BulkLoader),
    Postgres(postgres::BulkLoader),
}

macro_rules! each {
    ($loader:expr, $inner:ident => $call:expr) => {
        match $loader {
            Loader::Sqlite($inner) => $call,
            Loader::Postgres($inner) => $call,
        }
    };
}

/// Replies and reactions of a batch, before they find their way into SQL or MongoDB.
#[derive(Default)]
struct Talk<'a> {
    replies: Vec<Said<'a>>,
    reactions: Vec<BulkReaction>,
}

struct Said<'a> {
    id: ReplyId,
    target: Target,
    parent: Option<ReplyId>,
    depth: u8,
    path: String,
    author: UserId,
    text: &'a super::library::Text,
    at: Timestamp,
}

/// Loads everything.
pub(super) async fn run(config: &Config, app: &App, mut plan: Plan) -> Result<()> {
    let mut loader = if config.database_url.starts_with("sqlite:") {
        Loader::Sqlite(sqlite::BulkLoader::begin(&SqliteStore::open(&config.database_url).await?).await?)
    } else {
        Loader::Postgres(postgres::BulkLoader::begin(&PostgresStore::connect(&config.database_url, 2).await?).await?)
    };
    let in_sql = config.mongodb_url.is_none();
    let mut elsewhere = Vec::new();

    let users = users(app, &plan).await?;
    each!(&mut loader, inner => inner.users(&users).await)?;

    let (threads, cases, told) = (std::mem::take(&mut plan.threads), std::mem::take(&mut plan.cases), std::mem::take(&mut plan.told));
    let mut next_reply = 0;
    for (batch, first) in threads.chunks(BATCH).zip((1..).step_by(BATCH)) {
        let rows: Vec<BulkThread<'_>> = batch.iter().zip(first..).filter_map(|(post, id)| thread(&told, post, ThreadId(id))).collect();
        each!(&mut loader, inner => inner.threads(&rows).await)?;
        let mut talk = Talk::default();
        for (post, id) in batch.iter().zip(first..) {
            converse(&mut plan, &told, post, ThreadId(id).into(), &mut next_reply, &mut talk);
        }
        store_talk(&mut loader, talk, in_sql, &mut elsewhere).await?;
        tracing::info!(from = first, threads = batch.len(), "loaded");
    }
    for (batch, first) in cases.chunks(BATCH).zip((1..).step_by(BATCH)) {
        let rows: Vec<BulkCase<'_>> = batch.iter().zip(first..).filter_map(|(post, id)| case(&plan, &told, post, CaseId(id))).collect();
        each!(&mut loader, inner => inner.cases(&rows).await)?;
        let mut talk = Talk::default();
        for (post, id) in batch.iter().zip(first..) {
            converse(&mut plan, &told, post, CaseId(id).into(), &mut next_reply, &mut talk);
        }
        store_talk(&mut loader, talk, in_sql, &mut elsewhere).await?;
    }
    tracing::info!("counting and indexing");
    match loader {
        Loader::Sqlite(inner) => inner.finish().await?,
        Loader::Postgres(inner) => inner.finish().await?,
    }
    profiles(app, &mut plan).await?;
    for talk in elsewhere {
        store_elsewhere(app, talk).await?;
    }
    while app.service.reconcile_tallies().await.map_err(|error| anyhow!("{error}"))? > 0 {}
    Ok(())
}

/// One hash serves every account: they share their password.
async fn users(app: &App, plan: &Plan) -> Result<Vec<BulkUser>> {
    let hash = app.service.password_hash(PASSWORD).await.map_err(|error| anyhow!("{error}"))?;
    let user = |member: &super::plan::Member| BulkUser {
        account: NewUser {
            id: member.id,
            email: Some(format!("{}@demo.example", member.username)),
            phone: None,
            username: member.username.clone(),
            password_hash: Some(hash.clone()),
            locale: None,
            role: member.role,
            email_verified: true,
            device: None,
            terms_version: crate::app::TERMS_VERSION.to_owned(),
            now: member.since,
        },
        full_name: member.full_name.clone(),
        bio: member.bio.clone(),
        location: member.location.clone(),
        website: member.website.clone(),
    };
    Ok(plan.members.iter().map(user).collect())
}

fn text<'a>(told: &'a [Told], post: &Post) -> Option<(&'a Told, BulkText<'a>)> {
    let told = told.get(post.topic)?;
    let variant = told.variants.get(post.variant)?;
    let text = BulkText {
        title: &variant.title,
        summary: &variant.summary,
        content_type: variant.content_type,
        content: &variant.content.source,
        content_html: &variant.content.html,
        tags: &variant.tags,
    };
    Some((told, text))
}

fn thread<'a>(told: &'a [Told], post: &Post, id: ThreadId) -> Option<BulkThread<'a>> {
    let (told, text) = text(told, post)?;
    let announcement = told.category_slug == "announcements";
    Some(BulkThread {
        id,
        category: told.category,
        author: post.author,
        text,
        pinned: announcement && id.0 % 5 == 0,
        locked: announcement && id.0 % 7 == 0,
        created_at: post.at,
    })
}

fn case<'a>(plan: &Plan, told: &'a [Told], post: &Post, id: CaseId) -> Option<BulkCase<'a>> {
    let (told, text) = text(told, post)?;
    let deadline = post.at.plus(Duration::from_secs(u64::try_from(post.deadline_days).unwrap_or(7) * 86_400));
    let facts = json!({
        "title": text.title,
        "category": told.category_slug,
        "bountyAmount": post.bounty,
        "deadline": deadline,
        "tags": text.tags,
        "contentSha256": details_hash(text.content),
    });
    let mut log = vec![LogDraft { actor: Some(post.author), action: "created", details: facts, at: post.at }];
    let ended = post.at.plus(Duration::from_secs(post.cancelled_after)).min(plan.now);
    if post.status == CaseStatus::Cancelled {
        log.push(LogDraft { actor: Some(post.author), action: "cancelled", details: json!({ "reason": "" }), at: ended });
    }
    Some(BulkCase {
        id,
        category: told.category,
        owner: post.author,
        text,
        bounty: Rupiah(post.bounty),
        status: post.status,
        deadline: Some(deadline),
        log,
    })
}

/// A post's replies, each some time after what it answers, and reactions to all of them.
fn converse<'a>(plan: &mut Plan, told: &'a [Told], post: &Post, target: Target, next_reply: &mut i64, talk: &mut Talk<'a>) {
    let Some(topic) = told.get(post.topic) else { return };
    let Some(variant) = topic.variants.get(post.variant) else { return };
    react(plan, target, post.at, 2.5, talk);
    let mut here: Vec<(ReplyId, u8, String, Timestamp)> = Vec::new();
    let (mut answers, mut followups) = (variant.replies.iter(), variant.followups.iter());
    // Long conversations go on with what people of the same language say elsewhere.
    let others: Vec<&Told> = told.iter().filter(|other| other.english == topic.english).collect();
    for seq in 1..=post.replies {
        let parent = if here.is_empty() || plan.dice.percent(45) {
            None
        } else {
            here.get(here.len() - 1 - plan.dice.below(here.len().min(6))).cloned()
        };
        let own = if parent.is_none() { answers.next() } else { followups.next() };
        let spare = || {
            let pool = &others.get(seq * 7 % others.len().max(1))?.variants.first()?.followups;
            pool.get(seq * 3 % pool.len().max(1))
        };
        let Some(text) = own.or_else(|| followups.next()).or_else(spare) else { break };
        let since =
            parent.as_ref().map_or(post.at, |(.., at)| *at).max(here.last().map_or(post.at, |(.., at)| at.minus(Duration::from_hours(1))));
        // A reply comes before now, however late the conversation began.
        let gap = (plan.dice.fraction().powi(3) * 60.0 * 3600.0).min(plan.now.since(since).as_secs_f64() * 0.6);
        let at = since.plus(Duration::from_secs_f64(gap + 1.0)).min(plan.now);
        let author = plan.someone(&topic.category_slug, topic.english, at);
        let (depth, path) =
            child_path(parent.as_ref().map(|(_, depth, path, _)| (*depth, path.as_str())), i64::try_from(seq).unwrap_or(i64::MAX));
        *next_reply += 1;
        // Times of 2024 and later are below 41 bits; the low 12 bits keep ids of one millisecond apart.
        let id = ReplyId((((at.millis() - 1_704_067_200_000).max(1)) << 12) | (*next_reply & 0xFFF));
        react(plan, id.into(), at, 0.9, talk);
        here.push((id, depth, path.clone(), at));
        talk.replies.push(Said { id, target, parent: parent.map(|(id, ..)| id), depth, path, author, text, at });
    }
}

fn react(plan: &mut Plan, target: Target, after: Timestamp, mean: f64, talk: &mut Talk<'_>) {
    use ReactionKind::{Angry, Haha, Like, Love, Sad, Wow};
    const KINDS: [ReactionKind; 16] = [Like, Like, Like, Like, Like, Like, Like, Like, Like, Love, Love, Haha, Wow, Wow, Sad, Angry];
    let mut users: Vec<UserId> = Vec::new();
    for _ in 0..plan.dice.heavy(mean, 24) {
        let (Some(user), Some(kind)) = (plan.dice.pick(&plan.members).map(|member| member.id), plan.dice.pick(&KINDS)) else { break };
        if !users.contains(&user) {
            users.push(user);
            let at = after.plus(Duration::from_secs(plan.dice.next() % 90_000)).min(plan.now);
            talk.reactions.push(BulkReaction { target, user, kind: *kind, at });
        }
    }
}

async fn store_talk<'a>(loader: &mut Loader, talk: Talk<'a>, in_sql: bool, elsewhere: &mut Vec<Talk<'a>>) -> Result<()> {
    if !in_sql {
        elsewhere.push(talk);
        return Ok(());
    }
    let rows: Vec<BulkReply<'_>> = talk
        .replies
        .iter()
        .map(|said| BulkReply {
            id: said.id,
            target: said.target,
            parent: said.parent,
            depth: said.depth,
            path: &said.path,
            author: said.author,
            content: &said.text.source,
            content_html: &said.text.html,
            created_at: said.at,
        })
        .collect();
    each!(&mut *loader, inner => inner.replies(&rows).await)?;
    each!(loader, inner => inner.reactions(&talk.reactions).await)?;
    Ok(())
}

/// Replies and reactions through the store's own methods: for MongoDB, which has no bulk load here.
async fn store_elsewhere(app: &App, talk: Talk<'_>) -> Result<()> {
    let store = &app.service.stores().replies;
    for said in talk.replies {
        let reply = NewReply {
            id: said.id,
            target: said.target,
            parent: said.parent,
            author: said.author,
            content: said.text.source.clone(),
            content_html: said.text.html.clone(),
            now: said.at,
        };
        store.reply_add(&reply).await?;
    }
    for reaction in talk.reactions {
        store.react(reaction.target, reaction.user, Some(reaction.kind), reaction.at).await?;
    }
    Ok(())
}

/// Badges for about a third of the first people, and everyone's time zone.
async fn profiles(app: &App, plan: &mut Plan) -> Result<()> {
    let users = &app.service.stores().users;
    for member in plan.members.iter().take(80) {
        let change = AccountChange { time_zone: member.time_zone, ..AccountChange::default() };
        users.user_change(member.id, &change, member.since).await?;
        if !plan.badges.is_empty() && plan.dice.percent(35) {
            let reason = if member.english { "Consistently careful, reproducible work" } else { "Pekerjaan yang teliti dan dapat diulang" };
            if let Some(badge) = plan.dice.pick(&plan.badges) {
                users.user_grant_badge(member.id, *badge, reason, plan.now.minus(Duration::from_hours(720))).await?;
            }
        }
    }
    Ok(())
}
