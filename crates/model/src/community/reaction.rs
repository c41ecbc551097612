//! Reactions, and the figures that go with whatever can be replied and reacted to.

use crate::{
    Timestamp,
    check::{CheckAll, Fields, Problem},
    id::{CaseId, ReplyId, ThreadId, UserId},
};
use serde::{Deserialize, Serialize};
use std::{
    ops::{Index, IndexMut},
    str::FromStr,
};

/// What can be replied or reacted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// A forum thread.
    Thread,
    /// A validation case.
    Case,
    /// A reply; it takes reactions only.
    Reply,
}

impl TargetKind {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Case => "case",
            Self::Reply => "reply",
        }
    }
}

impl FromStr for TargetKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Thread, Self::Case, Self::Reply].into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// One thing that can be replied or reacted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    /// Which kind.
    pub kind: TargetKind,
    /// Its id within the kind.
    pub id: i64,
}

impl From<ThreadId> for Target {
    fn from(id: ThreadId) -> Self {
        Self { kind: TargetKind::Thread, id: id.0 }
    }
}

impl From<CaseId> for Target {
    fn from(id: CaseId) -> Self {
        Self { kind: TargetKind::Case, id: id.0 }
    }
}

impl From<ReplyId> for Target {
    fn from(id: ReplyId) -> Self {
        Self { kind: TargetKind::Reply, id: id.0 }
    }
}

/// One of the six reactions. One per user and target; another replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReactionKind {
    /// Approval.
    Like,
    /// Warmth.
    Love,
    /// Amusement.
    Haha,
    /// Surprise.
    Wow,
    /// Sympathy.
    Sad,
    /// Disapproval.
    Angry,
}

impl ReactionKind {
    /// Every one, in the order they are shown and stored.
    pub const ALL: [Self; 6] = [Self::Like, Self::Love, Self::Haha, Self::Wow, Self::Sad, Self::Angry];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Love => "love",
            Self::Haha => "haha",
            Self::Wow => "wow",
            Self::Sad => "sad",
            Self::Angry => "angry",
        }
    }
}

impl FromStr for ReactionKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// How many of each reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Reactions {
    /// Likes.
    pub like: u32,
    /// Loves.
    pub love: u32,
    /// Hahas.
    pub haha: u32,
    /// Wows.
    pub wow: u32,
    /// Sads.
    pub sad: u32,
    /// Angries.
    pub angry: u32,
}

impl Reactions {
    /// All together.
    pub const fn total(&self) -> u32 {
        self.like + self.love + self.haha + self.wow + self.sad + self.angry
    }

    /// Each kind that was used, with its count.
    pub fn used(self) -> impl Iterator<Item = (ReactionKind, u32)> {
        ReactionKind::ALL.into_iter().map(move |kind| (kind, self[kind])).filter(|(_, count)| *count > 0)
    }

    /// Takes `from` away and adds `to`.
    pub fn change(&mut self, from: Option<ReactionKind>, to: Option<ReactionKind>) {
        if let Some(kind) = from {
            self[kind] = self[kind].saturating_sub(1);
        }
        if let Some(kind) = to {
            self[kind] += 1;
        }
    }
}

impl Index<ReactionKind> for Reactions {
    type Output = u32;
    fn index(&self, kind: ReactionKind) -> &u32 {
        match kind {
            ReactionKind::Like => &self.like,
            ReactionKind::Love => &self.love,
            ReactionKind::Haha => &self.haha,
            ReactionKind::Wow => &self.wow,
            ReactionKind::Sad => &self.sad,
            ReactionKind::Angry => &self.angry,
        }
    }
}

impl IndexMut<ReactionKind> for Reactions {
    fn index_mut(&mut self, kind: ReactionKind) -> &mut u32 {
        match kind {
            ReactionKind::Like => &mut self.like,
            ReactionKind::Love => &mut self.love,
            ReactionKind::Haha => &mut self.haha,
            ReactionKind::Wow => &mut self.wow,
            ReactionKind::Sad => &mut self.sad,
            ReactionKind::Angry => &mut self.angry,
        }
    }
}

/// `POST …/reactions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReactionInput {
    /// `like`, `love`, `haha`, `wow`, `sad` or `angry`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl CheckAll for ReactionInput {
    type Checked = ReactionKind;
    fn check_all(self) -> crate::Result<ReactionKind> {
        let mut fields = Fields::new();
        let kind = fields.note("type", self.kind.parse().map_err(|()| Problem::UnknownValue));
        fields.finish(kind)
    }
}

/// The figures of a thread or case: the feature store's word, carried to the core store as absolutes. The one with the
/// higher `seq` is the newer, whatever order they arrive in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    /// Counts the changes.
    pub seq: i64,
    /// Replies that can be read.
    pub replies: i64,
    /// Places in the list of replies, counting those of deleted replies that were answered.
    pub rows: i64,
    /// When the newest of them was written.
    pub last_reply_at: Option<Timestamp>,
    /// By whom.
    pub last_reply_by: Option<UserId>,
    /// Reactions to the post itself.
    pub reactions: Reactions,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changing_a_reaction_keeps_the_sum() {
        let mut counts = Reactions::default();
        counts.change(None, Some(ReactionKind::Like));
        counts.change(Some(ReactionKind::Like), Some(ReactionKind::Wow));
        assert_eq!((counts.like, counts.wow, counts.total()), (0, 1, 1));
        counts.change(Some(ReactionKind::Wow), None);
        assert_eq!(counts, Reactions::default());
    }
}
