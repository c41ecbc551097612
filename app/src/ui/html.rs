//! Writing HTML by hand, for what stands on a page dozens of times: lists of replies, icons, times. Everything that people
//! wrote goes through [`Html::text`].

use std::fmt::{Display, Write};

/// A growing piece of HTML.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// An empty piece with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// HTML of our own.
    pub fn raw(&mut self, html: &str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    /// A number.
    pub fn int(&mut self, value: impl Into<i64>) -> &mut Self {
        self.display(value.into())
    }

    /// Something whose text needs no escaping.
    pub fn display(&mut self, value: impl Display) -> &mut Self {
        // Writing to a string can't fail.
        let _ = write!(self.0, "{value}");
        self
    }

    /// Text, for between tags and for attributes in double quotes.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape_into(&mut self.0, text);
        self
    }

    /// An icon of the sprite.
    pub fn icon(&mut self, name: &str) -> &mut Self {
        self.raw("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/icons.svg#i-").raw(name).raw("\"/></svg>")
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Text as it may stand between tags and in attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}

fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut chars = from.chars();
        out.push_str(match chars.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => "&quot;",
        });
        rest = chars.as_str();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_text() {
        assert_eq!(escape("<a href=\"x\">é & 'b'</a>"), "&lt;a href=&quot;x&quot;&gt;é &amp; 'b'&lt;/a&gt;");
        let mut html = Html::default();
        html.raw("<b>").text("1 < 2").raw("</b>").int(7);
        assert_eq!(html.into_string(), "<b>1 &lt; 2</b>7");
    }
}
