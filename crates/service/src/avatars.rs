//! Pictures of people. What was sent is never shown: two squares of our own making are ([`crate::files::PictureDesk`]).

use crate::{
    Caller, Service,
    files::{OpenFile, Wanted},
    store::{AvatarSize, FilePurpose, NewAvatar, Signal},
};
use aivalid_model::{Error, Result, check::Problem, files::FileKind, id::UserId, identity::Me};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use std::pin::pin;

/// The largest picture that is taken, in bytes.
pub const MAX_AVATAR: u64 = 5 * 1024 * 1024;
/// What pictures may be.
pub const AVATAR_KINDS: [FileKind; 3] = [FileKind::Jpeg, FileKind::Png, FileKind::Webp];
/// The form's field.
const FIELD: &str = "avatar";
/// Where pictures are found.
const PATH: &str = "/media/avatars/";

impl Service {
    /// Gives the caller a picture, in place of the one before.
    pub async fn avatar_set(&self, caller: &Caller, content: impl Stream<Item = Result<Bytes>> + Send) -> Result<Me> {
        let user = caller.signed_in()?;
        self.admit_upload(user).await?;
        let picture = gather(content).await?;
        let squares = self.inner.pictures.squares(FIELD, picture).await?;
        // The address changes with the picture, so that browsers may keep it for ever, and tells nothing of who else has the same.
        let name: String = hex::encode(Sha256::new().chain_update(user.id.0.to_le_bytes()).chain_update(&squares.large).finalize());
        let name: String = name.chars().take(32).collect();
        let wanted = Wanted { owner: user.id, purpose: FilePurpose::Avatar, field: FIELD, kinds: &[FileKind::Jpeg], max: MAX_AVATAR };
        let large = self.file_write_all(wanted, squares.large.into()).await?;
        let small = self.file_write_all(wanted, squares.small.into()).await?;
        let avatar = NewAvatar { url: format!("{PATH}{name}"), name, large, small };
        if !self.inner.stores.avatars.avatar_set(user.id, &avatar, self.now()).await? {
            self.files_give_up(&[&avatar.large, &avatar.small]).await?;
            return Err(Error::Unauthenticated);
        }
        self.picture_changed(user.id).await?;
        self.me(caller).await
    }

    /// Takes the caller's picture away; where there was none, nothing happens.
    pub async fn avatar_clear(&self, caller: &Caller) -> Result<Me> {
        let user = caller.signed_in()?.id;
        if self.inner.stores.avatars.avatar_clear(user, self.now()).await? {
            self.picture_changed(user).await?;
        }
        self.me(caller).await
    }

    async fn picture_changed(&self, user: UserId) -> Result<()> {
        self.forget_sessions_of(user).await?;
        self.inner.cards.forget(user);
        Ok(self.inner.stores.signals.publish(Signal::UserChanged(user)).await?)
    }

    /// A picture, by the last part of its address: `NAME`, or `NAME-64` for the small one.
    pub async fn avatar(&self, _caller: &Caller, name: &str) -> Result<OpenFile> {
        let (name, size) = name.strip_suffix("-64").map_or((name, AvatarSize::Large), |name| (name, AvatarSize::Small));
        let known = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let record = if known { self.inner.stores.avatars.avatar_file(name, size).await? } else { None };
        self.file_open(&record.ok_or(Error::NotFound)?).await
    }
}

/// The whole of what was sent; a picture can't be read in parts.
async fn gather(content: impl Stream<Item = Result<Bytes>> + Send) -> Result<Vec<u8>> {
    let mut content = pin!(content);
    let mut picture = Vec::new();
    while let Some(part) = content.next().await {
        picture.extend_from_slice(&part?);
        if picture.len() as u64 > MAX_AVATAR {
            return Err(Error::field(FIELD, Problem::FileTooLarge { max: MAX_AVATAR }));
        }
    }
    if picture.is_empty() {
        return Err(Error::field(FIELD, Problem::Required));
    }
    Ok(picture)
}
