//! Texts made ready: slots filled and rendered once, used by as many posts as the scale asks for.

use super::{
    dice::Dice,
    texts::{Topic, fill},
};
use aivalid_model::{
    check::CheckAll,
    content::{ContentInput, ContentType},
};
use aivalid_service::content::Renderer;
use anyhow::{Result, anyhow};
use std::collections::HashSet;

/// A source and what it renders to.
pub(super) struct Text {
    pub source: String,
    pub html: String,
}

/// One way to tell a topic.
pub(super) struct Variant {
    pub title: String,
    pub summary: String,
    pub content_type: ContentType,
    pub content: Text,
    pub tags: Vec<String>,
    /// Answers to the post, then answers to answers.
    pub replies: Vec<Text>,
    pub followups: Vec<Text>,
    pub bounty: Option<(i64, i64)>,
}

/// At most `wanted` variants of a topic with different titles.
pub(super) fn variants(topic: &Topic, wanted: usize, renderer: &Renderer, dice: &mut Dice) -> Result<Vec<Variant>> {
    let mut variants = Vec::new();
    let mut titles = HashSet::new();
    for turn in 0..wanted * 6 {
        if variants.len() == wanted {
            break;
        }
        let slots: Vec<(&str, &str)> =
            topic.slots.iter().filter_map(|(name, values)| Some((name.as_str(), dice.pick(values)?.as_str()))).collect();
        let Some(title) = topic.titles.get(turn % topic.titles.len().max(1)) else { break };
        let title = fill(title, &slots);
        if !titles.insert(title.clone()) {
            continue;
        }
        variants.push(variant(topic, title, &slots, turn, renderer)?);
    }
    Ok(variants)
}

fn variant(topic: &Topic, title: String, slots: &[(&str, &str)], turn: usize, renderer: &Renderer) -> Result<Variant> {
    let parts = topic.bodies.len() + topic.tables.len();
    let part = turn % parts.max(1);
    let input = match topic.bodies.get(part) {
        Some(body) => ContentInput::Markdown { text: fill(body, slots) },
        None => {
            topic.tables.get(part - topic.bodies.len()).map(super::texts::Table::input).ok_or_else(|| anyhow!("{title} has no content"))?
        }
    };
    let content = input.check_all().map_err(|error| anyhow!("{title}: {error:?}"))?;
    let rendered = renderer.render(&content);
    let texts = |list: &[String]| list.iter().map(|text| text_of(&fill(text, slots), renderer)).collect();
    let summary = fill(&topic.summary, slots);
    Ok(Variant {
        title,
        summary: if summary.is_empty() { rendered.summary } else { summary },
        content_type: content.content_type(),
        content: Text { source: content.source(), html: rendered.html },
        tags: topic.tags.clone(),
        replies: texts(&topic.replies),
        followups: texts(&topic.followups),
        bounty: topic.bounty.first().copied().zip(topic.bounty.get(1).copied()),
    })
}

fn text_of(source: &str, renderer: &Renderer) -> Text {
    let source = source.trim().to_owned();
    let html = renderer.render_markdown(&source).html;
    Text { source, html }
}
