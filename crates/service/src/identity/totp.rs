//! Authenticator apps (RFC 6238: SHA-1, six digits, 30 seconds, one step of drift) and backup codes.

use super::keys::digest;
use crate::{
    Caller, Service, SignedIn,
    audit::Event,
    mail::CredentialChange,
    seal::{Bound, Purpose},
    store::NewlyShown,
};
use aivalid_model::{
    Error, Result,
    id::UserId,
    identity::{
        BACKUP_CODE_LENGTH, BackupCodes, IdentityError, Method, Methods, Requirement, SecondFactor, Shown, TotpCode, TotpSetup, TotpStatus,
    },
};
use fast_qr::{QRBuilder, convert::svg::SvgBuilder};
use totp_rs::{Algorithm, Secret, Totp};

const ISSUER: &str = "AIValid";
/// 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const BACKUP_CODES: usize = 8;
/// 120 bits: 24 letters of base 32 without padding.
const BACKUP_CODE_BYTES: usize = 15;

pub(super) fn totp(secret: Vec<u8>, account: &str) -> Result<Totp> {
    let builder = totp_rs::Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1).with_step_duration(30);
    let builder = builder.with_secret(Secret::new(secret.into())).with_account_name(account).with_issuer(Some(ISSUER));
    builder.build().map_err(|error| {
        tracing::error!(%error, "a TOTP secret can't be used");
        Error::Internal
    })
}

impl Service {
    /// Which codes an account has; none: no code is ever asked for.
    pub(crate) async fn second_factors(&self, user: UserId) -> Result<Vec<Method>> {
        let enabled = self.inner.stores.totp.totp_get(user).await?.is_some_and(|record| record.enabled_at.is_some());
        Ok(if enabled { vec![Method::Totp, Method::BackupCode] } else { vec![] })
    }

    /// Accepts a second factor of an account, once. Each account and device may try five times in a quarter of an hour, and
    /// each account 30 times a day, so that a known password does not make guessing six digits worth while.
    pub(super) async fn check_second_factor(&self, caller: &Caller, user: UserId, factor: &SecondFactor) -> Result<()> {
        let limits = &self.inner.settings.limits;
        let device = caller.device.as_deref().unwrap_or("-");
        self.admit(&format!("second:u:{user}"), limits.second_factor).await?;
        self.admit(&format!("second:{user}:{device}"), limits.login_account).await?;
        let accepted = match factor {
            SecondFactor::Totp(code) => match self.matching_step(user, code).await? {
                Some(step) => self.inner.stores.totp.totp_use(user, step).await?,
                None => false,
            },
            SecondFactor::Backup(code) => self.inner.stores.totp.backup_code_use(user, &digest(code.expose()), self.now()).await?,
        };
        if !accepted {
            return Err(IdentityError::BadCode.into());
        }
        self.factor_shown(caller, user).await
    }

    /// The step of an account's secret that a code belongs to, if it is a present one.
    async fn matching_step(&self, user: UserId, code: &TotpCode) -> Result<Option<i64>> {
        let Some(record) = self.inner.stores.totp.totp_get(user).await? else { return Ok(None) };
        let secret = self.open_secret(user, &record.secret)?;
        let now = u64::try_from(self.now().secs()).unwrap_or(0);
        let step = totp(secret, "-")?.check(code.expose(), now);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn open_secret(&self, user: UserId, sealed: &[u8]) -> Result<Vec<u8>> {
        let bound = Bound { purpose: Purpose::Totp, to: &user.to_string() };
        self.inner.sealer.open(bound, sealed).map_err(|error| {
            tracing::error!(%error, user = user.0, "the secret of an authenticator app does not open");
            Error::Internal
        })
    }

    /// Whether codes are asked for, and how many backup codes are left.
    pub async fn totp_status(&self, caller: &Caller) -> Result<TotpStatus> {
        let user = caller.in_person()?.id;
        let enabled_at = self.inner.stores.totp.totp_get(user).await?.and_then(|record| record.enabled_at);
        let backup_codes_left = self.inner.stores.totp.backup_codes_left(user).await?;
        Ok(TotpStatus { enabled: enabled_at.is_some(), enabled_at, backup_codes_left })
    }

    /// A fresh secret for an authenticator app. It counts once [`Service::totp_enable`] has seen a code made with it.
    pub async fn totp_setup(&self, caller: &Caller) -> Result<TotpSetup> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        let secret = self.inner.random.bytes::<SECRET_BYTES>().to_vec();
        let bound = Bound { purpose: Purpose::Totp, to: &user.id.to_string() };
        let sealed = self.inner.sealer.seal(&*self.inner.random, bound, &secret).map_err(|_| Error::Internal)?;
        if !self.inner.stores.totp.totp_begin(user.id, &sealed, self.now()).await? {
            return Err(IdentityError::TotpState.into());
        }
        setup(secret, &user.username)
    }

    /// The setup that was begun, shown again: for a page that comes back after a wrong code. `None` when none was begun.
    pub async fn totp_setup_again(&self, caller: &Caller) -> Result<Option<TotpSetup>> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        match self.inner.stores.totp.totp_get(user.id).await? {
            Some(record) if record.enabled_at.is_none() => Ok(Some(setup(self.open_secret(user.id, &record.secret)?, &user.username)?)),
            _ => Ok(None),
        }
    }

    /// Switches the authenticator app on with a first code of it. From then on signing in asks for one. The backup codes
    /// are shown this once.
    pub async fn totp_enable(&self, caller: &Caller, code: &TotpCode) -> Result<BackupCodes> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        self.admit(&format!("second:u:{}", user.id), self.inner.settings.limits.second_factor).await?;
        let record = self.inner.stores.totp.totp_get(user.id).await?.filter(|record| record.enabled_at.is_none());
        let record = record.ok_or(IdentityError::TotpState)?;
        let step = self.matching_step(user.id, code).await?.ok_or(IdentityError::BadCode)?;
        let (codes, digests) = self.new_backup_codes();
        if !self.inner.stores.totp.totp_enable(user.id, &record.secret, step, &digests, self.now()).await? {
            return Err(IdentityError::TotpState.into());
        }
        self.shown_in_session(user, Method::Totp).await?;
        self.audit(caller, Event::new("totp.enabled").about(user.id)).await?;
        self.credential_changed(caller, user.id, CredentialChange::TotpOn).await?;
        Ok(codes)
    }

    /// Shows a code in the caller's session, which then rests on two factors.
    pub async fn totp_show(&self, caller: &Caller, code: &TotpCode) -> Result<()> {
        let user = caller.in_person()?;
        self.check_second_factor(caller, user.id, &SecondFactor::Totp(code.clone())).await?;
        self.shown_in_session(user, Method::Totp).await
    }

    /// Switches the authenticator app off, forgets secret and backup codes, and ends all other sessions.
    pub async fn totp_disable(&self, caller: &Caller) -> Result<()> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        if !self.inner.stores.totp.totp_disable(user.id).await? {
            return Err(IdentityError::TotpState.into());
        }
        self.end_sessions(user.id, Some(user.session()?), "totp_disabled").await?;
        self.audit(caller, Event::new("totp.disabled").about(user.id)).await?;
        self.factor_shown(caller, user.id).await?;
        self.credential_changed(caller, user.id, CredentialChange::TotpOff).await
    }

    /// How many backup codes are left.
    pub async fn backup_codes_left(&self, caller: &Caller) -> Result<u64> {
        Ok(self.inner.stores.totp.backup_codes_left(caller.in_person()?.id).await?)
    }

    /// New backup codes, shown this once; all earlier ones stop working.
    pub async fn backup_codes_renew(&self, caller: &Caller) -> Result<BackupCodes> {
        let user = caller.require(Requirement::SUDO, self.now())?;
        let (codes, digests) = self.new_backup_codes();
        if !self.inner.stores.totp.backup_codes_replace(user.id, &digests).await? {
            return Err(IdentityError::TotpState.into());
        }
        self.audit(caller, Event::new("totp.codes_renewed").about(user.id)).await?;
        self.factor_shown(caller, user.id).await?;
        self.credential_changed(caller, user.id, CredentialChange::BackupCodesRenewed).await?;
        Ok(codes)
    }

    /// Codes to show, in groups of four, and the digests to keep. They have 120 bits, so a plain digest hides them.
    fn new_backup_codes(&self) -> (BackupCodes, Vec<Vec<u8>>) {
        let code = || Secret::new(Box::new(self.inner.random.bytes::<BACKUP_CODE_BYTES>())).to_base32();
        let codes: Vec<String> = (0..BACKUP_CODES).map(|_| code()).collect();
        let digests = codes.iter().map(|code| digest(code)).collect();
        let grouped = |code: String| {
            let letters: Vec<char> = code.chars().collect();
            letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
        };
        debug_assert!(codes.iter().all(|code| code.len() == BACKUP_CODE_LENGTH), "a code has another length than is asked for");
        (BackupCodes { backup_codes: codes.into_iter().map(grouped).collect() }, digests)
    }

    /// Notes one more factor that was shown in the caller's session, and makes its next request see it. It strengthens an elevation
    /// that lasts, and begins none.
    async fn shown_in_session(&self, user: &SignedIn, method: Method) -> Result<()> {
        let Shown { methods, elevated_by, .. } = user.shown;
        self.note_shown(user, methods.and(method), elevated_by.and(method), false).await
    }

    /// Elevates the caller's session with what was shown just now; it counts for nothing else that it was opened with.
    pub(super) async fn elevated_with(&self, user: &SignedIn, shown: Methods) -> Result<()> {
        self.note_shown(user, user.shown.methods.with(shown), shown, true).await
    }

    async fn note_shown(&self, user: &SignedIn, methods: Methods, elevated_by: Methods, elevate: bool) -> Result<()> {
        let (session, shown) = (user.session()?, NewlyShown { methods, elevated_by, elevate, now: self.now() });
        if !self.inner.stores.sessions.session_authenticated(session, &shown).await? {
            return Err(Error::Unauthenticated);
        }
        Ok(self.inner.stores.session_cache.session_forget(session).await?)
    }
}

pub(super) fn setup(secret: Vec<u8>, account: &str) -> Result<TotpSetup> {
    let totp = totp(secret, account)?;
    let uri = totp.to_url().map_err(|_| Error::Internal)?;
    let qr = QRBuilder::new(uri.as_str()).build().map_err(|_| Error::Internal)?;
    Ok(TotpSetup { secret: totp.secret().to_base32(), qr_svg: SvgBuilder::default().to_str(&qr), uri })
}
