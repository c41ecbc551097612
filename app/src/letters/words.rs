//! What each letter says.

use super::{Draft, Part, links, plain};
use crate::ui::full;
use aivalid_model::{Lang, Timestamp};
use aivalid_service::mail::{CredentialChange, KycDecision, Letter, Scene};
use std::borrow::Cow;

/// The parts of a letter.
pub(super) fn draft(origin: &str, lang: Lang, letter: &Letter) -> Draft {
    let (username, subject, parts) = match letter {
        Letter::VerifyEmail { username, token } => (
            username,
            tr!(lang, "letter.verify.subject"),
            vec![
                words(tr!(lang, "letter.verify.lead")),
                action(tr!(lang, "letter.verify.action"), links::verify(origin, token)),
                words(tr!(lang, "letter.verify.ignore")),
            ],
        ),
        Letter::AlreadyRegistered { username } => registered(origin, lang, username),
        Letter::PasswordReset { username, token } => (
            username,
            tr!(lang, "letter.reset.subject"),
            vec![
                words(tr!(lang, "letter.reset.lead")),
                action(tr!(lang, "letter.reset.action"), links::reset_password(origin, token)),
                words(tr!(lang, "letter.reset.ignore")),
            ],
        ),
        Letter::PasswordChanged { username, scene, undo } => (
            username,
            tr!(lang, "letter.password.subject"),
            vec![words(tr!(lang, "letter.password.lead")), facts(lang, scene, vec![]), was_you(lang), not_you(origin, lang, undo)],
        ),
        Letter::EmailChangeConfirm { username, token } => (
            username,
            tr!(lang, "letter.new_email.subject"),
            vec![
                words(tr!(lang, "letter.new_email.lead")),
                action(tr!(lang, "letter.new_email.action"), links::confirm_email(origin, token)),
                words(tr!(lang, "letter.new_email.ignore")),
            ],
        ),
        Letter::EmailChangeNotice { username, new_email, scene, undo } => (
            username,
            tr!(lang, "letter.old_email.subject"),
            vec![
                words(tr!(lang, "letter.old_email.lead")),
                facts(lang, scene, vec![(tr!(lang, "letter.old_email.new"), masked(new_email))]),
                was_you(lang),
                not_you(origin, lang, undo),
            ],
        ),
        Letter::NewDevice { username, scene, undo } => (
            username,
            tr!(lang, "letter.device_new.subject"),
            vec![words(tr!(lang, "letter.device_new.lead")), facts(lang, scene, vec![]), was_you(lang), not_you(origin, lang, undo)],
        ),
        Letter::SessionReuse { username, ip } => (
            username,
            tr!(lang, "letter.reuse.subject"),
            vec![
                words(tr!(lang, "letter.reuse.lead", ip = plain(ip))),
                words(tr!(lang, "letter.reuse.next")),
                action(tr!(lang, "letter.reuse.action"), links::sessions(origin)),
            ],
        ),
        Letter::NewCountry { username, scene } => new_country(origin, lang, username, scene),
        Letter::Suspended { username, reason, until, zone } => {
            let until = until.map(|until| full(lang, until, *zone));
            suspended(lang, username, reason, until)
        }
        Letter::Unsuspended { username } => unsuspended(origin, lang, username),
        Letter::SessionLimit { username, limit, ended } => (
            username,
            tr!(lang, "letter.limit.subject"),
            vec![
                words(tr!(lang, "letter.limit.lead", limit = limit)),
                scene_as(lang, tr!(lang, "letter.limit.last"), ended, vec![]),
                action(tr!(lang, "letter.limit.action"), links::sessions(origin)),
            ],
        ),
        Letter::AccountLocked { username, scene, minutes } => locked(origin, lang, username, scene, *minutes),
        Letter::CredentialChanged { username, change, scene, undo } => {
            let (what, named) = changed(lang, change);
            let subject = tr!(lang, "letter.change.subject");
            (username, subject, vec![words(what), facts(lang, scene, named), was_you(lang), not_you(origin, lang, undo)])
        }
        Letter::ApiTokenEnds { username, token_name, hint, at, zone } => {
            let ends = full(lang, *at, *zone);
            token_ends(origin, lang, username, (token_name, hint, ends))
        }
        Letter::AccountDeleted { username, scene } => (
            username,
            tr!(lang, "letter.deleted.subject"),
            vec![words(tr!(lang, "letter.deleted.lead")), facts(lang, scene, vec![]), words(tr!(lang, "letter.deleted.thanks"))],
        ),
        Letter::RecoveryAnnounced { username, scene, until, stop } => recovery(origin, lang, username, scene, *until, stop),
        Letter::RecoveryStopped { username, scene, undo } => recovery_stopped(origin, lang, username, scene, undo),
        Letter::RecoveryReady { username, token, stop } => recovery_ready(origin, lang, username, token, stop),
        Letter::RecoveryRejected { username, reason } => recovery_rejected(lang, username, reason),
        Letter::RecoveryDone { username, scene, undo } => recovery_done(origin, lang, username, scene, undo),
        Letter::KycDecided { username, decision } => kyc(origin, lang, username, decision),
    };
    Draft { subject: subject.into_owned(), username: plain(username), parts }
}

/// Username, subject, and parts.
type Parts<'a> = (&'a String, Cow<'static, str>, Vec<Part>);

fn registered<'a>(origin: &str, lang: Lang, username: &'a String) -> Parts<'a> {
    let parts = vec![
        words(tr!(lang, "letter.registered.lead")),
        action(tr!(lang, "letter.registered.action"), links::login(origin)),
        words(tr!(lang, "letter.registered.ignore")),
    ];
    (username, tr!(lang, "letter.registered.subject"), parts)
}

fn token_ends<'a>(origin: &str, lang: Lang, username: &'a String, (name, hint, ends): (&str, &str, String)) -> Parts<'a> {
    let known_by = vec![
        (tr!(lang, "letter.token_ends.name").into_owned(), plain(name)),
        (tr!(lang, "letter.token_ends.hint").into_owned(), format!("…{}", plain(hint))),
        (tr!(lang, "letter.token_ends.at").into_owned(), ends),
    ];
    let parts = vec![
        words(tr!(lang, "letter.token_ends.lead")),
        Part::Facts(known_by),
        words(tr!(lang, "letter.token_ends.next")),
        action(tr!(lang, "letter.token_ends.action"), links::api_tokens(origin)),
    ];
    (username, tr!(lang, "letter.token_ends.subject"), parts)
}

fn unsuspended<'a>(origin: &str, lang: Lang, username: &'a String) -> Parts<'a> {
    let parts = vec![words(tr!(lang, "letter.unsuspended.lead")), action(tr!(lang, "letter.unsuspended.action"), links::login(origin))];
    (username, tr!(lang, "letter.unsuspended.subject"), parts)
}

fn recovery<'a>(origin: &str, lang: Lang, username: &'a String, scene: &Scene, until: Timestamp, stop: &str) -> Parts<'a> {
    let parts = vec![
        words(tr!(lang, "letter.recovery.lead")),
        facts(lang, scene, vec![(tr!(lang, "letter.recovery.until"), full(lang, until, scene.zone))]),
        alarm(tr!(lang, "letter.recovery.stop"), tr!(lang, "letter.recovery.stop_link"), links::stop_recovery(origin, stop)),
    ];
    (username, tr!(lang, "letter.recovery.subject"), parts)
}

fn recovery_stopped<'a>(origin: &str, lang: Lang, username: &'a String, scene: &Scene, undo: &str) -> Parts<'a> {
    let parts = vec![
        words(tr!(lang, "letter.recovery_stopped.lead")),
        facts(lang, scene, vec![]),
        words(tr!(lang, "letter.recovery_stopped.next")),
        action(tr!(lang, "letter.recovery_stopped.action"), links::forgot_password(origin)),
        not_you(origin, lang, undo),
    ];
    (username, tr!(lang, "letter.recovery_stopped.subject"), parts)
}

fn recovery_ready<'a>(origin: &str, lang: Lang, username: &'a String, token: &str, stop: &str) -> Parts<'a> {
    let parts = vec![
        words(tr!(lang, "letter.recovery_ready.lead")),
        action(tr!(lang, "letter.recovery_ready.action"), links::finish_recovery(origin, token)),
        alarm(tr!(lang, "letter.recovery_ready.stop"), tr!(lang, "letter.recovery.stop_link"), links::stop_recovery(origin, stop)),
    ];
    (username, tr!(lang, "letter.recovery_ready.subject"), parts)
}

fn recovery_rejected<'a>(lang: Lang, username: &'a String, reason: &str) -> Parts<'a> {
    let parts = vec![words(tr!(lang, "letter.recovery_no.lead")), Part::Quote(plain(reason)), words(tr!(lang, "letter.recovery_no.next"))];
    (username, tr!(lang, "letter.recovery_no.subject"), parts)
}

fn recovery_done<'a>(origin: &str, lang: Lang, username: &'a String, scene: &Scene, undo: &str) -> Parts<'a> {
    let parts = vec![words(tr!(lang, "letter.recovery_done.lead")), facts(lang, scene, vec![]), was_you(lang), not_you(origin, lang, undo)];
    (username, tr!(lang, "letter.recovery_done.subject"), parts)
}

fn new_country<'a>(origin: &str, lang: Lang, username: &'a String, scene: &Scene) -> (&'a String, Cow<'static, str>, Vec<Part>) {
    let parts = vec![
        words(tr!(lang, "letter.country.lead")),
        facts(lang, scene, vec![]),
        was_you(lang),
        words(tr!(lang, "letter.country.next")),
        action(tr!(lang, "letter.country.action"), links::sessions(origin)),
    ];
    (username, tr!(lang, "letter.country.subject"), parts)
}

fn suspended<'a>(lang: Lang, username: &'a String, reason: &str, until: Option<String>) -> (&'a String, Cow<'static, str>, Vec<Part>) {
    let lead = match until {
        Some(until) => tr!(lang, "letter.suspended.until", time = until),
        None => tr!(lang, "letter.suspended.lead"),
    };
    let parts = vec![words(lead), words(tr!(lang, "letter.suspended.reason")), Part::Quote(plain(reason))];
    (username, tr!(lang, "letter.suspended.subject"), parts)
}

fn locked<'a>(origin: &str, lang: Lang, username: &'a String, scene: &Scene, minutes: u32) -> (&'a String, Cow<'static, str>, Vec<Part>) {
    let parts = vec![
        words(tr!(lang, "letter.locked.lead", minutes = minutes)),
        scene_as(lang, tr!(lang, "letter.locked.last"), scene, vec![]),
        words(tr!(lang, "letter.locked.still")),
        action(tr!(lang, "letter.locked.action"), links::forgot_password(origin)),
    ];
    (username, tr!(lang, "letter.locked.subject"), parts)
}

fn kyc<'a>(origin: &str, lang: Lang, username: &'a String, decision: &KycDecision) -> Parts<'a> {
    let see = action(tr!(lang, "letter.kyc.action"), links::kyc(origin));
    match decision {
        KycDecision::Approved(level) => {
            (username, tr!(lang, "letter.kyc_yes.subject"), vec![words(tr!(lang, "letter.kyc_yes.lead", level = level)), see])
        }
        KycDecision::Rejected(reason) => (
            username,
            tr!(lang, "letter.kyc_no.subject"),
            vec![words(tr!(lang, "letter.kyc_no.lead")), Part::Quote(plain(reason)), words(tr!(lang, "letter.kyc_no.next")), see],
        ),
    }
}

/// What was changed, and what it is called.
fn changed(lang: Lang, change: &CredentialChange) -> (Cow<'static, str>, Vec<(Cow<'static, str>, String)>) {
    let named = |name: &str| vec![(tr!(lang, "letter.change.name"), plain(name))];
    match change {
        CredentialChange::TotpOn => (tr!(lang, "letter.change.totp_on"), vec![]),
        CredentialChange::TotpOff => (tr!(lang, "letter.change.totp_off"), vec![]),
        CredentialChange::BackupCodesRenewed => (tr!(lang, "letter.change.backup_codes"), vec![]),
        CredentialChange::PasskeyAdded(name) => (tr!(lang, "letter.change.passkey_added"), named(name)),
        CredentialChange::PasskeyRemoved(name) => (tr!(lang, "letter.change.passkey_removed"), named(name)),
        CredentialChange::PhoneChanged(digits) => {
            (tr!(lang, "letter.change.phone_changed"), vec![(tr!(lang, "letter.change.number"), plain(digits))])
        }
        CredentialChange::PhoneRemoved => (tr!(lang, "letter.change.phone_removed"), vec![]),
        CredentialChange::ProviderLinked(name) => (tr!(lang, "letter.change.provider_linked"), named(name)),
        CredentialChange::ProviderUnlinked(name) => (tr!(lang, "letter.change.provider_unlinked"), named(name)),
        CredentialChange::ApiTokenMade(name) => (tr!(lang, "letter.change.token_made"), named(name)),
        CredentialChange::ApiTokenRevoked(name) => (tr!(lang, "letter.change.token_revoked"), named(name)),
        CredentialChange::PqcKeyAdded(name) => (tr!(lang, "letter.change.pqc_added"), named(name)),
        CredentialChange::PqcKeyRemoved(name) => (tr!(lang, "letter.change.pqc_removed"), named(name)),
    }
}

fn words(text: Cow<'_, str>) -> Part {
    Part::Words(text.into_owned())
}

fn action(label: Cow<'_, str>, address: String) -> Part {
    Part::Action(label.into_owned(), address)
}

fn alarm(text: Cow<'_, str>, label: Cow<'_, str>, address: String) -> Part {
    Part::Alarm(text.into_owned(), label.into_owned(), address)
}

fn was_you(lang: Lang) -> Part {
    words(tr!(lang, "letter.was_you"))
}

fn not_you(origin: &str, lang: Lang, undo: &str) -> Part {
    alarm(tr!(lang, "letter.not_you"), tr!(lang, "letter.not_you_link"), links::not_me(origin, undo))
}

/// When and from where, after what is particular.
fn facts(lang: Lang, scene: &Scene, first: Vec<(Cow<'static, str>, String)>) -> Part {
    scene_as(lang, tr!(lang, "letter.when"), scene, first)
}

fn scene_as(lang: Lang, when: Cow<'static, str>, scene: &Scene, first: Vec<(Cow<'static, str>, String)>) -> Part {
    let known = |text: &str| Some(plain(text)).filter(|text| !text.is_empty()).unwrap_or_else(|| tr!(lang, "letter.unknown").into_owned());
    let scene = [
        (when, full(lang, scene.at, scene.zone)),
        (tr!(lang, "letter.device"), known(&scene.device)),
        (tr!(lang, "letter.place"), known(&scene.place)),
    ];
    Part::Facts(first.into_iter().chain(scene).map(|(name, value)| (name.into_owned(), value)).collect())
}

/// An address for somebody who may not be its owner: `d…@contoh.id`.
fn masked(address: &str) -> String {
    let address = plain(address);
    let (local, domain) = address.rsplit_once('@').unwrap_or((&address, ""));
    format!("{}…@{domain}", local.chars().take(1).collect::<String>())
}
