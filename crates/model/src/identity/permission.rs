//! Named permissions; roles are only bundles of them, and code asks for permissions, never for roles.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A role, as administrators give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything of their own.
    #[default]
    User,
    /// Reports, hiding, moving, warnings, device bans.
    Moderator,
    /// Everything.
    Admin,
}

impl Role {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }

    /// What it allows.
    pub const fn permissions(self) -> Permissions {
        match self {
            Self::User => Permissions(0),
            Self::Moderator => Permissions(Permission::ContentModerate.bit() | Permission::CasesModerate.bit()),
            Self::Admin => Permissions(u32::MAX >> (32 - Permission::ALL.len())),
        }
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::User, Self::Moderator, Self::Admin].into_iter().find(|role| role.as_str() == text).ok_or(())
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// Something that only some may do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Permission { $($(#[$doc])* $name,)+ }

        impl Permission {
            /// Every one, in the order of their bits.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$name),+];

            /// The name used in tokens and in the API.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

permissions! {
    /// Edit, move and hide threads and replies of others.
    ContentModerate = "content:moderate";
    /// Edit and move cases of others.
    CasesModerate = "cases:moderate";
    /// Deposits, withdrawals, wallets and disputes.
    FinanceReview = "finance:review";
    /// Identity documents.
    KycReview = "kyc:review";
    /// Users, roles, locks and sessions.
    UsersManage = "users:manage";
    /// Categories, tags, badges and plans.
    CatalogManage = "catalog:manage";
    /// The audit log.
    AuditRead = "audit:read";
    /// Jobs, stores and settings.
    SystemManage = "system:manage";
}

impl Permission {
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Permissions(u32);

impl Permissions {
    /// Whether the set holds it.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The names, for tokens.
    pub fn names(self) -> Vec<&'static str> {
        Permission::ALL.into_iter().filter(|p| self.has(*p)).map(Permission::name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admins_have_all_and_users_none() {
        assert!(Permission::ALL.into_iter().all(|p| Role::Admin.permissions().has(p) && !Role::User.permissions().has(p)));
        assert_eq!(Role::Moderator.permissions().names(), ["content:moderate", "cases:moderate"]);
    }
}
