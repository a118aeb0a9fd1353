//! A build on one machine, against a virtual platform.

use super::components::{plan_input, sources};
use super::dependencies::{Platform, resolve};
use super::error::SubmitError;
use super::included::Included;
use super::submission::Warning;
use crate::build::{BuildOptions, BuildRequest, NewBuild};
use crate::identity::{
    Contexts, DEFAULT_DISTTAG_PREFIX, Disttag, Padding, Prefix, StreamVersion, prefixed_version, source_epoch,
    timestamp_version,
};
use crate::modulemd::{ModuleStream, Value, write};
use crate::plan::plan;
use crate::source::{Defaults, GitRef};
use crate::{Arch, BuildId, ComponentName, Context, ModuleName, Nsvc, Owner, StreamName, Version};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where a document came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the module if the document has none.
    pub name_hint: Option<String>,
    /// Stream of the module if the document has none: the branch, for example.
    pub stream_hint: Option<String>,
    /// Address with commit, without credentials; none for a plain file.
    pub scmurl: Option<String>,
    /// The commit; none for a plain file.
    pub commit: Option<String>,
    /// Branch it was on.
    pub branch: Option<String>,
    /// Time of the commit, or now for a plain file: becomes the version.
    pub time: DateTime<Utc>,
}

impl Origin {
    /// The branch as a ref for what names none; none if its name is no ref.
    pub fn branch_ref(&self) -> Option<GitRef> {
        self.branch.as_deref().and_then(|branch| GitRef::new(branch).ok())
    }
}

/// What the machine and the submitter decide.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Base module to build for.
    pub platform: (ModuleName, StreamName),
    /// Architecture to build for.
    pub arch: Arch,
    /// Who asks.
    pub owner: Owner,
    /// Whether the result can never be a dependency, and may be made again and again.
    pub scratch: bool,
    /// Name of the backend.
    pub backend: String,
    /// Choices for the build.
    pub options: BuildOptions,
    /// What components without repository, cache or ref get.
    pub defaults: Defaults,
    /// How long components took in an earlier build, in milliseconds.
    pub measured: BTreeMap<ComponentName, u64>,
}

/// A build that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The build.
    pub new: NewBuild,
    /// The context hashes.
    pub contexts: Contexts,
    /// What the submitter should know of.
    pub warnings: Vec<Warning>,
}

/// Makes a build of a document. Pure: nothing is fetched and nothing is stored.
///
/// # Errors
/// [`SubmitError`] with what has to be changed.
pub fn submit(
    stream: &ModuleStream,
    included: &[Included],
    origin: &Origin,
    settings: &Settings,
) -> Result<Submission, SubmitError> {
    let mut document = stream.clone();
    let name = document.name.clone().or_else(|| origin.name_hint.clone()).ok_or(SubmitError::NoName)?;
    let name = ModuleName::new(name)?;
    let (platform_name, platform_stream) = &settings.platform;
    if name == *platform_name {
        return Err(SubmitError::BaseModule(name));
    }
    let module_stream = document.stream.clone().or_else(|| origin.stream_hint.clone()).ok_or(SubmitError::NoStream)?;
    let module_stream = StreamName::new(module_stream)?;
    if document.xmd_mbs().is_some() {
        return Err(SubmitError::ReservedXmd);
    }
    let arches = &document.buildopts.arches;
    if !arches.is_empty() && !arches.contains(settings.arch.as_str()) {
        let wanted = arches.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(SubmitError::Arch { wanted, machine: settings.arch.to_string() });
    }
    let resolved = resolve(&document, &Platform { name: platform_name, stream: platform_stream })?;

    let mut warnings = Vec::new();
    let version = version(&document, origin, platform_stream, &mut warnings)?;
    let bases = BTreeSet::from([platform_name.clone()]);
    let contexts = Contexts::compute(&resolved.buildrequires, &resolved.requires, &bases);
    let context = match document.context.as_deref().filter(|_| document.static_context) {
        Some(text) => Context::new(text)?,
        None => contexts.context.clone(),
    };
    let nsvc = Nsvc { name, stream: module_stream, version, context };
    // A marking that cannot stand in a release is refused now, not when the first package is built.
    Disttag::new(DEFAULT_DISTTAG_PREFIX, Some(platform_stream.as_str()), BuildId(1), &nsvc)?;

    let machine = BTreeSet::from([settings.arch.clone()]);
    let mut planned = plan(&plan_input(&document, included)?, &machine)?;
    for component in &mut planned.components {
        component.measured_ms = settings.measured.get(&component.name).copied();
    }
    let branch = origin.branch_ref();
    let (mut found, mut problems) = (BTreeMap::new(), Vec::new());
    sources(&document, included, &settings.defaults, branch.as_ref(), &mut found, &mut problems)?;
    if !problems.is_empty() {
        return Err(SubmitError::Sources(problems));
    }
    let sources = planned.components.iter().map(|component| found.remove(&component.name)).collect();

    let epoch = source_epoch(version, u64::try_from(origin.time.timestamp()).unwrap_or(0));
    let macros = document.buildopts.rpms.macros.clone().unwrap_or_default();
    let filter = document.filter.rpms.iter().cloned().collect();
    document.name = Some(nsvc.name.to_string());
    document.stream = Some(nsvc.stream.to_string());
    document.version = version.0;
    document.context = Some(nsvc.context.to_string());
    document.dependencies = vec![resolved.block];
    document.xmd_mut().insert("mbs".to_owned(), xmd_mbs(origin, &resolved.buildrequires));
    let request = BuildRequest {
        modulemd: write(&document),
        scmurl: origin.scmurl.clone(),
        marking: Some(platform_stream.to_string()),
        macros,
        source_epoch: epoch,
        filter,
        sources,
        options: settings.options.clone(),
        ..BuildRequest::new(settings.backend.clone(), settings.arch.clone(), planned)
    };
    let new = NewBuild { nsvc, owner: settings.owner.clone(), scratch: settings.scratch, request: Arc::new(request) };
    Ok(Submission { new, contexts, warnings })
}

fn version(
    document: &ModuleStream,
    origin: &Origin,
    platform: &StreamName,
    warnings: &mut Vec<Warning>,
) -> Result<Version, SubmitError> {
    let plain = match document.version {
        0 => timestamp_version(origin.time.timestamp())?,
        given if origin.commit.is_some() => return Err(SubmitError::VersionGiven(given)),
        given => Version(given),
    };
    let base = StreamVersion::of(platform.as_str(), Padding::None);
    let prefixed = prefixed_version(plain, Some(base));
    if prefixed.prefix == Prefix::Overflow {
        warnings.push(Warning {
            code: "MB0001",
            message: format!(
                "version {plain} carries no prefix for platform stream `{platform}`: with it, it would exceed 2^64-1"
            ),
        });
    }
    Ok(prefixed.version)
}

/// What the build system notes in the document: the original's schema, as far as it is known before the build.
fn xmd_mbs(origin: &Origin, buildrequires: &BTreeMap<ModuleName, StreamName>) -> Value {
    let text = |text: &str| Value::from(text.to_owned());
    let mut mbs = BTreeMap::new();
    let entries = buildrequires
        .iter()
        .map(|(name, stream)| {
            let entry = BTreeMap::from([
                ("ref".to_owned(), text("")),
                ("stream".to_owned(), text(stream.as_str())),
                ("version".to_owned(), text("1")),
                ("context".to_owned(), text("00000000")),
                ("koji_tag".to_owned(), text("")),
                ("filtered_rpms".to_owned(), Value::List(Vec::new())),
            ]);
            (name.to_string(), Value::from(entry))
        })
        .collect::<BTreeMap<_, _>>();
    mbs.insert("buildrequires".to_owned(), Value::from(entries));
    mbs.insert("mse".to_owned(), Value::from(true));
    mbs.insert("commit".to_owned(), text(origin.commit.as_deref().unwrap_or_default()));
    mbs.insert("scmurl".to_owned(), text(origin.scmurl.as_deref().unwrap_or_default()));
    if let Some(branch) = &origin.branch {
        mbs.insert("branch".to_owned(), text(branch));
    }
    Value::from(mbs)
}
