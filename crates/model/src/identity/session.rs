//! Registering, signing in, and the sessions that come of it.

use super::{Email, Password, Scope, Username};
use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields, Problem},
    id::{ApiTokenId, SessionId, UserId},
    kyc::KycLevel,
};
use serde::{Deserialize, Serialize};

/// `POST /api/auth/register`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterInput {
    /// Where the verification mail goes.
    pub email: String,
    /// 8 to 128 characters.
    pub password: String,
    /// 3 to 20 of `a-z`, `0-9` and `_`; made up when left out.
    #[serde(default)]
    pub username: Option<String>,
    /// Agreement to the terms and the privacy notice. Registering through the API agrees unless this says `false`.
    #[serde(default = "yes")]
    pub accept_terms: bool,
}

const fn yes() -> bool {
    true
}

/// A checked registration.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The address.
    pub email: Email,
    /// The password.
    pub password: Password,
    /// The wanted username.
    pub username: Option<Username>,
}

impl CheckAll for RegisterInput {
    type Checked = Registration;
    fn check_all(self) -> Result<Registration> {
        let mut fields = Fields::new();
        let email = fields.check::<Email>("email", self.email);
        let password = fields.check::<Password>("password", self.password);
        let username = fields.optional::<Username>("username", self.username.filter(|name| !name.is_empty()));
        if let (Some(email), Some(password), Some(username)) = (&email, &password, &username)
            && password.resembles(email, username.as_ref())
        {
            fields.add("password", Problem::WeakPassword);
        }
        if !self.accept_terms {
            fields.add("accept_terms", Problem::MustAccept);
        }
        let checked = (|| Some(Registration { email: email?, password: password?, username: username? }))();
        fields.finish(checked)
    }
}

/// `POST /api/auth/login`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginInput {
    /// The account's address.
    pub email: String,
    /// Its password.
    pub password: String,
}

/// Checked credentials. A password of a length that no account can have is kept as `None`, to be refused like any wrong one.
#[derive(Clone, Debug)]
pub struct Login {
    /// The address.
    pub email: Email,
    /// The password.
    pub password: Option<Password>,
}

impl CheckAll for LoginInput {
    type Checked = Login;
    fn check_all(self) -> Result<Login> {
        let mut fields = Fields::new();
        let email = fields.check::<Email>("email", self.email);
        if self.password.is_empty() {
            fields.add("password", Problem::Required);
        }
        let password = <Password as crate::check::Check>::check(self.password).ok();
        let checked = email.map(|email| Login { email, password });
        fields.finish(checked)
    }
}

/// The two tokens of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenPair {
    /// For requests; 15 minutes.
    pub access: String,
    /// For the next pair; 7 days.
    pub refresh: String,
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// `password` until there are others.
    pub login_method: String,
    /// Browser and system in words, such as `Firefox on Linux`.
    pub device: String,
    /// The address it was last used from.
    pub ip: String,
    /// Where that address probably is, where we know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within a few minutes.
    pub last_active_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Whether this request came with it.
    pub current: bool,
}

/// `GET /api/v1/auth/session`: what a request acts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionFacts {
    /// Whose.
    pub user_id: UserId,
    /// Their username.
    pub username: String,
    /// The session; absent for an API token.
    pub session_id: Option<SessionId>,
    /// The API token; absent for a session.
    pub api_token_id: Option<ApiTokenId>,
    /// What was shown in the session: `pwd`, `otp`, `code`, `passkey`, `sms`, `fed`.
    pub amr: Vec<String>,
    /// 1 for one factor, 2 for two.
    pub assurance_level: u8,
    /// When the owner last showed who they are.
    pub authenticated_at: Timestamp,
    /// Until when the session is elevated; absent when it is not.
    pub elevated_until: Option<Timestamp>,
    /// What the request may at all.
    pub scopes: Vec<Scope>,
    /// What its user may besides everything of their own.
    pub permissions: Vec<String>,
    /// Whether the address was confirmed.
    pub email_verified: bool,
    /// How well we know them.
    pub kyc_level: KycLevel,
}
