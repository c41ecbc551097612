//! Accounts: reading, and the trait.

use super::{
    Conn, Store, dialect,
    rows::{count, unreadable},
    transact::{Done, TRIES, failed, is_conflict},
    user_changes,
};
use aivalid_model::{
    Timestamp,
    admin::Suspension,
    check::Check,
    id::{BadgeId, UserId},
    identity::{AccountChange, BadgeCard, BadgeGrant, Country, PhoneNumber, Theme, UserCard},
    kyc::KycLevel,
};
use aivalid_service::store::{NewUser, Registering, StoreResult, User, UserChanged, UserCreated, UserStore};
use async_trait::async_trait;
use sqlx::FromRow;

/// What stands beside a name: the columns of a [`CardRow`], from `users u` and `badges b`.
macro_rules! card_columns {
    () => {
        "u.id, u.username, u.full_name, u.avatar_url, u.badge_id, b.slug AS badge_slug, b.name_id AS badge_name_id, \
         b.name_en AS badge_name_en, b.description_id AS badge_description_id, b.description_en AS badge_description_en, \
         b.icon AS badge_icon, b.colour AS badge_colour"
    };
}

/// The columns of a [`UserRow`], and where they are from.
macro_rules! select_user {
    ($where:literal) => {
        select_user!("", $where)
    };
    ($more:literal, $where:literal) => {
        concat!(
            "SELECT ",
            card_columns!(),
            ", u.email, u.email_verified, u.phone, u.country_code, u.password_hash, u.password_mailed, u.bio, u.location, u.website, u.telegram, u.time_zone, u.locale, u.theme, u.role, ",
            "u.created_at, u.username_changed_at, u.kyc_level, u.kyc_status, u.last_login_at, u.suspended_at, u.suspended_until, ",
            "u.suspended_reason, u.recovered_at",
            $more,
            " FROM users u LEFT JOIN badges b ON b.id = u.badge_id WHERE u.deleted_at IS NULL",
            $where
        )
    };
}

#[derive(FromRow)]
struct CardRow {
    id: i64,
    username: String,
    full_name: String,
    avatar_url: Option<String>,
    badge_id: Option<i64>,
    badge_slug: Option<String>,
    badge_name_id: Option<String>,
    badge_name_en: Option<String>,
    badge_description_id: Option<String>,
    badge_description_en: Option<String>,
    badge_icon: Option<String>,
    badge_colour: Option<String>,
}

impl CardRow {
    fn badge(&mut self) -> Option<BadgeCard> {
        Some(BadgeCard {
            id: BadgeId(self.badge_id?),
            slug: self.badge_slug.take()?,
            name_id: self.badge_name_id.take()?,
            name_en: self.badge_name_en.take()?,
            description_id: self.badge_description_id.take()?,
            description_en: self.badge_description_en.take()?,
            icon: self.badge_icon.take()?,
            colour: self.badge_colour.take()?,
        })
    }
}

impl From<CardRow> for UserCard {
    fn from(mut row: CardRow) -> Self {
        let badge = row.badge();
        let full_name = Some(row.full_name).filter(|name| !name.is_empty());
        Self { id: UserId(row.id), username: row.username, full_name, avatar_url: row.avatar_url, badge }
    }
}

#[derive(FromRow)]
pub(super) struct UserRow {
    #[sqlx(flatten)]
    card: CardRow,
    email: Option<String>,
    email_verified: bool,
    phone: Option<String>,
    country_code: Option<String>,
    password_hash: Option<String>,
    password_mailed: bool,
    bio: String,
    location: String,
    website: String,
    telegram: String,
    time_zone: String,
    locale: Option<String>,
    theme: String,
    role: String,
    created_at: i64,
    username_changed_at: Option<i64>,
    kyc_level: i64,
    kyc_status: String,
    last_login_at: Option<i64>,
    suspended_at: Option<i64>,
    suspended_until: Option<i64>,
    suspended_reason: Option<String>,
    recovered_at: Option<i64>,
}

impl TryFrom<UserRow> for User {
    type Error = sqlx::Error;

    fn try_from(row: UserRow) -> sqlx::Result<Self> {
        let id = row.card.id;
        let wrong = |column| unreadable("users", column, id);
        let (until, reason) = (row.suspended_until.map(Timestamp), row.suspended_reason.unwrap_or_default());
        let suspension = row.suspended_at.map(|since| Suspension { since: Timestamp(since), until, reason });
        Ok(Self {
            card: row.card.into(),
            email: row.email,
            email_verified: row.email_verified,
            phone: row.phone.map(|phone| read_phone(&phone, row.country_code.as_deref()).ok_or_else(|| wrong("phone"))).transpose()?,
            password_hash: row.password_hash,
            password_mailed: row.password_mailed,
            bio: row.bio,
            location: row.location,
            website: row.website,
            telegram: row.telegram,
            time_zone: row.time_zone.parse().map_err(|_| wrong("time_zone"))?,
            locale: row.locale.map(|tag| tag.parse().map_err(|()| wrong("locale"))).transpose()?,
            theme: Theme::check(row.theme).map_err(|_| wrong("theme"))?,
            role: row.role.parse().map_err(|()| wrong("role"))?,
            created_at: Timestamp(row.created_at),
            username_changed_at: row.username_changed_at.map(Timestamp),
            kyc_level: KycLevel::try_from(row.kyc_level).map_err(|()| wrong("kyc_level"))?,
            kyc_status: row.kyc_status.parse().map_err(|()| wrong("kyc_status"))?,
            last_login_at: row.last_login_at.map(Timestamp),
            suspension,
            recovered_at: row.recovered_at.map(Timestamp),
        })
    }
}

/// Accounts, up to where conditions are added.
pub(super) const ACCOUNTS: &str = select_user!("");
const BY_ID: &str = select_user!(" AND u.id = $1");
const BY_EMAIL: &str = select_user!(" AND u.email = $1");
const BY_PHONE: &str = select_user!(" AND u.phone = $1");
const BY_USERNAME: &str = select_user!(" AND u.id = (SELECT n.user_id FROM usernames n WHERE n.username = $1)");

/// A stored number; countries share codes, so it stands with its country.
pub(super) fn read_phone(number: &str, country: Option<&str>) -> Option<PhoneNumber> {
    PhoneNumber::parse(number, country.and_then(Country::by_iso)).ok()
}

/// An account by a text that is unique to it. Nobody has a name with a NUL in it, and PostgreSQL would refuse to look.
async fn by_text(store: &Store, sql: &'static str, text: &str) -> sqlx::Result<Option<User>> {
    if text.contains('\0') {
        return Ok(None);
    }
    let row: Option<UserRow> = sqlx::query_as(sql).bind(text.to_lowercase()).fetch_optional(&store.reads).await?;
    row.map(TryInto::try_into).transpose()
}

async fn by_id(store: &Store, id: UserId) -> sqlx::Result<Option<User>> {
    let row: Option<UserRow> = sqlx::query_as(BY_ID).bind(id.0).fetch_optional(&store.reads).await?;
    row.map(TryInto::try_into).transpose()
}

const CARDS: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM users u LEFT JOIN badges b ON b.id = u.badge_id WHERE u.deleted_at IS NULL AND u.id ",
    in_ids!("$1")
);

const PROFILE: &str = select_user!(
    ", (SELECT COUNT(*) FROM threads t WHERE t.author_id = u.id AND t.deleted_at IS NULL) AS threads, \
     (SELECT COUNT(*) FROM cases c WHERE c.owner_id = u.id AND c.deleted_at IS NULL) AS cases",
    " AND u.id = (SELECT n.user_id FROM usernames n WHERE n.username = $1)"
);

#[derive(FromRow)]
struct ProfileRow {
    #[sqlx(flatten)]
    user: UserRow,
    threads: i64,
    cases: i64,
}

async fn profile(store: &Store, username: &str) -> sqlx::Result<Option<(User, u64, u64)>> {
    if username.contains('\0') {
        return Ok(None);
    }
    let row: Option<ProfileRow> = sqlx::query_as(PROFILE).bind(username.to_lowercase()).fetch_optional(&store.reads).await?;
    row.map(|row| Ok((row.user.try_into()?, count(row.threads), count(row.cases)))).transpose()
}

const BADGES: &str = "SELECT b.id, b.slug, b.name_id, b.name_en, b.description_id, b.description_en, b.icon, b.colour, g.reason, g.granted_at \
     FROM user_badges g JOIN badges b ON b.id = g.badge_id WHERE g.user_id = $1 ORDER BY g.granted_at DESC, b.id DESC";

/// A badge.
#[derive(FromRow)]
pub(super) struct BadgeRow {
    id: i64,
    slug: String,
    name_id: String,
    name_en: String,
    description_id: String,
    description_en: String,
    icon: String,
    colour: String,
}

impl From<BadgeRow> for BadgeCard {
    fn from(row: BadgeRow) -> Self {
        let BadgeRow { id, slug, name_id, name_en, description_id, description_en, icon, colour } = row;
        Self { id: BadgeId(id), slug, name_id, name_en, description_id, description_en, icon, colour }
    }
}

#[derive(FromRow)]
struct GrantRow {
    #[sqlx(flatten)]
    badge: BadgeRow,
    reason: String,
    granted_at: i64,
}

impl From<GrantRow> for BadgeGrant {
    fn from(row: GrantRow) -> Self {
        Self { badge: row.badge.into(), reason: row.reason, granted_at: Timestamp(row.granted_at) }
    }
}

#[async_trait]
impl UserStore for Store {
    async fn user_create(&self, user: &NewUser, device_limit: i64) -> StoreResult<UserCreated> {
        transact!(self, "user_create", |conn| user_changes::create(conn, user, device_limit))
    }

    async fn user_register(&self, user: &NewUser, device_limit: i64, registering: &Registering) -> StoreResult<UserCreated> {
        transact!(self, "user_register", |conn| user_changes::register(conn, user, device_limit, registering))
    }

    async fn user_by_id(&self, id: UserId) -> StoreResult<Option<User>> {
        by_id(self, id).await.map_err(failed("user_by_id"))
    }

    async fn user_by_email(&self, email: &str) -> StoreResult<Option<User>> {
        by_text(self, BY_EMAIL, email).await.map_err(failed("user_by_email"))
    }

    async fn user_by_phone(&self, phone: &str) -> StoreResult<Option<User>> {
        by_text(self, BY_PHONE, phone).await.map_err(failed("user_by_phone"))
    }

    async fn user_by_username(&self, username: &str) -> StoreResult<Option<User>> {
        by_text(self, BY_USERNAME, username).await.map_err(failed("user_by_username"))
    }

    async fn user_cards(&self, ids: &[UserId]) -> StoreResult<Vec<UserCard>> {
        let query = sqlx::query_as::<_, CardRow>(CARDS).bind(dialect::ids(ids.iter().map(|id| id.0)));
        let rows = query.fetch_all(&self.reads).await.map_err(failed("user_cards"))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn user_verify_email(&self, id: UserId, now: Timestamp) -> StoreResult<bool> {
        transact!(self, "user_verify_email", |conn| user_changes::verify_email(conn, id, now))
    }

    async fn user_change(&self, id: UserId, change: &AccountChange, now: Timestamp) -> StoreResult<UserChanged> {
        transact!(self, "user_change", |conn| user_changes::change(conn, id, change, now))
    }

    async fn user_rehash(&self, id: UserId, old: &str, new: &str) -> StoreResult<bool> {
        user_changes::rehash(&self.writes, id, old, new).await.map_err(failed("user_rehash"))
    }

    async fn user_old_hash_cost(&self) -> StoreResult<Option<u32>> {
        user_changes::old_hash_cost(&self.reads).await.map_err(failed("user_old_hash_cost"))
    }

    async fn user_signed_in(&self, id: UserId, now: Timestamp) -> StoreResult<()> {
        user_changes::signed_in(&self.writes, id, now).await.map_err(failed("user_signed_in"))
    }

    async fn user_profile(&self, username: &str) -> StoreResult<Option<(User, u64, u64)>> {
        profile(self, username).await.map_err(failed("user_profile"))
    }

    async fn user_badges(&self, id: UserId) -> StoreResult<Vec<BadgeGrant>> {
        let rows: Vec<GrantRow> = sqlx::query_as(BADGES).bind(id.0).fetch_all(&self.reads).await.map_err(failed("user_badges"))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn user_grant_badge(&self, id: UserId, badge: BadgeId, reason: &str, now: Timestamp) -> StoreResult<()> {
        transact!(self, "user_grant_badge", |conn| user_changes::grant_badge(conn, id, badge, reason, now))
    }

    async fn user_count(&self) -> StoreResult<u64> {
        let query = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM users WHERE deleted_at IS NULL");
        query.fetch_one(&self.reads).await.map(count).map_err(failed("user_count"))
    }
}
