//! Signing in with a code by SMS; whose number has no account gets one.

use super::Flow;
use crate::{
    Caller, Service,
    audit::Event,
    identity::{SignIn, keys::digest},
    sms::SmsText,
    store::{NewUser, User, UserCreated},
};
use aivalid_model::{
    Error, Result, Timestamp,
    identity::{IdentityError, Method, Methods, PhoneNumber, Role, ShownPhoneCode, Token},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a page remembers the number, so that it can ask for another code.
const REMEMBERED: Duration = Duration::from_mins(30);
/// How often a name is made up that somebody turns out to have.
const NAMES: usize = 4;

/// What came of a right code.
#[derive(Clone, Debug)]
pub struct PhoneSignIn {
    /// As after every first factor.
    pub sign_in: SignIn,
    /// The account was made just now.
    pub new: bool,
}

/// A page's sign-in that waits for its code.
#[derive(Clone, Debug)]
pub struct PendingCode {
    /// The number that the code was sent to.
    pub phone: PhoneNumber,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// What the challenge store keeps of one.
#[derive(Serialize, Deserialize)]
struct Kept {
    phone: String,
    country: String,
    /// Microseconds.
    sent_at: i64,
}

/// Only a digest of the token is kept.
fn pending_key(token: &str) -> String {
    format!("otp:{}", hex::encode(digest(token)))
}

impl Service {
    /// Sends a code to sign in with. The answer is the same for every number, with or without an account.
    pub async fn otp_send(&self, caller: &Caller, phone: &PhoneNumber) -> Result<()> {
        self.phone_code_send(caller, Flow::SignIn, None, phone, SmsText::sign_in).await
    }

    /// The same for a page, which does not keep the number itself: the token under which it is remembered.
    pub async fn otp_begin(&self, caller: &Caller, phone: &PhoneNumber) -> Result<String> {
        self.otp_send(caller, phone).await?;
        let token = self.inner.random.secret("otp_");
        let kept = Kept { phone: phone.as_str().to_owned(), country: phone.country().to_owned(), sent_at: self.now().0 };
        let bytes = serde_json::to_vec(&kept).map_err(|_| Error::Internal)?;
        self.inner.stores.challenges.challenge_put(&pending_key(&token), &bytes, REMEMBERED).await?;
        Ok(token)
    }

    /// What a token of [`Service::otp_begin`] stands for.
    pub async fn otp_pending(&self, _caller: &Caller, token: &Token) -> Result<Option<PendingCode>> {
        let bytes = self.inner.stores.challenges.challenge_get(&pending_key(token.expose())).await?;
        let Some(Kept { phone, country, sent_at }) = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()) else { return Ok(None) };
        let country = aivalid_model::identity::Country::by_iso(&country);
        let phone = PhoneNumber::parse(&phone, country).ok();
        Ok(phone.map(|phone| PendingCode { phone, sent_at: Timestamp(sent_at) }))
    }

    /// Signs in with a code. A number without an account gets one, which agrees to the present terms.
    pub async fn otp_verify(&self, caller: &Caller, shown: &ShownPhoneCode) -> Result<PhoneSignIn> {
        let owner = self.inner.stores.users.user_by_phone(shown.phone.as_str()).await?;
        if let Err(error) = self.phone_code_judge(caller, Flow::SignIn, None, shown).await {
            if error == IdentityError::BadPhoneCode.into() {
                let account = owner.map(|owner| owner.card.id);
                self.note_failed_sign_in(caller, account, shown.phone.as_str(), Method::Sms.word()).await?;
            }
            return Err(error);
        }
        let (user, new) = match owner {
            Some(owner) => (owner, false),
            None => self.phone_account(caller, &shown.phone).await?,
        };
        let sign_in = self.first_factor_done(caller, user, Methods::of(Method::Sms), Method::Sms.word()).await?;
        Ok(PhoneSignIn { sign_in, new })
    }

    /// The account of a number that was confirmed just now: a new one, or that of who was quicker.
    async fn phone_account(&self, caller: &Caller, phone: &PhoneNumber) -> Result<(User, bool)> {
        let users = &self.inner.stores.users;
        for _ in 0..NAMES {
            let new = NewUser {
                id: self.inner.random.user_id(),
                email: None,
                phone: Some(phone.clone()),
                username: self.made_up_username()?.as_str().to_owned(),
                password_hash: None,
                locale: Some(caller.lang),
                role: Role::User,
                email_verified: false,
                device: caller.device.clone(),
                terms_version: self.inner.settings.terms_version.clone(),
                now: self.now(),
            };
            match users.user_create(&new, self.inner.settings.accounts_per_device).await? {
                UserCreated::Done => {
                    let event = Event::new("account.made").by(new.id).about(new.id).detail("name", new.username.as_str());
                    self.audit(caller, event.detail("phone", phone.masked())).await?;
                    let user = users.user_by_id(new.id).await?.ok_or(Error::Internal)?;
                    return Ok((user, true));
                }
                UserCreated::DeviceLimit => return Err(IdentityError::DeviceLimit.into()),
                UserCreated::PhoneTaken | UserCreated::EmailTaken => {
                    if let Some(user) = users.user_by_phone(phone.as_str()).await? {
                        return Ok((user, false));
                    }
                }
                UserCreated::UsernameTaken => {}
            }
        }
        Err(Error::Unavailable { retry_after: 1 })
    }
}
