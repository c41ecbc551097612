//! Figures for Prometheus.

use crate::{
    client::Answer,
    harness::{PASSWORD, World},
    smtp::{Encryption, Sink},
};
use aivalid_service::jobs::JobKind;
use axum::http::Method;
use serde_json::json;

const TOKEN: &str = "angka-untuk-prometheus";

async fn read(world: &World, token: &str) -> Answer {
    world.anon().ask(Method::GET, "/metrics").header("authorization", format!("Bearer {token}")).send().await
}

/// The figures of letters, in the order of the page: waiting, age of the oldest, given up and kept; sent, failed, given up.
async fn figures(world: &World, kind: &str) -> Vec<u64> {
    let answer = read(world, TOKEN).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"), "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let of_kind = |line: &&str| line.contains(&format!("{{kind=\"{kind}\""));
    answer.text().lines().filter(of_kind).map(|line| line.rsplit(' ').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn figures_follow_letters() {
    let sink = Sink::open(Encryption::None).await;
    let own = sink.settings("none");
    let settings: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).chain([("METRICS_TOKEN", TOKEN)]).collect();
    let world = World::with(&settings).await;
    let work = async || world.app.service.run_due_jobs(JobKind::Mail).await.unwrap();
    assert_eq!(figures(&world, "mail").await, [0, 0, 0, 0, 0, 0]);
    let register = async |name: &str| {
        let body = json!({"email": format!("{name}@contoh.id"), "password": PASSWORD, "username": name});
        world.anon().post("/api/auth/register", body).await.ok(200);
    };
    register("dewi_l").await;
    world.pass_secs(90);
    assert_eq!(figures(&world, "mail").await, [1, 90, 0, 0, 0, 0]);
    work().await;
    assert_eq!(figures(&world, "mail").await, [0, 0, 0, 1, 0, 0]);

    sink.answer_recipients(&["451 4.7.1 greylisted", "550 5.1.1 unknown"]);
    register("bima_a").await;
    work().await;
    assert_eq!(figures(&world, "mail").await, [1, 0, 0, 1, 1, 0]);
    world.pass_secs(3600);
    work().await;
    assert_eq!(figures(&world, "mail").await, [0, 0, 1, 1, 1, 1]);
    assert_eq!(figures(&world, "sms").await, [0, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn the_format_is_prometheus_own() {
    let world = World::with(&[("METRICS_TOKEN", TOKEN)]).await;
    let answer = read(&world, TOKEN).await;
    for line in answer.text().lines() {
        let (name, value) = line.rsplit_once(' ').unwrap();
        let is_figure = name.starts_with("aivalid_queue_") && name.ends_with("\"}") && value.parse::<u64>().is_ok();
        assert!(line.starts_with("# HELP aivalid_") || line.starts_with("# TYPE aivalid_") || is_figure, "{line}");
    }
    assert_eq!(answer.text().matches("# TYPE aivalid_queue_attempts_total counter\n").count(), 1);
}

#[tokio::test]
async fn nobody_else_reads_them() {
    let world = World::with(&[("METRICS_TOKEN", TOKEN)]).await;
    for wrong in ["", "angka-untuk-prometheu", "angka-untuk-prometheus-", "ANGKA-UNTUK-PROMETHEUS"] {
        let answer = read(&world, wrong).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer"), "{wrong}: {answer:?}");
        assert!(answer.body.is_empty());
    }
    assert_eq!(world.admin("ratna_k").await.get("/metrics").await.status, 401, "a session opens nothing here");
    assert_eq!(read(&World::new().await, TOKEN).await.status, 404, "without a token there is no such address");
}
