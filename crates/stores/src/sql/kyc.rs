//! Identity documents: reading, and the trait.

use super::{
    Conn, Pool, Store, dialect,
    files::FileRow,
    kyc_changes,
    rows::{count, unreadable},
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{
    Timestamp,
    id::{KycDocumentId, KycId, UserId},
    kyc::{KycLevel, KycStatus},
    page::PageRequest,
};
use aivalid_service::store::{
    DocumentRecord, FileId, FileRecord, KycRetention, KycSent, KycStore, KycVerdict, Listing, NewDocument, StoreResult, SubmissionRecord,
};
use async_trait::async_trait;
use sqlx::FromRow;

macro_rules! select_documents {
    ($rest:expr) => {
        concat!(
            "SELECT id, submission_id, kind, file_id, file_type, size, sha256, uploaded_at, deleted_at FROM kyc_documents WHERE ",
            $rest
        )
    };
}

macro_rules! select_submissions {
    ($rest:literal) => {
        concat!("SELECT id, user_id, status, submitted_at, decided_at, decided_by, level, reason FROM kyc_submissions WHERE ", $rest)
    };
}

#[derive(FromRow)]
struct DocumentRow {
    id: i64,
    submission_id: Option<i64>,
    kind: String,
    file_id: Option<String>,
    file_type: String,
    size: i64,
    sha256: Vec<u8>,
    uploaded_at: i64,
    deleted_at: Option<i64>,
}

impl TryFrom<DocumentRow> for DocumentRecord {
    type Error = sqlx::Error;

    fn try_from(row: DocumentRow) -> sqlx::Result<Self> {
        let wrong = |column| unreadable("kyc_documents", column, row.id);
        Ok(Self {
            id: KycDocumentId(row.id),
            kind: row.kind.parse().map_err(|()| wrong("kind"))?,
            file: row.file_id.map(FileId),
            file_type: row.file_type.parse().map_err(|()| wrong("file_type"))?,
            size: count(row.size),
            sha256: row.sha256.try_into().map_err(|_| wrong("sha256"))?,
            uploaded_at: Timestamp(row.uploaded_at),
            deleted_at: row.deleted_at.map(Timestamp),
        })
    }
}

#[derive(FromRow)]
struct SubmissionRow {
    id: i64,
    user_id: i64,
    status: String,
    submitted_at: i64,
    decided_at: Option<i64>,
    decided_by: Option<i64>,
    level: Option<i64>,
    reason: Option<String>,
}

impl TryFrom<SubmissionRow> for SubmissionRecord {
    type Error = sqlx::Error;

    fn try_from(row: SubmissionRow) -> sqlx::Result<Self> {
        let wrong = |column| unreadable("kyc_submissions", column, row.id);
        Ok(Self {
            id: KycId(row.id),
            user: UserId(row.user_id),
            status: row.status.parse().map_err(|()| wrong("status"))?,
            submitted_at: Timestamp(row.submitted_at),
            decided_at: row.decided_at.map(Timestamp),
            decided_by: row.decided_by.map(UserId),
            level: row.level.map(|level| KycLevel::try_from(level).map_err(|()| wrong("level"))).transpose()?,
            reason: row.reason,
            documents: vec![],
        })
    }
}

/// Kinds in the order of the form.
const WAITING: &str = select_documents!("user_id = $1 AND submission_id IS NULL ORDER BY id");
const OF_SUBMISSIONS: &str = select_documents!(concat!("submission_id ", in_ids!("$1"), " ORDER BY id"));

async fn waiting(pool: &Pool, user: UserId) -> sqlx::Result<Vec<DocumentRecord>> {
    let rows: Vec<DocumentRow> = sqlx::query_as(WAITING).bind(user.0).fetch_all(pool).await?;
    let mut documents: Vec<DocumentRecord> = rows.into_iter().map(TryInto::try_into).collect::<sqlx::Result<_>>()?;
    documents.sort_by_key(|document| document.kind);
    Ok(documents)
}

/// Submissions with their documents, all of which are read at once.
async fn with_documents(pool: &Pool, rows: Vec<SubmissionRow>) -> sqlx::Result<Vec<SubmissionRecord>> {
    let mut submissions: Vec<SubmissionRecord> = rows.into_iter().map(TryInto::try_into).collect::<sqlx::Result<_>>()?;
    if submissions.is_empty() {
        return Ok(submissions);
    }
    let ids = dialect::ids(submissions.iter().map(|submission| submission.id.0));
    let documents: Vec<DocumentRow> = sqlx::query_as(OF_SUBMISSIONS).bind(ids).fetch_all(pool).await?;
    for row in documents {
        let of = row.submission_id.map(KycId);
        let document = row.try_into()?;
        if let Some(submission) = submissions.iter_mut().find(|submission| Some(submission.id) == of) {
            submission.documents.push(document);
        }
    }
    for submission in &mut submissions {
        submission.documents.sort_by_key(|document| document.kind);
    }
    Ok(submissions)
}

const OF_USER: &str = select_submissions!("user_id = $1 ORDER BY submitted_at DESC, id DESC");
const GET: &str = select_submissions!("id = $1");
const TOTAL: &str = "SELECT COUNT(*) FROM kyc_submissions WHERE status = $1";
const OLDEST_FIRST: &str = select_submissions!("status = $1 ORDER BY submitted_at, id LIMIT $2 OFFSET $3");
const NEWEST_FIRST: &str = select_submissions!("status = $1 ORDER BY submitted_at DESC, id DESC LIMIT $2 OFFSET $3");

async fn submissions(pool: &Pool, sql: &'static str, id: i64) -> sqlx::Result<Vec<SubmissionRecord>> {
    let rows = sqlx::query_as(sql).bind(id).fetch_all(pool).await?;
    with_documents(pool, rows).await
}

async fn queue(pool: &Pool, status: KycStatus, page: PageRequest) -> sqlx::Result<Listing<SubmissionRecord>> {
    let total: i64 = sqlx::query_scalar(TOTAL).bind(status.as_str()).fetch_one(pool).await?;
    let sql = if status == KycStatus::Pending { OLDEST_FIRST } else { NEWEST_FIRST };
    let rows = sqlx::query_as(sql).bind(status.as_str()).bind(i64::from(page.limit)).bind(page.offset()).fetch_all(pool).await?;
    Ok(Listing { items: with_documents(pool, rows).await?, total: count(total), next: None })
}

const FILE: &str = select_file!("kyc_documents d JOIN files f ON f.id = d.file_id", "d.id = $2 AND d.submission_id = $1");

#[async_trait]
impl KycStore for Store {
    async fn kyc_document_add(&self, document: &NewDocument) -> StoreResult<KycSent> {
        transact!(self, "kyc_document_add", |conn| kyc_changes::add(conn, document))
    }

    async fn kyc_waiting(&self, user: UserId) -> StoreResult<Vec<DocumentRecord>> {
        waiting(&self.reads, user).await.map_err(failed("kyc_waiting"))
    }

    async fn kyc_submit(&self, user: UserId, id: KycId, documents: &[KycDocumentId], now: Timestamp) -> StoreResult<KycSent> {
        transact!(self, "kyc_submit", |conn| kyc_changes::submit(conn, user, id, documents, now))
    }

    async fn kyc_submissions(&self, user: UserId) -> StoreResult<Vec<SubmissionRecord>> {
        submissions(&self.reads, OF_USER, user.0).await.map_err(failed("kyc_submissions"))
    }

    async fn kyc_get(&self, id: KycId) -> StoreResult<Option<SubmissionRecord>> {
        let found = submissions(&self.reads, GET, id.0).await.map_err(failed("kyc_get"))?;
        Ok(found.into_iter().next())
    }

    async fn kyc_queue(&self, status: KycStatus, page: PageRequest) -> StoreResult<Listing<SubmissionRecord>> {
        queue(&self.reads, status, page).await.map_err(failed("kyc_queue"))
    }

    async fn kyc_file(&self, id: KycId, document: KycDocumentId) -> StoreResult<Option<FileRecord>> {
        let row = sqlx::query_as::<_, FileRow>(FILE).bind(id.0).bind(document.0).fetch_optional(&self.reads).await;
        row.and_then(|row| row.map(TryInto::try_into).transpose()).map_err(failed("kyc_file"))
    }

    async fn kyc_decide(&self, id: KycId, reviewer: UserId, verdict: &KycVerdict, now: Timestamp) -> StoreResult<bool> {
        transact!(self, "kyc_decide", |conn| kyc_changes::decide(conn, id, reviewer, verdict, now))
    }

    async fn kyc_expire(&self, before: &KycRetention, now: Timestamp) -> StoreResult<u64> {
        transact!(self, "kyc_expire", |conn| kyc_changes::expire(conn, before, now))
    }
}
