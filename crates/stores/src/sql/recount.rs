//! Every figure that is kept beside rows, counted anew from the rows.

use super::Conn;

/// One column for each kind of reaction, counted within a group.
macro_rules! count_reactions {
    () => {
        "COUNT(*) FILTER (WHERE kind = 'like') AS n_like, COUNT(*) FILTER (WHERE kind = 'love') AS n_love, \
         COUNT(*) FILTER (WHERE kind = 'haha') AS n_haha, COUNT(*) FILTER (WHERE kind = 'wow') AS n_wow, \
         COUNT(*) FILTER (WHERE kind = 'sad') AS n_sad, COUNT(*) FILTER (WHERE kind = 'angry') AS n_angry"
    };
}

/// Takes over those counts.
macro_rules! set_reactions {
    ($from:literal) => {
        concat!(
            "reacted_like = ",
            $from,
            "n_like, reacted_love = ",
            $from,
            "n_love, reacted_haha = ",
            $from,
            "n_haha, ",
            "reacted_wow = ",
            $from,
            "n_wow, reacted_sad = ",
            $from,
            "n_sad, reacted_angry = ",
            $from,
            "n_angry"
        )
    };
}

/// Before the secondary indexes are there: counts by one pass over each table.
const REPLIES: &[&str] = &[
    concat!(
        "UPDATE replies SET ",
        set_reactions!("c."),
        " FROM (SELECT target_id, ",
        count_reactions!(),
        " FROM reactions WHERE target_kind = 'reply' GROUP BY target_id) c WHERE replies.id = c.target_id"
    ),
    // Numbers only grow: a target that had figures goes on from them.
    "INSERT INTO tallies (target_kind, target_id, seq, replies, places, last_reply_at, last_reply_by) \
     SELECT target_kind, target_id, MAX(n_all), MAX(n_replies), MAX(n_places), MAX(created_at) FILTER (WHERE newest = 1 AND deleted_at IS NULL), \
     MAX(author_id) FILTER (WHERE newest = 1 AND deleted_at IS NULL) FROM ( \
       SELECT target_kind, target_id, created_at, author_id, deleted_at, COUNT(*) OVER target AS n_all, \
       COUNT(*) FILTER (WHERE deleted_at IS NULL) OVER target AS n_replies, COUNT(*) FILTER (WHERE placed) OVER target AS n_places, \
       ROW_NUMBER() OVER (PARTITION BY target_kind, target_id ORDER BY (deleted_at IS NULL) DESC, created_at DESC, path DESC) AS newest \
       FROM replies WINDOW target AS (PARTITION BY target_kind, target_id)) numbered \
     WHERE newest = 1 GROUP BY target_kind, target_id \
     ON CONFLICT (target_kind, target_id) DO UPDATE SET seq = tallies.seq + excluded.seq, replies = excluded.replies, \
     places = excluded.places, last_reply_at = excluded.last_reply_at, last_reply_by = excluded.last_reply_by",
    concat!(
        "INSERT INTO tallies (target_kind, target_id, seq, ",
        reacted!(),
        ") SELECT target_kind, target_id, n, n_like, n_love, n_haha, n_wow, n_sad, n_angry FROM (SELECT target_kind, target_id, COUNT(*) AS n, ",
        count_reactions!(),
        " FROM reactions WHERE target_kind <> 'reply' GROUP BY target_kind, target_id) c WHERE TRUE ",
        "ON CONFLICT (target_kind, target_id) DO UPDATE SET seq = tallies.seq + excluded.seq, ",
        "reacted_like = excluded.reacted_like, reacted_love = excluded.reacted_love, reacted_haha = excluded.reacted_haha, ",
        "reacted_wow = excluded.reacted_wow, reacted_sad = excluded.reacted_sad, reacted_angry = excluded.reacted_angry"
    ),
];

/// Carries all tallies to a table of posts.
macro_rules! carry {
    ($table:literal, $kind:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET tally_seq = t.seq, reply_count = t.replies, reply_rows = t.places, last_reply_by = t.last_reply_by, ",
            "reacted_like = t.reacted_like, reacted_love = t.reacted_love, reacted_haha = t.reacted_haha, ",
            "reacted_wow = t.reacted_wow, reacted_sad = t.reacted_sad, reacted_angry = t.reacted_angry, score = t.replies + ",
            "t.reacted_like + t.reacted_love + t.reacted_haha + t.reacted_wow + t.reacted_sad + t.reacted_angry, ",
            "last_activity_at = CASE WHEN t.last_reply_at > changed_at THEN t.last_reply_at ELSE changed_at END ",
            "FROM tallies t WHERE t.target_kind = '",
            $kind,
            "' AND t.target_id = ",
            $table,
            ".id AND t.seq > ",
            $table,
            ".tally_seq"
        )
    };
}

/// With the indexes, which the counts by category go along.
const POSTS: &[&str] = &[
    carry!("threads", "thread"),
    carry!("cases", "case"),
    "UPDATE tallies SET confirmed_seq = seq WHERE confirmed_seq < seq",
    "UPDATE categories SET post_count = (SELECT COUNT(*) FROM threads p WHERE p.category_id = categories.id AND p.deleted_at IS NULL), \
     last_activity_at = (SELECT MAX(last_activity_at) FROM threads p WHERE p.category_id = categories.id AND p.deleted_at IS NULL) \
     WHERE kind = 'forum'",
    "UPDATE categories SET post_count = (SELECT COUNT(*) FROM cases p WHERE p.category_id = categories.id AND p.deleted_at IS NULL), \
     last_activity_at = (SELECT MAX(last_activity_at) FROM cases p WHERE p.category_id = categories.id AND p.deleted_at IS NULL) \
     WHERE kind = 'case'",
    "INSERT INTO tags (slug) SELECT tag FROM thread_tags UNION SELECT tag FROM case_tags WHERE TRUE ON CONFLICT (slug) DO NOTHING",
    "UPDATE tags SET thread_count = (SELECT COUNT(*) FROM thread_tags l WHERE l.tag = tags.slug), \
     case_count = (SELECT COUNT(*) FROM case_tags l WHERE l.tag = tags.slug)",
];

/// Reactions of replies, and the tallies.
pub(super) async fn replies(conn: &mut Conn) -> sqlx::Result<()> {
    run(conn, REPLIES).await
}

/// What threads and cases take over from tallies, and the figures of categories and tags.
pub(super) async fn posts(conn: &mut Conn) -> sqlx::Result<()> {
    run(conn, POSTS).await
}

async fn run(conn: &mut Conn, statements: &[&'static str]) -> sqlx::Result<()> {
    for statement in statements {
        sqlx::query(*statement).execute(&mut *conn).await?;
    }
    Ok(())
}
