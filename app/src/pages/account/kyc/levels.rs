//! What each level needs and allows.

use super::document_words;
use crate::{context::Ctx, ui::Icon};
use aivalid_model::{Lang, kyc::KycLevel, money::Rupiah};
use leptos::prelude::*;

/// What may be withdrawn, in a sentence.
pub(super) fn allowance(lang: Lang, daily: Option<Rupiah>) -> String {
    match daily {
        None => tr!(lang, "kyc.allows_all").into_owned(),
        Some(Rupiah(0)) => tr!(lang, "kyc.allows_none").into_owned(),
        Some(amount) => tr!(lang, "kyc.allows", amount = amount.to_string().replace(' ', "\u{a0}")).into_owned(),
    }
}

/// Every level with its documents and its limit.
pub(super) fn table(ctx: &Ctx, here: KycLevel) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let limits = ctx.service.settings().kyc.limits;
    let rows = KycLevel::ALL.map(|level| {
        let documents: Vec<String> = level.needs().iter().map(|kind| document_words(lang, *kind)).collect();
        let documents = match level {
            KycLevel::NONE => tr!(lang, "kyc.needs_nothing").into_owned(),
            KycLevel::THREE => tr!(lang, "kyc.needs_trust").into_owned(),
            _ => documents.join(", "),
        };
        let mark = (level == here).then(|| view! { " "<span class="badge"><Icon name="check"/>{tr!(lang, "kyc.level_here")}</span> });
        let current = (level == here).then_some("true");
        view! {
            <tr aria-current=current>
                <th scope="row">{level.number()}{mark}</th>
                <td>{documents}</td>
                <td>{allowance(lang, limits.daily(level))}</td>
            </tr>
        }
    });
    view! {
        <section class="stack">
            <h2>{tr!(lang, "kyc.levels")}</h2>
            <div class="table-box" tabindex="0" role="region" aria-label=tr!(lang, "kyc.levels")>
                <table class="table">
                    <thead><tr>
                        <th scope="col">{tr!(lang, "kyc.level")}</th>
                        <th scope="col">{tr!(lang, "kyc.level_needs")}</th>
                        <th scope="col">{tr!(lang, "kyc.level_allows")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
