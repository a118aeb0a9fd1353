//! Rules about packages of earlier builds, of [`submit`](mbs_core::builder::GenericBuilder::submit) and what follows.

use super::report::{Checked, Stop, ensure};
use super::run::{Ended, Run};
use super::suite::Suite;
use mbs_core::Blame;
use mbs_core::build::{BuiltComponent, Scope};
use mbs_core::builder::{ComponentRequest, RequestKey, ReuseOrder, TaskState};
use mbs_core::reuse::{ReusedComponent, ReusedModule};
use std::collections::BTreeSet;

/// An earlier build with one finished component, and a later one that is connected.
async fn two_builds<'a>(suite: &Suite<'a>) -> Result<(Ended, Run<'a>), Stop> {
    let mut one = Run::new(suite).await;
    if !one.capabilities().reuse {
        return Err(Stop::skip("the builder has no `reuse`"));
    }
    one.connect().await?;
    let first = one.build(&suite.good(1), 2).await?;
    let request = one.publishing(1, &[&first], false)?;
    one.publish(&request).await?;
    one.finalize(true, &[(&first, false)]).await?;
    drop(one);
    let mut other = Run::new(suite).await;
    other.connect().await?;
    Ok((first, other))
}

fn order(of: &Ended, required: bool) -> Result<ReuseOrder, Stop> {
    let module = &of.request.module;
    Ok(ReuseOrder {
        from: ReusedModule { build: Some(module.build), nsvc: module.nsvc.clone() },
        component: ReusedComponent { key: Some(of.request.key.clone()), built: Some(built(of)?.clone()) },
        required,
    })
}

fn built(of: &Ended) -> Result<&BuiltComponent, Stop> {
    match &of.state {
        TaskState::Complete(built) => Ok(built),
        other => Err(Stop::broken(format!("`{}` should be complete, but is {other:?}", of.request.key))),
    }
}

/// A request that takes the packages of a component, in its batch.
fn taking(suite: &Suite<'_>, run: &Run<'_>, order: ReuseOrder) -> ComponentRequest {
    let request = run.request(&suite.good(1), 1, 2, Scope::BatchesBefore(2));
    ComponentRequest { reuse: Some(order), ..request }
}

async fn finish(run: &mut Run<'_>, request: ComponentRequest) -> Result<Ended, Stop> {
    let task = run.submit(&request).await?;
    let state = run.end_of(&task).await?;
    Ok(Ended { request, task, state })
}

/// Takes the component of the earlier build in the later one.
async fn take(suite: &Suite<'_>, run: &mut Run<'_>, first: &Ended) -> Result<Ended, Stop> {
    let request = taking(suite, run, order(first, false)?);
    let ended = finish(run, request).await?;
    let (before, now) = (built(first)?, built(&ended)?);
    ensure!((&before.nvr, &before.rpms) == (&now.nvr, &now.rpms), "{now:?} was taken instead of {before:?}");
    let from = now.reused_from.as_ref().map(|from| &from.nsvc);
    ensure!(
        from == Some(&first.request.module.nsvc),
        "what was taken from `{}` is noted as from {from:?}",
        first.request.module.nsvc
    );
    Ok(ended)
}

/// Behaviour: the task is complete with the packages of the earlier build, and nothing is built.
pub async fn gives_the_packages_of_the_earlier_build(suite: &Suite<'_>) -> Checked {
    let (first, mut run) = two_builds(suite).await?;
    let ended = take(suite, &mut run, &first).await?;
    run.never_started(&ended.request.key)
}

/// Idempotency: an equal key gives the same task, also in the next process, and it is found.
pub async fn again_gives_the_same_task(suite: &Suite<'_>) -> Checked {
    let (first, mut run) = two_builds(suite).await?;
    let ended = take(suite, &mut run, &first).await?;
    for _ in 0..2 {
        let again = run.submit(&ended.request).await?;
        ensure!(again == ended.task, "an equal key gives task `{again}` after `{}`", ended.task);
        let found = run.recover(&ended.request.key).await?;
        ensure!(found.as_ref() == Some(&ended.task), "found {found:?} instead of `{}`", ended.task);
        let state = run.status(&ended.task).await?;
        ensure!(state == ended.state, "a second submission changes {:?} to {state:?}", ended.state);
        run.reopen().await;
    }
    run.never_started(&ended.request.key)
}

/// `regenerate`, Behaviour: later buildroots see what was taken like what was built.
pub async fn is_seen_by_later_buildroots(suite: &Suite<'_>) -> Checked {
    let needing = suite.needing(1, 1)?;
    let (first, mut run) = two_builds(suite).await?;
    let ended = take(suite, &mut run, &first).await?;
    let request = run.publishing(1, &[&ended], false)?;
    run.publish(&request).await?;
    run.build(&needing, 3).await.map(|_| ())
}

/// `finalize`, Behaviour: the final repository holds what was taken.
pub async fn is_in_the_final_repository(suite: &Suite<'_>) -> Checked {
    let (first, mut run) = two_builds(suite).await?;
    let ended = take(suite, &mut run, &first).await?;
    let request = run.publishing(1, &[&ended], false)?;
    run.publish(&request).await?;
    run.finalize(true, &[(&ended, false)]).await?;
    let Some(address) = run.repo().await? else {
        return Err(Stop::broken("there is no repository after the end of the build"));
    };
    let content = suite.read_repo(&address).await?;
    let wanted: BTreeSet<String> = built(&ended)?.rpms.iter().cloned().collect();
    ensure!(content.rpms == wanted, "the final repository holds {:?} instead of {wanted:?}", content.rpms);
    Ok(())
}

/// Behaviour: what was taken can be taken on.
pub async fn can_be_taken_on(suite: &Suite<'_>) -> Checked {
    let (first, mut run) = two_builds(suite).await?;
    let second = take(suite, &mut run, &first).await?;
    drop(run);
    let mut third = Run::new(suite).await;
    third.connect().await?;
    take(suite, &mut third, &second).await.map(|_| ())
}

/// What nobody has any more.
fn nothing(first: &Ended, required: bool) -> Result<ReuseOrder, Stop> {
    let mut order = order(first, required)?;
    order.component.key = Some(RequestKey { attempt: 77, ..first.request.key.clone() });
    order.component.built = Some(BuiltComponent {
        nvr: "gone-1-1".to_owned(),
        rpms: vec!["gone-1-1.noarch.rpm".to_owned()],
        ..built(first)?.clone()
    });
    Ok(order)
}

/// Behaviour: packages that are gone are built.
pub async fn builds_what_is_gone(suite: &Suite<'_>) -> Checked {
    let (first, mut run) = two_builds(suite).await?;
    let request = taking(suite, &run, nothing(&first, false)?);
    let ended = finish(&mut run, request).await?;
    let now = built(&ended)?;
    ensure!(now.reused_from.is_none(), "packages that do not exist are said to be taken: {now:?}");
    run.started_once(&ended.request.key)
}

/// Behaviour: unless it is required that nothing is built; then the task fails by the fault of the machine.
pub async fn fails_where_nothing_may_be_built(suite: &Suite<'_>) -> Checked {
    let (first, mut run) = two_builds(suite).await?;
    let request = taking(suite, &run, nothing(&first, true)?);
    let ended = finish(&mut run, request).await?;
    let TaskState::Failed(failure) = &ended.state else {
        return Err(Stop::broken(format!("packages that do not exist make a task {:?}", ended.state)));
    };
    ensure!(failure.blame == Blame::Infra, "packages that are gone are blamed on {}", failure.blame);
    run.never_started(&ended.request.key)
}
