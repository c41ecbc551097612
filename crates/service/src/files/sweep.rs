//! Deleting what was given up.

use super::key;
use crate::Service;
use aivalid_model::Result;
use std::time::Duration;

/// Nothing is written for so long: what still is after this was broken off, and the process that wrote it may have died.
const WRITING: Duration = Duration::from_hours(1);
/// So many at a time.
const BATCH: u32 = 200;

impl Service {
    /// Deletes the content of files that were given up or never kept; a job's work. How many. The content goes first, and the
    /// row that knows of it only once that is done.
    pub async fn sweep_files(&self) -> Result<u64> {
        let stores = &self.inner.stores;
        let mut swept = 0;
        for file in stores.file_index.file_doomed(self.now().minus(WRITING), BATCH).await? {
            stores.files.content_delete(&key(file.purpose, &file.id)).await?;
            swept += u64::from(stores.file_index.file_forget(&file.id).await?);
        }
        Ok(swept)
    }
}
