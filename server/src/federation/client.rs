//! The one client that other services are asked through: no redirects, no patience, no large answers, https only (but for loopback in
//! development), and inner addresses only where the operator named their host.

use super::reachable::is_public;
use openidconnect::{HttpRequest, HttpResponse, url::Host, url::Url};
use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(8);
/// The largest answer: the largest sets of keys have some tens of kilobytes.
const LARGEST: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct HttpError(String);

/// See the module. Cheap to clone.
#[derive(Clone)]
pub(super) struct Http {
    client: reqwest::Client,
    rules: Arc<Rules>,
}

struct Rules {
    /// Hosts that the operator named; they may be inside.
    named: BTreeSet<String>,
    /// Whether this machine itself may be asked, also without TLS.
    development: bool,
}

impl Rules {
    fn may_be_asked(&self, host: &str, ip: IpAddr) -> bool {
        is_public(ip) || self.named.contains(host) || (self.development && ip.is_loopback())
    }

    fn check(&self, url: &Url) -> Result<(), HttpError> {
        let refused = |why: &str| Err(HttpError(format!("{} is not asked: {why}", url.host_str().unwrap_or("nobody"))));
        let Some(host) = url.host() else { return refused("no host") };
        let (loopback, literal) = match host {
            Host::Domain(name) => (name == "localhost", None),
            Host::Ipv4(ip) => (ip.is_loopback(), Some(IpAddr::V4(ip))),
            Host::Ipv6(ip) => (ip.is_loopback(), Some(IpAddr::V6(ip))),
        };
        match url.scheme() {
            "https" => {}
            "http" if self.development && loopback => {}
            _ => return refused("not https"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused("the address holds credentials");
        }
        // Names are looked up, and judged, by the resolver below.
        if literal.is_some_and(|ip| !self.may_be_asked(url.host_str().unwrap_or_default(), ip)) {
            return refused("an inner address");
        }
        Ok(())
    }
}

/// Looks names up and leaves inner addresses out; what is left is what is connected to, so that a name can't change in between.
struct Resolver(Arc<Rules>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = self.0.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| rules.may_be_asked(name.as_str(), address.ip())).collect();
            if allowed.is_empty() {
                return Err(HttpError("the name leads to an inner address".to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

impl Http {
    /// A client; `named` are the hosts in the configuration.
    pub(super) fn new(named: BTreeSet<String>, development: bool) -> anyhow::Result<Self> {
        // Somebody else may have chosen it before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let rules = Arc::new(Rules { named, development });
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .no_proxy()
            .user_agent("AIValid")
            .dns_resolver(Resolver(rules.clone()))
            .build()?;
        Ok(Self { client, rules })
    }

    /// Whether a browser may be sent there, and we may ask there ourselves.
    pub(super) fn check(&self, url: &Url) -> Result<(), HttpError> {
        self.rules.check(url)
    }

    /// Asks. A redirect or an error of the server's is no answer.
    pub(super) async fn send(self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let url: Url = request.uri().to_string().parse().map_err(|_| HttpError("not an address".to_owned()))?;
        self.rules.check(&url)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        // Addresses and what libraries say of them may hold codes; the host is enough for the log.
        let failed = |error: reqwest::Error| HttpError(format!("{host}: {}", kind(&error)));
        let (head, body) = request.into_parts();
        let mut answer = self.client.request(head.method, url).headers(head.headers).body(body).send().await.map_err(failed)?;
        let status = answer.status();
        if status.is_redirection() || status.is_server_error() {
            return Err(HttpError(format!("{host} answered {status}")));
        }
        let mut whole = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(failed)? {
            if whole.len() + part.len() > LARGEST {
                return Err(HttpError(format!("{host} answered with too much")));
            }
            whole.extend_from_slice(&part);
        }
        let mut response = HttpResponse::new(whole);
        *response.status_mut() = status;
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

fn kind(error: &reqwest::Error) -> &'static str {
    match () {
        () if error.is_timeout() => "took too long",
        () if error.is_connect() => "can't be reached",
        () => "broke off",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(development: bool) -> Rules {
        Rules { named: BTreeSet::from(["masuk.kantor".to_owned(), "10.0.0.5".to_owned()]), development }
    }

    #[test]
    fn only_what_should_be_asked_is_asked() {
        let asked = |text: &str, development| rules(development).check(&text.parse().unwrap()).is_ok();
        for (url, production, development) in [
            ("https://accounts.google.com/x", true, true),
            ("https://8.8.8.8/x", true, true),
            ("https://10.0.0.5/keys", true, true),
            ("https://10.0.0.6/keys", false, false),
            ("https://169.254.169.254/latest/meta-data", false, false),
            ("https://127.0.0.1/keys", false, true),
            ("http://127.0.0.1:9/keys", false, true),
            ("http://localhost:9/keys", false, true),
            ("http://[::1]:9/keys", false, true),
            ("http://masuk.kantor/keys", false, false),
            ("http://localhost.evil.example/keys", false, false),
            ("https://user:pass@accounts.google.com/x", false, false),
            ("ftp://accounts.google.com/x", false, false),
            ("file:///etc/passwd", false, false),
        ] {
            assert_eq!((asked(url, false), asked(url, true)), (production, development), "{url}");
        }
    }

    #[tokio::test]
    async fn names_that_lead_inside_are_not_followed() {
        for (development, reached) in [(false, false), (true, true)] {
            let found = Resolver(Arc::new(rules(development))).resolve("localhost".parse().unwrap()).await;
            assert_eq!(found.is_ok(), reached);
        }
    }
}
