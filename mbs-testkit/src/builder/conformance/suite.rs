//! All rules, and how they are run.

use super::factory::{BuilderFactory, Part, RepoContent};
use super::report::{Checked, Report, Stop, Verdict};
use super::{cancel, connect, finalize, publish, queries, recover, reuse, status, submit, wakeups};
use futures::future::BoxFuture;
use mbs_core::BuildId;
use std::sync::atomic::{AtomicU64, Ordering};

/// A builder under test.
pub struct Suite<'a> {
    factory: &'a dyn BuilderFactory,
    dropping: bool,
    last_build: AtomicU64,
}

impl<'a> Suite<'a> {
    /// A suite that makes its calls as they stand. Its builds have the numbers after `last_build`.
    pub fn new(factory: &'a dyn BuilderFactory, last_build: u64) -> Self {
        Self { factory, dropping: false, last_build: AtomicU64::new(last_build) }
    }

    /// The same, but the future of every call is dropped at each of its await points, and a new instance goes on.
    pub fn dropping(self) -> Self {
        Self { dropping: true, ..self }
    }

    /// Whether futures are dropped.
    pub fn is_dropping(&self) -> bool {
        self.dropping
    }

    /// What makes instances.
    pub fn factory(&self) -> &'a dyn BuilderFactory {
        self.factory
    }

    pub(super) fn next_build(&self) -> BuildId {
        BuildId(self.last_build.fetch_add(1, Ordering::Relaxed) + 1)
    }

    pub(super) fn good(&self, number: u32) -> Part {
        self.factory.good(number)
    }

    pub(super) fn failing(&self) -> Result<Part, Stop> {
        self.factory.failing().ok_or_else(|| Stop::skip("the factory has no component that fails"))
    }

    pub(super) fn endless(&self) -> Result<Part, Stop> {
        self.factory.endless().ok_or_else(|| Stop::skip("the factory has no component that does not end by itself"))
    }

    pub(super) fn needing(&self, number: u32, good: u32) -> Result<Part, Stop> {
        let part = self.factory.needing(number, &self.good(good));
        part.ok_or_else(|| Stop::skip("the factory has no component that needs another"))
    }

    pub(super) fn using(&self, good: u32) -> Result<Part, Stop> {
        let part = self.factory.using(&self.good(good));
        part.ok_or_else(|| Stop::skip("the factory has no component that uses what is installed"))
    }

    pub(super) async fn read_repo(&self, address: &str) -> Result<RepoContent, Stop> {
        match self.factory.read_repo(address).await {
            None => Err(Stop::skip("the factory cannot read repositories")),
            Some(read) => {
                read.map_err(|problem| Stop::broken(format!("the repository at `{address}` is damaged: {problem}")))
            }
        }
    }
}

type Check = for<'s, 'a> fn(&'s Suite<'a>) -> BoxFuture<'s, Checked>;

/// When a rule can be checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// Always.
    Always,
    /// If tasks can be ended; with dropped futures only if tasks survive the instance that began them.
    Cancel,
    /// Only with one instance from beginning to end.
    Steady,
}

macro_rules! rules {
    ($($when:ident $module:ident::$rule:ident,)+) => {
        [$((
            concat!(stringify!($module), "::", stringify!($rule)),
            When::$when,
            (|suite| Box::pin($module::$rule(suite))) as Check,
        )),+]
    };
}

/// Checks every rule of the contract, first as it stands, then with dropped futures.
pub async fn run_all(factory: &dyn BuilderFactory) -> Report {
    let rules = rules![
        Always queries::name_and_capabilities_never_change,
        Always connect::makes_submission_possible,
        Always connect::is_remembered_by_the_next_process,
        Always connect::again_keeps_what_is_finished,
        Cancel submit::does_not_wait_for_the_end,
        Always submit::tells_of_a_bad_component_by_its_task,
        Always submit::again_gives_the_same_task_when_it_is_complete,
        Always submit::again_gives_the_same_task_when_it_has_failed,
        Cancel submit::again_gives_the_same_task_while_it_runs,
        Always submit::of_another_attempt_is_another_task,
        Always submit::keeps_builds_apart,
        Always submit::shows_the_scope,
        Always submit::hides_what_is_outside_of_the_scope,
        Always reuse::gives_the_packages_of_the_earlier_build,
        Always reuse::again_gives_the_same_task,
        Always reuse::is_seen_by_later_buildroots,
        Always reuse::is_in_the_final_repository,
        Always reuse::can_be_taken_on,
        Always reuse::builds_what_is_gone,
        Always reuse::fails_where_nothing_may_be_built,
        Always recover::finds_nothing_that_was_never_submitted,
        Always recover::finds_a_task_that_has_ended,
        Cancel recover::finds_a_task_that_runs,
        Always status::answers_in_the_order_of_the_question,
        Always status::of_an_ended_task_never_changes,
        Always status::of_an_unknown_task_is_lost,
        Always status::finds_what_an_ended_process_left_behind,
        Cancel cancel::ends_a_running_task,
        Always cancel::leaves_ended_tasks_alone,
        Always cancel::of_an_unknown_task_succeeds,
        Always cancel::without_the_ability_changes_nothing,
        Always publish::tagging_alone_shows_nothing,
        Always publish::tagging_again_changes_nothing,
        Always publish::regenerating_again_is_harmless,
        Always publish::a_ready_repository_stays_ready,
        Always publish::installs_into_later_buildroots,
        Steady publish::a_reader_never_sees_half_a_repository,
        Always finalize::makes_the_final_repository,
        Always finalize::again_gives_the_same_result,
        Always finalize::after_a_failure_keeps_what_a_resume_needs,
        Always queries::repo_for_tells_of_no_repository_before_there_is_one,
        Always queries::average_build_time_answers_for_each_name,
        Steady wakeups::tell_of_the_end_of_a_task,
        Always wakeups::may_be_ignored,
        Always wakeups::of_a_builder_without_hints_never_come,
    ];
    let builder = factory.open().await;
    let (name, capabilities) = (builder.name().to_owned(), builder.capabilities());
    drop(builder);
    let mut report = Report { builder: name, verdicts: Vec::new() };
    let steady = Suite::new(factory, 0);
    let dropping = Suite::new(factory, 1_000_000).dropping();
    for (suite, how) in [(steady, ""), (dropping, " (dropping)")] {
        for (name, when, check) in rules {
            if when == When::Steady && suite.dropping {
                continue;
            }
            let checked = if when == When::Cancel && !capabilities.cancel {
                Err(Stop::skip("the builder has no `cancel`"))
            } else if when == When::Cancel && suite.dropping && !capabilities.survives_process {
                Err(Stop::skip("the builder has no `survives_process`"))
            } else {
                check(&suite).await
            };
            report.verdicts.push(Verdict { rule: format!("{name}{how}"), checked });
        }
    }
    report
}
