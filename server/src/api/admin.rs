//! `/api/v1/admin`: what the staff does. Each deed needs its permission, a session that proved once more who it belongs to, and a
//! reason; it stands in the audit log.

mod audit;
mod kyc;
mod recovery;
mod users;

use utoipa_axum::router::OpenApiRouter;

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> OpenApiRouter<S> {
    OpenApiRouter::new().merge(users::router()).merge(kyc::router()).merge(recovery::router()).merge(audit::router())
}
