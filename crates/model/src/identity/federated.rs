//! Signing in with other services: which there are, which of them belong to an account, and making an account with one.

use super::{Email, Username};
use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields, Problem},
};
use serde::{Deserialize, Serialize};

/// A service that this installation lets people sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderView {
    /// Its name in addresses: `google`, `github`, or what the operator calls an issuer.
    pub provider: String,
    /// What people know it by.
    pub label: String,
}

/// An account elsewhere with which somebody may sign in to theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionView {
    /// The service's name in addresses.
    pub provider: String,
    /// What people know it by.
    pub label: String,
    /// The address that the service told when it was last used, for recognising it.
    pub email: Option<String>,
    /// When it was connected.
    pub linked_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
}

/// `GET /api/auth/oauth`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connections {
    /// What there is to sign in with.
    pub providers: Vec<ProviderView>,
    /// What the caller's account is connected with; empty for guests.
    pub connections: Vec<ConnectionView>,
}

/// Making an account after signing in elsewhere, as the form sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FederatedRegisterInput {
    /// The address that the service told, or another one.
    pub email: String,
    /// 3 to 20 of `a-z`, `0-9` and `_`; made up when empty.
    pub username: String,
    /// Agreement to the terms and the privacy notice.
    pub accept_terms: bool,
}

/// A checked registration after signing in elsewhere.
#[derive(Clone, Debug)]
pub struct FederatedRegistration {
    /// The address.
    pub email: Email,
    /// The wanted username.
    pub username: Option<Username>,
}

impl CheckAll for FederatedRegisterInput {
    type Checked = FederatedRegistration;
    fn check_all(self) -> Result<FederatedRegistration> {
        let mut fields = Fields::new();
        let email = fields.check::<Email>("email", self.email);
        let username = fields.optional::<Username>("username", Some(self.username).filter(|name| !name.is_empty()));
        if !self.accept_terms {
            fields.add("accept_terms", Problem::MustAccept);
        }
        let checked = (|| Some(FederatedRegistration { email: email?, username: username? }))();
        fields.finish(checked)
    }
}

/// A username made of what a service calls somebody: what a username can't hold is left out, and nothing comes of too little.
pub fn proposed_username(hint: &str) -> String {
    let mut name = String::new();
    for c in hint.split('@').next().unwrap_or_default().chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => name.push(c),
            '.' | '-' | '_' | ' ' if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            _ => {}
        }
    }
    name.truncate(20);
    let name = name.trim_end_matches('_').to_owned();
    if <Username as crate::check::Check>::check(name.clone()).is_ok() { name } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_what_services_tell() {
        for (hint, name) in [
            ("Dewi.Lestari@contoh.id", "dewi_lestari"),
            ("octo-cat--99", "octo_cat_99"),
            ("Ñoño Pérez", "oo_prez"),
            ("admin", ""),
            ("é", ""),
            ("", ""),
            ("a_very_long_name_that_does_not_fit", "a_very_long_name_tha"),
        ] {
            assert_eq!(proposed_username(hint), name, "{hint}");
        }
    }

    #[test]
    fn every_bad_field_is_named() {
        let input = FederatedRegisterInput { email: "x".into(), username: "a b".into(), accept_terms: false };
        let Err(crate::Error::Validation { fields }) = input.check_all() else { panic!("it was taken") };
        let names: Vec<_> = fields.iter().map(|bad| bad.field.as_str()).collect();
        assert_eq!(names, ["email", "username", "accept_terms"]);
    }
}
