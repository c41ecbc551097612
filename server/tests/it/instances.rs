//! Two instances over one PostgreSQL, MongoDB and Redis: what one ends, the other does not believe at its very next request; with a Redis
//! that is flushed, frozen or dead; and when an instance dies in the middle of things.

use crate::{
    client::{Answer, Client},
    harness::{PASSWORD, World, email_of, reply, thread},
    own_database::OwnDatabase,
    own_redis::OwnRedis,
    second_factor::switch_on,
    smtp::{Encryption, Sink},
};
use aivalid_model::{
    Error,
    check::Check,
    id::SessionId,
    identity::{NewPassword, Password},
};
use aivalid_service::{Caller, jobs::JobKind};
use axum::http::Method;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::{sync::watch, time::timeout};

const NEW: &str = "gerobak bakso biru";
const WHY: &str = "Permintaan tertulis";
/// Far beyond what anything here takes.
const LONG: Duration = Duration::from_secs(15);

struct Two {
    a: World,
    b: World,
    redis: OwnRedis,
    database: OwnDatabase,
}

impl Two {
    async fn start() -> Self {
        Self::with(&[], &[]).await
    }

    /// With further settings for each.
    async fn with(of_a: &[(&'static str, String)], of_b: &[(&'static str, String)]) -> Self {
        let (redis, database) = (OwnRedis::start(), OwnDatabase::make().await);
        let mongodb =
            std::env::var("TEST_MONGODB_URL").expect("scripts/test-services run … starts a MongoDB and names it in TEST_MONGODB_URL");
        let redis_url = redis.url();
        let mut settings =
            vec![("DATABASE_URL", &*database.url), ("REDIS_URL", &redis_url), ("MONGODB_URL", &mongodb), ("RATE_LIMIT_FACTOR", "1000")];
        let a = World::with(&[&settings[..], &borrowed(of_a)].concat()).await;
        // One folder: the keys that were made in it are both's.
        let folder = a.data_dir().to_str().unwrap().to_owned();
        settings.push(("DATA_DIR", &folder));
        let b = World::beside(&a, &[&settings[..], &borrowed(of_b)].concat()).await;
        Self { a, b, redis, database }
    }

    /// Somebody with a session that both instances believed a moment ago.
    async fn user(&self, name: &str) -> Client {
        let user = self.a.user(name).await;
        self.is_alive(&user).await;
        user
    }

    /// The same session, asking the other instance.
    fn there(&self, client: &Client) -> Client {
        self.b.anon().with_token(client.token.as_ref().unwrap())
    }

    async fn is_alive(&self, client: &Client) {
        client.get("/api/user/me").await.ok(200);
        self.there(client).get("/api/user/me").await.ok(200);
    }

    /// The other instance first: nobody told it but the stores.
    async fn is_dead(&self, client: &Client) {
        let there = self.there(client);
        there.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
        client.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
        refresh(&there, &client.refresh_token).await.refused(401, "SESSION_REVOKED");
        self.redis.flush();
        there.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
        client.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    }

    /// Waits until both reach Redis again.
    async fn are_back(&self) {
        let deadline = Instant::now() + LONG;
        for world in [&self.a, &self.b] {
            while world.anon().ask(Method::GET, "/api/threads").send_anyway().await.status == 503 {
                assert!(Instant::now() < deadline, "Redis is not found again");
                tokio::task::yield_now().await;
            }
        }
    }
}

fn borrowed<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

async fn refresh(client: &Client, token: &str) -> Answer {
    client.without_token().post("/api/auth/refresh", json!({ "refresh_token": token })).await
}

async fn caller(world: &World, client: &Client) -> Caller {
    let user = world.app.service.authenticate(&Caller::guest(), client.token.as_ref().unwrap()).await.unwrap();
    assert!(user.is_some());
    Caller { user, ..Caller::guest() }
}

#[tokio::test]
async fn what_its_owner_ends_is_dead_on_the_other_instance() {
    let two = Two::start().await;
    let (here, one) = (two.user("ani").await, two.a.user("budi").await);
    let other = here.again().await;
    two.is_alive(&other).await;
    here.delete(&format!("/api/auth/sessions/{}", other.session)).await.ok(200);
    two.is_dead(&other).await;
    two.is_alive(&here).await;

    here.ask(Method::POST, "/api/auth/logout").send().await.ok(200);
    two.is_dead(&here).await;

    let (first, second) = (one.again().await, one.again().await);
    for session in [&one, &first, &second] {
        two.is_alive(session).await;
    }
    two.there(&first).ask(Method::POST, "/api/auth/logout-all").send().await.ok(200);
    for session in [&one, &first, &second] {
        two.is_dead(session).await;
    }
}

#[tokio::test]
async fn a_new_password_ends_what_the_other_instance_believes() {
    let two = Two::start().await;
    let here = two.user("ani").await;
    let other = here.again().await;
    two.is_alive(&other).await;
    here.elevate().await;
    here.post("/api/auth/change-password", json!({ "new_password": NEW })).await.ok(200);
    two.is_dead(&other).await;
    two.is_alive(&here).await;

    two.there(&here).without_token().post("/api/auth/forgot-password", json!({"email": email_of("ani")})).await.ok(200);
    let mails = two.a.mails_to(&email_of("ani")).await;
    let link = mails.iter().find_map(|mail| mail.body.split_once("token=rst_")).unwrap().1;
    let token = format!("rst_{}", link.split_whitespace().next().unwrap());
    two.b.anon().post("/api/auth/reset-password", json!({"token": token, "password": PASSWORD})).await.ok(200);
    two.is_dead(&here).await;
}

#[tokio::test]
async fn what_the_staff_does_holds_on_the_other_instance() {
    let two = Two::start().await;
    let (admin, ani, budi, rina) = (two.a.admin("dewi").await, two.user("ani").await, two.user("budi").await, two.user("rina").await);
    admin.elevate().await;
    let path = |of: &Client, rest: &str| format!("/api/v1/admin/users/{}{rest}", of.id);
    two.there(&rina).get("/api/v1/admin/users").await.refused(403, "FORBIDDEN");
    switch_on(&two.a, &rina).await;
    for (role, status) in [("admin", 200), ("user", 403), ("moderator", 403), ("admin", 200), ("user", 403)] {
        admin.put(&path(&rina, "/role"), json!({"role": role, "reason": WHY})).await.ok(200);
        assert_eq!(two.there(&rina).get("/api/v1/admin/users").await.status, status, "{role}");
        two.redis.flush();
        assert_eq!(two.there(&rina).get("/api/v1/admin/users").await.status, status, "{role}");
    }
    let other = ani.again().await;
    two.is_alive(&other).await;
    admin.delete(&path(&ani, &format!("/sessions/{}?reason=Permintaan", other.session))).await.ok(200);
    two.is_dead(&other).await;
    two.is_alive(&ani).await;

    admin.post(&path(&budi, "/suspend"), json!({"reason": WHY})).await.ok(200);
    two.is_dead(&budi).await;
    let login = json!({"email": email_of("budi"), "password": PASSWORD});
    two.b.anon().post("/api/auth/login", login).await.refused(403, "ACCOUNT_SUSPENDED");
}

#[tokio::test]
async fn a_stolen_refresh_token_ends_its_session_on_both() {
    let two = Two::start().await;
    let ani = two.user("ani").await;
    let mut token = ani.refresh_token.clone();
    for world in [&two.a, &two.b] {
        token = refresh(&world.anon(), &token).await.ok(200)["refresh_token"].as_str().unwrap().to_owned();
    }
    refresh(&two.a.anon(), &ani.refresh_token).await.refused(401, "SESSION_REVOKED");
    refresh(&two.b.anon(), &token).await.refused(401, "SESSION_REVOKED");
    two.is_dead(&ani).await;
}

#[tokio::test]
async fn a_programs_token_is_worth_nothing_on_the_other_instance() {
    let two = Two::start().await;
    let ani = two.user("ani").await;
    ani.elevate().await;
    let made = ani.post("/api/auth/tokens", json!({"name": "Skrip malam", "scopes": ["read"]})).await.ok(201);
    let program = two.b.anon().with_token(made["token"].as_str().unwrap());
    program.get("/api/user/me").await.ok(200);
    ani.delete(&format!("/api/auth/tokens/{}", made["id"])).await.ok(200);
    program.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn what_one_instance_writes_the_other_reads() {
    let two = Two::start().await;
    let ani = two.user("ani").await;
    let id = ani.create("/api/threads", thread("Dibaca di mana saja")).await;
    two.there(&ani).create(&format!("/api/v1/threads/{id}/replies"), reply("Dari instans lain")).await;
    let list = two.a.anon().get(&format!("/api/v1/threads/{id}/replies")).await.ok(200);
    assert_eq!((list["data"].as_array().unwrap().len(), list["pagination"]["total"].as_i64()), (1, Some(1)));
}

#[tokio::test]
async fn without_redis_nobody_gets_in_and_nobody_is_signed_out() {
    let mut two = Two::start().await;
    let (ani, ended) = (two.user("ani").await, two.user("budi").await);
    let browser = ani.in_browser().await;
    browser.get("/account").await.page(200);
    ended.ask(Method::POST, "/api/auth/logout").send().await.ok(200);
    two.redis.kill();
    for client in [&ani, &two.there(&ani), &two.there(&ended), &two.b.anon()] {
        for (method, path) in [(Method::GET, "/api/user/me"), (Method::POST, "/api/auth/logout")] {
            let answer = client.ask(method, path).send_anyway().await;
            assert!(answer.status == 503 && !answer.header("retry-after").is_empty(), "{answer:?}");
        }
    }
    let login = json!({"email": email_of("ani"), "password": PASSWORD});
    assert_eq!(two.b.anon().ask(Method::POST, "/api/auth/login").json(&login).send_anyway().await.status, 503);
    // An access token that is over leads to a refresh; where that can't be done the browser keeps what it has.
    two.a.pass_secs(20 * 60);
    let kept = browser.cookie("aivalid_refresh");
    let answer = browser.ask(Method::GET, "/account").send_anyway().await;
    assert!(answer.status == 503 && kept.is_some() && browser.cookie("aivalid_refresh") == kept, "{answer:?}");

    two.redis.start_again();
    two.are_back().await;
    browser.get("/account").await.page(200);
    refresh(&two.b.anon(), &ani.refresh_token).await.ok(200);
    refresh(&two.b.anon(), &ended.refresh_token).await.refused(401, "SESSION_REVOKED");
}

#[tokio::test]
async fn what_fails_for_want_of_redis_has_not_happened() {
    let two = Two::start().await;
    let ani = two.user("ani").await;
    let others = [ani.again().await, ani.again().await];
    for other in &others {
        two.is_alive(other).await;
    }
    ani.elevate().await;
    let (caller, service) = (caller(&two.a, &ani).await, &two.a.app.service);
    let new = NewPassword { password: Password::check(NEW.to_owned()).unwrap() };

    two.redis.freeze();
    let gone = |error: Option<Error>| assert!(matches!(error, Some(Error::Unavailable { .. })), "{error:?}");
    gone(service.session_end(&caller, SessionId(others[0].session)).await.err());
    gone(service.session_end_all(&caller, true).await.err());
    gone(service.change_password(&caller, &new).await.err());
    gone(service.logout(&caller).await.err());
    two.redis.thaw();
    two.are_back().await;

    // Neither instance believes what the database does not say, in either direction.
    for session in others.iter().chain([&ani]) {
        two.is_alive(session).await;
    }
    let login = json!({"email": email_of("ani"), "password": PASSWORD});
    two.b.anon().post("/api/auth/login", login).await.ok(200);
    // Tried again, it works.
    service.change_password(&caller, &new).await.unwrap();
    for session in &others {
        two.is_dead(session).await;
    }
    two.is_alive(&ani).await;
}

#[tokio::test]
async fn an_instance_that_dies_while_refreshing_signs_nobody_out() {
    let two = Two::start().await;
    let ani = two.user("ani").await;
    let mut token = ani.refresh_token.clone();
    for round in 0..12_usize {
        two.a.pass_secs(60);
        let ask = |world: &World| {
            let (client, token) = (world.anon(), token.clone());
            tokio::spawn(async move { refresh(&client, &token).await.ok(200)["refresh_token"].as_str().unwrap().to_owned() })
        };
        let dying: Vec<_> = (0..6).map(|_| ask(&two.a)).collect();
        let living: Vec<_> = (0..6).map(|_| ask(&two.b)).collect();
        // Each time a little further on its way.
        for _ in 0..round * 4 {
            tokio::task::yield_now().await;
        }
        for task in &dying {
            task.abort();
        }
        let mut successors = vec![];
        for task in dying {
            successors.extend(task.await.ok());
        }
        for task in living {
            successors.push(task.await.unwrap());
        }
        // Whoever lost the answer asks again.
        successors.push(refresh(&two.b.anon(), &token).await.ok(200)["refresh_token"].as_str().unwrap().to_owned());
        successors.dedup();
        assert_eq!(successors.len(), 1, "one token has one successor");
        token = successors.remove(0);
    }
    refresh(&two.b.anon(), &token).await.ok(200);
}

#[tokio::test]
async fn a_dead_instances_letters_go_out_once_each() {
    let (silent, sink) = (Sink::open(Encryption::None).await, Sink::open(Encryption::None).await);
    silent.answer_mails(&["", "", "", ""]);
    let two = Two::with(&silent.settings("none"), &sink.settings("none")).await;
    let names = ["ani", "budi", "citra", "dewi", "eka", "fajar", "gita"];
    for name in names {
        let body = json!({"email": email_of(name), "password": PASSWORD, "username": name});
        two.a.anon().post("/api/auth/register", body).await.ok(200);
    }
    let (_stop, stopping) = watch::channel(false);
    let service = two.a.app.service.clone();
    let worker = tokio::spawn(async move { service.work(JobKind::Mail, stopping, Duration::ZERO).await });
    timeout(LONG, silent.has(4)).await.unwrap();
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());

    let work = async || two.b.app.service.run_due_jobs(JobKind::Mail).await.unwrap();
    assert_eq!(work().await, 3, "what nobody holds");
    two.b.pass_secs(299);
    assert_eq!(work().await, 0, "leases live");
    two.b.pass_secs(1);
    assert_eq!(work().await, 4, "leases lapsed");
    let mut to: Vec<_> = sink.mails().into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, names.map(email_of));
    assert_eq!(two.b.app.service.stores().jobs.job_figures().await.unwrap(), []);
    assert!(two.database.url.starts_with("postgres"));
}
