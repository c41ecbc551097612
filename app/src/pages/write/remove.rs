//! Deleting threads, cases and replies: a page asks first.

use super::{cases::case_id, confirm::Question, place, threads::thread_id};
use crate::{
    context::Ctx,
    member::Member,
    page::{Done, PageResult},
    paths,
};
use aivalid_model::{Error, cases::CaseError, id::ReplyId};
use axum::extract::Path;
use leptos::prelude::*;

/// `GET /threads/{id}-{slug}/delete`.
pub async fn ask_thread(Member(ctx): Member, Path(segment): Path<String>) -> PageResult {
    let thread = ctx.service.thread(&ctx.caller, thread_id(&segment)?).await?;
    if !thread.mine {
        return Err(Error::Forbidden.into());
    }
    let lang = ctx.lang();
    let question = Question {
        title: tr!(lang, "write.delete_thread").into_owned(),
        back: paths::thread(thread.row.id, &thread.row.title),
        subject: thread.row.title,
        consequences: vec![
            ("eye-off", tr!(lang, "write.delete_thread_view").into_owned()),
            ("messages-square", tr!(lang, "write.delete_thread_replies").into_owned()),
        ],
        fields: ().into_any(),
        deed: tr!(lang, "write.delete").into_owned(),
    };
    Ok(question.page(&ctx))
}

/// `POST /threads/{id}-{slug}/delete`.
pub async fn thread(ctx: Ctx, Path(segment): Path<String>) -> PageResult<Done> {
    ctx.service.thread_delete(&ctx.caller, thread_id(&segment)?).await?;
    Ok(Done::to("/forum").flash("thread_deleted"))
}

/// `GET /validation-cases/{id}-{slug}/delete`.
pub async fn ask_case(Member(ctx): Member, Path(segment): Path<String>) -> PageResult {
    let case = ctx.service.case(&ctx.caller, case_id(&segment)?).await?;
    if !case.mine {
        return Err(Error::Forbidden.into());
    }
    if !case.row.status.can_edit() {
        return Err(CaseError::invalid(case.row.status).into());
    }
    let lang = ctx.lang();
    let question = Question {
        title: tr!(lang, "write.delete_case").into_owned(),
        back: paths::case(case.row.id, &case.row.title),
        subject: case.row.title,
        consequences: vec![
            ("eye-off", tr!(lang, "write.delete_case_view").into_owned()),
            ("history", tr!(lang, "write.delete_case_log").into_owned()),
        ],
        fields: ().into_any(),
        deed: tr!(lang, "write.delete").into_owned(),
    };
    Ok(question.page(&ctx))
}

/// `POST /validation-cases/{id}-{slug}/delete`.
pub async fn case(ctx: Ctx, Path(segment): Path<String>) -> PageResult<Done> {
    ctx.service.case_delete(&ctx.caller, case_id(&segment)?).await?;
    Ok(Done::to("/validation-cases").flash("case_deleted"))
}

/// `GET /replies/{id}/delete`.
pub async fn ask_reply(Member(ctx): Member, Path(id): Path<ReplyId>) -> PageResult {
    let reply = ctx.service.reply(&ctx.caller, id).await?;
    if !reply.mine {
        return Err(Error::Forbidden.into());
    }
    let (_, back) = place::reply(&ctx, id).await?;
    let lang = ctx.lang();
    let question = Question {
        title: tr!(lang, "write.delete_reply").into_owned(),
        subject: reply.content.chars().take(200).collect(),
        consequences: vec![
            ("trash-2", tr!(lang, "write.delete_reply_text").into_owned()),
            ("messages-square", tr!(lang, "write.delete_reply_answers").into_owned()),
        ],
        fields: ().into_any(),
        deed: tr!(lang, "write.delete").into_owned(),
        back,
    };
    Ok(question.page(&ctx))
}

/// `POST /replies/{id}/delete`.
pub async fn reply(ctx: Ctx, Path(id): Path<ReplyId>) -> PageResult<Done> {
    let (target, back) = place::reply(&ctx, id).await?;
    ctx.service.reply_delete(&ctx.caller, target, id).await?;
    // The reply's own place may be gone; its page is not.
    let page = back.split('#').next().unwrap_or_default();
    Ok(Done::to(page).flash("reply_deleted"))
}
