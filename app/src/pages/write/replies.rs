//! Writing and editing replies. The form stands below the post; these pages show it alone, for a preview and for what went
//! wrong, with everything kept.

use super::{cases::case_id, place, threads::thread_id};
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Layout, Page, PageResult},
    pages::auth::verify_notice,
    query::Asks,
    ui::{Around, Composer, ErrorSummary, Icon, Raw},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{Check, CheckAll},
    community::{Reply, ReplyInput, Target},
    content::{Content, ReplyText},
    id::ReplyId,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    content: String,
    /// The number of the reply that is answered; empty for the post itself.
    parent: String,
    /// `preview`, or nothing.
    #[serde(rename = "do")]
    pressed: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("content", tr!(lang, "write.reply").into_owned())]
    }
}

/// What the address of an empty form may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    reply: String,
}

/// `GET /threads/{id}-{slug}/replies`.
pub async fn thread_form(Member(ctx): Member, Path(segment): Path<String>, Asks(asked): Asks<Asked>) -> PageResult {
    fresh(&ctx, thread_id(&segment)?.into(), asked).await
}

/// `POST /threads/{id}-{slug}/replies`.
pub async fn to_thread(ctx: Ctx, Path(segment): Path<String>, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    add(&ctx, thread_id(&segment)?.into(), fields).await
}

/// `GET /validation-cases/{id}-{slug}/replies`.
pub async fn case_form(Member(ctx): Member, Path(segment): Path<String>, Asks(asked): Asks<Asked>) -> PageResult {
    fresh(&ctx, case_id(&segment)?.into(), asked).await
}

/// `POST /validation-cases/{id}-{slug}/replies`.
pub async fn to_case(ctx: Ctx, Path(segment): Path<String>, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    add(&ctx, case_id(&segment)?.into(), fields).await
}

/// `GET /replies/{id}/edit`.
pub async fn edit(Member(ctx): Member, Path(id): Path<ReplyId>) -> PageResult {
    let (desk, reply) = Desk::of_reply(&ctx, id).await?;
    Ok(desk.page(&ctx, &FormState::fresh(Fields { content: reply.content, ..Fields::default() }), None))
}

/// `POST /replies/{id}/edit`.
pub async fn save(ctx: Ctx, Path(id): Path<ReplyId>, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let (desk, _) = Desk::of_reply(&ctx, id).await?;
    Ok(desk.submit(&ctx, fields).await)
}

async fn fresh(ctx: &Ctx, target: Target, asked: Asked) -> PageResult {
    let desk = Desk::of_post(ctx, target, &asked.reply).await?;
    Ok(desk.page(ctx, &FormState::fresh(Fields { parent: asked.reply, ..Fields::default() }), None))
}

async fn add(ctx: &Ctx, target: Target, fields: Fields) -> PageResult<Response> {
    let desk = Desk::of_post(ctx, target, &fields.parent).await?;
    Ok(desk.submit(ctx, fields).await)
}

/// The reply that is being written.
struct Desk {
    target: Target,
    /// The reply that is edited; none for a new one.
    editing: Option<ReplyId>,
    /// The reply that is answered.
    parent: Option<Reply>,
    /// Where the post or the reply stands, and the post's title.
    back: String,
    title: String,
}

impl Desk {
    async fn of_post(ctx: &Ctx, target: Target, parent: &str) -> Result<Self> {
        let (back, title) = place::post(ctx, target).await?;
        let parent = match parent.parse().ok() {
            // One that is gone is named when the reply is sent, not before: until then nothing is lost.
            Some(id) => ctx.service.reply(&ctx.caller, id).await.ok(),
            None => None,
        };
        Ok(Self { target, editing: None, parent, back, title })
    }

    async fn of_reply(ctx: &Ctx, id: ReplyId) -> Result<(Self, Reply)> {
        ctx.caller.signed_in()?;
        let reply = ctx.service.reply(&ctx.caller, id).await?;
        if !reply.mine {
            return Err(Error::Forbidden);
        }
        let (target, back) = place::reply(ctx, id).await?;
        let (_, title) = place::post(ctx, target).await?;
        Ok((Self { target, editing: Some(id), parent: None, back, title }, reply))
    }

    async fn submit(&self, ctx: &Ctx, fields: Fields) -> Response {
        if fields.pressed == "preview" {
            return match preview(ctx, &fields).await {
                Ok(html) => self.page(ctx, &FormState::fresh(fields), Some(html)).into_response(),
                Err(error) => self.page(ctx, &FormState::failed(fields, error), None).into_response(),
            };
        }
        match self.send(ctx, &fields).await {
            Ok((place, flash)) => Done::to(place).flash(flash).into_response(),
            Err(error) => self.page(ctx, &FormState::failed(fields, error), None).into_response(),
        }
    }

    async fn send(&self, ctx: &Ctx, fields: &Fields) -> Result<(String, &'static str)> {
        let parent_id = if fields.parent.is_empty() { None } else { Some(fields.parent.parse().map_err(|_| Error::NotFound)?) };
        let (text, parent) = ReplyInput { content: fields.content.clone(), parent_id }.check_all()?;
        let (id, flash) = match self.editing {
            Some(id) => (ctx.service.reply_edit(&ctx.caller, self.target, id, text).await?.id, "reply_saved"),
            None => (ctx.service.reply_add(&ctx.caller, self.target, text, parent).await?.id, "reply_published"),
        };
        let (_, place) = place::reply(ctx, id).await?;
        Ok((place, flash))
    }

    fn draft_key(&self) -> String {
        match self.editing {
            Some(id) => format!("r{id}"),
            None => format!("{}-{}-reply", self.target.kind.as_str(), self.target.id),
        }
    }

    fn page(&self, ctx: &Ctx, state: &FormState<Fields>, preview: Option<String>) -> Page {
        let lang = ctx.lang();
        let (title, send) = match self.editing {
            Some(_) => (tr!(lang, "write.edit_reply"), tr!(lang, "write.save_changes")),
            None => (tr!(lang, "write.new_reply"), tr!(lang, "write.send_reply")),
        };
        let around = Around::of(ctx, state, "content", None, true);
        let composer = view! {
            <Composer ctx draft=self.draft_key() value=state.values.content.clone() maxlength="20000" described_by=around.described_by() is_bad=around.error.is_some() autofocus=true/>
        };
        let delete = self
            .editing
            .map(|id| view! { <a class="btn btn-lg btn-danger push" href=format!("/replies/{id}/delete")>{tr!(lang, "write.delete")}</a> });
        let title = title.into_owned();
        // Said in full, or a browser keeps the place that a preview jumped to.
        let action = ctx.path.clone();
        let body = view! {
            <nav class="breadcrumb" aria-label=tr!(lang, "write.breadcrumb")><ol><li><a href=self.back.clone() dir="auto">{self.title.clone()}</a></li></ol></nav>
            <div class="page-head"><h1>{title.clone()}</h1></div>
            {verify_notice(ctx)}
            {self.parent.as_ref().map(|parent| answered(ctx, parent))}
            <form class="form" method="post" action=action novalidate>
                <ErrorSummary ctx state/>
                {preview.map(|html| view! { <section class="card" id="preview" aria-label=tr!(lang, "write.preview")><div class="prose" dir="auto"><Raw html/></div></section> })}
                {(!state.values.parent.is_empty()).then(|| view! { <input type="hidden" name="parent" value=state.values.parent.clone()/> })}
                {around.field(composer)}
                <div class="form-actions">
                    <button class="btn btn-primary btn-lg">{send}</button>
                    <a class="btn btn-lg btn-ghost" href=self.back.clone()>{tr!(lang, "form.cancel")}</a>
                    {delete}
                </div>
            </form>
        };
        Page::new(title, body).layout(Layout::Narrow).of_form(state)
    }
}

/// The reply that is answered, to read while writing.
fn answered(ctx: &Ctx, parent: &Reply) -> impl IntoView + use<> {
    let name = parent.author.as_ref().map_or_else(|| "…".to_owned(), |author| author.username.clone());
    view! {
        <article class="card reply">
            <header><Icon name="reply"/><span>{tr!(ctx.lang(), "write.answering", name = name)}</span></header>
            <div class="prose" dir="auto"><Raw html=parent.content_html.clone()/></div>
        </article>
    }
}

async fn preview(ctx: &Ctx, fields: &Fields) -> Result<String> {
    let text = ReplyText::check(fields.content.clone()).map_err(|problem| Error::field("content", problem))?;
    ctx.service.preview(&ctx.caller, Content::Markdown(text.as_str().to_owned())).await
}
