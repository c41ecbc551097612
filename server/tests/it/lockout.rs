//! Guessing passwords: what it locks, what it disables, and who gets in all the same.

use crate::{
    client::Client,
    credentials::{NEW, login, sudo, token, two_browsers},
    harness::{PASSWORD, World, email_of},
};
use serde_json::json;

#[tokio::test]
async fn five_wrong_passwords_lock_strange_devices_only() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    world.user("dewi_l").await;
    let (known, strange) = two_browsers(&world, "dewi_l").await;
    for _ in 0..5 {
        assert_eq!(login(&strange, "dewi_l", "salah sekali lagi").await, 401);
    }
    let locked = strange.post("/api/auth/login", json!({"email": email_of("dewi_l"), "password": PASSWORD})).await;
    let wrong = strange.post("/api/auth/login", json!({"email": email_of("dewi_l"), "password": "salah sekali"})).await;
    assert_eq!((locked.status, locked.body), (wrong.status, wrong.body), "a lock answers like a wrong password");
    assert_eq!(login(&known, "dewi_l", PASSWORD).await, 200);
    // The right one from a known device forgets the wrong ones, the lock among them.
    for _ in 0..5 {
        assert_eq!(login(&strange, "dewi_l", "salah sekali lagi").await, 401);
    }
    world.pass_secs(30 * 60);
    assert_eq!(login(&strange, "dewi_l", PASSWORD).await, 200);
    let subjects: Vec<_> = world.mails_to("dewi_l@contoh.id").await.into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects.iter().filter(|subject| subject.contains("ditahan")).count(), 2, "{subjects:?}");
}

#[tokio::test]
async fn the_staff_unlocks_a_password() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let (dewi, admin) = (world.user("dewi_l").await, world.admin("sri_wahyuni").await);
    let (_, strange) = two_browsers(&world, "dewi_l").await;
    let path = format!("/api/v1/admin/users/{}", dewi.id);
    let unlock = format!("{path}/unlock");
    let why = json!({"reason": "Pemilik menelepon"});
    sudo(&admin).await;
    assert!(admin.get(&path).await.ok(200)["data"]["passwordLock"].is_null());
    admin.post(&unlock, why.clone()).await.refused(409, "NOTHING_TO_DO");
    for _ in 0..5 {
        assert_eq!(login(&strange, "dewi_l", "salah sekali lagi").await, 401);
    }
    assert_eq!(login(&strange, "dewi_l", PASSWORD).await, 401);
    let lock = admin.get(&path).await.ok(200)["data"]["passwordLock"].clone();
    assert!(lock["until"].is_string() && lock["disabled"] == false, "{lock}");
    let shown = admin.post(&unlock, why).await.ok(200);
    assert!(shown["data"]["passwordLock"].is_null());
    assert_eq!(login(&strange, "dewi_l", PASSWORD).await, 200);
    assert!(world.audit_about(dewi.id).await.iter().any(|(event, _)| event == "user.unlocked"));
}

/// Wrong passwords up to the hundred, as a stranger types them: five in each half an hour.
async fn guess_a_hundred_times(world: &World, stranger: &Client, name: &str) {
    for guess in 0..100 {
        if guess > 0 && guess % 5 == 0 {
            world.pass_secs(30 * 60);
        }
        assert_eq!(login(stranger, name, "salah sekali lagi").await, 401);
    }
    world.pass_secs(60 * 60);
}

#[tokio::test]
async fn a_hundred_wrong_passwords_disable_it_until_it_is_reset() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    world.user("dewi_l").await;
    let (known, strange) = two_browsers(&world, "dewi_l").await;
    guess_a_hundred_times(&world, &strange, "dewi_l").await;
    assert_eq!((login(&strange, "dewi_l", PASSWORD).await, login(&known, "dewi_l", PASSWORD).await), (401, 401));
    world.anon().post("/api/auth/forgot-password", json!({"email": "dewi_l@contoh.id"})).await.ok(200);
    let reset = token(&world, "dewi_l@contoh.id", "/reset?token=").await;
    world.anon().post("/api/auth/reset-password", json!({"token": reset, "password": NEW})).await.ok(200);
    assert_eq!(login(&strange, "dewi_l", NEW).await, 200);
}

#[tokio::test]
async fn what_is_typed_while_a_password_is_locked_disables_nothing() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    world.user("dewi_l").await;
    let (known, strange) = two_browsers(&world, "dewi_l").await;
    for _ in 0..120 {
        assert_eq!(login(&strange, "dewi_l", "salah sekali lagi").await, 401);
    }
    assert_eq!((login(&strange, "dewi_l", PASSWORD).await, login(&known, "dewi_l", PASSWORD).await), (401, 200));
}

#[tokio::test]
async fn who_has_a_second_factor_gets_in_again_on_a_known_device() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    let (known, strange) = two_browsers(&world, "dewi_l").await;
    let (_, codes) = crate::second_factor::switch_on(&world, &dewi).await;
    guess_a_hundred_times(&world, &strange, "dewi_l").await;
    let right = json!({"email": email_of("dewi_l"), "password": PASSWORD});
    strange.post("/api/auth/login", right.clone()).await.refused(401, "BAD_CREDENTIALS");
    // The right password alone forgives nothing: elsewhere it stays disabled.
    let half = known.post("/api/auth/login", right.clone()).await.ok(200);
    strange.post("/api/auth/login", right.clone()).await.refused(401, "BAD_CREDENTIALS");
    let step = json!({"mfa_token": half["mfa_token"], "code": codes[0]});
    known.post("/api/auth/login/backup-code", step).await.ok(200);
    assert_eq!(strange.post("/api/auth/login", right).await.ok(200)["mfa_required"], true);
}

#[tokio::test]
async fn a_disabled_password_is_guessed_no_further_on_known_devices() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    let (known, strange) = two_browsers(&world, "dewi_l").await;
    crate::second_factor::switch_on(&world, &dewi).await;
    guess_a_hundred_times(&world, &strange, "dewi_l").await;
    for _ in 0..100 {
        assert_eq!(login(&known, "dewi_l", "salah sekali lagi").await, 401);
    }
    assert_eq!(login(&known, "dewi_l", PASSWORD).await, 401);
}

#[tokio::test]
async fn changing_a_disabled_password_enables_it() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    let (_, strange) = two_browsers(&world, "dewi_l").await;
    sudo(&dewi).await;
    // Proven before the guesses; within ten minutes of it the password can be changed.
    for _ in 0..100 {
        let guess = json!({"password": "salah sekali lagi"});
        dewi.post("/api/auth/sudo", guess).await.refused(401, "BAD_CREDENTIALS");
    }
    dewi.post("/api/auth/sudo", json!({"password": PASSWORD})).await.refused(401, "BAD_CREDENTIALS");
    dewi.post("/api/auth/change-password", json!({"new_password": NEW})).await.ok(200);
    world.pass_secs(3600);
    assert_eq!(login(&strange, "dewi_l", NEW).await, 200);
}

#[tokio::test]
async fn strangers_do_not_keep_an_owner_from_confirming() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    let dewi = world.user("dewi_l").await;
    for _ in 0..5 {
        assert_eq!(login(&world.anon(), "dewi_l", "salah sekali lagi").await, 401);
    }
    assert_eq!(login(&world.anon(), "dewi_l", PASSWORD).await, 401, "locked for strangers");
    sudo(&dewi).await;
}

#[tokio::test]
async fn of_wrong_passwords_typed_at_once_one_begins_the_lock() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    world.user("dewi_l").await;
    let (_, strange) = two_browsers(&world, "dewi_l").await;
    let guesses = (0..9).map(|_| login(&strange, "dewi_l", "salah sekali lagi"));
    assert_eq!(futures::future::join_all(guesses).await, [401; 9]);
    let letters = world.mails_to("dewi_l@contoh.id").await.into_iter().filter(|mail| mail.subject.contains("ditahan")).count();
    assert_eq!(letters, 1);
}

#[tokio::test]
async fn whoever_set_a_password_anew_is_not_locked_out_by_those_who_go_on_guessing() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "1000")]).await;
    world.user("dewi_l").await;
    let (_, owner) = two_browsers(&world, "dewi_l").await;
    world.anon().post("/api/auth/forgot-password", json!({"email": "dewi_l@contoh.id"})).await.ok(200);
    let reset = token(&world, "dewi_l@contoh.id", "/reset?token=").await;
    owner.post("/api/auth/reset-password", json!({"token": reset, "password": NEW})).await.ok(200);
    for _ in 0..5 {
        assert_eq!(login(&world.anon(), "dewi_l", "salah sekali lagi").await, 401);
    }
    assert_eq!((login(&world.browser(), "dewi_l", NEW).await, login(&owner, "dewi_l", NEW).await), (401, 200));
}
