//! Contents of files, in whichever store.

use crate::store::{ContentWriter, FileStore};
use bytes::Bytes;
use futures::{TryStreamExt, future::join_all};

fn bytes(length: usize, seed: usize) -> Vec<u8> {
    (0..length).map(|place| u8::try_from((place * 7 + place / 253 + seed) % 256).unwrap()).collect()
}

async fn write(store: &dyn FileStore, key: &str, content: &[u8], step: usize) {
    let mut writer = store.content_write(key).await.unwrap();
    for part in content.chunks(step.max(1)) {
        writer.write(Bytes::copy_from_slice(part)).await.unwrap();
    }
    writer.finish().await.unwrap();
}

async fn read(store: &dyn FileStore, key: &str) -> Option<Vec<u8>> {
    let parts: Vec<Bytes> = store.content_read(key).await.unwrap()?.try_collect().await.unwrap();
    Some(parts.concat())
}

/// Also nothing at all, and more than any part holds.
pub async fn content_comes_back_whole(store: &dyn FileStore) {
    for (number, length) in [0, 1, 4096, 300_000, 11_000_000].into_iter().enumerate() {
        let (key, content) = (format!("kyc/{number}"), bytes(length, number));
        write(store, &key, &content, 65_552).await;
        assert!(read(store, &key).await.unwrap() == content, "{length}");
    }
}

/// Under a key that nothing was written to there is nothing, not an error.
pub async fn nothing_is_under_an_unknown_key(store: &dyn FileStore) {
    assert_eq!(read(store, "kyc/none").await, None);
    write(store, "kyc/a", b"a", 1).await;
    for beside in ["kyc/aa", "kyc/A", "avatar/a"] {
        assert_eq!(read(store, beside).await, None, "{beside}");
    }
}

/// Nothing appears before it is finished, nor when it is given up, nor when its writer is dropped.
pub async fn content_appears_whole_or_not_at_all(store: &dyn FileStore) {
    for length in [10, 700_000, 12_000_000] {
        let content = bytes(length, 3);
        let begun = async |key: &str| {
            let mut writer = store.content_write(key).await.unwrap();
            for part in content.chunks(65_552) {
                writer.write(Bytes::copy_from_slice(part)).await.unwrap();
            }
            assert_eq!(read(store, key).await, None);
            writer
        };
        begun("kyc/aborted").await.abort().await.unwrap();
        assert_eq!(read(store, "kyc/aborted").await, None);
        drop(begun("kyc/dropped").await);
        assert_eq!(read(store, "kyc/dropped").await, None);
        let writer: Box<dyn ContentWriter> = begun("kyc/done").await;
        writer.finish().await.unwrap();
        assert!(read(store, "kyc/done").await.unwrap() == content);
        store.content_delete("kyc/done").await.unwrap();
    }
}

/// As often as one likes, and whatever else is there stays.
pub async fn deleting_is_done_once_and_harmless_after(store: &dyn FileStore) {
    write(store, "kyc/a", b"a", 1).await;
    write(store, "kyc/ab", b"ab", 1).await;
    for _ in 0..3 {
        store.content_delete("kyc/a").await.unwrap();
        assert_eq!(read(store, "kyc/a").await, None);
    }
    store.content_delete("kyc/never").await.unwrap();
    assert_eq!(read(store, "kyc/ab").await.unwrap(), b"ab");
    write(store, "kyc/a", b"again", 5).await;
    assert_eq!(read(store, "kyc/a").await.unwrap(), b"again");
}

/// Many at once do not mix.
pub async fn racing_writes_keep_apart(store: &dyn FileStore) {
    let contents: Vec<Vec<u8>> = (0..12).map(|number| bytes(200_000 + number, number)).collect();
    join_all(contents.iter().enumerate().map(|(number, content)| async move {
        write(store, &format!("kyc/{number}"), content, 10_007).await;
    }))
    .await;
    for (number, content) in contents.iter().enumerate() {
        assert!(read(store, &format!("kyc/{number}")).await.unwrap() == *content);
    }
}
