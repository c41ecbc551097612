//! Where the link of a letter leads: a page that says what happens, with a button that does it. The link alone does nothing, because
//! programs that look into mails follow links too.

use super::card;
use crate::{
    context::Ctx,
    form::{Form, FormState},
    page::Page,
    ui::{ErrorSummary, Icon},
};
use aivalid_model::{
    Lang, Result,
    check::Check,
    identity::{IdentityError, Token},
};
use leptos::prelude::*;
use serde::Deserialize;
use std::borrow::Cow;

/// The form's fields; the address says the token as well.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// The link's token, as it came.
    pub(super) token: String,
}

impl Form for Fields {
    fn labels(_: Lang) -> Vec<(&'static str, String)> {
        vec![]
    }
}

impl Fields {
    /// The token, if it can be one: nobody typed it, so where it is bad, so is the link.
    pub(super) fn read(&self) -> Result<Token> {
        Ok(Token::check(self.token.clone()).map_err(|_| IdentityError::InvalidToken)?)
    }
}

/// Words of the interface.
type Words = Cow<'static, str>;

/// What such a page says.
pub(super) struct MailedLink {
    /// Where its form is sent.
    pub action: &'static str,
    /// Its heading.
    pub title: Words,
    /// What it is about, in paragraphs.
    pub lead: Vec<Words>,
    /// What the button does, step by step.
    pub steps: Vec<Words>,
    /// The button's class, icon and words.
    pub button: (&'static str, &'static str, Words),
    /// The words of the link for those who want none of it.
    pub otherwise: Option<Words>,
}

/// The page.
pub(super) fn page(ctx: &Ctx, state: &FormState<Fields>, link: MailedLink) -> Page {
    let MailedLink { action, title, lead, steps, button: (class, icon, words), otherwise } = link;
    let class = format!("btn {class} btn-lg btn-block");
    let lead = lead.into_iter().map(|words| view! { <p>{words}</p> }).collect_view();
    let steps = (!steps.is_empty()).then(|| {
        let steps = steps.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
        view! { <div class="prose"><ul>{steps}</ul></div> }
    });
    let body = view! {
        <form class="card form" method="post" action=action>
            <ErrorSummary ctx state kept=false/>
            {lead}
            {steps}
            <input type="hidden" name="token" value=state.values.token.clone()/>
            <button class=class><Icon name=icon/>{words}</button>
        </form>
    };
    let foot = otherwise.map(|words| view! { <p class="auth-foot"><a href="/">{words}</a></p> });
    card(title.into_owned(), body, foot).of_form(state)
}
