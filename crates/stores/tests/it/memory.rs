//! What may be forgotten, in memory.

use aivalid_stores::memory::MemoryCache;

#[expect(clippy::unused_async, reason = "the suite opens every store with an asynchronous function")]
async fn open() -> Box<MemoryCache> {
    Box::default()
}

aivalid_service::cache_suite!(crate::memory::open);
