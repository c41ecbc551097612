//! What the outside gives: time, chance, mail, SMS, places. Real ones are in the stores and server crates, still ones in tests.

use crate::{mail::Mail, sms::Sms};
use aivalid_model::{
    Timestamp,
    id::{ReplyId, UserId},
};
use async_trait::async_trait;
use std::net::IpAddr;

/// The time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Chance, from the operating system's generator or, in tests and seeds, from a fixed one.
pub trait Random: Send + Sync {
    /// Fills a buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// Ids and secrets made from [`Random`].
impl dyn Random + '_ {
    /// A random array.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A positive integer of at most 53 bits, exact in JavaScript.
    pub fn int53(&self) -> i64 {
        (i64::from_le_bytes(self.bytes()) & ((1 << 53) - 1)).max(1)
    }

    /// A user id.
    pub fn user_id(&self) -> UserId {
        UserId(self.int53())
    }

    /// A reply id: see [`ReplyId`].
    pub fn reply_id(&self, now: Timestamp) -> ReplyId {
        /// 2024-01-01T00:00:00Z in milliseconds.
        const EPOCH: i64 = 1_704_067_200_000;
        let low = i64::from(u16::from_le_bytes(self.bytes()) & 0xFFF);
        ReplyId(((now.millis() - EPOCH).clamp(0, (1 << 41) - 1) << 12) | low)
    }

    /// An opaque secret of 256 bits, URL-safe, with a prefix that tells what it is and a checksum: see [`crate::secret`].
    pub fn secret(&self, prefix: &str) -> String {
        crate::secret::of_bytes(prefix, &self.bytes())
    }
}

/// Where an address probably is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1, two letters.
    pub country: String,
    /// For people: `Bandung, Indonesia`.
    pub words: String,
}

/// Tells where addresses probably are.
pub trait Places: Send + Sync {
    /// Where an address is; `None` for what nobody knows.
    fn find(&self, ip: IpAddr) -> Option<Place>;
}

/// Knows no place: where no database of addresses is configured.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl Places for Nowhere {
    fn find(&self, _: IpAddr) -> Option<Place> {
        None
    }
}

/// Why a mail or an SMS could not be delivered. The words are for the operator; addresses in them are blanked out by whoever keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// The server can't be reached or does not want it now.
    Later(String),
    /// It will never be accepted.
    Never(String),
}

/// Delivers mail. Only the queue's worker calls it: use cases post letters (`mail`).
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Delivers a mail; returns once somebody else answers for it.
    async fn send(&self, mail: &Mail) -> Result<(), Undelivered>;
}

/// Delivers SMS. Only the queue's worker calls it: use cases queue them (`sms`).
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Delivers an SMS; returns once somebody else answers for it.
    async fn send(&self, sms: &Sms) -> Result<(), Undelivered>;
}
