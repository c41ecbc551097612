//! The first view of a profile: badges and the newest of each kind.

use crate::{
    context::Ctx,
    page::PageResult,
    ui::{Badge, CaseRows, Html, ThreadRows},
};
use aivalid_model::{
    cases::CaseFilter,
    community::{Category, Sort, ThreadFilter},
    identity::Profile,
};
use leptos::prelude::*;

/// Rows of each kind.
const FEW: u32 = 5;

/// The view.
pub async fn view(ctx: &Ctx, profile: &Profile, path: &str, categories: &[Category]) -> PageResult<Html> {
    let lang = ctx.lang();
    let id = profile.card.id;
    let badges = ctx.service.badges_of(&ctx.caller, id).await?;
    let cases = CaseFilter { owner: Some(id), sort: Sort::Newest, ..CaseFilter::default() };
    let threads = ThreadFilter { author: Some(id), sort: Sort::Newest, ..ThreadFilter::default() };
    let (cases, threads) = match profile.case_count + profile.thread_count {
        0 => (vec![], vec![]),
        _ => ctx.service.first_of_both(&ctx.caller, &cases, &threads, FEW).await?,
    };
    if cases.is_empty() && threads.is_empty() && badges.is_empty() {
        return Ok(super::nothing(ctx, "user"));
    }
    let badges = (!badges.is_empty()).then(|| {
        let list = badges.iter().map(|grant| view! { <li><Badge lang badge=&grant.badge/></li> }).collect::<Vec<_>>();
        view! { <section><div class="rows-title"><h2>{tr!(lang, "profile.badges")}</h2><a href=format!("{path}?tab=badges")>{tr!(lang, "ui.all")}</a></div><ul class="cluster">{list}</ul></section> }
    });
    let cases = (!cases.is_empty()).then(|| {
        view! { <section><div class="rows-title"><h2>{tr!(lang, "profile.cases")}</h2><a href=format!("{path}?tab=cases")>{tr!(lang, "ui.all")}</a></div><CaseRows ctx rows=cases categories/></section> }
    });
    let threads = (!threads.is_empty()).then(|| {
        view! { <section><div class="rows-title"><h2>{tr!(lang, "profile.threads")}</h2><a href=format!("{path}?tab=threads")>{tr!(lang, "ui.all")}</a></div><ThreadRows ctx rows=threads categories/></section> }
    });
    Ok(Html::of(view! { <div class="stack stack-lg">{badges}{cases}{threads}</div> }))
}
