//! Reading a file back.

use super::{
    bound,
    chunks::{DataKey, Opening},
    key,
};
use crate::{
    Service, StoreError,
    store::{Content, FileRecord},
};
use aivalid_model::{Error, Result, files::FileKind};
use bytes::Bytes;
use futures::{StreamExt, stream};

/// A file on its way out.
pub struct OpenFile {
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// Its content; ends with an error when it is not what was written, so that nobody takes a part for the whole.
    pub content: Content<StoreError>,
}

impl Service {
    /// Opens a file for reading.
    pub(crate) async fn file_open(&self, record: &FileRecord) -> Result<OpenFile> {
        let id = &record.file.id;
        let data_key = self.inner.sealer.open(bound(id), &record.data_key).map_err(|error| {
            tracing::error!(file = id.0, %error, "a file's key does not open");
            Error::Internal
        })?;
        let data_key: DataKey = data_key.try_into().map_err(|_| Error::Internal)?;
        let Some(stored) = self.inner.stores.files.content_read(&key(record.purpose, id)).await? else {
            tracing::error!(file = id.0, "a file that the database knows has no content");
            return Err(Error::Internal);
        };
        let content = opened(stored, Opening::new(&data_key, &id.0));
        Ok(OpenFile { kind: record.file.kind, size: record.file.size, content })
    }
}

/// Decrypts a stream.
fn opened(stored: Content<StoreError>, opening: Opening) -> Content<StoreError> {
    let steps = stream::try_unfold(Some((stored, opening)), |state| async move {
        let Some((mut stored, mut opening)) = state else { return Ok(None) };
        let damaged = |error| StoreError::new("file_open", error);
        match stored.next().await {
            Some(part) => {
                let plain = opening.push(&part?).map_err(damaged)?;
                Ok(Some((Bytes::from(plain), Some((stored, opening)))))
            }
            None => Ok(Some((Bytes::from(opening.finish().map_err(damaged)?), None))),
        }
    });
    // Most parts of a stream fill no chunk.
    steps.filter(|part| std::future::ready(part.as_ref().map_or(true, |bytes| !bytes.is_empty()))).boxed()
}
