//! What MongoDB's failures mean.

use aivalid_service::StoreError;
use mongodb::error::{Error, ErrorKind, TRANSIENT_TRANSACTION_ERROR, UNKNOWN_TRANSACTION_COMMIT_RESULT, WriteFailure};

/// A unique index has the key already.
const DUPLICATE_KEY: i32 = 11_000;
/// The primary is another one, is shutting down, could not be reached, or had no time; numbers of MongoDB's error list.
const PASSING: [i32; 14] = [6, 7, 50, 89, 91, 112, 189, 262, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436];

fn code(error: &Error) -> Option<i32> {
    match &*error.kind {
        ErrorKind::Command(command) => Some(command.code),
        ErrorKind::Write(WriteFailure::WriteError(write)) => Some(write.code),
        ErrorKind::Write(WriteFailure::WriteConcernError(concern)) => Some(concern.code),
        _ => None,
    }
}

/// Whether another transaction came first: the whole of this one may succeed when it is tried again. Two that make the same
/// document at once meet in a unique index, which MongoDB does not count among the transient failures.
pub(super) fn is_conflict(error: &Error) -> bool {
    error.contains_label(TRANSIENT_TRANSACTION_ERROR) || code(error) == Some(DUPLICATE_KEY)
}

/// Whether the commit may or may not have happened; committing once more is safe and tells.
pub(super) fn is_commit_unknown(error: &Error) -> bool {
    error.contains_label(UNKNOWN_TRANSACTION_COMMIT_RESULT)
}

/// A failure of an operation, as the services see it.
pub(super) fn failed(context: &'static str) -> impl Fn(Error) -> StoreError {
    move |error| {
        let passing = match &*error.kind {
            ErrorKind::Io(_)
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::ServerSelection { .. }
            | ErrorKind::DnsResolve { .. } => true,
            _ => code(&error).is_some_and(|code| PASSING.contains(&code)) || is_commit_unknown(&error) || is_conflict(&error),
        };
        if passing { StoreError::transient(context, error) } else { StoreError::new(context, error) }
    }
}
