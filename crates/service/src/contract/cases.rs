//! Validation cases and their logs.

mod changes;
mod listing;

pub use changes::*;
pub use listing::*;

use super::{
    CoreStore,
    fixtures::{at, text},
};
use crate::store::{LogDraft, NewCase};
use aivalid_model::{
    id::{CaseId, CategoryId, UserId},
    money::Rupiah,
};
use serde_json::{Value, json};

fn draft(category: CategoryId, owner: UserId, bounty: i64, tags: &[&str]) -> NewCase {
    NewCase { category, owner, text: text(&format!("Kasus {bounty}"), tags), bounty: Rupiah(bounty), deadline: None }
}

fn log(actor: Option<UserId>, action: &'static str, details: Value, second: i64) -> LogDraft {
    LogDraft { actor, action, details, at: at(second) }
}

/// A case, opened `second` seconds after the beginning.
async fn open(store: &dyn CoreStore, category: CategoryId, owner: UserId, bounty: i64, second: i64, tags: &[&str]) -> CaseId {
    store.case_open(&draft(category, owner, bounty, tags), &log(Some(owner), "created", json!({}), second)).await.unwrap()
}
