//! Choosing among cases: a form that is answered by the list's own address.

use crate::{
    context::Ctx,
    paths::query_value,
    ui::{Html, Icon, status_words},
};
use aivalid_model::{
    cases::{CaseFilter, CaseStatus},
    check::Check,
    community::{Category, CategoryKind, Sort},
    money::Rupiah,
    slug::Slug,
};
use leptos::prelude::*;
use serde::Deserialize;
use std::fmt::Write;

/// What the address may ask for. Forms send empty texts for what was not chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Which page.
    pub page: Option<u32>,
    sort: String,
    /// A category's slug.
    pub category: String,
    status: String,
    min: String,
    tag: String,
}

impl Asked {
    /// The order.
    pub fn sort(&self) -> Sort {
        self.sort.parse().unwrap_or_default()
    }

    fn status(&self) -> Option<CaseStatus> {
        self.status.parse().ok()
    }

    /// `1.000.000`, `Rp 1000000` and `1000000` are the same amount.
    fn min(&self) -> Option<Rupiah> {
        let digits: String = self.min.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|amount| *amount > 0).map(|amount: i64| Rupiah(amount.min(Rupiah::MAX)))
    }

    fn tag(&self) -> Option<String> {
        Slug::check(self.tag.trim().trim_start_matches('#').to_owned()).ok().map(|slug| slug.as_str().to_owned())
    }

    /// The filter, in a category that was found by its slug.
    pub fn filter(&self, category: Option<&Category>) -> CaseFilter {
        CaseFilter {
            category: category.map(|category| category.id),
            tag: self.tag(),
            owner: None,
            status: self.status(),
            bounty_min: self.min(),
            sort: self.sort(),
        }
    }

    /// Whether anything besides the category was chosen.
    pub fn narrows(&self) -> bool {
        self.status().is_some() || self.min().is_some() || self.tag().is_some()
    }

    /// What was chosen besides the category as the beginning of a query: `status=open&tag=x&`, or nothing.
    pub fn chosen(&self) -> String {
        let mut query = String::new();
        // Writing to a string can't fail.
        if let Some(status) = self.status() {
            let _ = write!(query, "status={}&", status.as_str());
        }
        if let Some(Rupiah(min)) = self.min() {
            let _ = write!(query, "min={min}&");
        }
        if let Some(tag) = self.tag() {
            let _ = write!(query, "tag={}&", query_value(&tag));
        }
        query
    }

    /// The form.
    pub fn form(&self, ctx: &Ctx, categories: &[Category], here: Option<&Category>) -> Html {
        let lang = ctx.lang();
        let chosen = here.map(|category| category.slug.clone());
        let categories = categories.iter().filter(|category| category.kind == CategoryKind::Case).map(|category| {
            let selected = chosen.as_deref() == Some(category.slug.as_str());
            view! { <option value=category.slug.clone() selected=selected>{category.name(lang).to_owned()}</option> }
        });
        let categories = categories.collect::<Vec<_>>();
        let status = self.status();
        let states = CaseStatus::ALL.map(|state| {
            view! { <option value=state.as_str() selected=status == Some(state)>{status_words(lang, state)}</option> }
        });
        let sort = (self.sort() != Sort::default()).then(|| view! { <input type="hidden" name="sort" value=self.sort().as_str()/> });
        let min = self.min().map(|Rupiah(amount)| amount.to_string());
        Html::of(view! {
            <form class="filters" action="/validation-cases">
                <select class="select input-sm" name="category" aria-label=tr!(lang, "filter.category")><option value="">{tr!(lang, "filter.all_categories")}</option>{categories}</select>
                <select class="select input-sm" name="status" aria-label=tr!(lang, "filter.status")><option value="">{tr!(lang, "filter.all_states")}</option>{states}</select>
                <input class="input input-sm num" name="min" size="12" inputmode="numeric" maxlength="15" aria-label=tr!(lang, "filter.min") placeholder=tr!(lang, "filter.min_hint") value=min/>
                <input class="input input-sm" name="tag" size="10" maxlength="50" aria-label=tr!(lang, "filter.tag") placeholder=tr!(lang, "filter.tag") value=self.tag()/>
                {sort}
                <button class="btn"><Icon name="funnel"/>{tr!(lang, "filter.apply")}</button>
            </form>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_read_kindly_and_written_plainly() {
        let asked = Asked { status: "open".into(), min: "Rp 1.000.000".into(), tag: " #Hukum".into(), ..Asked::default() };
        assert_eq!(asked.chosen(), "status=open&min=1000000&tag=hukum&");
        assert!(asked.narrows());
        let nothing = Asked { status: "?".into(), min: "banyak".into(), tag: "a b".into(), ..Asked::default() };
        assert_eq!(nothing.chosen(), "");
        assert!(!nothing.narrows());
    }
}
