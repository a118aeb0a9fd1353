//! Errors of the configuration.

use crate::rpc::http::TransportError;
use std::io;
use std::path::PathBuf;

/// Why there is no profile.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file or folder that was named, or that is there, cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is neither a section, a key nor a comment; or it stands where it cannot.
    #[error("`{}` line {line}: {problem}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// No file has a section of that name.
    #[error("no profile `{name}` in {}; known are {}", listed(searched), words(known))]
    NoProfile {
        /// The profile.
        name: String,
        /// The files that were read.
        searched: Vec<PathBuf>,
        /// Profiles there are.
        known: Vec<String>,
    },
    /// The profile has no address of a hub, or login needs a key that is missing.
    #[error("profile `{profile}`: `{key}` is missing, expected {expected}")]
    Missing {
        /// The profile.
        profile: String,
        /// The key.
        key: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// A certificate that the profile names cannot be used.
    #[error("profile `{profile}`: {problem}")]
    Unusable {
        /// The profile.
        profile: String,
        /// Why not.
        #[source]
        problem: TransportError,
    },
}

fn listed(files: &[PathBuf]) -> String {
    if files.is_empty() {
        return "`/etc/koji.conf`, which is missing like all others".to_owned();
    }
    files.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
}

fn words(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}
