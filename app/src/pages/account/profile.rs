//! What others see of an account.

use super::{avatar, phone, section};
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    ui::{Chip, ErrorSummary, TextArea, TextField, date},
};
use aivalid_model::{
    Lang, Result,
    check::CheckAll,
    identity::{AccountInput, Me},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Fields {
    full_name: String,
    username: String,
    bio: String,
    location: String,
    website: String,
    telegram: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("fullName", tr!(lang, "account.full_name").into_owned()),
            ("username", tr!(lang, "account.username").into_owned()),
            ("bio", tr!(lang, "account.bio").into_owned()),
            ("location", tr!(lang, "account.location").into_owned()),
            ("website", tr!(lang, "account.website").into_owned()),
            ("telegram", tr!(lang, "account.telegram").into_owned()),
        ]
    }
}

impl From<&Me> for Fields {
    fn from(me: &Me) -> Self {
        Self {
            full_name: me.card.full_name.clone().unwrap_or_default(),
            username: me.card.username.clone(),
            bio: me.bio.clone(),
            location: me.location.clone(),
            website: me.website.clone(),
            telegram: me.telegram.clone(),
        }
    }
}

/// `GET /account`.
pub async fn show(Member(ctx): Member) -> PageResult {
    let me = ctx.service.me(&ctx.caller).await?;
    Ok(page(&ctx, &me, &FormState::fresh(Fields::from(&me)), &FormState::fresh(avatar::Fields)))
}

/// `POST /account`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let me = ctx.service.me(&ctx.caller).await?;
    match save(&ctx, &fields).await {
        Ok(()) => Ok(Done::to("/account").flash("profile_saved").into_response()),
        Err(error) => Ok(page(&ctx, &me, &FormState::failed(fields, error), &FormState::fresh(avatar::Fields)).into_response()),
    }
}

async fn save(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let input = AccountInput {
        username: Some(fields.username.clone()),
        full_name: Some(fields.full_name.clone()),
        bio: Some(fields.bio.clone()),
        location: Some(fields.location.clone()),
        website: Some(fields.website.clone()),
        telegram: Some(fields.telegram.clone()),
        ..AccountInput::default()
    };
    ctx.service.account_change(&ctx.caller, input.check_all()?).await.map(drop)
}

/// The page with its two forms, of which one may have been refused.
pub(super) fn page(ctx: &Ctx, me: &Me, state: &FormState<Fields>, picture: &FormState<avatar::Fields>) -> Page {
    let lang = ctx.lang();
    let values = &state.values;
    let rests = me.username_change_at;
    let username_hint = match rests {
        Some(at) => tr!(lang, "account.username_rest", date = date(lang, at, ctx.zone())),
        None => tr!(lang, "account.username_hint"),
    };
    let email = if me.email.is_none() {
        view! { <a href="/account/credentials">{tr!(lang, "account.add_email")}</a> }.into_any()
    } else if me.email_verified {
        view! { <Chip kind="success" icon="circle-check" words=tr!(lang, "account.email_verified").into_owned()/> }.into_any()
    } else {
        view! { <Chip kind="warning" icon="clock" words=tr!(lang, "account.email_unverified").into_owned()/>" "<a href="/verify">{tr!(lang, "auth.unverified_link")}</a> }.into_any()
    };
    let profile = format!("/user/{}", me.card.username);
    let body = view! {
        {avatar::panel(ctx, me, picture)}
        <ErrorSummary ctx state/>
        <form class="panel" method="post" action="/account" novalidate>
            <h2>{tr!(lang, "account.profile")}</h2>
            <div class="form">
                <p class="cluster"><span>{email_words(lang, me)}</span>{email}</p>
                {phone::line(ctx, me)}
                <div class="fields">
                    <TextField ctx state name="fullName" value=values.full_name.clone() required=false autocomplete="name" maxlength="80"/>
                    <TextField ctx state name="username" value=values.username.clone() hint=username_hint.into_owned() readonly=rests.is_some()
                        autocomplete="username" maxlength="20"/>
                </div>
                <TextArea ctx state name="bio" value=values.bio.clone() required=false hint=tr!(lang, "account.bio_hint").into_owned()/>
                <div class="fields">
                    <TextField ctx state name="location" value=values.location.clone() required=false hint=tr!(lang, "account.location_hint").into_owned() maxlength="80"/>
                    <TextField ctx state name="website" kind="url" value=values.website.clone() required=false hint=tr!(lang, "account.website_hint").into_owned()
                        autocomplete="url" maxlength="200"/>
                </div>
                <TextField ctx state name="telegram" value=values.telegram.clone() required=false hint=tr!(lang, "account.telegram_hint").into_owned()
                    maxlength="33" class="input input-short"/>
            </div>
            <footer class="form-actions">
                <button class="btn btn-primary">{tr!(lang, "account.save_profile")}</button>
                <a class="btn btn-ghost" href=profile>{tr!(lang, "account.see_profile")}</a>
            </footer>
        </form>
    };
    let page = section(ctx, "/account", tr!(lang, "account.profile").into_owned(), body);
    if picture.is_bad() { page.of_form(picture) } else { page.of_form(state) }
}

/// The address, or that there is none.
pub(super) fn email_words(lang: Lang, me: &Me) -> String {
    match &me.email {
        Some(email) => tr!(lang, "account.email", email = email).into_owned(),
        None => tr!(lang, "account.no_email").into_owned(),
    }
}
