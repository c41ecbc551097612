//! Signing in with a code by SMS: first the number, then the code. Between the two a cookie holds a token that stands for the
//! number.

use super::{card, finish_new, go_on, login};
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    page::{Done, Page, PageResult},
    pages::phone_form::{CodeField, Fields, NumberFields, wait},
    paths,
    query::Asks,
    session,
    ui::{ErrorSummary, Icon, Time},
};
use aivalid_model::{
    Error, Result,
    check::Check,
    identity::{ShownPhoneCode, Token},
};
use aivalid_service::identity::{PendingCode, SignIn};
use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

const PATH: &str = "/login/otp";

/// What the address may say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    #[serde(flatten)]
    way: login::Asked,
    /// With another number than the one that waits for its code.
    change: Option<String>,
    /// Although somebody is signed in: to prove that it is them.
    again: Option<String>,
}

impl Asked {
    /// The page's own address, with where to go afterwards.
    fn address(&self) -> String {
        let next = self.way.next();
        let again = self.again.is_some();
        let parts: Vec<String> = [(next != "/").then(|| format!("next={}", paths::query_value(next))), again.then(|| "again".to_owned())]
            .into_iter()
            .flatten()
            .collect();
        if parts.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", parts.join("&")) }
    }

    fn address_to_change(&self) -> String {
        let address = self.address();
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}change")
    }
}

/// `GET /login/otp`.
pub async fn show(ctx: Ctx, Asks(asked): Asks<Asked>, headers: HeaderMap) -> PageResult<Response> {
    if ctx.caller.user.is_some() && asked.again.is_none() {
        return Ok(Done::to(asked.way.next()).into_response());
    }
    if !ctx.service.otp_available() {
        return Err(Error::from(aivalid_model::identity::IdentityError::OtpUnavailable).into());
    }
    let pending = if asked.change.is_some() { None } else { pending(&ctx, &headers).await? };
    Ok(match pending {
        Some(pending) => code_page(&ctx, &FormState::fresh(Fields::default()), &asked, &pending),
        None => number_page(&ctx, &FormState::fresh(Fields::fresh(&ctx)), &asked),
    }
    .into_response())
}

/// `POST /login/otp`.
pub async fn submit(ctx: Ctx, Asks(asked): Asks<Asked>, headers: HeaderMap, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    if fields.action == "send" {
        return Ok(match send(&ctx, &fields).await {
            Ok(token) => Done::to(asked.address()).flash("otp_sent").cookies(session::otp_cookie(ctx.origin(), &token)).into_response(),
            Err(error) => number_page(&ctx, &FormState::failed(fields, error), &asked).into_response(),
        });
    }
    let Some(pending) = pending(&ctx, &headers).await? else {
        return Ok(Done::to(asked.address_to_change()).flash("otp_lapsed").into_response());
    };
    if fields.action == "again" {
        return Ok(match ctx.service.otp_begin(&ctx.caller, &pending.phone).await {
            Ok(token) => Done::to(asked.address()).flash("otp_sent").cookies(session::otp_cookie(ctx.origin(), &token)).into_response(),
            Err(error) => code_page(&ctx, &FormState::failed(Fields::default(), error), &asked, &pending).into_response(),
        });
    }
    match verify(&ctx, &pending, &fields).await {
        Ok((sign_in, new)) => Ok(signed_in(&ctx, sign_in, new, &asked)),
        // What was typed is of no use a second time.
        Err(error) => Ok(code_page(&ctx, &FormState::failed(Fields::default(), error), &asked, &pending).into_response()),
    }
}

async fn send(ctx: &Ctx, fields: &Fields) -> Result<String> {
    ctx.service.otp_begin(&ctx.caller, &fields.number()?).await
}

async fn verify(ctx: &Ctx, pending: &PendingCode, fields: &Fields) -> Result<(SignIn, bool)> {
    let shown = ShownPhoneCode { phone: pending.phone.clone(), code: fields.code()? };
    let done = ctx.service.otp_verify(&ctx.caller, &shown).await?;
    // The new session takes the place of one that was here.
    if ctx.caller.user.is_some() {
        ctx.service.logout(&ctx.caller).await?;
    }
    Ok((done.sign_in, done.new))
}

/// A new account begins with its settings; the number is forgotten.
fn signed_in(ctx: &Ctx, sign_in: SignIn, new: bool, asked: &Asked) -> Response {
    let next = asked.way.next();
    let mut response = match sign_in {
        SignIn::Done(signed_in) if new => finish_new(ctx, *signed_in, if next == "/" { "/account" } else { next }, "phone_account_made"),
        other => go_on(ctx, other, next),
    };
    if let Some(cookie) = session::otp_cleared(ctx.origin()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The number that waits for its code.
async fn pending(ctx: &Ctx, headers: &HeaderMap) -> Result<Option<PendingCode>> {
    let token = session::otp_pending(ctx.origin(), headers).and_then(|token| Token::check(token).ok());
    match token {
        Some(token) => ctx.service.otp_pending(&ctx.caller, &token).await,
        None => Ok(None),
    }
}

fn number_page(ctx: &Ctx, state: &FormState<Fields>, asked: &Asked) -> Page {
    let lang = ctx.lang();
    let form = view! {
        <form class="card form" method="post" action=asked.address() novalidate>
            <ErrorSummary ctx state/>
            {wait(lang, state)}
            <p>{tr!(lang, "otp.lead")}</p>
            <NumberFields ctx state autofocus=true/>
            <button class="btn btn-primary btn-lg btn-block" name="action" value="send">{tr!(lang, "otp.send")}</button>
            <p class="small muted">
                {tr!(lang, "otp.new_account")}" "<a href="/terms">{tr!(lang, "auth.accept_terms")}</a>" "{tr!(lang, "auth.accept_and")}" "
                <a href="/privacy">{tr!(lang, "auth.accept_privacy")}</a>"."
            </p>
        </form>
    };
    framed(ctx, form, asked).of_form(state)
}

fn code_page(ctx: &Ctx, state: &FormState<Fields>, asked: &Asked, pending: &PendingCode) -> Page {
    let lang = ctx.lang();
    let mailbox = ctx.development.then(|| view! { <p class="auth-foot"><a href="/dev/mailbox">{tr!(lang, "auth.mailbox")}</a></p> });
    let form = view! {
        <form class="card form" method="post" action=asked.address() novalidate>
            <ErrorSummary ctx state kept=false/>
            {wait(lang, state)}
            <p>{tr!(lang, "otp.sent_to", number = pending.phone.as_str())}" "<span class="muted"><Time ctx at=pending.sent_at/></span></p>
            <CodeField ctx state/>
            <button class="btn btn-primary btn-lg btn-block" name="action" value="verify">{tr!(lang, "otp.verify")}</button>
        </form>
        <form class="card form auth-other" method="post" action=asked.address()>
            <p class="small">{tr!(lang, "otp.again_lead")}</p>
            <button class="btn btn-block" name="action" value="again"><Icon name="refresh-cw"/>{tr!(lang, "otp.again")}</button>
            <a class="btn btn-ghost btn-block" href=asked.address_to_change()>{tr!(lang, "otp.change_number")}</a>
        </form>
        {mailbox}
    };
    framed(ctx, form, asked).of_form(state)
}

fn framed(ctx: &Ctx, form: impl IntoView, asked: &Asked) -> Page {
    let lang = ctx.lang();
    let other = if asked.way.next() == "/" { "/login".to_owned() } else { paths::login(asked.way.next()) };
    let foot = view! {
        <p class="auth-foot small muted">{tr!(lang, "otp.why")}</p>
        <p class="auth-foot"><a href=other>{tr!(lang, "otp.other_ways")}</a></p>
    };
    card(tr!(lang, "otp.title").into_owned(), form, foot).canonical(PATH).description(tr!(lang, "otp.description"))
}
