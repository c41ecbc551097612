//! Code blocks with classes for their parts; the colours are in the style sheet.

use super::sanitise::escape;
use std::sync::OnceLock;
use syntect::{
    html::{ClassStyle, ClassedHTMLGenerator},
    parsing::SyntaxSet,
    util::LinesWithEndings,
};

/// Longer blocks are shown plain: nobody reads them for their colours.
const LONGEST: usize = 20_000;
/// Longer lines are left plain, because grammars take more than linear time for them.
const LONGEST_LINE: usize = 500;

/// Highlights code. The syntaxes are unpacked at first use.
#[derive(Default)]
pub(super) struct Highlighter {
    syntaxes: OnceLock<SyntaxSet>,
}

impl Highlighter {
    /// A `<pre><code>` block.
    pub fn block(&self, language: &str, code: &str) -> String {
        let inner = self.spans(language, code).unwrap_or_else(|| escape(code));
        let label: String = language.chars().filter(|c| c.is_ascii_alphanumeric() || "+-#".contains(*c)).take(20).collect();
        if label.is_empty() {
            format!("<pre><code>{inner}</code></pre>\n")
        } else {
            format!("<pre><code class=\"language-{label}\">{inner}</code></pre>\n")
        }
    }

    fn spans(&self, language: &str, code: &str) -> Option<String> {
        if language.is_empty() || code.len() > LONGEST || code.lines().any(|line| line.len() > LONGEST_LINE) {
            return None;
        }
        let syntaxes = self.syntaxes.get_or_init(SyntaxSet::load_defaults_newlines);
        let syntax = syntaxes.find_syntax_by_token(language)?;
        let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes, ClassStyle::SpacedPrefixed { prefix: "hl-" });
        for line in LinesWithEndings::from(code) {
            generator.parse_html_for_line_which_includes_newline(line).ok()?;
        }
        Some(generator.finalize())
    }
}
