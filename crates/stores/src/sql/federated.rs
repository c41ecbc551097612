//! Identities at other services. The unique pair of issuer and subject decides whose one is; whether one may go is decided while the
//! account is locked.

use super::{
    Conn, Store, dialect,
    transact::{Done, TRIES, failed, is_conflict},
    user_changes,
    ways_in::{Leaving, other_ways_in},
};
use aivalid_model::{Timestamp, id::UserId};
use aivalid_service::store::{
    FederatedIdentity, FederatedStore, IdentityLinked, IdentityUnlinked, NewUser, Registering, StoreResult, UserCreated,
};
use async_trait::async_trait;
use sqlx::FromRow;

macro_rules! select_identity {
    ($where:literal) => {
        concat!(
            "SELECT user_id, provider, issuer, subject, email, linked_at, last_used_at FROM federated_identities WHERE active AND ",
            $where
        )
    };
}

#[derive(FromRow)]
struct IdentityRow {
    user_id: i64,
    provider: String,
    issuer: String,
    subject: String,
    email: Option<String>,
    linked_at: i64,
    last_used_at: Option<i64>,
}

impl From<IdentityRow> for FederatedIdentity {
    fn from(row: IdentityRow) -> Self {
        Self {
            user: UserId(row.user_id),
            provider: row.provider,
            issuer: row.issuer,
            subject: row.subject,
            email: row.email,
            linked_at: Timestamp(row.linked_at),
            last_used_at: row.last_used_at.map(Timestamp),
        }
    }
}

const FIND: &str = select_identity!("issuer = $1 AND subject = $2");
const LIST: &str = select_identity!("user_id = $1 ORDER BY provider");
const ONE: &str = select_identity!("user_id = $1 AND provider = $2");
const DELETE: &str = "DELETE FROM federated_identities WHERE user_id = $1 AND provider = $2";
const USED: &str = "UPDATE federated_identities SET email = COALESCE($3, email), \
     last_used_at = CASE WHEN last_used_at > $4 THEN last_used_at ELSE $4 END WHERE issuer = $1 AND subject = $2 AND active";

const LOCK_USER: &str = concat!("SELECT id FROM users WHERE id = $1 AND deleted_at IS NULL", for_update!());
const ADD: &str = "INSERT INTO federated_identities (issuer, subject, user_id, provider, email, active, linked_at, last_used_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
/// What waits for a confirmation gives way: it counts for nothing yet.
const FORGET_WAITING: &str =
    "DELETE FROM federated_identities WHERE NOT active AND ((issuer = $1 AND subject = $2) OR (user_id = $3 AND provider = $4))";

/// Makes room for an identity and adds it. False: it, or another of its service, is linked already.
async fn add(conn: &mut Conn, identity: &FederatedIdentity, active: bool) -> sqlx::Result<bool> {
    let add = sqlx::query(ADD).bind(&identity.issuer).bind(&identity.subject).bind(identity.user.0).bind(&identity.provider);
    let add = add.bind(&identity.email).bind(active).bind(identity.linked_at.0).bind(identity.last_used_at.map(|at| at.0));
    Ok(add.execute(&mut *conn).await?.rows_affected() == 1)
}

async fn forget_waiting(conn: &mut Conn, identity: &FederatedIdentity) -> sqlx::Result<()> {
    let forget = sqlx::query(FORGET_WAITING).bind(&identity.issuer).bind(&identity.subject).bind(identity.user.0).bind(&identity.provider);
    forget.execute(&mut *conn).await?;
    Ok(())
}

async fn find(conn: &mut Conn, identity: &FederatedIdentity) -> sqlx::Result<Option<IdentityRow>> {
    sqlx::query_as(FIND).bind(&identity.issuer).bind(&identity.subject).fetch_optional(conn).await
}

async fn link(conn: &mut Conn, identity: &FederatedIdentity) -> sqlx::Result<Done<IdentityLinked>> {
    if sqlx::query(LOCK_USER).bind(identity.user.0).fetch_optional(&mut *conn).await?.is_none() {
        return Ok(Done::Rollback(IdentityLinked::Missing));
    }
    forget_waiting(conn, identity).await?;
    if add(conn, identity, true).await? {
        return Ok(Done::Commit(IdentityLinked::Done));
    }
    Ok(Done::Rollback(match find(conn, identity).await? {
        Some(known) if known.user_id == identity.user.0 => IdentityLinked::Again,
        Some(_) => IdentityLinked::Taken,
        None => IdentityLinked::Second,
    }))
}

async fn unlink(conn: &mut Conn, user: UserId, provider: &str, sms: bool) -> sqlx::Result<Done<IdentityUnlinked>> {
    sqlx::query(LOCK_USER).bind(user.0).execute(&mut *conn).await?;
    let row: Option<IdentityRow> = sqlx::query_as(ONE).bind(user.0).bind(provider).fetch_optional(&mut *conn).await?;
    let Some(row) = row else { return Ok(Done::Rollback(IdentityUnlinked::Missing)) };
    if other_ways_in(conn, user, Leaving::Provider(provider), sms).await? == 0 {
        return Ok(Done::Rollback(IdentityUnlinked::LastWay));
    }
    sqlx::query(DELETE).bind(user.0).bind(provider).execute(&mut *conn).await?;
    Ok(Done::Commit(IdentityUnlinked::Done(Box::new(row.into()))))
}

/// Makes an account with an identity; `letters` where the address is still to be confirmed, and the identity then waits.
async fn register(
    conn: &mut Conn,
    user: &NewUser,
    device_limit: i64,
    identity: &FederatedIdentity,
    letters: Option<&Registering>,
) -> sqlx::Result<Done<Option<UserCreated>>> {
    forget_waiting(conn, identity).await?;
    if find(conn, identity).await?.is_some() {
        return Ok(Done::Rollback(None));
    }
    let created = match letters {
        Some(letters) => user_changes::register(conn, user, device_limit, letters).await?,
        None => user_changes::create(conn, user, device_limit).await?,
    };
    match created {
        Done::Rollback(outcome) => Ok(Done::Rollback(Some(outcome))),
        Done::Commit(UserCreated::Done) if !add(conn, identity, letters.is_none()).await? => Ok(Done::Rollback(None)),
        Done::Commit(outcome) => Ok(Done::Commit(Some(outcome))),
    }
}

#[async_trait]
impl FederatedStore for Store {
    async fn identity_find(&self, issuer: &str, subject: &str) -> StoreResult<Option<FederatedIdentity>> {
        let query = sqlx::query_as::<_, IdentityRow>(FIND).bind(issuer).bind(subject).fetch_optional(&self.reads);
        Ok(query.await.map_err(failed("identity_find"))?.map(Into::into))
    }

    async fn identity_list(&self, user: UserId) -> StoreResult<Vec<FederatedIdentity>> {
        let query = sqlx::query_as::<_, IdentityRow>(LIST).bind(user.0).fetch_all(&self.reads);
        Ok(query.await.map_err(failed("identity_list"))?.into_iter().map(Into::into).collect())
    }

    async fn identity_link(&self, identity: &FederatedIdentity) -> StoreResult<IdentityLinked> {
        transact!(self, "identity_link", |conn| link(conn, identity))
    }

    async fn identity_used(&self, issuer: &str, subject: &str, email: Option<&str>, now: Timestamp) -> StoreResult<()> {
        let query = sqlx::query(USED).bind(issuer).bind(subject).bind(email).bind(now.0).execute(&self.writes);
        query.await.map(drop).map_err(failed("identity_used"))
    }

    async fn identity_unlink(&self, user: UserId, provider: &str, sms: bool) -> StoreResult<IdentityUnlinked> {
        transact!(self, "identity_unlink", |conn| unlink(conn, user, provider, sms))
    }

    async fn identity_register(&self, user: &NewUser, device_limit: i64, identity: &FederatedIdentity) -> StoreResult<Option<UserCreated>> {
        transact!(self, "identity_register", |conn| register(conn, user, device_limit, identity, None))
    }

    async fn identity_register_unconfirmed(
        &self,
        user: &NewUser,
        device_limit: i64,
        identity: &FederatedIdentity,
        registering: &Registering,
    ) -> StoreResult<Option<UserCreated>> {
        transact!(self, "identity_register_unconfirmed", |conn| register(conn, user, device_limit, identity, Some(registering)))
    }
}
