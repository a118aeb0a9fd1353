//! Rules of the methods that only ask: name, capabilities,
//! [`repo_for`](mbs_core::builder::GenericBuilder::repo_for) and
//! [`average_build_time`](mbs_core::builder::GenericBuilder::average_build_time).

use super::report::{Checked, Stop, ensure};
use super::run::Run;
use super::suite::Suite;
use crate::builder::call::{Answer, Call};
use mbs_core::ComponentName;

/// Name and capabilities are the same before, during and after a build.
pub async fn name_and_capabilities_never_change(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    let (name, capabilities) = (run.builder().name().to_owned(), run.capabilities());
    ensure!(
        !name.is_empty() && !name.contains(char::is_whitespace) && !name.starts_with('-'),
        "`{name}` cannot be given on a command line"
    );
    run.connect().await?;
    run.build(&suite.good(1), 2).await?;
    ensure!(run.builder().name() == name, "the name changes from `{name}` to `{}`", run.builder().name());
    ensure!(run.capabilities() == capabilities, "the capabilities change to {:?}", run.capabilities());
    Ok(())
}

/// `repo_for`, Behaviour: none before there is one. Needs: nothing. Idempotency: asking changes nothing.
pub async fn repo_for_tells_of_no_repository_before_there_is_one(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    for _ in 0..2 {
        let repo = run.repo().await?;
        ensure!(repo.is_none(), "a build that is not known has its repository at {repo:?}");
    }
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    let request = run.publishing(1, &[&first], false)?;
    run.publish(&request).await?;
    run.finalize(true, &[(&first, false)]).await?;
    let repo = run.repo().await?;
    ensure!(repo.is_some(), "a finished build has no repository");
    run.reopen().await;
    let again = run.repo().await?;
    ensure!(repo == again, "the repository is at {repo:?}, for the next process at {again:?}");
    Ok(())
}

/// `average_build_time`, Behaviour: one answer for each name; without the ability every answer is none.
pub async fn average_build_time_answers_for_each_name(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    run.build(&suite.good(1), 2).await?;
    let built = suite.good(1).name;
    let unknown = ComponentName::new("nobody-ever-built-this").map_err(|error| Stop::broken(error.to_string()))?;
    for names in [vec![], vec![unknown.clone(), built.clone(), unknown, built]] {
        let Answer::Times(times) = run.call(&Call::AverageBuildTime(names.clone())).await? else {
            return Err(Stop::broken("`average_build_time` answered something else"));
        };
        ensure!(times.len() == names.len(), "{} answers for {} names", times.len(), names.len());
        let known = times.iter().any(Option::is_some);
        let able = run.capabilities().average_build_time;
        ensure!(able || !known, "the builder has no `average_build_time`, but answers {times:?}");
        ensure!(times.first().is_none_or(Option::is_none), "there is a time for what nobody ever built: {times:?}");
    }
    Ok(())
}
