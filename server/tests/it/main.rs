//! The whole server in this process, asked over HTTP as its users ask it: fresh stores for each test, a clock that tests
//! move, actors as clients. One module for each domain; `harness` and `client` are what they share.

#[cfg(test)]
mod admin;
#[cfg(test)]
mod api_tokens;
#[cfg(test)]
mod asvs;
#[cfg(test)]
mod asvs_accounts;
#[cfg(test)]
mod asvs_passwords;
#[cfg(test)]
mod asvs_tokens;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod authenticator;
#[cfg(test)]
mod avatars;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod blocks;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod client;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod enumeration;
#[cfg(test)]
mod feeds;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod hostile_text;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod instances;
#[cfg(test)]
mod issuer;
#[cfg(test)]
mod kyc;
#[cfg(test)]
mod kyc_review;
#[cfg(test)]
mod limits;
mod lockout;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod mailed_password;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod middleware;
#[cfg(test)]
mod mmdb;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod oauth_accounts;
#[cfg(test)]
mod oauth_refused;
#[cfg(test)]
mod oauth_sudo;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod origins;
#[cfg(test)]
mod own_database;
#[cfg(test)]
mod own_redis;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod passkey_pages;
#[cfg(test)]
mod passkeys;
#[cfg(test)]
mod passkeys_refused;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod phone_account;
#[cfg(test)]
mod phone_pages;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod pqc;
#[cfg(test)]
mod pqc_signed;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod reactions;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod recovery_pages;
#[cfg(test)]
mod recovery_review;
#[cfg(test)]
mod recovery_stopped;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod replies;
#[cfg(test)]
mod second_factor;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod signer;
#[cfg(test)]
mod sms;
#[cfg(test)]
mod smtp;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod takeover;
#[cfg(test)]
mod threads;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod upload;
#[cfg(test)]
mod watches;
