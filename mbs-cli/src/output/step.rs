//! One change of a state, from whatever source it is learnt.

use chrono::{DateTime, Utc};
use mbs_core::build::{Change, ComponentState, LogEntry, ModuleBuild, ModuleState};
use mbs_core::bus::{Message, MessageBody};
use mbs_core::plan::ComponentIx;

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The module.
    Module(ModuleState),
    /// A component of this name.
    Component(String, ComponentState),
}

/// A change worth a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) time: DateTime<Utc>,
    pub(crate) subject: Subject,
    /// Reason, or name-version-release of what was built.
    pub(crate) detail: Option<String>,
}

impl Step {
    /// What a message tells; none for states of later releases.
    pub(crate) fn of_message(message: &Message) -> Option<Self> {
        let (subject, detail) = match &message.body {
            MessageBody::Module(body) => {
                (Subject::Module(ModuleState::from_number(body.state)?), body.state_reason.clone())
            }
            MessageBody::Component(body) => {
                let state = ComponentState::from_number(body.state)?;
                let built = body.nvr.clone().filter(|_| state == ComponentState::Complete);
                (Subject::Component(body.package.clone(), state), built.or_else(|| body.state_reason.clone()))
            }
        };
        Some(Self { time: message.time, subject, detail })
    }

    /// What a log entry tells.
    pub(crate) fn of_entry(entry: &LogEntry, build: &ModuleBuild) -> Vec<Self> {
        let step = |subject, detail| Some(Self { time: entry.time, subject, detail });
        let component = |ix: &ComponentIx, state, detail| {
            step(Subject::Component(build.spec(*ix)?.name.to_string(), state), detail)
        };
        entry
            .changes
            .iter()
            .filter_map(|change| match change {
                Change::StateSet { state, reason, .. } => step(Subject::Module(*state), reason.clone()),
                Change::ComponentStarted { component: ix, .. } => component(ix, ComponentState::Building, None),
                Change::ComponentBuilt { component: ix, built } => {
                    component(ix, ComponentState::Complete, Some(built.to_string()))
                }
                Change::ComponentFailed { component: ix, failure } => {
                    component(ix, ComponentState::Failed, Some(failure.reason.clone()))
                }
                Change::ComponentLost { component: ix, reason } => {
                    component(ix, ComponentState::Waiting, Some(reason.clone()))
                }
                Change::ComponentReleased { component: ix } => component(ix, ComponentState::Waiting, None),
                Change::ComponentClosing { component: ix, .. } => component(ix, ComponentState::Canceled, None),
                Change::Created { .. }
                | Change::Attached { .. }
                | Change::SourcesRecorded { .. }
                | Change::BatchStarted { .. }
                | Change::ComponentTask { .. }
                | Change::StrayClosing { .. }
                | Change::Closed { .. }
                | Change::PublishStarted { .. }
                | Change::PublishTagged
                | Change::Published
                | Change::PublishAbandoned
                | Change::FinalizeStarted
                | Change::Resumed => None,
            })
            .collect()
    }
}
