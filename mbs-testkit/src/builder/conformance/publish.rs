//! Rules of [`tag`](mbs_core::builder::GenericBuilder::tag),
//! [`regenerate`](mbs_core::builder::GenericBuilder::regenerate) and
//! [`is_ready`](mbs_core::builder::GenericBuilder::is_ready).

use super::report::{Checked, Stop, ensure};
use super::run::Run;
use super::suite::Suite;
use crate::builder::call::Call;
use mbs_core::build::Scope;
use mbs_core::builder::TaskState;

/// `tag`, Behaviour: nothing becomes visible to buildroots before the repository is regenerated.
pub async fn tagging_alone_shows_nothing(suite: &Suite<'_>) -> Checked {
    let needing = suite.needing(1, 1)?;
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    let request = run.publishing(1, &[&first], false)?;
    run.call(&Call::Tag(request)).await?;
    let ended = run.finish(&needing, 3, Scope::BatchesBefore(3)).await?;
    ensure!(matches!(ended.state, TaskState::Failed(_)), "a component that is only tagged is in a buildroot");
    Ok(())
}

/// `tag`, Idempotency: tagging again changes nothing, before and after the repository is regenerated.
pub async fn tagging_again_changes_nothing(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    let request = run.publishing(1, &[&first], false)?;
    run.call(&Call::Tag(request.clone())).await?;
    run.publish(&request).await?;
    run.call(&Call::Tag(request.clone())).await?;
    ensure!(run.is_ready(&request).await?, "tagging again takes a component out of the repository");
    Ok(())
}

/// `regenerate`, Idempotency: calling again is harmless, the result is the same.
pub async fn regenerating_again_is_harmless(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    let request = run.publishing(1, &[&first], false)?;
    run.publish(&request).await?;
    let before = read(suite, &mut run).await?;
    run.regenerate(&request).await?;
    let after = read(suite, &mut run).await?;
    ensure!(before == after, "regenerating again changes {before:?} to {after:?}");
    Ok(())
}

/// `is_ready`, Behaviour: once true, it stays true: later, in the next process, after another cycle.
pub async fn a_ready_repository_stays_ready(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let (first, second) = (run.build(&suite.good(1), 2).await?, run.build(&suite.good(2), 2).await?);
    let one = run.publishing(1, &[&first], false)?;
    run.publish(&one).await?;
    run.reopen().await;
    ensure!(run.is_ready(&one).await?, "the next process does not find the repository ready");
    let two = run.publishing(2, &[&second], false)?;
    run.publish(&two).await?;
    ensure!(run.is_ready(&one).await?, "another cycle takes the components of the first away");
    // A driver that was killed may publish the first cycle again.
    run.publish(&one).await?;
    ensure!(run.is_ready(&two).await?, "the first cycle, repeated, takes the components of the second away");
    Ok(())
}

/// `regenerate`, Behaviour: what is published with `install` is installed into every later buildroot that may see it.
pub async fn installs_into_later_buildroots(suite: &Suite<'_>) -> Checked {
    let using = suite.using(1)?;
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let first = run.build(&suite.good(1), 1).await?;
    let request = run.publishing(1, &[&first], true)?;
    run.publish(&request).await?;
    let scope = Scope::Components(vec![first.request.key.component.clone()]);
    run.finish(&using, 2, scope).await?.published(false).map(|_| ())
}

/// `regenerate`, Behaviour: a reader never sees half a repository. Errors: the old one stays in place. Its future is
/// dropped at each of its await points, and the repository is read in between.
pub async fn a_reader_never_sees_half_a_repository(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let (first, second) = (run.build(&suite.good(1), 2).await?, run.build(&suite.good(2), 2).await?);
    let one = run.publishing(1, &[&first], false)?;
    run.publish(&one).await?;
    let old = read(suite, &mut run).await?;
    let two = run.publishing(2, &[&second], false)?;
    run.call(&Call::Tag(two.clone())).await?;
    let regenerate = Call::Regenerate(two.clone());
    let mut polls = 0;
    while polls < 500 && !matches!(run.poll(&regenerate, polls).await, Some(Ok(_))) {
        let now = read(suite, &mut run).await?;
        ensure!(old.is_subset(&now), "a reader sees {now:?} while {old:?} is being added to");
        run.reopen().await;
        polls += 1 + polls / 20;
    }
    run.regenerate(&two).await?;
    let new = read(suite, &mut run).await?;
    let wanted = first.published(false)?.built.rpms.into_iter().chain(second.published(false)?.built.rpms).collect();
    ensure!(new == wanted, "the repository holds {new:?} instead of {wanted:?}");
    Ok(())
}

/// The RPMs that a reader finds.
async fn read(suite: &Suite<'_>, run: &mut Run<'_>) -> Result<std::collections::BTreeSet<String>, Stop> {
    let address = run.repo().await?.ok_or_else(|| Stop::broken("a published repository is nowhere"))?;
    Ok(suite.read_repo(&address).await?.rpms)
}
