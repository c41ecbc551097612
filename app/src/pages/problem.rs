//! Pages for what went wrong.

use crate::{
    context::Ctx,
    form::error_words,
    page::{Layout, Page, waiting_headers},
    paths,
    ui::{ContactLink, Icon, way_out},
};
use aivalid_model::Error;
use axum::http::StatusCode;
use leptos::prelude::*;

/// An error as a page: what happened, what to do, and the request id to ask about.
pub fn page(ctx: &Ctx, error: &Error) -> Page {
    let lang = ctx.lang();
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (icon, title, advice) = match status.as_u16() {
        401 => ("lock", tr!(lang, "problem_page.401"), tr!(lang, "problem_page.401_do")),
        403 => ("lock", tr!(lang, "problem_page.403"), tr!(lang, "problem_page.403_do")),
        404 => ("search", tr!(lang, "problem_page.404"), tr!(lang, "problem_page.404_do")),
        429 => ("hourglass", tr!(lang, "problem_page.429"), tr!(lang, "problem_page.429_do")),
        409 => ("history", tr!(lang, "problem_page.409"), tr!(lang, "problem_page.409_do")),
        503 => ("hourglass", tr!(lang, "problem_page.503"), tr!(lang, "problem_page.503_do")),
        500.. => ("triangle-alert", tr!(lang, "problem_page.500"), tr!(lang, "problem_page.500_do")),
        _ => ("triangle-alert", tr!(lang, "problem_page.400"), tr!(lang, "problem_page.400_do")),
    };
    // A script shows the words beside the form that was sent, where there is no more of this page than them.
    let words = if ctx.scripted {
        let id = tr!(lang, "problem_page.request_id", id = ctx.caller.request_id);
        view! { <p>{error_words(lang, error)}{way_out(ctx, error)}" "{id}</p> }.into_any()
    } else {
        view! { <p>{error_words(lang, error)}" "{advice}</p> }.into_any()
    };
    let login = (status == StatusCode::UNAUTHORIZED).then(|| {
        let href = paths::login(&ctx.path);
        view! { <a class="btn btn-primary" href=href>{tr!(lang, "frame.login")}</a> }
    });
    // What failed on our side may work the next time; so may what was only too fast.
    let again = matches!(status.as_u16(), 429 | 500..).then(|| {
        view! { <a class="btn btn-primary" href=ctx.path.clone()>{tr!(lang, "problem_page.again")}</a> }
    });
    let state = (status.as_u16() >= 500).then(|| view! { <a class="btn" href="/status">{tr!(lang, "frame.status")}</a> });
    // What one can set right oneself needs nobody else.
    let contact = ctx.service.settings().operator.contact.as_ref().filter(|_| !matches!(status.as_u16(), 401 | 404));
    let contact = contact.map(|contact| view! { <p>{tr!(lang, "operator.help")}" "<ContactLink contact/></p> });
    let body = view! {
        <div class="problem">
            <Icon name=icon/>
            <h1>{title.clone()}</h1>
            {words}
            <div class="cluster">{login}{again}<a class="btn" href="/">{tr!(lang, "frame.home")}</a>{state}</div>
            {contact}
            <p class="hash">{tr!(lang, "problem_page.request_id", id = ctx.caller.request_id)}</p>
        </div>
    };
    let mut page = Page::new(title, body).layout(Layout::Wide).status(status);
    waiting_headers(error, &mut page.headers);
    page
}

/// What was asked for needs two factors, and the account has one: how to get another.
pub fn second_factor(ctx: &Ctx) -> Page {
    let lang = ctx.lang();
    let title = tr!(lang, "problem_page.second").into_owned();
    let body = view! {
        <div class="problem">
            <Icon name="shield-check"/>
            <h1>{title.clone()}</h1>
            <p>{tr!(lang, "problem_page.second_why")}</p>
            <p>{tr!(lang, "problem_page.second_do")}</p>
            <div class="cluster">
                <a class="btn btn-primary" href="/account/two-factor">{tr!(lang, "two_factor.title")}</a>
                <a class="btn" href="/account/passkeys">{tr!(lang, "passkeys.title")}</a>
            </div>
        </div>
    };
    Page::new(title, body).layout(Layout::Wide).status(StatusCode::FORBIDDEN)
}
