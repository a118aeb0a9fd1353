//! What follows from the state as it is.
//!
//! With `buildorder`: when nothing of the batch is ready or running, what it built is published, then the next batch that
//! has something to do starts. With `buildafter`: whatever is built is published, cycle after cycle, and makes ready what
//! waited for it. A failure lets everything that could run already end; then the module fails.

use super::decision::Decision;
use crate::Failure;
use crate::build::change::Change;
use crate::build::effect::EffectKind;
use crate::build::module_build::ModuleBuild;
use crate::plan::{ComponentIx, Order};

pub(super) fn advance(d: &mut Decision<'_>) {
    let build = d.build;
    if build.finalizing() {
        return;
    }
    let busy = build.running().next().is_some() || build.index.ready.first().is_some();
    match build.plan().order {
        Order::Batches if busy => {}
        Order::Batches => {
            if build.publishing().is_some() {
            } else if build.stopping() || build.failed().next().is_some() {
                d.fail(verdict(build));
            } else if !publish(d) {
                match build.index.open_batches.keys().find(|batch| **batch > build.batch()) {
                    Some(batch) => d.change(Change::BatchStarted { batch: *batch }),
                    None => finalize(d),
                }
            }
        }
        Order::Graph => {
            if build.publishing().is_some() || (!build.stopping() && publish(d)) || busy {
            } else if build.failed().next().is_some() {
                d.fail(verdict(build));
            } else {
                finalize(d);
            }
        }
    }
}

/// Starts a publishing cycle if there is something to publish.
fn publish(d: &mut Decision<'_>) -> bool {
    let limit = match d.build.plan().order {
        // After a resume, finished members of a later batch wait for their batch: its buildroots must not see them.
        Order::Batches => d.build.batch(),
        Order::Graph => u32::MAX,
    };
    let within = |ix: &ComponentIx| d.build.spec(*ix).is_some_and(|spec| spec.batch <= limit);
    let components: Vec<_> = d.build.index.unpublished.iter().copied().take_while(within).collect();
    if components.is_empty() {
        return false;
    }
    let cycle = d.build.cycles + 1;
    d.change(Change::PublishStarted { cycle, components: components.clone() });
    d.effect(EffectKind::Tag { cycle, components });
    true
}

fn finalize(d: &mut Decision<'_>) {
    d.change(Change::FinalizeStarted);
    d.effect(EffectKind::Finalize { success: true });
}

/// The failure of the module: names every failed component, takes blame and log of the first.
fn verdict(build: &ModuleBuild) -> Failure {
    let mut names = Vec::new();
    let mut first: Option<Failure> = None;
    for ix in build.failed() {
        if let (Some(spec), Some(component)) = (build.spec(ix), build.component(ix)) {
            names.push(spec.name.as_str());
            if first.is_none() {
                first.clone_from(&component.failure);
            }
        }
    }
    let mut failure = first.unwrap_or_else(|| Failure::infra("no reason was recorded"));
    let shown = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
    failure.reason = if names.len() == 1 {
        format!("Component {shown} failed: {}", failure.reason)
    } else {
        format!("Components {shown}{more} failed; the first: {}", failure.reason)
    };
    failure
}
