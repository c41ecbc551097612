//! AIValid's web client: pages rendered on the server, and islands that react in the browser.
//!
//! A page is an axum handler that asks the service and returns a [`page::Page`]; one layer ([`page::render_response`]) writes it into
//! the frame. So statuses, redirects and cookies are ordinary HTTP, and a page without scripts is whole. Only [`islands`]
//! and [`fns`] (their server functions) are also compiled to WebAssembly.
//!
//! To add a page: a handler in `pages/<area>`, a line in [`routes`], its words in `locales/`.

// Its macro is for everything below.
#[cfg(feature = "ssr")]
#[macro_use]
pub mod i18n;

pub mod bytes;
pub mod error;
pub mod fns;
pub mod islands;
pub mod wish;

#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod frame;
#[cfg(feature = "ssr")]
pub mod letters;
#[cfg(feature = "ssr")]
pub mod member;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod paths;
#[cfg(feature = "ssr")]
pub mod query;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod ui;

#[cfg(feature = "ssr")]
pub use routes::{routes, upload_routes};

#[cfg(feature = "ssr")]
rust_i18n::i18n!("locales", fallback = "id");
