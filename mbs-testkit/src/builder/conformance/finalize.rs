//! Rules of [`finalize`](mbs_core::builder::GenericBuilder::finalize).

use super::factory::RepoContent;
use super::report::{Checked, Stop, ensure};
use super::run::{Ended, Run};
use super::suite::Suite;
use mbs_core::build::Scope;
use std::sync::Arc;

/// Builds three components, of which the second is needed by the build only and the third is filtered out.
async fn three(suite: &Suite<'_>, run: &mut Run<'_>) -> Result<[Ended; 3], Stop> {
    let filter = vec![suite.good(3).name.to_string()];
    run.module = Arc::new(mbs_core::builder::ModuleContext { filter, ..(*run.module).clone() });
    run.connect().await?;
    let all =
        [run.build(&suite.good(1), 2).await?, run.build(&suite.good(2), 2).await?, run.build(&suite.good(3), 2).await?];
    let request = run.publishing(1, &[&all[0], &all[1], &all[2]], false)?;
    run.publish(&request).await?;
    Ok(all)
}

async fn read(suite: &Suite<'_>, run: &mut Run<'_>) -> Result<RepoContent, Stop> {
    let address = run.repo().await?.ok_or_else(|| Stop::broken("the final repository is nowhere"))?;
    suite.read_repo(&address).await
}

/// Behaviour: with success the final repository stands when it returns, filtered, with its module metadata.
pub async fn makes_the_final_repository(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    let [one, two, three] = three(suite, &mut run).await?;
    run.finalize(true, &[(&one, false), (&two, true), (&three, false)]).await?;
    let repo = read(suite, &mut run).await?;
    let wanted = one.published(false)?.built.rpms.into_iter().collect();
    ensure!(repo.rpms == wanted, "the final repository holds {:?} instead of {wanted:?}", repo.rpms);
    ensure!(repo.modulemd, "the final repository has no module metadata");
    Ok(())
}

/// Idempotency: the same call again, also by the next process, gives the same result.
pub async fn again_gives_the_same_result(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    let [one, two, three] = three(suite, &mut run).await?;
    let components = [(&one, false), (&two, true), (&three, false)];
    run.finalize(true, &components).await?;
    let first = run.repo().await?;
    let before = read(suite, &mut run).await;
    run.reopen().await;
    run.finalize(true, &components).await?;
    let again = run.repo().await?;
    ensure!(first == again && first.is_some(), "the final repository is at {first:?}, then at {again:?}");
    let after = read(suite, &mut run).await;
    ensure!(before == after, "the final repository changes from {before:?} to {after:?}");
    Ok(())
}

/// Behaviour: after a failure everything that a resume needs stays. Errors of the build before do not stand in its way.
pub async fn after_a_failure_keeps_what_a_resume_needs(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    let request = run.publishing(1, &[&first], false)?;
    run.publish(&request).await?;
    let second = run.build(&suite.good(2), 3).await?;
    if let Ok(failing) = suite.failing() {
        run.finish(&failing, 3, Scope::BatchesBefore(3)).await?;
    }
    run.finalize(false, &[(&first, false), (&second, false)]).await?;
    run.finalize(false, &[(&first, false), (&second, false)]).await?;
    run.reopen().await;
    run.connect().await?;
    for ended in [&first, &second] {
        let task = run.submit(&ended.request).await?;
        let state = run.status(&task).await?;
        ensure!(task == ended.task && state == ended.state, "after a failed build, `{task}` is {state:?}");
        run.started_once(&ended.request.key)?;
    }
    ensure!(run.is_ready(&request).await?, "after a failed build, its repository is empty");
    let third = run.build(&suite.good(3), 3).await?;
    let request = run.publishing(2, &[&second, &third], false)?;
    run.publish(&request).await?;
    run.finalize(true, &[(&first, false), (&second, false), (&third, false)]).await?;
    let repo = run.repo().await?;
    ensure!(repo.is_some(), "a resumed build has no final repository");
    Ok(())
}
