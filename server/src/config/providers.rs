//! Settings of other services that people sign in with.

use super::{Environment, Reader};
use crate::federation::GITHUB;
use openidconnect::{
    IssuerUrl,
    url::{Host, Url},
};
use std::{collections::BTreeSet, fmt};

/// How a service is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// `OpenID` Connect; everything else is discovered.
    OpenId {
        /// Exactly as the issuer writes it.
        issuer: IssuerUrl,
    },
    /// GitHub, or a server of one's own that is made by GitHub.
    Github {
        /// Where its pages are.
        url: Url,
    },
}

/// A service.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Its name in addresses; of small letters, digits and `-`.
    pub id: String,
    /// What people know it by.
    pub label: String,
    /// What it knows us by.
    pub client_id: String,
    /// How we prove to be that.
    pub client_secret: String,
    /// How it is spoken to.
    pub kind: ProviderKind,
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl ProviderSettings {
    /// The host that the operator named.
    pub fn host(&self) -> Option<String> {
        let url = match &self.kind {
            ProviderKind::OpenId { issuer } => issuer.url(),
            ProviderKind::Github { url } => url,
        };
        url.host_str().map(str::to_owned)
    }
}

/// Everybody's accounts, and those of organisations.
pub(crate) const GOOGLE: &str = "https://accounts.google.com";
/// Endings of an issuer's variables, after `OIDC_` and its name.
const ENDINGS: [&str; 4] = ["_ISSUER", "_CLIENT_ID", "_CLIENT_SECRET", "_LABEL"];

impl Reader<'_> {
    /// Google, GitHub, and the issuers that are named, as far as they are set.
    pub(super) fn providers(&mut self, environment: Environment) -> Vec<ProviderSettings> {
        let google = self.google();
        let github = self.github(environment);
        let issuers = self.issuers(environment);
        google.into_iter().chain(github).chain(issuers).collect()
    }

    fn google(&mut self) -> Option<ProviderSettings> {
        let (client_id, client_secret) = self.client("OAUTH_GOOGLE", false)?;
        let kind = ProviderKind::OpenId { issuer: IssuerUrl::new(GOOGLE.to_owned()).ok()? };
        Some(ProviderSettings { id: "google".to_owned(), label: "Google".to_owned(), client_id, client_secret, kind })
    }

    fn github(&mut self, environment: Environment) -> Option<ProviderSettings> {
        let url = self.text("OAUTH_GITHUB_URL");
        let text = url.clone().unwrap_or_else(|| GITHUB.to_owned());
        let url = self.address("OAUTH_GITHUB_URL", &text, environment, url.is_some());
        let (client_id, client_secret) = self.client("OAUTH_GITHUB", self.text("OAUTH_GITHUB_URL").is_some())?;
        let kind = ProviderKind::Github { url: url? };
        Some(ProviderSettings { id: "github".to_owned(), label: "GitHub".to_owned(), client_id, client_secret, kind })
    }

    fn issuers(&mut self, environment: Environment) -> Vec<ProviderSettings> {
        let is_name = |name: &str| {
            (1..=30).contains(&name.len())
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
                && !["google", "github"].contains(&name)
        };
        let form = "a name of small letters, digits and `-` other than google and github";
        let names = self.list("OIDC_ISSUERS", form, |part| is_name(part).then(|| part.to_owned()));
        let distinct: BTreeSet<&String> = names.iter().collect();
        if distinct.len() < names.len() {
            self.problems.push("OIDC_ISSUERS names an issuer twice".to_owned());
        }
        self.lone_issuers(&names);
        names.iter().filter_map(|name| self.issuer(name, environment)).collect()
    }

    /// A misspelt name would otherwise go unnoticed.
    fn lone_issuers(&mut self, names: &[String]) {
        let expected: BTreeSet<String> = names
            .iter()
            .flat_map(|name| ENDINGS.map(|ending| format!("{}{ending}", prefix(name))))
            .chain(["OIDC_ISSUERS".to_owned()])
            .collect();
        let mut lone: Vec<&String> =
            self.vars.keys().filter(|name| name.starts_with("OIDC_") && !expected.contains(*name) && self.text(name).is_some()).collect();
        lone.sort();
        let problems: Vec<String> = lone.iter().map(|name| format!("{name} belongs to no issuer that OIDC_ISSUERS names")).collect();
        self.problems.extend(problems);
    }

    fn issuer(&mut self, name: &str, environment: Environment) -> Option<ProviderSettings> {
        let prefix = prefix(name);
        let variable = format!("{prefix}_ISSUER");
        let issuer = match self.text(&variable) {
            Some(text) => self.address(&variable, &text, environment, true).and_then(|_| IssuerUrl::new(text).ok()),
            None => {
                self.problems.push(format!("{variable} is required, because OIDC_ISSUERS names `{name}`"));
                None
            }
        };
        let client = self.client(&prefix, true);
        let label = self.text(&format!("{prefix}_LABEL")).unwrap_or_else(|| name.to_owned());
        if label.chars().count() > 40 {
            self.problems.push(format!("{prefix}_LABEL must have at most 40 characters"));
        }
        let (client_id, client_secret) = client?;
        Some(ProviderSettings { id: name.to_owned(), label, client_id, client_secret, kind: ProviderKind::OpenId { issuer: issuer? } })
    }

    /// Id and secret: both, or neither where they are not required. The secret is never repeated.
    fn client(&mut self, prefix: &str, required: bool) -> Option<(String, String)> {
        let names = [format!("{prefix}_CLIENT_ID"), format!("{prefix}_CLIENT_SECRET")];
        let [id, secret] = names.each_ref().map(|name| self.text(name));
        if required || id.is_some() || secret.is_some() {
            for (name, _) in names.iter().zip([&id, &secret]).filter(|(_, value)| value.is_none()) {
                self.problems.push(format!("{name} is required with the other {prefix}_… settings"));
            }
        }
        Some((id?, secret?))
    }

    /// An address to sign in at: https, or this machine in development.
    fn address(&mut self, variable: &str, text: &str, environment: Environment, given: bool) -> Option<Url> {
        let url: Option<Url> = text.parse().ok();
        let url = url.filter(|url| {
            let here = match url.host() {
                Some(Host::Domain(name)) => name == "localhost",
                Some(Host::Ipv4(ip)) => ip.is_loopback(),
                Some(Host::Ipv6(ip)) => ip.is_loopback(),
                None => false,
            };
            let safe = url.scheme() == "https" || (url.scheme() == "http" && here && environment == Environment::Development);
            let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
            safe && plain && url.host().is_some()
        });
        if url.is_none() && given {
            self.problems.push(format!("{variable} must be an https address without a query (in development also http on this machine)"));
        }
        url
    }
}

/// What an issuer's variables begin with.
fn prefix(name: &str) -> String {
    format!("OIDC_{}", name.to_ascii_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, ConfigProblems};

    fn load(vars: &[(&str, &str)]) -> Result<Config, ConfigProblems> {
        Config::from_vars(&vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    const ACME: [(&str, &str); 4] = [
        ("OIDC_ISSUERS", "acme, kampus-2"),
        ("OIDC_ACME_ISSUER", "https://masuk.acme.example/realms/kerja"),
        ("OIDC_ACME_CLIENT_ID", "aivalid"),
        ("OIDC_ACME_CLIENT_SECRET", "rahasia-acme"),
    ];

    #[test]
    fn services_are_listed_as_they_are_shown() {
        assert_eq!(load(&[]).unwrap().providers, []);
        let more = [
            ("OIDC_KAMPUS_2_ISSUER", "http://127.0.0.1:4000"),
            ("OIDC_KAMPUS_2_CLIENT_ID", "a"),
            ("OIDC_KAMPUS_2_CLIENT_SECRET", "b"),
            ("OIDC_KAMPUS_2_LABEL", "Kampus Dua"),
            ("OAUTH_GITHUB_CLIENT_ID", "c"),
            ("OAUTH_GITHUB_CLIENT_SECRET", "d"),
            ("OAUTH_GOOGLE_CLIENT_ID", "e"),
            ("OAUTH_GOOGLE_CLIENT_SECRET", "f"),
        ];
        let config = load(&[&ACME[..], &more].concat()).unwrap();
        let shown: Vec<_> = config.providers.iter().map(|known| (known.id.as_str(), known.label.as_str())).collect();
        assert_eq!(shown, [("google", "Google"), ("github", "GitHub"), ("acme", "acme"), ("kampus-2", "Kampus Dua")]);
        assert!(!format!("{config:?}").contains("rahasia-acme"), "secrets are not shown");
    }

    #[test]
    fn every_problem_is_named_and_no_secret() {
        let problems = load(&[
            ("OIDC_ISSUERS", "acme,Google,acme"),
            ("OIDC_ACME_ISSUER", "http://masuk.acme.example"),
            ("OIDC_ACME_CLIENT_SECRET", "rahasia-acme"),
            ("OIDC_AMCE_LABEL", "Acme"),
            ("OAUTH_GOOGLE_CLIENT_SECRET", "rahasia-google"),
            ("OAUTH_GITHUB_URL", "github.example"),
        ])
        .unwrap_err();
        let text = problems.to_string();
        for part in [
            "OAUTH_GOOGLE_CLIENT_ID is required",
            "OAUTH_GITHUB_URL must be",
            "OAUTH_GITHUB_CLIENT_ID is required",
            "OAUTH_GITHUB_CLIENT_SECRET is required",
            "OIDC_ISSUERS: `Google`",
            "names an issuer twice",
            "OIDC_AMCE_LABEL belongs to no issuer",
            "OIDC_ACME_ISSUER must be",
            "OIDC_ACME_CLIENT_ID is required",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("rahasia"), "{text}");
    }

    #[test]
    fn production_asks_for_https() {
        let local = [&ACME[..1], &ACME[2..], &[("OIDC_ACME_ISSUER", "http://127.0.0.1:4000"), ("AIVALID_ENV", "production")]].concat();
        assert!(load(&local).unwrap_err().to_string().contains("OIDC_ACME_ISSUER must be an https address"));
    }
}
