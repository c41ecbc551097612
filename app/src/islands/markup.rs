//! What the toolbar does to a text. Positions count UTF-16 units, as text fields do.

/// A change to a text field: what to put between two places, and what to select afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub from: usize,
    pub to: usize,
    pub text: String,
    pub select: (usize, usize),
}

const BREAK: u16 = 0x0A;

/// The change that a button makes to a text with a selection; nothing for buttons that nobody knows.
pub(super) fn edit(deed: &str, text: &str, start: usize, end: usize) -> Option<Edit> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let end = end.min(units.len());
    let start = start.min(end);
    let chosen = slice(&units, start, end);
    match deed {
        "bold" => Some(wrap(&units, start, end, "**")),
        "italic" => Some(wrap(&units, start, end, "_")),
        "code" if chosen.contains('\n') => {
            Some(Edit { from: start, to: end, text: format!("```\n{chosen}\n```"), select: (start + 3, start + 3) })
        }
        "code" => Some(wrap(&units, start, end, "`")),
        "link" => Some(link(&chosen, start, end)),
        "quote" => Some(lines(&units, start, end, "> ")),
        "list" => Some(lines(&units, start, end, "- ")),
        _ => None,
    }
}

fn slice(units: &[u16], start: usize, end: usize) -> String {
    String::from_utf16_lossy(units.get(start..end).unwrap_or_default())
}

/// Puts a mark on both sides, or takes both away where they are.
fn wrap(units: &[u16], start: usize, end: usize, mark: &str) -> Edit {
    let width = mark.len();
    let chosen = slice(units, start, end);
    let outside = start >= width && slice(units, start - width, start) == mark && slice(units, end, end + width) == mark;
    if outside {
        return Edit { from: start - width, to: end + width, text: chosen, select: (start - width, end - width) };
    }
    Edit { from: start, to: end, text: format!("{mark}{chosen}{mark}"), select: (start + width, end + width) }
}

/// A link around the selection, with its address selected; an address becomes the link's target and its text is selected.
fn link(chosen: &str, start: usize, end: usize) -> Edit {
    let length = end - start;
    if chosen.starts_with("https://") || chosen.starts_with("http://") {
        return Edit { from: start, to: end, text: format!("[]({chosen})"), select: (start + 1, start + 1) };
    }
    let address = start + length + 3;
    Edit { from: start, to: end, text: format!("[{chosen}](https://)"), select: (address, address + 8) }
}

/// Puts a mark before each line of the selection, or takes it away where all have it.
fn lines(units: &[u16], start: usize, end: usize, mark: &str) -> Edit {
    let from = units.get(..start).unwrap_or_default().iter().rposition(|unit| *unit == BREAK).map_or(0, |place| place + 1);
    let to = units.get(end..).unwrap_or_default().iter().position(|unit| *unit == BREAK).map_or(units.len(), |place| end + place);
    let block = slice(units, from, to);
    let marked = block.split('\n').all(|line| line.starts_with(mark));
    let changed: Vec<String> =
        block.split('\n').map(|line| if marked { line.replacen(mark, "", 1) } else { format!("{mark}{line}") }).collect();
    let text = changed.join("\n");
    let last = from + text.encode_utf16().count();
    let select = if start == end { (last, last) } else { (from, last) };
    Edit { from, to, text, select }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[` and `]` mark the selection, before and after.
    fn after(deed: &str, text: &str) -> String {
        let marked: Vec<u16> = text.encode_utf16().collect();
        let place = |mark: char| marked.iter().position(|unit| *unit == mark as u16).unwrap();
        let (start, end) = (place('«'), place('»') - 1);
        let plain = text.replace(['«', '»'], "");
        let edit = edit(deed, &plain, start, end).unwrap();
        let mut units: Vec<u16> = plain.encode_utf16().collect();
        units.splice(edit.from..edit.to, edit.text.encode_utf16());
        units.insert(edit.select.1, '»' as u16);
        units.insert(edit.select.0, '«' as u16);
        String::from_utf16(&units).unwrap()
    }

    #[test]
    fn marks_go_around_and_away_again() {
        assert_eq!(after("bold", "a «b» c"), "a **«b»** c");
        assert_eq!(after("bold", "a **«b»** c"), "a «b» c");
        assert_eq!(after("italic", "«»"), "_«»_");
        assert_eq!(after("code", "🙂 «x»"), "🙂 `«x»`");
        assert_eq!(after("code", "«a\nb»"), "```«»\na\nb\n```");
    }

    #[test]
    fn lines_are_marked_whole() {
        assert_eq!(after("list", "x\nsa«tu\ndu»a\ny"), "x\n«- satu\n- dua»\ny");
        assert_eq!(after("list", "- sa«tu\n- du»a"), "«satu\ndua»");
        assert_eq!(after("quote", "kata«»"), "> kata«»");
    }

    #[test]
    fn links_select_what_is_missing() {
        assert_eq!(after("link", "«teks»"), "[teks](«https://»)");
        assert_eq!(after("link", "«https://a.id»"), "[«»](https://a.id)");
        assert_eq!(edit("unknown", "a", 0, 0), None);
        assert!(edit("bold", "a", 5, 9).is_some(), "places beyond the end are the end");
    }
}
