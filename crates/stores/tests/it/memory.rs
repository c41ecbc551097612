//! What may be forgotten, in memory.

use aivalid_stores::memory::MemoryCache;

async fn open() -> Box<MemoryCache> {
    Box::default()
}

aivalid_service::cache_suite!(crate::memory::open);
