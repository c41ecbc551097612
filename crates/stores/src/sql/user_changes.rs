//! Making and changing accounts.

use super::{Conn, Pool, jobs, transact::Done};
use aivalid_model::{
    Lang, Timestamp,
    id::{BadgeId, UserId},
    identity::{AccountChange, PhoneNumber, Theme, Username},
};
use aivalid_service::store::{NewUser, Registering, UserChanged, UserCreated};

const EMAIL_TAKEN: &str = "SELECT 1 FROM users WHERE email = $1";
const PHONE_TAKEN: &str = "SELECT 1 FROM users WHERE phone = $1";
const NAME_TAKEN: &str = "SELECT 1 FROM usernames WHERE username = $1 UNION ALL SELECT 1 FROM reserved_names WHERE username = $1";
const NAME_RESERVED: &str = "SELECT 1 FROM reserved_names WHERE username = $1";
const RESERVE_NAME: &str = "INSERT INTO reserved_names (username) VALUES ($1) ON CONFLICT (username) DO NOTHING";

const COUNT_DEVICE: &str = "INSERT INTO devices (device, accounts) SELECT $1, 1 WHERE $2 > 0 \
     ON CONFLICT (device) DO UPDATE SET accounts = devices.accounts + 1 WHERE devices.accounts < $2";

const CREATE: &str = "INSERT INTO users \
     (id, email, username, password_hash, email_verified, email_verified_at, locale, role, device, terms_version, created_at, updated_at, \
     phone, country_code, phone_verified_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14) ON CONFLICT DO NOTHING";

const TAKE_NAME: &str = "INSERT INTO usernames (username, user_id) VALUES ($1, $2) ON CONFLICT (username) DO NOTHING";

/// Makes an account. The name is looked at first, which is public anyway, then the device, and the address last: what is said of
/// the name or the device must not depend on whether an address is taken. For the same reason an attempt with a taken
/// address counts against its device, and its name is taken afterwards. The two inserts look again, so that of racing registrations one wins.
pub(super) async fn create(conn: &mut Conn, user: &NewUser, device_limit: i64) -> sqlx::Result<Done<UserCreated>> {
    let (email, username) = (user.email.as_ref().map(|email| email.to_lowercase()), user.username.to_lowercase());
    if exists(conn, NAME_TAKEN, &username).await? {
        return Ok(Done::Rollback(UserCreated::UsernameTaken));
    }
    if let Some(device) = &user.device {
        let counted = sqlx::query(COUNT_DEVICE).bind(device).bind(device_limit).execute(&mut *conn).await?;
        if counted.rows_affected() == 0 {
            return Ok(Done::Rollback(UserCreated::DeviceLimit));
        }
    }
    if let Some(email) = &email
        && exists(conn, EMAIL_TAKEN, email).await?
    {
        return email_taken(conn, &username).await;
    }
    let phone = user.phone.as_ref().map(PhoneNumber::as_str);
    if let Some(phone) = phone
        && exists(conn, PHONE_TAKEN, phone).await?
    {
        return Ok(Done::Rollback(UserCreated::PhoneTaken));
    }
    let create = sqlx::query(CREATE).bind(user.id.0).bind(&email).bind(&username).bind(&user.password_hash).bind(user.email_verified);
    let create = create.bind(user.email_verified.then_some(user.now.0)).bind(user.locale.map(Lang::tag)).bind(user.role.as_str());
    let create = create.bind(&user.device).bind(&user.terms_version).bind(user.now.0);
    let create = create.bind(phone).bind(user.phone.as_ref().map(PhoneNumber::country)).bind(phone.map(|_| user.now.0));
    let created = create.execute(&mut *conn).await?;
    if created.rows_affected() == 0 {
        // Of those who came at the same moment, another one was first.
        return if phone.is_some() { Ok(Done::Rollback(UserCreated::PhoneTaken)) } else { email_taken(conn, &username).await };
    }
    let named = sqlx::query(TAKE_NAME).bind(&username).bind(user.id.0).execute(&mut *conn).await?;
    Ok(if named.rows_affected() == 0 { Done::Rollback(UserCreated::UsernameTaken) } else { Done::Commit(UserCreated::Done) })
}

/// Makes an account for somebody who registers, with the letter that goes with what came of it.
pub(super) async fn register(
    conn: &mut Conn,
    user: &NewUser,
    device_limit: i64,
    registering: &Registering,
) -> sqlx::Result<Done<UserCreated>> {
    let created = create(conn, user, device_limit).await?;
    match &created {
        Done::Commit(UserCreated::Done) => jobs::send_token(conn, user.id, &registering.welcome).await?,
        Done::Commit(UserCreated::EmailTaken) => drop(jobs::add(conn, &registering.taken).await?),
        _ => {}
    }
    Ok(created)
}

async fn email_taken(conn: &mut Conn, username: &str) -> sqlx::Result<Done<UserCreated>> {
    sqlx::query(RESERVE_NAME).bind(username).execute(&mut *conn).await?;
    Ok(Done::Commit(UserCreated::EmailTaken))
}

async fn exists(conn: &mut Conn, sql: &'static str, text: &str) -> sqlx::Result<bool> {
    Ok(sqlx::query(sql).bind(text).fetch_optional(conn).await?.is_some())
}

const VERIFY: &str = "UPDATE users SET email_verified = TRUE, email_verified_at = COALESCE(email_verified_at, $2) \
     WHERE id = $1 AND deleted_at IS NULL";

/// An identity at another service that came with the account waits for this.
const ACTIVATE: &str = "UPDATE federated_identities SET active = TRUE WHERE user_id = $1 AND NOT active";

/// Notes that the address was confirmed; the first time counts.
pub(super) async fn verify_email(conn: &mut Conn, id: UserId, now: Timestamp) -> sqlx::Result<Done<bool>> {
    if sqlx::query(VERIFY).bind(id.0).bind(now.0).execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(false));
    }
    sqlx::query(ACTIVATE).bind(id.0).execute(&mut *conn).await?;
    Ok(Done::Commit(true))
}

const CHANGE: &str = "UPDATE users SET full_name = COALESCE($2, full_name), bio = COALESCE($3, bio), location = COALESCE($4, location), \
     website = COALESCE($5, website), telegram = COALESCE($6, telegram), time_zone = COALESCE($7, time_zone), theme = COALESCE($8, theme), \
     locale = CASE WHEN $9 THEN $10 ELSE locale END, updated_at = $11 WHERE id = $1 AND deleted_at IS NULL RETURNING username";

/// Changes what is given.
pub(super) async fn change(conn: &mut Conn, id: UserId, change: &AccountChange, now: Timestamp) -> sqlx::Result<Done<UserChanged>> {
    let query = sqlx::query_scalar::<_, String>(CHANGE).bind(id.0).bind(&change.full_name).bind(&change.bio).bind(&change.location);
    let query = query.bind(&change.website).bind(&change.telegram).bind(change.time_zone.map(|zone| zone.to_string()));
    let query = query.bind(change.theme.map(Theme::as_str));
    let query = query.bind(change.locale.is_some()).bind(change.locale.flatten().map(Lang::tag)).bind(now.0);
    let Some(present) = query.fetch_optional(&mut *conn).await? else { return Ok(Done::Rollback(UserChanged::Missing)) };
    match &change.username {
        Some(username) if username.as_str() != present => rename(conn, id, &present, username, now).await,
        _ => Ok(Done::Commit(UserChanged::Done)),
    }
}

const TAKE_NAME_AGAIN: &str = "INSERT INTO usernames (username, user_id) VALUES ($1, $2) \
     ON CONFLICT (username) DO UPDATE SET given_up_at = NULL WHERE usernames.user_id = excluded.user_id";
const GIVE_UP_NAME: &str = "UPDATE usernames SET given_up_at = $2 WHERE username = $1";
const RENAME: &str = "UPDATE users SET username = $2, username_changed_at = $3 WHERE id = $1";

/// Takes another name, if it is free or was one's own before. The old one stays reserved and leads to the new one.
async fn rename(conn: &mut Conn, id: UserId, old: &str, new: &Username, now: Timestamp) -> sqlx::Result<Done<UserChanged>> {
    if exists(conn, NAME_RESERVED, new.as_str()).await? {
        return Ok(Done::Rollback(UserChanged::UsernameTaken));
    }
    let taken = sqlx::query(TAKE_NAME_AGAIN).bind(new.as_str()).bind(id.0).execute(&mut *conn).await?;
    if taken.rows_affected() == 0 {
        return Ok(Done::Rollback(UserChanged::UsernameTaken));
    }
    sqlx::query(GIVE_UP_NAME).bind(old).bind(now.0).execute(&mut *conn).await?;
    sqlx::query(RENAME).bind(id.0).bind(new.as_str()).bind(now.0).execute(&mut *conn).await?;
    Ok(Done::Commit(UserChanged::Done))
}

const REHASH: &str = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND deleted_at IS NULL";

/// Replaces the password hash, if it still is `old`.
pub(super) async fn rehash(pool: &Pool, id: UserId, old: &str, new: &str) -> sqlx::Result<bool> {
    Ok(sqlx::query(REHASH).bind(id.0).bind(old).bind(new).execute(pool).await?.rows_affected() == 1)
}

/// `$2b$12$…`: two digits.
const OLD_HASH_COST: &str = "SELECT MAX(SUBSTR(password_hash, 5, 2)) FROM users WHERE password_hash LIKE '$2_$%'";

/// The highest cost among the predecessor's hashes.
pub(super) async fn old_hash_cost(pool: &Pool) -> sqlx::Result<Option<u32>> {
    let cost: Option<String> = sqlx::query_scalar(OLD_HASH_COST).fetch_one(pool).await?;
    Ok(cost.and_then(|cost| cost.parse().ok()))
}

/// Notes a sign-in.
pub(super) async fn signed_in(pool: &Pool, id: UserId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query("UPDATE users SET last_login_at = $2 WHERE id = $1").bind(id.0).bind(now.0).execute(pool).await?;
    Ok(())
}

const GRANT: &str = "INSERT INTO user_badges (user_id, badge_id, reason, granted_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (user_id, badge_id) DO NOTHING";
const SHOW: &str = "UPDATE users SET badge_id = $2 WHERE id = $1 AND badge_id IS NULL";

/// Grants a badge, and shows it if none is shown yet.
pub(super) async fn grant_badge(conn: &mut Conn, id: UserId, badge: BadgeId, reason: &str, now: Timestamp) -> sqlx::Result<Done<()>> {
    let granted = sqlx::query(GRANT).bind(id.0).bind(badge.0).bind(reason).bind(now.0).execute(&mut *conn).await?;
    if granted.rows_affected() == 1 {
        sqlx::query(SHOW).bind(id.0).bind(badge.0).execute(&mut *conn).await?;
    }
    Ok(Done::Commit(()))
}
