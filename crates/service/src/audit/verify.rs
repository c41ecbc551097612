//! Whether the logs are as they were written.

use super::chain::{Break, Walk};
use crate::{Service, cases::log};
use aivalid_model::{Result, id::CaseId};

/// How many entries or cases are read at once.
const STEP: i64 = 1_000;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<B> {
    /// How many entries or cases were found good.
    pub good: u64,
    /// The first break, if there is one.
    pub broken: Option<B>,
}

/// A case's log that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenCase {
    /// The case.
    pub case: CaseId,
    /// The first entry that is not as it was written; one more than there are when the last ones are missing.
    pub seq: i64,
}

impl Service {
    /// Walks the audit log from its beginning; while others go on writing. With an anchor (a place and its hash, noted
    /// earlier), a chain that was made anew as a whole is found too. For the operator's command line: it asks nobody.
    pub async fn verify_audit(&self, anchor: Option<(i64, &str)>) -> Result<(Verified<Break>, Walk)> {
        let mut walk = Walk::default();
        let broken = self.walk_audit(&mut walk, anchor).await?.err();
        Ok((Verified { good: walk.seq().unsigned_abs(), broken }, walk))
    }

    async fn walk_audit(&self, walk: &mut Walk, anchor: Option<(i64, &str)>) -> Result<Result<(), Break>> {
        let audit = &self.inner.stores.audit;
        loop {
            let records = audit.audit_chain(walk.seq(), STEP).await?;
            if records.is_empty() {
                // The head is read after the entries: it moves in the same step as they are sealed, so it is never behind them.
                let head = audit.audit_head().await?;
                // What was sealed meanwhile is still to be walked.
                if head.seq > walk.seq() && !audit.audit_chain(walk.seq(), 1).await?.is_empty() {
                    continue;
                }
                let missed = anchor.filter(|(seq, _)| *seq > walk.seq()).map(|(seq, _)| Break::Anchor { seq });
                return Ok(walk.end(&head).and_then(|()| missed.map_or(Ok(()), Err)));
            }
            for record in &records {
                if let Err(broken) = walk.step(record) {
                    return Ok(Err(broken));
                }
                if anchor.is_some_and(|(seq, hash)| seq == walk.seq() && hash != walk.hash()) {
                    return Ok(Err(Break::Anchor { seq: walk.seq() }));
                }
            }
        }
    }

    /// Walks every case's log, deleted cases too. For the operator's command line: it asks nobody.
    pub async fn verify_cases(&self) -> Result<Verified<BrokenCase>> {
        let cases = &self.inner.stores.cases;
        let (mut after, mut good) = (CaseId(0), 0);
        loop {
            let heads = cases.case_log_heads(after, STEP).await?;
            let Some((last, _)) = heads.last() else { return Ok(Verified { good, broken: None }) };
            after = *last;
            for (case, head) in heads {
                if let Some(seq) = self.broken_log(case, head).await? {
                    return Ok(Verified { good, broken: Some(BrokenCase { case, seq }) });
                }
                good += 1;
            }
        }
    }

    /// The first entry of a case's log that is not as it was written.
    async fn broken_log(&self, case: CaseId, head: i64) -> Result<Option<i64>> {
        let cases = &self.inner.stores.cases;
        let records = cases.case_log(case).await?;
        if let Some(seq) = log::first_break(case, &records) {
            return Ok(Some(seq));
        }
        let length = i64::try_from(records.len()).unwrap_or(i64::MAX);
        if length <= head {
            return Ok((length < head).then_some(length + 1));
        }
        // The log may have grown since its head was read; the head grows in the same step.
        let now = cases.case_log_heads(CaseId(case.0 - 1), 1).await?.first().map_or(0, |(_, head)| *head);
        Ok((length > now).then_some(now + 1))
    }
}
