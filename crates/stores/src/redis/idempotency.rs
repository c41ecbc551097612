//! Answers kept for repeated requests: a hash for each key with the request's fingerprint, who holds it
//! and, once done, the answer.

use super::{RedisCache, failed, millis};
use aivalid_service::store::{Attempt, IdempotencyStore, KeyClaim, SavedAnswer, StoreResult};
use async_trait::async_trait;
use std::time::Duration;

/// What the script answers: the word for what it found, and the answer's status, type and body.
type Found = (String, Option<u16>, Option<String>, Option<Vec<u8>>);

#[async_trait]
impl IdempotencyStore for RedisCache {
    async fn attempt(&self, claim: &KeyClaim, lifetime: Duration) -> StoreResult<Attempt> {
        let mut call = self.scripts.attempt.key(self.key("answer", &claim.key));
        call.arg(&claim.fingerprint).arg(&claim.holder).arg(millis(lifetime));
        let found: Found = call.invoke_async(&mut self.connection.clone()).await.map_err(failed("attempt"))?;
        Ok(match found {
            (_, Some(status), Some(content_type), Some(body)) => Attempt::Done(SavedAnswer { status, content_type, body }),
            (word, ..) if word == "first" => Attempt::First,
            (word, ..) if word == "mismatch" => Attempt::Mismatch,
            _ => Attempt::Running,
        })
    }

    async fn finish(&self, claim: &KeyClaim, answer: &SavedAnswer, keep: Duration) -> StoreResult<()> {
        let mut call = self.scripts.finish.key(self.key("answer", &claim.key));
        call.arg(&claim.fingerprint).arg(&claim.holder).arg(answer.status).arg(&answer.content_type).arg(&answer.body).arg(millis(keep));
        call.invoke_async(&mut self.connection.clone()).await.map_err(failed("finish"))
    }

    async fn give_up(&self, claim: &KeyClaim) -> StoreResult<()> {
        let mut call = self.scripts.give_up.key(self.key("answer", &claim.key));
        call.arg(&claim.holder);
        call.invoke_async(&mut self.connection.clone()).await.map_err(failed("give_up"))
    }
}
