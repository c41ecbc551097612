//! Feeds and the sitemap: well-formed XML, whatever people write.

use crate::harness::{World, case, thread};
use quick_xml::{Reader, events::Event};
use serde_json::json;

/// The texts of every element with a name; panics where the XML is not well-formed.
fn texts(xml: &str, name: &str) -> Vec<String> {
    // Characters that XML 1.0 has no way to write.
    assert!(!xml.chars().any(|c| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')), "{xml}");
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut found, mut open) = (vec![], vec![]);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                let tag = tag.name().as_ref().to_owned();
                if tag == name {
                    found.push(String::new());
                }
                open.push(tag);
            }
            Event::End(_) => drop(open.pop().unwrap()),
            Event::Text(text) if open.last().is_some_and(|tag| tag == name) => found.last_mut().unwrap().push_str(&text),
            Event::GeneralRef(entity) if open.last().is_some_and(|tag| tag == name) => {
                found.last_mut().unwrap().push_str(quick_xml::escape::resolve_predefined_entity(&entity).unwrap());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    found
}

#[tokio::test]
async fn the_forums_feed() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let hard = "A & B < C > \"D\" ]]> 👩‍🔬 \u{ffff}";
    dewi.create("/api/threads", thread(hard)).await;
    world.pass_secs(60);
    let mut second = thread("Kedua");
    second["summary"] = json!("Ringkas & padat");
    dewi.create("/api/threads", second).await;
    let answer = world.anon().get("/feeds/threads.atom").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/atom+xml; charset=utf-8"));
    let xml = answer.text();
    assert_eq!(texts(xml, "title"), ["AIValid: forum", "Kedua", "A & B < C > \"D\" ]]> 👩‍🔬 "]);
    assert_eq!(texts(xml, "summary")[0], "Ringkas & padat");
    assert_eq!(texts(xml, "updated"), ["2026-11-18T12:27:40Z", "2026-11-18T12:27:40Z", "2026-11-18T12:26:40Z"]);
    assert_eq!(texts(xml, "name"), ["dewi_l", "dewi_l"]);
    assert_eq!(texts(xml, "id")[1], "http://localhost:3000/threads/2-kedua");
}

#[tokio::test]
async fn the_cases_feed() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/validation-cases", case("Periksa 50 soal")).await;
    insta::assert_snapshot!(world.anon().get("/feeds/validation-cases.atom").await.text(), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom"><title>AIValid: validation cases</title><id>http://localhost:3000/feeds/validation-cases.atom</id><link rel="self" href="http://localhost:3000/feeds/validation-cases.atom"/><link href="http://localhost:3000/"/><updated>2026-11-18T12:26:40Z</updated>
    <entry><title>Periksa 50 soal</title><id>http://localhost:3000/validation-cases/1-periksa-50-soal</id><link href="http://localhost:3000/validation-cases/1-periksa-50-soal"/><author><name>dewi_l</name></author><published>2026-11-18T12:26:40Z</published><updated>2026-11-18T12:26:40Z</updated><summary>Rp 1.500.000 · Periksa jawaban model atas 50 soal kardiologi.</summary></entry>
    </feed>
    "#);
}

#[tokio::test]
async fn empty_feeds_are_feeds() {
    let world = World::new().await;
    for path in ["/feeds/threads.atom", "/feeds/validation-cases.atom"] {
        let answer = world.anon().get(path).await;
        assert_eq!((texts(answer.text(), "title").len(), texts(answer.text(), "entry").len()), (1, 0));
    }
}

#[tokio::test]
async fn the_sitemap_lists_pages_cases_and_threads() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    dewi.create("/api/threads", thread("Apa & siapa?")).await;
    dewi.create("/api/validation-cases", case("Periksa 50 soal")).await;
    dewi.create("/api/threads", thread("Dihapus")).await;
    dewi.delete("/api/threads/2").await.ok(200);
    let answer = world.anon().get("/sitemap.xml").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/xml; charset=utf-8"));
    let places = texts(answer.text(), "loc");
    assert!(places.contains(&"http://localhost:3000/".to_owned()));
    assert!(places.contains(&"http://localhost:3000/validation-cases/1-periksa-50-soal".to_owned()), "{places:?}");
    assert!(places.contains(&"http://localhost:3000/threads/1-apa-siapa".to_owned()), "{places:?}");
    assert!(!places.iter().any(|place| place.contains("dihapus")));
    assert_eq!(texts(answer.text(), "lastmod"), ["2026-11-18T12:26:40Z", "2026-11-18T12:26:40Z"]);
}
