//! Signing in with other services: the buttons, and where a browser goes that comes back from one.

use super::go_on;
use crate::{
    context::Ctx,
    page::Done,
    pages::account::{connect, connections},
    pages::auth::federated_register,
    paths, session,
    ui::Icon,
};
use aivalid_model::{Error, identity::IdentityError};
use aivalid_service::identity::{FederatedEnd, FederatedGoal, FederatedOutcome};
use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

/// A link for each service. Links, not forms: browsers hold a form's redirects to `form-action`, too.
pub(super) fn buttons(ctx: &Ctx, next: &str) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let links: Vec<_> = ctx
        .service
        .federated_providers()
        .into_iter()
        .map(|known| {
            let words = tr!(lang, "connections.sign_in", name = known.label);
            view! { <a class="btn btn-lg btn-block" rel="nofollow" href=paths::federated(&known.provider, next)><Icon name=icon(&known.provider)/>{words}</a> }
        })
        .collect();
    (!links.is_empty()).then(|| view! { <div class="auth-other stack">{links}</div> })
}

/// A service's mark where there is one.
pub(in crate::pages) fn icon(provider: &str) -> &'static str {
    if provider == "github" { "github" } else { "globe" }
}

/// Where to go on after coming back from a service.
pub async fn returned(ctx: &Ctx, headers: &HeaderMap, outcome: FederatedOutcome) -> Response {
    let FederatedOutcome { next, goal, end } = outcome;
    match end {
        Ok(FederatedEnd::SignedIn(sign_in)) => go_on(ctx, *sign_in, &next),
        Ok(FederatedEnd::Connected) => Done::to(connections::PATH).flash("provider_connected").into_response(),
        Ok(FederatedEnd::Confirmed) => Done::to(next).cookies(session::renewed(ctx, headers).await).into_response(),
        Ok(FederatedEnd::Unknown { token, owner_exists }) => {
            let page = if owner_exists { connect::PATH } else { federated_register::PATH };
            Done::to(page).cookies(session::waiting_cookie(ctx.origin(), &token)).into_response()
        }
        Err(error) => back(&error, goal, &next),
    }
}

/// Back to where it was begun, with plain words; nothing that stood in an address is shown.
pub fn back(error: &Error, goal: FederatedGoal, next: &str) -> Response {
    if goal == FederatedGoal::Connect && matches!(error, Error::Identity(IdentityError::SudoRequired)) {
        return Done::to(paths::sudo(connections::PATH)).into_response();
    }
    let to = match (goal, next) {
        (FederatedGoal::Connect, _) => connections::PATH.to_owned(),
        (FederatedGoal::Sudo, next) => paths::sudo(next),
        (FederatedGoal::SignIn, "/") => "/login".to_owned(),
        (FederatedGoal::SignIn, next) => paths::login(next),
    };
    Done::to(to).flash(flash(error)).into_response()
}

/// The message that tells of an error.
const fn flash(error: &Error) -> &'static str {
    match error {
        Error::Identity(IdentityError::FederatedExpired) | Error::Csrf => "oauth_expired",
        Error::Identity(IdentityError::FederatedDenied) => "oauth_denied",
        Error::Identity(IdentityError::FederatedRefused) => "oauth_refused",
        Error::Identity(IdentityError::FederatedUnavailable) => "oauth_unavailable",
        Error::Identity(IdentityError::FederatedTaken) => "oauth_taken",
        Error::Identity(IdentityError::FederatedSecond) => "oauth_second",
        Error::Identity(IdentityError::Suspended) => "oauth_suspended",
        Error::RateLimited { .. } => "oauth_too_often",
        _ => "oauth_failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Flash;
    use aivalid_model::Lang;

    #[test]
    fn every_error_has_words() {
        for error in Error::catalogue() {
            let key = flash(&error);
            let flash = Flash::of_cookie(key).unwrap();
            assert!(flash.is_notice(), "{key} is no success");
            assert!(Lang::ALL.iter().all(|lang| flash.words(*lang).is_some()), "{key}");
        }
    }
}
