//! Files: their content in a [`FileStore`] (a folder or S3, which sees only ciphertext), what is known of them in a
//! [`FileIndex`] (the database).
//!
//! Writing and deleting span both and are sagas. A file's row stands before its content is written (`writing`), is kept by
//! the use case that refers to it, in the same transaction (`kept`), and given up in the transaction that refers to it no
//! more (`going`). A job deletes the content of what is going or was never kept, and then the row; every step can be repeated.

use super::StoreResult;
use aivalid_model::{Timestamp, files::FileKind, id::UserId};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

/// A file's content as it comes.
pub type Content<E> = BoxStream<'static, Result<Bytes, E>>;

/// What a file is for; the first part of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePurpose {
    /// Someone's picture.
    Avatar,
    /// An identity document.
    Kyc,
}

impl FilePurpose {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Avatar => "avatar",
            Self::Kyc => "kyc",
        }
    }
}

impl std::str::FromStr for FilePurpose {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Avatar, Self::Kyc].into_iter().find(|purpose| purpose.as_str() == text).ok_or(())
    }
}

/// A file's id: 32 hexadecimal digits, random. Nothing that a client sends ever becomes part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileId(pub String);

/// A file that is about to be written.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Made by the caller.
    pub id: FileId,
    /// Whose.
    pub owner: UserId,
    /// What for.
    pub purpose: FilePurpose,
    /// The key of its content, sealed.
    pub data_key: Vec<u8>,
    /// Now.
    pub now: Timestamp,
}

/// What is known of a file once its content is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Which.
    pub id: FileId,
    /// What it is.
    pub kind: FileKind,
    /// Bytes of the plain content.
    pub size: u64,
    /// SHA-256 of the plain content.
    pub sha256: [u8; 32],
}

/// A file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// What was written.
    pub file: WrittenFile,
    /// Whose.
    pub owner: UserId,
    /// What for.
    pub purpose: FilePurpose,
    /// The key of its content, sealed.
    pub data_key: Vec<u8>,
}

/// A file whose content is to be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoomedFile {
    /// Which.
    pub id: FileId,
    /// What for.
    pub purpose: FilePurpose,
}

/// What is known of files.
#[async_trait]
pub trait FileIndex: Send + Sync {
    /// Notes that a file is being written.
    async fn file_begin(&self, file: &NewFile) -> StoreResult<()>;
    /// A file that is kept.
    async fn file_get(&self, id: &FileId) -> StoreResult<Option<FileRecord>>;
    /// Gives up a file that was being written and is not kept.
    async fn file_give_up(&self, id: &FileId) -> StoreResult<()>;
    /// Gives up everything that has been in writing since before a time, and names what is to be deleted, the oldest first.
    async fn file_doomed(&self, writing_since: Timestamp, limit: u32) -> StoreResult<Vec<DoomedFile>>;
    /// Forgets a file whose content was deleted. False when it was forgotten already, or is not to be deleted.
    async fn file_forget(&self, id: &FileId) -> StoreResult<bool>;
}

/// Where content is kept. Keys are paths of lower-case letters, digits and `/`; what is written under a key appears whole or
/// not at all.
#[async_trait]
pub trait FileStore: Send + Sync {
    /// Begins to write under a key; an earlier content is replaced when this one is finished.
    async fn content_write(&self, key: &str) -> StoreResult<Box<dyn ContentWriter>>;
    /// The content under a key, from its beginning.
    async fn content_read(&self, key: &str) -> StoreResult<Option<Content<super::StoreError>>>;
    /// Deletes the content under a key, and what a broken-off write left there; also when there is none.
    async fn content_delete(&self, key: &str) -> StoreResult<()>;
}

/// Content that is being written.
#[async_trait]
pub trait ContentWriter: Send {
    /// Takes the next part.
    async fn write(&mut self, part: Bytes) -> StoreResult<()>;
    /// Makes it appear, and returns once it can't be lost any more.
    async fn finish(self: Box<Self>) -> StoreResult<()>;
    /// Gives it up; nothing appears.
    async fn abort(self: Box<Self>) -> StoreResult<()>;
}

/// A picture of someone, in both sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAvatar {
    /// The last part of its address: 32 hexadecimal digits.
    pub name: String,
    /// Where browsers find it.
    pub url: String,
    /// For profiles.
    pub large: WrittenFile,
    /// For lists.
    pub small: WrittenFile,
}

/// Which size of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AvatarSize {
    /// For profiles.
    Large,
    /// For lists.
    Small,
}

/// Pictures of people.
#[async_trait]
pub trait AvatarStore: Send + Sync {
    /// Gives someone a picture; the files of the one before are given up. False when there is no such account, or the files
    /// were given up meanwhile; then nothing changes.
    async fn avatar_set(&self, user: UserId, avatar: &NewAvatar, now: Timestamp) -> StoreResult<bool>;
    /// Takes someone's picture away, and gives its files up. False when there was none.
    async fn avatar_clear(&self, user: UserId, now: Timestamp) -> StoreResult<bool>;
    /// A picture's file, by the last part of its address.
    async fn avatar_file(&self, name: &str, size: AvatarSize) -> StoreResult<Option<FileRecord>>;
}
