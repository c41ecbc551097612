//! Every letter in both languages, as it goes out; and what hostile values can do to it.

use super::{LONGEST, plain, write};
use aivalid_model::{Lang, Timestamp, identity::TimeZone};
use aivalid_service::mail::{CredentialChange, KycDecision, Letter, Mail, Scene};

const ORIGIN: &str = "https://aivalid.example";

fn scene(device: &str, place: &str) -> Scene {
    Scene { at: Timestamp::from_secs(1_795_004_800), zone: TimeZone::WIB, device: device.into(), place: place.into() }
}

/// One of each, with these words where people choose them.
fn samples(username: &str, device: &str, name: &str) -> Vec<(&'static str, Letter)> {
    let (username, name) = (username.to_owned(), name.to_owned());
    let (token, undo) = ("tkn_4fJ2k-9_x".to_owned(), "und_7hQ".to_owned());
    let scene = scene(device, "Yogyakarta, Indonesia");
    let credential = |change| Letter::CredentialChanged { username: username.clone(), change, scene: scene.clone(), undo: undo.clone() };
    vec![
        ("verify_email", Letter::VerifyEmail { username: username.clone(), token: token.clone() }),
        ("already_registered", Letter::AlreadyRegistered { username: username.clone() }),
        ("password_reset", Letter::PasswordReset { username: username.clone(), token: token.clone() }),
        ("password_changed", Letter::PasswordChanged { username: username.clone(), scene: scene.clone(), undo: undo.clone() }),
        ("email_change_confirm", Letter::EmailChangeConfirm { username: username.clone(), token }),
        (
            "email_change_notice",
            Letter::EmailChangeNotice {
                username: username.clone(),
                new_email: "baru@contoh.id".into(),
                scene: scene.clone(),
                undo: undo.clone(),
            },
        ),
        ("new_device", Letter::NewDevice { username: username.clone(), scene: scene.clone(), undo: undo.clone() }),
        ("session_reuse", Letter::SessionReuse { username: username.clone(), ip: "203.0.113.7".into() }),
        ("new_country", Letter::NewCountry { username: username.clone(), scene: scene.clone() }),
        ("suspended", suspended(&username, &name, Some(Timestamp::from_secs(1_795_264_000)))),
        ("suspended_for_good", suspended(&username, &name, None)),
        ("unsuspended", Letter::Unsuspended { username: username.clone() }),
        ("session_limit", Letter::SessionLimit { username: username.clone(), limit: 5, ended: scene.clone() }),
        ("account_locked", Letter::AccountLocked { username: username.clone(), scene: scene.clone(), minutes: 30 }),
        (
            "api_token_ends",
            Letter::ApiTokenEnds {
                username: username.clone(),
                token_name: name.clone(),
                hint: "x9Zq".into(),
                at: Timestamp::from_secs(1_795_609_600),
                zone: TimeZone::WIB,
            },
        ),
        ("totp_on", credential(CredentialChange::TotpOn)),
        ("totp_off", credential(CredentialChange::TotpOff)),
        ("backup_codes_renewed", credential(CredentialChange::BackupCodesRenewed)),
        ("passkey_added", credential(CredentialChange::PasskeyAdded(name.clone()))),
        ("passkey_removed", credential(CredentialChange::PasskeyRemoved(name.clone()))),
        ("phone_changed", credential(CredentialChange::PhoneChanged("…789".into()))),
        ("phone_removed", credential(CredentialChange::PhoneRemoved)),
        ("provider_linked", credential(CredentialChange::ProviderLinked(name.clone()))),
        ("provider_unlinked", credential(CredentialChange::ProviderUnlinked(name.clone()))),
        ("api_token_made", credential(CredentialChange::ApiTokenMade(name.clone()))),
        ("api_token_revoked", credential(CredentialChange::ApiTokenRevoked(name.clone()))),
        ("pqc_key_added", credential(CredentialChange::PqcKeyAdded(name.clone()))),
        ("pqc_key_removed", credential(CredentialChange::PqcKeyRemoved(name.clone()))),
        ("account_deleted", Letter::AccountDeleted { username: username.clone(), scene: scene.clone() }),
        (
            "recovery_announced",
            Letter::RecoveryAnnounced {
                username: username.clone(),
                scene: scene.clone(),
                until: Timestamp::from_secs(1_795_264_000),
                stop: "rcs_42.7hQ".into(),
            },
        ),
        ("recovery_stopped", Letter::RecoveryStopped { username: username.clone(), scene: scene.clone(), undo: undo.clone() }),
        ("recovery_ready", Letter::RecoveryReady { username: username.clone(), token: "rcf_4fJ2k-9_x".into(), stop: "rcs_42.7hQ".into() }),
        ("recovery_rejected", Letter::RecoveryRejected { username: username.clone(), reason: name.clone() }),
        ("recovery_done", Letter::RecoveryDone { username: username.clone(), scene: scene.clone(), undo: undo.clone() }),
        ("kyc_approved", Letter::KycDecided { username: username.clone(), decision: KycDecision::Approved(2) }),
        ("kyc_rejected", Letter::KycDecided { username, decision: KycDecision::Rejected(name) }),
    ]
}

fn suspended(username: &str, reason: &str, until: Option<Timestamp>) -> Letter {
    Letter::Suspended { username: username.to_owned(), reason: reason.to_owned(), until, zone: TimeZone::WIB }
}

fn written(lang: Lang, letter: Letter) -> super::Written {
    write(ORIGIN, &Mail { id: "0f".into(), to: "dewi@contoh.id".into(), lang, letter })
}

#[test]
fn letters_look_as_they_looked() {
    for lang in Lang::ALL {
        for (name, letter) in samples("dewi_l", "Chrome, Android", "Ponsel Dewi 📱") {
            let letter = written(lang, letter);
            let picture = format!("Subject: {}\n\n{}\n{}", letter.subject, letter.text, letter.html);
            insta::assert_snapshot!(format!("{name}.{}", lang.tag()), picture);
        }
    }
}

#[test]
fn text_and_html_say_the_same() {
    for lang in Lang::ALL {
        for (name, letter) in samples("dewi_l", "Chrome, Android", "Ponsel Dewi") {
            let letter = written(lang, letter);
            assert!(!letter.text.contains("letter.") && !letter.html.contains("letter."), "{name}: a key without words");
            assert!(!letter.text.contains("%{") && !letter.html.contains("%{"), "{name}: a value that was not filled in");
            // All words of the text stand in the HTML as well, addresses included.
            let html = letter.html.replace("&amp;", "&").replace("&quot;", "\"").replace("&#39;", "'");
            for line in letter.text.lines().filter(|line| !line.is_empty() && *line != "-- ") {
                let words = line.trim_start_matches("> ");
                let found = |part: &str| html.contains(part.trim_end_matches(':'));
                let fact = words.split_once(": ").is_some_and(|(name, value)| found(name) && found(value));
                assert!(found(words) || fact, "{name}.{}: `{line}` is missing in the HTML", lang.tag());
            }
        }
    }
}

#[test]
fn no_value_becomes_html_or_another_line() {
    let hostile = "<img src=x onerror=alert(1)>\" onmouseover=\"x\r\nBcc: semua@contoh.id\r\n\r\n<b>'&\u{202E}%{token}";
    for lang in Lang::ALL {
        let (plain, nasty) = (samples("dewi_l", "x", "x"), samples(hostile, hostile, hostile));
        for ((name, calm), (_, nasty)) in plain.into_iter().zip(nasty) {
            let (calm, nasty) = (written(lang, calm), written(lang, nasty));
            assert_eq!(calm.subject, nasty.subject, "{name}: nothing that people chose stands in the subject");
            assert!(!nasty.subject.contains(['\r', '\n']));
            let tags = |html: &str| html.matches('<').count();
            assert_eq!(tags(&calm.html), tags(&nasty.html), "{name}: no tag more");
            assert_eq!(calm.html.matches('"').count(), nasty.html.matches('"').count(), "{name}: no attribute ends early");
            assert_eq!(calm.text.lines().count(), nasty.text.lines().count(), "{name}: no line more");
            assert!(!nasty.text.contains('\u{202E}') && !nasty.html.contains('\u{202E}') && !nasty.text.contains('\r'), "{name}");
        }
    }
}

#[test]
fn a_token_cannot_change_its_address() {
    let token = "x&next=//contoh.id#\r\n\"><b>".to_owned();
    let letter = written(Lang::En, Letter::VerifyEmail { username: "dewi_l".into(), token });
    assert!(letter.text.contains("https://aivalid.example/verify?token=xnextcontoh.idb\n"), "{}", letter.text);
}

#[test]
fn letters_stay_small_and_need_nothing_from_elsewhere() {
    for (name, letter) in samples("dewi_l", "Chrome, Android", "Ponsel Dewi") {
        let html = written(Lang::Id, letter).html;
        assert!(html.len() < 10_000, "{name}: {}", html.len());
        for outside in ["<img", "<script", "<style", "<link", "url(", "http://"] {
            assert!(!html.contains(outside), "{name}: {outside}");
        }
        assert!(html.split("href=\"").skip(1).all(|rest| rest.starts_with(ORIGIN)), "{name}");
        assert!(html.lines().all(|line| line.len() < 900), "{name}: mail servers cut lines of 998 bytes");
    }
}

#[test]
fn long_values_are_cut() {
    assert_eq!(plain(&"é".repeat(5000)).chars().count(), LONGEST);
    assert_eq!(plain(" a\t\tb\u{0} \n c "), "a b c");
}
