//! A modulemd document as a source of components.

use super::candidate::{CandidateComponent, ComponentFacts, ReuseCandidate, before};
use super::fingerprint::LocalFingerprint;
use super::source::ReuseSource;
use super::strategy::RebuildStrategy;
use crate::build::ModuleState;
use crate::identity::{build_context, build_context_no_bms};
use crate::modulemd::{ModuleStream, Value};
use crate::plan::{ComponentIx, PlanComponent, PlanInput, plan};
use crate::resolve::{DocumentProvider, ModuleFacts, ProviderError};
use crate::{Arch, ComponentName, ModuleName, NameError, StreamName};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known of a build beside its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentNotes {
    /// Its state.
    pub state: ModuleState,
    /// When it became done, if known.
    pub completed: Option<DateTime<Utc>>,
    /// How freely it took components itself.
    pub strategy: RebuildStrategy,
    /// Whether it came from an SCM; none: as `xmd.mbs.scmurl` tells.
    pub has_scmurl: Option<bool>,
    /// What it depended on, if it was made on one machine.
    pub fingerprint: Option<LocalFingerprint>,
}

impl Default for DocumentNotes {
    /// A ready build about which nothing else is known.
    fn default() -> Self {
        Self {
            state: ModuleState::Ready,
            completed: None,
            strategy: RebuildStrategy::default(),
            has_scmurl: None,
            fingerprint: None,
        }
    }
}

impl ReuseCandidate {
    /// A build that is known by its document. `bases` are the names that count as base modules.
    ///
    /// Commits come from `xmd.mbs.rpms`; a `ref` that is a whole commit hash counts too. The batches are those of the
    /// document; for one that includes modules, whose documents are elsewhere, they are not known.
    ///
    /// # Errors
    /// [`NameError`] for a name that is missing or not acceptable.
    pub fn from_document(
        document: &ModuleStream,
        bases: &BTreeSet<ModuleName>,
        notes: DocumentNotes,
    ) -> Result<Self, NameError> {
        let facts = ModuleFacts::from_document(document, notes.state, bases)?;
        let mbs = document.xmd_mbs();
        let scmurl = mbs.and_then(|mbs| mbs.get("scmurl")?.as_str()).is_some_and(|url| !url.is_empty());
        let names: BTreeSet<ModuleName> = bases.iter().cloned().collect();
        Ok(Self {
            build: None,
            nsvc: facts.nsvc,
            state: notes.state,
            completed: notes.completed,
            strategy: notes.strategy,
            has_scmurl: notes.has_scmurl.unwrap_or(scmurl),
            scratch: false,
            built_on: facts.built_on,
            build_context: build_context(&facts.buildrequires),
            build_context_no_bms: build_context_no_bms(&facts.buildrequires, &names),
            buildrequires: facts.buildrequires,
            koji_tag: facts.koji_tag,
            macros: document.buildopts.rpms.macros.clone().unwrap_or_default(),
            arch: document.arch.as_deref().map(Arch::new).transpose()?,
            components: components(document, mbs)?,
            fingerprint: notes.fingerprint,
        })
    }
}

/// Earlier builds that a provider has documents of.
#[derive(Debug)]
pub struct DocumentReuse<'a> {
    provider: &'a dyn DocumentProvider,
    bases: BTreeSet<ModuleName>,
}

impl<'a> DocumentReuse<'a> {
    /// A source over a provider. `bases` are the names that count as base modules.
    pub fn new(provider: &'a dyn DocumentProvider, bases: impl IntoIterator<Item = ModuleName>) -> Self {
        Self { provider, bases: bases.into_iter().collect() }
    }
}

#[async_trait]
impl ReuseSource for DocumentReuse<'_> {
    async fn candidates(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<Vec<Arc<ReuseCandidate>>, ProviderError> {
        let mut candidates = Vec::new();
        for known in self.provider.documents_of(name, stream).await? {
            let notes = DocumentNotes {
                state: known.facts.state,
                completed: known.record.completed,
                strategy: known.record.rebuild_strategy.unwrap_or_default(),
                has_scmurl: known.record.scmurl.as_ref().map(|_| true),
                fingerprint: None,
            };
            let candidate = ReuseCandidate::from_document(&known.document, &self.bases, notes).map_err(|error| {
                let problem = format!("the document of `{}` cannot be used: {error}", known.facts.nsvc);
                ProviderError { name: name.clone(), problem, source: Some(Box::new(error)) }
            })?;
            candidates.push(Arc::new(candidate));
        }
        Ok(candidates)
    }
}

fn components(
    document: &ModuleStream,
    mbs: Option<&Value>,
) -> Result<BTreeMap<ComponentName, CandidateComponent>, NameError> {
    let noted = mbs.and_then(|mbs| mbs.get("rpms"));
    let mut input = PlanInput::default();
    let mut found = BTreeMap::new();
    for (key, component) in &document.components.rpms {
        let name = ComponentName::new(key)?;
        let arches = component.arches.iter().map(Arch::new).collect::<Result<BTreeSet<_>, _>>()?;
        input.components.push(PlanComponent {
            buildorder: component.buildorder,
            buildafter: component.buildafter.iter().map(ComponentName::new).collect::<Result<_, _>>()?,
            ..PlanComponent::new(name.clone())
        });
        let commit = noted.and_then(|all| all.get(key)?.get("ref")?.as_str()).or(component.git_ref.as_deref());
        let commit = commit.filter(|text| is_commit(text)).map(str::to_owned);
        let facts = ComponentFacts { batch: None, commit, arches, before: None };
        found.insert(name, CandidateComponent { facts, ..CandidateComponent::default() });
    }
    // The components of included modules count into the batches.
    let planned = if document.components.modules.is_empty() { plan(&input, &BTreeSet::new()).ok() } else { None };
    if let Some(planned) = &planned {
        for (ix, spec) in planned.indices().zip(&planned.components).filter(|(ix, _)| *ix != ComponentIx::MACROS) {
            if let Some(component) = found.get_mut(&spec.name) {
                component.facts.batch = Some(spec.batch);
                component.facts.before = before(planned, ix);
            }
        }
    }
    Ok(found)
}

/// Whether the text is a whole SHA-1 or SHA-256 hash.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}
