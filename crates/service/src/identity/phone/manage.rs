//! The phone number of one's account: added, changed, removed.

use super::Flow;
use crate::{
    Caller, Service,
    audit::Event,
    jobs::JobKind,
    mail::CredentialChange,
    sms::SmsText,
    store::{PhoneCleared, PhoneSet},
};
use aivalid_model::{
    Error, Result,
    id::UserId,
    identity::{Country, IdentityError, PhoneNumber, Requirement, ShownPhoneCode},
};
use serde::{Deserialize, Serialize};

/// What the challenge store keeps of a number that waits for its code.
#[derive(Serialize, Deserialize)]
struct Wanted {
    phone: String,
    country: String,
}

fn wanted_key(user: UserId) -> String {
    format!("otp:number:{user}")
}

impl Service {
    /// Sends a code to a number that the caller's account is to get, in an elevated session. The answer is the same where
    /// another account has the number: only who can read the code learns that.
    pub async fn phone_request(&self, caller: &Caller, phone: &PhoneNumber) -> Result<()> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        let username = user.username.clone();
        let text = |code: &aivalid_model::identity::PhoneCode| SmsText::NumberCode { username, code: code.expose().to_owned() };
        self.phone_code_send(caller, Flow::Number, Some(user.id), phone, text).await?;
        let wanted = Wanted { phone: phone.as_str().to_owned(), country: phone.country().to_owned() };
        let bytes = serde_json::to_vec(&wanted).map_err(|_| Error::Internal)?;
        self.inner.stores.challenges.challenge_put(&wanted_key(user.id), &bytes, crate::sms::CODE_LIFE).await?;
        self.audit(caller, Event::new("phone.code_sent").about(user.id).detail("phone", phone.masked())).await
    }

    /// The number that waits for its code, for the page.
    pub async fn phone_wanted(&self, caller: &Caller) -> Result<Option<PhoneNumber>> {
        let user = caller.in_person()?;
        let bytes = self.inner.stores.challenges.challenge_get(&wanted_key(user.id)).await?;
        let wanted = bytes.and_then(|bytes| serde_json::from_slice::<Wanted>(&bytes).ok());
        Ok(wanted.and_then(|wanted| PhoneNumber::parse(&wanted.phone, Country::by_iso(&wanted.country)).ok()))
    }

    /// Gives the caller's account the number that a code was sent to. Its owner gets a mail, and the number before an SMS.
    pub async fn phone_confirm(&self, caller: &Caller, shown: &ShownPhoneCode) -> Result<()> {
        let id = caller.require(Requirement::SUDO, self.now())?.id;
        if let Err(error) = self.phone_code_judge(caller, Flow::Number, Some(id), shown).await {
            if error == IdentityError::BadPhoneCode.into() {
                self.audit(caller, Event::failed("phone.code_failed").about(id).detail("phone", shown.phone.masked())).await?;
            }
            return Err(error);
        }
        self.inner.stores.challenges.challenge_take(&wanted_key(id)).await?;
        let before = match self.inner.stores.phones.phone_set(id, &shown.phone, self.now()).await? {
            PhoneSet::Done { before } => before,
            PhoneSet::Taken => return Err(IdentityError::PhoneTaken.into()),
            PhoneSet::Missing => return Err(Error::Unauthenticated),
        };
        let name = if before.is_some() { "phone.changed" } else { "phone.added" };
        self.audit(caller, Event::new(name).about(id).detail("phone", shown.phone.masked())).await?;
        if let Some(before) = before.filter(|before| before.as_str() != shown.phone.as_str()) {
            self.tell_number(caller, &before).await?;
        }
        self.credential_changed(caller, id, CredentialChange::PhoneChanged(shown.phone.last_digits().to_owned())).await
    }

    /// Takes the caller's number away, in an elevated session, unless it is the last way to sign in.
    pub async fn phone_remove(&self, caller: &Caller) -> Result<()> {
        let id = caller.require(Requirement::SUDO, self.now())?.id;
        let gone = match self.inner.stores.phones.phone_clear(id, self.now()).await? {
            PhoneCleared::Done(gone) => gone,
            PhoneCleared::LastWay => return Err(IdentityError::LastWayIn.into()),
            PhoneCleared::Missing => return Err(Error::NotFound),
        };
        self.audit(caller, Event::new("phone.removed").about(id).detail("phone", gone.masked())).await?;
        self.tell_number(caller, &gone).await?;
        self.credential_changed(caller, id, CredentialChange::PhoneRemoved).await
    }

    /// Tells a number that it is the account's no more: it may be the owner's only way to notice.
    async fn tell_number(&self, caller: &Caller, phone: &PhoneNumber) -> Result<()> {
        let Some(user) = caller.user.as_ref().filter(|_| self.otp_available()) else { return Ok(()) };
        let job = self.sms(phone, user.locale.unwrap_or(caller.lang), SmsText::NumberGone { username: user.username.clone() })?;
        self.enqueue(JobKind::Sms, &job).await
    }
}
