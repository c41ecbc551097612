//! What the pages of a thread and of a case have in common: which address is theirs, and what search engines read.

use super::discussion::{self, Asked};
use crate::{
    context::Ctx,
    page::{Moved, Page, PageResult},
    paths,
    ui::ReactionForm,
};
use aivalid_model::{
    Timestamp,
    community::{Category, Reactions, Target},
    id::CategoryId,
    identity::UserCard,
};
use leptos::prelude::*;
use serde_json::json;

/// An address that leads to something readable: its segment, and what was asked for.
pub struct Address<'a> {
    /// `/threads` or `/validation-cases`.
    pub root: &'static str,
    /// The id, and what the title was when the link was made.
    pub segment: &'a str,
    /// The rest.
    pub asked: &'a Asked,
}

impl Address<'_> {
    /// Where a link to a reply leads: the page of the list on which it stands.
    pub async fn of_reply(&self, ctx: &Ctx, target: Target) -> PageResult<Option<Moved>> {
        let Some(reply) = self.asked.at else { return Ok(None) };
        let page = discussion::page_of(ctx, target, reply, self.asked).await?;
        Ok(Some(Moved::to(format!("{}/{}{page}", self.root, self.segment)).for_now()))
    }

    /// Where an address with another title than the present one leads.
    pub fn outdated(&self, path: &str) -> Option<Moved> {
        let is_present = path.strip_prefix(self.root).and_then(|rest| rest.strip_prefix('/')) == Some(self.segment);
        (!is_present).then(|| Moved::to(format!("{path}{}", self.asked.query())))
    }
}

/// The category of a post; nothing where it was removed meanwhile.
pub async fn category(ctx: &Ctx, id: CategoryId) -> PageResult<Option<Category>> {
    let all = ctx.service.categories(&ctx.caller).await?;
    Ok(all.iter().find(|category| category.id == id).cloned())
}

/// The way to a post: its part of the site and its category.
pub fn trail(ctx: &Ctx, part: String, root: &str, category: Option<&Category>) -> Vec<(String, String)> {
    let category = category.map(|category| (category.name(ctx.lang()).to_owned(), paths::category(category)));
    [Some((part, root.to_owned())), category].into_iter().flatten().collect()
}

/// What is said of a post around its text.
pub struct About<'a> {
    /// Its path.
    pub path: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its summary.
    pub summary: &'a str,
    /// Its tags.
    pub tags: &'a [String],
    /// Who wrote it.
    pub author: &'a UserCard,
    /// When.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// How many replies it has.
    pub replies: u64,
    /// The reactions to it.
    pub reactions: Reactions,
}

impl About<'_> {
    /// The page around a body.
    pub fn page(&self, ctx: &Ctx, asked: &Asked, category: Option<&Category>, body: impl IntoAny) -> Page {
        let body = view! { {body.into_any()}<ReactionForm ctx/> };
        Page::new(self.title, body)
            .description(self.summary)
            .canonical(asked.canonical(self.path))
            .within(category.map(paths::category))
            .article()
            .json_ld(self.structured(ctx.origin()))
    }

    /// The post for search engines (schema.org), without its replies, which stand on the page.
    fn structured(&self, origin: &str) -> serde_json::Value {
        let interaction = |kind: &str, count: u64| json!({ "@type": "InteractionCounter", "interactionType": format!("https://schema.org/{kind}"), "userInteractionCount": count });
        let author = &self.author.username;
        json!({
            "@context": "https://schema.org",
            "@type": "DiscussionForumPosting",
            "headline": self.title,
            "text": self.summary,
            "url": format!("{origin}{}", self.path),
            "author": { "@type": "Person", "name": author, "url": format!("{origin}{}", paths::user(author)) },
            "datePublished": self.created_at,
            "dateModified": self.edited_at.unwrap_or(self.created_at),
            "keywords": self.tags,
            "commentCount": self.replies,
            "interactionStatistic": [interaction("CommentAction", self.replies), interaction("LikeAction", self.reactions.total().into())],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outdated_title_leads_to_the_present_one() {
        let asked = Asked::default();
        let is_outdated = |segment| Address { root: "/threads", segment, asked: &asked }.outdated("/threads/42-kappa").is_some();
        assert!(!is_outdated("42-kappa"));
        for other in ["42", "42-", "42-lama", "42-kappa-lama", "kappa"] {
            assert!(is_outdated(other), "{other}");
        }
    }
}
