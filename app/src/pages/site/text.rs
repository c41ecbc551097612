//! Longer texts. They stand beside this file as HTML, one in each language.

use crate::{
    context::Ctx,
    page::{Layout, Page},
    ui::{ContactLink, Raw},
};
use aivalid_model::Lang;
use aivalid_service::operator::Operator;
use leptos::prelude::*;
use std::borrow::Cow;

/// A text in both languages.
struct Text {
    id: &'static str,
    en: &'static str,
}

macro_rules! text {
    ($name:literal) => {
        Text { id: include_str!(concat!("text/", $name, ".id.html")), en: include_str!(concat!("text/", $name, ".en.html")) }
    };
}

const ABOUT: Text = text!("about");
const PRIVACY: Text = text!("privacy");
const TERMS: Text = text!("terms");

/// `GET /about`.
pub async fn about(ctx: Ctx) -> Page {
    page(&ctx, tr!(ctx.lang(), "site.about"), &ABOUT, "/about")
}

/// `GET /privacy`.
pub async fn privacy(ctx: Ctx) -> Page {
    page(&ctx, tr!(ctx.lang(), "site.privacy"), &PRIVACY, "/privacy")
}

/// `GET /terms`.
pub async fn terms(ctx: Ctx) -> Page {
    page(&ctx, tr!(ctx.lang(), "site.terms"), &TERMS, "/terms")
}

fn page(ctx: &Ctx, title: Cow<'static, str>, text: &Text, path: &'static str) -> Page {
    let html = match ctx.lang() {
        Lang::Id => text.id,
        Lang::En => text.en,
    };
    let body = view! {
        <div class="page-head"><h1>{title.clone()}</h1></div>
        <div class="prose"><Raw html=html.to_owned()/>{operator(ctx)}</div>
    };
    Page::new(title, body).layout(Layout::Narrow).canonical(path)
}

/// Who runs the site and how they are reached, as far as they say so.
fn operator(ctx: &Ctx) -> Option<impl IntoView + use<>> {
    let lang = ctx.lang();
    let Operator { name, contact } = &ctx.service.settings().operator;
    if name.is_none() && contact.is_none() {
        return None;
    }
    let name = name.as_ref().map(|name| view! { <p>{tr!(lang, "operator.named", name = name)}</p> });
    let contact = contact.as_ref().map(|contact| view! { <p>{tr!(lang, "operator.reach")}" "<ContactLink contact/>"."</p> });
    Some(view! { <h2>{tr!(lang, "operator.title")}</h2>{name}{contact} })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements of a text, in order.
    fn elements(html: &str) -> Vec<&str> {
        html.split('<').skip(1).filter_map(|rest| rest.split(['>', ' ']).next()).collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for text in [ABOUT, PRIVACY, TERMS] {
            assert!(!elements(text.id).is_empty());
            assert_eq!(elements(text.id), elements(text.en));
        }
    }
}
