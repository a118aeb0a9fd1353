//! An earlier build as a source of components.

use super::fingerprint::LocalFingerprint;
use super::plan::{ReusedComponent, ReusedModule};
use super::strategy::RebuildStrategy;
use crate::build::{BuildRequest, ComponentState, ModuleBuild, ModuleState};
use crate::builder::RequestKey;
use crate::identity::{ContextHash, build_context, build_context_no_bms};
use crate::plan::{ComponentIx, MACROS_COMPONENT, Order, Plan};
use crate::{Arch, BuildId, ComponentName, ModuleName, Nsvc, StreamName};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// What decides whether a component is the same in two builds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ComponentFacts {
    /// Its batch; none if that is not known.
    pub batch: Option<u32>,
    /// Its commit in full; none for a custom source package, or if it is not known.
    pub commit: Option<String>,
    /// Architectures it is limited to; empty means all.
    pub arches: BTreeSet<Arch>,
    /// With a graph of components: the names of all that are built before it, the macros not included. None with
    /// batches.
    pub before: Option<BTreeSet<ComponentName>>,
}

/// A component of an earlier build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CandidateComponent {
    /// What is compared.
    pub facts: ComponentFacts,
    /// What is taken if all is equal.
    pub taken: ReusedComponent,
}

/// An earlier build as a source of components, free of where it is known from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReuseCandidate {
    /// Its number in the store; none for a build that is known from elsewhere.
    pub build: Option<BuildId>,
    /// Its identity.
    pub nsvc: Nsvc,
    /// Its state.
    pub state: ModuleState,
    /// When it became done; none if that is not known, which counts as before all others.
    pub completed: Option<DateTime<Utc>>,
    /// How freely it took components itself.
    pub strategy: RebuildStrategy,
    /// Whether it came from an SCM.
    pub has_scmurl: bool,
    /// Whether it is a scratch build.
    pub scratch: bool,
    /// The base modules that it was built on.
    pub built_on: Vec<Nsvc>,
    /// The stream of each module that it was built against, base modules included.
    pub buildrequires: BTreeMap<ModuleName, StreamName>,
    /// Hash over [`Self::buildrequires`].
    pub build_context: ContextHash,
    /// The same without base modules.
    pub build_context_no_bms: ContextHash,
    /// Tag that holds its packages in a build system.
    pub koji_tag: Option<String>,
    /// RPM macros of the packager, verbatim.
    pub macros: String,
    /// The architecture that it was built for on one machine; none for a build system, whose architectures are not
    /// compared.
    pub arch: Option<Arch>,
    /// Its components, without the macros.
    pub components: BTreeMap<ComponentName, CandidateComponent>,
    /// What the build depended on, if it was made on one machine.
    pub fingerprint: Option<LocalFingerprint>,
}

impl ReuseCandidate {
    /// A build of a store.
    ///
    /// A component counts with the commit that was recorded; what is not complete has nothing to be taken.
    pub fn from_build(build: &ModuleBuild) -> Self {
        let request = build.request();
        let mut facts = component_facts(request);
        let components =
            build.components().filter(|(ix, ..)| *ix != ComponentIx::MACROS).map(|(_, spec, component)| {
                let mut facts = facts.remove(&spec.name).unwrap_or_default();
                if component.commit.is_some() {
                    facts.commit.clone_from(&component.commit);
                }
                let built = component.built.clone().filter(|_| component.state == ComponentState::Complete);
                let key = built.is_some().then(|| RequestKey {
                    build: build.id(),
                    component: spec.name.clone(),
                    attempt: component.attempt,
                });
                (spec.name.clone(), CandidateComponent { facts, taken: ReusedComponent { key, built } })
            });
        let components = components.collect();
        let dependencies = Dependencies::of(request);
        Self {
            build: Some(build.id()),
            nsvc: build.nsvc().clone(),
            state: build.state(),
            completed: build.completed(),
            strategy: request.strategy,
            has_scmurl: request.scmurl.is_some(),
            scratch: build.header().scratch,
            built_on: request.built_against.iter().filter(|one| one.base).map(|one| one.nsvc.clone()).collect(),
            build_context: dependencies.build_context,
            build_context_no_bms: dependencies.build_context_no_bms,
            buildrequires: dependencies.buildrequires,
            koji_tag: None,
            macros: request.macros.clone(),
            arch: Some(request.arch.clone()),
            components,
            fingerprint: request.fingerprint.clone(),
        }
    }

    /// What a plan notes of the build.
    pub fn reference(&self) -> ReusedModule {
        ReusedModule { build: self.build, nsvc: self.nsvc.clone() }
    }
}

/// What a build is made against.
pub(super) struct Dependencies {
    pub(super) buildrequires: BTreeMap<ModuleName, StreamName>,
    pub(super) build_context: ContextHash,
    pub(super) build_context_no_bms: ContextHash,
}

impl Dependencies {
    pub(super) fn of(request: &BuildRequest) -> Self {
        let all = &request.built_against;
        let buildrequires = all.iter().map(|one| (one.nsvc.name.clone(), one.nsvc.stream.clone())).collect();
        let bases = all.iter().filter(|one| one.base).map(|one| one.nsvc.name.clone()).collect();
        let noted = request.contexts.as_ref();
        Self {
            build_context: noted.map_or_else(|| build_context(&buildrequires), |contexts| contexts.build),
            build_context_no_bms: noted
                .map_or_else(|| build_context_no_bms(&buildrequires, &bases), |contexts| contexts.build_no_bms),
            buildrequires,
        }
    }
}

/// The components of a build that was asked for, without the macros.
pub(super) fn component_facts(request: &BuildRequest) -> BTreeMap<ComponentName, ComponentFacts> {
    let plan = &request.plan;
    let all = plan.indices().zip(&plan.components).zip(&request.sources);
    let known = all.filter(|((_, spec), _)| spec.name.as_str() != MACROS_COMPONENT).map(|((ix, spec), source)| {
        let facts = ComponentFacts {
            batch: Some(spec.batch),
            commit: source.as_ref().and_then(|source| source.commit.clone()),
            arches: spec.arches.clone(),
            before: before(plan, ix),
        };
        (spec.name.clone(), facts)
    });
    known.collect()
}

/// With a graph, what is built before a component.
pub(super) fn before(plan: &Plan, ix: ComponentIx) -> Option<BTreeSet<ComponentName>> {
    if plan.order == Order::Batches {
        return None;
    }
    let visible = plan.visible(ix).into_iter().filter(|ix| *ix != ComponentIx::MACROS);
    Some(visible.map(|ix| plan.component(ix).name.clone()).collect())
}
