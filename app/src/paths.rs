//! Which thing has which address. Pages, forms and redirects build their links here.

use aivalid_model::{
    community::{Category, CategoryKind},
    id::{CaseId, ThreadId},
    slug::id_slug,
};

/// A thread's canonical path.
pub fn thread(id: ThreadId, title: &str) -> String {
    format!("/threads/{}", id_slug(id.0, title))
}

/// A case's canonical path.
pub fn case(id: CaseId, title: &str) -> String {
    format!("/validation-cases/{}", id_slug(id.0, title))
}

/// A profile.
pub fn user(username: &str) -> String {
    format!("/user/{username}")
}

/// A tag's page.
pub fn tag(slug: &str) -> String {
    format!("/tags/{slug}")
}

/// A category's page.
pub fn category(category: &Category) -> String {
    match category.kind {
        CategoryKind::Forum => format!("/forum/{}", category.slug),
        CategoryKind::Case => format!("/validation-cases/category/{}", category.slug),
    }
}

/// Signing in, and then back to a path of ours.
pub fn login(next: &str) -> String {
    format!("/login?next={}", query_value(next))
}

/// Proving once more who one is, and then back to a path of ours.
pub fn sudo(next: &str) -> String {
    format!("/account/sudo?next={}", query_value(next))
}

/// The same with two factors.
pub fn sudo_with_two(next: &str) -> String {
    format!("/account/sudo?two&next={}", query_value(next))
}

/// Signing in with another service, and then on to a path of ours.
pub fn federated(provider: &str, next: &str) -> String {
    let start = format!("/api/auth/oauth/{provider}/start");
    if next == "/" { start } else { format!("{start}?next={}", query_value(next)) }
}

/// A text as it may stand as a value in a query.
pub fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_./".contains(&byte) {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            let digit = |value: u8| char::from(HEX.get(usize::from(value)).copied().unwrap_or(b'0'));
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_a_query() {
        assert_eq!(query_value("/threads/1-x?page=2&a=é"), "/threads/1-x%3Fpage%3D2%26a%3D%C3%A9");
        assert_eq!(login("/"), "/login?next=/");
    }
}
