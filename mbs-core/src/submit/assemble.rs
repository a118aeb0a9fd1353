//! From the builds that a document expands to, to builds that can be stored.

use super::commits::Commits;
use super::components::{Sources, plan_input};
use super::error::SubmitError;
use super::included::Included;
use super::notes::{note_commits, note_origin, ref_overrides};
use super::origin::Origin;
use super::settings::Settings;
use super::submission::{PlannedBuild, Submissions, Warning};
use super::version::{plain_version, version_on};
use crate::build::{BuildRequest, BuiltAgainst, NewBuild, SourceRef};
use crate::identity::{DEFAULT_DISTTAG_PREFIX, Disttag, MarkingSource, disttag_marking, source_epoch};
use crate::modulemd::{ModuleStream, write};
use crate::plan::{Plan, plan};
use crate::resolve::{ExpandWarning, Expanded, Expansion, FactsSource, Pick};
use crate::{BuildId, ComponentName, ModuleName, Nsvc, StreamName, Version};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Makes builds of what one document expands to. Pure: nothing is fetched and nothing is stored.
///
/// Name, stream and version are those of the document, else those of its origin; each build gets the number of its own
/// base module before the version, so builds of one document may have different versions. All have the same plan and
/// sources. `commits` may be empty: then refs are looked up when the build starts.
///
/// # Errors
/// [`SubmitError`] with what has to be changed.
pub fn assemble(
    document: &ModuleStream,
    expansion: Expansion,
    included: &[Included],
    origin: &Origin,
    settings: &Settings,
    commits: &Commits,
) -> Result<Submissions, SubmitError> {
    let mut parts = Parts::of(document, included, origin, settings)?;
    parts.set_commits(commits);
    let mut all = Submissions::default();
    all.append(parts.builds(expansion, origin, settings)?);
    Ok(all)
}

/// What all builds of a document share.
pub(super) struct Parts {
    name: ModuleName,
    stream: StreamName,
    version: Version,
    plan: Plan,
    sources: Vec<Option<SourceRef>>,
}

impl Parts {
    pub(super) fn of(
        document: &ModuleStream,
        included: &[Included],
        origin: &Origin,
        settings: &Settings,
    ) -> Result<Self, SubmitError> {
        let name = document.name.as_ref().or(origin.name_hint.as_ref()).ok_or(SubmitError::NoName)?;
        let name = ModuleName::new(name)?;
        if settings.expand.is_base(name.as_str()) {
            return Err(SubmitError::BaseModule(name));
        }
        let stream = document.stream.as_ref().or(origin.stream_hint.as_ref()).ok_or(SubmitError::NoStream)?;
        let stream = StreamName::new(stream)?;
        let version = plain_version(document, origin)?;
        let plan = plan(&plan_input(document, included)?, &BTreeSet::from([settings.arch.clone()]))?;
        let branch = origin.branch_ref();
        let refs = ref_overrides(document);
        let mut found = Sources::new(&settings.defaults, branch.as_ref(), refs, &settings.srpms);
        found.add(document, included)?;
        let mut found = found.into_map()?;
        let sources = plan.components.iter().map(|component| found.remove(&component.name)).collect();
        Ok(Self { name, stream, version, plan, sources })
    }

    /// The components with their sources.
    pub(super) fn sources(&self) -> impl Iterator<Item = (&ComponentName, &SourceRef)> {
        let names = self.plan.components.iter().map(|component| &component.name);
        names.zip(&self.sources).filter_map(|(name, source)| Some((name, source.as_ref()?)))
    }

    /// Puts the commits in that are known.
    pub(super) fn set_commits(&mut self, commits: &Commits) {
        for (component, source) in self.plan.components.iter().zip(&mut self.sources) {
            if let Some(source) = source
                && let Some(commit) = commits.of(&component.name, source)
            {
                source.commit = Some(commit.to_string());
            }
        }
    }

    /// The builds.
    pub(super) fn builds(
        &self,
        expansion: Expansion,
        origin: &Origin,
        settings: &Settings,
    ) -> Result<Submissions, SubmitError> {
        let told = |warning: &ExpandWarning| Warning { code: warning.code(), message: warning.to_string() };
        let mut warnings: Vec<Warning> = expansion.warnings.iter().map(told).collect();
        warnings.extend(self.unused_srpms(settings));
        let builds: Result<Vec<PlannedBuild>, SubmitError> = expansion
            .results
            .into_iter()
            .map(|expanded| self.build(expanded, origin, settings, &mut warnings))
            .collect();
        Ok(Submissions { builds: builds?, warnings })
    }

    /// A warning of source packages that no component is built from.
    fn unused_srpms(&self, settings: &Settings) -> Option<Warning> {
        let has = |name: &&ComponentName| self.plan.components.iter().any(|component| component.name == **name);
        let unused: Vec<String> =
            settings.srpms.names().filter(|name| !has(name)).map(|name| format!("`{name}`")).collect();
        let message = format!("the module has no component {}, so its source package is not used", unused.join(", "));
        (!unused.is_empty()).then_some(Warning { code: "MS0222", message })
    }

    fn build(
        &self,
        expanded: Expanded,
        origin: &Origin,
        settings: &Settings,
        warnings: &mut Vec<Warning>,
    ) -> Result<PlannedBuild, SubmitError> {
        let Expanded { block, mut document, contexts, context, picks } = expanded;
        let expand = &settings.expand;
        let decisive = settings.privileged.iter().chain(&expand.base_modules).cloned();
        settings.arches.check(&document, &picks, decisive, &settings.arch)?;
        let version = version_on(self.version, &picks, expand, warnings);
        let nsvc = Nsvc { name: self.name.clone(), stream: self.stream.clone(), version, context };
        let marking = marking(&picks, settings);
        // A marking that cannot stand in a release is refused now, not when the first package is built.
        Disttag::new(DEFAULT_DISTTAG_PREFIX, marking.as_deref(), BuildId(1), &nsvc)?;
        let contexts = contexts.with_static_context(nsvc.context.clone());

        let epoch = source_epoch(version, u64::try_from(origin.time.timestamp()).unwrap_or(0));
        document.name = Some(nsvc.name.to_string());
        document.stream = Some(nsvc.stream.to_string());
        document.version = version.0;
        document.context = Some(nsvc.context.to_string());
        note_origin(&mut document, origin);
        note_commits(&mut document, self.sources());
        let request = BuildRequest {
            modulemd: write(&document),
            scmurl: origin.scmurl.clone(),
            marking,
            macros: document.buildopts.rpms.macros.clone().unwrap_or_default(),
            source_epoch: epoch,
            filter: document.filter.rpms.iter().cloned().collect(),
            sources: self.sources.clone(),
            options: settings.options.clone(),
            contexts: Some(contexts.clone()),
            built_against: picks.iter().map(|pick| built_against(pick, settings)).collect(),
            strategy: settings.strategy,
            ..BuildRequest::new(settings.backend.clone(), settings.arch.clone(), self.plan.clone())
        };
        let new =
            NewBuild { nsvc, owner: settings.owner.clone(), scratch: settings.scratch, request: Arc::new(request) };
        Ok(PlannedBuild { new, contexts, block, picks, document })
    }
}

/// The marking of the dist tag, by what is built against.
fn marking(picks: &[Pick], settings: &Settings) -> Option<String> {
    let sources = picks
        .iter()
        .map(|pick| {
            let marking = pick.facts.disttag_marking.clone();
            let source = MarkingSource { stream: pick.facts.nsvc.stream.clone(), marking };
            (pick.facts.nsvc.name.clone(), source)
        })
        .collect();
    disttag_marking(&settings.privileged, &settings.expand.base_modules, &sources).map(str::to_owned)
}

fn built_against(pick: &Pick, settings: &Settings) -> BuiltAgainst {
    let facts = &pick.facts;
    BuiltAgainst {
        nsvc: facts.nsvc.clone(),
        direct: pick.direct,
        base: settings.expand.is_base(facts.nsvc.name.as_str()),
        // As in the document: what was built on this machine is known by its results, not by a commit.
        commit: facts.commit.clone().filter(|_| facts.source == FactsSource::Stored),
        koji_tag: facts.koji_tag.clone(),
        repository: facts.repository.clone(),
    }
}
