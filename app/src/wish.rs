//! What a reaction's button asks for; read by the form's handler and by the island, written by both.

use aivalid_model::community::{ReactionKind, Target, TargetKind};
use std::fmt;

/// `81:like` for a reply, `t12:love` and `c3:wow` for a thread and a case; without a kind, as in `81:`, the reaction is
/// taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// To what.
    pub target: Target,
    /// Which; `None` takes it back.
    pub kind: Option<ReactionKind>,
}

impl Wish {
    /// Reads a button's value.
    pub fn parse(value: &str) -> Option<Self> {
        let (target, kind) = value.split_once(':')?;
        let (of, id) = match target.strip_prefix('t') {
            Some(id) => (TargetKind::Thread, id),
            None => match target.strip_prefix('c') {
                Some(id) => (TargetKind::Case, id),
                None => (TargetKind::Reply, target),
            },
        };
        let kind = if kind.is_empty() { None } else { Some(kind.parse().ok()?) };
        Some(Self { target: Target { kind: of, id: id.parse().ok()? }, kind })
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.target.kind {
            TargetKind::Thread => "t",
            TargetKind::Case => "c",
            TargetKind::Reply => "",
        };
        write!(f, "{mark}{}:{}", self.target.id, self.kind.map_or("", ReactionKind::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::id::{CaseId, ReplyId, ThreadId};

    #[test]
    fn what_a_button_says_is_what_is_read() {
        for target in [Target::from(ThreadId(12)), CaseId(3).into(), ReplyId(1_234_567_890_123).into()] {
            for kind in ReactionKind::ALL.map(Some).into_iter().chain([None]) {
                let wish = Wish { target, kind };
                assert_eq!(Wish::parse(&wish.to_string()), Some(wish));
            }
        }
    }

    #[test]
    fn what_no_button_says_is_refused() {
        for bad in ["", "81", "x81:like", "t:like", "81:adore", "tt1:like"] {
            assert_eq!(Wish::parse(bad), None, "{bad}");
        }
    }
}
