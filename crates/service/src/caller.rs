//! Who asks.

use aivalid_model::{
    Error, Lang, Result, Timestamp,
    id::{ApiTokenId, SessionId, UserId},
    identity::{IdentityError, Permission, Permissions, Requirement, Scope, Scopes, Shown, TimeZone, UserCard},
    kyc::{KycError, KycLevel},
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who asks, in which session, with which permissions, from where, in which language, under which request id.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The signed-in user, if any.
    pub user: Option<SignedIn>,
    /// The language answers are written in.
    pub lang: Lang,
    /// The client's address, as far as proxies that we trust tell.
    pub ip: IpAddr,
    /// The `User-Agent`, at most 512 characters; may be empty.
    pub user_agent: String,
    /// The random id of the device's signed cookie, if it sent one.
    pub device: Option<String>,
    /// The request's id, for the log and for error messages.
    pub request_id: String,
}

/// What a request acts with in its user's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// They signed in.
    Session(SessionId),
    /// A program, with a token they gave it.
    Token(ApiTokenId),
}

/// A signed-in user, as the live session says at this request.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub id: UserId,
    /// Their username.
    pub username: String,
    /// Their name, where they gave one.
    pub full_name: Option<String>,
    /// The address of their picture, where they have one.
    pub avatar_url: Option<String>,
    /// Themselves, or a program.
    pub via: Via,
    /// What was shown in the session; nothing for a program.
    pub shown: Shown,
    /// What the program may; everything for themselves.
    pub scopes: Scopes,
    /// What they may do besides everything of their own.
    pub permissions: Permissions,
    /// Whether the e-mail address was confirmed; posting needs it.
    pub email_verified: bool,
    /// When the account was made; new accounts may post less.
    pub since: Timestamp,
    /// How well we know them.
    pub kyc_level: KycLevel,
    /// For showing times.
    pub time_zone: TimeZone,
    /// The language they chose.
    pub locale: Option<Lang>,
    /// When the waiting time of an open request to recover the account is over; never for a program.
    pub recovery: Option<Timestamp>,
}

impl SignedIn {
    /// Who they are to others, without the badge, which nobody needs to be shown of themselves.
    pub fn card(&self) -> UserCard {
        UserCard {
            id: self.id,
            username: self.username.clone(),
            full_name: self.full_name.clone(),
            avatar_url: self.avatar_url.clone(),
            badge: None,
        }
    }

    /// Their session, or 403 for a program: what has to do with signing in is nobody's but their own.
    pub fn session(&self) -> Result<SessionId> {
        match self.via {
            Via::Session(id) => Ok(id),
            Via::Token(_) => Err(IdentityError::SessionRequired.into()),
        }
    }
}

impl Caller {
    /// Nobody in particular, from the machine itself: jobs and tests.
    pub fn guest() -> Self {
        Self {
            user: None,
            lang: Lang::default(),
            ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            user_agent: String::new(),
            device: None,
            request_id: String::new(),
        }
    }

    /// The address as limits count it: of IPv6 the first 64 bits, since whoever has one address has all that begin so.
    pub fn network(&self) -> IpAddr {
        match self.ip {
            IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
                Some(ip) => IpAddr::V4(ip),
                None => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
            },
            ip @ IpAddr::V4(_) => ip,
        }
    }

    /// The user's id, if signed in.
    pub fn id(&self) -> Option<UserId> {
        self.user.as_ref().map(|user| user.id)
    }

    /// The signed-in user, or 401.
    pub fn signed_in(&self) -> Result<&SignedIn> {
        self.user.as_ref().ok_or(Error::Unauthenticated)
    }

    /// The signed-in user themselves, not a program of theirs.
    pub fn in_person(&self) -> Result<&SignedIn> {
        let user = self.signed_in()?;
        user.session().map(|_| user)
    }

    /// Whether what the caller acts with was given a scope. Guests have nothing that could be short of one.
    pub fn allows(&self, scope: Scope) -> Result<()> {
        if self.user.as_ref().is_none_or(|user| user.scopes.has(scope)) { Ok(()) } else { Err(IdentityError::ScopeRequired.into()) }
    }

    /// The signed-in user with a confirmed address, as posting needs (spec section 2).
    pub fn verified(&self) -> Result<&SignedIn> {
        let user = self.signed_in()?;
        if user.email_verified { Ok(user) } else { Err(IdentityError::EmailNotVerified.into()) }
    }

    /// The signed-in user, where what their session has shown is enough.
    pub fn require(&self, requirement: Requirement, now: Timestamp) -> Result<&SignedIn> {
        let user = self.in_person()?;
        requirement.check(user.shown, now)?;
        Ok(user)
    }

    /// The signed-in user, where their identity was checked to this level; for what moves money out.
    pub fn require_kyc(&self, required: KycLevel) -> Result<&SignedIn> {
        let user = self.signed_in()?;
        if user.kyc_level >= required { Ok(user) } else { Err(KycError::Required { required, level: user.kyc_level }.into()) }
    }

    /// Whether the caller has a permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.user.as_ref().is_some_and(|user| user.permissions.has(permission))
    }

    /// Whether the caller is `owner` or has a permission that reaches what others own.
    pub fn owns(&self, owner: UserId, or: Permission) -> bool {
        self.id() == Some(owner) || self.may(or)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_what_one_household_has() {
        let network = |ip: &str| Caller { ip: ip.parse().unwrap(), ..Caller::guest() }.network().to_string();
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
