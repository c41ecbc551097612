//! What stands beside names, kept near at hand: every page shows dozens, and they hardly change.

use crate::{Service, store::Signal};
use aivalid_model::{Result, id::UserId, identity::UserCard};
use moka::sync::Cache;
use std::{collections::HashMap, sync::Arc, time::Duration};

/// Cards of some 50,000 users. Changes are announced to every instance; the time limit bounds what a lost message does.
pub struct CardCache(Cache<UserId, Arc<UserCard>>);

impl CardCache {
    pub(crate) fn new() -> Self {
        Self(Cache::builder().max_capacity(50_000).time_to_live(Duration::from_mins(5)).build())
    }

    pub(crate) fn forget(&self, id: UserId) {
        self.0.invalidate(&id);
    }
}

/// The cards of everyone on a page.
pub(crate) struct Cards(HashMap<UserId, Arc<UserCard>>);

impl Cards {
    /// Someone's card; for accounts that are gone, one that says so.
    pub fn of(&self, id: UserId) -> UserCard {
        self.0.get(&id).map_or_else(
            || UserCard { id, username: "deleted".to_owned(), full_name: None, avatar_url: None, badge: None },
            |card| UserCard::clone(card),
        )
    }
}

impl Service {
    /// The cards of these users: from memory where possible, else all missing ones in one query.
    pub(crate) async fn cards(&self, ids: impl IntoIterator<Item = UserId>) -> Result<Cards> {
        let cache = &self.inner.cards.0;
        let mut found = HashMap::new();
        let mut missing = Vec::new();
        for id in ids {
            if found.contains_key(&id) || missing.contains(&id) {
                continue;
            }
            match cache.get(&id) {
                Some(card) => drop(found.insert(id, card)),
                None => missing.push(id),
            }
        }
        if !missing.is_empty() {
            for card in self.inner.stores.users.user_cards(&missing).await? {
                let (id, card) = (card.id, Arc::new(card));
                cache.insert(id, card.clone());
                found.insert(id, card);
            }
        }
        Ok(Cards(found))
    }

    /// Forgets what other instances say has changed, until the channel closes. A job's work.
    pub async fn follow_signals(&self) -> Result<()> {
        let mut signals = self.inner.stores.signals.subscribe().await?;
        loop {
            match signals.recv().await {
                Ok(Signal::UserChanged(id)) => self.inner.cards.forget(id),
                Ok(Signal::CatalogChanged) => self.inner.catalog.forget(),
                // Some were missed: nothing in memory can be trusted.
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {
                    self.inner.cards.0.invalidate_all();
                    self.inner.catalog.forget();
                }
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return Ok(()),
            }
        }
    }
}
