//! The figures of what can be replied to, and which of them the core store has.

use super::{
    Conn, Pool,
    rows::{ReactionsRow, unreadable},
};
use aivalid_model::{
    Timestamp,
    community::{Tally, Target, TargetKind},
    id::UserId,
};
use sqlx::FromRow;

/// The columns of a [`TallyRow`].
macro_rules! tally_columns {
    () => {
        concat!("target_kind, target_id, seq, replies, places, last_reply_at, last_reply_by, ", reacted!())
    };
}

/// A tally as stored.
#[derive(FromRow)]
pub(super) struct TallyRow {
    target_kind: String,
    target_id: i64,
    seq: i64,
    replies: i64,
    places: i64,
    last_reply_at: Option<i64>,
    last_reply_by: Option<i64>,
    #[sqlx(flatten)]
    reactions: ReactionsRow,
}

impl TryFrom<TallyRow> for (Target, Tally) {
    type Error = sqlx::Error;

    fn try_from(row: TallyRow) -> sqlx::Result<Self> {
        let kind: TargetKind = row.target_kind.parse().map_err(|()| unreadable("tallies", "target_kind", row.target_id))?;
        let tally = Tally {
            seq: row.seq,
            replies: row.replies,
            rows: row.places,
            last_reply_at: row.last_reply_at.map(Timestamp),
            last_reply_by: row.last_reply_by.map(UserId),
            reactions: row.reactions.into(),
        };
        Ok((Target { kind, id: row.target_id }, tally))
    }
}

const GET: &str = concat!("SELECT ", tally_columns!(), " FROM tallies WHERE target_kind = $1 AND target_id = $2");

/// A target's figures.
pub(super) async fn get(pool: &Pool, target: Target) -> sqlx::Result<Tally> {
    let row: Option<TallyRow> = sqlx::query_as(GET).bind(target.kind.as_str()).bind(target.id).fetch_optional(pool).await?;
    let found: Option<(Target, Tally)> = row.map(TryInto::try_into).transpose()?;
    Ok(found.map(|(_, tally)| tally).unwrap_or_default())
}

const LOCK: &str = concat!(
    "INSERT INTO tallies (target_kind, target_id) VALUES ($1, $2) ",
    "ON CONFLICT (target_kind, target_id) DO UPDATE SET seq = tallies.seq RETURNING ",
    tally_columns!()
);

/// A target's figures, held until the transaction ends.
pub(super) async fn lock(conn: &mut Conn, target: Target) -> sqlx::Result<Tally> {
    let row: TallyRow = sqlx::query_as(LOCK).bind(target.kind.as_str()).bind(target.id).fetch_one(conn).await?;
    row.try_into().map(|(_, tally): (Target, Tally)| tally)
}

const STEP: &str = concat!("UPDATE tallies SET seq = seq + 1 WHERE target_kind = $1 AND target_id = $2 RETURNING ", tally_columns!());

/// Counts a change of a target that has figures, which are held until the transaction ends.
pub(super) async fn step(conn: &mut Conn, target: Target) -> sqlx::Result<Tally> {
    let row: TallyRow = sqlx::query_as(STEP).bind(target.kind.as_str()).bind(target.id).fetch_one(conn).await?;
    row.try_into().map(|(_, tally): (Target, Tally)| tally)
}

const PENDING: &str =
    concat!("SELECT ", tally_columns!(), " FROM tallies WHERE confirmed_seq < seq ORDER BY target_kind, target_id LIMIT $1");

/// Figures that changed after they were last confirmed.
pub(super) async fn pending(pool: &Pool, limit: i64) -> sqlx::Result<Vec<(Target, Tally)>> {
    let rows: Vec<TallyRow> = sqlx::query_as(PENDING).bind(limit.max(0)).fetch_all(pool).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

const CONFIRM: &str = "UPDATE tallies SET confirmed_seq = $3 WHERE target_kind = $1 AND target_id = $2 AND confirmed_seq < $3";

/// Notes what the core store has.
pub(super) async fn confirm(pool: &Pool, target: Target, seq: i64) -> sqlx::Result<()> {
    sqlx::query(CONFIRM).bind(target.kind.as_str()).bind(target.id).bind(seq).execute(pool).await?;
    Ok(())
}
