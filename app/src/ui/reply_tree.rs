//! Replies as a tree. Written by hand rather than as components: a page holds fifty, they arrive as a flat list in reading
//! order, and their elements nest by depth.

use super::{
    basics::write_avatar,
    html::Html,
    person::{write_badge, write_user},
    reactions::{write_picker, write_used},
    time::write_time,
};
use crate::context::Ctx;
use aivalid_model::{
    community::Reply,
    id::{ReplyId, UserId},
};
use std::collections::HashMap;

/// What a list of replies needs to know of its page.
pub struct Discussion<'a> {
    /// The request.
    pub ctx: &'a Ctx,
    /// The page's own path without a query.
    pub path: &'a str,
    /// `?page=2&`, or `?`: what links that stay on this page of the list begin with.
    pub query: &'a str,
    /// Who wrote the post above.
    pub owner: UserId,
    /// What its writer is called here: author, owner.
    pub owner_words: &'a str,
    /// Whether the reader may reply and react.
    pub open: bool,
    /// The reply whose picker is asked for.
    pub picking: Option<ReplyId>,
}

/// Bytes of one reply without its text.
const FRAME: usize = 1300;
/// The deepest level; answers to it stand beside it.
const DEEPEST: u8 = 4;

/// Replies, nested as they answer one another.
pub fn reply_tree(discussion: &Discussion<'_>, replies: &[Reply]) -> Html {
    let text: usize = replies.iter().map(|reply| reply.content_html.len()).sum();
    let mut html = Html::with_capacity(text + FRAME * replies.len() + 64);
    let authors: HashMap<ReplyId, &Reply> = replies.iter().map(|reply| (reply.id, reply)).collect();
    let mut open: Vec<Open> = Vec::new();
    html.raw("<div class=\"replies\">");
    for reply in replies {
        while open.last().is_some_and(|last| last.depth >= reply.depth) {
            close(&mut html, open.pop());
        }
        match open.last_mut() {
            Some(parent) if !parent.answers => {
                parent.answers = true;
                html.raw("<div class=\"replies\">");
            }
            _ => {}
        }
        write_reply(&mut html, discussion, reply, open.is_empty(), &authors);
        open.push(Open { depth: reply.depth, answers: false });
    }
    while let Some(last) = open.pop() {
        close(&mut html, Some(last));
    }
    html.raw("</div>");
    html
}

/// An element that is not closed yet.
struct Open {
    depth: u8,
    /// Whether the element for answers was opened in it.
    answers: bool,
}

fn close(html: &mut Html, element: Option<Open>) {
    html.raw(if element.is_some_and(|element| element.answers) { "</div></article>" } else { "</article>" });
}

/// Writes a reply up to where its answers go.
fn write_reply(html: &mut Html, discussion: &Discussion<'_>, reply: &Reply, top: bool, on_page: &HashMap<ReplyId, &Reply>) {
    let lang = discussion.ctx.lang();
    let id = reply.id.0;
    html.raw("<article class=\"reply\" id=\"r").int(id).raw("\"><header>");
    if let Some(author) = &reply.author {
        write_avatar(html, author, "", "32");
        write_user(html, lang, author, "by");
        if author.id == discussion.owner {
            html.raw("<span class=\"badge\">").text(discussion.owner_words).raw("</span>");
        } else if let Some(badge) = &author.badge {
            write_badge(html, lang, badge);
        }
    }
    html.raw("<a href=\"#r").int(id).raw("\">");
    write_time(html, discussion.ctx, reply.created_at);
    html.raw("</a>");
    if reply.edited_at.is_some() {
        html.raw("<span>").text(&tr!(lang, "reply.edited")).raw("</span>");
    }
    write_answered(html, discussion, reply, top, on_page);
    html.raw("</header>");
    if reply.deleted {
        html.raw("<p class=\"reply-note\">").text(&tr!(lang, "reply.deleted")).raw("</p>");
        return;
    }
    html.raw("<div class=\"prose\" dir=\"auto\">").raw(&reply.content_html).raw("</div>");
    write_footer(html, discussion, reply);
}

/// Names what a reply answers where its place does not show it.
fn write_answered(html: &mut Html, discussion: &Discussion<'_>, reply: &Reply, top: bool, on_page: &HashMap<ReplyId, &Reply>) {
    let Some(parent) = reply.parent_id else { return };
    let lang = discussion.ctx.lang();
    match on_page.get(&parent) {
        Some(answered) if answered.depth == DEEPEST => {
            let name = answered.author.as_ref().map_or("…", |author| &author.username);
            html.raw("<a href=\"#r").int(parent.0).raw("\">").text(&tr!(lang, "reply.answers", name = name)).raw("</a>");
        }
        None if top => {
            html.raw("<a href=\"").text(discussion.path).raw("?at=").int(parent.0).raw("\">");
            html.text(&tr!(lang, "reply.answers_earlier")).raw("</a>");
        }
        _ => {}
    }
}

fn write_footer(html: &mut Html, discussion: &Discussion<'_>, reply: &Reply) {
    if !discussion.open && reply.reactions.total() == 0 {
        return;
    }
    let (lang, id) = (discussion.ctx.lang(), reply.id.0);
    html.raw("<footer>");
    write_used(html, lang, reply.id.into(), reply.reactions, reply.my_reaction);
    if discussion.open {
        if discussion.picking == Some(reply.id) {
            write_picker(html, lang, reply.id.into(), true);
        } else {
            html.raw("<a class=\"act\" href=\"").text(discussion.query).raw("react=").int(id).raw("#r").int(id).raw("\" aria-label=\"");
            html.text(&tr!(lang, "reaction.react_to")).raw("\">").icon("smile-plus").raw("</a>");
        }
        html.raw("<a class=\"act\" href=\"").text(discussion.query).raw("reply=").int(id).raw("#composer\">");
        html.icon("reply").text(&tr!(lang, "reply.reply")).raw("</a>");
        if reply.mine {
            html.raw("<a class=\"act\" href=\"/replies/").int(id).raw("/edit\">");
            html.icon("pencil").text(&tr!(lang, "reply.edit")).raw("</a>");
        }
    }
    html.raw("</footer>");
}
