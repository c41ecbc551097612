//! What threads and cases keep up beside themselves, each in its own transaction: the figures of categories and tags.

use super::Conn;
use aivalid_model::{
    Timestamp,
    community::{Sort, Tally},
    id::CategoryId,
};

/// The statements that differ between threads and cases, and what the lists of each are made of.
pub(super) struct Shape {
    /// The table.
    pub table: &'static str,
    /// What its lists select.
    pub columns: &'static str,
    /// The column of whoever wrote it.
    pub author: &'static str,
    /// The table of its tags.
    pub links: &'static str,
    /// The column of its id there.
    pub link_id: &'static str,
    /// The column of `tags` that counts it.
    pub tag_count: &'static str,
    /// The kind of its categories.
    pub category_kind: &'static str,
    /// Whether it can be pinned.
    pub pins: bool,
    /// Links a tag.
    pub link: &'static str,
    /// Unlinks a tag.
    pub unlink: &'static str,
    /// Counts a tag, one more.
    pub tag_more: &'static str,
    /// Counts a tag, one less.
    pub tag_less: &'static str,
    /// The newest activity in a category.
    pub newest: &'static str,
    /// Takes over a tally.
    pub set_tally: &'static str,
    /// The category and last activity, while it can be read; locks it.
    pub lock: &'static str,
}

const ADD_POSTS: &str = "UPDATE categories SET post_count = post_count + $2 WHERE id = $1";
const ACTIVE: &str = "UPDATE categories SET last_activity_at = $2 WHERE id = $1 AND (last_activity_at IS NULL OR last_activity_at < $2)";
const SET_ACTIVE: &str = "UPDATE categories SET last_activity_at = $2 WHERE id = $1";

/// Counts a new post in its category, and its tags.
pub(super) async fn entered(
    conn: &mut Conn,
    shape: &Shape,
    id: i64,
    category: CategoryId,
    tags: &[String],
    at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(ADD_POSTS).bind(category.0).bind(1_i64).execute(&mut *conn).await?;
    active(conn, category, at).await?;
    retag(conn, shape, id, &[], tags).await
}

/// Takes a deleted post out of its category's figures and its tags'.
pub(super) async fn left(conn: &mut Conn, shape: &Shape, id: i64, category: CategoryId, tags: &[String]) -> sqlx::Result<()> {
    sqlx::query(ADD_POSTS).bind(category.0).bind(-1_i64).execute(&mut *conn).await?;
    settle(conn, shape, category).await?;
    retag(conn, shape, id, tags, &[]).await
}

/// Moves a post from one category to another; the one with the lower id is locked first.
pub(super) async fn moved(conn: &mut Conn, shape: &Shape, from: CategoryId, to: CategoryId, at: Timestamp) -> sqlx::Result<()> {
    if from == to {
        return active(conn, to, at).await;
    }
    let mut steps = [(from, -1_i64), (to, 1)];
    steps.sort_unstable();
    for (category, step) in steps {
        sqlx::query(ADD_POSTS).bind(category.0).bind(step).execute(&mut *conn).await?;
    }
    settle(conn, shape, from).await?;
    active(conn, to, at).await
}

/// Notes that something was written in a category.
pub(super) async fn active(conn: &mut Conn, category: CategoryId, at: Timestamp) -> sqlx::Result<()> {
    sqlx::query(ACTIVE).bind(category.0).bind(at.0).execute(conn).await?;
    Ok(())
}

/// Finds anew when something was last written in a category, after something went away. Its row is locked already.
async fn settle(conn: &mut Conn, shape: &Shape, category: CategoryId) -> sqlx::Result<()> {
    let newest: Option<i64> = sqlx::query_scalar(shape.newest).bind(category.0).fetch_one(&mut *conn).await?;
    sqlx::query(SET_ACTIVE).bind(category.0).bind(newest).execute(conn).await?;
    Ok(())
}

/// Replaces a post's tags; those that stay are not touched, the others are locked in the order of their names.
pub(super) async fn retag(conn: &mut Conn, shape: &Shape, id: i64, old: &[String], new: &[String]) -> sqlx::Result<()> {
    let gone = old.iter().filter(|tag| !new.contains(tag)).map(|tag| (tag, false));
    let come = new.iter().filter(|tag| !old.contains(tag)).map(|tag| (tag, true));
    let mut steps: Vec<_> = gone.chain(come).collect();
    steps.sort_unstable();
    for (tag, comes) in steps {
        let (link, counted) = if comes { (shape.link, shape.tag_more) } else { (shape.unlink, shape.tag_less) };
        // A tag that is named twice is linked once and counted once.
        if sqlx::query(link).bind(tag).bind(id).execute(&mut *conn).await?.rows_affected() == 1 {
            sqlx::query(counted).bind(tag).execute(&mut *conn).await?;
        }
    }
    Ok(())
}

/// Takes over a tally, if it is newer, and tells the category.
pub(super) async fn set_tally(conn: &mut Conn, shape: &Shape, id: i64, tally: &Tally) -> sqlx::Result<()> {
    let before: Option<(i64, i64, bool)> = sqlx::query_as(shape.lock).bind(id).fetch_optional(&mut *conn).await?;
    let Some((category, was_active_at, readable)) = before else { return Ok(()) };
    let reactions = &tally.reactions;
    let mut query = sqlx::query_scalar::<_, i64>(shape.set_tally).bind(id).bind(tally.seq).bind(tally.replies).bind(tally.rows);
    for count in [reactions.like, reactions.love, reactions.haha, reactions.wow, reactions.sad, reactions.angry] {
        query = query.bind(i64::from(count));
    }
    let score = tally.replies + i64::from(reactions.total());
    let query = query.bind(score).bind(tally.last_reply_at.map(|at| at.0)).bind(tally.last_reply_by.map(|by| by.0));
    let Some(active_at) = query.fetch_optional(&mut *conn).await? else { return Ok(()) };
    let category = CategoryId(category);
    match active_at.cmp(&was_active_at) {
        _ if !readable => Ok(()),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => active(conn, category, Timestamp(active_at)).await,
        std::cmp::Ordering::Less => {
            sqlx::query(ADD_POSTS).bind(category.0).bind(0_i64).execute(&mut *conn).await?;
            settle(conn, shape, category).await
        }
    }
}

/// Orders of lists: the columns, each descending.
pub(super) fn order(shape: &Shape, sort: Sort, one_category: bool) -> &'static [&'static str] {
    match sort {
        Sort::Latest if shape.pins && one_category => &["pinned", "last_activity_at", "id"],
        Sort::Latest => &["last_activity_at", "id"],
        Sort::Newest | Sort::Unanswered => &["created_at", "id"],
        Sort::Top => &["score", "id"],
    }
}
