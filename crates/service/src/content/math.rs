//! LaTeX math as `MathML`.

use super::sanitise::escape;
use pulldown_latex::{Parser, RenderConfig, Storage, config::DisplayMode, push_mathml};

/// Longer formulas are shown as their source.
const LONGEST: usize = 2_000;

/// `MathML` for a formula; what can't be understood is shown as its source.
pub(super) fn render(source: &str, display: bool) -> String {
    let plain = || format!("<code class=\"math-error\">{}</code>", escape(source));
    if source.len() > LONGEST {
        return plain();
    }
    let storage = Storage::new();
    let mut events = Vec::new();
    for event in Parser::new(source, &storage) {
        match event {
            Ok(event) => events.push(Ok::<_, pulldown_latex::ParserError>(event)),
            Err(_) => return plain(),
        }
    }
    let mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode: mode, ..RenderConfig::default() };
    let mut out = String::new();
    match push_mathml(&mut out, events.into_iter(), config) {
        Ok(()) => out,
        Err(_) => plain(),
    }
}
