//! What guards an account.

use super::{
    Conn, Store, dialect, jobs, recoveries,
    transact::{Done, TRIES, failed, is_conflict},
};
use aivalid_model::{
    Timestamp,
    id::{SessionId, UserId},
};
use aivalid_service::store::{
    Acquaintance, CredentialStore, EmailChanged, EmailWish, KnownDevice, LockRule, SeenDevice, StoreResult, Undoing, WrongPasswords,
};
use async_trait::async_trait;
use sqlx::FromRow;

const WRONG: &str = "SELECT consecutive, total, locked_until FROM password_failures WHERE address = $1";
const WRONG_ADD: &str = "INSERT INTO password_failures (address, consecutive, total, locked_until, last_at) \
     VALUES ($1, 1, 1, NULL, $4) \
     ON CONFLICT (address) DO UPDATE SET total = password_failures.total + 1, last_at = $4, \
     consecutive = CASE WHEN password_failures.consecutive + 1 >= $2 THEN 0 ELSE password_failures.consecutive + 1 END, \
     locked_until = CASE WHEN password_failures.consecutive + 1 >= $2 THEN $3 ELSE password_failures.locked_until END \
     RETURNING consecutive, total, locked_until";
const WRONG_FORGET: &str = "DELETE FROM password_failures WHERE address = $1";
const WRONG_SWEEP: &str = "DELETE FROM password_failures WHERE last_at < $1 AND total < $2";

const DEVICE_KNOWN: &str = "SELECT 1 FROM known_devices WHERE user_id = $1 AND device = $2";
const DEVICE_ANY: &str = "SELECT 1 FROM known_devices WHERE user_id = $1 LIMIT 1";
const DEVICE_AGAIN: &str = "UPDATE known_devices SET last_at = $5, ip = $3, user_agent = $4 WHERE user_id = $1 AND device = $2";
const DEVICE_ADD: &str = "INSERT INTO known_devices (user_id, device, first_at, last_at, ip, user_agent) VALUES ($1, $2, $5, $5, $3, $4) \
     ON CONFLICT (user_id, device) DO NOTHING";
const DEVICES: &str = "SELECT device, first_at, last_at, ip, user_agent FROM known_devices WHERE user_id = $1 \
     ORDER BY last_at DESC, device";

const HAS_PASSWORD: &str = "SELECT 1 FROM users WHERE id = $1 AND password_hash IS NOT NULL";
const SET_PASSWORD: &str =
    "UPDATE users SET password_hash = $2, password_mailed = FALSE, updated_at = $3 WHERE id = $1 AND deleted_at IS NULL";
/// Whoever has the mailbox may have none of the passkeys.
const PASSWORD_MAILED: &str =
    "UPDATE users SET password_mailed = TRUE WHERE id = $1 AND EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1)";
const MAILED_PASSWORD_PROVEN: &str = "UPDATE users SET password_mailed = FALSE WHERE id = $1 AND password_hash = $2";
const RESET_OWNER: &str = "SELECT user_id FROM one_time_tokens WHERE purpose = 'reset_password' AND digest = $1 AND expires_at > $2";
const RESET_TAKE: &str =
    "DELETE FROM one_time_tokens WHERE purpose = 'reset_password' AND digest = $1 AND expires_at > $2 RETURNING user_id";
/// Who made an account with an address that was never confirmed may have been somebody else: the address's owner, who now sets a
/// password, does not take over what they linked.
const FEDERATED_FORGET_UNCONFIRMED: &str = "DELETE FROM federated_identities WHERE user_id = $1 \
     AND EXISTS (SELECT 1 FROM users WHERE id = $1 AND NOT email_verified)";
const CONFIRM: &str = "UPDATE users SET email_verified = TRUE, email_verified_at = COALESCE(email_verified_at, $2) \
     WHERE id = $1 AND email IS NOT NULL";
const END_SESSIONS: &str = "UPDATE sessions SET revoked_at = $4, revoked_reason = $3 \
     WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > $4 RETURNING id";

const EMAIL_TAKEN: &str = "SELECT 1 FROM users WHERE email = $1";
const WISH: &str = "INSERT INTO email_changes (user_id, email, digest, expires_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, digest = excluded.digest, expires_at = excluded.expires_at";
const WISH_TAKE: &str = "DELETE FROM email_changes WHERE digest = $1 AND expires_at > $2 RETURNING user_id, email";
const WISH_FORGET: &str = "DELETE FROM email_changes WHERE user_id = $1";
const PRESENT_EMAIL: &str = concat!("SELECT email FROM users WHERE id = $1 AND deleted_at IS NULL", for_update!());
const SET_EMAIL: &str = "UPDATE users SET email = $2, email_verified = TRUE, email_verified_at = $3, updated_at = $3 WHERE id = $1";

/// Programs act with what a stranger may have made.
pub(super) const API_TOKENS_FORGET: &str = "DELETE FROM api_tokens WHERE user_id = $1";
/// And the phone number, which also opens the account.
const TAKE_PASSWORD: &str = "UPDATE users SET password_hash = NULL, phone = NULL, country_code = NULL, phone_verified_at = NULL, \
     updated_at = $2 WHERE id = $1";
const TOKENS_FORGET: &str = "DELETE FROM one_time_tokens WHERE user_id = $1";
const CODES_FORGET: &str = "DELETE FROM backup_codes WHERE user_id = $1";
/// All of them: nobody knows since when a thief has been there. The owner's own are known again after their next sign-in.
const DEVICES_FORGET: &str = "DELETE FROM known_devices WHERE user_id = $1";
const PASSKEYS_FORGET_SINCE: &str = "DELETE FROM passkeys WHERE user_id = $1 AND created_at >= $2";
const PQC_KEYS_FORGET_SINCE: &str = "UPDATE pqc_keys SET revoked_at = $3 WHERE user_id = $1 AND created_at >= $2 AND revoked_at IS NULL";
const FEDERATED_FORGET_SINCE: &str = "DELETE FROM federated_identities WHERE user_id = $1 AND linked_at >= $2";
const TOTP_FORGET_SINCE: &str = "DELETE FROM totp WHERE user_id = $1 AND (created_at >= $2 OR enabled_at >= $2)";

/// A letter is void that was written after one to another address whose link was followed.
const UNDO_VOID: &str = "SELECT 1 FROM undoings WHERE user_id = $1 AND email <> $2 AND from_at <= $3 AND until_at >= $3";
const UNDO_NOTE: &str = "INSERT INTO undoings (user_id, email, from_at, until_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
/// Who holds the address without ever having confirmed it loses it.
const EMAIL_CLEAR: &str = "UPDATE users SET email = NULL, updated_at = $2 WHERE email = $1 AND NOT email_verified";
const EMAIL_DROP: &str = "UPDATE users SET email = NULL, email_verified = FALSE, updated_at = $2 WHERE id = $1";

/// What was hung onto an account before its address was confirmed: who made the account may not be whose address it is.
const UNCONFIRMED: [&str; 5] = [
    "DELETE FROM passkeys WHERE user_id = $1 AND EXISTS (SELECT 1 FROM users WHERE id = $1 AND NOT email_verified)",
    "DELETE FROM totp WHERE user_id = $1 AND EXISTS (SELECT 1 FROM users WHERE id = $1 AND NOT email_verified)",
    "DELETE FROM backup_codes WHERE user_id = $1 AND EXISTS (SELECT 1 FROM users WHERE id = $1 AND NOT email_verified)",
    "UPDATE pqc_keys SET revoked_at = created_at WHERE user_id = $1 AND revoked_at IS NULL AND EXISTS (SELECT 1 FROM users WHERE id = $1 AND NOT email_verified)",
    "UPDATE users SET phone = NULL, country_code = NULL, phone_verified_at = NULL WHERE id = $1 AND NOT email_verified",
];

const ANONYMISE: &str = "UPDATE users SET email = NULL, phone = NULL, country_code = NULL, phone_verified_at = NULL, password_hash = NULL, full_name = '', avatar_url = NULL, bio = '', location = '', \
     website = '', telegram = '', locale = NULL, device = NULL, badge_id = NULL, role = 'user', kyc_level = 0, kyc_status = 'none', updated_at = $2, deleted_at = $2 \
     WHERE id = $1 AND deleted_at IS NULL";
/// What an account leaves besides its posts. Sessions stay, ended, until they are swept, without what tells of a person.
const LEFT_BEHIND: &[&str] = &[
    API_TOKENS_FORGET,
    "DELETE FROM recoveries WHERE user_id = $1",
    "DELETE FROM one_time_tokens WHERE user_id = $1",
    "DELETE FROM email_changes WHERE user_id = $1",
    "DELETE FROM known_devices WHERE user_id = $1",
    "DELETE FROM totp WHERE user_id = $1",
    "DELETE FROM backup_codes WHERE user_id = $1",
    "DELETE FROM passkeys WHERE user_id = $1",
    "DELETE FROM passkey_handles WHERE user_id = $1",
    "DELETE FROM pqc_keys WHERE user_id = $1",
    "DELETE FROM federated_identities WHERE user_id = $1",
    "DELETE FROM undoings WHERE user_id = $1",
    // Files go when the next sweep has deleted what they hold.
    "DELETE FROM avatars WHERE user_id = $1",
    "DELETE FROM kyc_documents WHERE user_id = $1",
    "DELETE FROM kyc_submissions WHERE user_id = $1",
    "UPDATE files SET state = 'going' WHERE owner_id = $1",
    "DELETE FROM watches WHERE user_id = $1",
    "DELETE FROM blocks WHERE blocker_id = $1 OR blocked_id = $1",
    "UPDATE sessions SET ip = '', user_agent = '', device = NULL WHERE user_id = $1",
];

#[derive(FromRow)]
struct WrongRow {
    consecutive: i64,
    total: i64,
    locked_until: Option<i64>,
}

impl From<WrongRow> for WrongPasswords {
    fn from(row: WrongRow) -> Self {
        Self { consecutive: row.consecutive, total: row.total, locked_until: row.locked_until.map(Timestamp) }
    }
}

#[derive(FromRow)]
struct DeviceRow {
    device: String,
    first_at: i64,
    last_at: i64,
    ip: String,
    user_agent: String,
}

pub(super) async fn end_sessions(
    conn: &mut Conn,
    user: UserId,
    except: Option<SessionId>,
    reason: &str,
    now: Timestamp,
) -> sqlx::Result<Vec<SessionId>> {
    // Session ids are positive.
    let query = sqlx::query_scalar::<_, i64>(END_SESSIONS).bind(user.0).bind(except.map_or(0, |id| id.0)).bind(reason).bind(now.0);
    Ok(query.fetch_all(conn).await?.into_iter().map(SessionId).collect())
}

async fn seen(conn: &mut Conn, user: UserId, seen: SeenDevice<'_>) -> sqlx::Result<Done<Acquaintance>> {
    let of = |sql: &'static str| sqlx::query(sql).bind(user.0).bind(seen.device).bind(seen.ip).bind(seen.user_agent).bind(seen.now.0);
    if of(DEVICE_AGAIN).execute(&mut *conn).await?.rows_affected() == 1 {
        return Ok(Done::Commit(Acquaintance::Known));
    }
    let first = sqlx::query(DEVICE_ANY).bind(user.0).fetch_optional(&mut *conn).await?.is_none();
    let added = of(DEVICE_ADD).execute(&mut *conn).await?.rows_affected() == 1;
    Ok(Done::Commit(match (added, first) {
        (false, _) => Acquaintance::Known,
        (true, true) => Acquaintance::First,
        (true, false) => Acquaintance::New,
    }))
}

/// Links that wait in letters, to a new password or another address, do not outlive what they were asked for with.
async fn forget_links(conn: &mut Conn, user: UserId) -> sqlx::Result<()> {
    for sql in [TOKENS_FORGET, WISH_FORGET] {
        sqlx::query(sql).bind(user.0).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn set_password(
    conn: &mut Conn,
    user: UserId,
    hash: &str,
    address: &[u8],
    except: Option<SessionId>,
    now: Timestamp,
) -> sqlx::Result<Done<Vec<SessionId>>> {
    // A first password replaces nothing that somebody else may have known: an address that waits for it stays wished for.
    if sqlx::query(HAS_PASSWORD).bind(user.0).fetch_optional(&mut *conn).await?.is_some() {
        forget_links(conn, user).await?;
    }
    sqlx::query(SET_PASSWORD).bind(user.0).bind(hash).bind(now.0).execute(&mut *conn).await?;
    sqlx::query(WRONG_FORGET).bind(address).execute(&mut *conn).await?;
    recoveries::stop_of(conn, user, "password", now).await?;
    Ok(Done::Commit(end_sessions(conn, user, except, "password_changed", now).await?))
}

async fn reset(
    conn: &mut Conn,
    digest: &[u8],
    hash: &str,
    address: &[u8],
    now: Timestamp,
) -> sqlx::Result<Done<Option<(UserId, Vec<SessionId>)>>> {
    let taken: Option<i64> = sqlx::query_scalar(RESET_TAKE).bind(digest).bind(now.0).fetch_optional(&mut *conn).await?;
    let Some(user) = taken.map(UserId) else { return Ok(Done::Rollback(None)) };
    sqlx::query(SET_PASSWORD).bind(user.0).bind(hash).bind(now.0).execute(&mut *conn).await?;
    sqlx::query(FEDERATED_FORGET_UNCONFIRMED).bind(user.0).execute(&mut *conn).await?;
    for sql in UNCONFIRMED {
        sqlx::query(sql).bind(user.0).execute(&mut *conn).await?;
    }
    sqlx::query(PASSWORD_MAILED).bind(user.0).execute(&mut *conn).await?;
    forget_links(conn, user).await?;
    sqlx::query(CONFIRM).bind(user.0).bind(now.0).execute(&mut *conn).await?;
    sqlx::query(WRONG_FORGET).bind(address).execute(&mut *conn).await?;
    sqlx::query(API_TOKENS_FORGET).bind(user.0).execute(&mut *conn).await?;
    recoveries::stop_of(conn, user, "password", now).await?;
    let ended = end_sessions(conn, user, None, "password_reset", now).await?;
    Ok(Done::Commit(Some((user, ended))))
}

async fn is_taken(conn: &mut Conn, email: &str) -> sqlx::Result<bool> {
    Ok(sqlx::query(EMAIL_TAKEN).bind(email).fetch_optional(conn).await?.is_some())
}

async fn wish(conn: &mut Conn, user: UserId, wish: &EmailWish) -> sqlx::Result<Done<()>> {
    let letter = if is_taken(conn, &wish.email).await? {
        sqlx::query(WISH_FORGET).bind(user.0).execute(&mut *conn).await?;
        &wish.taken
    } else {
        let put = sqlx::query(WISH).bind(user.0).bind(&wish.email).bind(wish.digest.as_slice()).bind(wish.expires_at.0);
        put.execute(&mut *conn).await?;
        &wish.letter
    };
    jobs::add(conn, letter).await?;
    Ok(Done::Commit(()))
}

/// The unique address has the last word between racing accounts: whoever comes second fails here and finds it taken the next time.
async fn change_email(conn: &mut Conn, digest: &[u8], now: Timestamp) -> sqlx::Result<Done<EmailChanged>> {
    let taken = sqlx::query_as::<_, (i64, String)>(WISH_TAKE).bind(digest).bind(now.0).fetch_optional(&mut *conn).await?;
    let Some((user, email)) = taken else { return Ok(Done::Rollback(EmailChanged::Invalid)) };
    let before: Option<Option<String>> = sqlx::query_scalar(PRESENT_EMAIL).bind(user).fetch_optional(&mut *conn).await?;
    match before {
        Some(before) if !is_taken(conn, &email).await? => {
            sqlx::query(SET_EMAIL).bind(user).bind(&email).bind(now.0).execute(&mut *conn).await?;
            forget_links(conn, UserId(user)).await?;
            Ok(Done::Commit(EmailChanged::Done { user: UserId(user), before }))
        }
        _ => Ok(Done::Commit(EmailChanged::Invalid)),
    }
}

async fn undo(conn: &mut Conn, user: UserId, undoing: &Undoing) -> sqlx::Result<Done<Option<Vec<SessionId>>>> {
    let present: Option<Option<String>> = sqlx::query_scalar(PRESENT_EMAIL).bind(user.0).fetch_optional(&mut *conn).await?;
    let Some(present) = present else { return Ok(Done::Rollback(None)) };
    let void = sqlx::query(UNDO_VOID).bind(user.0).bind(&undoing.email).bind(undoing.at.0);
    if void.fetch_optional(&mut *conn).await?.is_some() {
        return Ok(Done::Rollback(None));
    }
    let note = sqlx::query(UNDO_NOTE).bind(user.0).bind(&undoing.email).bind(undoing.at.0).bind(undoing.now.0);
    note.execute(&mut *conn).await?;
    if present.as_deref() != Some(&undoing.email) {
        sqlx::query(EMAIL_CLEAR).bind(&undoing.email).bind(undoing.now.0).execute(&mut *conn).await?;
        if is_taken(conn, &undoing.email).await? {
            sqlx::query(EMAIL_DROP).bind(user.0).bind(undoing.now.0).execute(&mut *conn).await?;
        } else {
            sqlx::query(SET_EMAIL).bind(user.0).bind(&undoing.email).bind(undoing.now.0).execute(&mut *conn).await?;
        }
    }
    sqlx::query(TAKE_PASSWORD).bind(user.0).bind(undoing.now.0).execute(&mut *conn).await?;
    for sql in [TOKENS_FORGET, WISH_FORGET, API_TOKENS_FORGET, CODES_FORGET, DEVICES_FORGET] {
        sqlx::query(sql).bind(user.0).execute(&mut *conn).await?;
    }
    for sql in [TOTP_FORGET_SINCE, PASSKEYS_FORGET_SINCE, FEDERATED_FORGET_SINCE] {
        sqlx::query(sql).bind(user.0).bind(undoing.since.0).execute(&mut *conn).await?;
    }
    let keys = sqlx::query(PQC_KEYS_FORGET_SINCE).bind(user.0).bind(undoing.since.0).bind(undoing.now.0);
    keys.execute(&mut *conn).await?;
    recoveries::stop_of(conn, user, "not_me", undoing.now).await?;
    Ok(Done::Commit(Some(end_sessions(conn, user, None, "not_me", undoing.now).await?)))
}

async fn delete(conn: &mut Conn, user: UserId, now: Timestamp) -> sqlx::Result<Done<Option<Vec<SessionId>>>> {
    let gone = sqlx::query(ANONYMISE).bind(user.0).bind(now.0);
    if gone.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Done::Rollback(None));
    }
    let ended = end_sessions(conn, user, None, "account_deleted", now).await?;
    for &sql in LEFT_BEHIND {
        sqlx::query(sql).bind(user.0).execute(&mut *conn).await?;
    }
    Ok(Done::Commit(Some(ended)))
}

#[async_trait]
impl CredentialStore for Store {
    async fn wrong_passwords(&self, address: &[u8]) -> StoreResult<WrongPasswords> {
        let row = sqlx::query_as::<_, WrongRow>(WRONG).bind(address).fetch_optional(&self.reads).await;
        Ok(row.map_err(failed("wrong_passwords"))?.map_or_else(WrongPasswords::default, Into::into))
    }

    async fn wrong_password_add(&self, address: &[u8], rule: LockRule, now: Timestamp) -> StoreResult<WrongPasswords> {
        let query = sqlx::query_as::<_, WrongRow>(WRONG_ADD).bind(address).bind(rule.after).bind(now.plus(rule.lasts).0).bind(now.0);
        Ok(query.fetch_one(&self.writes).await.map_err(failed("wrong_password_add"))?.into())
    }

    async fn wrong_passwords_forget(&self, address: &[u8]) -> StoreResult<bool> {
        let query = sqlx::query(WRONG_FORGET).bind(address).execute(&self.writes);
        Ok(query.await.map_err(failed("wrong_passwords_forget"))?.rows_affected() == 1)
    }

    async fn wrong_passwords_sweep(&self, before: Timestamp, keep: i64) -> StoreResult<u64> {
        let query = sqlx::query(WRONG_SWEEP).bind(before.0).bind(keep).execute(&self.writes);
        Ok(query.await.map_err(failed("wrong_passwords_sweep"))?.rows_affected())
    }

    async fn device_is_known(&self, user: UserId, device: &str) -> StoreResult<bool> {
        let query = sqlx::query(DEVICE_KNOWN).bind(user.0).bind(device).fetch_optional(&self.reads);
        Ok(query.await.map_err(failed("device_is_known"))?.is_some())
    }

    async fn device_seen(&self, user: UserId, device: SeenDevice<'_>) -> StoreResult<Acquaintance> {
        transact!(self, "device_seen", |conn| seen(conn, user, device))
    }

    async fn device_list(&self, user: UserId) -> StoreResult<Vec<KnownDevice>> {
        let rows = sqlx::query_as::<_, DeviceRow>(DEVICES).bind(user.0).fetch_all(&self.reads).await.map_err(failed("device_list"))?;
        let known = |row: DeviceRow| KnownDevice {
            device: row.device,
            first_at: Timestamp(row.first_at),
            last_at: Timestamp(row.last_at),
            ip: row.ip,
            user_agent: row.user_agent,
        };
        Ok(rows.into_iter().map(known).collect())
    }

    async fn password_set(
        &self,
        user: UserId,
        hash: &str,
        address: &[u8],
        except: Option<SessionId>,
        now: Timestamp,
    ) -> StoreResult<Vec<SessionId>> {
        transact!(self, "password_set", |conn| set_password(conn, user, hash, address, except, now))
    }

    async fn password_reset_owner(&self, digest: &[u8], now: Timestamp) -> StoreResult<Option<UserId>> {
        let query = sqlx::query_scalar::<_, i64>(RESET_OWNER).bind(digest).bind(now.0).fetch_optional(&self.reads);
        Ok(query.await.map_err(failed("password_reset_owner"))?.map(UserId))
    }

    async fn password_reset(
        &self,
        digest: &[u8],
        hash: &str,
        address: &[u8],
        now: Timestamp,
    ) -> StoreResult<Option<(UserId, Vec<SessionId>)>> {
        transact!(self, "password_reset", |conn| reset(conn, digest, hash, address, now))
    }

    async fn mailed_password_proven(&self, user: UserId, hash: &str) -> StoreResult<()> {
        let query = sqlx::query(MAILED_PASSWORD_PROVEN).bind(user.0).bind(hash).execute(&self.writes);
        query.await.map(|_| ()).map_err(failed("mailed_password_proven"))
    }

    async fn email_wish(&self, user: UserId, wished: &EmailWish) -> StoreResult<()> {
        transact!(self, "email_wish", |conn| wish(conn, user, wished))
    }

    async fn email_change(&self, digest: &[u8], now: Timestamp) -> StoreResult<EmailChanged> {
        transact!(self, "email_change", |conn| change_email(conn, digest, now))
    }

    async fn account_undo(&self, user: UserId, undoing: &Undoing) -> StoreResult<Option<Vec<SessionId>>> {
        transact!(self, "account_undo", |conn| undo(conn, user, undoing))
    }

    async fn account_delete(&self, user: UserId, now: Timestamp) -> StoreResult<Option<Vec<SessionId>>> {
        transact!(self, "account_delete", |conn| delete(conn, user, now))
    }
}
