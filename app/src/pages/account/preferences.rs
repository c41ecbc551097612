//! Language, appearance and time zone.

use super::section;
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    session,
    ui::{Choice, ErrorSummary, Segments, SelectField},
};
use aivalid_model::{
    Lang, Result,
    check::CheckAll,
    identity::{AccountInput, Me, Theme},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Fields {
    locale: String,
    theme: String,
    time_zone: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("locale", tr!(lang, "account.language").into_owned()),
            ("theme", tr!(lang, "account.theme").into_owned()),
            ("timeZone", tr!(lang, "account.time_zone").into_owned()),
        ]
    }
}

/// `GET /account/preferences`.
pub async fn show(Member(ctx): Member) -> PageResult {
    let me = ctx.service.me(&ctx.caller).await?;
    let locale = me.locale.map_or("", Lang::tag).to_owned();
    let fields = Fields { locale, theme: me.theme.as_str().to_owned(), time_zone: me.time_zone.to_string() };
    Ok(page(&ctx, &FormState::fresh(fields)))
}

/// `POST /account/preferences`.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    match save(&ctx, &fields).await {
        Ok(me) => {
            let set = |name, value| session::preference_cookie(ctx.origin(), name, value);
            let cookies = [set(session::LANGUAGE, me.locale.map_or("", Lang::tag)), set(session::THEME, me.theme.as_str())];
            Ok(Done::to("/account/preferences").flash("preferences_saved").cookies(cookies.into_iter().flatten()).into_response())
        }
        Err(error) => Ok(page(&ctx, &FormState::failed(fields, error)).into_response()),
    }
}

async fn save(ctx: &Ctx, fields: &Fields) -> Result<Me> {
    let input = AccountInput {
        locale: Some(fields.locale.clone()),
        theme: Some(fields.theme.clone()),
        time_zone: Some(fields.time_zone.clone()),
        ..AccountInput::default()
    };
    ctx.service.account_change(&ctx.caller, input.check_all()?).await
}

/// The themes in words, with their icons.
pub fn themes(lang: Lang) -> Vec<Choice> {
    let choice = |theme: Theme| match theme {
        Theme::System => Choice::new("system", tr!(lang, "theme.system")).icon("monitor"),
        Theme::Light => Choice::new("light", tr!(lang, "theme.light")).icon("sun"),
        Theme::Dark => Choice::new("dark", tr!(lang, "theme.dark")).icon("moon"),
    };
    Theme::ALL.map(choice).into()
}

/// Indonesia's zones by name, then the others by their distance from Greenwich.
fn zones(lang: Lang) -> Vec<Choice> {
    let named = [
        Choice::new("WIB", tr!(lang, "account.zone.WIB")),
        Choice::new("WITA", tr!(lang, "account.zone.WITA")),
        Choice::new("WIT", tr!(lang, "account.zone.WIT")),
    ];
    let others = (-12..=14).filter(|hours| !matches!(hours, 7..=9)).map(|hours| {
        let name = if hours == 0 { "UTC".to_owned() } else { format!("UTC{hours:+}") };
        Choice::new(name.clone(), name)
    });
    named.into_iter().chain(others).collect()
}

fn page(ctx: &Ctx, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let values = &state.values;
    let browser = Choice::new("", tr!(lang, "account.language_browser"));
    let languages = Lang::ALL.map(|lang| Choice::new(lang.tag(), lang.name())).into_iter().chain([browser]).collect();
    let body = view! {
        <ErrorSummary ctx state/>
        <form class="panel" method="post" action="/account/preferences" novalidate>
            <h2>{tr!(lang, "account.preferences")}</h2>
            <div class="form">
                <Segments ctx state name="locale" value=values.locale.clone() choices=languages/>
                <Segments ctx state name="theme" value=values.theme.clone() choices=themes(lang)/>
                <SelectField ctx state name="timeZone" value=values.time_zone.clone() choices=zones(lang) class="select input-short"/>
            </div>
            <footer class="form-actions"><button class="btn btn-primary">{tr!(lang, "account.save_preferences")}</button></footer>
        </form>
    };
    section(ctx, "/account/preferences", tr!(lang, "account.preferences").into_owned(), body).of_form(state)
}
