//! Files: written as a stream that is hashed and encrypted on the way, read back the same way, deleted by a job.
//!
//! Each file has a random key of its own, which the database keeps sealed ([`crate::seal`]); the store of contents sees
//! ciphertext alone ([`chunks`]). See [`crate::store::FileStore`] for how the two stay together.

mod chunks;
mod pictures;
mod read;
mod sweep;
mod write;

pub use pictures::{LARGE_PIXELS, PictureDesk, SMALL_PIXELS};
pub use read::OpenFile;
pub(crate) use write::Wanted;

use crate::{
    seal::{Bound, Purpose},
    store::{FileId, FilePurpose},
};

/// Where a file's content is kept.
fn key(purpose: FilePurpose, id: &FileId) -> String {
    format!("{}/{}", purpose.as_str(), id.0)
}

/// What the data key of a file is sealed for.
fn bound(id: &FileId) -> Bound<'_> {
    Bound { purpose: Purpose::File, to: &id.0 }
}
