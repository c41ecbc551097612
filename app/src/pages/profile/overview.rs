//! The first view of a profile: badges and the newest of each kind.

use crate::{
    context::Ctx,
    page::PageResult,
    ui::{Badge, CaseRows, ThreadRows},
};
use aivalid_model::{
    cases::CaseFilter,
    community::{Category, Sort, ThreadFilter},
    identity::Profile,
    page::PageRequest,
};
use leptos::prelude::*;

/// Rows of each kind.
const FEW: u32 = 5;

/// The view.
pub async fn view(ctx: &Ctx, profile: &Profile, path: &str, categories: &[Category]) -> PageResult<AnyView> {
    let lang = ctx.lang();
    let few = PageRequest::new(None, Some(FEW));
    let id = profile.card.id;
    let badges = ctx.service.badges_of(&ctx.caller, id).await?;
    let cases = match profile.case_count {
        0 => vec![],
        _ => {
            let filter = CaseFilter { owner: Some(id), sort: Sort::Newest, ..CaseFilter::default() };
            ctx.service.cases(&ctx.caller, &filter, few, None).await?.items
        }
    };
    let threads = match profile.thread_count {
        0 => vec![],
        _ => {
            let filter = ThreadFilter { author: Some(id), sort: Sort::Newest, ..ThreadFilter::default() };
            ctx.service.threads(&ctx.caller, &filter, few, None).await?.items
        }
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
    Ok(view! { <div class="stack stack-lg">{badges}{cases}{threads}</div> }.into_any())
}
