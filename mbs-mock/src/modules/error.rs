//! Why the packages of a module cannot be had.

use crate::rpms::RpmReadError;
use mbs_core::source::SourceError;
use mbs_core::{Blame, Nsvc};
use std::fmt::{self, Write as _};
use std::path::PathBuf;

/// How many names a message lists.
const SHOWN: usize = 5;

/// Why the packages of a module that is built against cannot be had. Addresses in it are without credentials.
#[derive(Debug)]
pub struct ModulesError {
    /// The module.
    pub module: Nsvc,
    /// Its repository; none if nobody knows one.
    pub repository: Option<String>,
    /// What is wrong.
    pub problem: Box<ModulesProblem>,
}

/// What is wrong with the repository of a module, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModulesProblem {
    /// Nobody knows where the packages are.
    #[error(
        "is not known; build the module on this machine first, or name the repository with `--modules`, for an import with `mbs import --repository`"
    )]
    Unknown,
    /// The repository is on a server, and nobody here can fetch.
    #[error("is on a server, and nothing can be fetched here; copy it to a folder and name that")]
    Remote,
    /// The text is no place.
    #[error("{0}")]
    Place(String),
    /// There is no repository at that place.
    #[error("does not exist; build the module again, or name the place of the repository")]
    Gone,
    /// There is something, but no repository.
    #[error(
        "has neither `repodata` nor RPM files; name the folder that holds `repodata`, or make it with `createrepo_c`"
    )]
    Empty,
    /// The metadata cannot be used.
    #[error("cannot be read: {0}")]
    Metadata(String),
    /// The repository has documents of modules, but not of this one.
    #[error(
        "has no document of the module, only of {}; build the module again, or name the repository that holds it",
        shown(known)
    )]
    NoDocument {
        /// Identities of the modules it has.
        known: Vec<String>,
    },
    /// The document of the module lists packages that the repository does not have.
    #[error(
        "lacks packages that the module's document lists: {}; build the module again, or make the metadata again",
        shown(packages)
    )]
    Missing {
        /// The packages, as the document names them.
        packages: Vec<String>,
    },
    /// A listed file is gone.
    #[error(
        "lists `{}`, which does not exist; build the module again, or make the metadata again",
        path.display()
    )]
    FileGone {
        /// The file.
        path: PathBuf,
    },
    /// A file is another package than listed.
    #[error("lists `{listed}`, but its file is `{found}`; make the metadata again")]
    Other {
        /// The package as listed.
        listed: String,
        /// The package that the file holds.
        found: String,
    },
    /// The header of a package cannot be read.
    #[error("has a package that cannot be used: {0}")]
    Rpm(RpmReadError),
    /// The server, the network or this machine.
    #[error("cannot be reached: {0}")]
    Fetch(SourceError),
}

impl ModulesError {
    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match &*self.problem {
            ModulesProblem::Fetch(source) => source.blame(),
            _ => Blame::User,
        }
    }
}

impl fmt::Display for ModulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repository {
            Some(repository) => write!(f, "the repository `{repository}` of `{}` {}", self.module, self.problem),
            None => write!(f, "the repository of `{}` {}", self.module, self.problem),
        }
    }
}

impl std::error::Error for ModulesError {}

fn shown(names: &[String]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        // Writing into a `String` cannot fail.
        let _ = write!(text, " and {} more", names.len() - SHOWN);
    }
    text
}
