//! The forum: categories, tags, threads, replies and reactions. Replies and reactions also belong to cases.

mod block;
mod reaction;
mod reply;
mod taxonomy;
mod thread;
mod version;
mod watch;

pub use block::{Block, BlockInput};
pub use reaction::{ReactionInput, ReactionKind, Reactions, Tally, Target, TargetKind};
pub use reply::{Reply, ReplyInput, ReplyPage};
pub use taxonomy::{Category, CategoryKind, Tag, TagList};
pub use thread::{Sort, Summary, Thread, ThreadDraft, ThreadFilter, ThreadInput, ThreadRow, Title};
pub use version::PostVersion;
pub use watch::{WatchInput, WatchLevel};

crate::error::domain_errors! {
    /// What goes wrong in the forum and under cases.
    CommunityError {
        /// The thread is locked by a moderator.
        ThreadLocked = "THREAD_LOCKED", 409, "This thread is locked; nothing can be added to it.";
        /// The reply answers one that is elsewhere or gone.
        ParentGone = "PARENT_GONE", 409, "The reply you are answering is not here any more.";
        /// One can't reply to, or react under, what is not open for it any more.
        TargetClosed = "TARGET_CLOSED", 409, "This is closed; nothing can be added to it.";
        /// One of the two blocks the other; which one is not told.
        Blocked = "BLOCKED", 403, "This is not possible between the two of you, because one of you has blocked the other.";
        /// One can't block oneself.
        SelfBlock = "SELF_BLOCK", 400, "You can't block yourself.";
    }
}
