//! For the staff: what waits, people, the audit log. To add a queue: its page in a module here and its line in [`entries`]. A page
//! is shown to those with its permission; the service decides, the list here only leaves out what would be refused.

pub mod audit;
pub mod decision;
pub mod deed;
pub mod kyc;
pub mod recovery;
pub mod start;
pub mod user;
pub mod users;

use crate::{
    context::Ctx,
    page::{Layout, Page},
    ui::Icon,
};
use aivalid_model::{Lang, identity::Permission};
use leptos::prelude::*;

/// A page of the staff.
struct Entry {
    permission: Permission,
    href: &'static str,
    icon: &'static str,
    words: String,
    /// What one does there, in a sentence.
    lead: String,
}

fn entries(lang: Lang) -> Vec<Entry> {
    vec![
        Entry {
            permission: Permission::UsersManage,
            href: users::PATH,
            icon: "users",
            words: tr!(lang, "admin.users").into_owned(),
            lead: tr!(lang, "admin.users_lead").into_owned(),
        },
        Entry {
            permission: Permission::KycReview,
            href: kyc::PATH,
            icon: "clipboard-check",
            words: tr!(lang, "kyc_admin.title").into_owned(),
            lead: tr!(lang, "kyc_admin.entry_lead").into_owned(),
        },
        Entry {
            permission: Permission::KycReview,
            href: recovery::PATH,
            icon: "life-buoy",
            words: tr!(lang, "recovery_admin.title").into_owned(),
            lead: tr!(lang, "recovery_admin.entry_lead").into_owned(),
        },
        Entry {
            permission: Permission::AuditRead,
            href: audit::PATH,
            icon: "history",
            words: tr!(lang, "admin.audit").into_owned(),
            lead: tr!(lang, "admin.audit_lead").into_owned(),
        },
    ]
}

/// Those that the caller may open.
fn open_entries(ctx: &Ctx) -> Vec<Entry> {
    entries(ctx.lang()).into_iter().filter(|entry| ctx.caller.may(entry.permission)).collect()
}

/// Whether somebody has anything to do here.
pub fn is_staff(ctx: &Ctx) -> bool {
    !open_entries(ctx).is_empty()
}

/// A page of the staff in their common frame; `path` is the entry that it belongs to.
fn section(ctx: &Ctx, path: &'static str, title: String, body: impl IntoAny) -> Page {
    let lang = ctx.lang();
    let body = body.into_any();
    let link = |href: &'static str, icon: &'static str, words: String| {
        let here = (href == path).then_some(if ctx.path == href { "page" } else { "true" });
        view! { <a href=href aria-current=here><Icon name=icon/>{words}</a> }
    };
    let links: Vec<_> = open_entries(ctx).into_iter().map(|entry| link(entry.href, entry.icon, entry.words)).collect();
    let heading = title.clone();
    let view = view! {
        <div class="sections">
            <nav aria-label=tr!(lang, "admin.title")>
                {link(start::PATH, "shield", tr!(lang, "admin.title").into_owned())}
                {links}
            </nav>
            <div class="stack stack-lg"><div class="page-head"><h1>{heading}</h1></div>{body}</div>
        </div>
    };
    Page::new(title, view).layout(Layout::Wide)
}
