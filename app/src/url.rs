//! Addresses.

/// Text as it may stand in a query.
pub fn encode(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() || b"-_./".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A path without one parameter of its query.
pub fn without(path: &str, name: &str) -> String {
    let (path, fragment) = path.split_once('#').map_or((path, None), |(path, fragment)| (path, Some(fragment)));
    let (base, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<_> = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name)).collect();
    let mut out = base.to_owned();
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(fragment);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_taken_out_alone() {
        assert_eq!(without("/a?page=2&lang=en&x=1#r3", "lang"), "/a?page=2&x=1#r3");
        assert_eq!(without("/a?lang=en", "lang"), "/a");
        assert_eq!(without("/a#r3", "lang"), "/a#r3");
        assert_eq!(without("/a?slang=en", "lang"), "/a?slang=en");
    }

    #[test]
    fn anything_can_stand_in_a_query() {
        assert_eq!(encode("/a?b=c&d#é"), "/a%3Fb%3Dc%26d%23%C3%A9");
    }
}
