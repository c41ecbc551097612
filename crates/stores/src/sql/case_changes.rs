//! Opening and changing cases, each change with its entry in the case's log.

use super::{
    Conn,
    cases::CASES,
    figures,
    posts::{read_tags, write_tags},
    rows::unreadable,
    transact::Done,
    watches,
};
use aivalid_model::{
    Timestamp,
    cases::CaseStatus,
    community::Tally,
    id::{CaseId, CategoryId},
};
use aivalid_service::{
    cases::log::{GENESIS, details_hash, entry_hash},
    store::{CaseChange, CaseChanged, LogDraft, LogRecord, NewCase, PostText},
};

const OPEN: &str = "INSERT INTO cases \
     (category_id, owner_id, title, summary, tags, content_type, content, content_html, bounty, deadline, status, \
      created_at, changed_at, last_activity_at, log_seq) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12, 1) RETURNING id";

/// Opens a case and its log.
pub(super) async fn open(conn: &mut Conn, case: &NewCase, log: &LogDraft) -> sqlx::Result<Done<CaseId>> {
    let text = &case.text;
    let query = sqlx::query_scalar::<_, i64>(OPEN).bind(case.category.0).bind(case.owner.0);
    let query = query.bind(&text.title).bind(&text.summary).bind(write_tags(&text.tags)?).bind(text.content_type.as_str());
    let query = query.bind(&text.content).bind(&text.content_html).bind(case.bounty.0).bind(case.deadline.map(|at| at.0));
    let id = query.bind(CaseStatus::Open.as_str()).bind(log.at.0).fetch_one(&mut *conn).await?;
    append(conn, CaseId(id), 1, log).await?;
    figures::entered(conn, &CASES, id, case.category, &text.tags, log.at).await?;
    watches::start(conn, case.owner, CaseId(id).into(), log.at).await?;
    Ok(Done::Commit(CaseId(id)))
}

/// Counts the log up, which locks the case: of racing changes, the second sees what the first one did.
const LOCK: &str = "UPDATE cases SET log_seq = log_seq + 1, changed_at = $2, \
     last_activity_at = CASE WHEN last_activity_at > $2 THEN last_activity_at ELSE $2 END \
     WHERE id = $1 AND deleted_at IS NULL RETURNING status, category_id, tags, log_seq, last_activity_at";

/// A case that is about to change.
struct Locked {
    category: CategoryId,
    tags: Vec<String>,
    active_at: Timestamp,
}

/// Makes a change and logs it, if the case is in one of the states.
pub(super) async fn change(
    conn: &mut Conn,
    id: CaseId,
    from: &[CaseStatus],
    change: &CaseChange,
    log: &LogDraft,
) -> sqlx::Result<Done<CaseChanged>> {
    let query = sqlx::query_as::<_, (String, i64, String, i64, i64)>(LOCK).bind(id.0).bind(log.at.0);
    let Some((status, category, tags, log_seq, active_at)) = query.fetch_optional(&mut *conn).await? else {
        return Ok(Done::Rollback(CaseChanged::Missing));
    };
    let status: CaseStatus = status.parse().map_err(|_| unreadable("cases", "status", id.0))?;
    if !from.contains(&status) {
        return Ok(Done::Rollback(CaseChanged::Wrong(status)));
    }
    append(conn, id, log_seq, log).await?;
    let tags = read_tags("cases", id.0, &tags)?;
    let case = Locked { category: CategoryId(category), tags, active_at: Timestamp(active_at) };
    apply(conn, id, &case, change, log).await?;
    Ok(Done::Commit(CaseChanged::Done))
}

const SET_STATUS: &str = "UPDATE cases SET status = $2 WHERE id = $1";
const SET_TAGS: &str = "UPDATE cases SET tags = $2 WHERE id = $1";
const DELETE: &str = "UPDATE cases SET deleted_at = $2, deleted_by = $3 WHERE id = $1";

async fn apply(conn: &mut Conn, id: CaseId, case: &Locked, change: &CaseChange, log: &LogDraft) -> sqlx::Result<()> {
    match change {
        CaseChange::Edit { category, text, bounty, deadline } => {
            edit(conn, id, *category, text, (bounty.0, deadline.map(|at| at.0)), log.at).await?;
            figures::moved(conn, &CASES, case.category, *category, case.active_at).await?;
            figures::retag(conn, &CASES, id.0, &case.tags, &text.tags).await
        }
        CaseChange::Tags(tags) => {
            sqlx::query(SET_TAGS).bind(id.0).bind(write_tags(tags)?).execute(&mut *conn).await?;
            figures::active(conn, case.category, case.active_at).await?;
            figures::retag(conn, &CASES, id.0, &case.tags, tags).await
        }
        CaseChange::Status(status) => {
            sqlx::query(SET_STATUS).bind(id.0).bind(status.as_str()).execute(&mut *conn).await?;
            figures::active(conn, case.category, case.active_at).await
        }
        CaseChange::Delete => {
            sqlx::query(DELETE).bind(id.0).bind(log.at.0).bind(log.actor.map(|user| user.0)).execute(&mut *conn).await?;
            figures::left(conn, &CASES, id.0, case.category, &case.tags).await
        }
    }
}

const EDIT: &str = "UPDATE cases SET category_id = $2, title = $3, summary = $4, tags = $5, content_type = $6, content = $7, \
     content_html = $8, bounty = $9, deadline = $10, edited_at = $11 WHERE id = $1";

async fn edit(
    conn: &mut Conn,
    id: CaseId,
    category: CategoryId,
    text: &PostText,
    (bounty, deadline): (i64, Option<i64>),
    at: Timestamp,
) -> sqlx::Result<()> {
    let query = sqlx::query(EDIT).bind(id.0).bind(category.0).bind(&text.title).bind(&text.summary).bind(write_tags(&text.tags)?);
    let query = query.bind(text.content_type.as_str()).bind(&text.content).bind(&text.content_html).bind(bounty).bind(deadline);
    query.bind(at.0).execute(conn).await?;
    Ok(())
}

/// Takes over figures.
pub(super) async fn set_tally(conn: &mut Conn, id: CaseId, tally: &Tally) -> sqlx::Result<Done<()>> {
    figures::set_tally(conn, &CASES, id.0, tally).await.map(Done::Commit)
}

const PREVIOUS: &str = "SELECT hash FROM case_log WHERE case_id = $1 AND seq = $2";
const APPEND: &str =
    "INSERT INTO case_log (case_id, seq, actor_id, action, details, at, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Appends an entry to the log of a case that is locked.
async fn append(conn: &mut Conn, id: CaseId, seq: i64, log: &LogDraft) -> sqlx::Result<()> {
    let previous: Option<String> = sqlx::query_scalar(PREVIOUS).bind(id.0).bind(seq - 1).fetch_optional(&mut *conn).await?;
    let previous = match previous {
        Some(hash) => hash,
        None if seq == 1 => GENESIS.to_owned(),
        None => return Err(unreadable("case_log", "seq", id.0)),
    };
    let entry = entry(id, seq, log, previous);
    let query = sqlx::query(APPEND).bind(id.0).bind(seq).bind(log.actor.map(|user| user.0)).bind(log.action).bind(entry.details);
    query.bind(log.at.0).bind(entry.prev_hash).bind(entry.hash).execute(conn).await?;
    Ok(())
}

/// A log entry with its hash. The details are kept as the text that was hashed.
fn entry(id: CaseId, seq: i64, log: &LogDraft, prev_hash: String) -> LogRecord {
    let details = log.details.to_string();
    let hash = entry_hash(id, seq, log.actor, log.action, log.at, &details_hash(&details), &prev_hash);
    LogRecord { seq, actor: log.actor, action: log.action.to_owned(), details, at: log.at, prev_hash, hash }
}

/// A whole log from its first entry on.
pub(super) fn chain(id: CaseId, drafts: &[LogDraft]) -> Vec<LogRecord> {
    let mut previous = GENESIS.to_owned();
    let entries = (1..).zip(drafts).map(|(seq, draft)| {
        let entry = entry(id, seq, draft, std::mem::take(&mut previous));
        previous.clone_from(&entry.hash);
        entry
    });
    entries.collect()
}
