//! Columns that several tables share, and reading stored words back.

use aivalid_model::community::{ReactionKind, Reactions};
use sqlx::FromRow;

/// The six counts of reactions.
macro_rules! reacted {
    () => {
        "reacted_like, reacted_love, reacted_haha, reacted_wow, reacted_sad, reacted_angry"
    };
}

/// The six counts as one text, or nothing where nobody reacted, as with most posts: every column of a row costs an allocation
/// and a copy on its way here, however little is in it.
macro_rules! reacted_text {
    () => {
        concat!(
            "CASE WHEN reacted_like + reacted_love + reacted_haha + reacted_wow + reacted_sad + reacted_angry > 0 THEN ",
            "CAST(reacted_like AS TEXT) || ' ' || CAST(reacted_love AS TEXT) || ' ' || CAST(reacted_haha AS TEXT) || ' ' || ",
            "CAST(reacted_wow AS TEXT) || ' ' || CAST(reacted_sad AS TEXT) || ' ' || CAST(reacted_angry AS TEXT) END AS reacted"
        )
    };
}

/// Reads `reacted_text!()`.
pub(super) fn read_reactions(text: Option<&str>) -> Option<Reactions> {
    let Some(text) = text else { return Some(Reactions::default()) };
    let mut counts = text.split(' ').map(|count| count.parse().ok());
    let mut next = || counts.next().flatten();
    Some(Reactions { like: next()?, love: next()?, haha: next()?, wow: next()?, sad: next()?, angry: next()? })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_in_their_order() {
        let counts = Reactions { like: 1, love: 2, haha: 0, wow: 4, sad: 5, angry: 60 };
        assert_eq!(read_reactions(Some("1 2 0 4 5 60")), Some(counts));
        assert_eq!(read_reactions(None), Some(Reactions::default()));
        assert_eq!((read_reactions(Some("1 2")), read_reactions(Some("1 2 3 4 5 x"))), (None, None));
    }
}
