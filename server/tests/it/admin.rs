//! What the staff does to accounts: who may, what it needs, what comes of it, and that it stands in the audit log.

use crate::{
    client::Client,
    harness::{DAY, PASSWORD, World, email_of},
    second_factor::switch_on,
};
use aivalid_model::audit::AuditFilter;
use axum::http::Method;
use serde_json::{Value, json};

async fn sudo(client: &Client) {
    client.elevate().await;
}

/// An administrator who proved once more who they are.
async fn elevated(world: &World, name: &str) -> Client {
    let admin = world.admin(name).await;
    sudo(&admin).await;
    admin
}

fn user(client: &Client, rest: &str) -> String {
    format!("/api/v1/admin/users/{}{rest}", client.id)
}

/// The newest entry: event and details.
async fn last(world: &World) -> (String, Value) {
    let entry = world.app.service.stores().audit.audit_list(&AuditFilter::default(), None, 1).await.unwrap().pop().unwrap().entry;
    (entry.event, serde_json::from_str(&entry.details).unwrap())
}

const WHY: &str = "Permintaan tertulis";

/// Every deed with a body that is fine.
fn deeds(of: &Client) -> Vec<(Method, String, Value)> {
    vec![
        (Method::PUT, user(of, ""), json!({"bio": "Baru", "reason": WHY})),
        (Method::PUT, user(of, "/role"), json!({"role": "moderator", "reason": WHY})),
        (Method::POST, user(of, "/suspend"), json!({"reason": WHY})),
        (Method::POST, user(of, "/unsuspend"), json!({"reason": WHY})),
        (Method::POST, user(of, "/unlock"), json!({"reason": WHY})),
        (Method::POST, user(of, "/badges"), json!({"badgeId": 1, "reason": WHY})),
        (Method::DELETE, user(of, "/badges/1?reason=Permintaan"), Value::Null),
        (Method::DELETE, user(of, "/sessions/1?reason=Permintaan"), Value::Null),
    ]
}

#[tokio::test]
async fn only_administrators_who_proved_who_they_are_do_anything() {
    let world = World::new().await;
    let (ani, budi, mod_, admin) =
        (world.user("ani").await, world.user("budi").await, world.moderator("mira").await, world.admin("dewi").await);
    world.grant_badge(&budi, "lama").await;
    let reading =
        ["/api/v1/admin/users".to_owned(), user(&ani, ""), "/api/v1/admin/audit".to_owned(), "/api/v1/admin/audit/export".to_owned()];
    for path in &reading {
        world.anon().get(path).await.refused(401, "UNAUTHENTICATED");
        for client in [&budi, &mod_, &ani] {
            client.get(path).await.refused(403, "FORBIDDEN");
        }
    }
    admin.get("/api/v1/admin/audit/export").await.refused(403, "SUDO_REQUIRED");
    let before = ani.get("/api/user/me").await.ok(200);
    for (method, path, body) in deeds(&ani) {
        let ask = |client: &Client| {
            let client = client.clone();
            let (method, path, body) = (method.clone(), path.clone(), body.clone());
            async move {
                let ask = client.ask(method, &path);
                let ask = if body.is_null() { ask } else { ask.json(&body) };
                ask.send().await
            }
        };
        ask(&world.anon()).await.refused(401, "UNAUTHENTICATED");
        for client in [&budi, &mod_, &ani] {
            ask(client).await.refused(403, "FORBIDDEN");
        }
        ask(&admin).await.refused(403, "SUDO_REQUIRED");
    }
    assert_eq!(ani.get("/api/user/me").await.ok(200), before, "nothing happened");
    assert_eq!(last(&world).await.0, "login.done");
    // The proof lasts ten minutes and belongs to one session.
    sudo(&admin).await;
    admin.again().await.put(&user(&ani, "/role"), json!({"role": "moderator", "reason": WHY})).await.refused(403, "SUDO_REQUIRED");
    world.pass_secs(601);
    admin.put(&user(&ani, "/role"), json!({"role": "moderator", "reason": WHY})).await.refused(403, "SUDO_REQUIRED");
}

#[tokio::test]
async fn a_role_holds_from_the_next_request_and_can_be_taken_back() {
    let world = World::new().await;
    let (admin, ani) = (elevated(&world, "dewi").await, world.user("ani").await);
    ani.get("/api/v1/admin/users").await.refused(403, "FORBIDDEN");
    let role = json!({"role": "admin", "reason": WHY});
    admin.put(&user(&ani, "/role"), role).await.refused(409, "SECOND_FACTOR_MISSING");
    switch_on(&world, &ani).await;
    let body = admin.put(&user(&ani, "/role"), json!({"role": "admin", "reason": "Dari budi@contoh.id"})).await.ok(200);
    assert_eq!((body["data"]["role"].as_str(), body["data"]["username"].as_str()), (Some("admin"), Some("ani")));
    assert_eq!(last(&world).await, ("role.changed".into(), json!({"from": "user", "to": "admin", "reason": "Dari b***@contoh.id"})));
    ani.get("/api/v1/admin/users").await.ok(200);
    admin.put(&user(&ani, "/role"), json!({"role": "admin", "reason": WHY})).await.refused(409, "NOTHING_TO_DO");
    // They see it themselves, without whose hand and address it was.
    let events = ani.get("/api/auth/security-events?limit=1").await.ok(200);
    let event = &events["data"][0];
    assert_eq!(
        (event["event"].as_str(), event["name"].as_str(), event["byStaff"].as_bool()),
        (Some("role.changed"), Some("admin"), Some(true))
    );
    assert!(event["ip"].is_null() && event["device"].is_null() && event["session"].is_null(), "{event}");
    admin.put(&user(&ani, "/role"), json!({"role": "user", "reason": WHY})).await.ok(200);
    ani.get("/api/v1/admin/users").await.refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn nobody_ends_their_own_rights_and_the_last_administrator_stays() {
    let world = World::new().await;
    let dewi = elevated(&world, "dewi").await;
    dewi.put(&user(&dewi, "/role"), json!({"role": "user", "reason": WHY})).await.refused(409, "OWN_ACCOUNT");
    dewi.post(&user(&dewi, "/suspend"), json!({"reason": WHY})).await.refused(409, "OWN_ACCOUNT");
    let rina = elevated(&world, "rina").await;
    rina.post(&user(&dewi, "/suspend"), json!({"reason": WHY, "days": 3})).await.ok(200);
    // Somebody takes the last one's role while their own session still stands: here the store has the last word.
    let stores = world.app.service.stores();
    let entry = stores.audit.audit_list(&AuditFilter::default(), None, 1).await.unwrap().pop().unwrap().entry;
    let id = aivalid_model::id::UserId(rina.id);
    let (admin, plain) = (aivalid_model::identity::Role::Admin, aivalid_model::identity::Role::User);
    let deed = stores.user_admin.user_role(id, admin, plain, world.now(), &entry).await.unwrap();
    assert_eq!(deed, aivalid_service::store::Deed::LastAdmin);
    rina.put(&user(&rina, "/role"), json!({"role": "moderator", "reason": WHY})).await.refused(409, "OWN_ACCOUNT");
}

#[tokio::test]
async fn who_is_suspended_is_out_at_once_and_told_so_with_the_right_password() {
    let world = World::new().await;
    let (admin, mut ani) = (elevated(&world, "dewi").await, world.user("ani").await);
    let other = ani.again().await;
    let body = admin.post(&user(&ani, "/suspend"), json!({"reason": "Menyebar spam", "days": 2})).await.ok(200);
    assert_eq!(body["data"]["suspension"]["reason"], "Menyebar spam");
    assert_eq!(body["data"]["sessions"], json!([]));
    for client in [&ani, &other] {
        client.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
        client.post("/api/auth/refresh", json!({"refresh_token": client.refresh_token})).await.refused(401, "SESSION_REVOKED");
    }
    let login = async |password: &str| world.anon().post("/api/auth/login", json!({"email": email_of("ani"), "password": password})).await;
    let right = login(PASSWORD).await;
    assert!(right.set_cookies().is_empty());
    right.refused(403, "ACCOUNT_SUSPENDED");
    login("bukan yang benar").await.refused(401, "BAD_CREDENTIALS");
    let mails = world.mails_to(&email_of("ani")).await;
    let told = mails.iter().filter(|mail| mail.subject == "Akun Anda ditangguhkan").count();
    assert_eq!(told, 2, "when it was done, and at the right password; not at the wrong one: {mails:?}");
    assert!(mails.iter().all(|mail| mail.body.contains("Menyebar spam")), "{mails:?}");
    admin.post(&user(&ani, "/suspend"), json!({"reason": WHY})).await.refused(409, "NOTHING_TO_DO");
    // It ends by itself …
    world.pass_secs(2 * DAY);
    ani.sign_in().await;
    ani.get("/api/user/me").await.ok(200);
    let admin = admin.again().await;
    sudo(&admin).await;
    assert!(admin.get(&user(&ani, "")).await.ok(200)["data"]["suspension"].is_null());
    // … or is lifted.
    admin.post(&user(&ani, "/suspend"), json!({"reason": WHY})).await.ok(200);
    ani.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    admin.post(&user(&ani, "/unsuspend"), json!({"reason": WHY})).await.ok(200);
    assert_eq!(last(&world).await.0, "user.unsuspended");
    ani.sign_in().await;
    ani.get("/api/user/me").await.ok(200);
}

#[tokio::test]
async fn a_session_that_slipped_through_a_suspension_is_no_session() {
    let world = World::new().await;
    let (admin, ani) = (elevated(&world, "dewi").await, world.user("ani").await);
    // As if the sign-in had read the account just before: suspended in the database, the session still standing.
    let stores = world.app.service.stores();
    let entry = stores.audit.audit_list(&AuditFilter::default(), None, 1).await.unwrap().pop().unwrap().entry;
    let suspension = aivalid_model::admin::Suspension { since: world.now(), until: None, reason: WHY.into() };
    stores.user_admin.user_suspend(aivalid_model::id::UserId(ani.id), &suspension, &entry).await.unwrap();
    stores.session_cache.session_forget(aivalid_model::id::SessionId(ani.session)).await.unwrap();
    ani.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    ani.post("/api/auth/refresh", json!({"refresh_token": ani.refresh_token})).await.refused(401, "SESSION_REVOKED");
    admin.get("/api/user/me").await.ok(200);
}

#[tokio::test]
async fn sessions_profiles_and_badges() {
    let world = World::new().await;
    let (admin, ani) = (elevated(&world, "dewi").await, world.user("ani").await);
    world.grant_badge(&admin, "teliti").await;
    let other = ani.again().await;
    let file = admin.get(&user(&ani, "")).await.ok(200);
    assert_eq!((file["data"]["sessions"].as_array().unwrap().len(), file["data"]["own"].as_bool()), (2, Some(false)));
    admin.delete(&user(&ani, &format!("/sessions/{}?reason=Perangkat%20hilang", other.session))).await.ok(200);
    assert_eq!(last(&world).await, ("session.ended_by_staff".into(), json!({"reason": "Perangkat hilang"})));
    other.get("/api/user/me").await.refused(401, "UNAUTHENTICATED");
    ani.get("/api/user/me").await.ok(200);
    // Somebody else's session does not end under this address.
    admin.delete(&user(&ani, &format!("/sessions/{}?reason=Coba", admin.session))).await.refused(404, "NOT_FOUND");

    admin.put(&user(&ani, ""), json!({"fullName": "Ani Wijaya", "username": "ani_w", "reason": WHY})).await.ok(200);
    let details =
        json!({"fullName": {"before": "", "after": "Ani Wijaya"}, "username": {"before": "ani", "after": "ani_w"}, "reason": WHY});
    assert_eq!(last(&world).await, ("user.edited".into(), details));
    assert_eq!(ani.get("/api/user/me").await.ok(200)["data"]["username"], "ani_w");
    let taken = admin.put(&user(&ani, ""), json!({"username": "dewi", "reason": WHY})).await;
    assert_eq!(taken.bad_fields(), ["username: taken"]);

    let grant = json!({"badgeId": 1, "reason": "Sepuluh kasus"});
    let body = admin.post(&user(&ani, "/badges"), grant.clone()).await.ok(200);
    assert_eq!(body["data"]["badges"][0]["reason"], "Sepuluh kasus");
    admin.post(&user(&ani, "/badges"), grant).await.refused(409, "NOTHING_TO_DO");
    admin.post(&user(&ani, "/badges"), json!({"badgeId": 99, "reason": WHY})).await.refused(404, "NOT_FOUND");
    assert_eq!(world.anon().get("/api/user/ani_w").await.ok(200)["data"]["badge"]["slug"], "teliti");
    admin.delete(&user(&ani, "/badges/1?reason=Keliru")).await.ok(200);
    assert!(world.anon().get("/api/user/ani_w").await.ok(200)["data"]["badge"].is_null());
    admin.delete(&user(&ani, "/badges/1?reason=Keliru")).await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn accounts_are_found_and_bad_input_is_named() {
    let world = World::new().await;
    let (admin, ani) = (elevated(&world, "dewi").await, world.user("ani").await);
    world.unverified("budi").await;
    let names = async |query: &str| {
        let body = admin.get(&format!("/api/v1/admin/users{query}")).await.ok(200);
        body["data"].as_array().unwrap().iter().map(|row| row["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut all = names("").await;
    all.sort();
    assert_eq!(all, ["ani", "budi", "dewi"]);
    assert_eq!(names("?role=admin").await, ["dewi"]);
    assert_eq!(names("?state=unconfirmed").await, ["budi"]);
    assert_eq!(names("?q=ANI@contoh").await, ["ani"]);
    assert_eq!(names("?q=%25&cursor=x").await, [""; 0]);
    let first = admin.get("/api/v1/admin/users?limit=2").await.ok(200);
    let next = first["pagination"]["next"].as_str().unwrap();
    assert_eq!(names(&format!("?limit=2&cursor={next}")).await.len(), 1);

    assert_eq!(admin.get("/api/v1/admin/users?role=root&state=x").await.bad_fields(), ["role: unknown_value", "state: unknown_value"]);
    let put = async |rest: &str, body: Value| admin.put(&user(&ani, rest), body).await.bad_fields();
    let post = async |rest: &str, body: Value| admin.post(&user(&ani, rest), body).await.bad_fields();
    assert_eq!(put("/role", json!({"role": "root", "reason": "x"})).await, ["role: unknown_value", "reason: too_short"]);
    assert_eq!(put("", json!({"username": "a b", "reason": ""})).await, ["username: malformed", "reason: required"]);
    assert_eq!(put("", json!({"email": "x@y.id", "reason": WHY})).await, ["email: unknown_field"]);
    assert_eq!(post("/suspend", json!({"reason": WHY, "days": 0})).await, ["days: out_of_range"]);
    assert_eq!(post("/suspend", json!({"reason": "x".repeat(501), "days": 1})).await, ["reason: too_long"]);
    assert_eq!(post("/unsuspend", json!({})).await, ["reason: required"]);
    assert_eq!(admin.delete(&user(&ani, "/badges/1")).await.bad_fields(), ["reason: required"]);
    for nobody in ["/api/v1/admin/users/1", "/api/v1/admin/users/x", "/api/v1/admin/users/99999999999999999999"] {
        admin.get(nobody).await.refused(404, "NOT_FOUND");
    }
    admin.put("/api/v1/admin/users/1/role", json!({"role": "admin", "reason": WHY})).await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn the_log_is_searched_and_exported() {
    let world = World::new().await;
    let (admin, ani) = (elevated(&world, "dewi").await, world.user("ani").await);
    let thief = world.anon();
    let agent = "=HYPERLINK(\"http://jahat\")";
    let ask = thief.ask(Method::POST, "/api/auth/login").header("user-agent", agent);
    ask.json(&json!({"email": email_of("ani"), "password": "bukan yang benar"})).send().await.refused(401, "BAD_CREDENTIALS");
    admin.put(&user(&ani, "/role"), json!({"role": "moderator", "reason": WHY})).await.ok(200);
    let found = async |query: &str| {
        let body = admin.get(&format!("/api/v1/admin/audit{query}")).await.ok(200);
        body["data"].as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let of_ani = format!("?user={}", ani.id);
    assert_eq!(found(&of_ani).await, ["role.changed", "login.failed", "login.done"]);
    assert_eq!(found(&format!("{of_ani}&outcome=failed")).await, ["login.failed"]);
    assert_eq!(found("?event=role.").await, ["role.changed"]);
    assert_eq!(found(&format!("?ip={}", thief.ip)).await, ["login.failed"]);
    assert_eq!(found("?until=2020-01-01").await, [""; 0]);
    let entry = admin.get("/api/v1/admin/audit?event=role.changed").await.ok(200)["data"][0].clone();
    assert_eq!((entry["actor"]["username"].as_str(), entry["subject"]["username"].as_str()), (Some("dewi"), Some("ani")));
    assert_eq!(found(&format!("?request={}", entry["requestId"].as_str().unwrap())).await, ["role.changed"]);
    assert!(entry["seal"].is_null());
    world.app.service.seal_audit().await.unwrap();
    let sealed = admin.get("/api/v1/admin/audit?event=role.changed").await.ok(200)["data"][0]["seal"].clone();
    assert_eq!(sealed["hash"].as_str().unwrap().len(), 64);
    let bad = admin.get("/api/v1/admin/audit?user=x&ip=nowhere&since=kemarin&outcome=?").await.bad_fields();
    assert_eq!(bad, ["ip: malformed", "user: malformed", "outcome: unknown_value", "since: malformed"]);

    let csv = admin.get(&format!("/api/v1/admin/audit/export{of_ani}")).await;
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"audit.csv\"");
    let lines: Vec<_> = csv.text().split("\r\n").collect();
    assert!(lines.len() == 5 && lines[0].starts_with("id,at,event") && lines[1].contains("\"role.changed\""), "{lines:?}");
    assert!(lines[2].contains("\"'=HYPERLINK(\"\"http://jahat\"\")\""), "no formula: {lines:?}");
    let (event, details) = last(&world).await;
    assert_eq!((event.as_str(), details["form"].as_str()), ("audit.exported", Some("csv")), "taking it out of the house is noted");
    // More than one stretch.
    for _ in 0..120 {
        let entry = world.app.service.stores().audit.audit_list(&AuditFilter::default(), None, 1).await.unwrap().pop().unwrap().entry;
        world.app.service.stores().audit.audit_append(&entry).await.unwrap();
    }
    let lines = admin.get("/api/v1/admin/audit/export?form=ndjson").await;
    let ids: Vec<i64> = lines.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_i64().unwrap()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert!(ids.len() > 120 && unique.len() == ids.len(), "{}", ids.len());
    assert_eq!(admin.get("/api/v1/admin/audit/export?form=xlsx").await.bad_fields(), ["form: unknown_value"]);
}

#[tokio::test]
async fn the_pages_work_without_scripts() {
    let world = World::new().await;
    let (admin, ani) = (world.admin("dewi").await, world.user("ani").await);
    world.grant_badge(&admin, "teliti").await;
    for path in ["/admin", "/admin/users", "/admin/audit"] {
        assert_eq!(world.browser().get(path).await.status, 303, "{path}: guests sign in first");
        ani.in_browser().await.get(path).await.page(403);
    }
    let browser = admin.in_browser().await;
    assert!(browser.get("/").await.page(200).contains("href=\"/admin\""));
    assert!(!ani.in_browser().await.get("/").await.page(200).contains("href=\"/admin\""));
    assert!(browser.get("/admin").await.page(200).contains("Tidak ada peringatan"));
    assert!(browser.get("/admin/users?q=ani").await.page(200).contains("ani@contoh.id"));
    let page = format!("/admin/users/{}", ani.id);
    assert!(browser.get(&page).await.page(200).contains("Tangguhkan"));
    browser.get("/admin/users/x").await.page(404);
    browser.get("/admin/users?role=root").await.page(400);

    // A deed asks for proof first, and comes back.
    let form = format!("{page}/suspend");
    let asked = browser.get(&form).await;
    assert_eq!((asked.status, asked.header("location")), (303, format!("/account/sudo?next={form}").as_str()));
    let post = async |path: &str, body: &str| browser.ask(Method::POST, path).form(body).send().await;
    let early = post(&form, "reason=Menyebar+spam&days=2").await;
    assert_eq!((early.status, early.header("location")), (303, format!("/account/sudo?next={form}").as_str()));
    let proven = browser.form(&format!("/account/sudo?next={form}"), &[("password", PASSWORD)]).await;
    assert_eq!((proven.status, proven.header("location")), (303, form.as_str()));
    browser.as_with_two_factors().await;
    browser.get(&form).await.page(200);
    let bad = post(&form, "reason=x&days=banyak").await;
    let text = bad.page(422);
    assert!(text.contains("value=\"banyak\"") && text.contains("error-summary"), "{text}");
    let done = post(&form, "reason=Menyebar+spam&days=2").await;
    assert_eq!((done.status, done.header("location")), (303, page.as_str()));
    let text = browser.get(&page).await;
    let text = text.page(200);
    assert!(text.contains("Menyebar spam") && text.contains(&format!("href=\"{page}/unsuspend\"")), "{text}");
    assert_eq!(post(&format!("{page}/unsuspend"), "reason=Keliru").await.status, 303);
    assert_eq!(post(&format!("{page}/role"), "reason=Naik&role=moderator").await.status, 303);
    assert!(browser.get(&page).await.page(200).contains(&format!("{page}/role?role=user")), "the way to undo it");
    assert_eq!(post(&format!("{page}/badge"), "reason=Bagus&badge=1").await.status, 303);
    assert_eq!(post(&format!("{page}/badge-revoke"), "reason=Keliru&badge=1").await.status, 303);
    assert_eq!(post(&format!("{page}/profile"), "reason=Rapi&username=ani&fullName=Ani&bio=&location=&website=").await.status, 303);
    assert_eq!(post(&format!("{page}/sessions"), "reason=Hilang").await.status, 303);
    for known in ["role", "suspend", "unsuspend", "unlock", "profile", "badge", "badge-revoke?badge=1", "session?session=1", "sessions"] {
        for lang in ["id", "en"] {
            browser.set_cookie("lang", lang);
            let text = browser.get(&format!("{page}/{known}")).await;
            assert!(!text.page(200).contains("admin."), "{known}: a key without words");
        }
    }
    browser.get(&format!("{page}/hapus")).await.page(404);
    let own = format!("/admin/users/{}/role", admin.id);
    post(&own, "reason=Turun&role=user").await.page(409);
    let text = browser.get("/admin/audit?event=role.changed").await;
    assert!(text.page(200).contains("role.changed") && text.text().contains("Export"), "{text:?}");
    let file = post("/admin/audit/export", "form=csv&event=role.changed").await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
    world.pass_secs(601);
    let again = post("/admin/audit/export", "form=csv&event=role.changed").await;
    assert_eq!((again.status, again.header("location")), (303, "/account/sudo?next=/admin/audit%3Fevent%3Drole.changed%26"));
}
