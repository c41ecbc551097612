//! Accounts.

use super::{
    CoreStore,
    fixtures::{account, at, category, post_counts, text, thread, user},
};
use crate::store::{LogDraft, NewBadge, NewCase, UserChanged, UserCreated};
use aivalid_model::{
    Lang,
    check::Check,
    community::CategoryKind,
    id::{BadgeId, UserId},
    identity::{AccountChange, Role, Theme, TimeZone, Username},
    money::Rupiah,
};
use futures::future::join_all;

fn rename(to: &str) -> AccountChange {
    AccountChange { username: Some(Username::check(to.to_owned()).unwrap()), ..AccountChange::default() }
}

async fn badge(store: &dyn CoreStore, slug: &str) -> BadgeId {
    let text = |word: &str| format!("{word} {slug}");
    let badge = NewBadge {
        slug: slug.to_owned(),
        name_id: text("Lencana"),
        name_en: text("Badge"),
        description_id: text("Untuk"),
        description_en: text("For"),
        icon: "star".into(),
        colour: "amber".into(),
    };
    store.badge_create(&badge).await.unwrap().unwrap()
}

async fn name_of(store: &dyn CoreStore, wanted: &str) -> Option<String> {
    store.user_by_username(wanted).await.unwrap().map(|user| user.card.username)
}

/// The same account each way, with what it was made of and the defaults.
pub async fn an_account_is_found_by_id_address_and_name(store: &dyn CoreStore) {
    let mut new = account((1 << 53) - 1, "siti_n");
    (new.locale, new.role, new.email_verified, new.device) = (Some(Lang::En), Role::Moderator, true, Some("gawai".into()));
    assert_eq!(store.user_create(&new, 3).await.unwrap(), UserCreated::Done);
    let user = store.user_by_id(new.id).await.unwrap().unwrap();
    assert_eq!((user.card.id, user.card.username.as_str(), user.email.as_deref()), (new.id, "siti_n", Some("siti_n@contoh.id")));
    assert_eq!((user.card.full_name.as_deref(), user.card.avatar_url.as_deref(), user.card.badge.as_ref()), (None, None, None));
    assert_eq!(
        (&user.password_hash, user.locale, user.role, user.email_verified),
        (&new.password_hash, Some(Lang::En), Role::Moderator, true)
    );
    assert_eq!((user.theme, user.time_zone, user.created_at, user.username_changed_at), (Theme::System, TimeZone::WIB, at(0), None));
    assert_eq!([&user.bio, &user.location, &user.website, &user.telegram], [""; 4]);
    assert_eq!(store.user_by_email("siti_n@contoh.id").await.unwrap(), Some(user.clone()));
    assert_eq!(store.user_by_username("siti_n").await.unwrap(), Some(user));
    assert_eq!(store.user_by_id(UserId(5)).await.unwrap(), None);
    for nobody in ["", "siti", "siti_n@contoh.i", "siti%n", "siti\0n", "'"] {
        assert_eq!(store.user_by_email(nobody).await.unwrap(), None);
        assert_eq!(store.user_by_username(nobody).await.unwrap(), None);
    }
}

/// Neither in names nor in addresses, whatever a caller forgot to fold.
pub async fn case_does_not_matter(store: &dyn CoreStore) {
    let mut new = account(1, "siti_n");
    new.email = Some("Siti@Contoh.ID".into());
    assert_eq!(store.user_create(&new, 3).await.unwrap(), UserCreated::Done);
    assert_eq!(store.user_by_email("sITI@contoh.id").await.unwrap().unwrap().email.as_deref(), Some("siti@contoh.id"));
    assert!(store.user_by_username("SITI_N").await.unwrap().is_some());
    new = account(2, "lain");
    new.email = Some("SITI@CONTOH.ID".into());
    assert_eq!(store.user_create(&new, 3).await.unwrap(), UserCreated::EmailTaken);
    assert_eq!(store.user_create(&account(2, "Siti_N"), 3).await.unwrap(), UserCreated::UsernameTaken);
}

/// Whoever asks with a taken address and a taken name hears of the address, and nothing is made.
pub async fn what_is_said_of_a_name_does_not_depend_on_the_address(store: &dyn CoreStore) {
    user(store, 1).await;
    assert_eq!(store.user_create(&account(2, "orang_1"), 3).await.unwrap(), UserCreated::UsernameTaken);
    let mut new = account(2, "orang_1");
    new.email = Some("lain@contoh.id".into());
    assert_eq!(store.user_create(&new, 3).await.unwrap(), UserCreated::UsernameTaken);
    new = account(2, "lain");
    new.email = Some("orang_1@contoh.id".into());
    assert_eq!(store.user_create(&new, 3).await.unwrap(), UserCreated::EmailTaken);
    assert_eq!(store.user_count().await.unwrap(), 1);
    assert_eq!(store.user_by_id(UserId(2)).await.unwrap(), None);
    // The name of that attempt is nobody's, and taken as if it had made an account.
    assert_eq!(name_of(store, "lain").await, None);
    assert_eq!(store.user_create(&account(3, "lain"), 3).await.unwrap(), UserCreated::UsernameTaken);
    assert_eq!(store.user_change(UserId(1), &rename("lain"), at(1)).await.unwrap(), UserChanged::UsernameTaken);
}

/// Attempts with a taken address count like the others; other devices, and none, are not concerned.
pub async fn a_device_makes_only_so_many_accounts(store: &dyn CoreStore) {
    let on = |id, device: Option<&str>| {
        let mut new = account(id, &format!("orang_{id}"));
        new.device = device.map(Into::into);
        new
    };
    let again = |id, device| {
        let mut new = on(id, device);
        new.email = Some("orang_1@contoh.id".into());
        new
    };
    assert_eq!(store.user_create(&on(1, Some("gawai")), 0).await.unwrap(), UserCreated::DeviceLimit);
    assert_eq!(store.user_create(&on(1, Some("gawai")), 3).await.unwrap(), UserCreated::Done);
    assert_eq!(store.user_create(&again(9, Some("gawai")), 3).await.unwrap(), UserCreated::EmailTaken);
    assert_eq!(store.user_create(&on(2, Some("gawai")), 3).await.unwrap(), UserCreated::Done);
    assert_eq!(store.user_create(&on(3, Some("gawai")), 3).await.unwrap(), UserCreated::DeviceLimit, "the taken address counted");
    assert_eq!(store.user_create(&again(8, Some("gawai")), 3).await.unwrap(), UserCreated::DeviceLimit, "the device is looked at first");
    assert_eq!(store.user_create(&on(3, Some("lain")), 2).await.unwrap(), UserCreated::Done);
    assert_eq!(store.user_create(&on(4, None), 0).await.unwrap(), UserCreated::Done);
    assert_eq!(store.user_count().await.unwrap(), 4);
}

/// Of one address, then of one name.
pub async fn racing_registrations_make_one_account(store: &dyn CoreStore) {
    let same_address: Vec<_> = (1..=8)
        .map(|id| {
            let mut new = account(id, &format!("orang_{id}"));
            new.email = Some("sama@contoh.id".into());
            new
        })
        .collect();
    let made = join_all(same_address.iter().map(|new| store.user_create(new, 3))).await;
    let made: Vec<_> = made.into_iter().map(Result::unwrap).collect();
    assert_eq!(made.iter().filter(|made| **made == UserCreated::Done).count(), 1, "{made:?}");
    assert_eq!(made.iter().filter(|made| **made == UserCreated::EmailTaken).count(), 7, "{made:?}");

    let same_name: Vec<_> = (11..=18)
        .map(|id| {
            let mut new = account(id, "sama_nama");
            new.email = Some(format!("orang_{id}@contoh.id"));
            new
        })
        .collect();
    let made = join_all(same_name.iter().map(|new| store.user_create(new, 3))).await;
    let made: Vec<_> = made.into_iter().map(Result::unwrap).collect();
    assert_eq!(made.iter().filter(|made| **made == UserCreated::Done).count(), 1, "{made:?}");
    assert_eq!(made.iter().filter(|made| **made == UserCreated::UsernameTaken).count(), 7, "{made:?}");
    assert_eq!(store.user_count().await.unwrap(), 2);
}

/// Twelve registrations from one device at once: three are made.
pub async fn racing_devices_stay_within_their_limit(store: &dyn CoreStore) {
    let news: Vec<_> = (1..=12)
        .map(|id| {
            let mut new = account(id, &format!("orang_{id}"));
            new.device = Some("gawai".into());
            new
        })
        .collect();
    let made = join_all(news.iter().map(|new| store.user_create(new, 3))).await;
    assert_eq!(made.into_iter().filter(|made| *made.as_ref().unwrap() == UserCreated::Done).count(), 3);
    assert_eq!(store.user_count().await.unwrap(), 3);
}

/// For many at once; unknown ids and repetitions do no harm.
pub async fn cards_show_name_and_badge(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let star = badge(store, "bintang").await;
    store.user_grant_badge(budi, star, "rajin", at(1)).await.unwrap();
    let named = AccountChange { full_name: Some("Ani Suryani 🌱".into()), ..AccountChange::default() };
    assert_eq!(store.user_change(ani, &named, at(1)).await.unwrap(), UserChanged::Done);
    let mut cards = store.user_cards(&[budi, UserId(77), ani, ani]).await.unwrap();
    cards.sort_by_key(|card| card.id);
    assert_eq!(cards.iter().map(|card| card.id).collect::<Vec<_>>(), [ani, budi]);
    assert_eq!((cards[0].username.as_str(), cards[0].full_name.as_deref(), &cards[0].badge), ("orang_1", Some("Ani Suryani 🌱"), &None));
    let shown = cards[1].badge.as_ref().unwrap();
    assert_eq!(
        (shown.id, shown.slug.as_str(), shown.name_id.as_str(), shown.name_en.as_str()),
        (star, "bintang", "Lencana bintang", "Badge bintang")
    );
    assert_eq!((shown.description_id.as_str(), shown.description_en.as_str()), ("Untuk bintang", "For bintang"));
    assert_eq!((shown.icon.as_str(), shown.colour.as_str()), ("star", "amber"));
    assert_eq!(store.user_by_id(budi).await.unwrap().unwrap().card, cards[1]);
    assert_eq!(store.user_cards(&[]).await.unwrap(), []);
}

/// Again: nothing changes. Nobody: false.
pub async fn confirming_an_address(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    assert!(!store.user_by_id(ani).await.unwrap().unwrap().email_verified);
    assert!(store.user_verify_email(ani, at(1)).await.unwrap());
    assert!(store.user_verify_email(ani, at(2)).await.unwrap());
    assert!(store.user_by_id(ani).await.unwrap().unwrap().email_verified);
    assert!(!store.user_verify_email(UserId(77), at(1)).await.unwrap());
}

/// What is left out stays; an empty text clears; a language can be taken back.
pub async fn changes_touch_only_what_is_given(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let all = AccountChange {
        username: None,
        full_name: Some("Ani".into()),
        bio: Some("Baris satu\nbaris dua".into()),
        location: Some("Yogyakarta".into()),
        website: Some("https://contoh.id/".into()),
        telegram: Some("ani_suryani".into()),
        time_zone: Some("WIT".parse().unwrap()),
        locale: Some(Some(Lang::En)),
        theme: Some(Theme::Dark),
    };
    assert_eq!(store.user_change(ani, &all, at(1)).await.unwrap(), UserChanged::Done);
    assert_eq!(store.user_change(ani, &AccountChange::default(), at(2)).await.unwrap(), UserChanged::Done);
    let user = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!(
        (user.card.full_name.as_deref(), user.bio.as_str(), user.location.as_str()),
        (Some("Ani"), "Baris satu\nbaris dua", "Yogyakarta")
    );
    assert_eq!((user.website.as_str(), user.telegram.as_str()), ("https://contoh.id/", "ani_suryani"));
    assert_eq!((user.time_zone.hours(), user.locale, user.theme, user.username_changed_at), (9, Some(Lang::En), Theme::Dark, None));
    let clear = AccountChange { full_name: Some(String::new()), bio: Some(String::new()), locale: Some(None), ..AccountChange::default() };
    assert_eq!(store.user_change(ani, &clear, at(3)).await.unwrap(), UserChanged::Done);
    let user = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((user.card.full_name, user.bio.as_str(), user.locale, user.location.as_str()), (None, "", None, "Yogyakarta"));
    assert_eq!(store.user_change(UserId(77), &all, at(1)).await.unwrap(), UserChanged::Missing);
}

/// Old links go on working; nobody else gets the name; its owner can take it back.
pub async fn a_given_up_name_leads_to_its_owner(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    assert_eq!(store.user_change(ani, &rename("ani_baru"), at(5)).await.unwrap(), UserChanged::Done);
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().username_changed_at, Some(at(5)));
    assert_eq!(name_of(store, "orang_1").await.as_deref(), Some("ani_baru"));
    assert_eq!(name_of(store, "ani_baru").await.as_deref(), Some("ani_baru"));
    assert_eq!(store.user_change(budi, &rename("orang_1"), at(6)).await.unwrap(), UserChanged::UsernameTaken);
    let mut new = account(3, "orang_1");
    new.email = Some("lain@contoh.id".into());
    assert_eq!(store.user_create(&new, 3).await.unwrap(), UserCreated::UsernameTaken);
    assert_eq!(store.user_change(ani, &rename("ani_lagi"), at(7)).await.unwrap(), UserChanged::Done);
    assert_eq!(store.user_change(ani, &rename("orang_1"), at(8)).await.unwrap(), UserChanged::Done);
    for name in ["orang_1", "ani_baru", "ani_lagi"] {
        assert_eq!(name_of(store, name).await.as_deref(), Some("orang_1"), "{name}");
    }
    assert_eq!(store.user_change(ani, &rename("orang_1"), at(9)).await.unwrap(), UserChanged::Done);
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().username_changed_at, Some(at(8)), "the same name is no change");
}

/// The other fields of a refused change stay too.
pub async fn a_taken_name_changes_nothing(store: &dyn CoreStore) {
    let (ani, _budi) = (user(store, 1).await, user(store, 2).await);
    let change = AccountChange { bio: Some("baru".into()), ..rename("orang_2") };
    assert_eq!(store.user_change(ani, &change, at(5)).await.unwrap(), UserChanged::UsernameTaken);
    let user = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((user.card.username.as_str(), user.bio.as_str(), user.username_changed_at), ("orang_1", "", None));
}

/// Eight people want one name: one gets it.
pub async fn racing_renames_give_a_name_once(store: &dyn CoreStore) {
    for id in 1..=8 {
        user(store, id).await;
    }
    let change = rename("dambaan");
    let outcomes = join_all((1..=8).map(|id| store.user_change(UserId(id), &change, at(5)))).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == UserChanged::Done).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == UserChanged::UsernameTaken).count(), 7, "{outcomes:?}");
}

/// An upgrade does not undo a change that came in between.
pub async fn a_password_hash_is_replaced_only_as_it_was(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let old = store.user_by_id(ani).await.unwrap().unwrap().password_hash.unwrap();
    assert!(store.user_rehash(ani, &old, "baru").await.unwrap());
    assert!(!store.user_rehash(ani, &old, "lain").await.unwrap());
    assert!(!store.user_rehash(UserId(77), &old, "lain").await.unwrap());
    assert_eq!(store.user_old_hash_cost().await.unwrap(), None);
    for hash in ["$2b$12$abcdefghijklmnopqrstuu", "$2a$10$abcdefghijklmnopqrstuu"] {
        assert!(store.user_rehash(ani, "baru", hash).await.unwrap());
        let cost = hash.get(4..6).and_then(|cost| cost.parse().ok());
        assert_eq!(store.user_old_hash_cost().await.unwrap(), cost, "{hash}");
        assert!(store.user_rehash(ani, hash, "baru").await.unwrap());
    }
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().password_hash.as_deref(), Some("baru"));
}

/// When somebody last signed in; nothing else changes.
pub async fn sign_ins_are_noted(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let before = store.user_by_id(ani).await.unwrap().unwrap();
    assert_eq!((before.last_login_at, before.suspension.clone()), (None, None));
    store.user_signed_in(ani, at(9)).await.unwrap();
    store.user_signed_in(UserId(77), at(9)).await.unwrap();
    let after = crate::store::User { last_login_at: Some(at(9)), ..before };
    assert_eq!(store.user_by_id(ani).await.unwrap(), Some(after));
}

/// Deleted ones and other people's do not count.
pub async fn posts_that_can_be_read_are_counted(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let (forum, cases) = (category(store, "forum", CategoryKind::Forum).await, category(store, "kasus", CategoryKind::Case).await);
    thread(store, forum, ani, 1, &[]).await;
    let gone = thread(store, forum, ani, 2, &[]).await;
    thread(store, forum, budi, 3, &[]).await;
    assert!(store.thread_delete(gone, ani, at(4)).await.unwrap());
    let case = NewCase { category: cases, owner: ani, text: text("Kasus", &[]), bounty: Rupiah(0), deadline: None };
    let log = LogDraft { actor: Some(ani), action: "created", details: serde_json::Value::Null, at: at(5) };
    store.case_open(&case, &log).await.unwrap();
    store.case_open(&case, &log).await.unwrap();
    assert_eq!(post_counts(store, ani).await, (1, 2));
    assert_eq!(post_counts(store, budi).await, (1, 0));
    for nobody in ["nobody", "", "a\u{0}b"] {
        assert_eq!(store.user_profile(nobody).await.unwrap(), None);
    }
}

/// The first one is shown beside the name and stays there; granting again changes nothing.
pub async fn badges_are_granted_once(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let (first, second) = (badge(store, "satu").await, badge(store, "dua").await);
    store.user_grant_badge(ani, first, "awal", at(1)).await.unwrap();
    store.user_grant_badge(ani, second, "lalu", at(2)).await.unwrap();
    store.user_grant_badge(ani, first, "lagi", at(3)).await.unwrap();
    let grants = store.user_badges(ani).await.unwrap();
    let seen: Vec<_> = grants.iter().map(|grant| (grant.badge.id, grant.reason.as_str(), grant.granted_at)).collect();
    assert_eq!(seen, [(second, "lalu", at(2)), (first, "awal", at(1))]);
    assert_eq!(store.user_by_id(ani).await.unwrap().unwrap().card.badge.as_ref(), Some(&grants[1].badge));
    assert_eq!(store.user_badges(UserId(77)).await.unwrap(), []);
}

/// From none on.
pub async fn accounts_are_counted(store: &dyn CoreStore) {
    assert_eq!(store.user_count().await.unwrap(), 0);
    for id in 1..=3 {
        user(store, id).await;
    }
    assert_eq!(store.user_count().await.unwrap(), 3);
}
