//! What a builder is asked, as plain data derived from a module build.

use crate::build::{BuiltAgainst, BuiltComponent, CustomSrpm, ModuleBuild, Scope, SourceRef};
use crate::identity::{DEFAULT_DISTTAG_PREFIX, Disttag, DisttagError, SCRATCH_DISTTAG_PREFIX};
use crate::plan::ComponentIx;
use crate::reuse::{ReusedComponent, ReusedModule};
use crate::{Arch, BuildId, ComponentName, Failure, Nsvc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Everything about a module build that stays the same for all its components.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleContext {
    /// Number of the build in its store.
    pub build: BuildId,
    /// Identity.
    pub nsvc: Nsvc,
    /// Whether it is a scratch build.
    pub scratch: bool,
    /// What follows the package's own release: `module+f28+2+814cfa39`. The dist tag is a dot and this.
    pub release: Disttag,
    /// Name of the result folder.
    pub folder: String,
    /// Architecture to build for.
    pub arch: Arch,
    /// RPM macros of the packager, verbatim.
    pub macros: String,
    /// Seconds since 1970 that stand for "now" in everything built.
    pub source_epoch: u64,
    /// The expanded modulemd document.
    pub modulemd: String,
    /// RPM names that the packager filters out of the final repository.
    pub filter: Vec<String>,
    /// The module builds that it is built against, base modules included, by name. Buildroots offer the packages of all
    /// but the base modules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub built_against: Vec<BuiltAgainst>,
}

impl ModuleContext {
    /// The context of a build.
    ///
    /// # Errors
    /// [`DisttagError`] if the marking cannot be part of a release; submission refuses such a marking.
    pub fn of(build: &ModuleBuild) -> Result<Self, DisttagError> {
        let header = build.header();
        let request = build.request();
        let prefix = if header.scratch { SCRATCH_DISTTAG_PREFIX } else { DEFAULT_DISTTAG_PREFIX };
        let disttag = Disttag::new(prefix, request.marking.as_deref(), header.index, &header.nsvc)?;
        Ok(Self {
            build: header.id,
            nsvc: header.nsvc.clone(),
            scratch: header.scratch,
            release: disttag,
            folder: header.folder.clone(),
            arch: request.arch.clone(),
            macros: request.macros.clone(),
            source_epoch: request.source_epoch,
            modulemd: request.modulemd.clone(),
            filter: request.filter.clone(),
            built_against: request.built_against.clone(),
        })
    }
}

/// Idempotency key of a component build: the same key never builds twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestKey {
    /// The module build.
    pub build: BuildId,
    /// The component.
    pub component: ComponentName,
    /// The attempt, from 1.
    pub attempt: u32,
}

impl RequestKey {
    /// Path of the attempt's log below the folder of all logs: `BUILD/COMPONENT.ATTEMPT.log`. Backends that write logs on
    /// this machine put them there, and whoever shows logs looks there.
    pub fn log_path(&self) -> String {
        format!("{}/{}.{}.log", self.build, self.component, self.attempt)
    }
}

impl fmt::Display for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.build, self.component, self.attempt)
    }
}

impl FromStr for RequestKey {
    type Err = crate::NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || crate::NameError {
            kind: "request key",
            text: text.to_owned(),
            problem: "is not BUILD/COMPONENT/ATTEMPT",
        };
        let mut parts = text.split('/');
        let (Some(build), Some(component), Some(attempt), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad());
        };
        Ok(Self {
            build: BuildId(build.parse().map_err(|_| bad())?),
            component: ComponentName::new(component)?,
            attempt: attempt.parse().map_err(|_| bad())?,
        })
    }
}

/// Where the source of a component comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentSource {
    /// module-build-macros: made from the module context.
    Macros,
    /// A commit of a git repository.
    Git {
        /// The repository and its look-aside cache, as the packager wrote them.
        source: SourceRef,
        /// The commit, in full.
        commit: String,
    },
    /// A source package that somebody made, built with the macros of the module.
    SourceRpm(CustomSrpm),
}

/// Packages that a builder takes instead of building a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReuseOrder {
    /// The build that they belong to.
    pub from: ReusedModule,
    /// Which they are.
    pub component: ReusedComponent,
    /// Whether the component cannot be built instead, because nothing is built and there are no macros.
    pub required: bool,
}

impl ReuseOrder {
    fn of(build: &ModuleBuild, ix: ComponentIx) -> Option<Self> {
        let request = build.request();
        let macros = build.spec(ComponentIx::MACROS)?.excluded.as_ref();
        Some(Self {
            from: request.reuse.from.clone()?,
            component: request.reuse.component(ix)?.clone(),
            required: macros.is_some_and(|excluded| excluded.all_reused),
        })
    }

    /// What a task tells that took the packages: the same as then, with the mark of where it is from.
    pub fn outcome(&self, built: &BuiltComponent) -> BuiltComponent {
        BuiltComponent { milliseconds: None, reused_from: Some(self.from.clone()), ..built.clone() }
    }

    /// The failure of a task whose packages are gone and which cannot build them.
    pub fn gone(&self, component: &ComponentName) -> Failure {
        Failure::infra(format!(
            "the packages of `{component}` were to be taken from `{}` and are not there any more; everything of this \
             build is taken from earlier ones, so that it cannot build them: submit the module again",
            self.from.nsvc
        ))
    }
}

/// A component to build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentRequest {
    /// Idempotency key.
    pub key: RequestKey,
    /// The module.
    pub module: Arc<ModuleContext>,
    /// Its source.
    pub source: ComponentSource,
    /// Its batch label.
    pub batch: u32,
    /// Which components of its own module the buildroot sees.
    pub scope: Scope,
    /// Architectures the packager restricts it to; empty: all.
    pub arches: BTreeSet<Arch>,
    /// Time limit in seconds; none: no limit.
    pub timeout_seconds: Option<u64>,
    /// What is taken instead, if it is still there; none: it is built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reuse: Option<ReuseOrder>,
}

impl ComponentRequest {
    /// The request for an attempt of a component; none if the build has no such component or does not know its commit.
    pub fn of(build: &ModuleBuild, module: &Arc<ModuleContext>, ix: ComponentIx, attempt: u32) -> Option<Self> {
        let spec = build.spec(ix)?;
        let source = match build.request().sources.get(ix.index())? {
            None => ComponentSource::Macros,
            Some(SourceRef { srpm: Some(srpm), .. }) => ComponentSource::SourceRpm(srpm.clone()),
            Some(source) => {
                let commit = build.component(ix)?.commit.clone()?;
                ComponentSource::Git { source: source.clone(), commit }
            }
        };
        Some(Self {
            key: RequestKey { build: build.id(), component: spec.name.clone(), attempt },
            module: Arc::clone(module),
            source,
            batch: spec.batch,
            scope: build.scope(ix),
            arches: spec.arches.clone(),
            timeout_seconds: build.request().options.timeout_seconds,
            reuse: ReuseOrder::of(build, ix),
        })
    }
}

/// A component whose artifacts go into the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedComponent {
    /// Key of the attempt that built it.
    pub key: RequestKey,
    /// Its batch label.
    pub batch: u32,
    /// Whether its packages are installed into every later buildroot that may see them, before the source package is
    /// made: module-build-macros, and what the packager marked with `buildroot` or `srpm-buildroot`.
    pub install: bool,
    /// What came out.
    pub built: BuiltComponent,
}

/// Components to bring into the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishRequest {
    /// The module.
    pub module: Arc<ModuleContext>,
    /// Number of the publishing cycle, from 1.
    pub cycle: u32,
    /// The components.
    pub components: Vec<PublishedComponent>,
}

impl PublishRequest {
    /// The request for a cycle.
    pub fn of(build: &ModuleBuild, module: &Arc<ModuleContext>, cycle: u32, components: &[ComponentIx]) -> Self {
        Self {
            module: Arc::clone(module),
            cycle,
            components: components.iter().filter_map(|ix| published(build, *ix)).collect(),
        }
    }
}

fn published(build: &ModuleBuild, ix: ComponentIx) -> Option<PublishedComponent> {
    let (spec, component) = (build.spec(ix)?, build.component(ix)?);
    Some(PublishedComponent {
        key: RequestKey { build: build.id(), component: spec.name.clone(), attempt: component.attempt },
        batch: spec.batch,
        install: spec.buildroot || ix == ComponentIx::MACROS,
        built: component.built.clone()?,
    })
}

/// A built component in the final result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalComponent {
    /// What was published.
    pub published: PublishedComponent,
    /// Whether all its RPMs are filtered out: it was needed by the build only.
    pub build_only: bool,
}

/// The end of a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalizeRequest {
    /// The module.
    pub module: Arc<ModuleContext>,
    /// Whether everything was built.
    pub success: bool,
    /// Every component that was built, in plan order; the macros are build-only.
    pub components: Vec<FinalComponent>,
}

impl FinalizeRequest {
    /// The request for the end of a build.
    pub fn of(build: &ModuleBuild, module: &Arc<ModuleContext>, success: bool) -> Self {
        let components = build
            .components()
            .filter_map(|(ix, spec, _)| {
                let build_only = spec.buildonly || ix == ComponentIx::MACROS;
                Some(FinalComponent { published: published(build, ix)?, build_only })
            })
            .collect();
        Self { module: Arc::clone(module), success, components }
    }
}
