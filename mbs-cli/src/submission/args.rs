//! Options that say what is built.

use crate::error::CliError;
use crate::session::Session;
use clap::Args;
use mbs_core::source::{CacheUrl, Defaults, GitRef, RepositoryUrl};
use mbs_core::{ModuleName, StreamName};
use mbs_mock::platform::{OsRelease, Platform};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is built, from where, and against what.
#[derive(Debug, Clone, Args)]
pub(crate) struct SourceArgs {
    /// A modulemd file, a git checkout, or an address `URL?#REF`
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// Stream of the module, whatever the document says
    #[arg(long, value_name = "STREAM")]
    pub(crate) stream: Option<String>,
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
    pub(crate) backend: Option<String>,
    /// Only the build with this context; repeat for more
    #[arg(long, value_name = "CONTEXT")]
    pub(crate) context: Vec<String>,
    /// What is taken from earlier builds: with `all` nothing, `changed-and-after` what is before every change,
    /// `only-changed` what has not changed [default: changed-and-after]
    #[arg(long, value_name = "STRATEGY")]
    pub(crate) rebuild_strategy: Option<String>,
    /// Repeat what is locked in this file, as `mbs plan --lock` with the same options made it, or fail with every
    /// difference; nothing is taken from earlier builds unless `--rebuild-strategy` says so
    #[arg(long, value_name = "FILE")]
    pub(crate) locked: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) against: AgainstArgs,
}

/// Options that say which modules it is built against.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Modules to build against")]
pub(crate) struct AgainstArgs {
    /// Base module to build for [default: by /etc/os-release, if no base module is known]
    #[arg(long, value_name = "NAME:STREAM")]
    platform: Option<String>,
    /// Index file, repository or build service with modules to build against, beside those built or imported here
    #[arg(long, value_name = "FILE_OR_URL", num_args = 1..)]
    pub(crate) modules: Vec<String>,
    /// File with states and other records of the builds in `--modules` [default: FILE.states.yaml beside each index]
    #[arg(long, value_name = "FILE")]
    pub(crate) states: Vec<String>,
    /// Where several streams of a module fit, the one to build against; repeat for more modules
    #[arg(short = 's', long = "default-stream", value_name = "NAME:STREAM")]
    default_streams: Vec<String>,
    /// Build against these streams instead of those in the document, as `NAME:STREAM[,STREAM]`
    #[arg(long, value_name = "NAME:STREAMS")]
    pub(crate) buildrequire: Vec<String>,
    /// Require these streams instead of those in the document, as `NAME:STREAM[,STREAM]`
    #[arg(long, value_name = "NAME:STREAMS")]
    pub(crate) require: Vec<String>,
    /// Build only against builds in state ready
    #[arg(long)]
    pub(crate) ready_only: bool,
    /// Let a virtual stream join base modules of every version, not only compatible ones
    #[arg(long)]
    pub(crate) any_base: bool,
    /// Steps of search that dependencies may take
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Use only files of this machine and what was fetched before
    #[arg(long)]
    pub(crate) offline: bool,
}

/// The platform to build for.
pub(super) enum Base {
    /// The user names it.
    Named(ModuleName, StreamName),
    /// That of the machine.
    Machine(ModuleName, StreamName),
    /// The machine has none.
    None(CliError),
}

impl AgainstArgs {
    /// The platform. One that is locked goes before those of configuration and machine.
    pub(super) fn base(&self, locked: Option<(ModuleName, StreamName)>, session: &Session) -> Result<Base, CliError> {
        let bad = |error: mbs_core::NameError| CliError::usage(error.to_string());
        let names = |platform: Platform| -> Result<(ModuleName, StreamName), CliError> {
            Ok((ModuleName::new(&platform.name).map_err(bad)?, StreamName::new(&platform.stream).map_err(bad)?))
        };
        if let (None, Some((name, stream))) = (&self.platform, locked) {
            return Ok(Base::Named(name, stream));
        }
        if let Some(text) = self.platform.as_ref().or(session.config.platform.as_ref()) {
            let (name, stream) = names(Platform::parse(text)?)?;
            return Ok(Base::Named(name, stream));
        }
        // A machine without the file has no platform either.
        match Platform::of(&OsRelease::parse(&std::fs::read_to_string("/etc/os-release").unwrap_or_default())) {
            Ok(platform) => names(platform).map(|(name, stream)| Base::Machine(name, stream)),
            Err(error) => Ok(Base::None(error.into())),
        }
    }

    /// The streams to take where several fit.
    pub(super) fn default_streams(&self) -> Result<BTreeMap<ModuleName, StreamName>, CliError> {
        let bad = |error: mbs_core::NameError| CliError::usage(format!("`--default-stream`: {error}"));
        let mut streams = BTreeMap::new();
        for text in &self.default_streams {
            let (name, stream) = text.split_once(':').ok_or_else(|| {
                CliError::usage(format!("`--default-stream`: `{text}` is not NAME:STREAM, such as `perl:5.36`"))
            })?;
            let (name, stream) = (ModuleName::new(name).map_err(bad)?, StreamName::new(stream).map_err(bad)?);
            if let Some(other) = streams.insert(name.clone(), stream.clone()).filter(|other| *other != stream) {
                return Err(CliError::usage(format!(
                    "`--default-stream` names two streams of `{name}`: `{other}` and `{stream}`; leave one out"
                )));
            }
        }
        Ok(streams)
    }
}

/// The streams of modules that an option names, as NAME:STREAM,STREAM.
pub(super) fn streams_by_module(option: &str, texts: &[String]) -> Result<BTreeMap<String, Vec<String>>, CliError> {
    let mut all = BTreeMap::new();
    for text in texts {
        let (name, streams) = text.split_once(':').ok_or_else(|| {
            CliError::usage(format!("`{option}`: `{text}` is not NAME:STREAM[,STREAM], such as `perl:5.36`"))
        })?;
        let streams: Vec<String> = streams.split(',').filter(|stream| !stream.is_empty()).map(str::to_owned).collect();
        if let Some(other) = all.insert(name.to_owned(), streams.clone()).filter(|other| *other != streams) {
            let all = [other, streams].concat().join(",");
            return Err(CliError::usage(format!(
                "`{option}` names `{name}` twice, with other streams; say it once: `{name}:{all}` for all of them"
            )));
        }
    }
    Ok(all)
}

/// What components and included modules that leave something out get.
pub(super) fn defaults(args: &SourceArgs, session: &Session) -> Result<Defaults, CliError> {
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
