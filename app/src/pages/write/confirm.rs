//! A page that asks before something is done that can't be undone.

use crate::{
    context::Ctx,
    page::{Layout, Page},
    ui::Icon,
};
use leptos::prelude::*;

/// The question, what comes of it, and the two ways out.
pub(super) struct Question {
    /// What is about to be done.
    pub title: String,
    /// The name of what it is done to.
    pub subject: String,
    /// What comes of it: icon and sentence.
    pub consequences: Vec<(&'static str, String)>,
    /// More fields of the form.
    pub fields: AnyView,
    /// The button that does it.
    pub deed: String,
    /// Where to go instead.
    pub back: String,
}

impl Question {
    /// The page; the form posts to its own address.
    pub fn page(self, ctx: &Ctx) -> Page {
        let lang = ctx.lang();
        let consequences =
            self.consequences.into_iter().map(|(icon, words)| view! { <li><Icon name=icon/><span>{words}</span></li> }).collect_view();
        let title = self.title.clone();
        let body = view! {
            <div class="page-head"><h1>{title}</h1></div>
            <form class="card form" method="post" novalidate>
                <p dir="auto"><b>{self.subject}</b></p>
                <ul class="consequence">{consequences}</ul>
                {self.fields}
                <div class="form-actions">
                    <button class="btn btn-danger-fill">{self.deed}</button>
                    <a class="btn btn-ghost" href=self.back>{tr!(lang, "form.cancel")}</a>
                </div>
            </form>
        };
        Page::new(self.title, body).layout(Layout::Narrow)
    }
}
