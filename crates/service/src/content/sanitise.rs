//! The list of what may stand in a post.

use ammonia::Builder;
use std::{collections::HashSet, sync::LazyLock};

/// `MathML` Core elements that `pulldown-latex` makes.
const MATH: [&str; 25] = [
    "math",
    "mrow",
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
    "mspace",
    "msup",
    "msub",
    "msubsup",
    "mfrac",
    "msqrt",
    "mroot",
    "mover",
    "munder",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mstyle",
    "mpadded",
    "mphantom",
    "mmultiscripts",
    "mprescripts",
];
const MATH_ATTRIBUTES: [&str; 20] = [
    "display",
    "mathvariant",
    "stretchy",
    "fence",
    "form",
    "separator",
    "lspace",
    "rspace",
    "minsize",
    "maxsize",
    "symmetric",
    "largeop",
    "movablelimits",
    "accent",
    "accentunder",
    "linethickness",
    "displaystyle",
    "scriptlevel",
    "width",
    "columnalign",
];
const TAGS: [&str; 38] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
];

static RULES: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut tags: HashSet<&str> = TAGS.into_iter().chain(MATH).chain(["thead", "tr", "ul", "tfoot"]).collect();
    tags.extend(["u", "mark"]);
    let mut rules = Builder::empty();
    rules
        .tags(tags)
        .clean_content_tags(["script", "style", "iframe", "object", "template", "noscript"].into())
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("nofollow ugc noopener"))
        .generic_attributes(["dir", "lang"].into())
        .add_tag_attributes("a", ["href", "title", "id"])
        .add_tag_attributes("div", ["id"])
        .add_tag_attributes("img", ["src", "alt", "title", "width", "height"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("td", ["colspan", "rowspan"])
        .add_tag_attributes("th", ["colspan", "rowspan", "scope"])
        .add_tag_attributes("input", ["type", "checked", "disabled", "aria-label"])
        .set_tag_attribute_value("input", "disabled", "")
        .set_tag_attribute_value("input", "type", "checkbox")
        // What can scroll sideways must be reachable by keyboard.
        .set_tag_attribute_value("pre", "tabindex", "0")
        .set_tag_attribute_value("table", "tabindex", "0")
        .add_allowed_classes("div", ["footnote-definition"])
        .add_allowed_classes("sup", ["footnote-reference", "footnote-definition-label"])
        .add_allowed_classes("a", ["mention"])
        .add_allowed_classes("table", ["grid-table"])
        .add_allowed_classes("td", ["num", "center"])
        .add_allowed_classes("th", ["num", "center"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            // Ids only where footnotes need them, and only in the form that we make.
            (_, "id") => is_footnote_id(value).then_some(value.into()),
            ("img", "src") => (value.starts_with("/api/v1/documents/") && !value.contains("..")).then_some(value.into()),
            // Code and its parts carry classes of our own making; a foreign class could borrow a control's looks.
            ("code" | "span", "class") => {
                let kept: Vec<_> = value.split(' ').filter(|class| is_code_class(class)).collect();
                (!kept.is_empty()).then(|| kept.join(" ").into())
            }
            _ => Some(value.into()),
        });
    rules.add_tag_attributes("code", ["class"]).add_tag_attributes("span", ["class"]);
    for tag in MATH {
        rules.add_tag_attributes(tag, MATH_ATTRIBUTES);
    }
    rules
});

fn is_footnote_id(value: &str) -> bool {
    let mut parts = value.splitn(2, '-');
    let (Some(prefix), Some(name)) = (parts.next(), parts.next()) else { return false };
    prefix.len() == 6 && prefix.bytes().all(|b| b.is_ascii_hexdigit()) && name.chars().all(char::is_alphanumeric)
}

fn is_code_class(class: &str) -> bool {
    class.starts_with("hl-") || class.starts_with("language-") || class == "math-error"
}

/// HTML with nothing in it but what is on the list.
pub(super) fn clean(html: &str) -> String {
    RULES.clean(html).to_string()
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}
