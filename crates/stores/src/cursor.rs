//! Where the next stretch of a list begins.

use aivalid_model::community::Sort;

/// The last entry of a stretch, by the values that its list is sorted by. Opaque to clients: `latest.0.1763000000000000.42`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The list's order; a cursor of another order is ignored.
    pub sort: Sort,
    /// Whether the entry stands above the others.
    pub pinned: bool,
    /// The value that the list is sorted by.
    pub value: i64,
    /// Decides between equal values.
    pub id: i64,
}

impl Cursor {
    /// The text that clients pass back.
    pub fn text(&self) -> String {
        format!("{}.{}.{}.{}", self.sort.as_str(), u8::from(self.pinned), self.value, self.id)
    }

    /// What a client passed back; `None` when it was not made here, or for another order.
    pub fn parse(text: &str, sort: Sort) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let mut next = || parts.next();
        if next()? != sort.as_str() {
            return None;
        }
        let pinned = match next()? {
            "0" => false,
            "1" => true,
            _ => return None,
        };
        Some(Self { sort, pinned, value: next()?.parse().ok()?, id: next()?.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went() {
        for sort in Sort::ALL {
            let cursor = Cursor { sort, pinned: sort == Sort::Latest, value: -5, id: i64::MAX };
            assert_eq!(Cursor::parse(&cursor.text(), sort), Some(cursor));
        }
    }

    #[test]
    fn what_was_not_made_here_is_no_cursor() {
        for text in [
            "",
            "latest",
            "latest.0.1",
            "latest.2.1.1",
            "latest.0.x.1",
            "newest.0.1.1",
            "latest.0.1.1.1",
            "latest.0.1.99999999999999999999",
        ] {
            assert_eq!(Cursor::parse(text, Sort::Latest), None, "{text}");
        }
    }
}
