//! What reviewers see of people's requests, whatever these ask for: whose it is, the form that decides it, and what was decided.

use crate::{
    context::Ctx,
    form::{Form, FormState},
    ui::{Avatar, AvatarSize, Choice, Html, Segments, TextArea, Time, UserLink},
};
use aivalid_model::{
    Error, Lang, Result, Timestamp,
    check::{CheckAll, Problem},
    identity::UserCard,
    kyc::{RejectInput, RejectionReason},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    decision: String,
    reason: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("decision", tr!(lang, "kyc_admin.decision").into_owned()), ("reason", tr!(lang, "kyc_admin.reason").into_owned())]
    }
}

/// What a reviewer chose.
pub(super) enum Chosen<'a> {
    /// No, and why.
    Reject(RejectionReason),
    /// Another of the choices.
    Other(&'a str),
}

impl Fields {
    /// What was chosen; rejecting needs its reason.
    pub(super) fn read(&self) -> Result<Chosen<'_>> {
        match self.decision.as_str() {
            "" => Err(Error::field("decision", Problem::Required)),
            "reject" => Ok(Chosen::Reject(RejectInput { reason: self.reason.clone() }.check_all()?)),
            other => Ok(Chosen::Other(other)),
        }
    }
}

/// A form that decides.
pub(super) struct Ask {
    /// Where it is sent.
    pub action: String,
    /// The queue, for those who decide it later.
    pub queue: &'static str,
    /// What can be chosen besides rejecting.
    pub choices: Vec<Choice>,
    /// What helps to choose.
    pub hint: String,
    /// Whether the first choice has the focus.
    pub autofocus: bool,
}

/// The form.
pub(super) fn form(ctx: &Ctx, state: &FormState<Fields>, ask: Ask) -> Html {
    let lang = ctx.lang();
    let Ask { action, queue, mut choices, hint, autofocus } = ask;
    choices.push(Choice::new("reject", tr!(lang, "kyc_admin.reject")).icon("x"));
    let Fields { decision, reason } = &state.values;
    Html::of(view! {
        <form class="panel panel-action" method="post" action=action novalidate>
            <h2>{tr!(lang, "kyc_admin.decision")}</h2>
            <div class="form">
                <Segments ctx state name="decision" value=decision.clone() choices autofocus hint/>
                <TextArea ctx state name="reason" value=reason.clone() required=false maxlength="500" hint=tr!(lang, "kyc_admin.reason_hint").into_owned()/>
            </div>
            <footer class="form-actions">
                <button class="btn btn-primary">{tr!(lang, "kyc_admin.save")}</button>
                <a class="btn btn-ghost" href=queue>{tr!(lang, "kyc_admin.later")}</a>
            </footer>
        </form>
    })
}

/// In place of the form, for what concerns the reviewer's own account.
pub(super) fn not_yours(lang: Lang, words: impl IntoView) -> Html {
    Html::of(view! { <section class="panel"><h2>{tr!(lang, "kyc_admin.decision")}</h2><p>{words}</p></section> })
}

/// What was decided.
pub(super) struct Decided<'a> {
    /// Why it was rejected.
    pub reason: Option<&'a str>,
    /// By whom.
    pub by: Option<&'a UserCard>,
    /// When.
    pub at: Option<Timestamp>,
}

/// What was decided, after the words for it.
pub(super) fn outcome(ctx: &Ctx, chip: impl IntoView, words: impl IntoView, decided: &Decided<'_>) -> Html {
    let lang = ctx.lang();
    let by = decided.by.map(|card| view! { <p>{tr!(lang, "kyc_admin.by")}" "<UserLink lang card/></p> });
    let at = decided.at.map(|at| view! { <p>{tr!(lang, "kyc.decided")}" "<Time ctx at/></p> });
    let reason = decided.reason.map(|reason| view! { <blockquote class="reason" dir="auto">{reason.to_owned()}</blockquote> });
    Html::of(view! {
        <section class="panel">
            <header><h2>{tr!(lang, "kyc_admin.decision")}</h2>{chip}</header>
            <div class="stack">{words}{reason}{by}{at}</div>
        </section>
    })
}

/// Whose request it is, with what is known of them.
pub(super) fn person(lang: Lang, user: &UserCard, facts: Vec<(String, Html)>, foot: impl IntoView) -> Html {
    let name = user.full_name.clone().unwrap_or_else(|| tr!(lang, "kyc_admin.no_name").into_owned());
    let facts = facts.into_iter().map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> }).collect_view();
    Html::of(view! {
        <section class="panel">
            <h2>{tr!(lang, "kyc_admin.person")}</h2>
            <div class="cluster"><Avatar card=user size=AvatarSize::Large/><div><b dir="auto">{name}</b><br/><UserLink lang card=user/></div></div>
            <div><dl class="facts">{facts}</dl></div>
            {foot}
        </section>
    })
}
