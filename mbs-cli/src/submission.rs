//! From what the user names to a build that can be stored.

use crate::backend;
use crate::error::CliError;
use crate::session::Session;
use async_trait::async_trait;
use clap::Args;
use mbs_core::build::BuildOptions;
use mbs_core::modulemd::{BuildInputError, ReadOptions, read_for_build};
use mbs_core::resolve::MemoryProvider;
use mbs_core::source::{CacheUrl, Defaults, GitRef, RepositoryUrl, SourceError};
use mbs_core::submit::{AssumedPlatform, IncludedSource, Origin, PlannedBuild, Planner, Settings, SubmitError};
use mbs_core::{ComponentName, ModuleName, StreamName};
use mbs_fetch::{FetchedModulemd, Fetcher};
use mbs_mock::platform::{OsRelease, Platform};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is built, and from where.
#[derive(Debug, Clone, Args)]
pub(crate) struct SourceArgs {
    /// A modulemd file, a git checkout, or an address `URL?#REF`
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// Base module to build for [default: by /etc/os-release]
    #[arg(long, value_name = "NAME:STREAM")]
    platform: Option<String>,
    /// Stream of the module, whatever the document says
    #[arg(long, value_name = "STREAM")]
    stream: Option<String>,
    /// Base of the repositories of components that name none
    #[arg(long, value_name = "URL")]
    rpms_url: Option<String>,
    /// Base of the repositories of included modules that name none
    #[arg(long, value_name = "URL")]
    modules_url: Option<String>,
    /// Look-aside cache of components that name none
    #[arg(long, value_name = "URL")]
    cache_url: Option<String>,
    /// Ref of components and included modules that name none, if the module has no branch
    #[arg(long, value_name = "REF")]
    default_ref: Option<String>,
    /// What builds
    #[arg(long, value_name = "NAME")]
    backend: Option<String>,
}

/// How long components took earlier, in milliseconds, if somebody knows.
pub(crate) type Measured = BTreeMap<ComponentName, u64>;

/// Fetches and reads the document, and makes a build of it. Nothing is stored.
///
/// `measured` is asked once the module is known.
pub(crate) async fn read<F>(
    args: &SourceArgs,
    scratch: bool,
    options: BuildOptions,
    session: &Session,
    measured: impl FnOnce(ModuleName, StreamName) -> F,
) -> Result<PlannedBuild, CliError>
where
    F: Future<Output = Result<Measured, CliError>>,
{
    let backend = args.backend.clone().or_else(|| session.config.backend.clone());
    let backend = backend.unwrap_or_else(|| backend::DEFAULT.to_owned());
    backend::check(&backend)?;
    let platform = platform(args, session)?;
    let defaults = defaults(args, session)?;

    let fetcher = session.fetcher()?;
    let fetched = fetcher.fetch_modulemd(&args.source).await?;
    let read_options = ReadOptions::strict();
    let input = match read_for_build(fetched.text.as_bytes(), &fetched.file_name, &read_options) {
        Ok(input) => input,
        Err(BuildInputError::Malformed(diagnostics)) => {
            return Err(CliError::Malformed {
                file: fetched.file_name,
                errors: diagnostics.iter().filter(|one| one.is_error()).count(),
                diagnostics,
                text: fetched.text,
            });
        }
        Err(BuildInputError::NeedsExpansion(needs)) => return Err(needs.into()),
        Err(other) => return Err(CliError::usage(other.to_string())),
    };
    if !input.warnings.is_empty() {
        session.output.note(mbs_core::modulemd::render_all(&input.warnings, &fetched.text).trim_end());
    }
    let mut stream = input.stream;
    if let Some(named) = &args.stream {
        stream.stream = Some(named.clone());
    }
    if stream.xmd_mbs().is_some() {
        return Err(SubmitError::ReservedXmd.into());
    }
    let origin = origin(fetched, session);
    let (name, platform_stream) = platform;
    let provider = AssumedPlatform::named(Arc::new(MemoryProvider::default()), name.clone(), platform_stream.clone());
    let settings = Settings {
        scratch,
        options,
        defaults,
        ..Settings::new(backend, backend::machine_arch()?, session.environment.owner())
    };
    let settings = settings.on_platform(name, platform_stream);
    let planner = Planner {
        provider: &provider,
        included: &Documents(fetcher),
        source: None,
        read: &read_options,
        settings: &settings,
    };
    let mut submissions = planner.plan(&[stream], &origin).await?;
    for warning in &submissions.warnings {
        session.output.note(&format!("warning[{}]: {}", warning.code, warning.message));
    }
    if let Some(first) = submissions.builds.first() {
        let measured = measured(first.new.nsvc.name.clone(), first.new.nsvc.stream.clone()).await?;
        submissions.set_measured(&measured);
    }
    // The planner makes at least one build or fails.
    submissions.builds.into_iter().next().ok_or_else(|| SubmitError::Nothing(Vec::new()).into())
}

fn platform(args: &SourceArgs, session: &Session) -> Result<(ModuleName, StreamName), CliError> {
    let platform = match args.platform.as_ref().or(session.config.platform.as_ref()) {
        Some(text) => Platform::parse(text)?,
        // A machine without the file has no platform either.
        None => Platform::of(&OsRelease::parse(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()))?,
    };
    let bad = |error: mbs_core::NameError| CliError::usage(error.to_string());
    Ok((ModuleName::new(&platform.name).map_err(bad)?, StreamName::new(&platform.stream).map_err(bad)?))
}

fn defaults(args: &SourceArgs, session: &Session) -> Result<Defaults, CliError> {
    let config = &session.config;
    let or = |option: &Option<String>, default: &Option<String>| option.clone().or_else(|| default.clone());
    let bad = |option: &str, problem: String| CliError::usage(format!("`{option}`: {problem}"));
    let base = |option: &str, text: Option<String>| {
        text.map(|text| RepositoryUrl::parse(&text)).transpose().map_err(|error| bad(option, error.to_string()))
    };
    Ok(Defaults {
        rpms_url: base("--rpms-url", or(&args.rpms_url, &config.rpms_url))?,
        modules_url: base("--modules-url", or(&args.modules_url, &config.modules_url))?,
        cache_url: or(&args.cache_url, &config.cache_url)
            .map(|text| CacheUrl::parse(&text))
            .transpose()
            .map_err(|error| bad("--cache-url", error.to_string()))?,
        default_ref: or(&args.default_ref, &config.default_ref)
            .map(GitRef::new)
            .transpose()
            .map_err(|error| bad("--default-ref", error.to_string()))?,
    })
}

fn origin(fetched: FetchedModulemd, session: &Session) -> Origin {
    let scm = fetched.scm;
    let branch = scm.as_ref().and_then(|scm| scm.branch.clone());
    Origin {
        name_hint: fetched.name_hint,
        stream_hint: branch.clone(),
        scmurl: scm.as_ref().map(|scm| format!("{}?#{}", scm.url, scm.commit)),
        commit: scm.as_ref().map(|scm| scm.commit.to_string()),
        branch,
        time: fetched.time.unwrap_or_else(|| session.clock.now()),
    }
}

/// Fetches the documents of included modules.
struct Documents(Arc<Fetcher>);

#[async_trait]
impl IncludedSource for Documents {
    async fn document(
        &self,
        repository: &RepositoryUrl,
        git_ref: Option<&GitRef>,
    ) -> Result<(String, String), SourceError> {
        let address = format!("{}?#{}", repository.secret_text(), git_ref.map_or("", GitRef::as_str));
        let fetched = self.0.fetch_modulemd(&address).await?;
        Ok((fetched.text, fetched.file_name))
    }
}
