//! What every store must do, as tests. A backend's test binary names a constructor; [`core_suite!`](crate::core_suite) and
//! [`reply_suite!`](crate::reply_suite) make a test of each function here. The constructor is an `async fn` without arguments
//! that answers something which dereferences to an empty, migrated store. A store method without a test here does not exist.
//!
//! To add a test: a public function in its aggregate's module, and its name in the macro below it.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    reason = "a suite of tests: panicking is how they fail"
)]

pub mod cache;
pub mod replies;

/// Makes a `#[tokio::test]` of each of a module's functions.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_tests {
    ($open:path, $module:ident: $($test:ident),+ $(,)?) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    let store = $open().await;
                    $crate::contract::$module::$test(&*store).await;
                }
            )+
        }
    };
}

/// Tests for a [`ReplyStore`](crate::store::ReplyStore), made by the constructor with this absolute path.
#[macro_export]
macro_rules! reply_suite {
    ($open:path) => {
        $crate::contract_tests! { $open, replies:
            replies_are_listed_in_reading_order,
            deep_answers_stay_beside_the_fourth_level,
            a_stretch_begins_where_it_is_told,
            replies_of_other_targets_are_left_out,
            a_reply_is_stored_as_given,
            a_taken_id_changes_nothing,
            an_answer_needs_its_parent_in_the_same_place,
            editing_replaces_the_text_of_what_is_there,
            deleting_takes_a_reply_away,
            deleting_keeps_the_place_of_an_answered_reply,
            an_answer_that_is_gone_keeps_no_place,
            the_newest_remaining_reply_is_the_last_one,
            positions_count_the_places_before,
            reactions_replace_one_another,
            reactions_to_replies_have_no_figures,
            a_users_own_reactions_are_found,
            figures_begin_at_zero_and_count_every_change,
            pending_figures_wait_for_their_confirmation,
            racing_replies_get_different_places,
            racing_answers_and_deletions_agree,
            racing_reactions_are_all_counted,
            racing_reactions_of_one_user_leave_one,
        }
    };
}
