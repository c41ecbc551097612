//! Reacting without scripts: every reaction is a button of one form on the page.

use super::place;
use crate::{
    context::Ctx,
    form::Posted,
    page::{Done, PageResult, is_own_path},
    paths,
    wish::Wish,
};
use aivalid_model::{Error, Result, community::TargetKind, id::ReplyId};
use serde::Deserialize;

/// What a reaction's button sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// What is wished, as [`Wish`] reads it.
    r: String,
    /// Where the page is read.
    back: String,
}

/// `POST /react`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Done> {
    let wish = Wish::parse(&fields.r).ok_or_else(|| Error::bad_request("no such reaction"))?;
    let back = back(&ctx, &fields, wish).await?;
    if ctx.caller.user.is_none() {
        return Ok(Done::to(paths::login(&back)));
    }
    ctx.service.react(&ctx.caller, wish.target, wish.kind).await?;
    Ok(Done::to(back))
}

/// The page that the button stands on, at what was reacted to, without the picker that it may have opened.
async fn back(ctx: &Ctx, fields: &Fields, wish: Wish) -> Result<String> {
    let is_reply = wish.target.kind == TargetKind::Reply;
    if is_own_path(&fields.back) {
        let page = crate::pages::preferences::without(fields.back.split('#').next().unwrap_or_default(), "react");
        return Ok(if is_reply { format!("{page}#r{}", wish.target.id) } else { page });
    }
    if is_reply { Ok(place::reply(ctx, ReplyId(wish.target.id)).await?.1) } else { Ok(place::post(ctx, wish.target).await?.0) }
}
