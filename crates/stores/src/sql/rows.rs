//! Columns that several tables share, and reading stored words back.

use aivalid_model::community::{ReactionKind, Reactions};
use sqlx::FromRow;

/// The six counts of reactions.
macro_rules! reacted {
    () => {
        "reacted_like, reacted_love, reacted_haha, reacted_wow, reacted_sad, reacted_angry"
    };
}

/// A stored value that the model does not know: it names where it stands.
pub(super) fn unreadable(table: &'static str, column: &'static str, row: i64) -> sqlx::Error {
    sqlx::Error::Decode(format!("{table}.{column} of row {row} can't be read").into())
}

/// The six counts, as stored.
#[derive(FromRow)]
#[expect(clippy::struct_field_names, reason = "fields are named like the columns")]
pub(super) struct ReactionsRow {
    reacted_like: i64,
    reacted_love: i64,
    reacted_haha: i64,
    reacted_wow: i64,
    reacted_sad: i64,
    reacted_angry: i64,
}

impl From<ReactionsRow> for Reactions {
    fn from(row: ReactionsRow) -> Self {
        let count = |stored: i64| u32::try_from(stored.max(0)).unwrap_or(u32::MAX);
        Self {
            like: count(row.reacted_like),
            love: count(row.reacted_love),
            haha: count(row.reacted_haha),
            wow: count(row.reacted_wow),
            sad: count(row.reacted_sad),
            angry: count(row.reacted_angry),
        }
    }
}

/// What a change of one reaction adds to each of the six counts.
pub(super) fn reaction_steps(from: Option<ReactionKind>, to: Option<ReactionKind>) -> [i64; 6] {
    ReactionKind::ALL.map(|kind| i64::from(to == Some(kind)) - i64::from(from == Some(kind)))
}

/// A count as the services see it; stored ones are never negative.
pub(super) fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
