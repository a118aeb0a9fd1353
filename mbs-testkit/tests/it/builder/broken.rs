//! A builder that breaks a rule is found out, rule by rule.

use super::conformance::Factory;
use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt};
use mbs_core::build::TaskId;
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext,
    PublishRequest, RequestKey, ReuseOrder, TaskState, TaskStatus, Wakeup,
};
use mbs_core::{ComponentName, Failure};
use mbs_testkit::builder::MemoryBuilder;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Every submission starts something.
    StartsAgain,
    /// A submission writes down what it started a moment too late.
    WritesDownLate,
    /// A bad component is an error.
    RefusesBad,
    /// All of the repository is in every buildroot.
    IgnoresScope,
    /// Nothing is found again.
    FindsNothing,
    /// Looking for a task makes one.
    FindsTooMuch,
    AnswersBackwards,
    AnswersOnce,
    UnknownFailed,
    UnknownIsAnError,
    CancelsNothing,
    CancelsTheEnded,
    ShowsWhatIsTagged,
    ForgetsOnConnect,
    NeverReady,
    FinalizesOnce,
    FiltersNothing,
    RepositoryFromTheStart,
    TimesForAll,
    NoHints,
    HintsEnd,
    LosesWork,
    /// What could be taken is built.
    TakesNothing,
    /// What is gone is not built.
    NeverBuildsInstead,
}

/// What the world of the broken builder remembers beside the memory builder.
#[derive(Default)]
struct Notes {
    starts: u32,
    tasks: BTreeMap<RequestKey, TaskId>,
    ready: u32,
    finalized: u32,
}

#[derive(Clone)]
struct Broken {
    inner: MemoryBuilder,
    how: How,
    notes: Arc<Mutex<Notes>>,
}

impl Broken {
    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a component, whatever was started before.
    async fn start(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        let attempt = {
            let mut notes = self.notes();
            notes.starts += 1;
            request.key.attempt + 1000 * notes.starts
        };
        let key = RequestKey { attempt, ..request.key.clone() };
        self.inner.submit(&ComponentRequest { key, ..request.clone() }).await
    }
}

async fn give_way() {
    let mut first = true;
    let wait = std::future::poll_fn(move |context| {
        context.waker().wake_by_ref();
        if std::mem::take(&mut first) { Poll::Pending } else { Poll::Ready(()) }
    });
    wait.await;
}

#[async_trait]
impl GenericBuilder for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }

    fn capabilities(&self) -> BuilderCapabilities {
        let mut can = self.inner.capabilities();
        can.exact_scope = true;
        can.average_build_time &= self.how != How::TimesForAll;
        can
    }

    async fn connect(&self, module: &ModuleContext) -> Result<(), BuilderError> {
        if self.how == How::ForgetsOnConnect {
            self.notes().tasks.clear();
        }
        self.inner.connect(module).await
    }

    async fn submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        match self.how {
            How::StartsAgain => self.start(request).await,
            How::WritesDownLate | How::ForgetsOnConnect => {
                if let Some(task) = self.recover(&request.key).await? {
                    return Ok(task);
                }
                let task = self.start(request).await?;
                if self.how == How::WritesDownLate {
                    give_way().await;
                }
                self.notes().tasks.insert(request.key.clone(), task.clone());
                Ok(task)
            }
            How::RefusesBad if request.key.component.as_str() == "failing" => {
                Err(BuilderError::Refused(Failure::user("does not compile")))
            }
            How::TakesNothing => self.inner.submit(&ComponentRequest { reuse: None, ..request.clone() }).await,
            How::NeverBuildsInstead => {
                let reuse = request.reuse.clone().map(|order| ReuseOrder { required: true, ..order });
                self.inner.submit(&ComponentRequest { reuse, ..request.clone() }).await
            }
            _ => self.inner.submit(request).await,
        }
    }

    async fn recover(&self, key: &RequestKey) -> Result<Option<TaskId>, BuilderError> {
        match self.how {
            How::WritesDownLate | How::ForgetsOnConnect => Ok(self.notes().tasks.get(key).cloned()),
            How::FindsNothing => Ok(None),
            How::FindsTooMuch => Ok(Some(TaskId(key.to_string()))),
            _ => self.inner.recover(key).await,
        }
    }

    async fn status(&self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, BuilderError> {
        let mut all = self.inner.status(tasks).await?;
        match self.how {
            How::AnswersBackwards => all.reverse(),
            How::AnswersOnce => {
                all.sort_by(|one, other| one.task.cmp(&other.task));
                all.dedup();
            }
            How::UnknownFailed => {
                for one in all.iter_mut().filter(|one| one.task.0.contains("no-such")) {
                    one.state = TaskState::Failed(Failure::infra("what is that?"));
                }
            }
            How::LosesWork => {
                let first: Vec<_> = self.inner.tasks().into_iter().filter(|task| task.key.attempt == 1).collect();
                for one in all.iter_mut().filter(|one| first.iter().any(|task| task.id == one.task)) {
                    one.state = TaskState::Lost(Failure::infra("mislaid"));
                }
            }
            How::UnknownIsAnError if all.iter().any(|one| matches!(one.state, TaskState::Lost(_))) => {
                return Err(BuilderError::Refused(Failure::infra("what is that?")));
            }
            _ => {}
        }
        Ok(all)
    }

    async fn cancel(&self, task: &TaskId) -> Result<(), BuilderError> {
        let state = self.inner.status(std::slice::from_ref(task)).await?.remove(0).state;
        match self.how {
            How::CancelsNothing => Ok(()),
            How::CancelsTheEnded if state != TaskState::Running => {
                Err(BuilderError::Refused(Failure::user("it does not run")))
            }
            _ => self.inner.cancel(task).await,
        }
    }

    async fn tag(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        if self.how == How::ShowsWhatIsTagged {
            self.inner.tag(request).await?;
            return self.inner.regenerate(request).await;
        }
        match self.how {
            // Their keys are others than those of the memory builder.
            How::StartsAgain | How::WritesDownLate | How::ForgetsOnConnect => Ok(()),
            _ => self.inner.tag(request).await,
        }
    }

    async fn regenerate(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        match self.how {
            How::StartsAgain | How::WritesDownLate | How::ForgetsOnConnect => Ok(()),
            _ => self.inner.regenerate(request).await,
        }
    }

    async fn is_ready(&self, request: &PublishRequest) -> Result<bool, BuilderError> {
        self.notes().ready += 1;
        match self.how {
            How::StartsAgain | How::WritesDownLate | How::ForgetsOnConnect => Ok(true),
            How::NeverReady if request.cycle == 1 && self.notes().ready.is_multiple_of(2) => Ok(false),
            _ => self.inner.is_ready(request).await,
        }
    }

    async fn finalize(&self, request: &FinalizeRequest) -> Result<(), BuilderError> {
        let again = {
            let mut notes = self.notes();
            notes.finalized += 1;
            notes.finalized > 1
        };
        match self.how {
            How::FinalizesOnce if again => Err(BuilderError::Refused(Failure::infra("there is one"))),
            How::FiltersNothing => {
                let mut request = request.clone();
                for component in &mut request.components {
                    component.build_only = false;
                }
                self.inner.finalize(&request).await
            }
            How::StartsAgain | How::WritesDownLate | How::ForgetsOnConnect => Ok(()),
            _ => self.inner.finalize(request).await,
        }
    }

    async fn repo_for(&self, module: &ModuleContext) -> Result<Option<String>, BuilderError> {
        if self.how == How::RepositoryFromTheStart {
            return Ok(Some("somewhere".to_owned()));
        }
        self.inner.repo_for(module).await
    }

    async fn average_build_time(&self, names: &[ComponentName]) -> Result<Vec<Option<Duration>>, BuilderError> {
        if self.how == How::TimesForAll {
            return Ok(vec![Some(Duration::from_secs(1)); names.len()]);
        }
        self.inner.average_build_time(names).await
    }

    fn wakeups(&self) -> BoxStream<'static, Wakeup> {
        match self.how {
            How::NoHints => futures::stream::pending().boxed(),
            How::HintsEnd => futures::stream::empty().boxed(),
            _ => self.inner.wakeups(),
        }
    }
}

/// The rules that a builder breaks, the dropping ones marked.
fn broken_rules(how: How) -> Vec<String> {
    let notes = Arc::default();
    let mut factory = Factory::new(move |inner| Arc::new(Broken { inner, how, notes: Arc::clone(&notes) }));
    if how == How::IgnoresScope {
        let capabilities = BuilderCapabilities { exact_scope: false, ..factory.memory.capabilities() };
        factory.memory = factory.memory.with_capabilities(capabilities);
    }
    factory.run().broken().map(|verdict| verdict.rule.clone()).collect()
}

#[test]
fn every_broken_rule_is_found() {
    for (how, rule) in [
        (How::StartsAgain, "submit::again_gives_the_same_task_when_it_is_complete"),
        (How::StartsAgain, "submit::again_gives_the_same_task_when_it_has_failed"),
        (How::StartsAgain, "submit::again_gives_the_same_task_while_it_runs"),
        (How::WritesDownLate, "submit::again_gives_the_same_task_when_it_is_complete (dropping)"),
        (How::RefusesBad, "submit::tells_of_a_bad_component_by_its_task"),
        (How::IgnoresScope, "submit::hides_what_is_outside_of_the_scope"),
        (How::TakesNothing, "reuse::gives_the_packages_of_the_earlier_build"),
        (How::NeverBuildsInstead, "reuse::builds_what_is_gone"),
        (How::FindsNothing, "recover::finds_a_task_that_has_ended"),
        (How::FindsNothing, "recover::finds_a_task_that_runs"),
        (How::FindsTooMuch, "recover::finds_nothing_that_was_never_submitted"),
        (How::AnswersBackwards, "status::answers_in_the_order_of_the_question"),
        (How::AnswersOnce, "status::answers_in_the_order_of_the_question"),
        (How::UnknownFailed, "status::of_an_unknown_task_is_lost"),
        (How::UnknownIsAnError, "status::of_an_unknown_task_is_lost"),
        (How::LosesWork, "status::finds_what_an_ended_process_left_behind"),
        (How::CancelsNothing, "cancel::ends_a_running_task"),
        (How::CancelsTheEnded, "cancel::leaves_ended_tasks_alone"),
        (How::CancelsTheEnded, "cancel::of_an_unknown_task_succeeds"),
        (How::ShowsWhatIsTagged, "publish::tagging_alone_shows_nothing"),
        (How::NeverReady, "publish::a_ready_repository_stays_ready"),
        (How::FinalizesOnce, "finalize::again_gives_the_same_result"),
        (How::FiltersNothing, "finalize::makes_the_final_repository"),
        (How::ForgetsOnConnect, "finalize::after_a_failure_keeps_what_a_resume_needs"),
        (How::RepositoryFromTheStart, "queries::repo_for_tells_of_no_repository_before_there_is_one"),
        (How::TimesForAll, "queries::average_build_time_answers_for_each_name"),
        (How::NoHints, "wakeups::tell_of_the_end_of_a_task"),
        (How::HintsEnd, "wakeups::of_a_builder_without_hints_never_come"),
    ] {
        let broken = broken_rules(how);
        assert!(broken.iter().any(|found| found == rule), "{how:?} does not break `{rule}`, only {broken:?}");
    }
}

#[test]
fn a_submission_that_is_written_down_late_is_found_by_dropping_only() {
    let broken = broken_rules(How::WritesDownLate);
    assert!(
        broken.iter().any(|rule| rule == "submit::again_gives_the_same_task_while_it_runs (dropping)"),
        "{broken:?}"
    );
    assert!(!broken.iter().any(|rule| rule == "submit::again_gives_the_same_task_while_it_runs"), "{broken:?}");
}
