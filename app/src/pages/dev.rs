//! Pages for developers; they exist only in development.

pub mod components;
pub mod mailbox;
