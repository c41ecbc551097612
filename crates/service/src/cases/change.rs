//! Changing cases. Every change is made and logged in one step, and only from a state that allows it.

use crate::{
    Caller, Service,
    store::{CaseChange, CaseChanged, CaseRecord, LogDraft, NewCase},
};
use aivalid_model::{
    Error, Result, Timestamp,
    cases::{Case, CaseDraft, CaseError, CaseStatus},
    check::Problem,
    community::{CategoryKind, Summary, TagList},
    id::{CaseId, CategoryId, UserId},
    identity::Permission,
    slug::Slug,
};
use serde_json::{Value, json};

/// States in which title, content, bounty and tags can be changed.
const EDITABLE: [CaseStatus; 1] = [CaseStatus::Open];
/// States in which the owner can withdraw.
const CANCELLABLE: [CaseStatus; 2] = [CaseStatus::Open, CaseStatus::OfferAccepted];

impl Service {
    /// Opens a case.
    pub async fn case_open(&self, caller: &Caller, draft: CaseDraft) -> Result<Case> {
        let owner = caller.verified()?.id;
        let now = self.now();
        let category = self.category_and(caller, &draft, check_deadline(draft.deadline, now)).await?;
        self.admit_post(caller).await?;
        let details = facts(&draft);
        let text = self.post_text(draft.title, draft.summary, draft.content, &draft.tags).await?;
        let case = NewCase { category, owner, text, bounty: draft.bounty.rupiah(), deadline: draft.deadline };
        let id = self.inner.stores.cases.case_open(&case, &LogDraft { actor: Some(owner), action: "created", details, at: now }).await?;
        self.case(caller, id).await
    }

    /// Replaces what was written in a case that nobody has made an offer for.
    pub async fn case_edit(&self, caller: &Caller, id: CaseId, draft: CaseDraft) -> Result<Case> {
        let (actor, record) = self.own_case(caller, id).await?;
        let now = self.now();
        let deadline = if draft.deadline == record.deadline { Ok(()) } else { check_deadline(draft.deadline, now) };
        let category = self.category_and(caller, &draft, deadline).await?;
        let (bounty, deadline, details) = (draft.bounty.rupiah(), draft.deadline, facts(&draft));
        let text = self.post_text(draft.title, draft.summary, draft.content, &draft.tags).await?;
        let change = CaseChange::Edit { category, text, bounty, deadline };
        self.change(id, &EDITABLE, &change, LogDraft { actor: Some(actor), action: "edited", details, at: now }).await?;
        self.case(caller, id).await
    }

    /// Adds a tag; one that is there already changes nothing.
    pub async fn case_tag_add(&self, caller: &Caller, id: CaseId, tag: &Slug) -> Result<Vec<String>> {
        let (actor, record) = self.own_case(caller, id).await?;
        let mut tags = record.text.tags;
        if tags.iter().any(|have| have == tag.as_str()) {
            return Ok(tags);
        }
        if tags.len() >= TagList::MAX {
            return Err(Error::field("tag", Problem::TooMany { max: TagList::MAX }));
        }
        tags.push(tag.as_str().to_owned());
        self.retag(id, actor, "tag_added", tag.as_str(), tags).await
    }

    /// Takes a tag away.
    pub async fn case_tag_remove(&self, caller: &Caller, id: CaseId, tag: &str) -> Result<Vec<String>> {
        let (actor, record) = self.own_case(caller, id).await?;
        let mut tags = record.text.tags;
        let before = tags.len();
        tags.retain(|have| have != tag);
        if tags.len() == before {
            return Err(Error::NotFound);
        }
        self.retag(id, actor, "tag_removed", tag, tags).await
    }

    async fn retag(&self, id: CaseId, actor: UserId, action: &'static str, tag: &str, tags: Vec<String>) -> Result<Vec<String>> {
        let log = LogDraft { actor: Some(actor), action, details: json!({ "tag": tag }), at: self.now() };
        self.change(id, &EDITABLE, &CaseChange::Tags(tags.clone()), log).await?;
        Ok(tags)
    }

    /// Withdraws a case for which no money is locked.
    pub async fn case_cancel(&self, caller: &Caller, id: CaseId, reason: Summary) -> Result<Case> {
        let (actor, _) = self.own_case(caller, id).await?;
        let details = json!({ "reason": reason.as_ref() });
        let log = LogDraft { actor: Some(actor), action: "cancelled", details, at: self.now() };
        self.change(id, &CANCELLABLE, &CaseChange::Status(CaseStatus::Cancelled), log).await?;
        self.case(caller, id).await
    }

    /// Takes a case from view, which is possible while it is open; its log stays.
    pub async fn case_delete(&self, caller: &Caller, id: CaseId) -> Result<()> {
        let (actor, _) = self.own_case(caller, id).await?;
        let log = LogDraft { actor: Some(actor), action: "deleted", details: Value::Null, at: self.now() };
        self.change(id, &EDITABLE, &CaseChange::Delete, log).await
    }

    async fn change(&self, id: CaseId, from: &[CaseStatus], change: &CaseChange, log: LogDraft) -> Result<()> {
        match self.inner.stores.cases.case_change(id, from, change, &log).await? {
            CaseChanged::Done => Ok(()),
            CaseChanged::Wrong(status) => Err(CaseError::invalid(status).into()),
            CaseChanged::Missing => Err(Error::NotFound),
        }
    }

    /// The chosen category, where a further check went well too; what is wrong with either is named.
    async fn category_and(&self, caller: &Caller, draft: &CaseDraft, further: Result<()>) -> Result<CategoryId> {
        match further {
            Ok(()) => self.chosen_category(caller, CategoryKind::Case, &draft.category).await,
            Err(error) => Err(self.with_category(caller, CategoryKind::Case, draft.category.as_str(), error).await),
        }
    }

    async fn own_case(&self, caller: &Caller, id: CaseId) -> Result<(UserId, CaseRecord)> {
        let user = caller.signed_in()?.id;
        let record = self.case_record(id).await?;
        if caller.owns(record.owner, Permission::CasesModerate) { Ok((user, record)) } else { Err(Error::Forbidden) }
    }
}

fn check_deadline(deadline: Option<Timestamp>, now: Timestamp) -> Result<()> {
    match deadline {
        Some(deadline) if deadline <= now => Err(Error::field("deadline", Problem::InThePast)),
        _ => Ok(()),
    }
}

/// What the log keeps of a version: enough to prove what was promised, with the content by its digest.
fn facts(draft: &CaseDraft) -> Value {
    json!({
        "title": draft.title.as_ref(),
        "category": draft.category.as_str(),
        "bountyAmount": draft.bounty.rupiah(),
        "deadline": draft.deadline,
        "tags": draft.tags.slugs().collect::<Vec<_>>(),
        "contentSha256": super::log::details_hash(&draft.content.source()),
    })
}
