//! Letters: written by use cases, kept in the queue, delivered by a worker.
//!
//! A use case calls [`Service::post`], or [`Service::post_token`] for a letter with a one-time link. Where an answer must not
//! tell whether an account exists, the path without one posts a *decoy*: a letter that is made, sealed and queued in the same
//! way and by the same statements, and that the worker throws away.

mod letter;

pub use letter::{CredentialChange, KycDecision, Letter, Scene};

use crate::{
    Service,
    identity::digest,
    jobs::{JobKind, Outcome},
    ports::Undelivered,
    store::{NewJob, OneTime, TokenLetter},
};
use aivalid_model::{Lang, Result, Timestamp, id::UserId};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

/// A letter, addressed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Random; the same at every attempt, so that a letter that came twice is known as one.
    pub id: String,
    /// The address.
    pub to: String,
    /// The language it is written in.
    pub lang: Lang,
    /// What it says.
    pub letter: Letter,
}

impl fmt::Debug for Mail {
    /// Neither address nor links may reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("id", &self.id).field("letter", &self.letter.name()).finish_non_exhaustive()
    }
}

/// What the queue keeps of a letter.
#[derive(Serialize, Deserialize)]
struct Posted {
    mail: Mail,
    /// To be thrown away.
    decoy: bool,
}

impl Service {
    /// Queues a letter. It can't be lost any more when this returns.
    pub(crate) async fn post(&self, to: &str, lang: Lang, letter: Letter) -> Result<()> {
        let job = self.letter(to, lang, letter)?;
        self.enqueue(JobKind::Mail, &job).await
    }

    /// Keeps a one-time token for a user and queues the letter that carries it, both or neither. Without a user, where the
    /// answer must not tell so, a decoy is queued at the same cost.
    pub(crate) async fn post_token(
        &self,
        user: Option<UserId>,
        to: &str,
        lang: Lang,
        purpose: OneTime,
        life: Duration,
        letter: impl FnOnce(String) -> Letter,
    ) -> Result<()> {
        let token = self.token_letter(user.is_none(), to, lang, purpose, life, letter)?;
        // A random id belongs to nobody: the same statement then keeps nothing.
        let user = user.unwrap_or_else(|| self.inner.random.user_id());
        self.inner.stores.jobs.token_send(user, &token).await?;
        self.wake(JobKind::Mail);
        Ok(())
    }

    /// A letter for a store's use case that queues it in its own transaction; [`Service::wake`] follows.
    pub(crate) fn letter(&self, to: &str, lang: Lang, letter: Letter) -> Result<NewJob> {
        self.posted(to, lang, letter, false)
    }

    /// The decoy of a letter: it costs as much and reaches nobody.
    pub(crate) fn decoy(&self, to: &str, lang: Lang, letter: Letter) -> Result<NewJob> {
        self.posted(to, lang, letter, true)
    }

    /// A new one-time token in its letter, for a store's use case that keeps both; [`Service::wake`] follows.
    pub(crate) fn token_letter(
        &self,
        decoy: bool,
        to: &str,
        lang: Lang,
        purpose: OneTime,
        life: Duration,
        letter: impl FnOnce(String) -> Letter,
    ) -> Result<TokenLetter> {
        let token = self.inner.random.secret(purpose.prefix());
        let (digest, expires_at) = (digest(&token), self.now().plus(life));
        Ok(TokenLetter { purpose, digest, expires_at, letter: self.posted(to, lang, letter(token), decoy)? })
    }

    fn posted(&self, to: &str, lang: Lang, letter: Letter, decoy: bool) -> Result<NewJob> {
        let id = hex::encode(self.inner.random.bytes::<16>());
        self.job(JobKind::Mail, &Posted { mail: Mail { id, to: to.to_owned(), lang, letter }, decoy })
    }

    /// Delivers a letter from the queue; `made` is when it was written.
    pub(crate) async fn deliver(&self, payload: &[u8], made: Timestamp) -> Outcome {
        // What exactly is wrong could quote the letter.
        let Ok(Posted { mail, decoy }) = serde_json::from_slice(payload) else {
            return Outcome::Never("the letter can't be read; another version may have written it".to_owned());
        };
        if decoy {
            return Outcome::Done;
        }
        if mail.letter.life().is_some_and(|life| self.now().since(made) >= life) {
            return Outcome::Never("its link lapsed before it could be delivered".to_owned());
        }
        match self.inner.mailer.send(&mail).await {
            Ok(()) => Outcome::Done,
            Err(Undelivered::Later(error)) => Outcome::Later(without_addresses(&error)),
            Err(Undelivered::Never(error)) => Outcome::Never(without_addresses(&error)),
        }
    }
}

/// Which letter it is, and to which domain: what an operator needs to know of a letter that is stuck.
pub(crate) fn about(payload: &[u8]) -> Option<String> {
    let Posted { mail, decoy } = serde_json::from_slice(payload).ok()?;
    let domain = mail.to.rsplit('@').next().unwrap_or_default();
    Some(if decoy { "decoy".to_owned() } else { format!("{} to …@{domain}", mail.letter.name()) })
}

/// Mail servers like to repeat the address that they refuse. At most 300 characters, on one line.
fn without_addresses(error: &str) -> String {
    let word = |word: &str| if word.contains('@') { "(address)".to_owned() } else { word.to_owned() };
    let line: Vec<String> = error.split_whitespace().map(word).collect();
    line.join(" ").chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_say_is_kept_without_addresses() {
        assert_eq!(
            without_addresses("550 5.1.1 <dewi@contoh.id>:\r\n Recipient\u{7} rejected: dewi@contoh.id,"),
            "550 5.1.1 (address) Recipient rejected: (address)"
        );
        assert_eq!(without_addresses(&"x".repeat(5000)).len(), 300);
    }

    #[test]
    fn a_letters_debug_form_shows_neither_address_nor_token() {
        let letter = Letter::VerifyEmail { username: "dewi_l".into(), token: "vfy_rahasia".into() };
        let mail = Mail { id: "1".into(), to: "dewi@contoh.id".into(), lang: Lang::Id, letter };
        let text = format!("{mail:?} {:?}", mail.letter);
        assert!(!text.contains("dewi") && !text.contains("rahasia"), "{text}");
    }
}
