//! docs/ERRORS.md is made from the error enums. `UPDATE_DOCS=1 cargo nextest run -p aivalid-model` writes it anew.

use aivalid_model::Error;
use std::{fmt::Write, fs, path::Path};

const HEAD: &str = "# Error codes

<!-- Made from the error enums by crates/model/tests/errors_doc.rs. Do not edit by hand:
     UPDATE_DOCS=1 cargo nextest run -p aivalid-model -->

Every error of the JSON API is `{\"error\": sentence, \"code\": code, \"details\": {…}}` (see API.md). A code never changes its
meaning. The sentence is for people and may change; where it names a reason or a state, `…` or an example stands here. The last column
names what `details` holds.
";

/// The heading under which an error stands: its domain's.
const fn domain(error: &Error) -> &'static str {
    match error {
        Error::Identity(_) => "Accounts and signing in",
        Error::Admin(_) => "Administration",
        Error::Community(_) => "Forum, replies and reactions",
        Error::Case(_) => "Validation cases",
        Error::Kyc(_) => "Identity documents",
        _ => "Everywhere",
    }
}

/// The whole document.
fn render() -> String {
    let mut text = HEAD.to_owned();
    let mut heading = "";
    for error in Error::catalogue() {
        if domain(&error) != heading {
            heading = domain(&error);
            let _ = write!(text, "\n## {heading}\n\n| code | status | sentence | details |\n| --- | --- | --- | --- |\n");
        }
        let details: Vec<String> = error.details().as_object().into_iter().flatten().map(|(key, _)| format!("`{key}`")).collect();
        let _ = writeln!(text, "| `{}` | {} | {error} | {} |", error.code(), error.status(), details.join(", "));
    }
    text
}

#[test]
fn the_list_of_error_codes_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ERRORS.md");
    let fresh = render();
    if std::env::var("UPDATE_DOCS").is_ok_and(|value| value == "1") {
        fs::write(&path, &fresh).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let same = written.lines().zip(fresh.lines()).take_while(|(have, want)| have == want).count();
    assert!(
        written == fresh,
        "docs/ERRORS.md is not what the error enums say; run `UPDATE_DOCS=1 cargo nextest run -p aivalid-model`.\n\
         line {}:\n  in the file: {}\n  in the code: {}",
        same + 1,
        written.lines().nth(same).unwrap_or("(nothing)"),
        fresh.lines().nth(same).unwrap_or("(nothing)"),
    );
}
