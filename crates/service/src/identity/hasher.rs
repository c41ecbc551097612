//! Password hashing on a bounded pool.

use aivalid_model::{Error, Result};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// How long a hash waits for its turn before the caller is told to come back.
const QUEUE: Duration = Duration::from_secs(5);

/// Argon2id's cost (RFC 9106). All instances of a deployment must agree, or they rehash against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// KiB of memory; at least 19,456.
    pub memory: u32,
    /// Passes; at least 2.
    pub passes: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory: 19_456, passes: 2 }
    }
}

/// Hashes and verifies passwords with Argon2id and a pepper that is kept outside the database, on at most `cores - 1` threads.
#[derive(Clone)]
pub struct Hasher {
    pepper: Arc<[u8]>,
    params: Params,
    turns: Arc<Semaphore>,
    /// A hash of nothing anyone knows, verified where there is no account, so that the answer takes as long.
    decoy: Arc<str>,
    /// How long the dearest of the predecessor's hashes takes, in microseconds; zero when there are none.
    old_hashes: Arc<AtomicU64>,
}

impl Hasher {
    /// A hasher with a pepper of at least 32 random bytes. Fails on a cost that Argon2 does not take.
    pub fn new(pepper: &[u8], cost: HashCost) -> Result<Self> {
        let params = Params::new(cost.memory, cost.passes, 1, None).map_err(|_| Error::Internal)?;
        let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1));
        let pepper: Arc<[u8]> = pepper.into();
        let decoy = hash(&pepper, &params, b"decoy", &[7; 16])?;
        Ok(Self { pepper, params, turns: Arc::new(Semaphore::new(threads)), decoy: decoy.into(), old_hashes: Arc::default() })
    }

    /// The PHC string of a password with this salt.
    pub async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String> {
        let password = password.to_owned();
        self.in_turn(move |hasher| hash(&hasher.pepper, &hasher.params, password.as_bytes(), &salt)).await?
    }

    /// Whether a password fits a hash. Without a hash the answer is no, after the same work.
    pub async fn verify(&self, password: &str, phc: Option<&str>) -> Result<bool> {
        let known = phc.is_some();
        let phc = phc.unwrap_or(&self.decoy).to_owned();
        let password = password.to_owned();
        let fits = self.in_turn(move |hasher| hasher.verify_now(password.as_bytes(), &phc)).await?;
        Ok(fits && known)
    }

    /// Whether a hash was made with other costs than the present ones, so that it should be made anew at sign-in.
    pub fn is_outdated(&self, phc: &str) -> bool {
        PasswordHash::new(phc).ok().and_then(|hash| Params::try_from(&hash).ok()).is_none_or(|params| {
            (params.m_cost(), params.t_cost(), params.p_cost()) != (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
        })
    }

    /// How long the predecessor's hashes take to verify, as it was last found out.
    pub(super) fn old_hashes_take(&self) -> Duration {
        Duration::from_micros(self.old_hashes.load(Ordering::Relaxed))
    }

    /// Finds out how long they take at a cost of bcrypt, if there are any.
    pub(super) async fn time_old_hashes(&self, cost: Option<u32>) -> Result<()> {
        let took = match cost {
            None => Duration::ZERO,
            Some(cost) => {
                let hash = move |_: &Self| {
                    let begun = Instant::now();
                    bcrypt::hash_with_salt("", cost, [7; 16]).map(|_| begun.elapsed())
                };
                self.in_turn(hash).await?.map_err(|_| Error::Internal)?
            }
        };
        self.old_hashes.store(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(())
    }

    fn verify_now(&self, password: &[u8], phc: &str) -> bool {
        // The predecessor's hashes: bcrypt, which reads 72 bytes and knows no pepper. They are made anew at the next sign-in.
        if ["$2a$", "$2b$", "$2y$"].iter().any(|kind| phc.starts_with(kind)) {
            return bcrypt::verify(password.get(..72).unwrap_or(password), phc).unwrap_or(false);
        }
        let Ok(parsed) = PasswordHash::new(phc) else { return false };
        argon2(&self.pepper, &self.params).is_ok_and(|argon2| argon2.verify_password(password, &parsed).is_ok())
    }

    /// Runs what takes long on one of the threads for it.
    pub(super) async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> T + Send + 'static) -> Result<T> {
        let busy = Error::Unavailable { retry_after: QUEUE.as_secs() };
        let turn = tokio::time::timeout(QUEUE, self.turns.clone().acquire_owned()).await.map_err(|_| busy.clone())?.map_err(|_| busy)?;
        let hasher = self.clone();
        // The turn moves into the thread: a client that hangs up must not free it while the work goes on.
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&hasher);
            drop(turn);
            result
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "password hashing failed");
            Error::Internal
        })
    }
}

fn argon2<'a>(pepper: &'a [u8], params: &Params) -> Result<Argon2<'a>> {
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params.clone()).map_err(|_| Error::Internal)
}

fn hash(pepper: &[u8], params: &Params, password: &[u8], salt: &[u8]) -> Result<String> {
    let hash = argon2(pepper, params)?.hash_password_with_salt(password, salt).map_err(|_| Error::Internal)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashCost = HashCost { memory: 64, passes: 1 };

    #[tokio::test]
    async fn only_the_right_password_with_the_right_pepper_fits() {
        let hasher = Hasher::new(&[1; 32], CHEAP).unwrap();
        let phc = hasher.hash("kuda lumping", [3; 16]).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(hasher.verify("kuda lumping", Some(&phc)).await.unwrap());
        assert!(!hasher.verify("kuda lumpinh", Some(&phc)).await.unwrap());
        assert!(!Hasher::new(&[2; 32], CHEAP).unwrap().verify("kuda lumping", Some(&phc)).await.unwrap());
        assert!(!hasher.verify("decoy", None).await.unwrap(), "the decoy lets nobody in");
        assert!(!hasher.verify("x", Some("not a hash")).await.unwrap());
    }

    #[tokio::test]
    async fn the_predecessors_hashes_fit_and_are_outdated() {
        let hasher = Hasher::new(&[1; 32], CHEAP).unwrap();
        let phc = bcrypt::hash_with_result("kuda lumping", 4).unwrap();
        for version in [bcrypt::Version::TwoA, bcrypt::Version::TwoB, bcrypt::Version::TwoY] {
            let phc = phc.format_for_version(version);
            assert!(hasher.verify("kuda lumping", Some(&phc)).await.unwrap(), "{phc}");
            assert!(!hasher.verify("kuda lumpinh", Some(&phc)).await.unwrap());
            assert!(hasher.is_outdated(&phc));
        }
    }

    #[tokio::test]
    async fn how_long_the_predecessors_hashes_take_is_found_out() {
        let hasher = Hasher::new(&[1; 32], CHEAP).unwrap();
        assert!(hasher.old_hashes_take().is_zero());
        hasher.time_old_hashes(Some(4)).await.unwrap();
        assert!(!hasher.old_hashes_take().is_zero());
        hasher.time_old_hashes(None).await.unwrap();
        assert!(hasher.old_hashes_take().is_zero(), "the last one was replaced");
        assert!(hasher.time_old_hashes(Some(99)).await.is_err(), "no cost of bcrypt");
    }

    #[tokio::test]
    async fn other_costs_are_noticed() {
        let phc = Hasher::new(&[1; 32], CHEAP).unwrap().hash("kuda lumping", [3; 16]).await.unwrap();
        let dearer = Hasher::new(&[1; 32], HashCost { memory: 128, passes: 1 }).unwrap();
        assert!(dearer.is_outdated(&phc));
        assert!(dearer.verify("kuda lumping", Some(&phc)).await.unwrap(), "it still fits");
    }
}
