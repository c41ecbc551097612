
use aivalid_service::store::*;
use aivalid_model::{Timestamp,id::SessionId};
use std::time::Duration;
pub struct MemoryStore(tokio::sync::broadcast::Sender<Signal>);
impl MemoryStore { pub fn new()->Self{Self(tokio::sync::broadcast::channel(16).0)} }
#[async_trait::async_trait]
impl SessionCache for MemoryStore {
 async fn session_recall(&self,_:SessionId)->StoreResult<Option<CachedSession>>{Ok(None)}
 async fn session_remember(&self,_:SessionId,_:&CachedSession,_:Duration)->StoreResult<()>{Ok(())}
 async fn session_forget(&self,_:SessionId)->StoreResult<()>{Ok(())}
}
#[async_trait::async_trait]
impl RateLimiter for MemoryStore { async fn admit(&self,_:&str,l:Limit,_:Timestamp)->StoreResult<Admission>{Ok(Admission{allowed:true,remaining:l.count,retry_after:Duration::ZERO})} }
#[async_trait::async_trait]
impl IdempotencyStore for MemoryStore {
 async fn attempt(&self,_:&str,_:&str,_:Duration)->StoreResult<Attempt>{Ok(Attempt::First)}
 async fn finish(&self,_:&str,_:&str,_:&SavedAnswer,_:Duration)->StoreResult<()>{Ok(())}
 async fn give_up(&self,_:&str)->StoreResult<()>{Ok(())}
}
#[async_trait::async_trait]
impl Signals for MemoryStore {
 async fn publish(&self,_:Signal)->StoreResult<()>{Ok(())}
 async fn subscribe(&self)->StoreResult<tokio::sync::broadcast::Receiver<Signal>>{Ok(self.0.subscribe())}
}
