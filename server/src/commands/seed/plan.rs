//! Who is there, and which posts there will be.

use super::{
    Scale,
    dice::Dice,
    library::{Variant, variants},
    texts::{Person, Texts, Topic},
};
use crate::app::App;
use aivalid_model::{
    Timestamp,
    cases::CaseStatus,
    community::CategoryKind,
    id::{BadgeId, CategoryId, UserId},
    identity::{Role, TimeZone},
};
use aivalid_service::{
    content::Renderer,
    store::{NewBadge, NewCategory},
};
use anyhow::{Context, Result, anyhow};
use std::{collections::HashMap, time::Duration};

const DAY: u64 = 24 * 60 * 60;
/// How far back the demonstration reaches.
const HISTORY: u64 = 420 * DAY;

/// Someone who will have an account.
pub(super) struct Member {
    pub id: UserId,
    pub username: String,
    pub full_name: String,
    pub bio: String,
    pub location: String,
    pub website: String,
    pub english: bool,
    pub role: Role,
    pub time_zone: Option<TimeZone>,
    pub fields: Vec<String>,
    pub since: Timestamp,
}

/// A thread or case that will be written.
pub(super) struct Post {
    pub topic: usize,
    pub variant: usize,
    pub author: UserId,
    pub at: Timestamp,
    pub replies: usize,
    /// Cases only.
    pub status: CaseStatus,
    pub bounty: i64,
    pub deadline_days: i64,
    pub cancelled_after: u64,
}

/// A topic with its variants.
pub(super) struct Told {
    pub category: CategoryId,
    pub category_slug: String,
    pub english: bool,
    pub variants: Vec<Variant>,
}

/// Everything that will be loaded.
pub(super) struct Plan {
    pub now: Timestamp,
    pub dice: Dice,
    pub members: Vec<Member>,
    pub told: Vec<Told>,
    pub threads: Vec<Post>,
    pub cases: Vec<Post>,
    pub badges: Vec<BadgeId>,
}

struct Sizes {
    members: usize,
    threads: usize,
    cases: usize,
    thread_replies: usize,
    case_replies: usize,
    variants: usize,
}

impl Plan {
    pub async fn make(app: &App, scale: Scale) -> Result<Self> {
        let sizes = match scale {
            Scale::Demo => Sizes { members: 80, threads: 400, cases: 150, thread_replies: 3_500, case_replies: 500, variants: 30 },
            Scale::Large => {
                Sizes { members: 5_000, threads: 100_000, cases: 20_000, thread_replies: 970_000, case_replies: 30_000, variants: 30 }
            }
        };
        let texts = Texts::load()?;
        // Whole hours: the same hour gives the same set.
        let now = Timestamp::from_secs(app.service.now().secs() / 3600 * 3600);
        let mut dice = Dice::new(20_261);
        let categories = make_categories(app, &texts).await?;
        let badges = make_badges(app, &texts).await?;
        let members = make_members(&texts.people, sizes.members, now, &mut dice);
        let renderer = Renderer::new();
        let told =
            texts.topics.iter().map(|topic| tell(topic, &categories, sizes.variants, &renderer, &mut dice)).collect::<Result<Vec<_>>>()?;
        let of_kind = |kind: &str| -> Vec<usize> {
            (0..texts.topics.len()).filter(|index| texts.topics.get(*index).is_some_and(|topic| topic.kind == kind)).collect()
        };
        let mut plan = Self { now, dice, members, told, threads: vec![], cases: vec![], badges };
        plan.threads = plan.posts(&of_kind("thread"), sizes.threads, sizes.thread_replies);
        plan.cases = plan.posts(&of_kind("case"), sizes.cases, sizes.case_replies);
        Ok(plan)
    }

    /// Posts in the order of their times, round the topics, with `replies` in all.
    fn posts(&mut self, topics: &[usize], count: usize, replies: usize) -> Vec<Post> {
        let mut used: HashMap<usize, usize> = HashMap::new();
        let mut posts = Vec::with_capacity(count);
        for index in 0..count {
            let Some(topic) = topics.get(index % topics.len().max(1)).copied() else { break };
            let Some(told) = self.told.get(topic) else { break };
            let turn = used.entry(topic).or_insert(0);
            let variant = *turn % told.variants.len().max(1);
            *turn += 1;
            let (field, english) = (told.category_slug.clone(), told.english);
            let (low, high) = told.variants.get(variant).and_then(|variant| variant.bounty).unwrap_or((0, 0));
            // More of late than long ago, and the newest within the last hours.
            let age = self.dice.fraction().powf(1.8) * HISTORY as f64;
            let at = self.now.minus(Duration::from_secs_f64(age + 60.0));
            let author = self.someone(&field, english, at);
            let old = self.now.since(at) > Duration::from_secs(45 * DAY);
            let cancelled = self.dice.percent(if old { 40 } else { 6 });
            posts.push(Post {
                topic,
                variant,
                author,
                at,
                replies: 0,
                status: if cancelled { CaseStatus::Cancelled } else { CaseStatus::Open },
                bounty: self.dice.between(low / 50_000, high.max(low) / 50_000) * 50_000,
                deadline_days: self.dice.between(3, 30),
                cancelled_after: self.dice.next() % (20 * DAY) + 3600,
            });
        }
        posts.sort_by_key(|post| post.at);
        self.share_replies(&mut posts, replies);
        posts
    }

    /// Few posts have many replies, many have few, some have none.
    fn share_replies(&mut self, posts: &mut [Post], replies: usize) {
        if posts.is_empty() {
            return;
        }
        let mean = replies as f64 / posts.len() as f64;
        let mut left = replies;
        for (index, post) in posts.iter_mut().enumerate() {
            let drawn = if index % 997 == 60 { 64 } else { self.dice.heavy(mean * 1.05, 40) };
            post.replies = drawn.min(left);
            left -= post.replies;
        }
        let mut index = 0;
        while left > 0 {
            if let Some(post) = posts.get_mut(index % posts.len()) {
                post.replies += 1;
                left -= 1;
            }
            index += 3;
        }
    }

    /// Someone who was there at the time, more likely from the field and of the language.
    pub fn someone(&mut self, field: &str, english: bool, at: Timestamp) -> UserId {
        let mut chosen = None;
        for attempt in 0..12 {
            let Some(member) = self.dice.pick(&self.members) else { break };
            chosen.get_or_insert(member.id);
            let fits = member.fields.iter().any(|own| own == field) && member.english == english;
            if member.since < at && (fits || attempt > 8) {
                return member.id;
            }
        }
        chosen.unwrap_or(UserId(1))
    }
}

fn tell(topic: &Topic, categories: &HashMap<String, CategoryId>, most: usize, renderer: &Renderer, dice: &mut Dice) -> Result<Told> {
    let category = *categories.get(&topic.category).with_context(|| format!("no category {}", topic.category))?;
    Ok(Told {
        category,
        category_slug: topic.category.clone(),
        english: topic.lang == "en",
        variants: variants(topic, most, renderer, dice)?,
    })
}

async fn make_categories(app: &App, texts: &Texts) -> Result<HashMap<String, CategoryId>> {
    let mut ids = HashMap::new();
    for (category, position) in texts.categories.iter().zip(1..) {
        let new = NewCategory {
            slug: category.slug.clone(),
            kind: category.kind.parse::<CategoryKind>().map_err(|()| anyhow!("{} is no kind", category.kind))?,
            name_id: category.name_id.clone(),
            name_en: category.name_en.clone(),
            description_id: category.description_id.clone(),
            description_en: category.description_en.clone(),
            colour: category.colour.clone(),
            icon: category.icon.clone(),
            position,
        };
        let id =
            app.service.stores().catalog.category_create(&new).await?.with_context(|| format!("{} is there already", category.slug))?;
        ids.insert(category.slug.clone(), id);
    }
    Ok(ids)
}

async fn make_badges(app: &App, texts: &Texts) -> Result<Vec<BadgeId>> {
    let mut ids = Vec::new();
    for badge in &texts.badges {
        let new = NewBadge {
            slug: badge.slug.clone(),
            name_id: badge.name_id.clone(),
            name_en: badge.name_en.clone(),
            description_id: badge.description_id.clone(),
            description_en: badge.description_en.clone(),
            icon: badge.icon.clone(),
            colour: badge.colour.clone(),
        };
        ids.extend(app.service.stores().catalog.badge_create(&new).await?);
    }
    Ok(ids)
}

/// The people of the list; beyond them, more with made-up names.
fn make_members(people: &[Person], count: usize, now: Timestamp, dice: &mut Dice) -> Vec<Member> {
    (0..count)
        .filter_map(|index| {
            let person = people.get(index % people.len().max(1))?;
            let again = index / people.len().max(1);
            let username = if again == 0 { person.username.clone() } else { format!("{:.14}_{again}", person.username) };
            let age = dice.next() % (HISTORY * 2) + 30 * DAY;
            Some(Member {
                id: UserId(i64::try_from(dice.next() >> 11).unwrap_or(1).max(1)),
                username,
                full_name: person.full_name.clone(),
                bio: person.bio.clone(),
                location: person.location.clone(),
                website: person.website.clone().unwrap_or_default(),
                english: person.language == "en",
                role: if again == 0 { person.role.parse().unwrap_or_default() } else { Role::User },
                time_zone: person.time_zone.parse().ok(),
                fields: person.fields.clone(),
                // The first people were there before the first post.
                since: now.minus(Duration::from_secs(if index < 20 { HISTORY + age } else { age })),
            })
        })
        .collect()
}
