//! Pieces of HTML, and writing them by hand.
//!
//! A part of a page that is a function of its own returns [`Html`]: it is written once and stands in a `view!` like any other
//! child. Views that are returned as views instead nest into types that grow with the page, which costs the compiler minutes and
//! the program megabytes. [`Html::of`] turns a view into a piece; what stands on every page or dozens of times on one (the
//! frame, icons, times, rows, replies) is written by hand with [`Html::raw`] and [`Html::text`], several times as fast.
//! Everything that people wrote goes through [`Html::text`].

mod view;

use leptos::prelude::RenderHtml;
use std::fmt::{Display, Write};

/// A piece of HTML, growing or finished.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// A view, written.
    pub fn of(view: impl RenderHtml) -> Self {
        Self(view.to_html())
    }

    /// An empty piece with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// HTML of our own.
    pub fn raw(&mut self, html: &str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    /// Another piece.
    pub fn piece(&mut self, piece: &Self) -> &mut Self {
        self.raw(&piece.0)
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

    /// ` name="value"`, or nothing.
    pub fn attribute(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.raw(" ").raw(name).raw("=\"").text(value).raw("\""),
            None => self,
        }
    }

    /// Bytes that were written.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was written.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<String> for Html {
    /// HTML that we made or sanitised ourselves.
    fn from(html: String) -> Self {
        Self(html)
    }
}

impl Write for Html {
    /// HTML of our own, for `write!`; values of others are escaped first.
    fn write_str(&mut self, html: &str) -> std::fmt::Result {
        self.0.write_str(html)
    }
}

/// Text as it may stand between tags and in attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}

/// The four characters are single bytes that occur inside no other character, so bytes are enough to look at.
fn escape_into(out: &mut String, text: &str) {
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(text.get(written..at).unwrap_or_default());
        out.push_str(entity);
        written = at + 1;
    }
    out.push_str(text.get(written..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;

    #[test]
    fn what_people_wrote_stays_text() {
        assert_eq!(escape("<a href=\"x\">é & 'b'</a>"), "&lt;a href=&quot;x&quot;&gt;é &amp; 'b'&lt;/a&gt;");
        let mut html = Html::default();
        html.raw("<b>").text("1 < 2").raw("</b>").int(7);
        assert_eq!(html.into_string(), "<b>1 &lt; 2</b>7");
        let mut html = Html::default();
        html.attribute("title", Some("\"x\"")).attribute("lang", None);
        assert_eq!(html.into_string(), " title=\"&quot;x&quot;\"");
    }

    #[test]
    fn pieces_stand_in_views_as_they_are() {
        let mut piece = Html::default();
        piece.raw("<b>").text("a < b").raw("</b>");
        let view = view! { <p>"x"{piece}"y"{None::<Html>}</p> };
        assert_eq!(Html::of(view).into_string(), "<p>x<b>a &lt; b</b>y<!></p>");
    }
}
