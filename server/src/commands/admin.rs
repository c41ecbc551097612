//! `aivalid admin create`.

use crate::{
    app::{App, Outside},
    config::Config,
};
use aivalid_model::{
    check::Check,
    identity::{Email, Password, Username},
};
use anyhow::{Result, anyhow};

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
    app.service.admin_create(email, username, password).await.map_err(|error| anyhow!("{error} {}", error.details()))?;
    tracing::info!("the administrator's account is ready");
    Ok(())
}
