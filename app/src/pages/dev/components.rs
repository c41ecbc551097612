//! Every shared component in every state, for looking at them while they are changed.

mod samples;

use crate::{
    context::Ctx,
    page::{Layout, Page, PageResult},
    ui::{
        self, Avatar, AvatarSize, Badge, Breadcrumb, CaseRows, Chip, Day, Discussion, EmptyState, Event, Html, Icon, Money, PageLinks,
        ReactionBar, ReactionForm, StatusChip, Steps, Tab, Tabs, TagLink, ThreadRows, Tile, Time, Timeline, UserLink,
    },
};
use aivalid_model::{
    Error,
    cases::CaseStatus,
    community::ReactionKind,
    id::{ReplyId, ThreadId},
    money::Rupiah,
    page::{Page as List, PageRequest},
};
use leptos::prelude::*;

/// `GET /dev/components`.
pub async fn show(ctx: Ctx) -> PageResult {
    if !ctx.development {
        return Err(Error::NotFound.into());
    }
    let body = view! {
        <div class="page-head"><h1>"Components"</h1></div>
        <div class="stack stack-lg">
            {section("Small", small(&ctx))}
            {section("Status", states(&ctx))}
            {section("Navigation", navigation(&ctx))}
            {section("Rows", rows(&ctx))}
            {section("Steps", CaseStatus::ALL.map(|status| view! { <Steps lang=ctx.lang() status note=|_| Some("18 Nov".to_owned())/> }))}
            {section("Timeline", timeline(&ctx))}
            {section("Discussion", discussion(&ctx))}
            {section("Empty", view! { <EmptyState icon="briefcase" title="Nothing yet" words="What would be here."><a class="btn btn-primary" href="#">"Next step"</a></EmptyState> })}
        </div>
        <ReactionForm ctx=&ctx/>
    };
    Ok(Page::new("Components", body).layout(Layout::Wide))
}

fn section(title: &'static str, content: impl IntoView) -> impl IntoView {
    view! { <section class="stack"><h2>{title}</h2><div class="stack">{content}</div></section> }
}

fn small(ctx: &Ctx) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let card = samples::card(5, "rina_ayu", Some("Rina Ayu"));
    let gone = samples::card(3, "deleted", None);
    let badge = samples::badge();
    let hues = (0..8).map(|id| {
        let card = samples::card(id, "ab", None);
        view! { <Avatar card=&card/> }
    });
    let hues = hues.collect::<Vec<_>>();
    let tiles = ["red", "amber", "lime", "green", "teal", "blue", "violet", "pink", "slate"]
        .map(|colour| view! { <Tile icon="flask-conical".to_owned() colour=colour.to_owned()/> });
    view! {
        <div class="cluster"><Avatar card=&card size=AvatarSize::Small/><Avatar card=&card/><Avatar card=&card size=AvatarSize::Large/>{hues}{tiles}</div>
        <div class="cluster"><UserLink lang card=&card/><UserLink lang card=&gone/><Badge lang badge=&badge/><TagLink slug="statistik".to_owned()/></div>
        <div class="cluster"><Money amount=Rupiah(1_250_000)/><Time ctx at=ctx.now/><Time ctx at=samples::ago(ctx, 7300)/><Day ctx at=ctx.now/><Icon name="heart"/><Icon name="heart" large=true/></div>
    }
}

fn states(ctx: &Ctx) -> impl IntoView + use<> {
    let lang = ctx.lang();
    view! {
        <div class="cluster">{CaseStatus::ALL.map(|status| view! { <StatusChip lang status/> })}</div>
        <div class="cluster"><Chip kind="warning" icon="clock" words="Warning"/><Chip kind="success" icon="shield-check" words="Success"/><Chip kind="danger" icon="circle-x" words="Danger"/></div>
    }
}

fn navigation(ctx: &Ctx) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let tab = |words: &str, count, here| Tab { href: "#".to_owned(), words: words.to_owned(), count, here };
    let tabs = vec![tab("One", None, true), tab("Two", Some(1204), false), tab("Three", Some(0), false)];
    let pages = [(1, 40), (4, 460), (23, 460)].map(|(page, total)| {
        let list = List::<()>::new(vec![], PageRequest::new(Some(page), None), total);
        view! { <PageLinks lang pagination=&list.pagination base="?".to_owned()/> }
    });
    view! { <Breadcrumb lang trail=vec![("One".to_owned(), "#".to_owned()), ("Two".to_owned(), "#".to_owned())]/><Tabs lang label="Tabs".to_owned() tabs/>{pages} }
}

fn rows(ctx: &Ctx) -> impl IntoView + use<> {
    let categories = [samples::category()];
    let cases = CaseStatus::ALL.into_iter().enumerate().map(|(index, status)| samples::case(ctx, index, status)).collect();
    let threads = (0..3).map(|index| samples::thread(ctx, index)).collect();
    view! { <CaseRows ctx rows=cases categories=&categories/><ThreadRows ctx rows=threads categories=&categories/> }
}

fn timeline(ctx: &Ctx) -> impl IntoView + use<> {
    let event = |icon, words: &str, key| Event {
        icon,
        words: Html::of(view! { <b>"rina_ayu"</b>" "{words.to_owned()} }),
        at: ctx.now,
        hash: Some((1, "0123456789abcdef".repeat(4))),
        key,
    };
    let events = vec![
        event("circle-dot", "opened the case", false),
        event("lock", "locked the funds", true),
        event("circle-slash", "cancelled it", true),
    ];
    view! { <Timeline ctx events/> }
}

fn discussion(ctx: &Ctx) -> impl IntoView + use<> {
    let words = "Author";
    let shown = Discussion {
        ctx,
        path: "/dev/components",
        query: "?",
        owner: samples::OWNER,
        owner_words: words,
        open: true,
        picking: Some(ReplyId(2)),
    };
    let bar = |picker| view! { <div class="cluster"><ReactionBar lang=ctx.lang() target=ThreadId(1).into() counts=samples::reactions() mine=Some(ReactionKind::Like) picker/></div> };
    view! {
        {bar(true)}{bar(false)}
        {ui::reply_tree(&shown, &samples::replies(ctx))}
    }
}
