//! Markdown: `CommonMark` with tables, task lists, strikethrough, footnotes, highlighted code, math and mentions.

use super::{Rendered, highlight, math, sanitise};
use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use sha2::{Digest, Sha256};

/// The most characters of an automatic summary.
const SUMMARY: usize = 240;

/// The Markdown renderer.
#[derive(Default)]
pub(super) struct Markdown {
    highlighter: highlight::Highlighter,
}

impl Markdown {
    /// Sanitised HTML and a summary.
    pub fn render(&self, source: &str) -> Rendered {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_MATH;
        // Many posts share a page: footnotes are kept apart by a prefix that depends on the text alone.
        let prefix = hex::encode(Sha256::digest(source).get(..3).unwrap_or_default());
        let mut walk =
            Walk { highlighter: &self.highlighter, prefix, code: None, links: 0, table: Columns::default(), summary: String::new() };
        let events: Vec<Event<'_>> = Parser::new_ext(source, options).flat_map(|event| walk.step(event)).collect();
        let mut unsafe_html = String::with_capacity(source.len() * 3 / 2);
        html::push_html(&mut unsafe_html, events.into_iter());
        Rendered { html: sanitise::clean(&unsafe_html), summary: shorten(&walk.summary) }
    }
}

struct Walk<'a> {
    highlighter: &'a highlight::Highlighter,
    prefix: String,
    /// Language and text of the code block that is being read.
    code: Option<(String, String)>,
    /// Open links, inside which a mention is no link of its own.
    links: usize,
    table: Columns,
    summary: String,
}

/// The columns of the table that is being read, and where in it we are.
#[derive(Default)]
struct Columns {
    alignments: Vec<Alignment>,
    in_head: bool,
    next: usize,
}

impl Columns {
    /// The next cell's start, where its column is aligned: by a class, because styles in the text do not get through.
    fn cell(&mut self) -> Option<Event<'static>> {
        let alignment = self.alignments.get(self.next).copied();
        self.next += 1;
        let class = match alignment? {
            Alignment::Right => "num",
            Alignment::Center => "center",
            Alignment::Left | Alignment::None => return None,
        };
        Some(Event::InlineHtml(format!("<{} class=\"{class}\">", if self.in_head { "th" } else { "td" }).into()))
    }
}

impl Walk<'_> {
    fn step<'e>(&mut self, event: Event<'e>) -> Vec<Event<'e>> {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split([' ', ',']).next().unwrap_or_default().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
                vec![]
            }
            Event::End(TagEnd::CodeBlock) => match self.code.take() {
                Some((language, text)) => vec![Event::Html(self.highlighter.block(&language, &text).into())],
                None => vec![],
            },
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => {
                    code.push_str(&text);
                    vec![]
                }
                None => self.text(text),
            },
            Event::InlineMath(source) => vec![Event::InlineHtml(math::render(&source, false).into())],
            Event::DisplayMath(source) => vec![Event::InlineHtml(math::render(&source, true).into())],
            // A page's own headings end at the second level; a post's begin below.
            Event::Start(Tag::Heading { level, .. }) => {
                vec![Event::Start(Tag::Heading { level: lower(level), id: None, classes: vec![], attrs: vec![] })]
            }
            Event::End(TagEnd::Heading(level)) => {
                self.summary.push(' ');
                vec![Event::End(TagEnd::Heading(lower(level)))]
            }
            // The mark is its own label: a checkbox must have one, and this one reads in every language.
            Event::TaskListMarker(done) => {
                let (mark, checked) = if done { ('☑', " checked") } else { ('☐', "") };
                vec![Event::InlineHtml(format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{mark}\"> ").into())]
            }
            Event::Start(Tag::Image { dest_url, title, .. }) if !is_own_image(&dest_url) => {
                // Pictures from elsewhere would tell their host who reads what; they become links.
                self.links += 1;
                vec![Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id: CowStr::Borrowed("") })]
            }
            Event::End(TagEnd::Image) if self.links > 0 => {
                self.links -= 1;
                vec![Event::End(TagEnd::Link)]
            }
            Event::Start(Tag::Link { .. }) => {
                self.links += 1;
                vec![event]
            }
            Event::End(TagEnd::Link) => {
                self.links = self.links.saturating_sub(1);
                vec![event]
            }
            Event::Start(Tag::Table(alignments)) => {
                self.table = Columns { alignments, ..Columns::default() };
                // Aligned here, cell by cell.
                vec![Event::Start(Tag::Table(vec![]))]
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                self.table.next = 0;
                self.table.in_head = matches!(event, Event::Start(Tag::TableHead));
                vec![event]
            }
            Event::Start(Tag::TableCell) => vec![self.table.cell().unwrap_or(event)],
            Event::FootnoteReference(name) => vec![Event::FootnoteReference(self.apart(&name))],
            Event::Start(Tag::FootnoteDefinition(name)) => vec![Event::Start(Tag::FootnoteDefinition(self.apart(&name)))],
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) | Event::SoftBreak | Event::HardBreak => {
                self.summary.push(' ');
                vec![event]
            }
            Event::Code(ref code) => {
                self.note(code);
                vec![event]
            }
            _ => vec![event],
        }
    }

    fn apart(&self, name: &str) -> CowStr<'static> {
        let name: String = name.chars().filter(|c| c.is_alphanumeric()).take(20).collect();
        format!("{}-{name}", self.prefix).into()
    }

    fn note(&mut self, text: &str) {
        if self.summary.len() < SUMMARY * 4 {
            self.summary.push_str(text);
        }
    }

    /// Text with `@name` made links.
    fn text<'e>(&mut self, text: CowStr<'e>) -> Vec<Event<'e>> {
        self.note(&text);
        if self.links > 0 || !text.contains('@') {
            return vec![Event::Text(text)];
        }
        let mut events = Vec::new();
        let mut rest = text.as_ref();
        while let Some((before, name, after)) = mention(rest) {
            events.push(Event::Text(before.to_owned().into()));
            let lower = name.to_ascii_lowercase();
            events.push(Event::InlineHtml(format!("<a class=\"mention\" href=\"/user/{lower}\">@{name}</a>").into()));
            rest = after;
        }
        events.push(Event::Text(rest.to_owned().into()));
        events
    }
}

/// The first `@name` that stands on its own, with what is before and after it.
fn mention(text: &str) -> Option<(&str, &str, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('@').map(|at| at + from) {
        let (before, rest) = (text.get(..at)?, text.get(at + 1..)?);
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let stands_alone = before.chars().next_back().is_none_or(|c| !is_name(c) && c != '/' && c != '.');
        if stands_alone && (3..=20).contains(&end) {
            return Some((before, rest.get(..end)?, rest.get(end..)?));
        }
        from = at + 1;
    }
    None
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

fn is_own_image(url: &str) -> bool {
    url.starts_with("/api/v1/documents/") && !url.contains("..")
}

/// At most [`SUMMARY`] characters, cut between words.
pub(super) fn shorten(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= SUMMARY {
        return folded;
    }
    let cut: String = folded.chars().take(SUMMARY - 1).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{words}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(source: &str) -> String {
        Markdown::default().render(source).html
    }

    #[test]
    fn the_promised_extensions_are_there() {
        let out = html("# T\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] not\n\n~~old~~ `code` note[^1]\n\n[^1]: Here.\n");
        for part in
            ["<h3>T</h3>", "<table", "<td", "type=\"checkbox\"", "checked", "<del>old</del>", "<code>code</code>", "footnote-reference"]
        {
            assert!(out.contains(part), "{part} is missing in {out}");
        }
    }

    #[test]
    fn columns_keep_their_alignment() {
        let aligned = html("| a | b | c | d |\n| --- | ---: | :-: | :-- |\n| 1 | **2** | `3` | 4 |\n");
        for cell in ["<th>a</th>", "<th class=\"num\">b</th>", "<th class=\"center\">c</th>", "<th>d</th>"] {
            assert!(aligned.contains(cell), "{cell} in {aligned}");
        }
        assert!(aligned.contains("<td class=\"num\"><strong>2</strong></td><td class=\"center\"><code>3</code></td>"), "{aligned}");
        assert!(aligned.contains("<td>4</td>") && !aligned.contains("style"), "{aligned}");
        let foreign = html("<table><tr><td class=\"num btn\" style=\"position:fixed\">x</td></tr></table>");
        assert!(foreign.contains("<td class=\"num\">x</td>"), "{foreign}");
    }

    #[test]
    fn code_is_highlighted_and_math_is_mathml() {
        assert!(html("```rust\nfn main() {}\n```").contains("hl-"));
        let out = html("Euler: $e^{i\\pi} + 1 = 0$ and $$\\frac{a}{b}$$");
        assert!(out.contains("<math") && out.contains("<msup>") && out.contains("<mfrac>"), "{out}");
        assert!(html("bad $\\frac{$ math").contains("math"), "broken math is shown, not lost");
    }

    #[test]
    fn nothing_harmful_gets_through() {
        let attacks = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "<a href=\"java\nscript:alert(1)\">x</a>",
            "<iframe src=\"https://evil.example\"></iframe>",
            "<style>*{display:none}</style>",
            "<form action=/logout><button>x</button></form>",
            "<div style=\"position:fixed\">x</div>",
            "![x](https://evil.example/pixel.png)",
            "$<img src=x onerror=alert(1)>$",
            "```\"><script>alert(1)</script>\nx\n```",
            "<math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror=alert(1) src>\">",
            "<input type=text autofocus onfocus=alert(1)>",
        ];
        for attack in attacks {
            let out = html(attack).to_ascii_lowercase();
            for bad in ["<script", "onerror=", "href=\"java", "<iframe", "<style", "<form", "<img src", "style=", "onfocus", "autofocus"] {
                assert!(!out.contains(bad), "{attack} gave {out}");
            }
        }
    }

    #[test]
    fn mentions_are_links_but_not_in_code_links_or_addresses() {
        assert!(html("Hi @Dewi_L!").contains("href=\"/user/dewi_l\""));
        for plain in ["mail a@contoh.id", "`@dewi`", "[@dewi](https://x.example)", "@ab"] {
            assert!(!html(plain).contains("/user/"), "{plain}");
        }
    }

    #[test]
    fn footnotes_of_two_posts_do_not_meet() {
        assert_ne!(html("a[^1]\n\n[^1]: x"), html("b[^1]\n\n[^1]: x"));
        let id = |text: &str| html(text).split("id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_ne!(id("a[^1]\n\n[^1]: x"), id("b[^1]\n\n[^1]: x"));
    }

    #[test]
    fn deep_and_long_input_ends() {
        for source in
            [">".repeat(10_000), "- ".repeat(5_000), "[".repeat(20_000), "*a ".repeat(10_000), "`".repeat(20_000), "<div>".repeat(5_000)]
        {
            let _ = html(&source);
        }
    }

    #[test]
    fn summaries_are_words() {
        let summary = Markdown::default().render(&format!("# Title\n\nSome **bold** text. {}", "word ".repeat(100))).summary;
        assert!(summary.starts_with("Title Some bold text. word") && summary.ends_with('…') && summary.chars().count() <= 240);
    }
}
