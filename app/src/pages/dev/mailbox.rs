//! The mails of the outbox.

use crate::{
    context::{Ctx, MailView},
    page::{Layout, Page, PageResult},
    ui::Icon,
};
use aivalid_model::Error;
use leptos::prelude::*;

/// `GET /dev/mailbox`.
pub async fn show(ctx: Ctx) -> PageResult {
    let mailbox = ctx.mailbox.clone().filter(|_| ctx.development).ok_or(Error::NotFound)?;
    let mails = tokio::task::spawn_blocking(move || mailbox.list()).await.map_err(|_| Error::Internal)?;
    let lang = ctx.lang();
    let list = if mails.is_empty() {
        view! { <div class="empty"><Icon name="mail"/><h2>{tr!(lang, "mailbox.empty")}</h2><p>{tr!(lang, "mailbox.empty_lead")}</p></div> }
            .into_any()
    } else {
        mails.into_iter().map(|mail| letter(&ctx, mail)).collect_view().into_any()
    };
    let body = view! {
        <div class="page-head"><div><h1>{tr!(lang, "mailbox.title")}</h1><p class="small">{tr!(lang, "mailbox.lead")}</p></div></div>
        <div class="stack">{list}</div>
    };
    Ok(Page::new(tr!(lang, "mailbox.title"), body).layout(Layout::Narrow))
}

fn letter(ctx: &Ctx, mail: MailView) -> impl IntoView + use<> {
    let origin = ctx.origin().to_owned();
    let paragraphs = mail.body.split("\n\n").map(|text| view! { <p>{linked(text, &origin)}</p> }).collect_view();
    view! {
        <article class="card post">
            <h2>{mail.subject}</h2>
            <header><span>{mail.to}</span><time datetime=mail.at.clone()>{mail.at.clone()}</time></header>
            <div class="prose">{paragraphs}</div>
        </article>
    }
}

/// Words, with those that are addresses of ours as links.
fn linked(text: &str, origin: &str) -> impl IntoView + use<> {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let own = word.trim_end().strip_prefix(origin).filter(|path| path.starts_with('/')).map(str::to_owned);
        match own {
            Some(path) => view! { <a href=path>{word.to_owned()}</a> }.into_any(),
            None => word.to_owned().into_any(),
        }
    });
    words.collect_view()
}
