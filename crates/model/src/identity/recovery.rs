//! Recovering an account whose owner lost every second factor: what is asked, answered, and reviewed.

use super::{SessionView, Token, UserCard};
use crate::{
    Result, Timestamp,
    check::{CheckAll, Fields, lines, text_value},
    id::{KycId, RecoveryId},
    kyc::KycLevel,
};
use serde::{Deserialize, Serialize};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RecoveryState {
    /// It waits, and its owner is told.
    Waiting,
    /// The waiting time is over; a reviewer decides.
    Review,
    /// The link that finishes it was mailed.
    Ready,
    /// The second factors are gone.
    Done,
    /// Its owner stopped it, or showed a second factor.
    Stopped,
    /// A reviewer rejected it.
    Rejected,
    /// Nobody followed the link in time.
    Lapsed,
}

impl RecoveryState {
    /// Every state.
    pub const ALL: [Self; 7] = [Self::Waiting, Self::Review, Self::Ready, Self::Done, Self::Stopped, Self::Rejected, Self::Lapsed];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Review => "review",
            Self::Ready => "ready",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Rejected => "rejected",
            Self::Lapsed => "lapsed",
        }
    }

    /// Whether it may still come to something. An account has one such request at most.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Review | Self::Ready)
    }
}

impl std::str::FromStr for RecoveryState {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

text_value! {
    /// What happened, in the owner's words: 20 to 2,000 characters, which a reviewer reads.
    RecoveryStatement = |text| lines(text, 20, 2000);
}

/// `POST /api/auth/recovery`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecoveryInput {
    /// From the answer to the first step of signing in.
    pub mfa_token: String,
    /// What happened: 20 to 2,000 characters. Needed from KYC level 1 on, where a reviewer reads it.
    #[serde(default)]
    pub statement: Option<String>,
}

/// A checked request.
#[derive(Clone, Debug)]
pub struct RecoveryRequest {
    /// Of a sign-in that waits for its second factor.
    pub token: Token,
    /// What happened.
    pub statement: Option<RecoveryStatement>,
}

impl CheckAll for RecoveryInput {
    type Checked = RecoveryRequest;
    fn check_all(self) -> Result<RecoveryRequest> {
        let mut fields = Fields::new();
        let token = fields.check::<Token>("mfa_token", self.mfa_token);
        let said = self.statement.filter(|text| !text.trim().is_empty());
        let statement = fields.optional::<RecoveryStatement>("statement", said);
        fields.finish((|| Some(RecoveryRequest { token: token?, statement: statement? }))())
    }
}

/// A request, as whoever asked sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryAnswer {
    /// Where it stands.
    pub state: RecoveryState,
    /// When it was asked for first.
    pub asked_at: Timestamp,
    /// When the waiting time is over.
    pub waits_until: Timestamp,
    /// Whether a reviewer decides after that; otherwise the link that finishes it is mailed at once.
    pub reviewed: bool,
}

/// What asking for recovery takes of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryNeeds {
    /// Whether there must be a statement.
    pub statement: bool,
    /// The request that is open already.
    pub open: Option<RecoveryAnswer>,
}

/// A request in the archive of one's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryView {
    /// Where it stands.
    pub state: RecoveryState,
    /// What was written.
    pub statement: Option<String>,
    /// The address it was asked for from.
    pub ip: String,
    /// The device it was asked for with, in words.
    pub device: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the waiting time is over.
    pub waits_until: Timestamp,
    /// When it came to an end.
    pub ended_at: Option<Timestamp>,
    /// Why a reviewer rejected it.
    pub reason: Option<String>,
}

/// A request as reviewers see it in their list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecoveryReview {
    /// The request.
    pub id: RecoveryId,
    /// Whose account.
    pub user: UserCard,
    /// Where it stands.
    pub state: RecoveryState,
    /// What happened, in their words; absent where none was needed when it was asked for.
    pub statement: Option<String>,
    /// The address it was asked for from.
    pub ip: String,
    /// Where that address probably is, where we know.
    pub place: Option<String>,
    /// The device it was asked for with, in words.
    pub device: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the waiting time was over.
    pub waits_until: Timestamp,
    /// When a reviewer decided it.
    pub decided_at: Option<Timestamp>,
    /// Who did.
    pub decided_by: Option<UserCard>,
    /// Why it was rejected.
    pub reason: Option<String>,
}

/// A request with what a reviewer needs to decide it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecoveryDossier {
    /// The request.
    #[serde(flatten)]
    pub review: RecoveryReview,
    /// When the account was made.
    pub joined_at: Timestamp,
    /// The account's level now.
    pub kyc_level: KycLevel,
    /// The identity documents that the level rests on: the last submission that was approved.
    pub kyc: Option<KycId>,
    /// Where the account is signed in.
    pub sessions: Vec<SessionView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        assert!(RecoveryState::ALL.into_iter().all(|state| state.as_str().parse() == Ok(state)));
    }

    #[test]
    fn a_statement_may_be_left_out_but_not_be_short() {
        let input =
            |statement: Option<&str>| RecoveryInput { mfa_token: "mfa_abcdefghijklmnop".into(), statement: statement.map(str::to_owned) };
        assert!(input(None).check_all().unwrap().statement.is_none());
        assert!(input(Some(" \n ")).check_all().unwrap().statement.is_none());
        assert!(input(Some("Ponsel hilang")).check_all().is_err());
        assert!(input(Some(&"x".repeat(2001))).check_all().is_err());
        let said = input(Some("Ponsel saya hilang di kereta.\r\nKodenya juga.")).check_all().unwrap().statement.unwrap();
        assert_eq!(said.as_ref(), "Ponsel saya hilang di kereta.\nKodenya juga.");
    }
}
