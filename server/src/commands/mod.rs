//! What the `aivalid` command does, one module a subcommand.

pub mod admin;
pub mod mail;
pub mod migrate;
pub mod openapi;
pub mod passwords;
pub mod seed;
pub mod serve;
pub mod verify;
