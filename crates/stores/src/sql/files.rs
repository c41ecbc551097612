//! What is known of files. Each step of the saga is one conditional statement: a file is kept or given up, never both.

use super::{
    Conn, Store,
    rows::{count, unreadable},
    transact::failed,
};
use aivalid_model::{Timestamp, id::UserId};
use aivalid_service::store::{DoomedFile, FileId, FileIndex, FileRecord, NewFile, StoreResult, WrittenFile};
use async_trait::async_trait;
use sqlx::FromRow;

/// The columns of a [`FileRow`], from `files f`; only of what is kept.
macro_rules! select_file {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT f.id, f.owner_id, f.purpose, f.data_key, f.file_type, f.size, f.sha256 FROM ",
            $from,
            " WHERE f.state = 'kept' AND ",
            $where
        )
    };
}

/// A kept file's row.
#[derive(FromRow)]
pub(super) struct FileRow {
    id: String,
    owner_id: i64,
    purpose: String,
    data_key: Vec<u8>,
    file_type: String,
    size: i64,
    sha256: Vec<u8>,
}

impl TryFrom<FileRow> for FileRecord {
    type Error = sqlx::Error;

    fn try_from(row: FileRow) -> sqlx::Result<Self> {
        // A file's id is no number: its owner's says where to look.
        let wrong = |column| unreadable("files", column, row.owner_id);
        Ok(Self {
            file: WrittenFile {
                id: FileId(row.id),
                kind: row.file_type.parse().map_err(|()| wrong("file_type"))?,
                size: count(row.size),
                sha256: row.sha256.try_into().map_err(|_| wrong("sha256"))?,
            },
            owner: UserId(row.owner_id),
            purpose: row.purpose.parse().map_err(|()| wrong("purpose"))?,
            data_key: row.data_key,
        })
    }
}

const BEGIN: &str = "INSERT INTO files (id, owner_id, purpose, state, data_key, created_at) VALUES ($1, $2, $3, 'writing', $4, $5)";
const GET: &str = select_file!("files f", "f.id = $1");
const GIVE_UP_WRITING: &str = "UPDATE files SET state = 'going' WHERE id = $1 AND state = 'writing'";
const GIVE_UP_OLD: &str = "UPDATE files SET state = 'going' WHERE state = 'writing' AND created_at < $1";
const DOOMED: &str = "SELECT id, purpose FROM files WHERE state = 'going' ORDER BY created_at, id LIMIT $1";
const FORGET: &str = "DELETE FROM files WHERE id = $1 AND state = 'going'";

const KEEP: &str = "UPDATE files SET state = 'kept', file_type = $2, size = $3, sha256 = $4 WHERE id = $1 AND state = 'writing'";
const GIVE_UP: &str = "UPDATE files SET state = 'going' WHERE id = $1 AND state = 'kept'";

/// Keeps what was written, in the transaction of what refers to it. False when it was given up meanwhile.
pub(super) async fn keep(conn: &mut Conn, file: &WrittenFile) -> sqlx::Result<bool> {
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    let query = sqlx::query(KEEP).bind(&file.id.0).bind(file.kind.as_str()).bind(size).bind(file.sha256.as_slice());
    Ok(query.execute(conn).await?.rows_affected() == 1)
}

/// Gives up what was kept, in the transaction of what refers to it no more.
pub(super) async fn give_up(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query(GIVE_UP).bind(id).execute(conn).await?;
    Ok(())
}

async fn doomed(store: &Store, writing_since: Timestamp, limit: u32) -> sqlx::Result<Vec<DoomedFile>> {
    sqlx::query(GIVE_UP_OLD).bind(writing_since.0).execute(&store.writes).await?;
    let rows: Vec<(String, String)> = sqlx::query_as(DOOMED).bind(i64::from(limit)).fetch_all(&store.writes).await?;
    let file = |(id, purpose): (String, String)| {
        let purpose = purpose.parse().map_err(|()| unreadable("files", "purpose", 0))?;
        Ok(DoomedFile { id: FileId(id), purpose })
    };
    rows.into_iter().map(file).collect()
}

#[async_trait]
impl FileIndex for Store {
    async fn file_begin(&self, file: &NewFile) -> StoreResult<()> {
        let query = sqlx::query(BEGIN).bind(&file.id.0).bind(file.owner.0).bind(file.purpose.as_str());
        let query = query.bind(file.data_key.as_slice()).bind(file.now.0);
        query.execute(&self.writes).await.map(drop).map_err(failed("file_begin"))
    }

    async fn file_get(&self, id: &FileId) -> StoreResult<Option<FileRecord>> {
        let row = sqlx::query_as::<_, FileRow>(GET).bind(&id.0).fetch_optional(&self.reads).await;
        row.and_then(|row| row.map(TryInto::try_into).transpose()).map_err(failed("file_get"))
    }

    async fn file_give_up(&self, id: &FileId) -> StoreResult<()> {
        sqlx::query(GIVE_UP_WRITING).bind(&id.0).execute(&self.writes).await.map(drop).map_err(failed("file_give_up"))
    }

    async fn file_doomed(&self, writing_since: Timestamp, limit: u32) -> StoreResult<Vec<DoomedFile>> {
        doomed(self, writing_since, limit).await.map_err(failed("file_doomed"))
    }

    async fn file_forget(&self, id: &FileId) -> StoreResult<bool> {
        let query = sqlx::query(FORGET).bind(&id.0);
        Ok(query.execute(&self.writes).await.map_err(failed("file_forget"))?.rows_affected() == 1)
    }
}
