//! Writing a file: from a stream, within a limit, looked at, hashed and encrypted on the way.

use super::{
    bound,
    chunks::{Damaged, Sealing},
    key,
};
use crate::{
    Service,
    store::{ContentWriter, FileId, FilePurpose, NewFile, WrittenFile},
};
use aivalid_model::{
    Error, Result,
    check::Problem,
    files::{FileKind, HEAD},
    id::UserId,
};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use std::pin::pin;

/// What is taken.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Whose it will be.
    pub owner: UserId,
    /// What for.
    pub purpose: FilePurpose,
    /// The field that a problem is about.
    pub field: &'a str,
    /// The kinds that are taken.
    pub kinds: &'a [FileKind],
    /// The most bytes.
    pub max: u64,
}

impl Service {
    /// Writes a file that no use case refers to yet; whoever does keeps it, else a job deletes it.
    pub(crate) async fn file_write(&self, wanted: Wanted<'_>, content: impl Stream<Item = Result<Bytes>> + Send) -> Result<WrittenFile> {
        let mut content = pin!(content);
        // Whatever is not wanted is refused before anything is written.
        let head = head(&mut content, wanted).await?;
        let id = FileId(hex::encode(self.inner.random.bytes::<16>()));
        let data_key = self.inner.random.bytes::<32>();
        let file = NewFile {
            id: id.clone(),
            owner: wanted.owner,
            purpose: wanted.purpose,
            data_key: self.inner.sealer.seal(&*self.inner.random, bound(&id), &data_key).map_err(|_| Error::Internal)?,
            now: self.now(),
        };
        self.inner.stores.file_index.file_begin(&file).await?;
        let mut writer = self.inner.stores.files.content_write(&key(wanted.purpose, &id)).await?;
        match pour(&mut *writer, Sealing::new(&data_key, &id.0), wanted, head.bytes, &mut content).await {
            Ok((size, sha256)) => {
                writer.finish().await?;
                Ok(WrittenFile { id, kind: head.kind, size, sha256 })
            }
            Err(error) => {
                // What can't be tidied now is tidied by the job.
                if let Err(error) = writer.abort().await {
                    tracing::warn!(%error, "a broken-off file could not be given up");
                }
                self.inner.stores.file_index.file_give_up(&id).await?;
                Err(error)
            }
        }
    }

    /// The same for content that is at hand.
    pub(crate) async fn file_write_all(&self, wanted: Wanted<'_>, content: Bytes) -> Result<WrittenFile> {
        self.file_write(wanted, futures::stream::iter([Ok(content)])).await
    }

    /// Gives up files that were written but are not kept after all.
    pub(crate) async fn files_give_up(&self, files: &[&WrittenFile]) -> Result<()> {
        for file in files {
            self.inner.stores.file_index.file_give_up(&file.id).await?;
        }
        Ok(())
    }
}

struct Head {
    kind: FileKind,
    bytes: Vec<u8>,
}

/// The first bytes, and what they tell.
async fn head(content: &mut (impl Stream<Item = Result<Bytes>> + Unpin), wanted: Wanted<'_>) -> Result<Head> {
    let mut bytes = Vec::new();
    while bytes.len() < HEAD
        && let Some(part) = content.next().await
    {
        bytes.extend_from_slice(&part?);
    }
    if bytes.is_empty() {
        return Err(Error::field(wanted.field, Problem::Required));
    }
    let kind = FileKind::of(&bytes).filter(|kind| wanted.kinds.contains(kind));
    let kind = kind.ok_or_else(|| Error::field(wanted.field, Problem::FileType))?;
    Ok(Head { kind, bytes })
}

/// Writes everything; its size and hash.
async fn pour(
    writer: &mut dyn ContentWriter,
    mut sealing: Sealing,
    wanted: Wanted<'_>,
    head: Vec<u8>,
    content: &mut (impl Stream<Item = Result<Bytes>> + Unpin),
) -> Result<(u64, [u8; 32])> {
    let broken = |_: Damaged| Error::Internal;
    let (mut size, mut hash) = (0_u64, Sha256::new());
    let mut next = Some(Ok(Bytes::from(head)));
    while let Some(part) = next {
        let part = part?;
        size += part.len() as u64;
        if size > wanted.max {
            return Err(Error::field(wanted.field, Problem::FileTooLarge { max: wanted.max }));
        }
        hash.update(&part);
        let ready = sealing.push(&part).map_err(broken)?;
        if !ready.is_empty() {
            writer.write(ready.into()).await?;
        }
        next = content.next().await;
    }
    writer.write(sealing.finish().map_err(broken)?.into()).await?;
    Ok((size, hash.finalize().into()))
}
