//! Language and theme, from the footer of every page.

use crate::{
    context::Ctx,
    form::Posted,
    page::{Done, PageResult, is_own_path},
    session,
};
use aivalid_model::{
    Lang,
    check::Check,
    identity::{AccountChange, Theme},
};
use axum::http::HeaderValue;
use serde::Deserialize;

/// What was chosen; what is not given or not known stays as it is.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    lang: String,
    theme: String,
    back: String,
}

/// `POST /preferences`: chosen for this browser, and for the account of who is signed in.
pub async fn submit(ctx: Ctx, Posted(fields): Posted<Fields>) -> PageResult<Done> {
    let lang = fields.lang.parse().ok();
    let theme = Theme::check(fields.theme).ok();
    let cookies = choose(&ctx, lang, theme).await?;
    // The address must not ask for another language than the chosen one.
    let back = if is_own_path(&fields.back) { without(&fields.back, "lang") } else { "/".to_owned() };
    Ok(Done::to(back).cookies(cookies))
}

/// Keeps a choice with the account, if there is one, and returns the cookies that keep it in the browser.
pub async fn choose(ctx: &Ctx, lang: Option<Lang>, theme: Option<Theme>) -> aivalid_model::Result<Vec<HeaderValue>> {
    if ctx.caller.user.is_some() && (lang.is_some() || theme.is_some()) {
        let change = AccountChange { locale: lang.map(Some), theme, ..AccountChange::default() };
        ctx.service.account_change(&ctx.caller, change).await?;
    }
    let lang = lang.and_then(|lang| session::preference_cookie(ctx.origin(), session::LANGUAGE, lang.tag()));
    let theme = theme.and_then(|theme| session::preference_cookie(ctx.origin(), session::THEME, theme.as_str()));
    Ok([lang, theme].into_iter().flatten().collect())
}

/// A path without one parameter of its query.
pub fn without(path: &str, name: &str) -> String {
    let (path, fragment) = path.split_once('#').map_or((path, None), |(path, fragment)| (path, Some(fragment)));
    let (base, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<_> = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name)).collect();
    let mut out = base.to_owned();
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(fragment);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn parameters_are_taken_out_alone() {
        assert_eq!(without("/a?page=2&lang=en&x=1#r3", "lang"), "/a?page=2&x=1#r3");
        assert_eq!(without("/a?lang=en", "lang"), "/a");
        assert_eq!(without("/a#r3", "lang"), "/a#r3");
        assert_eq!(without("/a?slang=en", "lang"), "/a?slang=en");
    }
}
