//! Rules of [`wakeups`](mbs_core::builder::GenericBuilder::wakeups).

use super::report::{Checked, Stop, ensure};
use super::run::Run;
use super::suite::Suite;
use futures::StreamExt;
use futures::future::{Either, select};
use mbs_core::build::Scope;
use mbs_core::builder::Wakeup;
use std::pin::pin;

/// With the ability, a hint comes for a task that ends.
pub async fn tell_of_the_end_of_a_task(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    if !run.capabilities().wakeups {
        return Err(Stop::skip("the builder has no `wakeups`"));
    }
    run.connect().await?;
    let mut wakeups = run.builder().wakeups();
    let request = run.request(&suite.good(1), 1, 2, Scope::BatchesBefore(2));
    let task = run.submit(&request).await?;
    let factory = suite.factory();
    let clock = factory.clock();
    let mut timeout = clock.sleep_until(clock.now() + factory.patience());
    loop {
        match select(wakeups.next(), &mut timeout).await {
            Either::Left((Some(Wakeup::Any), _)) => break,
            Either::Left((Some(Wakeup::Task(hinted)), _)) if hinted == task => break,
            Either::Left((Some(_), _)) => {}
            Either::Left((None, _)) => return Err(Stop::broken("the hints end")),
            Either::Right(_) => return Err(Stop::broken("there is no hint about a task that was built")),
        }
    }
    run.end_of(&task).await.map(|_| ())
}

/// Nobody needs to listen: a listener that goes away, or does not listen, disturbs nothing.
pub async fn may_be_ignored(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let ignored = run.builder().wakeups();
    drop(run.builder().wakeups());
    run.build(&suite.good(1), 2).await?;
    drop(ignored);
    run.build(&suite.good(2), 2).await.map(|_| ())
}

/// Whoever waits on the hints of a builder without hints waits for ever: the stream neither yields nor ends.
pub async fn of_a_builder_without_hints_never_come(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    let mut wakeups = run.builder().wakeups();
    run.connect().await?;
    let factory = suite.factory();
    let clock = factory.clock();
    let quiet = pin!(clock.sleep_until(clock.now() + factory.period()));
    let ended = matches!(select(wakeups.next(), quiet).await, Either::Left((None, _)));
    ensure!(!ended, "the hints end");
    Ok(())
}
