//! What a module build is asked to do: fixed at submission, never changed afterwards.

use crate::{Arch, ComponentName, Nsvc, Owner};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Position of a component in the plan of its build. Position 0 is always module-build-macros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ComponentIx(pub u32);

impl ComponentIx {
    /// The made-up first component.
    pub const MACROS: Self = Self(0);

    /// The position as an index into the component list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What orders the components of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// `buildorder`: a batch starts when the one before it is in the repository.
    Batches,
    /// `buildafter`: a component starts when what it names is in the repository.
    Graph,
}

/// Where the source of a component comes from, as written by the packager and completed with the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRef {
    /// Git repository, with credentials if the packager wrote any: never shown.
    pub repository: String,
    /// Branch, tag or commit.
    pub git_ref: String,
    /// Look-aside cache that holds its tarballs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
}

/// One component of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentSpec {
    /// Its name; unique in the plan.
    pub name: ComponentName,
    /// Its source; none for module-build-macros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceRef>,
    /// Batch label: 1 for the macros, 2 and up for the others, with gaps.
    pub batch: u32,
    /// With [`Order::Graph`]: the components that must be in the repository first (direct ones only, the macros included).
    /// Empty with [`Order::Batches`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<ComponentIx>,
    /// How long it is expected to take, in milliseconds or any other unit that is the same for the whole plan. Longer
    /// ones start first.
    pub weight: u64,
    /// Architectures the packager restricts it to; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arches: Vec<Arch>,
    /// Why it is not built at all, such as `not built for x86_64`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<String>,
    /// Its RPMs are needed by the build only and filtered at the end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub buildonly: bool,
}

/// The components of a build and what orders them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildPlan {
    /// What orders them.
    pub order: Order,
    /// The components; the first is module-build-macros, the others are sorted by batch, then name.
    pub components: Vec<ComponentSpec>,
}

/// Choices of the person who asked for the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BuildOptions {
    /// After a failure, also build what does not depend on the failed component.
    #[serde(default)]
    pub keep_going: bool,
    /// Time limit for one component in seconds; none: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
}

/// A module build as submitted: everything that stays the same during its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildRequest {
    /// The expanded modulemd document, as text.
    pub modulemd: String,
    /// Address of the modulemd in its SCM, without credentials; none for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scmurl: Option<String>,
    /// Name of the backend that builds it.
    pub backend: String,
    /// Architecture it is built for.
    pub arch: Arch,
    /// Base-module part of the dist tag, such as `f28`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<String>,
    /// RPM macros of the packager, verbatim.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub macros: String,
    /// Seconds since 1970 that stand for "now" in everything built, so that the same input gives the same bytes.
    pub source_epoch: i64,
    /// RPM names that are left out of the final repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<String>,
    /// The components.
    pub plan: BuildPlan,
    /// Choices of the submitter.
    pub options: BuildOptions,
}

/// What a store is given to create a build. The store adds what only it can decide, see [`BuildHeader`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBuild {
    /// Identity. For a scratch build the store appends `_1`, `_2`, ... to the context.
    pub nsvc: Nsvc,
    /// Who asked.
    pub owner: Owner,
    /// Whether the result can never be a dependency.
    pub scratch: bool,
    /// What to do.
    pub request: Arc<BuildRequest>,
}

/// The fixed head of a stored build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildHeader {
    /// Number in the store.
    pub id: crate::BuildId,
    /// Identity.
    pub nsvc: Nsvc,
    /// Who asked.
    pub owner: Owner,
    /// Whether the result can never be a dependency.
    pub scratch: bool,
    /// Smallest build number among the builds of the same name, stream, version and scratch flag: the index in the dist
    /// tag.
    pub index: crate::BuildId,
    /// Name of the result folder: `module-NAME-STREAM-VERSION`, with the context only where another build holds the
    /// plain name already.
    pub folder: String,
    /// When it was submitted.
    pub submitted: chrono::DateTime<chrono::Utc>,
    /// What to do.
    pub request: Arc<BuildRequest>,
}
