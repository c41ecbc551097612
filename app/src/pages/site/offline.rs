//! For when the network is gone: a page that needs nothing.

use crate::{
    context::Ctx,
    page::{Layout, Page},
    ui::Icon,
};
use leptos::prelude::*;

/// `GET /offline`.
pub async fn show(ctx: Ctx) -> Page {
    let lang = ctx.lang();
    let title = tr!(lang, "offline.title");
    let body = view! {
        <div class="problem">
            <Icon name="wifi-off"/>
            <h1>{title.clone()}</h1>
            <p>{tr!(lang, "offline.words")}</p>
            <div class="cluster"><a class="btn btn-primary" href="">{tr!(lang, "problem_page.again")}</a></div>
        </div>
    };
    Page::new(title, body).layout(Layout::Wide)
}
