//! Help with choosing a password.

use crate::error::Fault;
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

/// How good a password would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// 0 to 4, where 3 is enough.
    pub score: u8,
    /// What that means, and what to do about it.
    pub words: String,
}

/// Rates a password that is being typed, for an account known by these words (its address, its name).
#[server(endpoint = "rate-password", input = Json, output = Json)]
pub async fn rate_password(password: String, known_by: Vec<String>) -> Result<Rated, Fault> {
    use super::answer::{answer, context};
    use aivalid_model::identity::PasswordRating;

    let done = async {
        let ctx = context()?;
        let rating = ctx.service.password_rate(&ctx.caller, &password, known_by).await?;
        let lang = ctx.lang();
        let words = match rating {
            PasswordRating::TooShort => tr!(lang, "password.rated.short"),
            PasswordRating::Breached => tr!(lang, "password.rated.breached"),
            PasswordRating::TellsOwner => tr!(lang, "password.rated.owner"),
            PasswordRating::Weak => tr!(lang, "password.rated.weak"),
            PasswordRating::Good => tr!(lang, "password.rated.good"),
            PasswordRating::Strong => tr!(lang, "password.rated.strong"),
        };
        Ok(Rated { score: rating.score(), words: words.into_owned() })
    };
    answer(done.await)
}
