//! Server functions: what islands ask for. Public endpoints like any other: extract, one service call, map.

mod password;
mod react;
mod theme;
mod writing;

pub use password::{Rated, rate_password};
pub use react::react;
pub use theme::choose_theme;
pub use writing::preview_markdown;

#[cfg(feature = "ssr")]
mod answer {
    use crate::{context::Ctx, error::Fault, page::waiting_headers};
    use aivalid_model::{Error, Result};
    use axum::http::{HeaderMap, StatusCode};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    /// The request's context, which the server provides.
    pub(super) fn context() -> Result<Ctx> {
        use_context().ok_or(Error::Internal)
    }

    /// A result as islands get it. Leptos answers every error with 500; ours know better.
    pub(super) fn answer<T>(result: Result<T>) -> Result<T, Fault> {
        if let (Err(error), Some(response)) = (&result, use_context::<ResponseOptions>()) {
            response.set_status(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
            let mut waiting = HeaderMap::new();
            waiting_headers(error, &mut waiting);
            for (name, value) in &waiting {
                response.insert_header(name.clone(), value.clone());
            }
        }
        result.map_err(Fault)
    }
}
