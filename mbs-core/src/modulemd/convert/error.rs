//! Why a document cannot become another one.

use super::loss::Loss;
use crate::modulemd::model::DocumentKind;
use crate::modulemd::path::KeyPath;
use crate::modulemd::validate::Finding;

/// Why a document cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The document describes no module stream.
    #[error("a `{kind}` document describes no stream and cannot be converted")]
    NotStream {
        /// Kind and version of the document.
        kind: String,
    },
    /// The wanted kind of document does not describe streams.
    #[error("a `{from}` document cannot become a `{to}` document")]
    Unrelated {
        /// Kind and version of the document.
        from: String,
        /// What was wanted.
        to: DocumentKind,
    },
    /// The way back to an earlier format.
    #[error(
        "a `{from}` document cannot become `modulemd` version 1: that has one stream for each dependency, no static context and no list of demodularized packages"
    )]
    Downgrade {
        /// Kind and version of the document.
        from: String,
    },
    /// Facts would be lost that the caller wants to keep.
    #[error("{} would be lost: {}", facts(.0.len()), joined(.0))]
    Lossy(Vec<Loss>),
    /// A packager's document without configurations makes no stream.
    #[error("the document has no build configurations, so there is no stream to make of it")]
    NoConfigurations,
    /// Profiles that are installed by default need the names of module and stream for the document that says so.
    #[error("profile `{profile}` is a default, but the document has no `{key}` to say of which stream")]
    Unnamed {
        /// The profile.
        profile: String,
        /// The key that is missing: `name` or `stream`.
        key: &'static str,
    },
    /// The new document would break rules of the format.
    #[error("the new document would be wrong: {}", messages(.0))]
    Invalid(Vec<Finding>),
    /// There is no stream to make a document of.
    #[error("there is no stream to convert")]
    NoStreams,
    /// One document cannot hold streams that differ here.
    #[error("streams 1 and {number} differ in `{path}`, which one document has only once")]
    Different {
        /// Where they differ.
        path: KeyPath,
        /// Which stream differs from the first one, from 1.
        number: usize,
    },
    /// A configuration holds one alternative of dependencies, with a context of its own.
    #[error("stream {number} has {count} alternatives of dependencies; a configuration needs a context for each")]
    Alternatives {
        /// Which stream, from 1.
        number: usize,
        /// Number of items of `dependencies`.
        count: usize,
    },
    /// A configuration names exactly one stream for each dependency.
    #[error("stream {number} allows several streams of `{module}` in `{path}`; a configuration names exactly one")]
    ManyStreams {
        /// Which stream, from 1.
        number: usize,
        /// The module it depends on.
        module: String,
        /// Where.
        path: KeyPath,
    },
    /// A configuration has one platform, for building and for running.
    #[error("stream {number} does not build with and run on the same one stream of `platform`")]
    Platform {
        /// Which stream, from 1.
        number: usize,
    },
    /// A configuration needs a context of at most 10 letters and digits that no other one has.
    #[error("stream {number}: context `{context}` {problem}")]
    Context {
        /// Which stream, from 1.
        number: usize,
        /// The context; empty if there is none.
        context: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

fn facts(count: usize) -> String {
    if count == 1 { "1 fact".to_owned() } else { format!("{count} facts") }
}

fn joined(losses: &[Loss]) -> String {
    losses.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn messages(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ")
}
