//! The composition root: configuration, stores, routes, middleware, jobs and commands.
//!
//! [`app::App::build`] puts everything together; the binary and the tests both start there. To add an endpoint: a handler in
//! `api/<domain>`, listed in its router; to add a setting: a field of [`config::Config`] and its line in README.

pub mod api;
pub mod app;
pub mod assets;
pub mod commands;
pub mod config;
mod federation;
pub mod feeds;
pub mod jobs;
pub mod mail;
mod media;
mod metrics;
mod middleware;
mod net;
pub mod outside;
mod places;
mod secrets;
mod security_txt;
pub mod sms;
mod stores;
pub mod telemetry;
mod uploads;
