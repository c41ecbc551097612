//! Contents of files: the contract in a folder and on S3, and what is particular to each.

use aivalid_service::store::{FileStore, Health};
use aivalid_stores::files::{Bucket, ObjectFiles};
use bytes::Bytes;
use futures::TryStreamExt;
use std::ops::Deref;

/// A folder that goes with its store.
pub struct TestFolder {
    store: ObjectFiles,
    folder: tempfile::TempDir,
}

impl Deref for TestFolder {
    type Target = ObjectFiles;
    fn deref(&self) -> &ObjectFiles {
        &self.store
    }
}

#[expect(clippy::unused_async, reason = "the suite opens every store with an asynchronous function")]
async fn folder() -> TestFolder {
    let folder = tempfile::tempdir().unwrap();
    TestFolder { store: ObjectFiles::folder(folder.path().join("files")).unwrap(), folder }
}

fn bucket(name: &str) -> Bucket {
    let endpoint = crate::address("TEST_S3_URL");
    Bucket { name: name.to_owned(), endpoint: Some(endpoint), region: "us-east-1".into(), key_id: "test".into(), secret: "test".into() }
}

/// A bucket of its own on the test server.
async fn s3() -> Box<ObjectFiles> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let made = reqwest_put(&format!("{}/{name}", crate::address("TEST_S3_URL"))).await;
    assert!(made.contains(" 200 "), "{made}");
    Box::new(ObjectFiles::s3(&bucket(&name)).unwrap())
}

/// Making a bucket is no work of ours, so the store can't: one bare request does it. The first line of the answer.
async fn reqwest_put(url: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("PUT /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.lines().next().unwrap_or_default().to_owned() + " "
}

mod in_a_folder {
    aivalid_service::content_suite!(crate::files::folder);
}

mod on_s3 {
    aivalid_service::content_suite!(crate::files::s3);
}

#[tokio::test]
async fn a_broken_off_write_leaves_nothing_behind() {
    let store = folder().await;
    let files = store.folder.path().join("files");
    std::fs::create_dir_all(files.join("kyc")).unwrap();
    for draft in ["kyc/a#1", "kyc/a#2"] {
        std::fs::write(files.join(draft), b"half").unwrap();
    }
    std::fs::write(files.join("kyc/b#1"), b"another's").unwrap();
    store.content_delete("kyc/a").await.unwrap();
    let left: Vec<_> = std::fs::read_dir(files.join("kyc")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["b#1"]);
}

#[tokio::test]
async fn keys_never_leave_the_folder() {
    let store = folder().await;
    std::fs::write(store.folder.path().join("secret"), b"secret").unwrap();
    for key in ["../secret", "kyc/../../secret", "/etc/passwd", "kyc//../secret", "."] {
        assert!(store.content_read(key).await.is_err() || store.content_read(key).await.unwrap().is_none(), "{key}");
        assert!(store.content_delete(key).await.is_err() || store.folder.path().join("secret").exists(), "{key}");
        assert!(store.content_write(key).await.is_err() || key == "/etc/passwd", "{key}");
    }
}

#[tokio::test]
async fn a_folder_and_a_bucket_say_whether_they_are_there() {
    folder().await.ping().await.unwrap();
    s3().await.ping().await.unwrap();
}

#[tokio::test]
async fn an_absent_bucket_is_an_error_not_an_absence() {
    let store = ObjectFiles::s3(&bucket("no-such-bucket")).unwrap();
    let mut writer = store.content_write("kyc/a").await.unwrap();
    let written = async {
        writer.write(Bytes::from_static(b"a")).await?;
        writer.finish().await
    };
    assert!(written.await.is_err());
}

#[tokio::test]
async fn a_bucket_that_cannot_be_reached_may_be_tried_again() {
    // Nobody listens on a port that was given back.
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let away = Bucket { endpoint: Some(format!("http://127.0.0.1:{port}")), ..bucket("away") };
    let store = ObjectFiles::s3(&away).unwrap();
    let error = match store.content_read("kyc/a").await {
        Err(error) => error,
        Ok(content) => panic!("{:?}", content.map(|stream| drop(stream.try_collect::<Vec<_>>()))),
    };
    assert!(error.transient, "{error}");
}

#[tokio::test]
async fn secrets_are_not_written_into_logs() {
    let mut bucket = bucket("b");
    bucket.secret = "hunter2".into();
    assert!(!format!("{bucket:?}").contains("hunter2"));
}
