//! Writing content in parts, so that it is never whole in memory.

use super::failed;
use aivalid_service::{
    StoreError,
    store::{ContentWriter, StoreResult},
};
use async_trait::async_trait;
use bytes::Bytes;
use object_store::{ObjectStore, buffered::BufWriter, path::Path};
use std::{io::ErrorKind, sync::Arc};
use tokio::io::AsyncWriteExt;

/// Parts on their way to a bucket at the same time.
const AT_ONCE: usize = 2;

/// Small contents are written in one go, larger ones in parts that appear together at the end.
pub(super) struct Writer(BufWriter);

impl Writer {
    pub(super) fn new(store: Arc<dyn ObjectStore>, path: Path, part: usize) -> Self {
        Self(BufWriter::with_capacity(store, path, part).with_max_concurrency(AT_ONCE))
    }
}

#[async_trait]
impl ContentWriter for Writer {
    async fn write(&mut self, part: Bytes) -> StoreResult<()> {
        self.0.put(part).await.map_err(failed("content_write"))
    }

    async fn finish(mut self: Box<Self>) -> StoreResult<()> {
        self.0.shutdown().await.map_err(|error| StoreError::transient("content_finish", error))
    }

    async fn abort(mut self: Box<Self>) -> StoreResult<()> {
        self.0.abort().await.map_err(failed("content_abort"))
    }
}

/// Deletes what a write left behind whose process died: a folder's drafts stand beside their target as `NAME#1`, `NAME#2`, ….
pub(super) async fn clear_drafts(folder: &std::path::Path, key: &str) -> StoreResult<()> {
    for number in 1.. {
        match tokio::fs::remove_file(folder.join(format!("{key}#{number}"))).await {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(StoreError::new("content_delete", error)),
        }
    }
    Ok(())
}
