//! Reactions: one for each user and target.

use super::{
    Conn, Pool, dialect,
    rows::{ReactionsRow, reaction_steps, unreadable},
    tallies::{self, TallyRow},
    transact::Done,
};
use aivalid_model::{
    Timestamp,
    community::{ReactionKind, Reactions, Tally, Target, TargetKind},
    id::UserId,
};
use sqlx::query::QueryAs;

/// What a change of one reaction leaves behind.
type Reacted = Option<(Reactions, Option<Tally>)>;

const LOCK_REPLY: &str = concat!("SELECT ", reacted!(), " FROM replies WHERE id = $1 AND deleted_at IS NULL", for_update!());

const COUNT_REPLY: &str = concat!(
    "UPDATE replies SET reacted_like = reacted_like + $2, reacted_love = reacted_love + $3, reacted_haha = reacted_haha + $4, ",
    "reacted_wow = reacted_wow + $5, reacted_sad = reacted_sad + $6, reacted_angry = reacted_angry + $7 WHERE id = $1 RETURNING ",
    reacted!()
);

const COUNT_POST: &str = concat!(
    "UPDATE tallies SET seq = seq + 1, reacted_like = reacted_like + $3, reacted_love = reacted_love + $4, reacted_haha = reacted_haha + $5, ",
    "reacted_wow = reacted_wow + $6, reacted_sad = reacted_sad + $7, reacted_angry = reacted_angry + $8 ",
    "WHERE target_kind = $1 AND target_id = $2 RETURNING ",
    tally_columns!()
);

/// Sets or takes back a user's reaction. What it belongs to is locked first, so that counts and reactions stay equal.
pub(super) async fn react(
    conn: &mut Conn,
    target: Target,
    user: UserId,
    kind: Option<ReactionKind>,
    now: Timestamp,
) -> sqlx::Result<Done<Reacted>> {
    if target.kind == TargetKind::Reply {
        let locked: Option<ReactionsRow> = sqlx::query_as(LOCK_REPLY).bind(target.id).fetch_optional(&mut *conn).await?;
        let Some(before) = locked else { return Ok(Done::Rollback(None)) };
        let Some(steps) = replace(conn, target, user, kind, now).await? else {
            return Ok(Done::Rollback(Some((before.into(), None))));
        };
        let count = steps.into_iter().fold(sqlx::query_as::<_, ReactionsRow>(COUNT_REPLY).bind(target.id), QueryAs::bind);
        let after = count.fetch_one(&mut *conn).await?.into();
        return Ok(Done::Commit(Some((after, None))));
    }
    let before = tallies::lock(conn, target).await?;
    let Some(steps) = replace(conn, target, user, kind, now).await? else {
        return Ok(Done::Rollback(Some((before.reactions, Some(before)))));
    };
    let count = sqlx::query_as::<_, TallyRow>(COUNT_POST).bind(target.kind.as_str()).bind(target.id);
    let count = steps.into_iter().fold(count, QueryAs::bind);
    let (_, tally): (Target, Tally) = count.fetch_one(&mut *conn).await?.try_into()?;
    Ok(Done::Commit(Some((tally.reactions, Some(tally)))))
}

const PRESENT: &str = "SELECT kind FROM reactions WHERE user_id = $1 AND target_kind = $2 AND target_id = $3";
const CLEAR: &str = "DELETE FROM reactions WHERE user_id = $1 AND target_kind = $2 AND target_id = $3";
const SET: &str = "INSERT INTO reactions (user_id, target_kind, target_id, kind, at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (user_id, target_kind, target_id) DO UPDATE SET kind = excluded.kind, at = excluded.at";

/// Replaces a user's reaction: what that adds to the six counts, or `None` when nothing changes.
async fn replace(
    conn: &mut Conn,
    target: Target,
    user: UserId,
    kind: Option<ReactionKind>,
    now: Timestamp,
) -> sqlx::Result<Option<[i64; 6]>> {
    let word = target.kind.as_str();
    let present: Option<String> = sqlx::query_scalar(PRESENT).bind(user.0).bind(word).bind(target.id).fetch_optional(&mut *conn).await?;
    let present = present.map(|word| word.parse::<ReactionKind>().map_err(|()| unreadable("reactions", "kind", target.id))).transpose()?;
    if present == kind {
        return Ok(None);
    }
    match kind {
        None => sqlx::query(CLEAR).bind(user.0).bind(word).bind(target.id),
        Some(kind) => sqlx::query(SET).bind(user.0).bind(word).bind(target.id).bind(kind.as_str()).bind(now.0),
    }
    .execute(&mut *conn)
    .await?;
    Ok(Some(reaction_steps(present, kind)))
}

/// One kind of target, so that the whole primary key finds each reaction: over all kinds at once only its first column would, and
/// those who react a lot would have every reaction of theirs read for each page.
macro_rules! of_user {
    ($kind:literal, $place:literal) => {
        concat!(
            "SELECT target_kind, target_id, kind FROM reactions WHERE user_id = $1 AND target_kind = '",
            $kind,
            "' AND target_id ",
            in_ids!($place)
        )
    };
}

const OF_USER: &str = concat!(of_user!("reply", "$2"), " UNION ALL ", of_user!("thread", "$3"), " UNION ALL ", of_user!("case", "$4"));

/// A user's reactions to these.
pub(super) async fn of(pool: &Pool, user: UserId, targets: &[Target]) -> sqlx::Result<Vec<(Target, ReactionKind)>> {
    let ids = |kind| dialect::ids(targets.iter().filter(move |target| target.kind == kind).map(|target| target.id));
    let query = sqlx::query_as::<_, (String, i64, String)>(OF_USER).bind(user.0);
    let query = query.bind(ids(TargetKind::Reply)).bind(ids(TargetKind::Thread)).bind(ids(TargetKind::Case));
    let read = |(target, id, kind): (String, i64, String)| {
        let target = target.parse().map_err(|()| unreadable("reactions", "target_kind", id))?;
        let kind = kind.parse().map_err(|()| unreadable("reactions", "kind", id))?;
        Ok((Target { kind: target, id }, kind))
    };
    query.fetch_all(pool).await?.into_iter().map(read).collect()
}
