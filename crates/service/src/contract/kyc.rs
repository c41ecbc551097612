//! Identity documents.

use super::{
    CoreStore,
    files::{begin, doomed},
    fixtures::{at, user},
};
use crate::store::{FilePurpose, KycRetention, KycSent, KycVerdict, NewDocument};
use aivalid_model::{
    Timestamp,
    id::{KycDocumentId, KycId, UserId},
    kyc::{DocumentKind, KycLevel, KycStatus},
    page::PageRequest,
};
use futures::future::join_all;

const KEEP_ALL: KycRetention = KycRetention { waiting: Timestamp(0), rejected: Timestamp(0), approved: Timestamp(0) };

async fn document(store: &dyn CoreStore, id: i64, user: UserId, kind: DocumentKind, second: i64) -> NewDocument {
    let file = begin(store, user, FilePurpose::Kyc, &format!("f{id}"), second).await;
    NewDocument { id: KycDocumentId(id), user, kind, file, now: at(second) }
}

async fn send(store: &dyn CoreStore, id: i64, user: UserId, kind: DocumentKind, second: i64) -> KycDocumentId {
    let document = document(store, id, user, kind, second).await;
    assert_eq!(store.kyc_document_add(&document).await.unwrap(), KycSent::Done);
    document.id
}

/// Card and face, submitted as `id`; the documents are `10 id` and `10 id + 1`.
async fn submission(store: &dyn CoreStore, id: i64, user: UserId, second: i64) -> KycId {
    let card = send(store, 10 * id, user, DocumentKind::IdentityCard, second).await;
    let face = send(store, 10 * id + 1, user, DocumentKind::Selfie, second).await;
    assert_eq!(store.kyc_submit(user, KycId(id), &[card, face], at(second)).await.unwrap(), KycSent::Done);
    KycId(id)
}

async fn standing(store: &dyn CoreStore, user: UserId) -> (KycStatus, u8) {
    let user = store.user_by_id(user).await.unwrap().unwrap();
    (user.kyc_status, user.kyc_level.number())
}

fn approved(level: KycLevel) -> KycVerdict {
    KycVerdict::Approved(level)
}

fn rejected() -> KycVerdict {
    KycVerdict::Rejected("Foto KTP tidak terbaca.".into())
}

/// With its file, and others of their kind stay.
pub async fn a_document_waits_until_it_is_submitted(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    assert_eq!(standing(store, ani).await, (KycStatus::None, 0));
    send(store, 5, ani, DocumentKind::Selfie, 1).await;
    send(store, 6, ani, DocumentKind::IdentityCard, 2).await;
    send(store, 7, budi, DocumentKind::Selfie, 3).await;
    let waiting = store.kyc_waiting(ani).await.unwrap();
    assert_eq!(waiting.iter().map(|document| document.id.0).collect::<Vec<_>>(), [6, 5], "in the order of the form");
    let card = &waiting[0];
    assert_eq!((card.size, card.sha256, card.uploaded_at, card.deleted_at), (5_000_000_000, [9; 32], at(2), None));
    assert!(store.file_get(card.file.as_ref().unwrap()).await.unwrap().is_some());
    assert_eq!(standing(store, ani).await, (KycStatus::None, 0), "sending is not submitting");
}

/// And gives its file up.
pub async fn a_document_replaces_the_one_of_its_kind(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    send(store, 5, ani, DocumentKind::Selfie, 1).await;
    send(store, 6, ani, DocumentKind::Selfie, 2).await;
    let waiting = store.kyc_waiting(ani).await.unwrap();
    assert_eq!(waiting.iter().map(|document| document.id.0).collect::<Vec<_>>(), [6]);
    assert_eq!(doomed(store, 0).await, ["f5"]);
    // A file that was given up meanwhile can't be kept, and the document that waits stays.
    let late = document(store, 7, ani, DocumentKind::Selfie, 3).await;
    store.file_give_up(&late.file.id).await.unwrap();
    assert_eq!(store.kyc_document_add(&late).await.unwrap(), KycSent::Missing);
    assert_eq!(store.kyc_waiting(ani).await.unwrap()[0].id.0, 6);
}

/// One waits, whoever was faster.
pub async fn racing_documents_of_a_kind_leave_one(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let mut documents = vec![];
    for id in 1..=6 {
        documents.push(document(store, id, ani, DocumentKind::Selfie, id).await);
    }
    let sent = join_all(documents.iter().map(|document| store.kyc_document_add(document))).await;
    assert!(sent.into_iter().all(|outcome| outcome.unwrap() == KycSent::Done));
    assert_eq!((store.kyc_waiting(ani).await.unwrap().len(), doomed(store, 0).await.len()), (1, 5));
}

/// All that are named or none, only one's own, and only once.
pub async fn a_submission_takes_its_documents(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let card = send(store, 5, ani, DocumentKind::IdentityCard, 1).await;
    let face = send(store, 6, ani, DocumentKind::Selfie, 1).await;
    let budis = send(store, 7, budi, DocumentKind::Selfie, 1).await;
    for wrong in [vec![], vec![card, budis], vec![budis], vec![card, KycDocumentId(404)]] {
        assert_eq!(store.kyc_submit(ani, KycId(1), &wrong, at(2)).await.unwrap(), KycSent::Missing);
    }
    assert_eq!(store.kyc_submit(UserId(404), KycId(1), &[card], at(2)).await.unwrap(), KycSent::Missing);
    assert_eq!((store.kyc_waiting(ani).await.unwrap().len(), store.kyc_get(KycId(1)).await.unwrap()), (2, None));
    assert_eq!(store.kyc_submit(ani, KycId(1), &[card, face], at(2)).await.unwrap(), KycSent::Done);
    assert_eq!(standing(store, ani).await, (KycStatus::Pending, 0));
    assert_eq!(store.kyc_waiting(ani).await.unwrap(), []);
    let submission = store.kyc_get(KycId(1)).await.unwrap().unwrap();
    assert_eq!((submission.user, submission.status, submission.submitted_at), (ani, KycStatus::Pending, at(2)));
    assert_eq!((submission.decided_at, submission.decided_by, submission.level, &submission.reason), (None, None, None, &None));
    assert_eq!(submission.documents.iter().map(|document| document.id).collect::<Vec<_>>(), [card, face]);
    assert_eq!(store.kyc_submissions(ani).await.unwrap(), [submission]);
    assert_eq!(store.kyc_submissions(budi).await.unwrap(), []);
}

/// Neither documents nor another submission.
pub async fn nothing_is_sent_while_a_submission_waits(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    submission(store, 1, ani, 1).await;
    let more = document(store, 5, ani, DocumentKind::ProofOfAddress, 2).await;
    assert_eq!(store.kyc_document_add(&more).await.unwrap(), KycSent::Pending);
    assert_eq!(store.kyc_submit(ani, KycId(2), &[more.id], at(2)).await.unwrap(), KycSent::Pending);
    assert_eq!(store.kyc_submissions(ani).await.unwrap().len(), 1);
}

/// Whichever documents they name.
pub async fn of_racing_submissions_one_succeeds(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    let card = send(store, 5, ani, DocumentKind::IdentityCard, 1).await;
    let face = send(store, 6, ani, DocumentKind::Selfie, 1).await;
    let both = [card, face];
    let sent = join_all((1..=6).map(|id| store.kyc_submit(ani, KycId(id), &both, at(2)))).await;
    assert_eq!(sent.into_iter().filter(|outcome| *outcome.as_ref().unwrap() == KycSent::Done).count(), 1);
    assert_eq!(store.kyc_submissions(ani).await.unwrap().len(), 1);
}

/// The owner's standing with it.
pub async fn approving_sets_the_level(store: &dyn CoreStore) {
    let (ani, rina) = (user(store, 1).await, user(store, 2).await);
    let id = submission(store, 1, ani, 1).await;
    assert!(store.kyc_decide(id, rina, &approved(KycLevel::TWO), at(5)).await.unwrap());
    assert_eq!(standing(store, ani).await, (KycStatus::Approved, 2));
    let submission = store.kyc_get(id).await.unwrap().unwrap();
    assert_eq!((submission.status, submission.level, submission.reason), (KycStatus::Approved, Some(KycLevel::TWO), None));
    assert_eq!((submission.decided_at, submission.decided_by), (Some(at(5)), Some(rina)));
    assert_eq!(standing(store, rina).await, (KycStatus::None, 0));
}

/// What was reached before stays, and more can be submitted.
pub async fn rejecting_leaves_the_level(store: &dyn CoreStore) {
    let (ani, rina) = (user(store, 1).await, user(store, 2).await);
    let first = submission(store, 1, ani, 1).await;
    assert!(store.kyc_decide(first, rina, &approved(KycLevel::ONE), at(2)).await.unwrap());
    let second = submission(store, 2, ani, 3).await;
    assert_eq!(standing(store, ani).await, (KycStatus::Pending, 1), "the level stays while more is looked at");
    assert!(store.kyc_decide(second, rina, &rejected(), at(4)).await.unwrap());
    assert_eq!(standing(store, ani).await, (KycStatus::Rejected, 1));
    let kept = store.kyc_get(second).await.unwrap().unwrap();
    assert_eq!((kept.status, kept.level, kept.reason.as_deref()), (KycStatus::Rejected, None, Some("Foto KTP tidak terbaca.")));
    let third = submission(store, 3, ani, 5).await;
    let order: Vec<_> = store.kyc_submissions(ani).await.unwrap().into_iter().map(|submission| submission.id).collect();
    assert_eq!(order, [third, second, first]);
}

/// Nor what was decided, nor what is not there.
pub async fn nobody_decides_their_own(store: &dyn CoreStore) {
    let (ani, rina) = (user(store, 1).await, user(store, 2).await);
    let id = submission(store, 1, ani, 1).await;
    assert!(!store.kyc_decide(id, ani, &approved(KycLevel::THREE), at(2)).await.unwrap());
    assert!(!store.kyc_decide(KycId(404), rina, &approved(KycLevel::THREE), at(2)).await.unwrap());
    assert_eq!(standing(store, ani).await, (KycStatus::Pending, 0));
    assert!(store.kyc_decide(id, rina, &rejected(), at(2)).await.unwrap());
    assert!(!store.kyc_decide(id, rina, &approved(KycLevel::THREE), at(3)).await.unwrap());
    assert_eq!(standing(store, ani).await, (KycStatus::Rejected, 0));
}

/// And what it said is what holds.
pub async fn of_racing_decisions_one_succeeds(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    for reviewer in 2..=7 {
        user(store, reviewer).await;
    }
    for round in 1..=5 {
        let id = submission(store, round, ani, round).await;
        let decide = |reviewer: i64| async move {
            let verdict = if reviewer % 2 == 0 { approved(KycLevel::ONE) } else { rejected() };
            store.kyc_decide(id, UserId(reviewer), &verdict, at(100 + reviewer)).await.unwrap()
        };
        let decided = join_all((2..=7).map(decide)).await;
        assert_eq!(decided.iter().filter(|done| **done).count(), 1);
        let winner = UserId(2 + i64::try_from(decided.iter().position(|done| *done).unwrap()).unwrap());
        let submission = store.kyc_get(id).await.unwrap().unwrap();
        assert_eq!((submission.decided_by, submission.status), (Some(winner), standing(store, ani).await.0));
    }
}

/// Waiting ones oldest first, decided ones newest first, by pages.
pub async fn the_queue_is_worked_through_from_its_head(store: &dyn CoreStore) {
    let rina = user(store, 50).await;
    for (id, second) in [(1, 30), (2, 10), (3, 20), (4, 40)] {
        let owner = user(store, id).await;
        submission(store, id, owner, second).await;
    }
    let queue = async |status, page, limit| {
        let list = store.kyc_queue(status, PageRequest { page, limit }).await.unwrap();
        (list.items.iter().map(|submission| submission.id.0).collect::<Vec<_>>(), list.total)
    };
    assert_eq!(queue(KycStatus::Pending, 1, 3).await, (vec![2, 3, 1], 4));
    assert_eq!(queue(KycStatus::Pending, 2, 3).await, (vec![4], 4));
    assert_eq!(queue(KycStatus::Approved, 1, 3).await, (vec![], 0));
    for id in [1, 2] {
        assert!(store.kyc_decide(KycId(id), rina, &approved(KycLevel::ONE), at(60)).await.unwrap());
    }
    assert_eq!(queue(KycStatus::Pending, 1, 9).await, (vec![3, 4], 2));
    assert_eq!(queue(KycStatus::Approved, 1, 9).await, (vec![1, 2], 2));
    let list = store.kyc_queue(KycStatus::Pending, PageRequest::default()).await.unwrap();
    assert_eq!(list.items[0].documents.iter().map(|document| document.id.0).collect::<Vec<_>>(), [30, 31]);
}

/// Only of the submission that it belongs to.
pub async fn a_document_is_found_in_its_submission(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    let (anis, budis) = (submission(store, 1, ani, 1).await, submission(store, 2, budi, 2).await);
    let file = store.kyc_file(anis, KycDocumentId(10)).await.unwrap().unwrap();
    assert_eq!((file.file.id.0.as_str(), file.owner, file.purpose), ("f10", ani, FilePurpose::Kyc));
    assert_eq!(store.kyc_file(budis, KycDocumentId(10)).await.unwrap(), None);
    assert_eq!(store.kyc_file(anis, KycDocumentId(404)).await.unwrap(), None);
    let waiting = user(store, 3).await;
    let draft = send(store, 5, waiting, DocumentKind::Selfie, 3).await;
    assert_eq!(store.kyc_file(anis, draft).await.unwrap(), None);
}

/// Each by its own time; what waits for a reviewer is never too old, and what was shown stays known by its digest.
pub async fn documents_go_when_their_time_is_over(store: &dyn CoreStore) {
    let (ani, budi, cici, dedi) = (user(store, 1).await, user(store, 2).await, user(store, 3).await, user(store, 4).await);
    let yes = submission(store, 1, ani, 10).await;
    let no = submission(store, 2, budi, 10).await;
    submission(store, 3, cici, 10).await;
    send(store, 5, dedi, DocumentKind::Selfie, 10).await;
    assert!(store.kyc_decide(yes, UserId(4), &approved(KycLevel::ONE), at(20)).await.unwrap());
    assert!(store.kyc_decide(no, UserId(4), &rejected(), at(20)).await.unwrap());
    assert_eq!(store.kyc_expire(&KEEP_ALL, at(99)).await.unwrap(), 0);
    let just = KycRetention { waiting: at(10), rejected: at(20), approved: at(20) };
    assert_eq!(store.kyc_expire(&just, at(99)).await.unwrap(), 0, "not to the second, but after it");
    assert_eq!(store.kyc_expire(&KycRetention { rejected: at(21), ..KEEP_ALL }, at(99)).await.unwrap(), 2);
    assert_eq!(doomed(store, 0).await, ["f20", "f21"]);
    let left = store.kyc_get(no).await.unwrap().unwrap();
    assert!(left.documents.iter().all(|document| document.file.is_none() && document.deleted_at == Some(at(99))));
    assert!(left.documents.iter().all(|document| document.sha256 == [9; 32]));
    assert_eq!(store.kyc_file(no, KycDocumentId(20)).await.unwrap(), None);
    assert_eq!(store.kyc_expire(&KycRetention { waiting: at(11), ..KEEP_ALL }, at(99)).await.unwrap(), 1);
    assert_eq!(store.kyc_waiting(dedi).await.unwrap(), []);
    let all = KycRetention { waiting: at(99), rejected: at(99), approved: at(99) };
    let expired = join_all((0..4).map(|_| store.kyc_expire(&all, at(99)))).await;
    assert_eq!(expired.into_iter().map(|count| count.unwrap()).sum::<u64>(), 2, "racing jobs count each once");
    assert_eq!(doomed(store, 0).await.len(), 5);
    assert_eq!(store.kyc_waiting(cici).await.unwrap(), []);
    assert!(store.kyc_get(KycId(3)).await.unwrap().unwrap().documents.iter().all(|document| document.file.is_some()));
    assert_eq!(standing(store, ani).await, (KycStatus::Approved, 1), "the level outlives the documents");
}
