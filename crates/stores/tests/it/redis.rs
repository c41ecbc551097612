//! What may be forgotten, in Redis: the contract, and what happens when Redis is flushed, restarted or gone.

use crate::proxy::Proxy;
use aivalid_model::{
    Timestamp,
    id::{SessionId, UserId},
    identity::{Method, Methods, Permissions, TimeZone},
    kyc::KycLevel,
};
use aivalid_service::{
    contract::cache::{eventually, hear},
    store::{Attempt, CachedSession, Health, IdempotencyStore, KeyClaim, Limit, RateLimiter, SavedAnswer, SessionCache, Signal, Signals},
};
use aivalid_stores::redis::RedisCache;
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};
use tokio::time::timeout;

const LONG: Duration = Duration::from_mins(5);
const LIMIT: Limit = Limit { count: 2, window: Duration::from_mins(10) };

fn address() -> String {
    crate::address("TEST_REDIS_URL")
}

/// Nobody else's: the process is part of it, because each test may run in one of its own.
fn prefix() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("test:{}:{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

async fn connect(prefix: &str) -> RedisCache {
    RedisCache::connect(&address(), prefix).await.unwrap()
}

async fn open() -> Box<RedisCache> {
    Box::new(connect(&prefix()).await)
}

aivalid_service::cache_suite!(crate::redis::open);

fn claim(key: &str) -> KeyClaim {
    KeyClaim { key: key.into(), fingerprint: "one".into(), holder: "me".into() }
}

fn session() -> CachedSession {
    CachedSession {
        user: UserId(1),
        username: "bima".into(),
        full_name: None,
        avatar_url: None,
        permissions: Permissions::default(),
        email_verified: true,
        since: 0,
        kyc_level: KycLevel::TWO,
        time_zone: TimeZone::WIB,
        locale: None,
        methods: Methods::of(Method::Password),
        authenticated_at: 1_763_000_000_000_000,
        elevated_at: None,
        elevated_by: Methods::of(Method::Passkey),
        expires_at: i64::MAX,
        touched_at: 0,
        recovery: None,
    }
}

async fn connection() -> redis::aio::MultiplexedConnection {
    redis::Client::open(address()).unwrap().get_multiplexed_async_connection().await.unwrap()
}

/// All keys of one prefix, as `FLUSHALL` would take them, but leaving other tests alone.
async fn keys(prefix: &str) -> Vec<String> {
    redis::cmd("KEYS").arg(format!("{prefix}:*")).query_async(&mut connection().await).await.unwrap()
}

#[tokio::test]
async fn two_instances_share_everything_but_prefixes_nothing() {
    let prefix = prefix();
    let (here, there, elsewhere) = (connect(&prefix).await, connect(&prefix).await, open().await);
    here.session_remember(SessionId(1), &session(), LONG).await.unwrap();
    assert_eq!(there.session_recall(SessionId(1)).await.unwrap(), Some(session()));
    assert_eq!(elsewhere.session_recall(SessionId(1)).await.unwrap(), None);
    there.session_forget(SessionId(1)).await.unwrap();
    here.session_remember(SessionId(1), &session(), LONG).await.unwrap();
    assert_eq!(here.session_recall(SessionId(1)).await.unwrap(), None);

    let allowed = [
        here.admit("key", LIMIT, Timestamp::from_secs(1)).await,
        there.admit("key", LIMIT, Timestamp::from_secs(1)).await,
        here.admit("key", LIMIT, Timestamp::from_secs(1)).await,
        elsewhere.admit("key", LIMIT, Timestamp::from_secs(1)).await,
    ];
    assert_eq!(allowed.map(|answer| answer.unwrap().allowed), [true, true, false, true]);

    assert_eq!(here.attempt(&claim("key"), LONG).await.unwrap(), Attempt::First);
    assert_eq!(there.attempt(&claim("key"), LONG).await.unwrap(), Attempt::Running);
    assert_eq!(elsewhere.attempt(&claim("key"), LONG).await.unwrap(), Attempt::First);
}

#[tokio::test]
async fn signals_reach_every_instance_of_a_prefix() {
    let prefix = prefix();
    let (here, there, elsewhere) = (connect(&prefix).await, connect(&prefix).await, open().await);
    let mut listeners = [here.subscribe().await.unwrap(), there.subscribe().await.unwrap()];
    let mut stranger = elsewhere.subscribe().await.unwrap();
    here.publish(Signal::UserChanged(UserId(7))).await.unwrap();
    there.publish(Signal::CatalogChanged).await.unwrap();
    elsewhere.publish(Signal::UserChanged(UserId(8))).await.unwrap();
    for listener in &mut listeners {
        let mut heard = [hear(listener).await, hear(listener).await];
        heard.sort_by_key(|signal| *signal == Signal::CatalogChanged);
        assert_eq!(heard, [Signal::UserChanged(UserId(7)), Signal::CatalogChanged]);
    }
    assert_eq!(hear(&mut stranger).await, Signal::UserChanged(UserId(8)));
}

#[tokio::test]
async fn lost_connections_are_made_anew() {
    let proxy = Proxy::open(&address()).await;
    let store = RedisCache::connect(&proxy.address(), &prefix()).await.unwrap();
    let mut listener = store.subscribe().await.unwrap();
    store.publish(Signal::CatalogChanged).await.unwrap();
    assert_eq!(hear(&mut listener).await, Signal::CatalogChanged);

    proxy.close().await;
    let begun = Instant::now();
    let error = store.session_recall(SessionId(1)).await.unwrap_err();
    assert!(error.transient, "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10), "whoever waits is told soon");
    assert!(store.ping().await.unwrap_err().transient);

    proxy.reopen().await;
    eventually("Redis answers again", async || store.ping().await.is_ok()).await;
    // It subscribes by itself, and those who listened already hear it as before.
    eventually("the listener hears again", async || {
        // While it is not subscribed, a message is lost: at most once is what was promised.
        let said = store.publish(Signal::UserChanged(UserId(3))).await.is_ok();
        said && timeout(Duration::from_millis(50), listener.recv()).await.is_ok_and(|heard| heard == Ok(Signal::UserChanged(UserId(3))))
    })
    .await;
    store.subscribe().await.unwrap();
}

#[tokio::test]
async fn everything_goes_on_when_redis_was_flushed() {
    let prefix = prefix();
    let store = connect(&prefix).await;
    let use_all = async || {
        assert_eq!(store.session_recall(SessionId(1)).await.unwrap(), None);
        store.session_remember(SessionId(1), &session(), LONG).await.unwrap();
        assert_eq!(store.session_recall(SessionId(1)).await.unwrap(), Some(session()));
        assert_eq!(store.admit("key", LIMIT, Timestamp::from_secs(1)).await.unwrap().remaining, 1);
        assert_eq!(store.attempt(&claim("key"), LONG).await.unwrap(), Attempt::First);
        let answer = SavedAnswer { status: 200, content_type: "text/plain".into(), body: b"ya".to_vec() };
        store.finish(&claim("key"), &answer, LONG).await.unwrap();
        assert_eq!(store.attempt(&claim("key"), LONG).await.unwrap(), Attempt::Done(answer));
        store.give_up(&claim("key")).await.unwrap();
        store.ping().await.unwrap();
    };
    use_all().await;
    let mut admin = connection().await;
    redis::cmd("DEL").arg(keys(&prefix).await).exec_async(&mut admin).await.unwrap();
    // A restarted Redis does not know the scripts either.
    redis::cmd("SCRIPT").arg("FLUSH").exec_async(&mut admin).await.unwrap();
    use_all().await;
}

#[tokio::test]
async fn nothing_is_kept_for_ever() {
    let prefix = prefix();
    let store = connect(&prefix).await;
    store.session_remember(SessionId(1), &session(), LONG).await.unwrap();
    store.session_forget(SessionId(2)).await.unwrap();
    store.admit("key", LIMIT, Timestamp::from_secs(1)).await.unwrap();
    store.attempt(&claim("claimed"), LONG).await.unwrap();
    let answer = SavedAnswer { status: 200, content_type: String::new(), body: Vec::new() };
    store.finish(&claim("kept"), &answer, LONG).await.unwrap();
    let keys = keys(&prefix).await;
    assert_eq!(keys.len(), 5, "{keys:?}");
    for key in keys {
        let left: i64 = redis::cmd("PTTL").arg(&key).query_async(&mut connection().await).await.unwrap();
        assert!((1..=700_000).contains(&left), "{key} is kept for {left} ms");
    }
}

#[tokio::test]
async fn what_another_version_wrote_is_a_miss() {
    let prefix = prefix();
    let store = connect(&prefix).await;
    store.session_remember(SessionId(1), &session(), LONG).await.unwrap();
    let [key] = <[String; 1]>::try_from(keys(&prefix).await).unwrap();
    redis::cmd("SET").arg(&key).arg("{\"user\":1}").exec_async(&mut connection().await).await.unwrap();
    assert_eq!(store.session_recall(SessionId(1)).await.unwrap(), None);
    store.session_remember(SessionId(1), &session(), LONG).await.unwrap();
    assert_eq!(store.session_recall(SessionId(1)).await.unwrap(), Some(session()));
}

#[tokio::test]
async fn a_server_that_is_not_there_fails_quickly_and_for_now() {
    // Nobody listens on a port that was just free.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let begun = Instant::now();
    let error = RedisCache::connect(&format!("redis://127.0.0.1:{port}/"), "x").await.err().unwrap();
    assert!(error.transient, "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10));
    let error = RedisCache::connect("http://127.0.0.1/", "x").await.err().unwrap();
    assert!(!error.transient, "{error}");
}
