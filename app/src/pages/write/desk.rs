//! What is being written: a new thread or case, or one that is there already.

use super::{
    editor,
    post::PostFields,
    sheet::{Sheet, Step},
};
use crate::{
    context::Ctx,
    form::FormState,
    page::{Done, PageResult},
    paths,
};
use aivalid_model::{
    Error, Lang, Result, Timestamp,
    cases::{Case, CaseError},
    community::{CategoryKind, Thread},
    id::{CaseId, CategoryId, ThreadId},
};
use axum::response::{IntoResponse, Response};

/// What is being written.
pub(super) enum Desk {
    /// A new thread or case.
    New(CategoryKind),
    /// A thread that is there, at its path.
    Thread(ThreadId, String),
    /// A case that is there, at its path, with its deadline.
    Case(CaseId, String, Option<Timestamp>),
}

/// What the page says.
pub(super) struct Words {
    pub title: String,
    pub title_hint: String,
    pub content_hint: String,
    pub send: String,
    /// Where one came from: path and name.
    pub up: (String, String),
}

impl Desk {
    /// A thread to edit, with its fields, for those who may.
    pub async fn of_thread(ctx: &Ctx, id: ThreadId) -> Result<(Self, PostFields)> {
        ctx.caller.signed_in()?;
        let thread = ctx.service.thread(&ctx.caller, id).await?;
        if !thread.mine {
            return Err(Error::Forbidden);
        }
        let category = slug_of(ctx, thread.row.category_id).await?;
        let desk = Self::Thread(id, paths::thread(id, &thread.row.title));
        Ok((desk, PostFields { category, ..PostFields::of_thread(thread) }))
    }

    /// A case to edit, with its fields, for those who may while it can be.
    pub async fn of_case(ctx: &Ctx, id: CaseId) -> Result<(Self, PostFields)> {
        ctx.caller.signed_in()?;
        let case = ctx.service.case(&ctx.caller, id).await?;
        if !case.mine {
            return Err(Error::Forbidden);
        }
        if !case.row.status.can_edit() {
            return Err(CaseError::invalid(case.row.status).into());
        }
        let category = slug_of(ctx, case.row.category_id).await?;
        let desk = Self::Case(id, paths::case(id, &case.row.title), case.row.deadline);
        Ok((desk, PostFields { category, ..PostFields::of_case(case, ctx.zone()) }))
    }

    /// Threads or cases.
    pub const fn kind(&self) -> CategoryKind {
        match self {
            Self::New(kind) => *kind,
            Self::Thread(..) => CategoryKind::Forum,
            Self::Case(..) => CategoryKind::Case,
        }
    }

    /// Where what is edited is read; nothing for what is new.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::New(_) => None,
            Self::Thread(_, path) | Self::Case(_, path, _) => Some(path),
        }
    }

    /// Under which name a browser keeps the draft.
    pub fn draft_key(&self) -> String {
        match self {
            Self::New(kind) => format!("new-{}", kind.as_str()),
            Self::Thread(id, _) => format!("t{id}"),
            Self::Case(id, ..) => format!("c{id}"),
        }
    }

    /// What the page says.
    pub fn words(&self, lang: Lang) -> Words {
        let (title, send) = match self {
            Self::New(CategoryKind::Forum) => (tr!(lang, "write.new_thread"), tr!(lang, "write.publish_thread")),
            Self::New(CategoryKind::Case) => (tr!(lang, "write.new_case"), tr!(lang, "write.publish_case")),
            Self::Thread(..) => (tr!(lang, "write.edit_thread"), tr!(lang, "write.save_changes")),
            Self::Case(..) => (tr!(lang, "write.edit_case"), tr!(lang, "write.save_changes")),
        };
        let up = match self {
            Self::New(CategoryKind::Forum) => ("/forum".to_owned(), tr!(lang, "frame.forum")),
            Self::New(CategoryKind::Case) => ("/validation-cases".to_owned(), tr!(lang, "frame.cases")),
            Self::Thread(_, path) => (path.clone(), tr!(lang, "write.the_thread")),
            Self::Case(_, path, _) => (path.clone(), tr!(lang, "write.the_case")),
        };
        let (title_hint, content_hint) = match self.kind() {
            CategoryKind::Forum => (tr!(lang, "write.thread_title_hint"), tr!(lang, "write.thread_content_hint")),
            CategoryKind::Case => (tr!(lang, "write.case_title_hint"), tr!(lang, "write.case_content_hint")),
        };
        Words {
            title: title.into_owned(),
            title_hint: title_hint.into_owned(),
            content_hint: content_hint.into_owned(),
            send: send.into_owned(),
            up: (up.0, up.1.into_owned()),
        }
    }

    /// Does what the pressed button says: changes the form, shows a preview, or publishes.
    pub async fn submit(&self, ctx: &Ctx, fields: PostFields) -> PageResult<Response> {
        let mut fields = fields.assembled();
        match fields.pressed.as_str() {
            "" => {}
            "preview" => return Ok(self.preview(ctx, fields).await?.into_response()),
            pressed => {
                match Step::parse(pressed) {
                    Some(step) => fields.sheet.step(step),
                    None if pressed == "table" || pressed == "markdown" => fields.content_type = pressed.to_owned(),
                    None => return Err(Error::bad_request("no such button").into()),
                }
                if fields.is_table() && fields.sheet.names.is_empty() {
                    fields.sheet = Sheet::fresh();
                }
                return Ok(editor::page(ctx, self, FormState::fresh(fields), None).await?.into_response());
            }
        }
        match self.save(ctx, &fields).await {
            Ok((path, flash)) => Ok(Done::to(path).flash(flash).into_response()),
            Err(error) => {
                let error = ctx.service.with_category(&ctx.caller, self.kind(), &fields.category, error).await;
                Ok(editor::page(ctx, self, FormState::failed(fields, error), None).await?.into_response())
            }
        }
    }

    async fn preview(&self, ctx: &Ctx, fields: PostFields) -> Result<crate::page::Page> {
        let rendered = match fields.checked_content() {
            Ok(content) => ctx.service.preview(&ctx.caller, content).await,
            Err(error) => Err(error),
        };
        match rendered {
            Ok(html) => editor::page(ctx, self, FormState::fresh(fields), Some(html)).await,
            Err(error) => editor::page(ctx, self, FormState::failed(fields, error), None).await,
        }
    }

    async fn save(&self, ctx: &Ctx, fields: &PostFields) -> Result<(String, &'static str)> {
        let (service, caller) = (&ctx.service, &ctx.caller);
        let thread_path = |thread: Thread| paths::thread(thread.row.id, &thread.row.title);
        let case_path = |case: Case| paths::case(case.row.id, &case.row.title);
        Ok(match self {
            Self::New(CategoryKind::Forum) => (thread_path(service.thread_publish(caller, fields.thread()?).await?), "thread_published"),
            Self::Thread(id, _) => (thread_path(service.thread_edit(caller, *id, fields.thread()?).await?), "thread_saved"),
            Self::New(CategoryKind::Case) => {
                (case_path(service.case_open(caller, fields.case(ctx.zone(), None, ctx.now)?).await?), "case_opened")
            }
            Self::Case(id, _, deadline) => {
                (case_path(service.case_edit(caller, *id, fields.case(ctx.zone(), *deadline, ctx.now)?).await?), "case_saved")
            }
        })
    }
}

async fn slug_of(ctx: &Ctx, id: CategoryId) -> Result<String> {
    let categories = ctx.service.categories(&ctx.caller).await?;
    Ok(categories.iter().find(|category| category.id == id).map(|category| category.slug.clone()).unwrap_or_default())
}
