//! Who runs the site.

use crate::harness::World;
use axum::http::Method;

const SETTINGS: [(&str, &str); 2] = [("OPERATOR_NAME", "Yayasan <Contoh>"), ("OPERATOR_CONTACT", "halo@aivalid.example")];

#[tokio::test]
async fn pages_say_who_runs_the_site_in_both_languages() {
    let world = World::with(&SETTINGS).await;
    for path in ["/about", "/terms", "/privacy"] {
        for (lang, words, footer) in [
            ("id", "Situs ini dikelola oleh Yayasan &lt;Contoh&gt;.", "Dikelola oleh Yayasan &lt;Contoh&gt;"),
            ("en", "This site is run by Yayasan &lt;Contoh&gt;.", "Run by Yayasan &lt;Contoh&gt;"),
        ] {
            let answer = world.anon().ask(Method::GET, path).header("accept-language", lang).send().await;
            let html = answer.page(200);
            assert!(html.contains(words) && html.contains(footer), "{path} {lang}");
            assert_eq!(html.matches("href=\"mailto:halo@aivalid.example\"").count(), 2, "{path} {lang}: in the text and in the footer");
        }
    }
    let silent = World::new().await;
    for path in ["/about", "/terms", "/privacy", "/login"] {
        let html = silent.anon().get(path).await;
        assert!(!html.page(200).contains("ikelola oleh") && !html.text().contains("mailto:"), "{path}");
    }
}

#[tokio::test]
async fn pages_of_errors_that_only_the_operator_can_help_with_name_them() {
    let world = World::with(&SETTINGS).await;
    let refused = world.anon().ask(Method::POST, "/logout").origin(Some("https://jahat.example")).send().await;
    assert_eq!(refused.page(403).matches("mailto:halo@aivalid.example").count(), 2);
    assert_eq!(world.anon().get("/nothing").await.page(404).matches("mailto:").count(), 1, "the footer's alone");
}

#[tokio::test]
async fn weaknesses_have_an_address() {
    let world = World::with(&SETTINGS).await;
    let answer = world.anon().get("/.well-known/security.txt").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
    assert_eq!(
        answer.text(),
        "Contact: mailto:halo@aivalid.example\nExpires: 2027-05-17T12:26:40Z\nPreferred-Languages: id, en\n\
         Canonical: http://localhost:3000/.well-known/security.txt\n"
    );
    assert!(world.browser().get("/.well-known/security.txt").await.set_cookies().is_empty(), "caches keep it for everybody");
    let page = World::with(&[("OPERATOR_CONTACT", "https://aivalid.example/kontak")]).await;
    assert!(page.anon().get("/.well-known/security.txt").await.text().starts_with("Contact: https://aivalid.example/kontak\n"));
    assert_eq!(World::new().await.anon().get("/.well-known/security.txt").await.status, 404);
}
