//! Who blocks whom.

use super::{
    CoreStore,
    fixtures::{at, user},
};
use aivalid_model::{id::UserId, page::PageRequest};
use futures::future::join_all;

/// The first time counts, also among many at once; what is removed can be made anew.
pub async fn a_block_is_made_once_and_removed_once(store: &dyn CoreStore) {
    let (ani, budi) = (user(store, 1).await, user(store, 2).await);
    assert!(!store.block_remove(ani, budi).await.unwrap());
    assert_eq!(store.block_add(ani, budi, at(1)).await.unwrap(), at(1));
    let again = join_all((2..12).map(|second| store.block_add(ani, budi, at(second)))).await;
    assert!(again.into_iter().all(|since| since.unwrap() == at(1)));
    assert_eq!(store.block_list(ani, PageRequest::default()).await.unwrap().items, [(budi, at(1))]);
    assert!(!store.block_remove(budi, ani).await.unwrap(), "the other way round there is none");
    let removed = join_all((0..5).map(|_| store.block_remove(ani, budi))).await;
    assert_eq!(removed.into_iter().filter(|outcome| *outcome.as_ref().unwrap()).count(), 1);
    assert_eq!(store.block_list(ani, PageRequest::default()).await.unwrap().items, []);
    assert_eq!(store.block_add(ani, budi, at(20)).await.unwrap(), at(20));
}

/// One's own, by pages; made at the same moment, by id.
pub async fn blocks_are_listed_newest_first(store: &dyn CoreStore) {
    let ani = user(store, 1).await;
    for (id, second) in [(2, 10), (3, 30), (5, 20), (4, 20)] {
        user(store, id).await;
        store.block_add(ani, UserId(id), at(second)).await.unwrap();
    }
    store.block_add(UserId(2), ani, at(40)).await.unwrap();
    for (page, expected) in [(1, &[(3, 30), (4, 20), (5, 20)][..]), (2, &[(2, 10)]), (3, &[])] {
        let list = store.block_list(ani, PageRequest { page, limit: 3 }).await.unwrap();
        assert_eq!(list.items, expected.iter().map(|(id, second)| (UserId(*id), at(*second))).collect::<Vec<_>>());
        assert_eq!((list.total, list.next), (4, None));
    }
    assert_eq!(store.block_list(UserId(3), PageRequest::default()).await.unwrap().total, 0);
}

/// Whichever of the two made it, and whoever else is asked about.
pub async fn a_block_stands_between_both(store: &dyn CoreStore) {
    for id in 1..=4 {
        user(store, id).await;
    }
    store.block_add(UserId(1), UserId(2), at(1)).await.unwrap();
    let between = async |one: i64, others: &[i64]| {
        let others: Vec<_> = others.iter().copied().map(UserId).collect();
        store.block_between(UserId(one), &others).await.unwrap()
    };
    assert!(between(1, &[2]).await);
    assert!(between(2, &[1]).await);
    assert!(between(2, &[3, 1]).await);
    assert!(between(1, &[4, 2]).await);
    assert!(!between(1, &[3, 4]).await);
    assert!(!between(3, &[1, 2, 4]).await, "a block between others is none of one's own");
    assert!(!between(1, &[]).await);
    assert!(!between(1, &[1]).await);
    assert!(store.block_remove(UserId(1), UserId(2)).await.unwrap());
    assert!(!between(1, &[2]).await);
}
