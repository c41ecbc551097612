//! Signing in with other services as attackers try it: forged tokens, foreign browsers, replays, mixed-up issuers.

use crate::{
    client::{Answer, Client},
    harness::{World, email_of},
    issuer::{CLIENT, Draft, Issuer, Sign, settings},
    oauth::{START, leads, link, person, sign_in},
    provider::{begin, query_of},
};
use serde_json::{Value, json};

/// Nobody was signed in and nothing waits; the words are on the page it leads to.
async fn nothing(browser: &Client, answer: &Answer, words: &str) {
    leads(answer, "/login");
    for cookie in ["aivalid_access", "aivalid_refresh", "aivalid_identity", "aivalid_mfa"] {
        assert_eq!(browser.cookie(cookie), None, "{cookie}: {answer:?}");
    }
    let page = browser.get("/login").await;
    assert!(page.page(200).contains(words), "{words}: {page:?}");
}

const REFUSED: &str = "tidak dapat diverifikasi";
const EXPIRED: &str = "dimulai di peramban lain";
const UNAVAILABLE: &str = "sedang tidak dapat dihubungi";

/// Somebody who is connected, and whom every attack is after.
async fn victim() -> (Issuer, World) {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let dewi = world.user("dewi_l").await;
    link(&world, &issuer, &dewi).await;
    (issuer, world)
}

/// What is wrong with a token.
type Lie = (&'static str, Box<dyn Fn(&mut Draft) + Send + Sync>);

#[tokio::test]
async fn a_token_that_is_not_right_in_everything_signs_nobody_in() {
    let (issuer, world) = victim().await;
    let now = world.now().secs();
    let claim = |name: &'static str, value: Value| -> Box<dyn Fn(&mut Draft) + Send + Sync> {
        Box::new(move |draft| draft.claims[name] = value.clone())
    };
    let without = |name: &'static str| -> Box<dyn Fn(&mut Draft) + Send + Sync> {
        Box::new(move |draft| drop(draft.claims.as_object_mut().unwrap().remove(name)))
    };
    let signed = |algorithm: &'static str, sign: Sign| -> Box<dyn Fn(&mut Draft) + Send + Sync> {
        Box::new(move |draft| {
            draft.header["alg"] = algorithm.into();
            draft.sign = sign;
        })
    };
    let lies: Vec<Lie> = vec![
        ("another issuer", claim("iss", json!("https://lain.example"))),
        ("no issuer", without("iss")),
        ("another audience", claim("aud", json!("lain"))),
        ("no audience", without("aud")),
        ("one audience too many", claim("aud", json!([CLIENT, "lain"]))),
        ("made for another party", claim("azp", json!("lain"))),
        ("expired this second", claim("exp", json!(now))),
        ("no end", without("exp")),
        ("issued in the future", claim("iat", json!(now + 120))),
        ("issued long ago", claim("iat", json!(now - 3600))),
        ("another nonce", claim("nonce", json!("lain"))),
        ("no nonce", without("nonce")),
        ("another access token", claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))),
        ("no subject", without("sub")),
        ("an empty subject", claim("sub", json!(""))),
        ("a subject with a NUL", claim("sub", json!("sub-dewi_l\u{0}"))),
        ("an endless subject", claim("sub", json!("x".repeat(300)))),
        ("alg none", signed("none", Sign::Nothing)),
        ("alg none, signed", signed("none", Sign::Own)),
        ("HS256 with the client's secret", signed("HS256", Sign::Secret)),
        ("another's key", signed("ES256", Sign::Other)),
        ("no signature", signed("ES256", Sign::Nothing)),
        ("a key of another kind", signed("RS256", Sign::Own)),
        ("an unknown critical header", Box::new(|draft| draft.header["crit"] = json!(["exp"]))),
        ("another type", Box::new(|draft| draft.header["typ"] = json!("at+jwt"))),
    ];
    for (what, lie) in lies {
        issuer.twist(lie);
        let browser = world.browser();
        let answer = sign_in(&issuer, &browser, person("dewi_l")).await;
        assert_eq!(answer.header("location"), "/login", "{what}");
        nothing(&browser, &answer, REFUSED).await;
    }
    // What is right is taken: with nothing more, and with what is optional.
    issuer.twist(|draft| drop(draft.claims.as_object_mut().unwrap().remove("at_hash")));
    leads(&sign_in(&issuer, &world.browser(), person("dewi_l")).await, "/");
    issuer.twist(|draft| {
        draft.claims["azp"] = CLIENT.into();
        draft.claims["aud"] = json!([CLIENT]);
        draft.header["typ"] = "JWT".into();
    });
    leads(&sign_in(&issuer, &world.browser(), person("dewi_l")).await, "/");
    let refused = world.app.service.stores().audit.audit_list(&aivalid_model::audit::AuditFilter::default(), None, 100).await.unwrap();
    assert!(refused.iter().filter(|record| record.entry.event == "federated.refused").count() >= 20);
}

#[tokio::test]
async fn a_foreign_browser_ends_nothing() {
    let (issuer, world) = victim().await;
    // Login CSRF: the attacker's own answer, followed by somebody else's browser, with or without a sign-in of its own on its way.
    let attacker = world.browser();
    let location = begin(&attacker, START).await;
    let back = issuer.come_back(&location, person("dewi_l"));
    let stranger = world.browser();
    nothing(&stranger, &stranger.get(&back).await, EXPIRED).await;
    nothing(&attacker, &attacker.get(&back).await, EXPIRED).await;

    let busy = world.browser();
    begin(&busy, START).await;
    let location = begin(&attacker, START).await;
    nothing(&busy, &busy.get(&issuer.come_back(&location, person("dewi_l"))).await, EXPIRED).await;
    // Injection: another person's code under the attacker's own state is proven against the wrong verifier.
    let victims = issuer.come_back(&begin(&busy, START).await, person("dewi_l"));
    let own = query_of(&begin(&attacker, START).await, "state");
    let code = victims.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let injected = attacker.get(&format!("/api/auth/oauth/acme/callback?code={code}&state={own}")).await;
    nothing(&attacker, &injected, REFUSED).await;
    attacker.set_cookie("aivalid_oauth", "fed_x");
    let location = begin(&attacker, START).await;
    assert!(attacker.cookie("aivalid_oauth").unwrap().len() > 40, "a secret that is none is replaced");
    leads(&attacker.get(&issuer.come_back(&location, person("dewi_l"))).await, "/");
}

#[tokio::test]
async fn a_state_or_a_code_works_once_and_not_for_long() {
    let (issuer, world) = victim().await;
    let browser = world.browser();
    let back = issuer.come_back(&begin(&browser, START).await, person("dewi_l"));
    leads(&browser.get(&back).await, "/");
    let again = world.browser();
    again.set_cookie("aivalid_oauth", &browser.cookie("aivalid_oauth").unwrap());
    nothing(&again, &again.get(&back).await, EXPIRED).await;
    // A used code under a fresh state.
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let state = query_of(&begin(&again, START).await, "state");
    nothing(&again, &again.get(&format!("/api/auth/oauth/acme/callback?code={code}&state={state}")).await, REFUSED).await;

    let slow = world.browser();
    let back = issuer.come_back(&begin(&slow, START).await, person("dewi_l"));
    world.pass_secs(600);
    issuer.at(world.now());
    nothing(&slow, &slow.get(&back).await, EXPIRED).await;
    let back = issuer.come_back(&begin(&slow, START).await, person("dewi_l"));
    world.pass_secs(599);
    issuer.at(world.now());
    leads(&slow.get(&back).await, "/");
}

#[tokio::test]
async fn issuers_are_not_mixed_up() {
    let (honest, evil) = (Issuer::start().await, Issuer::start().await);
    let (honest_url, evil_url) = (honest.url(), evil.url());
    let two = [
        ("OIDC_ISSUERS", "acme,jahat"),
        ("OIDC_JAHAT_ISSUER", evil_url.as_str()),
        ("OIDC_JAHAT_CLIENT_ID", CLIENT),
        ("OIDC_JAHAT_CLIENT_SECRET", crate::issuer::SECRET),
    ];
    let world = World::with(&[&settings(&honest_url)[1..], &two].concat()).await;
    let dewi = world.user("dewi_l").await;
    link(&world, &honest, &dewi).await;
    let browser = world.browser();
    // The answer of one, at the other's callback.
    let back = honest.come_back(&begin(&browser, START).await, person("dewi_l"));
    nothing(&browser, &browser.get(&back.replace("/acme/", "/jahat/")).await, EXPIRED).await;
    // An answer that names another issuer (RFC 9207), or none where one was promised.
    let back = honest.come_back(&begin(&browser, START).await, person("dewi_l"));
    let mixed = format!("{back}&iss={}", aivalid_app::paths::query_value(&evil_url));
    nothing(&browser, &browser.get(&mixed).await, REFUSED).await;
    honest.promise_iss();
    world.pass_secs(3600);
    honest.at(world.now());
    let back = honest.come_back(&begin(&browser, START).await, person("dewi_l"));
    nothing(&browser, &browser.get(&back).await, REFUSED).await;
    let back = honest.come_back(&begin(&browser, START).await, person("dewi_l"));
    leads(&browser.get(&format!("{back}&iss={}", aivalid_app::paths::query_value(&honest_url))).await, "/");

    evil.at(world.now());
    // The same subject at another issuer is another person; and an issuer can't speak for another.
    let other = world.browser();
    let back = evil.come_back(&begin(&other, "/api/auth/oauth/jahat/start").await, person("dewi_l"));
    leads(&other.get(&back).await, "/account/connect");
    assert_eq!(other.cookie("aivalid_access"), None);
    let other = world.browser();
    let claimed = honest_url.clone();
    evil.twist(move |draft| draft.claims["iss"] = claimed.clone().into());
    let back = evil.come_back(&begin(&other, "/api/auth/oauth/jahat/start").await, person("dewi_l"));
    nothing(&other, &other.get(&back).await, REFUSED).await;
}

#[tokio::test]
async fn an_issuer_that_is_down_keeps_nobody_from_anything_else() {
    let issuer = Issuer::start().await;
    issuer.set_down(true);
    let world = issuer.world().await;
    let browser = world.browser();
    for _ in 0..3 {
        let answer = browser.get(START).await;
        nothing(&browser, &answer, UNAVAILABLE).await;
    }
    assert_eq!(issuer.discovered(), 1, "it is not asked again and again");
    issuer.set_down(false);
    world.pass_secs(10);
    begin(&browser, START).await;
    for _ in 0..3 {
        begin(&browser, START).await;
    }
    assert_eq!(issuer.discovered(), 2, "what is known is kept");
    world.pass_secs(3600);
    begin(&browser, START).await;
    assert_eq!(issuer.discovered(), 3);
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_a_minute() {
    let (issuer, world) = victim().await;
    let browser = world.browser();
    begin(&browser, START).await;
    world.pass_secs(61);
    issuer.at(world.now());
    issuer.change_key();
    leads(&sign_in(&issuer, &browser, person("dewi_l")).await, "/");
    assert_eq!(issuer.discovered(), 2);
    for _ in 0..3 {
        issuer.twist(|draft| draft.header["kid"] = "tidak-ada".into());
        let stranger = world.browser();
        let answer = sign_in(&issuer, &stranger, person("dewi_l")).await;
        nothing(&stranger, &answer, REFUSED).await;
    }
    assert_eq!(issuer.discovered(), 2, "made-up keys have nobody asked");
}

#[tokio::test]
async fn an_issuer_can_not_send_us_elsewhere() {
    for (what, said) in [
        ("keys inside", json!({ "jwks_uri": "https://169.254.169.254/latest/meta-data" })),
        ("keys without TLS", json!({ "jwks_uri": "http://contoh.example/keys" })),
        ("keys behind a redirect", json!({ "jwks_uri": "REDIRECT" })),
        ("another issuer", json!({ "issuer": "https://lain.example" })),
        ("a page without TLS", json!({ "authorization_endpoint": "http://contoh.example/authorize" })),
        ("a page that is a script", json!({ "authorization_endpoint": "javascript:alert(1)" })),
    ] {
        let issuer = Issuer::start().await;
        let said: Value = serde_json::from_str(&said.to_string().replace("REDIRECT", &format!("{}/elsewhere", issuer.url()))).unwrap();
        issuer.say(said);
        let world = issuer.world().await;
        let browser = world.browser();
        let answer = browser.get(START).await;
        assert_eq!(answer.header("location"), "/login", "{what}");
        nothing(&browser, &answer, UNAVAILABLE).await;
    }
    // The same for where the code goes: it is never sent.
    let (issuer, world) = victim().await;
    issuer.say(json!({ "token_endpoint": "https://10.0.0.1/token" }));
    let browser = world.browser();
    let answer = sign_in(&issuer, &browser, person("dewi_l")).await;
    nothing(&browser, &answer, UNAVAILABLE).await;
}

#[tokio::test]
async fn an_address_counts_only_where_the_issuer_vouches_for_it() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    world.user("dewi_l").await;
    for (verified, leads_to) in [
        (json!(false), "/register/federated"),
        (json!("false"), "/register/federated"),
        (Value::Null, "/register/federated"),
        (json!("true"), "/account/connect"),
    ] {
        let mut claims = person("dewi_l");
        claims["sub"] = "orang-lain".into();
        claims["email_verified"] = verified.clone();
        let answer = sign_in(&issuer, &world.browser(), claims).await;
        assert_eq!(answer.header("location"), leads_to, "{verified}");
    }
    // Where only the other endpoint tells, it must tell of the same person.
    world.pass_secs(3600);
    issuer.at(world.now());
    let bare = json!({ "sub": "sub-1" });
    issuer.set_user_info(json!({ "sub": "sub-2", "email": email_of("dewi_l"), "email_verified": true }));
    let browser = world.browser();
    nothing(&browser, &sign_in(&issuer, &browser, bare.clone()).await, REFUSED).await;
    issuer.set_user_info(json!({ "sub": "sub-1", "email": email_of("dewi_l"), "email_verified": true }));
    leads(&sign_in(&issuer, &world.browser(), bare).await, "/account/connect");
}

#[tokio::test]
async fn bad_input_leads_back_or_nowhere() {
    let (issuer, world) = victim().await;
    let browser = world.browser();
    for path in [
        "/api/auth/oauth/lain/start",
        "/api/auth/oauth/lain/callback?state=x&code=y",
        "/api/auth/oauth/%00/start",
        "/api/auth/oauth//start",
    ] {
        browser.get(path).await.refused(404, "NOT_FOUND");
    }
    for query in [
        "",
        "?code=x",
        "?state=x",
        "?state=x&state=y&code=z",
        "?state=%FF&code=x",
        "?state=%00&code=%00",
        "?error=access_denied",
        "?error=%3Cscript%3E&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state=x",
    ] {
        let answer = browser.get(&format!("/api/auth/oauth/acme/callback{query}")).await;
        nothing(&browser, &answer, EXPIRED).await;
    }
    let long = format!("/api/auth/oauth/acme/callback?state={}&code={}", "x".repeat(5_000), "y".repeat(5_000));
    nothing(&browser, &browser.get(&long).await, EXPIRED).await;
    // Errors of the issuer's, known and made up; with a code beside it, too.
    for (error, words) in
        [("access_denied", "Anda membatalkannya"), ("server_error", UNAVAILABLE), ("invalid_scope", REFUSED), ("%3Cb%3E", REFUSED)]
    {
        let state = query_of(&begin(&browser, START).await, "state");
        let answer = browser.get(&format!("/api/auth/oauth/acme/callback?error={error}&state={state}&code=kode-0")).await;
        nothing(&browser, &answer, words).await;
    }
    let state = query_of(&begin(&browser, START).await, "state");
    nothing(&browser, &browser.get(&format!("/api/auth/oauth/acme/callback?state={state}")).await, REFUSED).await;
    // Only paths of ours are gone back to.
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "/login", "/login/2fa", &format!("/{}", "x".repeat(2_000))] {
        let browser = world.browser();
        let location = begin(&browser, &format!("{START}?next={}", aivalid_app::paths::query_value(next))).await;
        leads(&browser.get(&issuer.come_back(&location, person("dewi_l"))).await, "/");
    }
    // Twice is none.
    begin(&browser, &format!("{START}?next=/forum&next=/cases")).await;
}

#[tokio::test]
async fn beginning_is_limited_by_address() {
    let (_issuer, world) = victim().await;
    let browser = world.browser();
    for _ in 0..60 {
        begin(&browser, START).await;
    }
    let answer = browser.get(START).await;
    nothing(&browser, &answer, "Terlalu sering").await;
    begin(&world.browser(), START).await;
}

/// Connecting that was begun by whoever sat in the session does not outlive it.
#[tokio::test]
async fn a_new_password_ends_a_connection_on_its_way() {
    let issuer = Issuer::start().await;
    let world = issuer.world().await;
    let thief = world.user("dewi_l").await.in_browser().await;
    thief.elevate().await;
    let page = thief.get("/account/connections").await;
    let link = page.page(200).split("href=\"").find(|part| part.starts_with(START)).unwrap().split('"').next().unwrap().to_owned();
    let location = begin(&thief, &link).await;
    let owner = world.anon();
    owner.post("/api/auth/forgot-password", json!({"email": email_of("dewi_l")})).await.ok(200);
    let mails = world.mails_to(&email_of("dewi_l")).await;
    let token = mails.iter().find_map(|mail| Some(mail.body.split_once("/reset?token=")?.1.split_whitespace().next()?.to_owned())).unwrap();
    let reset = json!({"token": token, "password": "gerimis di pelabuhan lama"});
    owner.post("/api/auth/reset-password", reset).await.ok(200);
    thief.get(&issuer.come_back(&location, person("maling"))).await;
    leads(&sign_in(&issuer, &world.browser(), person("maling")).await, "/register/federated");
}
