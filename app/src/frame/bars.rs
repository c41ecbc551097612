//! Top bar, rail, footer and bottom bar.

use crate::{
    context::Ctx,
    i18n::number,
    islands::{FrameKeys, ThemeSwitch},
    pages::{account::preferences::themes, admin},
    paths,
    ui::{html::Html, write_avatar},
};
use aivalid_model::{
    Lang,
    community::{Category, CategoryKind},
};
use aivalid_service::{SignedIn, operator::Operator};
use leptos::prelude::*;
use std::sync::LazyLock;

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

/// Islands without props are the same on every page: written once.
static FRAME_KEYS: LazyLock<Html> = LazyLock::new(|| Html::of(view! { <FrameKeys/> }));
static THEME_SWITCH: LazyLock<Html> = LazyLock::new(|| Html::of(view! { <ThemeSwitch/> }));

/// Writes a link with what it shows: an icon and words.
fn write_link(html: &mut Html, here: Here<'_>, href: &str, icon: &str, words: &str) {
    html.raw("<a href=\"").text(href).raw("\"").attribute("aria-current", here.mark(href)).raw(">").icon(icon).text(words).raw("</a>");
}

/// The bar at the top.
pub(super) fn top(html: &mut Html, ctx: &Ctx, here: Here<'_>) {
    let lang = ctx.lang();
    html.raw("<header class=\"topbar\"><div><a class=\"wordmark\" href=\"/\">").icon("mark").raw("AIValid</a>");
    html.raw("<nav class=\"topnav\" aria-label=\"").text(&tr!(lang, "frame.main")).raw("\">");
    for (href, words) in [("/validation-cases", tr!(lang, "frame.cases")), ("/forum", tr!(lang, "frame.forum"))] {
        html.raw("<a href=\"").raw(href).raw("\"").attribute("aria-current", here.mark(href)).raw(">").text(&words).raw("</a>");
    }
    html.raw("</nav><div class=\"push cluster\">");
    match &ctx.caller.user {
        Some(user) => {
            create_menu(html, ctx);
            account_menu(html, ctx, user);
        }
        None => {
            html.raw("<a class=\"btn btn-ghost\" href=\"/login\">").text(&tr!(lang, "frame.login"));
            html.raw("</a><a class=\"btn btn-primary wide\" href=\"/register\">").text(&tr!(lang, "frame.register")).raw("</a>");
        }
    }
    html.raw("</div>").piece(&FRAME_KEYS).raw("</div></header>");
}

fn create_menu(html: &mut Html, ctx: &Ctx) {
    let lang = ctx.lang();
    html.raw("<details class=\"menu wide\" name=\"top\"><summary class=\"btn btn-ghost\">").icon("plus");
    html.text(&tr!(lang, "frame.create")).icon("chevron-down").raw("</summary><div class=\"menu-list\">");
    html.raw("<a href=\"/validation-cases/new\">").icon("briefcase").text(&tr!(lang, "frame.new_case"));
    html.raw("</a><a href=\"/threads/new\">").icon("messages-square").text(&tr!(lang, "frame.new_thread")).raw("</a></div></details>");
}

fn account_menu(html: &mut Html, ctx: &Ctx, user: &SignedIn) {
    let lang = ctx.lang();
    let username = &user.username;
    html.raw("<details class=\"menu\" name=\"top\"><summary class=\"btn btn-ghost btn-icon\">");
    write_avatar(html, &user.card(), "", "32");
    html.raw("<span class=\"visually-hidden\">").text(&tr!(lang, "frame.account_menu", name = username));
    html.raw("</span></summary><div class=\"menu-list\"><p>").text(&tr!(lang, "frame.signed_in_as")).raw(" <b>").text(username);
    html.raw("</b></p><hr><a href=\"").text(&paths::user(username)).raw("\">").icon("user").text(&tr!(lang, "frame.profile"));
    html.raw("</a><a href=\"/account\">").icon("settings").text(&tr!(lang, "frame.settings"));
    html.raw("</a>");
    if admin::is_staff(ctx) {
        html.raw("<a href=\"").raw(admin::start::PATH).raw("\">").icon("shield").text(&tr!(lang, "admin.title")).raw("</a>");
    }
    html.raw("<hr><form method=\"post\" action=\"/logout\"><button>").icon("log-out").text(&tr!(lang, "frame.logout"));
    html.raw("</button></form></div></details>");
}

/// The categories beside the page.
pub(super) fn rail(html: &mut Html, ctx: &Ctx, here: Here<'_>, categories: &[Category]) {
    let lang = ctx.lang();
    html.raw("<nav class=\"rail\" aria-label=\"").text(&tr!(lang, "frame.categories")).raw("\">");
    write_link(html, here, "/", "home", &tr!(lang, "frame.home"));
    for (kind, words) in [(CategoryKind::Case, tr!(lang, "frame.cases")), (CategoryKind::Forum, tr!(lang, "frame.forum"))] {
        html.raw("<h2>").text(&words).raw("</h2>");
        for category in categories.iter().filter(|category| category.kind == kind) {
            let href = paths::category(category);
            html.raw("<a href=\"").text(&href).raw("\"").attribute("aria-current", here.mark(&href)).raw(">").icon(&category.icon);
            html.text(category.name(lang)).raw("<span class=\"num\">").raw(&number(lang, category.post_count)).raw("</span></a>");
        }
    }
    html.raw("</nav>");
}

/// The end of the page.
pub(super) fn footer(html: &mut Html, ctx: &Ctx) {
    let lang = ctx.lang();
    html.raw("<footer class=\"footer\"><div>");
    let links = [
        ("/about", tr!(lang, "frame.about")),
        ("/api/docs", "API".into()),
        ("/status", tr!(lang, "frame.status")),
        ("/terms", tr!(lang, "frame.terms")),
        ("/privacy", tr!(lang, "frame.privacy")),
    ];
    for (href, words) in links {
        html.raw("<a href=\"").raw(href).raw("\">").text(&words).raw("</a>");
    }
    let Operator { name, contact } = &ctx.service.settings().operator;
    if let Some(contact) = contact {
        html.raw("<a href=\"").text(&contact.href()).raw("\">").text(&tr!(lang, "operator.contact")).raw("</a>");
    }
    if let Some(name) = name {
        html.raw("<span>").text(&tr!(lang, "operator.run_by", name = name)).raw("</span>");
    }
    html.raw("<form class=\"push cluster\" method=\"post\" action=\"/preferences\"><input type=\"hidden\" name=\"back\" value=\"");
    html.text(&ctx.path).raw("\">");
    for other in Lang::ALL.into_iter().filter(|other| *other != lang) {
        html.raw("<button name=\"lang\" value=\"").raw(other.tag()).raw("\" lang=\"").raw(other.tag()).raw("\">");
        html.icon("globe").text(other.name()).raw("</button>");
    }
    for choice in themes(lang) {
        let pressed = if choice.value == ctx.theme.as_str() { "true" } else { "false" };
        html.raw("<button name=\"theme\" value=\"").text(&choice.value).raw("\" aria-pressed=\"").raw(pressed).raw("\" aria-label=\"");
        html.text(&tr!(lang, "frame.theme", name = choice.words)).raw("\" title=\"").text(&choice.words).raw("\">");
        html.icon(choice.icon.unwrap_or_default()).raw("</button>");
    }
    html.raw("</form>").piece(&THEME_SWITCH).raw("</div></footer>");
}

/// The bar at the bottom of phones.
pub(super) fn bottom(html: &mut Html, ctx: &Ctx, here: Here<'_>) {
    let lang = ctx.lang();
    html.raw("<nav class=\"bottombar\" aria-label=\"").text(&tr!(lang, "frame.main")).raw("\">");
    write_link(html, here, "/", "home", &tr!(lang, "frame.home"));
    write_link(html, here, "/validation-cases", "briefcase", &tr!(lang, "frame.cases"));
    write_link(html, here, "/forum", "messages-square", &tr!(lang, "frame.forum"));
    match &ctx.caller.user {
        Some(user) => {
            write_link(html, here, "/validation-cases/new", "plus", &tr!(lang, "frame.create"));
            write_link(html, here, &paths::user(&user.username), "user", &tr!(lang, "frame.profile"));
        }
        None => write_link(html, here, "/login", "log-in", &tr!(lang, "frame.login")),
    }
    html.raw("</nav>");
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
