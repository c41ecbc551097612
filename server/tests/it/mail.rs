//! Letters on their way: through real SMTP to a mail server that behaves well or badly, under a clock that the test moves.

use crate::{
    client::Client,
    harness::{DAY, World, email_of},
    smtp::{Encryption, PASSWORD, Sink, USERNAME},
};
use aivalid_model::{Error, jobs::JobView};
use aivalid_service::{
    Caller,
    jobs::JobKind,
    store::{Claim, JobFigures},
};
use mail_parser::MessageParser;
use serde_json::json;
use std::time::Duration;
use tokio::{net::TcpListener, sync::watch, time::timeout};

/// Far beyond what anything here takes, and short of the worker's own look at the queue.
const LONG: Duration = Duration::from_secs(15);
const SEALING: (&str, &str) = ("SEALING_KEYS", "uji:dGVzIHRlcyB0ZXMgdGVzIHRlcyB0ZXMgdGVzIHRlcyB0ZXM=");

fn borrowed<'a>(settings: &'a [(&'static str, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    settings.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect()
}

/// A world that sends through this mail server, in the clear.
async fn world(sink: &Sink) -> World {
    World::with(&borrowed(&sink.settings("none"), &[])).await
}

async fn register(anon: &Client, name: &str) {
    let body = json!({"email": email_of(name), "password": crate::harness::PASSWORD, "username": name});
    anon.post("/api/auth/register", body).await.ok(200);
}

/// Works the queue off; how many letters were begun.
async fn work(world: &World) -> u64 {
    world.app.service.run_due_jobs(JobKind::Mail).await.unwrap()
}

async fn waiting(world: &World) -> Vec<JobView> {
    world.app.service.operator_jobs(false).await.unwrap()
}

async fn given_up(world: &World) -> Vec<JobView> {
    world.app.service.operator_jobs(true).await.unwrap()
}

/// Somebody who is signed in, asking the service itself.
async fn caller(world: &World, client: &Client) -> Caller {
    let user = world.app.service.authenticate(&Caller::guest(), client.token.as_ref().unwrap()).await.unwrap();
    assert!(user.is_some());
    Caller { user, ..Caller::guest() }
}

#[tokio::test]
async fn a_letter_reaches_the_mail_server_whole() {
    let sink = Sink::open(Encryption::None).await;
    let world = world(&sink).await;
    register(&world.anon(), "dewi_l").await;
    assert!(sink.mails().is_empty(), "the answer does not wait for the mail server");
    assert_eq!(work(&world).await, 1);
    let mails = sink.mails();
    assert_eq!((mails.len(), mails[0].from.as_str(), mails[0].to.as_str()), (1, "no-reply@aivalid.example", "dewi_l@contoh.id"));
    let mail = MessageParser::default().parse(&mails[0].bytes).unwrap();
    assert_eq!(mail.subject(), Some("Konfirmasi alamat surel Anda"));
    assert_eq!(mail.from().unwrap().first().unwrap().name(), Some("AIValid"));
    assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("dewi_l@contoh.id"));
    assert_eq!(mail.date().unwrap().to_timestamp(), world.now().secs());
    assert!(mail.message_id().unwrap().ends_with("@aivalid.example"), "{:?}", mail.message_id());
    for (name, value) in [("Auto-Submitted", "auto-generated"), ("Content-Language", "id"), ("MIME-Version", "1.0")] {
        assert_eq!(mail.header_raw(name).map(str::trim), Some(value), "{name}");
    }
    assert!(mail.header_raw("Content-Type").unwrap().contains("multipart/alternative"));
    let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
    let link = text.lines().find(|line| line.starts_with("http://localhost:3000/verify?token=vfy_")).unwrap().trim();
    assert!(text.contains("Halo dewi_l,") && html.contains(&format!("href=\"{link}\"")), "{text}\n{html}");
    assert!(mails[0].bytes.is_ascii() && mails[0].bytes.split(|byte| *byte == b'\n').all(|line| line.len() < 998));
    let token = link.split_once('=').unwrap().1;
    world.anon().post("/api/auth/verify/confirm", json!({"token": token})).await.ok(200);
    assert_eq!(world.app.service.stores().jobs.job_figures().await.unwrap(), [], "nothing is kept of it");
    assert!(!world.data_dir().join("outbox").exists());
}

#[tokio::test]
async fn a_busy_mail_server_is_tried_again_with_the_same_letter() {
    let sink = Sink::open(Encryption::None).await;
    let world = world(&sink).await;
    sink.answer_recipients(&["451 4.7.1 <dewi_l@contoh.id>: greylisted"]);
    sink.answer_mails(&["452 4.3.1 full"]);
    register(&world.anon(), "dewi_l").await;
    assert_eq!(work(&world).await, 1);
    let job = waiting(&world).await.remove(0);
    assert_eq!((job.attempts, job.claimed, job.about.as_deref()), (1, false, Some("verify_email to …@contoh.id")));
    let error = job.last_error.unwrap();
    assert!(error.contains("451") && error.contains("greylisted") && !error.contains("dewi"), "{error}");
    let pause = job.due_at.since(world.now()).as_secs();
    assert!((15..=30).contains(&pause), "{pause}");

    assert_eq!(work(&world).await, 0, "not before its time");
    world.pass_secs(30);
    assert_eq!(work(&world).await, 1);
    assert!(waiting(&world).await[0].last_error.as_ref().unwrap().contains("452"));
    world.pass_secs(60);
    assert_eq!(work(&world).await, 1);
    let ids: Vec<_> =
        sink.mails().iter().map(|mail| MessageParser::default().parse(&mail.bytes).unwrap().message_id().unwrap().to_owned()).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn what_is_refused_for_good_waits_for_an_operator() {
    let sink = Sink::open(Encryption::None).await;
    let world = world(&sink).await;
    sink.answer_recipients(&["550 5.1.1 <dewi_l@contoh.id>: no such user"]);
    register(&world.anon(), "dewi_l").await;
    work(&world).await;
    assert!(waiting(&world).await.is_empty());
    let dead = given_up(&world).await.remove(0);
    assert!(dead.dead_at == Some(world.now()) && dead.last_error.as_ref().unwrap().contains("550"), "{dead:?}");
    assert!(!format!("{dead:?}").contains("dewi"), "{dead:?}");
    world.pass_secs(3600);
    assert_eq!(work(&world).await, 0);

    let service = &world.app.service;
    let (user, moderator) = (world.user("bima").await, world.moderator("ratna").await);
    for stranger in [Caller::guest(), caller(&world, &user).await, caller(&world, &moderator).await] {
        let refusal = if stranger.user.is_some() { Error::Forbidden } else { Error::Unauthenticated };
        assert_eq!(service.jobs(&stranger, true).await.unwrap_err(), refusal);
        assert_eq!(service.job_counts(&stranger).await.unwrap_err(), refusal);
        assert_eq!(service.job_retry(&stranger, None).await.unwrap_err(), refusal);
    }
    let admin = world.admin("sari").await;
    let admin = caller(&world, &admin).await;
    assert_eq!(service.jobs(&admin, true).await.unwrap(), std::slice::from_ref(&dead));
    let counts = service.job_counts(&admin).await.unwrap();
    assert_eq!((counts[0].kind.as_str(), counts[0].live, counts[0].dead), ("mail", 0, 1));
    assert_eq!(service.job_retry(&admin, Some(dead.id)).await.unwrap(), 1);
    assert_eq!(work(&world).await, 1);
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_gone_is_tried_for_hours_then_the_letter_is_given_up() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = gone.local_addr().unwrap().port().to_string();
    drop(gone);
    let from = ("MAIL_FROM", "no-reply@aivalid.example");
    let world = World::with(&[("SMTP_HOST", "127.0.0.1"), ("SMTP_PORT", &port), ("SMTP_TLS", "none"), from]).await;
    register(&world.anon(), "dewi_l").await;
    let begin = world.now();
    for attempt in 1..=12 {
        assert_eq!(work(&world).await, 1, "attempt {attempt}");
        if let Some(job) = waiting(&world).await.first() {
            assert_eq!(job.attempts, attempt);
            world.pass(job.due_at.since(world.now()));
        }
    }
    let hours = world.now().since(begin).as_secs() / 3600;
    assert!((5..=10).contains(&hours), "{hours}");
    let dead = given_up(&world).await;
    assert!(dead[0].attempts == 12 && dead[0].last_error.as_ref().unwrap().contains("refused"), "{dead:?}");
    // Two weeks later nothing is left of it.
    world.pass_secs(14 * DAY + 1);
    assert_eq!(world.app.service.sweep_jobs().await.unwrap(), 1);
    assert!(given_up(&world).await.is_empty());
}

#[tokio::test]
async fn refused_credentials_lose_no_letter() {
    let sink = Sink::open(Encryption::StartTls).await;
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, &sink.certificate).unwrap();
    let credentials = [("SMTP_USERNAME", USERNAME), ("SMTP_PASSWORD", "salah"), ("SMTP_CA_FILE", ca.to_str().unwrap())];
    let world = World::with(&borrowed(&sink.settings("starttls"), &credentials)).await;
    register(&world.anon(), "dewi_l").await;
    work(&world).await;
    let job = waiting(&world).await.remove(0);
    let error = job.last_error.unwrap();
    assert!(error.contains("535") && !error.contains("salah") && !error.contains('@'), "{error}");
    assert!(sink.mails().is_empty());
}

#[tokio::test]
async fn mail_goes_through_tls_in_both_ways() {
    for (encryption, tls) in [(Encryption::StartTls, "starttls"), (Encryption::Implicit, "implicit")] {
        let sink = Sink::open(encryption).await;
        let folder = tempfile::tempdir().unwrap();
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, &sink.certificate).unwrap();
        let more = [("SMTP_USERNAME", USERNAME), ("SMTP_PASSWORD", PASSWORD), ("SMTP_CA_FILE", ca.to_str().unwrap())];
        let world = World::with(&borrowed(&sink.settings(tls), &more)).await;
        register(&world.anon(), "dewi_l").await;
        work(&world).await;
        assert_eq!(sink.mails().len(), 1, "{tls}: {:?}", waiting(&world).await);
        assert!(sink.said().contains(&"AUTH".to_owned()));
    }
}

#[tokio::test]
async fn nothing_is_told_to_a_server_that_nobody_vouches_for() {
    for (encryption, tls) in [(Encryption::StartTls, "starttls"), (Encryption::Implicit, "implicit"), (Encryption::None, "starttls")] {
        let sink = Sink::open(encryption).await;
        let more = [("SMTP_USERNAME", USERNAME), ("SMTP_PASSWORD", PASSWORD)];
        let world = World::with(&borrowed(&sink.settings(tls), &more)).await;
        register(&world.anon(), "dewi_l").await;
        work(&world).await;
        assert_eq!(waiting(&world).await[0].attempts, 1);
        let said = sink.said();
        assert!(said.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS" || line == "QUIT"), "{said:?}");
    }
}

#[tokio::test]
async fn a_killed_instances_letters_are_delivered_by_another() {
    let (silent, sink) = (Sink::open(Encryption::None).await, Sink::open(Encryption::None).await);
    silent.answer_mails(&[""]);
    let first = World::with(&borrowed(&silent.settings("none"), &[SEALING])).await;
    let database = format!("sqlite:{}", first.data_dir().join("aivalid.db").display());
    let second = World::beside(&first, &borrowed(&sink.settings("none"), &[SEALING, ("DATABASE_URL", &database)])).await;
    register(&first.anon(), "dewi_l").await;
    let service = first.app.service.clone();
    let worker = tokio::spawn(async move { service.run_due_jobs(JobKind::Mail).await });
    timeout(LONG, silent.has(1)).await.unwrap();
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());

    assert_eq!(work(&second).await, 0, "the lease lives");
    second.pass_secs(299);
    assert_eq!(work(&second).await, 0, "the lease lives");
    second.pass_secs(1);
    assert_eq!(work(&second).await, 1);
    assert_eq!(sink.mails()[0].to, "dewi_l@contoh.id");
    assert_eq!(second.app.service.stores().jobs.job_figures().await.unwrap(), []);
}

#[tokio::test]
async fn an_instance_that_stops_gives_its_leases_back() {
    let (silent, sink) = (Sink::open(Encryption::None).await, Sink::open(Encryption::None).await);
    silent.answer_mails(&[""]);
    let first = World::with(&borrowed(&silent.settings("none"), &[SEALING])).await;
    let database = format!("sqlite:{}", first.data_dir().join("aivalid.db").display());
    let second = World::beside(&first, &borrowed(&sink.settings("none"), &[SEALING, ("DATABASE_URL", &database)])).await;
    let (stop, stopping) = watch::channel(false);
    let service = first.app.service.clone();
    let worker = tokio::spawn(async move { service.work(JobKind::Mail, stopping, Duration::ZERO).await });
    register(&first.anon(), "dewi_l").await;
    timeout(LONG, silent.has(1)).await.expect("new work wakes the worker");
    assert_eq!(work(&second).await, 0, "it is in the first one's hands");
    stop.send_replace(true);
    timeout(LONG, worker).await.unwrap().unwrap();
    assert_eq!(waiting(&second).await[0].attempts, 0, "what was given back does not count");
    assert_eq!(work(&second).await, 1);
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn an_instance_that_stops_lets_a_letter_end() {
    let sink = Sink::open(Encryption::None).await;
    let world = world(&sink).await;
    let jobs = world.app.start_jobs();
    register(&world.anon(), "dewi_l").await;
    timeout(LONG, sink.has(1)).await.expect("new work wakes the worker");
    timeout(LONG, jobs.stop()).await.unwrap();
    assert_eq!(world.app.service.stores().jobs.job_figures().await.unwrap(), []);
    register(&world.anon(), "bima").await;
    assert_eq!(waiting(&world).await[0].attempts, 0, "nothing is claimed any more");
}

#[tokio::test]
async fn a_letter_whose_link_lapsed_is_not_sent() {
    let sink = Sink::open(Encryption::None).await;
    let world = world(&sink).await;
    register(&world.anon(), "dewi_l").await;
    world.pass_secs(DAY);
    work(&world).await;
    assert!(sink.mails().is_empty());
    assert_eq!(given_up(&world).await[0].last_error.as_deref(), Some("its link lapsed before it could be delivered"));
}

#[tokio::test]
async fn a_letter_that_takes_its_worker_down_is_given_up() {
    let sink = Sink::open(Encryption::None).await;
    let world = world(&sink).await;
    register(&world.anon(), "dewi_l").await;
    let jobs = &world.app.service.stores().jobs;
    for _ in 0..12 {
        let now = world.now();
        let claim = Claim { kind: "mail", token: [1; 16], now, until: now.plus(Duration::from_secs(1)), limit: 1 };
        assert_eq!(jobs.job_claim(&claim).await.unwrap().len(), 1);
        world.pass_secs(1);
    }
    assert_eq!(work(&world).await, 1);
    assert!(sink.mails().is_empty());
    assert_eq!(given_up(&world).await[0].last_error.as_deref(), Some("begun 12 times and never ended"));
}

#[tokio::test]
async fn without_its_key_a_letter_is_kept_but_not_sent() {
    let sink = Sink::open(Encryption::None).await;
    let first = World::with(&borrowed(&sink.settings("none"), &[SEALING])).await;
    register(&first.anon(), "dewi_l").await;
    let database = format!("sqlite:{}", first.data_dir().join("aivalid.db").display());
    // An instance with a key of its own, made in its own folder.
    let stranger = World::beside(&first, &borrowed(&sink.settings("none"), &[("DATABASE_URL", &database)])).await;
    work(&stranger).await;
    let dead = given_up(&stranger).await.remove(0);
    assert_eq!((dead.last_error.as_deref(), dead.about), (Some("sealed with a key that is not configured"), None));
    assert!(sink.mails().is_empty());
    assert_eq!(first.app.service.operator_job_retry(None).await.unwrap(), 1);
    work(&first).await;
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn the_queue_looks_the_same_whether_or_not_an_account_exists() {
    let sink = Sink::open(Encryption::None).await;
    let world = world(&sink).await;
    world.user("dewi_l").await;
    world.unverified("ragu").await;
    let live = async || match world.app.service.stores().jobs.job_figures().await.unwrap().as_slice() {
        [JobFigures { live, .. }] => *live,
        _ => 0,
    };
    for (count, name) in (1..).zip(["dewi_l", "ragu", "nobody"]) {
        world.anon().post("/api/auth/verify/request", json!({"email": email_of(name)})).await.ok(200);
        assert_eq!(live().await, count, "{name}");
    }
    for (count, (name, username)) in (4..).zip([("dewi_l", "lain_1"), ("bebas", "lain_2")]) {
        let body = json!({"email": email_of(name), "password": crate::harness::PASSWORD, "username": username});
        world.anon().post("/api/auth/register", body).await.ok(200);
        assert_eq!(live().await, count, "{name}");
    }
    let sealed: Vec<_> = world.app.service.stores().jobs.job_list(false, 9).await.unwrap();
    assert!(sealed.iter().all(|job| !job.payload.windows(6).any(|window| window == b"contoh")), "payloads are sealed");
    assert_eq!(work(&world).await, 5);
    let mut to: Vec<_> = sink.mails().into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["bebas@contoh.id", "dewi_l@contoh.id", "ragu@contoh.id"]);
}

#[tokio::test]
async fn the_command_line_lists_and_brings_back() {
    let sink = Sink::open(Encryption::None).await;
    let world = world(&sink).await;
    sink.answer_recipients(&["550 5.1.1 <dewi_l@contoh.id> unknown"]);
    register(&world.anon(), "dewi_l").await;
    work(&world).await;
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_aivalid"));
        command.arg("mail").args(arguments).env_clear().env("DATA_DIR", world.data_dir()).env("RUST_LOG", "off");
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let (ok, list) = run(&["list"]);
    assert!(ok && list.lines().count() == 1, "{list}");
    assert!(list.contains("verify_email to …@contoh.id") && list.contains("(550): 5.1.1 (address) unknown"), "{list}");
    let number = list.split('\t').next().unwrap();
    assert!(!run(&["retry", "999999"]).0);
    assert!(!run(&["retry"]).0, "one or all");
    assert!(!run(&["retry", number, "--all"]).0, "one or all");
    assert_eq!(run(&["retry", number]), (true, "1\n".to_owned()));
    assert_eq!(run(&["list"]), (true, String::new()));
    assert_eq!(run(&["list", "--waiting"]).1.lines().count(), 1);
    assert_eq!(run(&["retry", "--all"]), (true, "0\n".to_owned()));
}
