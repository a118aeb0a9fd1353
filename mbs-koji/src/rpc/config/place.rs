//! Where the files are.

use super::error::ConfigError;
use super::ini::Ini;
use std::io;
use std::path::{Path, PathBuf};

/// Where the configuration is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The folder of the system's files; `/etc`.
    pub system: PathBuf,
    /// The user's home, for `~` and the files in it; none if there is none.
    pub home: Option<PathBuf>,
    /// A file or folder that the user named, instead of those at home. It has to be there.
    pub named: Option<PathBuf>,
}

impl Places {
    /// The usual ones; `home` as in the environment.
    pub fn usual(home: Option<PathBuf>) -> Self {
        Self { system: "/etc".into(), home, named: None }
    }

    /// With a file or folder instead of those at home.
    pub fn named(mut self, path: impl Into<PathBuf>) -> Self {
        self.named = Some(path.into());
        self
    }

    /// Replaces a leading `~`.
    pub(super) fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix('~'), &self.home) {
            (Some(""), Some(home)) => home.clone(),
            (Some(rest), Some(home)) if rest.starts_with('/') => home.join(&rest[1..]),
            _ => path.into(),
        }
    }

    /// Reads all files in order; gives them too.
    pub(super) fn read(&self) -> Result<(Ini, Vec<PathBuf>), ConfigError> {
        let mut candidates = vec![(self.system.join("koji.conf.d"), false), (self.system.join("koji.conf"), false)];
        if let Some(named) = &self.named {
            let named = named.to_str().map_or_else(|| named.clone(), |text| self.expand(text));
            candidates.push((named, true));
        } else if let Some(home) = &self.home {
            candidates.push((home.join(".koji/config.d"), false));
            candidates.push((home.join(".koji/config"), false));
        }
        let mut ini = Ini::default();
        let mut read = Vec::new();
        for (path, strict) in candidates {
            for file in files(&path, strict)? {
                let text = std::fs::read_to_string(&file);
                let text = text.map_err(|source| ConfigError::Read { path: file.clone(), source })?;
                ini.add(&file, &text)?;
                read.push(file);
            }
        }
        Ok((ini, read))
    }
}

/// The file itself, or the files of a folder whose names end in `.conf`, sorted.
fn files(path: &Path, strict: bool) -> Result<Vec<PathBuf>, ConfigError> {
    let failed = |source: io::Error| ConfigError::Read { path: path.to_owned(), source };
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(path).map_err(failed)? {
                let file = entry.map_err(failed)?.path();
                if file.extension().is_some_and(|extension| extension == "conf") && file.is_file() {
                    files.push(file);
                }
            }
            files.sort();
            if strict && files.is_empty() {
                return Err(failed(io::Error::new(io::ErrorKind::NotFound, "no file in it ends in `.conf`")));
            }
            Ok(files)
        }
        Ok(_) => Ok(vec![path.to_owned()]),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !strict => Ok(Vec::new()),
        Err(error) => Err(failed(error)),
    }
}
