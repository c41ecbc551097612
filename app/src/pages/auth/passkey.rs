//! Signing in with a passkey: the button on the sign-in page, and where it leads.

use super::{go_on, login};
use crate::{
    context::Ctx,
    form::{FormState, Posted},
    page::{Done, PageResult},
    paths,
    query::Asks,
    ui::{AUTOFILL, PasskeyForm},
};
use aivalid_model::{
    Error, Result,
    check::CheckAll,
    identity::{CeremonyEnd, CeremonyInput, IdentityError},
};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

/// What the browser answered, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    pub(super) session_id: String,
    pub(super) credential: String,
}

impl Answer {
    /// What is not JSON is no answer of a browser.
    pub(in crate::pages) fn end(self) -> Result<CeremonyEnd> {
        let credential = serde_json::from_str(&self.credential).unwrap_or(Value::Null);
        CeremonyInput { session_id: self.session_id, credential }.check_all().map_err(|_| IdentityError::PasskeyExpired.into())
    }
}

/// `GET /login/passkey`: where a reload or a sign-in in between leads.
pub async fn show(Asks(asked): Asks<login::Asked>) -> Response {
    Done::to(paths::login(asked.next())).into_response()
}

/// `POST /login/passkey`. What goes wrong is said on the sign-in page.
pub async fn submit(ctx: Ctx, Asks(asked): Asks<login::Asked>, Posted(answer): Posted<Answer>) -> PageResult<Response> {
    let credential_id =
        serde_json::from_str::<Value>(&answer.credential).ok().and_then(|value| Some(value.get("id")?.as_str()?.to_owned()));
    match sign_in(&ctx, answer).await {
        Ok(sign_in) => Ok(go_on(&ctx, sign_in, asked.next())),
        Err(error) => {
            let unknown = credential_id.filter(|_| error == Error::Identity(IdentityError::PasskeyUnknown));
            let signals = unknown.and_then(|id| forgotten(&ctx, &id)).into_iter().collect();
            Ok(login::page(&ctx, &FormState::failed(login::Fields::default(), error), &asked, signals).into_response())
        }
    }
}

async fn sign_in(ctx: &Ctx, answer: Answer) -> Result<aivalid_service::identity::SignIn> {
    ctx.service.passkey_login_finish(&ctx.caller, answer.end()?).await
}

/// Tells the browser that no account has a passkey any more, so that it stops offering it.
fn forgotten(ctx: &Ctx, credential_id: &str) -> Option<(String, String)> {
    let details = json!({ "rpId": ctx.service.passkey_host()?, "credentialId": credential_id });
    Some(("signalUnknownCredential".to_owned(), details.to_string()))
}

/// The button, with its autofill. Nothing where there can be no passkeys.
pub(super) fn button(ctx: &Ctx, next: &str) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let action = if next == "/" { "/login/passkey".to_owned() } else { format!("/login/passkey?next={}", paths::query_value(next)) };
    ctx.service.passkeys_available().then(|| {
        view! {
            <div class="auth-other">
                <PasskeyForm ctx verb="get" action begin="/api/auth/passkeys/login/begin" auto=AUTOFILL
                    words=tr!(lang, "passkeys.sign_in") without_scripts=tr!(lang, "passkeys.sign_in_needs_scripts")/>
            </div>
        }
    })
}
