//! Typed tables.

use super::{Rendered, markdown::shorten, sanitise::escape};
use aivalid_model::content::{ColumnKind, Table};
use serde_json::Value;
use std::fmt::Write;

/// A table as HTML; numbers are set to the right, booleans are marks that are also words.
pub(super) fn render(table: &Table) -> Rendered {
    let mut html = String::from("<table class=\"grid-table\" tabindex=\"0\"><thead><tr>");
    for column in &table.columns {
        let class = if column.kind == ColumnKind::Number { " class=\"num\"" } else { "" };
        // Writing to a string can't fail.
        let _ = write!(html, "<th scope=\"col\"{class}>{}</th>", escape(&column.name));
    }
    html.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        html.push_str("<tr>");
        for (cell, column) in row.iter().zip(&table.columns) {
            let class = if column.kind == ColumnKind::Number { " class=\"num\"" } else { "" };
            let _ = write!(html, "<td{class}>{}</td>", escape(&text(cell)));
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table>");
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    Rendered { html, summary: shorten(&names.join(" · ")) }
}

fn text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::Bool(true) => "✓".to_owned(),
        Value::Bool(false) => "✗".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aivalid_model::{
        check::CheckAll,
        content::{Content, ContentInput},
    };

    #[test]
    fn cells_are_text_and_never_markup() {
        let input = serde_json::json!({
            "type": "table",
            "columns": [{"name": "<b>", "kind": "text"}, {"name": "N", "kind": "number"}, {"name": "OK", "kind": "yes_no"}],
            "rows": [["<script>alert(1)</script>", 1.5, true], [null, -3, false]],
        });
        let Content::Table(table) = serde_json::from_value::<ContentInput>(input).unwrap().check_all().unwrap() else { panic!() };
        let html = render(&table).html;
        assert!(!html.contains("<script") && !html.contains("<b>"));
        assert!(html.contains("<td class=\"num\">1.5</td>") && html.contains("✓") && html.contains("✗"));
        assert_eq!(html, super::super::sanitise::clean(&html), "the sanitiser has nothing to take away");
    }
}
