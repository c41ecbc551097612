//! Identity documents: sending, submitting, deciding, deleting. Everything about one person's documents takes turns by the
//! lock on their row.

use super::{Conn, dialect, files, transact::Done};
use aivalid_model::{
    Timestamp,
    id::{KycDocumentId, KycId, UserId},
};
use aivalid_service::store::{KycRetention, KycSent, KycVerdict, NewDocument};

const LOCK_USER: &str = concat!("SELECT kyc_status FROM users WHERE id = $1 AND deleted_at IS NULL", for_update!());

/// Locks someone's row: nothing can be sent while a submission is pending, nor by those who are gone.
async fn refused(conn: &mut Conn, user: UserId) -> sqlx::Result<Option<KycSent>> {
    let status: Option<String> = sqlx::query_scalar(LOCK_USER).bind(user.0).fetch_optional(conn).await?;
    Ok(match status.as_deref() {
        None => Some(KycSent::Missing),
        Some("pending") => Some(KycSent::Pending),
        Some(_) => None,
    })
}

const REPLACE: &str = "DELETE FROM kyc_documents WHERE user_id = $1 AND kind = $2 AND submission_id IS NULL RETURNING file_id";
const ADD: &str = "INSERT INTO kyc_documents (id, user_id, kind, file_id, file_type, size, sha256, uploaded_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Keeps a document in place of the one of its kind that waits.
pub(super) async fn add(conn: &mut Conn, document: &NewDocument) -> sqlx::Result<Done<KycSent>> {
    if let Some(refused) = refused(conn, document.user).await? {
        return Ok(Done::Rollback(refused));
    }
    let replace = sqlx::query_scalar(REPLACE).bind(document.user.0).bind(document.kind.as_str());
    let before: Option<Option<String>> = replace.fetch_optional(&mut *conn).await?;
    if let Some(file) = before.flatten() {
        files::give_up(conn, &file).await?;
    }
    if !files::keep(conn, &document.file).await? {
        return Ok(Done::Rollback(KycSent::Missing));
    }
    let file = &document.file;
    let add = sqlx::query(ADD).bind(document.id.0).bind(document.user.0).bind(document.kind.as_str()).bind(&file.id.0);
    let add = add.bind(file.kind.as_str()).bind(i64::try_from(file.size).unwrap_or(i64::MAX)).bind(file.sha256.as_slice());
    add.bind(document.now.0).execute(conn).await?;
    Ok(Done::Commit(KycSent::Done))
}

const SUBMIT: &str = "INSERT INTO kyc_submissions (id, user_id, status, submitted_at) VALUES ($1, $2, 'pending', $3)";
const TAKE: &str =
    concat!("UPDATE kyc_documents SET submission_id = $1 WHERE user_id = $2 AND submission_id IS NULL AND id ", in_ids!("$3"));
const NOTE_PENDING: &str = "UPDATE users SET kyc_status = 'pending' WHERE id = $1";

/// Submits documents that wait: all that are named, or nothing.
pub(super) async fn submit(
    conn: &mut Conn,
    user: UserId,
    id: KycId,
    documents: &[KycDocumentId],
    now: Timestamp,
) -> sqlx::Result<Done<KycSent>> {
    if let Some(refused) = refused(conn, user).await? {
        return Ok(Done::Rollback(refused));
    }
    sqlx::query(SUBMIT).bind(id.0).bind(user.0).bind(now.0).execute(&mut *conn).await?;
    let take = sqlx::query(TAKE).bind(id.0).bind(user.0).bind(dialect::ids(documents.iter().map(|document| document.0)));
    let taken = take.execute(&mut *conn).await?.rows_affected();
    if documents.is_empty() || taken != documents.len() as u64 {
        return Ok(Done::Rollback(KycSent::Missing));
    }
    sqlx::query(NOTE_PENDING).bind(user.0).execute(conn).await?;
    Ok(Done::Commit(KycSent::Done))
}

const OWNER: &str = "SELECT user_id FROM kyc_submissions WHERE id = $1";
const DECIDE: &str = "UPDATE kyc_submissions SET status = $2, decided_at = $3, decided_by = $4, level = $5, reason = $6 \
     WHERE id = $1 AND status = 'pending' AND user_id <> $4";
const NOTE_DECIDED: &str = "UPDATE users SET kyc_status = $2, kyc_level = COALESCE($3, kyc_level) WHERE id = $1";

/// Decides a submission that waits.
pub(super) async fn decide(conn: &mut Conn, id: KycId, reviewer: UserId, verdict: &KycVerdict, now: Timestamp) -> sqlx::Result<Done<bool>> {
    let Some(owner) = sqlx::query_scalar::<_, i64>(OWNER).bind(id.0).fetch_optional(&mut *conn).await? else {
        return Ok(Done::Rollback(false));
    };
    sqlx::query(LOCK_USER).bind(owner).execute(&mut *conn).await?;
    let (status, level, reason) = match verdict {
        KycVerdict::Approved(level) => ("approved", Some(i64::from(*level)), None),
        KycVerdict::Rejected(reason) => ("rejected", None, Some(reason)),
    };
    let decide = sqlx::query(DECIDE).bind(id.0).bind(status).bind(now.0).bind(reviewer.0).bind(level).bind(reason);
    if decide.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    sqlx::query(NOTE_DECIDED).bind(owner).bind(status).bind(level).execute(conn).await?;
    Ok(Done::Commit(true))
}

/// So many at a time: a transaction stays short, and the job comes again.
const OVERDUE: &str = "SELECT d.id, d.file_id, d.submission_id IS NULL FROM kyc_documents d LEFT JOIN kyc_submissions s ON s.id = d.submission_id \
     WHERE d.file_id IS NOT NULL AND ((d.submission_id IS NULL AND d.uploaded_at < $1) OR (s.status = 'rejected' AND s.decided_at < $2) \
     OR (s.status = 'approved' AND s.decided_at < $3)) ORDER BY d.id LIMIT 500";
const DROP_WAITING: &str = "DELETE FROM kyc_documents WHERE id = $1 AND submission_id IS NULL";
const NOTE_DELETED: &str = "UPDATE kyc_documents SET file_id = NULL, deleted_at = $2 WHERE id = $1 AND file_id IS NOT NULL";

/// Gives up the files of documents that are past their time. A document that was submitted leaves its row.
pub(super) async fn expire(conn: &mut Conn, before: &KycRetention, now: Timestamp) -> sqlx::Result<Done<u64>> {
    let overdue = sqlx::query_as::<_, (i64, String, bool)>(OVERDUE).bind(before.waiting.0).bind(before.rejected.0).bind(before.approved.0);
    let mut expired = 0;
    for (id, file, waits) in overdue.fetch_all(&mut *conn).await? {
        let query = if waits { sqlx::query(DROP_WAITING).bind(id) } else { sqlx::query(NOTE_DELETED).bind(id).bind(now.0) };
        // One that was submitted at this moment stays, and so does its file.
        if query.execute(&mut *conn).await?.rows_affected() == 1 {
            files::give_up(conn, &file).await?;
            expired += 1;
        }
    }
    Ok(Done::Commit(expired))
}
