//! Taking one's data along: everything that is kept about an account and everything its owner wrote, as JSON files.

use crate::{Caller, Service, audit::Event, limits::EXPORTS};
use aivalid_model::{Error, Result, cases::CaseFilter, community::ThreadFilter, id::UserId, identity::Requirement, page::PageRequest};
use serde::Serialize;
use serde_json::{Value, json};

/// How much is read from a store at once.
const STRETCH: u32 = 100;

/// One file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// Its name.
    pub name: &'static str,
    /// Its content: indented JSON.
    pub content: Vec<u8>,
}

fn file(name: &'static str, content: &impl Serialize) -> Result<ExportFile> {
    let content = serde_json::to_vec_pretty(content).map_err(|error| {
        tracing::error!(%error, name, "a file of an export can't be written");
        Error::Internal
    })?;
    Ok(ExportFile { name, content })
}

impl Service {
    /// Everything about the caller's account. Secrets (password hash, keys, codes) are no data of the person's and stay.
    pub async fn account_export(&self, caller: &Caller) -> Result<Vec<ExportFile>> {
        let id = caller.require(Requirement::SUDO, self.now())?.id;
        self.admit(&format!("export:u:{id}"), EXPORTS).await?;
        self.audit(caller, Event::new("account.exported").about(id)).await?;
        let me = self.me(caller).await?;
        let badges = self.inner.stores.users.user_badges(id).await?;
        Ok(vec![
            file("account.json", &me)?,
            file("badges.json", &badges)?,
            file("sessions.json", &self.sessions(caller).await?)?,
            file("signing-keys.json", &self.own_pqc_keys(id).await?)?,
            file("connections.json", &self.connections(caller).await?.connections)?,
            file("api-tokens.json", &self.api_tokens(caller).await?)?,
            file("recoveries.json", &self.recovery_views(id).await?)?,
            file("devices.json", &self.devices(caller).await?)?,
            file("security-events.json", &self.exported_events(caller).await?)?,
            file("threads.json", &self.exported_threads(id).await?)?,
            file("cases.json", &self.exported_cases(id).await?)?,
            file("replies.json", &self.exported_replies(id).await?)?,
            file("blocks.json", &self.exported_blocks(id).await?)?,
        ])
    }

    async fn exported_events(&self, caller: &Caller) -> Result<Vec<Value>> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let stretch = self.security_events(caller, cursor.as_deref(), STRETCH).await?;
            all.extend(stretch.items.iter().filter_map(|event| serde_json::to_value(event).ok()));
            cursor = stretch.next;
            if cursor.is_none() {
                return Ok(all);
            }
        }
    }

    async fn exported_threads(&self, author: UserId) -> Result<Vec<Value>> {
        let filter = ThreadFilter { author: Some(author), ..ThreadFilter::default() };
        let (page, mut cursor, mut all) = (PageRequest::new(None, Some(STRETCH)), None::<String>, Vec::new());
        loop {
            let list = self.inner.stores.threads.thread_list(&filter, page, cursor.as_deref()).await?;
            for row in &list.items {
                // Lists leave the content out.
                let Some(thread) = self.inner.stores.threads.thread_get(row.id).await? else { continue };
                all.push(json!({
                    "id": thread.id, "title": thread.text.title, "content": thread.text.content, "contentType": thread.text.content_type,
                    "tags": thread.text.tags, "createdAt": thread.created_at, "editedAt": thread.edited_at,
                }));
            }
            cursor = list.next;
            if cursor.is_none() {
                return Ok(all);
            }
        }
    }

    async fn exported_cases(&self, owner: UserId) -> Result<Vec<Value>> {
        let filter = CaseFilter { owner: Some(owner), ..CaseFilter::default() };
        let (page, mut cursor, mut all) = (PageRequest::new(None, Some(STRETCH)), None::<String>, Vec::new());
        loop {
            let list = self.inner.stores.cases.case_list(&filter, page, cursor.as_deref()).await?;
            for row in &list.items {
                let Some(case) = self.inner.stores.cases.case_get(row.id).await? else { continue };
                all.push(json!({
                    "id": case.id, "title": case.text.title, "content": case.text.content, "contentType": case.text.content_type,
                    "tags": case.text.tags, "bountyAmount": case.bounty, "status": case.status, "deadline": case.deadline,
                    "createdAt": case.created_at, "editedAt": case.edited_at,
                }));
            }
            cursor = list.next;
            if cursor.is_none() {
                return Ok(all);
            }
        }
    }

    async fn exported_replies(&self, author: UserId) -> Result<Vec<Value>> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let stretch = self.inner.stores.replies.reply_list_of(author, after, STRETCH.into()).await?;
            let Some(last) = stretch.last() else { return Ok(all) };
            after = Some(last.id);
            all.extend(stretch.iter().map(|reply| {
                json!({
                    "id": reply.id, "to": format!("{}:{}", reply.target.kind.as_str(), reply.target.id), "content": reply.content,
                    "createdAt": reply.created_at, "editedAt": reply.edited_at,
                })
            }));
        }
    }

    async fn exported_blocks(&self, blocker: UserId) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        for page in 1.. {
            let list = self.inner.stores.blocks.block_list(blocker, PageRequest::new(Some(page), Some(STRETCH))).await?;
            all.extend(list.items.iter().map(|(user, since)| json!({ "userId": user, "since": since })));
            if list.items.len() < STRETCH as usize {
                break;
            }
        }
        Ok(all)
    }
}
