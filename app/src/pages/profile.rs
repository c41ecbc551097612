//! Someone's page: who they are, their badges, what they wrote.

mod overview;

use crate::{
    context::Ctx,
    page::{Moved, Page, PageResult},
    pages::lists::list_end,
    paths,
    query::Asks,
    ui::{Avatar, AvatarSize, Badge, CaseRows, Day, EmptyState, Html, Icon, Tab, Tabs, ThreadRows},
};
use aivalid_model::{
    cases::CaseFilter,
    community::{Category, Sort, ThreadFilter},
    identity::{BadgeGrant, Profile},
    page::PageRequest,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;

/// What the address may ask for.
#[derive(Deserialize)]
pub struct Asked {
    tab: Option<String>,
    page: Option<u32>,
}

/// `GET /user/{username}`; a name that was given up leads to the present one.
pub async fn show(ctx: Ctx, Path(username): Path<String>, Asks(asked): Asks<Asked>) -> PageResult<Response> {
    let profile = ctx.service.profile(&ctx.caller, &username).await?;
    let path = paths::user(&profile.card.username);
    if username != profile.card.username {
        return Ok(Moved::to(path).into_response());
    }
    let lang = ctx.lang();
    let page = PageRequest::new(asked.page, None);
    let categories = ctx.service.categories(&ctx.caller).await?;
    let tab = asked.tab.as_deref().unwrap_or_default();
    let content = match tab {
        "threads" => threads(&ctx, &profile, page, &path, &categories).await?,
        "cases" => cases(&ctx, &profile, page, &path, &categories).await?,
        "badges" => badges(&ctx, ctx.service.badges_of(&ctx.caller, profile.card.id).await?),
        _ => overview::view(&ctx, &profile, &path, &categories).await?,
    };
    let name = profile.card.full_name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| profile.card.username.clone());
    let link = |key: &str, words: String, count: Option<u64>| Tab {
        href: if key.is_empty() { path.clone() } else { format!("{path}?tab={key}") },
        words,
        count,
        here: tab == key,
    };
    let tabs = vec![
        link("", tr!(lang, "profile.overview").into_owned(), None),
        link("cases", tr!(lang, "profile.cases").into_owned(), Some(profile.case_count)),
        link("threads", tr!(lang, "profile.threads").into_owned(), Some(profile.thread_count)),
        link("badges", tr!(lang, "profile.badges").into_owned(), None),
    ];
    let body = view! {
        {head(&ctx, &profile, &name)}
        <Tabs lang label=tr!(lang, "profile.content").into_owned() tabs/>
        {content}
    };
    let data = json!({
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "dateCreated": profile.created_at,
        "mainEntity": { "@type": "Person", "name": name, "alternateName": profile.card.username, "description": profile.bio, "url": format!("{}{path}", ctx.origin()) },
    });
    let mut page = Page::new(name, body).json_ld(data).canonical(path);
    if !profile.bio.is_empty() {
        page = page.description(profile.bio);
    }
    Ok(page.into_response())
}

fn head(ctx: &Ctx, profile: &Profile, name: &str) -> Html {
    let lang = ctx.lang();
    let badge = profile.card.badge.as_ref().map(|badge| view! { <Badge lang badge/> });
    let location = (!profile.location.is_empty()).then(|| view! { <span dir="auto">{profile.location.clone()}</span> });
    let website = (!profile.website.is_empty()).then(|| {
        let shown = profile.website.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned();
        view! { <a href=profile.website.clone() rel="nofollow ugc noopener"><Icon name="link"/>" "{shown}</a> }
    });
    let bio = (!profile.bio.is_empty()).then(|| {
        let lines = profile.bio.lines().map(|line| view! { {line.to_owned()}<br/> }).collect::<Vec<_>>();
        view! { <p class="prose" dir="auto">{lines}</p> }
    });
    let mine = ctx.caller.id() == Some(profile.card.id);
    let settings = mine
        .then(|| view! { <div class="cluster"><a class="btn" href="/account"><Icon name="pencil"/>{tr!(lang, "profile.edit")}</a></div> });
    Html::of(view! {
        <header class="profile-head">
            <Avatar card=&profile.card size=AvatarSize::Large/>
            <div>
                <h1 dir="auto">{name.to_owned()}</h1>
                <p class="meta"><span>"@"{profile.card.username.clone()}</span>{badge}{location}{website}<span>{tr!(lang, "profile.joined")}" "<Day ctx at=profile.created_at/></span></p>
                {bio}
            </div>
            {settings}
        </header>
    })
}

async fn threads(ctx: &Ctx, profile: &Profile, page: PageRequest, path: &str, categories: &[Category]) -> PageResult<Html> {
    let filter = ThreadFilter { author: Some(profile.card.id), sort: Sort::Newest, ..ThreadFilter::default() };
    let list = ctx.service.threads(&ctx.caller, &filter, page, None).await?;
    if list.pagination.total == 0 {
        return Ok(nothing(ctx, "messages-square"));
    }
    let end = list_end(ctx, &list.pagination, format!("{path}?tab=threads&"));
    Ok(Html::of(view! { <ThreadRows ctx rows=list.items categories level=2/>{end} }))
}

async fn cases(ctx: &Ctx, profile: &Profile, page: PageRequest, path: &str, categories: &[Category]) -> PageResult<Html> {
    let filter = CaseFilter { owner: Some(profile.card.id), sort: Sort::Newest, ..CaseFilter::default() };
    let list = ctx.service.cases(&ctx.caller, &filter, page, None).await?;
    if list.pagination.total == 0 {
        return Ok(nothing(ctx, "briefcase"));
    }
    let end = list_end(ctx, &list.pagination, format!("{path}?tab=cases&"));
    Ok(Html::of(view! { <CaseRows ctx rows=list.items categories level=2/>{end} }))
}

fn badges(ctx: &Ctx, grants: Vec<BadgeGrant>) -> Html {
    let lang = ctx.lang();
    if grants.is_empty() {
        let words = tr!(lang, "profile.no_badges_words");
        return Html::of(view! { <EmptyState icon="award" title=tr!(lang, "profile.no_badges") words/> });
    }
    let rows = grants.into_iter().map(|grant| {
        let reason = (!grant.reason.is_empty()).then(|| view! { <p class="row-meta" dir="auto">{grant.reason}</p> });
        view! {
            <li class="row">
                <div class="row-lead"><crate::ui::Tile icon=grant.badge.icon.clone() colour=grant.badge.colour.clone()/></div>
                <div class="row-main"><h2 class="row-title">{grant.badge.name(lang).to_owned()}</h2><p class="row-text">{grant.badge.description(lang).to_owned()}</p>{reason}</div>
                <div class="row-end"><span class="muted"><Day ctx at=grant.granted_at/></span></div>
            </li>
        }
    });
    Html::of(view! { <ul class="rows">{rows.collect::<Vec<_>>()}</ul> })
}

fn nothing(ctx: &Ctx, icon: &'static str) -> Html {
    let lang = ctx.lang();
    Html::of(view! { <EmptyState icon title=tr!(lang, "profile.nothing") words=tr!(lang, "profile.nothing_words")/> })
}
