//! Reading the file.

use crate::environment::Environment;
use serde::Deserialize;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Defaults for options of the command line, which they yield to. Paths are absolute after [`load`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// `--state-dir`.
    pub(crate) state_dir: Option<PathBuf>,
    /// `--cache-dir`.
    pub(crate) cache_dir: Option<PathBuf>,
    /// `--results`.
    pub(crate) results: Option<PathBuf>,
    /// `--work-dir`.
    pub(crate) work_dir: Option<PathBuf>,
    /// `--backend`.
    pub(crate) backend: Option<String>,
    /// `--modules`.
    pub(crate) modules: Vec<String>,
    /// `--platform`.
    pub(crate) platform: Option<String>,
    /// `--rpms-url`.
    pub(crate) rpms_url: Option<String>,
    /// `--modules-url`.
    pub(crate) modules_url: Option<String>,
    /// `--cache-url`.
    pub(crate) cache_url: Option<String>,
    /// `--default-ref`.
    pub(crate) default_ref: Option<String>,
    /// `--jobs`.
    pub(crate) jobs: Option<NonZeroUsize>,
    /// `--timeout`, as text.
    pub(crate) timeout: Option<String>,
    /// `--keep-going`.
    pub(crate) keep_going: bool,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("could not read the configuration `{}`: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// The file is not a configuration.
    #[error("configuration `{}`: {problem}", path.display())]
    Malformed { path: PathBuf, problem: String },
}

/// Reads the file that is named, or the default one if it exists.
pub(crate) fn load(named: Option<&Path>, environment: &Environment) -> Result<Config, ConfigError> {
    let Some(path) = named.map(Path::to_owned).or_else(|| environment.default_config()) else {
        return Ok(Config::default());
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => return Ok(Config::default()),
        Err(source) => return Err(ConfigError::Read { path, source }),
    };
    let mut config = parse(&text).map_err(|problem| ConfigError::Malformed { path: path.clone(), problem })?;
    let folder = std::path::absolute(&path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
    let folder = folder.parent().unwrap_or(Path::new("/"));
    let places = [&mut config.state_dir, &mut config.cache_dir, &mut config.results, &mut config.work_dir];
    for path in places.into_iter().flatten() {
        *path = environment.home_relative(path).unwrap_or_else(|| folder.join(&path));
    }
    Ok(config)
}

/// Reads the text; problems come with line and column.
fn parse(text: &str) -> Result<Config, String> {
    // A file of comments only is an empty configuration.
    let read: Option<Config> = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    let config = read.unwrap_or_default();
    if let Some(timeout) = &config.timeout {
        crate::duration::parse(timeout).map_err(|problem| format!("timeout: {problem}"))?;
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_are_read() {
        let config = parse(
            "rpms-url: https://src.example.org/rpms\nmodules-url: file:///m\ncache-url: file:///c\ndefault-ref: main\njobs: 3\ntimeout: 2h\n\
             platform: platform:el9\nresults: /r\nkeep-going: true\nbackend: rpmbuild\nwork-dir: w\n",
        )
        .expect("read");
        assert_eq!(config.jobs.map(NonZeroUsize::get), Some(3));
        assert_eq!(config.modules_url.as_deref(), Some("file:///m"));
        assert_eq!(config.rpms_url.as_deref(), Some("https://src.example.org/rpms"));
        assert!(config.keep_going);
        assert_eq!(parse("# nothing\n").expect("empty"), Config::default());
        assert_eq!(parse("").expect("empty"), Config::default());
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_refused_with_their_line() {
        let error = parse("jobs: 2\nrpm-url: x\n").expect_err("unknown");
        assert!(error.contains("rpm-url") && error.contains("line 2"), "{error}");
        let error = parse("default-ref: main\njobs: many\n").expect_err("no number");
        assert!(error.contains("line 2"), "{error}");
        assert!(parse("jobs: 0\n").is_err());
        assert!(parse("timeout: 5\n").is_err());
        let error = parse("timeout: soon\n").expect_err("no span");
        assert!(error.contains("`soon` is no span of time"), "{error}");
    }

    #[test]
    fn a_named_file_must_exist_and_its_paths_start_at_its_folder() {
        let temporary = tempfile::tempdir().expect("temporary folder");
        let path = temporary.path().join("config.yaml");
        let environment = Environment::of(|name| (name == "HOME").then(|| "/home/ann".into()));
        let error = load(Some(&path), &environment).expect_err("absent");
        assert!(matches!(error, ConfigError::Read { .. }), "{error:?}");
        std::fs::write(&path, "results: out\nstate-dir: ~/state\ncache-dir: /c\n").expect("written");
        let config = load(Some(&path), &environment).expect("read");
        assert_eq!(config.results, Some(temporary.path().join("out")));
        assert_eq!(config.state_dir, Some(PathBuf::from("/home/ann/state")));
        assert_eq!(config.cache_dir, Some(PathBuf::from("/c")));
    }
}
