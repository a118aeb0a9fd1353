//! Builds as JSON. Versions are strings: they exceed what many readers of JSON take for a number.

use super::failure;
use crate::backend;
use crate::error::CliError;
use crate::logs;
use crate::session::Session;
use chrono::{DateTime, Utc};
use mbs_core::build::{ComponentState, ModuleBuild, ModuleState};
use mbs_core::source::redact;
use mbs_core::store::BuildSummary;
use mbs_core::{Blame, Nsvc};
use serde::Serialize;

/// Any value as lines of JSON.
pub(crate) fn to_text(value: &impl Serialize) -> Result<String, CliError> {
    serde_json::to_string_pretty(value).map_err(|error| CliError::Output(error.into()))
}

/// A component's state in lower case.
pub(crate) fn state_text(state: ComponentState) -> String {
    state.name().to_lowercase()
}

/// A build of a list.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryJson {
    id: u64,
    nsvc: String,
    name: String,
    stream: String,
    version: String,
    context: String,
    state: ModuleState,
    reason: Option<String>,
    blame: Option<Blame>,
    owner: String,
    scratch: bool,
    /// Whether it was built elsewhere.
    imported: bool,
    backend: String,
    batch: u32,
    components_complete: u64,
    components_total: u64,
    submitted: DateTime<Utc>,
    modified: DateTime<Utc>,
    completed: Option<DateTime<Utc>>,
}

impl SummaryJson {
    /// From what a list tells of a build.
    pub(crate) fn of(build: &BuildSummary) -> Self {
        let Nsvc { name, stream, version, context } = &build.nsvc;
        Self {
            id: build.id.0,
            nsvc: build.nsvc.to_string(),
            name: name.to_string(),
            stream: stream.to_string(),
            version: version.to_string(),
            context: context.to_string(),
            state: build.state,
            reason: build.reason.clone(),
            blame: build.blame,
            owner: build.owner.to_string(),
            scratch: build.scratch,
            imported: build.imported,
            backend: build.backend.clone(),
            batch: build.batch,
            components_complete: build.complete,
            components_total: build.components,
            submitted: build.submitted,
            modified: build.modified,
            completed: build.completed,
        }
    }
}

/// A whole build.
#[derive(Debug, Serialize)]
pub(crate) struct BuildJson {
    build: SummaryJson,
    /// Folder with `repodata`, once the build is done.
    repository: Option<String>,
    /// Folder with `repodata` that says what the machine offers to packages, where dnf could not know it.
    host_repository: Option<String>,
    scmurl: Option<String>,
    arch: String,
    /// The log that tells most about a failure.
    log: Option<String>,
    components: Vec<ComponentJson>,
}

/// A component of a build.
#[derive(Debug, Serialize)]
struct ComponentJson {
    name: String,
    batch: u32,
    state: String,
    reason: Option<String>,
    blame: Option<Blame>,
    attempt: u32,
    task: Option<String>,
    repository: Option<String>,
    git_ref: Option<String>,
    commit: Option<String>,
    nvr: Option<String>,
    rpms: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reused_from: Option<String>,
    milliseconds: Option<u64>,
    log: Option<String>,
}

impl BuildJson {
    /// A build as it stands.
    pub(crate) fn of(build: &ModuleBuild, session: &Session) -> Result<Self, CliError> {
        let request = build.request();
        let built = matches!(build.state(), ModuleState::Done | ModuleState::Ready);
        // A build of a backend that this program does not have can still be shown.
        let repository = built.then(|| backend::repository(request, &build.header().folder, session));
        let repository = repository.and_then(Result::ok).map(|path| path.display().to_string());
        let components = build
            .components()
            .map(|(ix, spec, component)| {
                let source = request.sources.get(ix.index()).and_then(Option::as_ref);
                Ok(ComponentJson {
                    name: spec.name.to_string(),
                    batch: spec.batch,
                    state: state_text(component.state),
                    reason: component.reason.clone(),
                    blame: component.failure.as_ref().map(|failure| failure.blame),
                    attempt: component.attempt,
                    task: component.task.as_ref().map(ToString::to_string),
                    repository: source.map(|source| redact(&source.repository)),
                    git_ref: source.and_then(|source| source.git_ref.clone()),
                    commit: component.commit.clone(),
                    nvr: component.built.as_ref().map(|built| built.nvr.clone()),
                    rpms: component.built.as_ref().map(|built| built.rpms.clone()).unwrap_or_default(),
                    reused_from: component
                        .built
                        .as_ref()
                        .and_then(|built| built.reused_from.as_ref())
                        .map(|from| from.nsvc.to_string()),
                    milliseconds: component.built.as_ref().and_then(|built| built.milliseconds),
                    log: logs::of_component(build, ix, session)?.map(|log| log.display().to_string()),
                })
            })
            .collect::<Result<_, CliError>>()?;
        Ok(Self {
            build: SummaryJson::of(&BuildSummary::of(build)),
            repository,
            host_repository: built
                .then(|| backend::host_repository(request, build.id(), session))
                .flatten()
                .map(|path| path.display().to_string()),
            scmurl: request.scmurl.clone(),
            arch: request.arch.to_string(),
            log: failure::log(build, session)?.map(|log| log.display().to_string()),
            components,
        })
    }
}
