//! Who runs this site, and how they are reached.

/// Who runs this site, as far as it says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    /// Their name.
    pub name: Option<String>,
    /// How they are reached.
    pub contact: Option<Contact>,
}

/// How somebody is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contact {
    /// By mail, at this address.
    Mail(String),
    /// On this page: an `https` address.
    Page(String),
}

impl Contact {
    /// What a link leads to, and what RFC 9116 (2.5.3) wants to be told: an address of a scheme.
    pub fn href(&self) -> String {
        match self {
            Self::Mail(address) => format!("mailto:{address}"),
            Self::Page(url) => url.clone(),
        }
    }

    /// What people read.
    pub fn words(&self) -> &str {
        match self {
            Self::Mail(address) => address,
            Self::Page(url) => url.trim_start_matches("https://").trim_end_matches('/'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Contact;

    #[test]
    fn contacts_lead_somewhere() {
        let mail = Contact::Mail("halo@aivalid.example".into());
        assert_eq!((mail.href().as_str(), mail.words()), ("mailto:halo@aivalid.example", "halo@aivalid.example"));
        let page = Contact::Page("https://aivalid.example/kontak/".into());
        assert_eq!((page.href().as_str(), page.words()), ("https://aivalid.example/kontak/", "aivalid.example/kontak"));
    }
}
