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

pub mod api_tokens;
pub mod audit;
pub mod blocks;
pub mod cache;
pub mod cases;
pub mod catalog;
pub mod contents;
pub mod credentials;
pub mod federated;
pub mod files;
mod fixtures;
mod further_suites;
pub mod jobs;
pub mod kyc;
pub mod passkeys;
pub mod phones;
pub mod pqc;
pub mod recoveries;
pub mod registering;
pub mod replies;
pub mod sessions;
pub mod threads;
pub mod tokens;
pub mod totp;
pub mod user_admin;
pub mod users;
pub mod watches;

/// [`CoreStore`] is all of these at once.
macro_rules! core_store {
    ($($store:ident),+ $(,)?) => {
        use crate::store::{$($store),+};

        /// A store of everything but replies and reactions.
        pub trait CoreStore: $($store +)+ {}

        impl<T: $($store +)+> CoreStore for T {}
    };
}

core_store! {
    UserStore,
    UserAdminStore,
    SessionStore,
    TokenStore,
    TotpStore,
    CredentialStore,
    CatalogStore,
    ThreadStore,
    CaseStore,
    WatchStore,
    BlockStore,
    AuditStore,
    JobStore,
    FileIndex,
    AvatarStore,
    KycStore,
    PasskeyStore,
    PqcKeyStore,
    FederatedStore,
    PhoneStore,
    ApiTokenStore,
    RecoveryStore,
}

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

/// Tests for a [`CoreStore`], made by the constructor with this absolute path.
#[macro_export]
macro_rules! core_suite {
    ($open:path) => {
        $crate::contract_tests! { $open, users:
            an_account_is_found_by_id_address_and_name,
            case_does_not_matter,
            what_is_said_of_a_name_does_not_depend_on_the_address,
            a_device_makes_only_so_many_accounts,
            racing_registrations_make_one_account,
            racing_devices_stay_within_their_limit,
            cards_show_name_and_badge,
            confirming_an_address,
            changes_touch_only_what_is_given,
            a_given_up_name_leads_to_its_owner,
            a_taken_name_changes_nothing,
            racing_renames_give_a_name_once,
            a_password_hash_is_replaced_only_as_it_was,
            sign_ins_are_noted,
            posts_that_can_be_read_are_counted,
            badges_are_granted_once,
            accounts_are_counted,
        }
        $crate::contract_tests! { $open, sessions:
            a_session_is_stored_as_opened,
            the_oldest_sessions_make_room,
            racing_sign_ins_stay_within_the_limit,
            live_sessions_are_listed_last_used_first,
            a_step_needs_the_present_token,
            of_racing_steps_one_succeeds,
            a_token_that_was_lost_is_renewed_once,
            a_session_takes_anothers_place,
            using_a_session_is_noted,
            what_is_shown_in_a_session_is_noted,
            a_session_is_revoked_by_its_owner_once,
            all_sessions_but_one_are_revoked,
            sweeping_deletes_what_is_over,
        }
        $crate::contract_tests! { $open, tokens:
            a_token_works_once,
            a_token_lapses,
            a_new_token_replaces_the_one_before,
            of_racing_uses_one_succeeds,
        }
        $crate::contract_tests! { $open, credentials:
            wrong_passwords_lock,
            racing_wrong_passwords_are_all_counted,
            old_wrong_passwords_are_swept,
            devices_become_known,
            a_new_password_ends_other_sessions,
            a_reset_link_sets_a_password_once,
            a_mailed_password_counts_once_something_was_shown_beside_it,
            a_mailed_password_goes_with_the_last_passkey,
            an_address_changes_with_its_link,
            a_taken_address_stays_its_owners,
            this_was_not_me_undoes_it,
            undoing_spares_what_was_there_before,
            a_left_address_comes_back,
            an_undoing_voids_later_letters_to_others,
            a_deleted_account_leaves_nothing_personal,
        }
        $crate::contract_tests! { $open, totp:
            a_secret_is_set_up_and_switched_on,
            a_step_is_used_once,
            a_backup_code_is_used_once,
            new_backup_codes_replace_the_old,
            switching_off_forgets_secret_and_codes,
        }
        $crate::contract_tests! { $open, jobs:
            a_job_waits_for_its_time,
            those_that_wait_longest_come_first,
            a_lease_keeps_others_away_until_it_ends,
            a_stale_claim_changes_nothing,
            a_failed_job_comes_back_when_it_is_told,
            what_is_given_up_waits_for_an_operator,
            a_released_job_lost_no_attempt,
            a_key_is_held_while_its_job_lives,
            requeued_jobs_leave_their_keys_behind,
            it_is_known_when_the_next_is_due,
            jobs_are_counted_and_listed,
            sweeping_deletes_old_failures,
            of_racing_claims_each_job_goes_to_one,
            of_racing_additions_with_one_key_one_is_kept,
            of_racing_ends_of_a_lease_one_counts,
        }
        $crate::contract_tests! { $open, registering:
            an_account_comes_with_its_welcome,
            a_taken_address_gets_its_letter,
            what_is_refused_sends_nothing,
            a_token_comes_with_its_letter,
            nobody_gets_a_letter_without_a_token,
            racing_registrations_send_one_welcome,
        }
        $crate::contract_tests! { $open, phones:
            an_account_may_have_only_a_phone,
            a_number_belongs_to_one_account,
            racing_sign_ups_with_one_number_make_one_account,
            a_number_is_changed_and_its_country_kept,
            racing_accounts_get_a_number_once,
            the_last_way_in_stays,
            a_password_without_an_address_is_no_way_in,
            a_guard_changes_only_from_what_was_read,
            racing_changes_of_a_guard_make_one,
            old_guards_are_swept,
            this_was_not_me_takes_the_number,
            a_deleted_account_gives_its_number_up,
        }
        $crate::contract_tests! { $open, api_tokens:
            a_token_is_found_until_it_ends,
            only_so_many_tokens_are_kept,
            use_of_a_token_is_noted,
            a_token_is_revoked_by_its_owner_once,
            ended_tokens_are_swept,
            the_end_of_a_token_is_told_once,
            tokens_end_with_the_trust_in_them,
        }
        $crate::contract_tests! { $open, recoveries:
            a_request_is_stored_as_asked,
            of_racing_requests_one_is_kept,
            a_request_is_due_when_it_says,
            a_step_is_taken_from_where_it_stands,
            of_racing_steps_one_is_taken,
            nobody_decides_about_their_own_account,
            the_queue_begins_with_who_waits_longest,
            a_stopped_request_stays_stopped,
            a_link_finishes_once,
            a_link_works_only_in_its_time,
            of_racing_finishers_one_wins,
            stopping_and_finishing_exclude_each_other,
            a_changed_password_stops_it,
            a_session_knows_of_an_open_request,
            a_deleted_account_leaves_no_request,
        }
        $crate::contract_tests! { $open, passkeys:
            a_handle_is_made_once,
            a_passkey_is_stored_as_made,
            a_credential_belongs_to_one_account,
            only_so_many_passkeys_are_kept,
            racing_additions_stay_within_the_limit,
            a_counter_only_rises,
            of_racing_uses_of_a_counter_one_counts,
            a_passkey_that_does_not_count_stays_at_zero,
            a_passkey_is_renamed_by_its_owner,
            the_last_way_to_sign_in_stays,
            racing_deletions_leave_one,
        }
        $crate::contract_tests! { $open, pqc:
            a_signing_key_is_stored_as_made,
            a_signing_key_is_registered_once,
            only_so_many_signing_keys_are_live,
            a_signing_key_is_removed_by_its_owner,
            a_signature_counts_once,
            of_racing_uses_of_a_signature_one_counts,
            old_signatures_are_swept,
            signing_keys_go_with_what_they_belong_to,
        }
        $crate::contract_tests! { $open, federated:
            an_identity_is_stored_as_linked,
            an_identity_belongs_to_one_account,
            of_racing_links_one_counts,
            uses_of_an_identity_are_noted,
            the_last_identity_stays,
            an_account_is_made_with_its_identity,
            of_racing_registrations_with_an_identity_one_counts,
            an_identity_waits_for_its_accounts_address,
            another_attempt_replaces_what_waits,
            a_reset_forgets_what_was_linked_before_the_address_was_confirmed,
            undoing_and_deleting_unlink,
        }
        $crate::contract_tests! { $open, catalog:
            categories_are_listed_in_order,
            a_slug_is_taken_once,
            categories_count_what_can_be_read,
            tags_are_listed_by_use,
        }
        $crate::contract_tests! { $open, threads:
            a_thread_is_stored_as_written,
            lists_leave_the_content_out,
            each_order_has_its_own_first,
            pinned_threads_lead_their_category,
            lists_are_filtered,
            cursors_and_page_numbers_agree,
            a_foreign_cursor_is_ignored,
            editing_moves_a_thread_and_its_tags,
            a_deleted_thread_leaves_every_list,
            newer_figures_win,
            figures_set_the_last_activity,
            flags_are_set_together,
            the_sitemap_goes_on_after_an_id,
            racing_threads_are_all_counted,
            racing_moves_keep_the_counts,
            a_thread_keeps_its_versions,
            an_edit_that_changes_nothing_keeps_no_version,
            versions_go_by_pages,
            racing_edits_keep_every_version,
        }
        $crate::contract_tests! { $open, cases:
            a_case_begins_its_log,
            cases_are_sorted_and_filtered,
            case_cursors_and_page_numbers_agree,
            every_change_is_logged,
            a_change_needs_its_state,
            of_racing_cancels_one_succeeds,
            racing_tags_are_all_logged,
            a_deleted_case_leaves_every_list,
            newer_figures_win_for_cases,
            cases_are_counted_by_state,
            the_sitemap_goes_on_after_a_case,
            every_log_is_named_with_its_length,
        }
        $crate::contract_tests! { $open, watches:
            a_watch_is_set_changed_and_cleared,
            starting_to_watch_never_unmutes,
            whoever_starts_something_watches_it,
            watchers_are_listed_by_id,
            racing_watches_leave_one,
        }
        $crate::contract_tests! { $open, blocks:
            a_block_is_made_once_and_removed_once,
            blocks_are_listed_newest_first,
            a_block_stands_between_both,
        }
        $crate::contract_tests! { $open, user_admin:
            a_role_is_given_once_and_logged,
            the_last_administrator_stays,
            of_racing_administrators_one_remains,
            a_suspension_holds_until_it_ends_or_is_lifted,
            a_profile_is_corrected,
            badges_are_granted_and_taken_away,
            accounts_are_searched,
            accounts_go_by_cursors,
        }
        $crate::contract_tests! { $open, audit:
            an_entry_is_stored_as_written,
            sealing_makes_one_chain,
            sealers_take_turns,
            racing_writers_and_sealers_make_one_chain,
            failures_of_an_address_are_counted,
            entries_are_found_by_every_field,
            entries_go_by_cursors,
        }
        $crate::contract_tests! { $open, files:
            a_file_in_writing_is_not_there_yet,
            what_takes_too_long_is_given_up,
            a_file_is_forgotten_once,
            a_picture_is_found_by_its_name,
            a_picture_replaces_the_one_before,
            racing_pictures_leave_one,
            a_picture_needs_somebody,
        }
        $crate::contract_tests! { $open, kyc:
            a_document_waits_until_it_is_submitted,
            a_document_replaces_the_one_of_its_kind,
            racing_documents_of_a_kind_leave_one,
            a_submission_takes_its_documents,
            nothing_is_sent_while_a_submission_waits,
            of_racing_submissions_one_succeeds,
            approving_sets_the_level,
            rejecting_leaves_the_level,
            nobody_decides_their_own,
            of_racing_decisions_one_succeeds,
            the_queue_is_worked_through_from_its_head,
            a_document_is_found_in_its_submission,
            documents_go_when_their_time_is_over,
        }
    };
}
