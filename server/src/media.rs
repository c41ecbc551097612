//! Pictures of people. Their address changes with them, so browsers and proxies keep them for ever; so no cookie may come
//! with the answer, and these addresses stand outside of what recognises sessions.

use aivalid_model::Result;
use aivalid_service::{Caller, Service};
use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use futures::TryStreamExt;
use moka::sync::Cache;

/// Bytes of pictures that are kept near at hand.
const KEPT: u64 = 32 * 1024 * 1024;

#[derive(Clone)]
struct Media {
    service: Service,
    kept: Cache<String, Bytes>,
}

/// The routes.
pub fn routes(service: &Service) -> Router {
    let weigh = |_: &String, picture: &Bytes| u32::try_from(picture.len()).unwrap_or(u32::MAX);
    let media = Media { service: service.clone(), kept: Cache::builder().max_capacity(KEPT).weigher(weigh).build() };
    Router::new().route("/media/avatars/{name}", get(avatar)).with_state(media)
}

async fn avatar(State(media): State<Media>, Path(name): Path<String>) -> Response {
    match picture(&media, &name).await {
        Ok(picture) => {
            let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (headers, picture).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CACHE_CONTROL, "no-store")], error.to_string()).into_response()
        }
    }
}

async fn picture(media: &Media, name: &str) -> Result<Bytes> {
    if let Some(picture) = media.kept.get(name) {
        return Ok(picture);
    }
    let file = media.service.avatar(&Caller::guest(), name).await?;
    let parts: Vec<Bytes> = file.content.try_collect().await?;
    let picture = Bytes::from(parts.concat());
    media.kept.insert(name.to_owned(), picture.clone());
    Ok(picture)
}
