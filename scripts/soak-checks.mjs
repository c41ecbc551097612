// What must hold in the database whatever happened: each statement counts what is wrong.

const KINDS = ['like', 'love', 'haha', 'wow', 'sad', 'angry'];

const counted = (table, kind, id) => [
  [
    `${table}: replies are counted`,
    `SELECT COUNT(*) FROM ${table} p WHERE reply_count <> (SELECT COUNT(*) FROM replies r WHERE r.target_kind = '${kind}' AND r.target_id = p.${id} AND r.deleted_at IS NULL)`,
  ],
  [
    `${table}: places are counted`,
    `SELECT COUNT(*) FROM ${table} p WHERE reply_rows <> (SELECT COUNT(*) FROM replies r WHERE r.target_kind = '${kind}' AND r.target_id = p.${id} AND r.placed)`,
  ],
  [
    `${table}: the feature store's figures have arrived`,
    `SELECT COUNT(*) FROM ${table} p JOIN tallies t ON t.target_kind = '${kind}' AND t.target_id = p.${id} WHERE p.tally_seq <> t.seq OR p.reply_count <> t.replies OR p.reply_rows <> t.places`,
  ],
];

const reacted = (table, kind) =>
  KINDS.map((reaction) => [
    `${table}: reactions are counted, ${reaction}`,
    `SELECT COUNT(*) FROM ${table} p LEFT JOIN (SELECT target_id, COUNT(*) AS n FROM reactions WHERE target_kind = '${kind}' AND kind = '${reaction}' GROUP BY target_id) r ON r.target_id = p.id WHERE p.deleted_at IS NULL AND p.reacted_${reaction} <> COALESCE(r.n, 0)`,
  ]);

/** Name and statement. */
export const CHECKS = [
  ...counted('threads', 'thread', 'id'),
  ...counted('cases', 'case', 'id'),
  ...reacted('threads', 'thread'),
  ...reacted('cases', 'case'),
  ...reacted('replies', 'reply'),
  ['every place is taken once', 'SELECT COUNT(*) FROM (SELECT path FROM replies WHERE placed GROUP BY target_kind, target_id, path HAVING COUNT(*) > 1) twice'],
  ['answers stand below what they answer', "SELECT COUNT(*) FROM replies c JOIN replies p ON p.id = c.parent_id WHERE c.placed AND (c.target_kind <> p.target_kind OR c.target_id <> p.target_id OR (c.depth > p.depth AND SUBSTR(c.path, 1, LENGTH(p.path)) <> p.path))"],
  ['what was sent twice with one key is there once', "SELECT COUNT(*) FROM (SELECT content FROM replies WHERE content LIKE 'Soak %' GROUP BY content HAVING COUNT(*) > 1) twice"],
  ['logs have no gaps', 'SELECT COUNT(*) FROM (SELECT case_id FROM case_log GROUP BY case_id HAVING MAX(seq) <> COUNT(*)) gaps'],
  ['logs are chained', 'SELECT COUNT(*) FROM case_log e JOIN case_log b ON b.case_id = e.case_id AND b.seq = e.seq - 1 WHERE e.prev_hash <> b.hash'],
  ['cases know their last entry', 'SELECT COUNT(*) FROM cases c WHERE c.log_seq <> (SELECT MAX(seq) FROM case_log e WHERE e.case_id = c.id)'],
];

/** Figures that are still on their way. */
export const PENDING = 'SELECT COUNT(*) FROM tallies WHERE confirmed_seq < seq';
