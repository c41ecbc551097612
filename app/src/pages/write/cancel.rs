//! Withdrawing a case.

use super::{cases::case_id, confirm::Question};
use crate::{
    context::Ctx,
    form::{Form, FormState, Posted},
    member::Member,
    page::{Done, Page, PageResult},
    paths,
    ui::{ErrorSummary, TextArea},
};
use aivalid_model::{
    Error, Lang, Result,
    cases::{CancelInput, Case, CaseError},
    check::CheckAll,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The form's field.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    reason: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("reason", tr!(lang, "write.cancel_reason").into_owned())]
    }
}

/// `GET /validation-cases/{id}-{slug}/cancel`.
pub async fn ask(Member(ctx): Member, Path(segment): Path<String>) -> PageResult {
    let case = cancellable(&ctx, &segment).await?;
    Ok(page(&ctx, &case, &FormState::fresh(Fields::default())))
}

/// `POST /validation-cases/{id}-{slug}/cancel`.
pub async fn submit(ctx: Ctx, Path(segment): Path<String>, Posted(fields): Posted<Fields>) -> PageResult<Response> {
    let case = cancellable(&ctx, &segment).await?;
    match cancel(&ctx, &case, &fields).await {
        Ok(()) => Ok(Done::to(paths::case(case.row.id, &case.row.title)).flash("case_cancelled").into_response()),
        Err(error) => Ok(page(&ctx, &case, &FormState::failed(fields, error)).into_response()),
    }
}

async fn cancellable(ctx: &Ctx, segment: &str) -> Result<Case> {
    ctx.caller.signed_in()?;
    let case = ctx.service.case(&ctx.caller, case_id(segment)?).await?;
    match case.row.status {
        _ if !case.mine => Err(Error::Forbidden),
        status if !status.can_cancel() => Err(CaseError::invalid(status).into()),
        _ => Ok(case),
    }
}

async fn cancel(ctx: &Ctx, case: &Case, fields: &Fields) -> Result<()> {
    let reason = CancelInput { reason: Some(fields.reason.clone()) }.check_all()?;
    ctx.service.case_cancel(&ctx.caller, case.row.id, reason).await.map(drop)
}

fn page(ctx: &Ctx, case: &Case, state: &FormState<Fields>) -> Page {
    let lang = ctx.lang();
    let fields = view! {
        <ErrorSummary ctx state/>
        <TextArea ctx state name="reason" value=state.values.reason.clone() required=false hint=tr!(lang, "write.cancel_reason_hint").into_owned() maxlength="500"/>
    };
    let question = Question {
        title: tr!(lang, "write.cancel_case").into_owned(),
        subject: case.row.title.clone(),
        consequences: vec![
            ("circle-slash", tr!(lang, "write.cancel_offers").into_owned()),
            ("banknote", tr!(lang, "write.cancel_money").into_owned()),
            ("history", tr!(lang, "write.cancel_log").into_owned()),
        ],
        fields: fields.into_any(),
        deed: tr!(lang, "write.cancel_deed").into_owned(),
        back: paths::case(case.row.id, &case.row.title),
    };
    question.page(ctx).of_form(state)
}
