//! The phone number of one's account: added, changed, removed.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, PageResult},
    pages::{auth::otp, countries},
    paths,
    ui::{Chip, ErrorSummary, SelectField, TextField},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{Check, CheckAll},
    identity::{IdentityError, Me, PhoneCode, PhoneInput, PhoneNumber, Requirement, ShownPhoneCode},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// Where the page is.
pub const PATH: &str = "/account/phone";

/// The fields of all forms; which was sent is known by `action`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// `request`, `confirm` or `remove`.
    action: String,
    country_code: String,
    phone_number: String,
    code: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("country_code", tr!(lang, "otp.country").into_owned()),
            ("phone_number", tr!(lang, "otp.number").into_owned()),
            ("code", tr!(lang, "otp.code").into_owned()),
        ]
    }
}

/// `GET /account/phone`.
pub async fn show(Member(ctx): Member) -> PageResult {
    page(&ctx, &FormState::fresh(Fields { country_code: otp::country(&ctx), ..Fields::default() })).await
}

/// `POST /account/phone`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    // Who is not elevated any more comes back here once they are.
    ctx.caller.require(Requirement::SUDO, ctx.now)?;
    let result = match fields.action.as_str() {
        "remove" => ctx.service.phone_remove(&ctx.caller).await.map(|()| "phone_removed"),
        "confirm" => confirm(&ctx, &fields.code).await.map(|()| "phone_saved"),
        _ => request(&ctx, &fields).await.map(|()| "phone_code_sent"),
    };
    match result {
        Ok(flash) => Ok(Done::to(PATH).flash(flash).into_response()),
        Err(Error::Unauthenticated) => Err(Error::Unauthenticated.into()),
        Err(error) => {
            let country_code = if fields.country_code.is_empty() { otp::country(&ctx) } else { fields.country_code };
            let kept = Fields { code: String::new(), country_code, ..fields };
            Ok(page(&ctx, &FormState::failed(kept, error)).await?.into_response())
        }
    }
}

async fn request(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let input = PhoneInput { phone_number: fields.phone_number.clone(), country_code: Some(fields.country_code.clone()) };
    ctx.service.phone_request(&ctx.caller, &input.check_all()?).await
}

async fn confirm(ctx: &Ctx, code: &str) -> Result<()> {
    let phone = ctx.service.phone_wanted(&ctx.caller).await?.ok_or(IdentityError::BadPhoneCode)?;
    let code = PhoneCode::check(code.to_owned()).map_err(|problem| Error::field("code", problem))?;
    ctx.service.phone_confirm(&ctx.caller, &ShownPhoneCode { phone, code }).await
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
        {otp::wait(lang, state)}
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
                <TextField ctx state name="code" value="" autocomplete="one-time-code" inputmode="numeric" autofocus=true maxlength="10"/>
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
                <SelectField ctx state name="country_code" value=state.values.country_code.clone() choices=countries::choices(ctx)/>
                <TextField ctx state name="phone_number" kind="tel" value=state.values.phone_number.clone() autocomplete="tel-national" inputmode="tel"
                    maxlength="40" hint=tr!(lang, "otp.number_hint").into_owned()/>
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
