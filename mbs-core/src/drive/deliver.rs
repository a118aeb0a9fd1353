//! Delivering one effect: a call to the outside and the event that its answer means.

use super::config::Ports;
use super::held::{Held, Waiting};
use crate::build::{EffectKind, EffectSeq, Event, SourceRef, backoff};
use crate::builder::{
    BuilderError, ComponentRequest, FinalizeRequest, GenericBuilderExt, PublishRequest, RequestKey, Retry,
};
use crate::bus::Message;
use crate::plan::{ComponentIx, PlannedComponent};
use crate::source::{RefRequest, SourceError};
use crate::{Blame, BuildId, Failure};
use chrono::TimeDelta;
use futures::future::BoxFuture;

/// What came of a delivery.
pub(super) struct Delivered {
    pub(super) build: BuildId,
    pub(super) waiting: Waiting,
    pub(super) answer: Answer,
}

pub(super) enum Answer {
    /// The effect is done; this is what it means.
    Event(Event),
    /// The effect is done and means nothing.
    Done,
    /// Try again later; if that has been done often enough, `or_else` is the event.
    Again { after: TimeDelta, reason: String, or_else: Option<Event> },
}

/// Pauses between questions whether something has ended: short at first.
const FIRST_PAUSE: TimeDelta = TimeDelta::milliseconds(20);

/// The future that delivers an effect.
pub(super) fn deliver(ports: &Ports, poll: TimeDelta, held: &Held, waiting: Waiting) -> BoxFuture<'static, Delivered> {
    let build = held.build.id();
    let ports = ports.clone();
    let module = std::sync::Arc::clone(&held.context);
    let seq: EffectSeq = waiting.stored.seq;
    let due = waiting.stored.effect.due;
    let again = waiting.recovered || waiting.stored.failures > 0;
    let work: BoxFuture<'static, Answer> = match waiting.stored.effect.kind.clone() {
        EffectKind::ResolveSources => {
            let wanted = wanted_commits(held);
            Box::pin(async move { resolve(&ports, wanted).await })
        }
        EffectKind::Connect => Box::pin(async move {
            answer(
                ports.builder.connect(&module).await,
                |()| Event::BuildrootReady,
                |failure| Event::BuildrootFailed { failure },
            )
        }),
        EffectKind::Submit { component, attempt } => {
            let Some(request) = ComponentRequest::of(&held.build, &held.context, component, attempt) else {
                let failure = Failure::infra("the commit of the component is not known");
                let answer = Answer::Event(Event::ComponentFailed { component, attempt, failure });
                return Box::pin(std::future::ready(Delivered { build, waiting, answer }));
            };
            Box::pin(async move {
                let task = if again {
                    ports.builder.recover_or_submit(&request).await
                } else {
                    ports.builder.submit(&request).await
                };
                // A builder that refuses the first call has begun nothing; otherwise an earlier call may have.
                let refused = !again && matches!(&task, Err(error) if error.retry() == Retry::Never);
                answer(
                    task,
                    |task| Event::TaskAccepted { component, attempt, task },
                    |failure| {
                        if refused {
                            Event::ComponentFailed { component, attempt, failure }
                        } else {
                            Event::TaskGivenUp { component, attempt, failure }
                        }
                    },
                )
            })
        }
        EffectKind::Close { component, attempt } => match held.key(component, attempt) {
            Some(key) if !held.never_sent(component, attempt) => {
                let request = ComponentRequest::of(&held.build, &held.context, component, attempt);
                Box::pin(async move { close(&ports, poll, key, request, (component, attempt)).await })
            }
            _ => ready(Answer::Event(Event::TaskClosed { component, attempt })),
        },
        EffectKind::Tag { cycle, components } => {
            let request = PublishRequest::of(&held.build, &held.context, cycle, &components);
            Box::pin(async move {
                answer(
                    ports.builder.tag(&request).await,
                    |()| Event::Tagged { cycle },
                    |failure| Event::RepoFailed { cycle, failure },
                )
            })
        }
        EffectKind::Regenerate { cycle, components } => {
            let request = PublishRequest::of(&held.build, &held.context, cycle, &components);
            Box::pin(async move {
                answer(
                    regenerate(&ports, poll, &request).await,
                    |()| Event::RepoReady { cycle },
                    |failure| Event::RepoFailed { cycle, failure },
                )
            })
        }
        EffectKind::Finalize { success } => {
            let request = FinalizeRequest::of(&held.build, &held.context, success);
            Box::pin(async move {
                answer(
                    ports.builder.finalize(&request).await,
                    |()| Event::Finalized,
                    |failure| Event::FinalizeFailed { failure },
                )
            })
        }
        kind @ (EffectKind::AnnounceModule { .. } | EffectKind::AnnounceComponent { .. }) => {
            match Message::of(&held.build, seq, due, &kind) {
                Some(message) => Box::pin(async move { announce(&ports, &message).await }),
                None => ready(Answer::Done),
            }
        }
    };
    Box::pin(async move { Delivered { build, waiting, answer: work.await } })
}

fn ready(answer: Answer) -> BoxFuture<'static, Answer> {
    Box::pin(std::future::ready(answer))
}

fn answer<T>(
    result: Result<T, BuilderError>,
    ok: impl FnOnce(T) -> Event,
    failed: impl FnOnce(Failure) -> Event,
) -> Answer {
    match result {
        Ok(value) => Answer::Event(ok(value)),
        Err(error) => {
            let failure = error.failure();
            match error.retry() {
                Retry::Never | Retry::Exhausted => Answer::Event(failed(failure)),
                Retry::After(after) => Answer::Again {
                    after: TimeDelta::from_std(after).unwrap_or(TimeDelta::MAX),
                    reason: failure.reason.clone(),
                    or_else: Some(failed(failure)),
                },
            }
        }
    }
}

/// What has to be found out about the source of a component.
enum WantedCommit {
    /// Nothing: it has none, or is not built.
    None,
    /// It was found out at submission.
    Known(String),
    /// Which commit the ref names.
    Ask(RefRequest),
    /// It cannot even be asked for.
    Refused(SourceError),
}

fn wanted_commits(held: &Held) -> Vec<WantedCommit> {
    let request = held.build.request();
    let wanted = |(spec, source): (&PlannedComponent, &Option<SourceRef>)| match source {
        Some(source) if spec.excluded.is_none() && source.srpm.is_none() => match &source.commit {
            Some(commit) => WantedCommit::Known(commit.clone()),
            None => source.ref_request(&spec.name).map_or_else(WantedCommit::Refused, WantedCommit::Ask),
        },
        _ => WantedCommit::None,
    };
    request.plan.components.iter().zip(&request.sources).map(wanted).collect()
}

async fn resolve(ports: &Ports, wanted: Vec<WantedCommit>) -> Answer {
    let mut problems = Vec::new();
    let (mut positions, mut requests) = (Vec::new(), Vec::new());
    let mut commits = vec![None; wanted.len()];
    for (position, wanted) in wanted.into_iter().enumerate() {
        match wanted {
            WantedCommit::None => {}
            WantedCommit::Known(commit) => commits[position] = Some(commit),
            WantedCommit::Ask(request) => {
                positions.push(position);
                requests.push(request);
            }
            WantedCommit::Refused(problem) => problems.push(problem),
        }
    }
    if !requests.is_empty() {
        for (position, answer) in positions.into_iter().zip(ports.source.resolve(&requests).await) {
            match answer {
                Ok(resolved) => commits[position] = Some(resolved.commit.to_string()),
                Err(problem) => problems.push(problem),
            }
        }
    }
    if problems.is_empty() {
        return Answer::Event(Event::SourcesResolved { commits });
    }
    let blame = if problems.iter().any(|p| p.blame() == Blame::User) { Blame::User } else { Blame::Infra };
    let reason = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let failed = Event::SourcesFailed { failure: Failure { blame, reason: reason.clone(), log: None } };
    if problems.iter().all(SourceError::retryable) {
        Answer::Again { after: backoff(1), reason, or_else: Some(failed) }
    } else {
        Answer::Event(failed)
    }
}

/// Ends the task of an attempt and makes sure that it has ended.
///
/// A call to submit that an earlier driver began may still be on its way, so that no task today does not mean no task
/// tomorrow. Submitting the attempt once more takes its key: whatever arrives later gets the same task, which has ended.
async fn close(
    ports: &Ports,
    poll: TimeDelta,
    key: RequestKey,
    request: Option<ComponentRequest>,
    of: (ComponentIx, u32),
) -> Answer {
    let ended = async {
        let task = match (ports.builder.recover(&key).await?, &request) {
            (Some(task), _) => task,
            // A call of a driver that died may still be on its way to a builder elsewhere: taking its key first makes sure
            // that it starts nothing. Where tasks end with their process, so does the call.
            (None, Some(request)) if ports.builder.capabilities().survives_process => {
                match ports.builder.submit(request).await {
                    Ok(task) => task,
                    // Then it does not take the other call either.
                    Err(error) if error.retry() == Retry::Never => return Ok(()),
                    Err(error) => return Err(error),
                }
            }
            (None, _) => return Ok(()),
        };
        if ports.builder.status_of(&task).await?.is_over() {
            return Ok(());
        }
        ports.builder.cancel(&task).await?;
        let mut pause = FIRST_PAUSE;
        while !ports.builder.status_of(&task).await?.is_over() {
            ports.clock.sleep_until(ports.clock.now() + pause).await;
            pause = (pause * 2).min(poll);
        }
        Ok::<(), BuilderError>(())
    };
    match ended.await {
        Ok(()) => Answer::Event(Event::TaskClosed { component: of.0, attempt: of.1 }),
        // A task that cannot be ended now is asked again until it has ended: nothing else may pass for its end.
        Err(error) => Answer::Again { after: TimeDelta::zero(), reason: error.to_string(), or_else: None },
    }
}

async fn regenerate(ports: &Ports, poll: TimeDelta, request: &PublishRequest) -> Result<(), BuilderError> {
    ports.builder.regenerate(request).await?;
    let mut pause = FIRST_PAUSE;
    while !ports.builder.is_ready(request).await? {
        ports.clock.sleep_until(ports.clock.now() + pause).await;
        pause = (pause * 2).min(poll);
    }
    Ok(())
}

async fn announce(ports: &Ports, message: &Message) -> Answer {
    match ports.bus.publish(message).await {
        Ok(_) => Answer::Done,
        // Messages are never given up.
        Err(error) => Answer::Again { after: TimeDelta::zero(), reason: error.to_string(), or_else: None },
    }
}
