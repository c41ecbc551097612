//! The content of files: in a folder, or in a bucket of anything that speaks S3. What is kept here is encrypted already.

mod writer;

use aivalid_service::{
    StoreError,
    store::{Content, ContentWriter, FileStore, Health, StoreResult},
};
use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt};
use object_store::{
    ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
};
use std::{path::PathBuf, sync::Arc, time::Duration};
use writer::Writer;

/// How long one request to S3 may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is sent to S3 at once; it takes no smaller parts.
const PART: usize = 5 * 1024 * 1024;
/// What is written to a folder at once.
const BLOCK: usize = 256 * 1024;

/// A bucket and how to reach it.
#[derive(Clone)]
pub struct Bucket {
    /// The bucket's name.
    pub name: String,
    /// `https://…`; AWS's own for the region when absent.
    pub endpoint: Option<String>,
    /// Such as `ap-southeast-3`.
    pub region: String,
    /// The access key's id.
    pub key_id: String,
    /// The access key.
    pub secret: String,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bucket").field("name", &self.name).field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// Contents in a folder or a bucket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ObjectFiles {
    store: Arc<dyn ObjectStore>,
    name: &'static str,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
    part: usize,
}

impl ObjectFiles {
    /// In a folder, which is made when missing. What was finished survives a power failure.
    pub fn folder(path: impl Into<PathBuf>) -> StoreResult<Self> {
        let path = path.into();
        std::fs::create_dir_all(&path).map_err(|error| StoreError::new("files_folder", error))?;
        let store = LocalFileSystem::new_with_prefix(&path).map_err(failed("files_folder"))?.with_fsync(true);
        Ok(Self { store: Arc::new(store), name: "files", folder: Some(path), part: BLOCK })
    }

    /// In a bucket, which must exist. Nothing is asked of it yet.
    pub fn s3(bucket: &Bucket) -> StoreResult<Self> {
        // The cryptography of TLS, as everywhere else here; an error only says that it is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.key_id)
            .with_secret_access_key(&bucket.secret)
            .with_retry(RetryConfig { max_retries: 3, retry_timeout: PATIENCE, ..RetryConfig::default() })
            .with_client_options(ClientOptions::new().with_timeout(PATIENCE).with_allow_http(plain));
        let builder = match &bucket.endpoint {
            Some(endpoint) => builder.with_endpoint(endpoint),
            None => builder,
        };
        let store = builder.build().map_err(failed("files_s3"))?;
        Ok(Self { store: Arc::new(store), name: "s3", folder: None, part: PART })
    }
}

/// A key as a path; ours need no escaping.
fn at(key: &str) -> StoreResult<Path> {
    Path::parse(key).map_err(|error| StoreError::new("files_key", error))
}

fn failed(context: &'static str) -> impl Fn(Error) -> StoreError + Copy {
    move |error| match error {
        // Everything that is not an answer to what was asked: no connection, a time-out, a server that is down.
        Error::Generic { .. } => StoreError::transient(context, error),
        error => StoreError::new(context, error),
    }
}

#[async_trait]
impl FileStore for ObjectFiles {
    async fn content_write(&self, key: &str) -> StoreResult<Box<dyn ContentWriter>> {
        Ok(Box::new(Writer::new(self.store.clone(), at(key)?, self.part)))
    }

    async fn content_read(&self, key: &str) -> StoreResult<Option<Content<StoreError>>> {
        match self.store.get(&at(key)?).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(failed("content_read")).boxed())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("content_read")(error)),
        }
    }

    async fn content_delete(&self, key: &str) -> StoreResult<()> {
        match self.store.delete(&at(key)?).await {
            Ok(()) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(failed("content_delete")(error)),
        }
        match &self.folder {
            Some(folder) => writer::clear_drafts(folder, key).await,
            // A bucket's unfinished uploads are ended by its own rules.
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Health for ObjectFiles {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn ping(&self) -> StoreResult<()> {
        match self.store.head(&at("health")?).await {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("files_ping")(error)),
        }
    }
}
