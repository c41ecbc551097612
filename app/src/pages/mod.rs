//! The pages, by area. A handler asks the service and returns a page; see [`crate::page`].

pub mod account;
pub mod admin;
pub mod auth;
pub mod cases;
mod countries;
pub mod dev;
mod discussion;
pub mod forum;
pub mod home;
mod lists;
mod phone_form;
pub mod preferences;
pub mod problem;
pub mod profile;
mod reading;
pub mod site;
pub mod write;
