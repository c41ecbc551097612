//! docs/ASVS.md says what is true: no requirement is missing, every test is where it is said to be, and the ways of signing in are
//! those that it lists.

use crate::harness::World;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

const DOCUMENT: &str = include_str!("../../../docs/ASVS.md");

/// How many requirements each section of OWASP ASVS 5.0.0 has in the chapters V6, V7, V9 and V10; they are numbered from 1.
const SECTIONS: [(&str, usize); 23] = [
    ("6.1", 3),
    ("6.2", 12),
    ("6.3", 8),
    ("6.4", 6),
    ("6.5", 8),
    ("6.6", 4),
    ("6.7", 2),
    ("6.8", 4),
    ("7.1", 3),
    ("7.2", 4),
    ("7.3", 2),
    ("7.4", 5),
    ("7.5", 3),
    ("7.6", 2),
    ("9.1", 3),
    ("9.2", 4),
    ("10.1", 2),
    ("10.2", 3),
    ("10.3", 5),
    ("10.4", 16),
    ("10.5", 5),
    ("10.6", 2),
    ("10.7", 3),
];

/// What the beginnings of files stand for.
const SHORT: [(&str, &str); 5] = [
    ("it/", "server/tests/it/"),
    ("contract/", "crates/service/src/contract/"),
    ("identity/", "crates/service/src/identity/"),
    ("model/", "crates/model/src/identity/"),
    ("e2e/", "end2end/tests/"),
];

/// A row of a table of requirements.
struct Row<'a> {
    number: &'a str,
    verdict: &'a str,
    tests: &'a str,
}

/// The rows whose first cell is the number of a requirement.
fn rows() -> Vec<Row<'static>> {
    let is_number = |text: &str| text.split('.').count() == 3 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let cells = |line: &'static str| line.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<_>>();
    let rows = DOCUMENT.lines().filter(|line| line.starts_with("| ")).map(cells).filter(|cells| is_number(cells[0]));
    rows.map(|cells| {
        let [number, _, _, verdict, tests] = cells[..] else { panic!("not five cells: {cells:?}") };
        Row { number, verdict, tests }
    })
    .collect()
}

/// File and name of each test of a row.
fn tests(row: &Row<'static>) -> Vec<(String, &'static str)> {
    let quoted = row.tests.split('`').skip(1).step_by(2);
    quoted
        .map(|test| {
            let (file, name) = test.split_once(": ").unwrap_or_else(|| panic!("{}: not `file: name`: {test}", row.number));
            let short = SHORT.iter().find_map(|(short, long)| Some(format!("{long}{}", file.strip_prefix(short)?)));
            (short.unwrap_or_else(|| file.to_owned()), name)
        })
        .collect()
}

fn read(root: &Path, file: &str) -> String {
    fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Everything in the contract suite, where the names of its functions are listed once more to be run.
fn suite(root: &Path) -> String {
    let folder = root.join("crates/service/src/contract");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// Whether a text defines a test of this name that is run.
fn defines(file: &str, text: &str, suite: &str, name: &str) -> bool {
    if Path::new(file).extension().is_some_and(|ending| ending == "ts") {
        return ["'", "`", "\""].iter().any(|quote| text.contains(&format!("test({quote}{name}")));
    }
    let Some((before, _)) = text.split_once(&format!("fn {name}(")) else { return false };
    if file.contains("/contract/") {
        return suite.lines().any(|line| line.trim() == format!("{name},"));
    }
    // Nothing but the attribute, and the words of the definition, stands between.
    before.lines().rev().take(2).any(|line| ["#[test]", "#[tokio::test"].iter().any(|attribute| line.trim_start().starts_with(attribute)))
}

#[test]
fn no_requirement_is_missing() {
    let expected: Vec<String> = SECTIONS.iter().flat_map(|(section, count)| (1..=*count).map(move |n| format!("{section}.{n}"))).collect();
    let found: Vec<&str> = rows().iter().map(|row| row.number).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_test_is_where_it_is_said_to_be() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let suite = suite(root);
    let (mut files, mut wrong) = (BTreeMap::new(), vec![]);
    for row in rows() {
        for (file, name) in tests(&row) {
            let text = files.entry(file.clone()).or_insert_with(|| read(root, &file));
            if !defines(&file, text, &suite, name) {
                wrong.push(format!("{}: no test {name} in {file}", row.number));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_test_is_noticed() {
    let text = "#[tokio::test]\nasync fn shown() {}\n\nfn helper() {}\n\npub async fn listed() {}\n\npub async fn forgotten() {}\n";
    let is_test = |file: &str, name: &str| defines(file, text, "            listed,\n", name);
    assert!(is_test("server/tests/it/x.rs", "shown") && is_test("crates/service/src/contract/x.rs", "listed"));
    assert!(!is_test("server/tests/it/x.rs", "show") && !is_test("server/tests/it/x.rs", "helper"));
    assert!(!is_test("crates/service/src/contract/x.rs", "forgotten"));
    assert!(defines("end2end/tests/x.ts", "test('signing in (id)', …", "", "signing in"));
    assert!(!defines("end2end/tests/x.ts", "// signing in", "", "signing in"));
}

#[test]
fn every_verdict_rests_on_something() {
    for row in rows() {
        let shown = row.tests.contains('`');
        let rests = match row.verdict.strip_prefix("**").and_then(|rest| rest.split('.').next()).and_then(|rest| rest.split("**").next()) {
            Some("Met" | "Partly") => shown || row.tests == "this document",
            Some("Not met") => shown,
            Some("Not applicable") => shown || row.tests == "–",
            _ => false,
        };
        assert!(rests, "{}: {} | {}", row.number, row.verdict, row.tests);
    }
}

/// Every operation that answers tokens is a way in.
#[tokio::test]
async fn the_ways_in_are_those_of_the_document() {
    let section = DOCUMENT.split("### Ways in").nth(1).unwrap().split("\n###").next().unwrap();
    let listed: BTreeSet<&str> = section.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.split('`').nth(1)).collect();
    let document = World::new().await.anon().get("/api/openapi.json").await.ok(200);
    let gives_tokens = |operation: &Value| {
        let answers = operation["responses"]["200"].to_string();
        ["LoginAnswer", "Tokens"].iter().any(|name| answers.contains(&format!("/components/schemas/{name}\"")))
    };
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if gives_tokens(operation) {
                found.insert(format!("{method} {path}"));
            }
        }
    }
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed);
}
