//! SQL, HTML and other attacks in every text field: kept as text, shown harmless, nothing breaks.

use crate::harness::{World, case, reply, thread};
use serde_json::json;

const ATTACKS: [&str; 12] = [
    "'; DROP TABLE threads; --",
    "\" OR \"\"=\"",
    "') UNION SELECT password_hash FROM users --",
    "$1 ?1 %s {0} ${jndi:ldap://x}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "[klik](javascript:alert(1))",
    "]]><!--<![CDATA[&lt;&#0;",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟ 👩‍🔬 مرحبا שלום",
];

fn is_harmless(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    !["<script", "src=", "<svg", "onerror", "onload", "href=\"javascript", "<title"].iter().any(|bad| {
        // Escaped text may hold these words; tags and attributes may not.
        html.split('<').skip(1).any(|tag| format!("<{}", tag.split('>').next().unwrap_or_default()).contains(bad))
    })
}

#[tokio::test]
async fn in_threads_and_cases() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for attack in ATTACKS {
        for (path, mut body) in [("/api/threads", thread(attack)), ("/api/validation-cases", case(attack))] {
            body["summary"] = json!(attack);
            body["content"] = json!({"type": "markdown", "text": attack});
            let id = dewi.create(path, body).await;
            let read = dewi.get(&format!("{path}/{id}")).await.ok(200)["data"].clone();
            for field in ["title", "summary", "content"] {
                assert_eq!(read[field], attack, "{field}");
            }
            assert!(is_harmless(read["contentHtml"].as_str().unwrap()), "{}", read["contentHtml"]);
        }
    }
    assert_eq!(dewi.get("/api/threads").await.ok(200)["pagination"]["total"], ATTACKS.len());
}

#[tokio::test]
async fn in_tables() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let mut body = thread("Tabel");
    let rows: Vec<_> = ATTACKS.iter().map(|attack| json!([attack])).collect();
    body["content"] = json!({"type": "table", "columns": [{"name": ATTACKS[4], "kind": "text"}], "rows": rows});
    let id = dewi.create("/api/threads", body).await;
    let read = dewi.get(&format!("/api/threads/{id}")).await.ok(200);
    assert!(is_harmless(read["data"]["contentHtml"].as_str().unwrap()), "{read}");
}

#[tokio::test]
async fn in_replies() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let id = dewi.create("/api/threads", thread("Utas")).await;
    let path = format!("/api/v1/threads/{id}/replies");
    for attack in ATTACKS {
        let body = dewi.post(&path, reply(attack)).await.ok(201);
        assert_eq!(body["data"]["content"], attack);
        assert!(is_harmless(body["data"]["contentHtml"].as_str().unwrap()), "{body}");
    }
    assert_eq!(dewi.get(&path).await.ok(200)["pagination"]["total"], ATTACKS.len());
}

#[tokio::test]
async fn in_profiles() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for attack in ATTACKS {
        let short: String = attack.chars().take(80).collect();
        let me = dewi.put("/api/account", json!({"fullName": short, "bio": attack, "location": short})).await.ok(200);
        assert_eq!((me["data"]["fullName"].as_str(), me["data"]["bio"].as_str()), (Some(short.as_str()), Some(attack)));
        for field in ["website", "telegram", "username", "timeZone", "locale", "theme"] {
            assert_eq!(dewi.put("/api/account", json!({field: attack})).await.status, 400, "{field} {attack}");
        }
    }
    world.anon().get("/api/user/dewi_l").await.ok(200);
}

#[tokio::test]
async fn on_pages() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for attack in ATTACKS {
        dewi.put("/api/account", json!({"fullName": attack.chars().take(80).collect::<String>()})).await.ok(200);
        let mut body = thread(attack);
        body["content"] = json!({"type": "markdown", "text": attack});
        let id = dewi.create("/api/threads", body).await;
        dewi.create(&format!("/api/v1/threads/{id}/replies"), reply(attack)).await;
        let answer = world.anon().get(&format!("/threads/{id}")).await;
        let answer = if answer.status == 308 || answer.status == 301 { world.anon().get(answer.header("location")).await } else { answer };
        let html = answer.page(200);
        let nonce = html.split("nonce=\"").nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(nonce.as_ref().is_some_and(|nonce| tag.contains(nonce.as_str())), "{tag}");
        }
        for bad in ["<img src=x", "<svg/onload", "href=\"javascript:", "<script>alert"] {
            assert!(!html.contains(bad), "{bad} on the page of {attack}");
        }
    }
    let mirrored = world.anon().get("/nothing?q=%3Cscript%3Ealert(1)%3C/script%3E&lang=%22%3E%3Cscript%3E").await;
    assert!(!mirrored.page(404).contains("<script>alert"));
}

#[tokio::test]
async fn in_headers() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    for attack in ATTACKS.iter().map(|attack| attack.as_bytes()).chain([&b"\xff\xfe\x80"[..], &[b'x'; 5_000]]) {
        let mut ask = dewi.ask(axum::http::Method::GET, "/nothing");
        for name in [
            "user-agent",
            "accept-language",
            "x-request-id",
            "cookie",
            "referer",
            "x-forwarded-for",
            "accept",
            "if-none-match",
            "idempotency-key",
        ] {
            ask = ask.header(name, attack);
        }
        let answer = ask.send().await;
        answer.page(404);
        assert!(answer.header("x-request-id").starts_with("req_"), "{answer:?}");
    }
}

#[tokio::test]
async fn in_fields_of_several_lines() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let attack = "Halo </textarea><form action=//x.example><b id=x>";
    dewi.put("/api/account", json!({ "bio": attack })).await.ok(200);
    let mut written = thread("Utas");
    written["content"] = json!({"type": "markdown", "text": attack});
    dewi.create("/api/threads", written).await;
    let browser = dewi.in_browser().await;
    let staff = world.admin("sri_wahyuni").await.in_browser().await;
    staff.form("/account/sudo", &[("password", crate::harness::PASSWORD)]).await;
    staff.as_with_two_factors().await;
    let admins = format!("/admin/users/{}/profile", dewi.id);
    for (reader, path) in [(&browser, "/account"), (&browser, "/threads/1/edit"), (&staff, admins.as_str())] {
        let page = reader.get(path).await;
        let text = page.page(200);
        assert!(text.contains("Halo &lt;/textarea&gt;") && !text.contains("<b id=x>"), "{path}: {page:?}");
    }
}
