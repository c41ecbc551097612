//! Where posts and replies are read.

use crate::{context::Ctx, paths};
use aivalid_model::{
    Error, Result,
    community::{Target, TargetKind},
    id::{CaseId, ReplyId, ThreadId},
    page::PageRequest,
};

/// A post's path and title.
pub(super) async fn post(ctx: &Ctx, target: Target) -> Result<(String, String)> {
    match target.kind {
        TargetKind::Thread => {
            let thread = ctx.service.thread(&ctx.caller, ThreadId(target.id)).await?;
            Ok((paths::thread(thread.row.id, &thread.row.title), thread.row.title))
        }
        TargetKind::Case => {
            let case = ctx.service.case(&ctx.caller, CaseId(target.id)).await?;
            Ok((paths::case(case.row.id, &case.row.title), case.row.title))
        }
        TargetKind::Reply => Err(Error::NotFound),
    }
}

/// What a reply belongs to, and its place on the page on which it stands.
pub(super) async fn reply(ctx: &Ctx, id: ReplyId) -> Result<(Target, String)> {
    let (target, page) = ctx.service.reply_page_of(&ctx.caller, id, PageRequest::DEFAULT_LIMIT).await?;
    let (path, _) = post(ctx, target).await?;
    let page = if page > 1 { format!("?page={page}") } else { String::new() };
    Ok((target, format!("{path}{page}#r{id}")))
}
