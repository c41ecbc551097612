//! Pages of threads and cases: by number or after a cursor, in each of the orders that have an index.

use super::{
    Db, Store,
    figures::{Shape, order},
    rows::count,
};
use crate::cursor::Cursor;
use aivalid_model::{community::Sort, page::PageRequest};
use aivalid_service::store::Listing;
use sqlx::{FromRow, QueryBuilder};

/// Tags on more posts than this are looked up post by post along the list's index; rarer ones are collected and sorted.
const COMMON: i64 = 2_000;

/// Which entries are wanted.
pub(super) struct Wanted<'a> {
    pub category: Option<i64>,
    pub tag: Option<&'a str>,
    pub author: Option<i64>,
    pub status: Option<&'static str>,
    pub bounty_min: Option<i64>,
    pub sort: Sort,
}

/// An entry that knows its place in a list.
pub(super) trait Listed {
    /// Its place in the list of this order.
    fn place(&self, sort: Sort) -> Cursor;
}

/// A page of entries.
pub(super) async fn list<Row, Record>(
    store: &Store,
    shape: &Shape,
    wanted: &Wanted<'_>,
    page: PageRequest,
    cursor: Option<&str>,
) -> sqlx::Result<Listing<Record>>
where
    Row: for<'r> FromRow<'r, <Db as sqlx::Database>::Row> + Listed + Send + Unpin,
    Record: TryFrom<Row, Error = sqlx::Error>,
{
    let tagged = match wanted.tag {
        None => 0,
        Some(tag) => uses(store, shape, tag).await?,
    };
    if wanted.tag.is_some() && tagged == 0 {
        return Ok(Listing { items: Vec::new(), total: 0, next: None });
    }
    let total = total(store, shape, wanted, tagged).await?;
    let (limit, after) = (page.limit, cursor.and_then(|text| Cursor::parse(text, wanted.sort)));
    let offset = if after.is_some() { 0 } else { page.offset() };
    let mut rows: Vec<Row> = stretch(store, shape, wanted, tagged, after, offset, limit + 1).await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|row| row.place(wanted.sort).text());
    let items = rows.into_iter().map(TryInto::try_into).collect::<sqlx::Result<_>>()?;
    Ok(Listing { items, total, next })
}

/// The first entries of a list.
pub(super) async fn few<Row, Record>(store: &Store, shape: &Shape, wanted: &Wanted<'_>, most: u32) -> sqlx::Result<Vec<Record>>
where
    Row: for<'r> FromRow<'r, <Db as sqlx::Database>::Row> + Send + Unpin,
    Record: TryFrom<Row, Error = sqlx::Error>,
{
    let tagged = match wanted.tag {
        None => 0,
        Some(tag) => uses(store, shape, tag).await?,
    };
    if wanted.tag.is_some() && tagged == 0 {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = stretch(store, shape, wanted, tagged, None, 0, most).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Entries from a place on.
async fn stretch<Row>(
    store: &Store,
    shape: &Shape,
    wanted: &Wanted<'_>,
    tagged: i64,
    after: Option<Cursor>,
    offset: i64,
    limit: u32,
) -> sqlx::Result<Vec<Row>>
where
    Row: for<'r> FromRow<'r, <Db as sqlx::Database>::Row> + Send + Unpin,
{
    let order = order(shape, wanted.sort, wanted.category.is_some());
    // The inner list goes along an index alone, however far it begins; only what is shown is read from the table.
    let mut query = QueryBuilder::<Db>::new("SELECT ");
    query.push(shape.columns).push(" FROM (SELECT p.id AS place FROM ").push(shape.table).push(" p WHERE p.deleted_at IS NULL");
    restrict(&mut query, shape, wanted, tagged);
    if let Some(after) = after {
        query.push(" AND (").push(order.join(", ")).push(") < (");
        if order.len() == 3 {
            query.push_bind(after.pinned).push(", ");
        }
        query.push_bind(after.value).push(", ").push_bind(after.id).push(")");
    }
    let order = format!("{} DESC", order.join(" DESC, "));
    query.push(" ORDER BY ").push(&order).push(" LIMIT ").push_bind(i64::from(limit)).push(" OFFSET ").push_bind(offset);
    query.push(") stretch JOIN ").push(shape.table).push(" p ON p.id = stretch.place ORDER BY ").push(&order);
    query.build_query_as().fetch_all(&store.reads).await
}

/// On how many posts of this kind a tag is.
async fn uses(store: &Store, shape: &Shape, tag: &str) -> sqlx::Result<i64> {
    if tag.contains('\0') {
        return Ok(0);
    }
    let mut query = QueryBuilder::<Db>::new("SELECT ");
    query.push(shape.tag_count).push(" FROM tags WHERE slug = ").push_bind(tag);
    Ok(query.build_query_scalar::<i64>().fetch_optional(&store.reads).await?.unwrap_or(0))
}

fn restrict(query: &mut QueryBuilder<Db>, shape: &Shape, wanted: &Wanted<'_>, tagged: i64) {
    if let Some(category) = wanted.category {
        query.push(" AND p.category_id = ").push_bind(category);
    }
    if let Some(author) = wanted.author {
        query.push(" AND p.").push(shape.author).push(" = ").push_bind(author);
    }
    if let Some(status) = wanted.status {
        query.push(" AND p.status = ").push_bind(status);
    }
    if let Some(bounty) = wanted.bounty_min {
        query.push(" AND p.bounty >= ").push_bind(bounty);
    }
    if wanted.sort == Sort::Unanswered {
        query.push(" AND p.reply_count = 0");
    }
    if let Some(tag) = wanted.tag {
        if tagged > COMMON {
            query.push(" AND EXISTS (SELECT 1 FROM ").push(shape.links).push(" l WHERE l.tag = ").push_bind(tag);
            query.push(" AND l.").push(shape.link_id).push(" = p.id)");
        } else {
            query.push(" AND p.id IN (SELECT l.").push(shape.link_id).push(" FROM ").push(shape.links).push(" l WHERE l.tag = ");
            query.push_bind(tag).push(")");
        }
    }
}

/// Entries in the whole list: from the figures that categories and tags keep, or counted along an index.
async fn total(store: &Store, shape: &Shape, wanted: &Wanted<'_>, tagged: i64) -> sqlx::Result<u64> {
    let plain = wanted.author.is_none() && wanted.status.is_none() && wanted.bounty_min.is_none() && wanted.sort != Sort::Unanswered;
    let mut query = match (wanted.category, wanted.tag) {
        (None, Some(_)) if plain => return Ok(count(tagged)),
        (category, None) if plain => {
            let mut query = QueryBuilder::<Db>::new("SELECT CAST(COALESCE(SUM(post_count), 0) AS BIGINT) FROM categories WHERE kind = ");
            query.push_bind(shape.category_kind);
            if let Some(category) = category {
                query.push(" AND id = ").push_bind(category);
            }
            query
        }
        _ => {
            let mut query = QueryBuilder::<Db>::new("SELECT COUNT(*) FROM ");
            query.push(shape.table).push(" p WHERE p.deleted_at IS NULL");
            // Counting visits every entry: collecting by tag is the shorter way, however common the tag.
            restrict(&mut query, shape, wanted, 0);
            query
        }
    };
    query.build_query_scalar::<i64>().fetch_one(&store.reads).await.map(count)
}
