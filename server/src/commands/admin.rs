//! `aivalid admin create`.

use crate::{
    app::{App, Outside},
    config::Config,
};
use aivalid_model::{
    check::Check,
    identity::{Email, Password, PasswordRating, Username},
};
use aivalid_service::Caller;
use anyhow::{Result, anyhow, bail};

/// Makes an administrator's account with a confirmed address. The password is read from standard input, so that it stands in
/// no shell history.
pub async fn create(config: &Config, email: String, username: String) -> Result<()> {
    let problem = |field: &'static str| move |problem| anyhow!("{field}: {}", serde_json::to_string(&problem).unwrap_or_default());
    let email = Email::check(email).map_err(problem("email"))?;
    let username = Username::check(username).map_err(problem("username"))?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = Password::check(line.trim_end_matches(['\r', '\n']).to_owned()).map_err(problem("password"))?;
    let app = App::build(config, Outside::default()).await?;
    let known_by = vec![email.as_str().to_owned(), username.as_str().to_owned()];
    if let Some(why) =
        refusal(app.service.password_rate(&Caller::guest(), password.expose(), known_by).await.map_err(|error| anyhow!("{error}"))?)
    {
        bail!("password: {why}; use a few words that have nothing to do with the account");
    }
    app.service.admin_create(email, username, password).await.map_err(|error| anyhow!("{error} {}", error.details()))?;
    tracing::info!("the administrator's account is ready");
    Ok(())
}

/// What is wrong with a password.
const fn refusal(rating: PasswordRating) -> Option<&'static str> {
    match rating {
        PasswordRating::TooShort => Some("too short"),
        PasswordRating::Breached => Some("known from a data breach"),
        PasswordRating::TellsOwner => Some("it says who the account's owner is"),
        PasswordRating::Weak => Some("too easy to guess"),
        PasswordRating::Good | PasswordRating::Strong => None,
    }
}
