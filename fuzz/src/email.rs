//! Addresses and names of accounts.

use crate::source::Source;
use aivalid_model::{
    check::Check,
    identity::{Email, Username, Website},
};

/// An address that is accepted is one that mail can be sent to, in one spelling, and can't say more than an address in a letter's header.
pub fn email(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    if let Ok(address) = Email::check(text.clone()) {
        let kept = address.as_str();
        assert_eq!(Email::check(kept.to_owned()).as_ref(), Ok(&address), "read once is read for good");
        assert_eq!(Email::check(format!(" \t{text}\n")).as_ref(), Ok(&address), "blanks around it do not matter");
        assert_eq!(kept.to_lowercase(), kept);
        assert!(kept.len() <= 254 && kept.matches('@').count() == 1, "{kept:?}");
        assert!(!kept.contains(|c: char| c.is_control() || c.is_whitespace() || "<>,;:\"()[]\\".contains(c)), "{kept:?}");
        assert!(!address.local().is_empty() && address.local().len() <= 64 && kept.starts_with(address.local()));
        let (local, domain) = kept.rsplit_once('@').unwrap();
        assert!(lettre::Address::new(local, "contoh.id").is_ok(), "no mail can be sent to {kept:?}");
        // Which letters of other scripts a domain can have says a table too large for browsers; mail is what finds out.
        let is_plain = domain.is_ascii() && !domain.contains("xn--");
        assert!(!is_plain || kept.parse::<lettre::Address>().is_ok(), "no mail can be sent to {kept:?}");
        assert!(!format!("{address:?}").contains(kept), "kept out of logs");
    }
    if let Ok(name) = Username::check(text.clone()) {
        assert_eq!(Username::check(name.as_str().to_owned()).as_ref(), Ok(&name));
        assert!((3..=20).contains(&name.as_str().len()));
        assert!(name.as_str().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')), "{name:?}");
    }
    if let Ok(website) = Website::check(text) {
        let kept = website.as_ref().to_owned();
        assert_eq!(Website::check(kept.clone()).as_ref().map(AsRef::as_ref), Ok(&*kept));
        assert!(kept.is_empty() || kept.starts_with("https://") || kept.starts_with("http://"), "{kept:?}");
        assert!(!kept.contains(|c: char| c.is_control() || "\"<> ".contains(c)), "{kept:?}");
    }

    // Whoever has an address can't have it again in another spelling.
    let mut from = Source::new(data);
    let address = Email::check("dewi.lestari@contoh.id".to_owned()).unwrap();
    let changed = from.edited_text(address.as_str());
    if let Ok(other) = Email::check(changed.clone()) {
        assert_eq!(other == address, changed.trim().to_lowercase() == address.as_str(), "{changed:?}");
    }
}
