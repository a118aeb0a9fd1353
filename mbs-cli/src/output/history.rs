//! Entries of a build's log, as text and as JSON.

use crate::error::CliError;
use chrono::SecondsFormat;
use mbs_core::build::{Change, Event, LogEntry, ModuleBuild};
use mbs_core::plan::ComponentIx;
use serde_json::{Value, json};

/// An entry with number, time, event and what is worth knowing about it.
pub(crate) fn entry_text(entry: &LogEntry, build: &ModuleBuild) -> [String; 4] {
    let time = entry.time.to_rfc3339_opts(SecondsFormat::Millis, true);
    [entry.revision.to_string(), time, entry.event.name().to_owned(), about(entry, build)]
}

fn about(entry: &LogEntry, build: &ModuleBuild) -> String {
    let name = |ix: &ComponentIx| build.spec(*ix).map_or_else(|| ix.0.to_string(), |spec| spec.name.to_string());
    let attempt_of = |ix: &ComponentIx, attempt: &u32| format!("{} attempt {attempt}", name(ix));
    let states = entry.changes.iter().filter_map(|change| match change {
        Change::StateSet { state, .. } => Some(format!("-> {state}")),
        Change::BatchStarted { batch } => Some(format!("batch {batch}")),
        _ => None,
    });
    let event = match &entry.event {
        Event::Submitted | Event::Imported => Some(format!("{} by {}", build.nsvc(), build.owner())),
        Event::Attached { fence } => Some(format!("fence {fence}")),
        Event::SourcesFailed { failure }
        | Event::BuildrootFailed { failure }
        | Event::RepoFailed { failure, .. }
        | Event::FinalizeFailed { failure } => Some(failure.reason.clone()),
        Event::Admitted { components } => Some(components.iter().map(name).collect::<Vec<_>>().join(", ")),
        Event::TaskAccepted { component, attempt, task } => {
            Some(format!("{}: task {task}", attempt_of(component, attempt)))
        }
        Event::ComponentCompleted { component, attempt, built } => {
            Some(format!("{}: {}", attempt_of(component, attempt), built))
        }
        Event::ComponentFailed { component, attempt, failure }
        | Event::TaskLost { component, attempt, failure }
        | Event::TaskGivenUp { component, attempt, failure } => {
            Some(format!("{}: {}", attempt_of(component, attempt), failure.reason))
        }
        Event::Interrupted { component, attempt } | Event::TaskClosed { component, attempt } => {
            Some(attempt_of(component, attempt))
        }
        Event::Tagged { cycle } | Event::RepoReady { cycle } => Some(format!("cycle {cycle}")),
        Event::CancelAsked { by } | Event::ResumeAsked { by } => Some(format!("by {by}")),
        Event::Retired { reason } => Some(reason.clone()),
        Event::Advance | Event::SourcesResolved { .. } | Event::BuildrootReady | Event::Finalized => None,
    };
    event.into_iter().chain(states).collect::<Vec<_>>().join("; ")
}

/// The entry as stored, but for the request: it is long, and its addresses may hold credentials.
pub(crate) fn entry_json(entry: &LogEntry) -> Result<Value, CliError> {
    let value = || -> serde_json::Result<Value> {
        let changes = entry
            .changes
            .iter()
            .map(|change| match change {
                Change::Created { header } => Ok(json!({
                    "change": "created",
                    "id": header.id,
                    "nsvc": header.nsvc.to_string(),
                    "owner": header.owner,
                    "scratch": header.scratch,
                    "folder": header.folder,
                })),
                other => serde_json::to_value(other),
            })
            .collect::<serde_json::Result<Vec<_>>>()?;
        let event = serde_json::to_value(&entry.event)?;
        Ok(json!({ "revision": entry.revision, "time": entry.time, "event": event, "changes": changes }))
    };
    value().map_err(|error| CliError::Output(error.into()))
}
