//! Blocking people. Between two of whom one blocks the other nobody replies to the other's posts and replies.

use crate::{Caller, Service};
use aivalid_model::{
    Error, Result,
    community::{Block, CommunityError},
    id::UserId,
    page::{Page, PageRequest},
};

impl Service {
    /// Whom the caller blocks, newest first.
    pub async fn blocks(&self, caller: &Caller, page: PageRequest) -> Result<Page<Block>> {
        let user = caller.signed_in()?.id;
        let list = self.inner.stores.blocks.block_list(user, page).await?;
        let cards = self.cards(list.items.iter().map(|(id, _)| *id)).await?;
        let blocks = list.items.into_iter().map(|(id, blocked_at)| Block { user: cards.of(id), blocked_at });
        Ok(Page::new(blocks.collect(), page, list.total))
    }

    /// Blocks someone; a block that is there stays as it is.
    pub async fn block_add(&self, caller: &Caller, blocked: UserId) -> Result<Block> {
        let user = caller.signed_in()?.id;
        if user == blocked {
            return Err(CommunityError::SelfBlock.into());
        }
        // As with profiles: accounts whose address is not confirmed are not there, else registering would tell of addresses.
        let account = self.inner.stores.users.user_by_id(blocked).await?.filter(|user| user.email_verified).ok_or(Error::NotFound)?;
        let blocked_at = self.inner.stores.blocks.block_add(user, blocked, self.now()).await?;
        Ok(Block { user: account.card, blocked_at })
    }

    /// Ends a block.
    pub async fn block_remove(&self, caller: &Caller, blocked: UserId) -> Result<()> {
        let user = caller.signed_in()?.id;
        if self.inner.stores.blocks.block_remove(user, blocked).await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Refuses what can't be done where someone blocks someone; one query, and none among oneself.
    pub(super) async fn check_blocks(&self, user: UserId, others: impl IntoIterator<Item = UserId>) -> Result<()> {
        let others: Vec<UserId> = others.into_iter().filter(|other| *other != user).collect();
        if !others.is_empty() && self.inner.stores.blocks.block_between(user, &others).await? {
            return Err(CommunityError::Blocked.into());
        }
        Ok(())
    }
}
