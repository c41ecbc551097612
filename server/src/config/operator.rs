//! Who runs the site, and who may read its figures.

use super::Reader;
use aivalid_model::{check::Check, identity::Email};
use aivalid_service::operator::{Contact, Operator};

/// The longest name.
const NAME: usize = 100;
/// The longest address.
const ADDRESS: usize = 300;
/// The shortest word that opens the figures.
const TOKEN: usize = 16;

/// `OPERATOR_NAME` and `OPERATOR_CONTACT`.
pub(super) fn operator(reader: &mut Reader<'_>) -> Operator {
    let name = reader.text("OPERATOR_NAME");
    if name.as_ref().is_some_and(|name| name.chars().count() > NAME || name.chars().any(char::is_control)) {
        reader.problems.push(format!("OPERATOR_NAME must be one line of at most {NAME} characters"));
    }
    let text = reader.text("OPERATOR_CONTACT");
    let contact = text.as_deref().and_then(contact);
    if let (Some(text), None) = (&text, &contact) {
        let form = "a mail address or the `https://…` address of a page";
        reader.problems.push(format!("OPERATOR_CONTACT must be {form}, not `{text}`"));
    }
    Operator { name, contact }
}

fn contact(text: &str) -> Option<Contact> {
    if let Some(rest) = text.strip_prefix("https://") {
        // It is written into pages and into `security.txt`: what ends a line or an attribute is no part of an address.
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        return (!host.is_empty() && text.len() <= ADDRESS && text.bytes().all(plain)).then(|| Contact::Page(text.to_owned()));
    }
    let address = text.strip_prefix("mailto:").unwrap_or(text);
    // It is a link's address as it stands: what means something else there is no part of it (RFC 6068, 2).
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@.-_~!$&'*+=".contains(&byte);
    let address = Email::check(address.to_owned()).ok().filter(|address| address.as_str().bytes().all(plain))?;
    Some(Contact::Mail(address.as_str().to_owned()))
}

/// `METRICS_TOKEN`; not repeated in a problem.
pub(super) fn metrics_token(reader: &mut Reader<'_>) -> Option<String> {
    let token = reader.text("METRICS_TOKEN")?;
    if token.len() < TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        reader.problems.push(format!("METRICS_TOKEN must be at least {TOKEN} characters without spaces"));
    }
    Some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_addresses_or_pages() {
        let mail = Some(Contact::Mail("halo@aivalid.example".into()));
        assert_eq!(contact("halo@aivalid.example"), mail);
        assert_eq!(contact("mailto:halo@aivalid.example"), mail);
        assert_eq!(contact("https://aivalid.example/kontak"), Some(Contact::Page("https://aivalid.example/kontak".into())));
        for bad in [
            "",
            "halo",
            "http://aivalid.example",
            "https://",
            "https:///x",
            "https://a.example/\"x",
            "https://a.example/a b",
            "javascript:x",
            "a@b@c",
            "halo?cc=x@aivalid.example",
            "halo#1@aivalid.example",
            "halo%40@aivalid.example",
            "halo@validé.example",
        ] {
            assert_eq!(contact(bad), None, "{bad}");
        }
    }
}
