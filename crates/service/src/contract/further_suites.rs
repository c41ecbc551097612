//! The suites of stores beside the core: files' contents, replies and reactions. To add a test: as in the module above.

/// Tests for a [`FileStore`](crate::store::FileStore), made by the constructor with this absolute path.
#[macro_export]
macro_rules! content_suite {
    ($open:path) => {
        $crate::contract_tests! { $open, contents:
            content_comes_back_whole,
            nothing_is_under_an_unknown_key,
            content_appears_whole_or_not_at_all,
            deleting_is_done_once_and_harmless_after,
            racing_writes_keep_apart,
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
            what_somebody_wrote_is_listed_by_id,
            reactions_replace_one_another,
            reactions_to_replies_have_no_figures,
            a_users_own_reactions_are_found,
            figures_begin_at_zero_and_count_every_change,
            a_reply_that_comes_late_is_not_the_newest,
            pending_figures_wait_for_their_confirmation,
            racing_replies_get_different_places,
            racing_answers_and_deletions_agree,
            racing_reactions_are_all_counted,
            racing_reactions_of_one_user_leave_one,
            a_reply_keeps_its_versions,
            a_reply_that_stays_the_same_keeps_no_version,
            a_replys_versions_go_by_pages,
            racing_edits_of_a_reply_keep_every_version,
        }
    };
}
