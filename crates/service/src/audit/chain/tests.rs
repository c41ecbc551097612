use super::*;
use aivalid_model::{
    Timestamp,
    audit::{AuditSeal, AuditTarget, Outcome},
    id::{SessionId, UserId},
};
use proptest::prelude::*;

fn entry(number: i64) -> NewAuditEntry {
    NewAuditEntry {
        at: Timestamp(number * 10),
        event: "login.done".into(),
        outcome: Outcome::Done,
        actor: Some(UserId(number)),
        subject: Some(UserId(number)),
        target: Some(AuditTarget { kind: "session".into(), id: number.to_string() }),
        session: Some(SessionId(number)),
        ip: "203.0.113.7".into(),
        user_agent: "Mozilla/5.0".into(),
        request_id: format!("r{number}"),
        details: format!("{{\"n\":{number}}}"),
    }
}

fn sealed(count: i64) -> (Vec<AuditRecord>, AuditHead) {
    let mut head = AuditHead { seq: 0, hash: GENESIS.to_owned() };
    let records = (1..=count).map(|number| {
        // Ids and places need not agree.
        let (id, entry, previous) = (AuditId(number + 100), entry(number), head.hash.clone());
        let hash = entry_hash(id, &entry, number, &previous);
        head = AuditHead { seq: number, hash: hash.clone() };
        AuditRecord { id, entry, seal: Some(AuditSeal { seq: number, previous, hash }) }
    });
    (records.collect(), head)
}

fn first_break(records: &[AuditRecord], head: &AuditHead) -> Option<Break> {
    let mut walk = Walk::default();
    records.iter().try_for_each(|record| walk.step(record)).and_then(|()| walk.end(head)).err()
}

/// One change to one field of an entry, whichever.
fn change(field: usize, record: &mut AuditRecord) {
    let entry = &mut record.entry;
    let seal = record.seal.as_mut().unwrap();
    match field {
        0 => entry.at = Timestamp(entry.at.0 + 1),
        1 => entry.event.push('x'),
        2 => entry.outcome = Outcome::Failed,
        3 => entry.actor = None,
        4 => entry.subject = Some(UserId(0)),
        5 => entry.target = None,
        6 => entry.session = None,
        7 => entry.ip = "203.0.113.8".into(),
        8 => entry.user_agent.clear(),
        9 => entry.request_id.push(' '),
        10 => entry.details = "{}".into(),
        11 => record.id = AuditId(record.id.0 + 1000),
        12 => seal.previous = GENESIS.replace('0', "1"),
        _ => seal.hash = GENESIS.to_owned(),
    }
}

#[test]
fn an_untouched_chain_holds() {
    for count in [0, 1, 5] {
        let (records, head) = sealed(count);
        assert_eq!(first_break(&records, &head), None);
    }
}

#[test]
fn what_was_taken_away_or_put_in_is_named() {
    let (records, head) = sealed(5);
    let mut removed = records.clone();
    removed.remove(2);
    assert_eq!(first_break(&removed, &head), Some(Break::Missing { seq: 3 }));
    assert_eq!(first_break(&records[..4], &head), Some(Break::Head { head: 5, end: 4 }));

    // Somebody who can change a row can also make its own hash anew.
    let rehash = |record: &mut AuditRecord| {
        let seal = record.seal.as_mut().unwrap();
        seal.hash = entry_hash(record.id, &record.entry, seal.seq, &seal.previous);
    };

    // Swapped places, with hashes that hold by themselves.
    let mut swapped = records.clone();
    let (first, second) = (swapped[1].entry.clone(), swapped[2].entry.clone());
    for (place, entry) in [(1, second), (2, first)] {
        swapped[place].entry = entry;
        rehash(&mut swapped[place]);
    }
    assert_eq!(first_break(&swapped, &head), Some(Break::Foreign { seq: 3, id: AuditId(103) }));

    // An entry put in where another was, whose hash holds by itself.
    let mut replaced = records.clone();
    replaced[3].entry.event = "role.changed".into();
    rehash(&mut replaced[3]);
    assert_eq!(first_break(&replaced, &head), Some(Break::Foreign { seq: 5, id: AuditId(105) }));

    // The last one replaced: nothing follows it, but the head knows.
    let mut last = records;
    last[4].entry.event = "role.changed".into();
    rehash(&mut last[4]);
    assert_eq!(first_break(&last, &head), Some(Break::Head { head: 5, end: 5 }));
}

proptest! {
    #[test]
    fn any_changed_field_is_found_where_it_is(count in 1_i64..8, place in 0_usize..8, field in 0_usize..14) {
        let (mut records, head) = sealed(count);
        let place = place % records.len();
        change(field, &mut records[place]);
        let seq = i64::try_from(place).unwrap() + 1;
        let id = records[place].id;
        prop_assert_eq!(first_break(&records, &head), Some(Break::Changed { seq, id }));
    }
}
