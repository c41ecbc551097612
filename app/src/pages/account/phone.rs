//! The phone number of one's account: added, changed, removed.

use super::section;
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    member::Member,
    page::{Done, PageResult},
    pages::phone_form::{CodeField, Fields, NumberFields, wait},
    paths,
    ui::{Chip, ErrorSummary},
};
use aivalid_model::{
    Error, Result,
    identity::{IdentityError, Me, PhoneNumber, Requirement, ShownPhoneCode},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

/// Where the page is.
pub const PATH: &str = "/account/phone";

/// `GET /account/phone`.
pub async fn show(Member(ctx): Member) -> PageResult {
    page(&ctx, &FormState::fresh(Fields::fresh(&ctx))).await
}

/// `POST /account/phone`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    // Who is not elevated any more comes back here once they are.
    ctx.caller.require(Requirement::SUDO, ctx.now)?;
    let result = match fields.action.as_str() {
        "remove" => ctx.service.phone_remove(&ctx.caller).await.map(|()| "phone_removed"),
        "confirm" => confirm(&ctx, &fields).await.map(|()| "phone_saved"),
        _ => request(&ctx, &fields).await.map(|()| "phone_code_sent"),
    };
    match result {
        Ok(flash) => Ok(Done::to(PATH).flash(flash).into_response()),
        Err(Error::Unauthenticated) => Err(Error::Unauthenticated.into()),
        Err(error) => {
            // The form with the code has no country.
            let kept = if fields.country_code.is_empty() { Fields::fresh(&ctx) } else { fields };
            Ok(page(&ctx, &FormState::failed(kept, error)).await?.into_response())
        }
    }
}

async fn request(ctx: &Ctx, fields: &Fields) -> Result<()> {
    ctx.service.phone_request(&ctx.caller, &fields.number()?).await
}

async fn confirm(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let phone = ctx.service.phone_wanted(&ctx.caller).await?.ok_or(IdentityError::BadPhoneCode)?;
    ctx.service.phone_confirm(&ctx.caller, &ShownPhoneCode { phone, code: fields.code()? }).await
}

async fn page(ctx: &Ctx, state: &FormState<Fields>) -> PageResult {
    let lang = ctx.lang();
    let me = ctx.service.me(&ctx.caller).await?;
    let needs = ctx.service.sudo_needs(&ctx.caller).await?;
    let elevated = ctx.caller.require(Requirement::SUDO, ctx.now).is_ok();
    let wanted = if elevated { ctx.service.phone_wanted(&ctx.caller).await? } else { None };
    let present = match &me.phone {
        Some(number) => view! {
            <p class="cluster"><b class="num">{number.clone()}</b><Chip kind="success" icon="circle-check" words=tr!(lang, "phone.verified").into_owned()/></p>
        }
        .into_any(),
        None => view! { <p>{tr!(lang, "phone.none")}</p> }.into_any(),
    };
    let change = if needs.phone_only {
        view! { <p>{tr!(lang, "phone.only")}</p><div class="cluster"><a class="btn btn-primary" href="/account/credentials">{tr!(lang, "phone.secure")}</a></div> }
            .into_any()
    } else if elevated {
        forms(ctx, &me, state, wanted).into_any()
    } else {
        view! {
            <p class="muted">{tr!(lang, "sudo.first")}</p>
            <div class="cluster"><a class="btn btn-primary" href=paths::sudo(PATH)>{tr!(lang, "phone.edit")}</a></div>
        }
        .into_any()
    };
    let body = view! {
        <ErrorSummary ctx state/>
        {wait(lang, state)}
        <section class="panel">
            <header><h2>{tr!(lang, "phone.title")}</h2></header>
            {present}
            <p>{tr!(lang, "phone.lead")}" "{tr!(lang, "otp.why")}</p>
            {change}
        </section>
    };
    Ok(section(ctx, PATH, tr!(lang, "phone.title").into_owned(), body).of_form(state))
}

fn forms(ctx: &Ctx, me: &Me, state: &FormState<Fields>, wanted: Option<PhoneNumber>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let confirm = wanted.map(|phone| {
        view! {
            <form class="form" method="post" action=PATH novalidate>
                <p>{tr!(lang, "phone.confirm_lead", number = phone.as_str())}</p>
                <CodeField ctx state/>
                <button class="btn btn-primary" name="action" value="confirm">{tr!(lang, "phone.confirm")}</button>
            </form>
        }
    });
    let request = if ctx.service.otp_available() {
        request_form(ctx, state, me.phone.is_some()).into_any()
    } else {
        view! { <p>{tr!(lang, "phone.unavailable")}</p> }.into_any()
    };
    let remove = me.phone.is_some().then(|| {
        view! {
            <form class="form" method="post" action=PATH>
                <p class="small">{tr!(lang, "phone.remove_lead")}</p>
                <button class="btn btn-danger" name="action" value="remove">{tr!(lang, "phone.remove")}</button>
            </form>
        }
    });
    view! { {confirm}{request}{remove} }
}

fn request_form(ctx: &Ctx, state: &FormState<Fields>, has_one: bool) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let title = if has_one { tr!(lang, "phone.change") } else { tr!(lang, "phone.add") };
    view! {
        <form class="form" method="post" action=PATH novalidate>
            <h3>{title}</h3>
            <div class="fields">
                <NumberFields ctx state/>
            </div>
            <button class="btn btn-primary" name="action" value="request">{tr!(lang, "phone.send")}</button>
        </form>
    }
}

/// The number in the profile's list of what is known of its owner.
pub fn line(ctx: &Ctx, me: &Me) -> Option<impl IntoView + use<>> {
    let number = me.phone.clone()?;
    let lang = ctx.lang();
    Some(
        view! { <p class="cluster"><span>{tr!(lang, "account.phone", number = number)}</span><a href=PATH>{tr!(lang, "phone.edit")}</a></p> },
    )
}
