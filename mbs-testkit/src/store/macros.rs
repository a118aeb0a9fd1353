//! The list of all conformance functions.

/// Makes one test of each conformance function for stores. The expression makes a
/// [`StoreFactory`](crate::store::StoreFactory) over an empty place; it is evaluated in each test, so it
/// names things by their full paths.
#[macro_export]
macro_rules! store_conformance {
    ($factory:expr) => {
        $crate::store_conformance! { @list $factory;
            creating: all_or_none, numbers_grow_and_are_not_used_again, an_identity_exists_once,
                scratch_contexts_are_counted, scratch_contexts_skip_what_is_left_after_a_removal,
                the_index_is_the_smallest_number_of_its_kind, the_first_build_keeps_the_plain_folder,
                folders_of_different_modules_never_meet, a_new_build_has_its_first_entry_and_effects,
                the_whole_range_of_versions_is_kept;
            appending: several_builds_at_once, a_stale_write_leaves_nothing, a_fenced_write_leaves_nothing,
                a_write_without_taken_slots_leaves_nothing, an_unknown_build_leaves_nothing,
                entries_out_of_order_leave_nothing, writes_about_one_build_follow_each_other,
                a_token_is_good_for_all_builds_of_one_call, tokens_belong_to_their_backend,
                projections_follow_every_entry, many_entries_in_one_write;
            effects: they_wait_in_their_order, done_ones_are_gone, a_cancel_keeps_messages_and_closes,
                putting_off_changes_due_and_failures, only_the_holder_of_the_fence_puts_off,
                unfinished_are_active_builds_and_due_effects;
            reading: a_load_is_a_replay_of_the_history, history_comes_in_pages, another_opening_shows_the_same,
                unknown_builds_are_not_found, revisions_leave_out_what_does_not_exist, slots_count_running_components,
                durations_are_those_of_the_latest_build;
            finding: the_newest_comes_first, every_field_filters, pages_are_cut_after_filtering,
                versions_are_told_apart_over_the_whole_range;
            removing: only_what_is_over, all_of_it, others_stay;
            submitting: all_parts_or_none, several_parts_at_once, contexts_of_one_call_share_one_plain_folder,
                a_replaced_build_goes_with_its_log, only_what_is_over_is_replaced, an_import_is_ready_and_waits_for_nothing,
                a_submission_creates_resumes_and_keeps, a_refresh_makes_a_failed_build_anew,
                an_outrun_submission_is_decided_anew, a_second_import_replaces_the_first, what_was_built_here_is_not_imported;
            modules: states_are_those_of_the_moment, scratch_builds_are_never_offered,
                facts_are_those_of_the_document, builds_of_this_machine_are_local, imports_are_not_local,
                a_document_that_cannot_be_read_states_nothing, reusable_builds_come_by_completion;
            leases: one_at_a_time, the_fence_grows, a_released_lease_is_free, a_lost_lease_is_not_renewed,
                builds_that_nobody_drives_are_told_apart,
                they_last_as_long_as_promised;
        }
    };
    (@list $factory:expr; $($module:ident: $($case:ident),+;)+) => {
        $(mod $module {
            $(
                #[test]
                fn $case() {
                    $crate::store::block_on($crate::store::$module::$case(&$factory));
                }
            )+
        })+
    };
}
