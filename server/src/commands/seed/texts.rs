//! The demonstration's texts: TOML files in `seed/`, compiled in so that the binary needs nothing beside it.

use aivalid_model::content::{Column, ContentInput};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

const PEOPLE: &str = include_str!("../../../seed/people.toml");
const CATALOG: &str = include_str!("../../../seed/categories.toml");
const TOPICS: [&str; 24] = [
    include_str!("../../../seed/topics/id/announcements.toml"),
    include_str!("../../../seed/topics/id/general.toml"),
    include_str!("../../../seed/topics/id/model-evaluation.toml"),
    include_str!("../../../seed/topics/id/datasets.toml"),
    include_str!("../../../seed/topics/id/methods.toml"),
    include_str!("../../../seed/topics/id/help.toml"),
    include_str!("../../../seed/topics/id/ai-models.toml"),
    include_str!("../../../seed/topics/id/dataset-audits.toml"),
    include_str!("../../../seed/topics/id/reports.toml"),
    include_str!("../../../seed/topics/id/proofs.toml"),
    include_str!("../../../seed/topics/id/translations.toml"),
    include_str!("../../../seed/topics/id/code.toml"),
    include_str!("../../../seed/topics/en/announcements.toml"),
    include_str!("../../../seed/topics/en/general.toml"),
    include_str!("../../../seed/topics/en/model-evaluation.toml"),
    include_str!("../../../seed/topics/en/datasets.toml"),
    include_str!("../../../seed/topics/en/methods.toml"),
    include_str!("../../../seed/topics/en/help.toml"),
    include_str!("../../../seed/topics/en/ai-models.toml"),
    include_str!("../../../seed/topics/en/dataset-audits.toml"),
    include_str!("../../../seed/topics/en/reports.toml"),
    include_str!("../../../seed/topics/en/proofs.toml"),
    include_str!("../../../seed/topics/en/translations.toml"),
    include_str!("../../../seed/topics/en/code.toml"),
];

/// Someone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub username: String,
    pub full_name: String,
    pub bio: String,
    pub location: String,
    pub language: String,
    pub time_zone: String,
    #[serde(default)]
    pub website: Option<String>,
    pub fields: Vec<String>,
    pub role: String,
}

/// A category.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub slug: String,
    pub kind: String,
    pub name_id: String,
    pub name_en: String,
    pub description_id: String,
    pub description_en: String,
    pub colour: String,
    pub icon: String,
}

/// A badge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Badge {
    pub slug: String,
    pub name_id: String,
    pub name_en: String,
    pub description_id: String,
    pub description_en: String,
    pub icon: String,
    pub colour: String,
}

/// What threads or cases are made of: parts that fit together in any combination.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Topic {
    pub kind: String,
    pub category: String,
    pub tags: Vec<String>,
    pub titles: Vec<String>,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub bodies: Vec<String>,
    #[serde(default)]
    pub tables: Vec<Table>,
    pub replies: Vec<String>,
    #[serde(default)]
    pub followups: Vec<String>,
    #[serde(default)]
    pub bounty: Vec<i64>,
    #[serde(default)]
    pub slots: BTreeMap<String, Vec<String>>,
    /// The file's language.
    #[serde(skip)]
    pub lang: String,
}

/// Content with typed columns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<serde_json::Value>>,
}

impl Table {
    pub fn input(&self) -> ContentInput {
        ContentInput::Table { columns: self.columns.clone(), rows: self.rows.clone() }
    }
}

/// Everything.
pub(super) struct Texts {
    pub people: Vec<Person>,
    pub categories: Vec<Category>,
    pub badges: Vec<Badge>,
    pub topics: Vec<Topic>,
}

impl Texts {
    pub fn load() -> Result<Self> {
        #[derive(Deserialize)]
        struct People {
            person: Vec<Person>,
        }
        #[derive(Deserialize)]
        struct Catalog {
            category: Vec<Category>,
            badge: Vec<Badge>,
        }
        #[derive(Deserialize)]
        struct Topics {
            topic: Vec<Topic>,
        }
        let people: People = toml::from_str(PEOPLE).context("people.toml")?;
        let catalog: Catalog = toml::from_str(CATALOG).context("categories.toml")?;
        let mut topics = Vec::new();
        for (index, text) in TOPICS.iter().enumerate() {
            let file: Topics = toml::from_str(text).with_context(|| format!("topic file {index}"))?;
            // The first half of the list is Indonesian.
            let lang = if index < TOPICS.len() / 2 { "id" } else { "en" };
            topics.extend(file.topic.into_iter().map(|topic| Topic { lang: lang.to_owned(), ..topic }));
        }
        Ok(Self { people: people.person, categories: catalog.category, badges: catalog.badge, topics })
    }
}

/// A text with its `{slots}` filled.
pub(super) fn fill(text: &str, slots: &[(&str, &str)]) -> String {
    slots.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icons_are_in_the_sprite() {
        let texts = Texts::load().unwrap();
        let sprite = include_str!("../../../../public/icons.svg");
        let categories = texts.categories.iter().map(|category| &category.icon);
        for icon in categories.chain(texts.badges.iter().map(|badge| &badge.icon)) {
            assert!(sprite.contains(&format!("id=\"i-{icon}\"")), "no icon {icon}: add it to scripts/icons");
        }
    }

    #[test]
    fn every_file_reads_and_fits_the_rules() {
        let texts = Texts::load().unwrap();
        assert_eq!((texts.people.len(), texts.categories.len()), (80, 12));
        for topic in &texts.topics {
            let category = texts.categories.iter().find(|category| category.slug == topic.category);
            assert!(category.is_some(), "{} is no category", topic.category);
            assert!(!topic.titles.is_empty() && topic.bodies.len() + topic.tables.len() > 0, "{:?}", topic.titles);
        }
    }
}
