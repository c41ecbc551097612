//! A real `OpenID` provider in a process of its own, and a person who walks through its pages.

use crate::{
    client::Client,
    harness::{ORIGIN, World},
};
use aivalid_model::Timestamp;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Ends with the test.
pub struct Provider {
    process: Child,
    pub url: String,
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Provider {
    /// Started on a free port; it sends browsers back to the callback of a service of this name.
    pub fn start(name: &str) -> Self {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let mut process = Command::new("node")
            .arg(format!("{root}/scripts/oidc-provider.mjs"))
            .arg(format!("{ORIGIN}/api/auth/oauth/{name}/callback"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node runs the provider");
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "npm ci installs oidc-provider: {url:?}");
        Self { process, url }
    }

    /// An installation that has it as its only service, at the provider's time.
    pub async fn world(&self, name: &str) -> World {
        let upper = name.to_uppercase();
        let world = World::with(&[
            ("OIDC_ISSUERS", name),
            (&format!("OIDC_{upper}_ISSUER"), &self.url),
            (&format!("OIDC_{upper}_CLIENT_ID"), "aivalid"),
            (&format!("OIDC_{upper}_CLIENT_SECRET"), "rahasia-untuk-uji"),
            (&format!("OIDC_{upper}_LABEL"), "Kampus"),
        ])
        .await;
        world.pass(self.now().await.since(world.now()));
        world
    }

    /// The time that stands in its tokens, to the second.
    async fn now(&self) -> Timestamp {
        let answer = http().get(format!("{}/.well-known/openid-configuration", self.url)).send().await.unwrap();
        let date = answer.headers()["date"].to_str().unwrap().to_owned();
        let parsed = time::OffsetDateTime::parse(&date, &time::format_description::well_known::Rfc2822).unwrap();
        Timestamp::from_secs(parsed.unix_timestamp())
    }

    /// From where our server sent the browser, through signing in and agreeing, to where it is sent back: our path with its query.
    pub async fn sign_in(&self, location: &str, name: &str) -> String {
        let mut person = Person { jar: BTreeMap::new() };
        let mut answer = person.get(location).await;
        for _ in 0..12 {
            if let Some(next) = answer.next {
                if let Some(back) = next.strip_prefix(ORIGIN) {
                    return back.to_owned();
                }
                answer = person.get(&self.absolute(&next)).await;
                continue;
            }
            let action = answer.body.split("action=\"").nth(1).unwrap_or_else(|| panic!("{}", answer.body)).split('"').next().unwrap();
            let fields = if answer.body.contains("value=\"login\"") {
                format!("prompt=login&login={name}&password=apa-saja")
            } else {
                "prompt=consent".to_owned()
            };
            answer = person.post(&self.absolute(action), fields).await;
        }
        panic!("{location} leads nowhere");
    }

    /// The same, but the person changes their mind.
    pub async fn cancel(&self, location: &str) -> String {
        let mut person = Person { jar: BTreeMap::new() };
        let asked = person.get(location).await.next.unwrap();
        let page = person.get(&self.absolute(&asked)).await.body;
        let cancel = page.split("href=\"").map(|part| part.split('"').next().unwrap()).find(|link| link.ends_with("/abort")).unwrap();
        let mut next = cancel.to_owned();
        while !next.starts_with(ORIGIN) {
            next = person.get(&self.absolute(&next)).await.next.unwrap();
        }
        next.strip_prefix(ORIGIN).unwrap().to_owned()
    }

    fn absolute(&self, address: &str) -> String {
        if address.starts_with('/') { format!("{}{address}", self.url) } else { address.to_owned() }
    }
}

/// A parameter of an address, decoded.
pub fn query_of(address: &str, name: &str) -> String {
    let url: openidconnect::url::Url = address.parse().unwrap();
    let value = url.query_pairs().find(|(key, _)| key == name);
    value.unwrap_or_else(|| panic!("no {name} in {address}")).1.into_owned()
}

fn http() -> reqwest::Client {
    // Whoever builds a client first chooses; the server does the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.timeout(Duration::from_secs(20)).build().unwrap()
}

/// A browser of few gifts: it keeps cookies and follows nothing by itself.
struct Person {
    jar: BTreeMap<String, String>,
}

struct Seen {
    next: Option<String>,
    body: String,
}

impl Person {
    async fn get(&mut self, url: &str) -> Seen {
        self.ask(http().get(url)).await
    }

    async fn post(&mut self, url: &str, form: String) -> Seen {
        self.ask(http().post(url).header("content-type", "application/x-www-form-urlencoded").body(form)).await
    }

    async fn ask(&mut self, request: reqwest::RequestBuilder) -> Seen {
        let line: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", line.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() { drop(self.jar.remove(name)) } else { drop(self.jar.insert(name.to_owned(), value.to_owned())) }
        }
        let status = answer.status();
        let next = answer.headers().get("location").map(|next| next.to_str().unwrap().to_owned());
        let body = answer.text().await.unwrap();
        assert!(status.as_u16() < 400, "{status}: {body}");
        Seen { next, body }
    }
}

/// Where our server sends this browser to begin.
pub async fn begin(browser: &Client, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let location = answer.header("location").to_owned();
    assert!(location.starts_with("http"), "{location}: {answer:?}");
    location
}
