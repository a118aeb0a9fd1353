//! Messages: topics and bodies as the original service sends them.

use crate::BuildId;
use crate::build::{ComponentState, EffectKind, EffectSeq, ModuleBuild, ModuleState};
use crate::identity::koji_tag;
use crate::plan::ComponentIx;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The same for every delivery of the same message.
    pub id: String,
    /// The build it tells of.
    pub build: BuildId,
    /// When the change was decided.
    pub time: DateTime<Utc>,
    /// Version of the body's form.
    pub version: u32,
    /// The content.
    pub body: MessageBody,
}

/// What a message tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageBody {
    /// A module build is in another state.
    Module(ModuleBody),
    /// A component build is in another state.
    Component(ComponentBody),
}

/// The default form of a module build, without its tasks, as in the original's messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModuleBody {
    /// Number.
    pub id: BuildId,
    /// Number of the state.
    pub state: u8,
    /// Name of the state.
    pub state_name: &'static str,
    /// Why.
    pub state_reason: Option<String>,
    /// Module name.
    pub name: String,
    /// Stream.
    pub stream: String,
    /// Version as a string of digits.
    pub version: String,
    /// Context.
    pub context: String,
    /// Whether it is a scratch build.
    pub scratch: bool,
    /// Batch.
    pub batch: u32,
    /// Numbers of the component builds.
    pub component_builds: Vec<u64>,
    /// Tag of the module.
    pub koji_tag: Option<String>,
    /// Who asked.
    pub owner: String,
    /// Where the modulemd came from.
    pub scmurl: Option<String>,
    /// UTC in whole seconds.
    pub time_submitted: String,
    /// UTC in whole seconds.
    pub time_modified: String,
    /// UTC in whole seconds; none before the end.
    pub time_completed: Option<String>,
}

/// The default form of a component build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComponentBody {
    /// Number, see [`component_id`].
    pub id: u64,
    /// Package.
    pub package: String,
    /// Always `rpms`.
    pub format: &'static str,
    /// Task in the builder.
    pub task_id: Option<String>,
    /// Koji number of the state; none while it waits.
    pub state: Option<u8>,
    /// Koji name of the state; none while it waits.
    pub state_name: Option<&'static str>,
    /// Why.
    pub state_reason: Option<String>,
    /// The build it belongs to.
    pub module_build: BuildId,
    /// Name-version-release, once built.
    pub nvr: Option<String>,
}

/// Number of a component build: unique over all builds of a store, and stable.
pub fn component_id(build: BuildId, component: ComponentIx) -> u64 {
    (build.0 << 20) | u64::from(component.0)
}

impl Message {
    /// Topic below the service's own prefix.
    pub fn topic(&self) -> &'static str {
        match self.body {
            MessageBody::Module(_) => "mbs.module.state.change",
            MessageBody::Component(_) => "mbs.component.state.change",
        }
    }

    /// The message of an effect; none if the effect is not a message. State and reason are those of the effect, the rest
    /// is read from the build as it is now.
    pub fn of(build: &ModuleBuild, seq: EffectSeq, due: DateTime<Utc>, kind: &EffectKind) -> Option<Self> {
        let body = match kind {
            EffectKind::AnnounceModule { state, reason } => {
                MessageBody::Module(module_body(build, *state, reason.as_deref()))
            }
            EffectKind::AnnounceComponent { component, state } => {
                MessageBody::Component(component_body(build, *component, *state)?)
            }
            EffectKind::ResolveSources
            | EffectKind::Connect
            | EffectKind::Submit { .. }
            | EffectKind::Close { .. }
            | EffectKind::Tag { .. }
            | EffectKind::Regenerate { .. }
            | EffectKind::Finalize { .. } => return None,
        };
        Some(Self { id: format!("{}-{}", build.id(), seq.0), build: build.id(), time: due, version: 1, body })
    }
}

fn zulu(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn module_body(build: &ModuleBuild, state: ModuleState, reason: Option<&str>) -> ModuleBody {
    let header = build.header();
    let nsvc = build.nsvc();
    ModuleBody {
        id: build.id(),
        state: state.number(),
        state_name: state.name(),
        state_reason: reason.map(str::to_owned),
        name: nsvc.name.to_string(),
        stream: nsvc.stream.to_string(),
        version: nsvc.version.to_string(),
        context: nsvc.context.to_string(),
        scratch: header.scratch,
        batch: build.batch(),
        component_builds: build.components().map(|(ix, _, _)| component_id(build.id(), ix)).collect(),
        koji_tag: koji_tag(nsvc, header.scratch.then_some(build.id())).ok().map(|tag| tag.to_string()),
        owner: build.owner().to_string(),
        scmurl: build.request().scmurl.clone(),
        time_submitted: zulu(header.submitted),
        time_modified: zulu(build.modified()),
        time_completed: build.completed().map(zulu),
    }
}

fn component_body(build: &ModuleBuild, ix: ComponentIx, state: ComponentState) -> Option<ComponentBody> {
    let (spec, component) = (build.spec(ix)?, build.component(ix)?);
    Some(ComponentBody {
        id: component_id(build.id(), ix),
        package: spec.name.to_string(),
        format: "rpms",
        task_id: component.task.as_ref().map(ToString::to_string),
        state: state.number(),
        state_name: state.number().map(|_| state.name()),
        state_reason: component.reason.clone(),
        module_build: build.id(),
        nvr: component.built.as_ref().map(|built| built.nvr.clone()),
    })
}
