//! What a module build is asked to do: fixed at submission, never changed afterwards.

use crate::identity::{Contexts, folder_hash};
use crate::plan::Plan;
use crate::reuse::{LocalFingerprint, RebuildStrategy, ReusePlan};
use crate::source::{CacheUrl, CheckoutRequest, CommitHash, GitRef, RefRequest, RepositoryUrl, SourceError, redact};
use crate::{Arch, ComponentName, Nsvc, Owner};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where the source of a component comes from, as written by the packager and completed with the defaults.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRef {
    /// Git repository, with credentials if the packager wrote any: stored, never shown.
    pub repository: String,
    /// Branch, tag or commit; none: the default branch of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_ref: Option<String>,
    /// Name of the source package, if it is not the component's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<ComponentName>,
    /// Look-aside cache that holds its tarballs, with credentials as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<String>,
    /// The commit in full, if it was found out at submission; none: it is found out in state init.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// A source package to build instead; repository, ref and cache are empty then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub srpm: Option<CustomSrpm>,
}

/// A source package that somebody made, for a scratch build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CustomSrpm {
    /// Absolute path on this machine.
    File(String),
    /// Path in the upload area of the builder, such as `cli-build/1/a.src.rpm`.
    Upload(String),
}

impl CustomSrpm {
    /// The path, as it was given.
    pub fn path(&self) -> &str {
        match self {
            Self::File(path) | Self::Upload(path) => path,
        }
    }
}

impl std::fmt::Debug for SourceRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceRef")
            .field("repository", &redact(&self.repository))
            .field("git_ref", &self.git_ref)
            .field("package", &self.package)
            .field("cache", &self.cache.as_deref().map(redact))
            .field("commit", &self.commit)
            .field("srpm", &self.srpm)
            .finish()
    }
}

/// Choices of the person who asked for the build.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BuildOptions {
    /// After a failure, also build what does not depend on the failed component.
    #[serde(default)]
    pub keep_going: bool,
    /// Time limit for one component in seconds; none: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    /// Absolute path of the folder that takes the result folders of builds on this machine; none: the user's own. Stored,
    /// so that whoever resumes the build goes on in the same place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<String>,
    /// Absolute path of the folder that components are built in; none: where the backend thinks best. Stored for the same
    /// reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_dir: Option<String>,
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
    pub source_epoch: u64,
    /// RPM names that are left out of the final repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<String>,
    /// The components and what orders them.
    pub plan: Plan,
    /// Sources in the order of the plan; none for module-build-macros.
    pub sources: Vec<Option<SourceRef>>,
    /// Choices of the submitter.
    pub options: BuildOptions,
    /// The context hashes; none for a build that was not made by stream expansion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contexts: Option<Contexts>,
    /// What it is built against, base modules included, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub built_against: Vec<BuiltAgainst>,
    /// What may be taken from earlier builds.
    #[serde(default, skip_serializing_if = "RebuildStrategy::is_default")]
    pub strategy: RebuildStrategy,
    /// What is taken from an earlier build; empty: nothing.
    #[serde(default, skip_serializing_if = "ReusePlan::is_empty")]
    pub reuse: ReusePlan,
    /// Whether it was built elsewhere: it is ready from the beginning, and no backend ever hears of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// Repository that holds the packages of a build that was built elsewhere: absolute path or address without
    /// credentials; none if nobody knows. It is not this build system's: nothing here writes or removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// What it depends on beside its sources, if it is made on one machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<LocalFingerprint>,
}

/// A module build that another one is built against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltAgainst {
    /// Which build.
    pub nsvc: Nsvc,
    /// Whether the document build-requires it; else another one of these requires it.
    pub direct: bool,
    /// Whether it is a base module.
    pub base: bool,
    /// Commit of its sources, if noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Tag that holds its packages in a build system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub koji_tag: Option<String>,
    /// Repository that holds its packages: absolute path or address without credentials; none if there is none or nobody
    /// knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
}

impl BuildRequest {
    /// A request that builds the components of a plan, without sources and with nothing else decided.
    pub fn new(backend: impl Into<String>, arch: Arch, plan: Plan) -> Self {
        Self {
            modulemd: String::new(),
            scmurl: None,
            backend: backend.into(),
            arch,
            marking: None,
            macros: String::new(),
            source_epoch: 0,
            filter: Vec::new(),
            sources: vec![None; plan.components.len()],
            plan,
            options: BuildOptions::default(),
            contexts: None,
            built_against: Vec::new(),
            strategy: RebuildStrategy::default(),
            reuse: ReusePlan::default(),
            imported: false,
            repository: None,
            fingerprint: None,
        }
    }
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

impl BuildHeader {
    /// Name of the result folder as other tools expect it: without the context. One that file systems would refuse as
    /// too long is hashed like a tag.
    pub fn plain_folder(nsvc: &Nsvc) -> String {
        folder_name(nsvc, false)
    }

    /// Name of the result folder of a build whose plain name is taken.
    pub fn folder_with_context(nsvc: &Nsvc) -> String {
        folder_name(nsvc, true)
    }
}

/// How long the readable name of a result folder may be in bytes: file systems stop at 255, and a number may follow.
const LONGEST_FOLDER: usize = 220;

fn folder_name(nsvc: &Nsvc, with_context: bool) -> String {
    let Nsvc { name, stream, version, context } = nsvc;
    let plain = format!("module-{name}-{stream}-{version}");
    let readable = if with_context { format!("{plain}-{context}") } else { plain };
    if readable.len() <= LONGEST_FOLDER { readable } else { format!("module-{}", folder_hash(nsvc, with_context)) }
}

impl SourceRef {
    /// The question which commit the ref names now.
    ///
    /// # Errors
    /// [`SourceError`] for a repository or ref that is refused.
    pub fn ref_request(&self, component: &ComponentName) -> Result<RefRequest, SourceError> {
        Ok(RefRequest {
            component: component.clone(),
            repository: RepositoryUrl::parse(&self.repository)?,
            reference: self.git_ref.as_deref().map(GitRef::new).transpose()?,
        })
    }

    /// The order to lay out the files of a commit.
    ///
    /// # Errors
    /// [`SourceError`] for a repository, ref, commit or cache that is refused.
    pub fn checkout_request(&self, component: &ComponentName, commit: &str) -> Result<CheckoutRequest, SourceError> {
        Ok(CheckoutRequest {
            component: self.package.as_ref().unwrap_or(component).clone(),
            repository: RepositoryUrl::parse(&self.repository)?,
            commit: CommitHash::new(commit)?,
            cache: self.cache.as_deref().map(CacheUrl::parse).transpose()?,
            reference: self.git_ref.as_deref().map(GitRef::new).transpose()?,
        })
    }
}
