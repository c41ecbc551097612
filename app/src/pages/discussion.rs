//! The replies below a thread or a case: what their addresses may ask for, and the section itself.

mod answer;

use crate::{
    context::Ctx,
    i18n::number,
    page::PageResult,
    pages::lists::list_end,
    ui::{self, Html},
};
use aivalid_model::{
    Error,
    community::{ReplyPage, Target},
    id::{ReplyId, UserId},
    page::PageRequest,
};
use leptos::prelude::*;
use serde::Deserialize;
use std::fmt::Write;

/// The most replies that one page may be asked for.
const MOST: u32 = 50;

/// What the address of a post may ask for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    page: Option<u32>,
    limit: Option<u32>,
    /// The reply to go to, on whatever page it stands.
    pub at: Option<ReplyId>,
    /// The reply that is being answered.
    reply: Option<ReplyId>,
    /// The reply that is being reacted to.
    react: Option<ReplyId>,
}

impl Asked {
    /// Which page of replies.
    pub fn page(&self) -> PageRequest {
        PageRequest::new(self.page, self.limit.map(|limit| limit.min(MOST)))
    }

    /// The same as a query, for redirects: empty, or with its `?`.
    pub fn query(&self) -> String {
        let mut query = self.stay();
        for (name, id) in [("reply", self.reply), ("react", self.react)] {
            if let Some(id) = id {
                // Writing to a string can't fail.
                let _ = write!(query, "{name}={id}&");
            }
        }
        query.truncate(query.len() - 1);
        query
    }

    /// `?`, `?page=2&` and the like: what links that stay on this page of the list begin with.
    fn stay(&self) -> String {
        let mut query = "?".to_owned();
        let page = self.page();
        if page.limit != PageRequest::DEFAULT_LIMIT {
            let _ = write!(query, "limit={}&", page.limit);
        }
        if page.page > 1 {
            let _ = write!(query, "page={}&", page.page);
        }
        query
    }

    /// The post's path with the page of replies, which are different content; everything else is left out.
    pub fn canonical(&self, path: &str) -> String {
        match self.page().page {
            1 => path.to_owned(),
            page => format!("{path}?page={page}"),
        }
    }
}

/// Query and fragment that lead to a reply on its page of the list.
pub async fn page_of(ctx: &Ctx, target: Target, reply: ReplyId, asked: &Asked) -> PageResult<String> {
    let (found, page) = ctx.service.reply_page_of(&ctx.caller, reply, asked.page().limit).await?;
    if found != target {
        return Err(Error::NotFound.into());
    }
    let there = Asked { page: Some(page), limit: asked.limit, ..Asked::default() };
    Ok(format!("{}#r{reply}", there.query()))
}

/// The replies below a post.
pub struct Section<'a> {
    /// The request.
    pub ctx: &'a Ctx,
    /// The post's path.
    pub path: &'a str,
    /// What is discussed.
    pub target: Target,
    /// Where replies are posted to.
    pub replies_path: String,
    /// Who wrote the post.
    pub owner: UserId,
    /// What its writer is called here.
    pub owner_words: String,
    /// Nothing can be added.
    pub locked: bool,
    /// What the address asked for.
    pub asked: &'a Asked,
    /// Replies that can be read.
    pub count: u64,
}

impl Section<'_> {
    /// The section: replies, page links, the form.
    pub fn view(self, list: ReplyPage) -> Html {
        let Section { ctx, path, target, replies_path, owner, owner_words, locked, asked, count } = self;
        let lang = ctx.lang();
        let query = asked.stay();
        let answered = asked.reply.and_then(|id| list.replies.iter().find(|reply| reply.id == id && !reply.deleted));
        let parent = answered.map(|reply| (reply.id, reply.author.as_ref().map_or_else(String::new, |author| author.username.clone())));
        let discussion = ui::Discussion {
            ctx,
            path,
            query: &query,
            owner,
            owner_words: &owner_words,
            open: ctx.caller.user.is_some() && !locked,
            picking: asked.react,
        };
        let base = match asked.page().limit {
            PageRequest::DEFAULT_LIMIT => format!("{path}?"),
            limit => format!("{path}?limit={limit}&"),
        };
        let tree = (!list.replies.is_empty()).then(|| ui::reply_tree(&discussion, &list.replies));
        Html::of(view! {
            <section class="stack" id="replies" aria-labelledby="h-replies">
                <div class="rows-title"><h2 id="h-replies">{tr!(lang, "discussion.title")}</h2><span class="counter">{number(lang, count)}</span></div>
                {tree}
                {list_end(ctx, &list.pagination, base)}
                {answer::view(ctx, target, replies_path, locked, parent)}
            </section>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_page() {
        let asked = |page, limit| Asked { page, limit, ..Asked::default() };
        assert_eq!(asked(None, None).query(), "");
        assert_eq!(asked(Some(3), None).query(), "?page=3");
        assert_eq!(asked(Some(3), Some(500)).query(), "?limit=50&page=3");
        assert_eq!(asked(Some(3), None).stay(), "?page=3&");
        assert_eq!(Asked { react: Some(ReplyId(7)), ..asked(Some(2), None) }.query(), "?page=2&react=7");
        assert_eq!(asked(Some(2), Some(50)).canonical("/threads/1-x"), "/threads/1-x?page=2");
    }
}
