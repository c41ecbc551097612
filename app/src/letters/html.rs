//! A letter as HTML: one calm column that holds without style sheets, scripts or pictures, because mail clients drop them.
//! Styles stand on the elements, here only; tables hold the frame, as some clients know nothing else.

use super::{Draft, Part};
use crate::ui::html::Html;
use aivalid_model::Lang;

const FONT: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;";
const PARAGRAPH: &str = "margin:0 0 16px;font-size:16px;line-height:1.55;color:#24211e;";
const SMALL: &str = "margin:0 0 16px;font-size:13px;line-height:1.5;color:#55504a;word-break:break-all;";

/// A whole document. Everything but the frame goes through [`Html::text`].
pub(super) fn write(origin: &str, lang: Lang, draft: &Draft) -> String {
    let mut html = Html::with_capacity(6 * 1024);
    html.raw("<!DOCTYPE html>\n<html lang=\"").raw(lang.tag()).raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light\">\n");
    html.raw("<title>").text(&draft.subject).raw("</title>\n</head>\n<body style=\"margin:0;padding:0;background-color:#faf9f7;\">\n");
    // What lists of mails show beside the subject.
    if let Some(Part::Words(lead)) = draft.parts.first() {
        html.raw("<div style=\"display:none;max-height:0;overflow:hidden;\">").text(lead).raw("</div>\n");
    }
    html.raw(&table("width:100%;background-color:#faf9f7;")).raw("<tr><td align=\"center\" style=\"padding:24px 12px;\">\n");
    html.raw(&table("width:100%;max-width:560px;background-color:#ffffff;border:1px solid #e0ddd7;border-radius:12px;"));
    html.raw("<tr><td style=\"padding:28px 28px 12px;").raw(FONT).raw("\">\n");
    html.raw("<p style=\"margin:0 0 24px;font-size:18px;font-weight:700;color:#0b6468;\">AIValid</p>\n");
    html.raw("<h1 style=\"margin:0 0 20px;font-size:22px;line-height:1.3;color:#201e1b;\">").text(&draft.subject).raw("</h1>\n");
    paragraph(&mut html, PARAGRAPH, &tr!(lang, "letter.greeting", name = draft.username));
    for part in &draft.parts {
        write_part(&mut html, lang, part);
    }
    html.raw("</td></tr>\n</table>\n");
    html.raw(&table("width:100%;max-width:560px;")).raw("<tr><td style=\"padding:16px 28px;").raw(FONT).raw("\">\n");
    paragraph(&mut html, "margin:0;font-size:13px;line-height:1.5;color:#55504a;", &tr!(lang, "letter.footer", origin = origin));
    html.raw("</td></tr>\n</table>\n</td></tr>\n</table>\n</body>\n</html>\n");
    html.into_string()
}

fn table(style: &str) -> String {
    format!("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"{style}\">")
}

fn paragraph(html: &mut Html, style: &str, text: &str) {
    html.raw("<p style=\"").raw(style).raw("\">").text(text).raw("</p>\n");
}

fn write_part(html: &mut Html, lang: Lang, part: &Part) {
    match part {
        Part::Words(text) => paragraph(html, PARAGRAPH, text),
        Part::Quote(text) => {
            html.raw("<blockquote style=\"margin:0 0 16px;padding:4px 0 4px 14px;border-left:3px solid #e0ddd7;font-size:16px;");
            html.raw("line-height:1.55;color:#3d3934;\">").text(text).raw("</blockquote>\n");
        }
        Part::Facts(facts) => {
            html.raw(&table("margin:0 0 16px;")).raw("\n");
            for (name, value) in facts {
                html.raw("<tr><td style=\"padding:3px 16px 3px 0;font-size:14px;color:#55504a;vertical-align:top;").raw(FONT).raw("\">");
                html.text(name).raw("</td><td style=\"padding:3px 0;font-size:14px;color:#24211e;word-break:break-word;").raw(FONT);
                html.raw("\">").text(value).raw("</td></tr>\n");
            }
            html.raw("</table>\n");
        }
        Part::Action(label, address) => {
            html.raw(&table("margin:4px 0 20px;")).raw("<tr><td style=\"border-radius:8px;background-color:#0b6468;\">");
            html.raw("<a href=\"").text(address).raw("\" style=\"display:inline-block;padding:12px 22px;font-size:16px;font-weight:600;");
            html.raw("color:#ffffff;text-decoration:none;").raw(FONT).raw("\">").text(label).raw("</a></td></tr></table>\n");
            html.raw("<p style=\"").raw(SMALL).raw("\">").text(&tr!(lang, "letter.link_hint")).raw("<br>").text(address).raw("</p>\n");
        }
        Part::Alarm(text, label, address) => {
            html.raw(&table("width:100%;margin:4px 0 16px;"));
            html.raw("<tr><td style=\"padding:14px 16px;border-radius:8px;background-color:#fef3f2;").raw(FONT).raw("\">");
            html.raw("<p style=\"margin:0 0 8px;font-size:15px;line-height:1.5;color:#7a271a;\">").text(text).raw("</p>");
            html.raw("<a href=\"").text(address).raw("\" style=\"font-size:15px;font-weight:600;color:#b42318;\">").text(label);
            html.raw("</a></td></tr></table>\n");
        }
    }
}
