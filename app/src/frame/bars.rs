//! Top bar, rail, footer and bottom bar.

use crate::{
    context::Ctx,
    i18n::number,
    islands::{FrameKeys, ThemeSwitch},
    pages::{account::preferences::themes, admin},
    paths,
    ui::{Icon, hue},
};
use aivalid_model::{
    Lang,
    community::{Category, CategoryKind},
};
use leptos::prelude::*;

/// Where the page stands, for marking the links that lead to it or to what it is part of.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    path: &'a str,
    within: Option<&'a str>,
}

impl<'a> Here<'a> {
    /// Of a request and the section that its page names.
    pub(super) fn new(ctx: &'a Ctx, within: Option<&'a str>) -> Self {
        Self { path: ctx.path.split('?').next().unwrap_or_default(), within }
    }

    /// `aria-current` of a link to `path`.
    fn mark(self, path: &str) -> Option<&'static str> {
        if self.path == path {
            return Some("page");
        }
        // Making something new is a place of its own.
        let here = self.within.or((!self.path.ends_with("/new")).then_some(self.path))?;
        let rest = here.strip_prefix(path).filter(|_| path != "/")?;
        (rest.is_empty() || rest.starts_with('/')).then_some("true")
    }
}

/// The bar at the top.
pub(super) fn top(ctx: &Ctx, here: Here<'_>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let end = match &ctx.caller.user {
        Some(user) => view! { {create_menu(ctx)} {account_menu(ctx, &user.username)} }.into_any(),
        None => view! {
            <a class="btn btn-ghost" href="/login">{tr!(lang, "frame.login")}</a>
            <a class="btn btn-primary wide" href="/register">{tr!(lang, "frame.register")}</a>
        }
        .into_any(),
    };
    view! {
        <header class="topbar"><div>
            <a class="wordmark" href="/"><Icon name="mark"/>"AIValid"</a>
            <nav class="topnav" aria-label=tr!(lang, "frame.main")>
                <a href="/validation-cases" aria-current=here.mark("/validation-cases")>{tr!(lang, "frame.cases")}</a>
                <a href="/forum" aria-current=here.mark("/forum")>{tr!(lang, "frame.forum")}</a>
            </nav>
            <div class="push cluster">{end}</div>
            <FrameKeys/>
        </div></header>
    }
}

fn create_menu(ctx: &Ctx) -> impl IntoView + use<> {
    let lang = ctx.lang();
    view! {
        <details class="menu wide" name="top">
            <summary class="btn btn-ghost"><Icon name="plus"/>{tr!(lang, "frame.create")}<Icon name="chevron-down"/></summary>
            <div class="menu-list">
                <a href="/validation-cases/new"><Icon name="briefcase"/>{tr!(lang, "frame.new_case")}</a>
                <a href="/threads/new"><Icon name="messages-square"/>{tr!(lang, "frame.new_thread")}</a>
            </div>
        </details>
    }
}

fn account_menu(ctx: &Ctx, username: &str) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let initials: String = username.chars().take(2).collect::<String>().to_uppercase();
    let profile = paths::user(username);
    let staff = admin::is_staff(ctx).then(|| view! { <a href=admin::start::PATH><Icon name="shield"/>{tr!(lang, "admin.title")}</a> });
    let class = format!("avatar {}", hue(ctx.caller.id().map_or(0, |id| id.0)));
    view! {
        <details class="menu" name="top">
            <summary class="btn btn-ghost btn-icon">
                <span class=class aria-hidden="true">{initials}</span>
                <span class="visually-hidden">{tr!(lang, "frame.account_menu", name = username)}</span>
            </summary>
            <div class="menu-list">
                <p>{tr!(lang, "frame.signed_in_as")}" "<b>{username.to_owned()}</b></p>
                <hr/>
                <a href=profile><Icon name="user"/>{tr!(lang, "frame.profile")}</a>
                <a href="/account"><Icon name="settings"/>{tr!(lang, "frame.settings")}</a>
                {staff}
                <hr/>
                <form method="post" action="/logout"><button><Icon name="log-out"/>{tr!(lang, "frame.logout")}</button></form>
            </div>
        </details>
    }
}

/// The categories beside the page.
pub(super) fn rail(ctx: &Ctx, here: Here<'_>, categories: &[Category]) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let list = |kind: CategoryKind| {
        categories
            .iter()
            .filter(|category| category.kind == kind)
            .map(|category| {
                let href = paths::category(category);
                let mark = here.mark(&href);
                let count = number(lang, category.post_count);
                view! { <a href=href aria-current=mark><Icon name=category.icon.clone()/>{category.name(lang).to_owned()}<span class="num">{count}</span></a> }
            })
            .collect_view()
    };
    let home = here.mark("/");
    view! {
        <nav class="rail" aria-label=tr!(lang, "frame.categories")>
            <a href="/" aria-current=home><Icon name="home"/>{tr!(lang, "frame.home")}</a>
            <h2>{tr!(lang, "frame.cases")}</h2>{list(CategoryKind::Case)}
            <h2>{tr!(lang, "frame.forum")}</h2>{list(CategoryKind::Forum)}
        </nav>
    }
}

/// The end of the page.
pub(super) fn footer(ctx: &Ctx) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let others = Lang::ALL.into_iter().filter(|other| *other != lang).map(|other| {
        view! { <button name="lang" value=other.tag() lang=other.tag()><Icon name="globe"/>{other.name()}</button> }
    });
    let themes = themes(lang).into_iter().map(|choice| {
        let pressed = if choice.value == ctx.theme.as_str() { "true" } else { "false" };
        let icon = choice.icon.unwrap_or_default();
        view! { <button name="theme" value=choice.value aria-pressed=pressed aria-label=tr!(lang, "frame.theme", name = choice.words) title=choice.words><Icon name=icon/></button> }
    });
    view! {
        <footer class="footer"><div>
            <a href="/about">{tr!(lang, "frame.about")}</a>
            <a href="/api/docs">"API"</a>
            <a href="/status">{tr!(lang, "frame.status")}</a>
            <a href="/terms">{tr!(lang, "frame.terms")}</a>
            <a href="/privacy">{tr!(lang, "frame.privacy")}</a>
            <form class="push cluster" method="post" action="/preferences">
                <input type="hidden" name="back" value=ctx.path.clone()/>
                {others.collect::<Vec<_>>()}
                {themes.collect::<Vec<_>>()}
            </form>
            <ThemeSwitch/>
        </div></footer>
    }
}

/// The bar at the bottom of phones.
pub(super) fn bottom(ctx: &Ctx, here: Here<'_>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let entry = |href: String, icon: &'static str, words: String| {
        let mark = here.mark(&href);
        view! { <a href=href aria-current=mark><Icon name=icon/>{words}</a> }
    };
    let (create, me) = match &ctx.caller.user {
        Some(user) => (
            Some(entry("/validation-cases/new".to_owned(), "plus", tr!(lang, "frame.create").into_owned())),
            entry(paths::user(&user.username), "user", tr!(lang, "frame.profile").into_owned()),
        ),
        None => (None, entry("/login".to_owned(), "log-in", tr!(lang, "frame.login").into_owned())),
    };
    view! {
        <nav class="bottombar" aria-label=tr!(lang, "frame.main")>
            {entry("/".to_owned(), "home", tr!(lang, "frame.home").into_owned())}
            {entry("/validation-cases".to_owned(), "briefcase", tr!(lang, "frame.cases").into_owned())}
            {entry("/forum".to_owned(), "messages-square", tr!(lang, "frame.forum").into_owned())}
            {create}
            {me}
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::Here;

    #[test]
    fn links_to_here_and_above_are_marked() {
        let here = |path, within| Here { path, within };
        assert_eq!(here("/forum", None).mark("/forum"), Some("page"));
        assert_eq!(here("/forum/general", None).mark("/forum"), Some("true"));
        assert_eq!(here("/forums", None).mark("/forum"), None);
        assert_eq!(here("/forum", None).mark("/"), None);
        assert_eq!(here("/threads/1-x", Some("/forum/general")).mark("/forum"), Some("true"));
        assert_eq!(here("/threads/1-x", Some("/forum/general")).mark("/forum/general"), Some("true"));
        assert_eq!(here("/validation-cases/new", None).mark("/validation-cases"), None);
    }
}
