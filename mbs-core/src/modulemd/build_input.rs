//! The one document a build starts from.

use super::convert::{Loss, stream_of, upgraded};
use super::diagnostic::{Code, Diagnostic};
use super::model::{Document, DocumentKind, ModuleStream, PackagerV3};
use super::read::{Located, ReadOptions, read};
use super::single::refusal;

/// A document that describes something to build, with at most one dependency block.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildInput {
    /// The document as a stream. Name and stream may be absent; all names in it are checked.
    pub stream: ModuleStream,
    /// What it was, such as `modulemd-packager 3`.
    pub kind: String,
    /// What deserves a look.
    pub warnings: Vec<Diagnostic>,
    /// What the document says and the stream does not.
    pub losses: Vec<Loss>,
}

/// A document that describes several builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the document has {count} {what}, and only one can be built at a time")]
pub struct NeedsExpansion {
    /// What there are several of: `dependency blocks` or `configurations`.
    pub what: &'static str,
    /// How many.
    pub count: usize,
}

/// Why there is nothing to build.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildInputError {
    /// The input has errors; all problems, warnings included.
    #[error("{}", errors_of(.0))]
    Malformed(Vec<Diagnostic>),
    /// The input is good, but has to be expanded into several builds first.
    #[error(transparent)]
    NeedsExpansion(#[from] NeedsExpansion),
}

fn errors_of(diagnostics: &[Diagnostic]) -> String {
    let file = diagnostics.first().map_or("the input", |first| &first.file);
    match diagnostics.iter().filter(|one| one.is_error()).count() {
        1 => format!("{file} has 1 error"),
        count => format!("{file} has {count} errors"),
    }
}

/// Reads the one document a build starts from: `modulemd` versions 1 and 2, or `modulemd-packager` version 2 or 3, which is
/// turned into a stream document.
///
/// # Errors
/// [`BuildInputError::Malformed`] with all problems of the input; [`BuildInputError::NeedsExpansion`] for more than
/// one dependency block or configuration.
pub fn read_for_build(bytes: &[u8], file: &str, options: &ReadOptions) -> Result<BuildInput, BuildInputError> {
    let input = read_for_inclusion(bytes, file, options)?;
    match input.stream.dependencies.len() {
        0 | 1 => Ok(input),
        count => Err(NeedsExpansion { what: "dependency blocks", count }.into()),
    }
}

/// Reads the one document of a module that another one includes. Only its components count, so that it may have any
/// number of dependency blocks.
///
/// # Errors
/// [`BuildInputError::Malformed`] with all problems of the input; [`BuildInputError::NeedsExpansion`] for more than
/// one configuration.
pub fn read_for_inclusion(bytes: &[u8], file: &str, options: &ReadOptions) -> Result<BuildInput, BuildInputError> {
    let (document, warnings) = read_buildable(bytes, file, options).map_err(BuildInputError::Malformed)?;
    let kind = document.title();
    let (stream, losses) = match document {
        Buildable::Packager(packager) => match packager.configurations.as_slice() {
            // The context of a configuration is the packager's, and the build keeps it.
            [one] => {
                let reason = "the format does not have it, and a stream may mean something else by it";
                let losses = packager.unknown.list().into_iter().map(|(path, _)| Loss { path, reason }).collect();
                (ModuleStream { static_context: one.context.is_some(), ..packager.stream_of(one) }, losses)
            }
            several => return Err(NeedsExpansion { what: "configurations", count: several.len() }.into()),
        },
        Buildable::Stream(stream, losses, _) => (*stream, losses),
    };
    Ok(BuildInput { stream, kind, warnings, losses })
}

/// A document that describes something to build.
#[derive(Debug)]
pub(crate) enum Buildable {
    /// One stream, what the document says and the stream does not, and what the document was.
    Stream(Box<ModuleStream>, Vec<Loss>, String),
    /// `modulemd-packager` version 3: any number of streams.
    Packager(Box<PackagerV3>),
}

impl Buildable {
    /// What the document was, such as `modulemd-packager 3`.
    fn title(&self) -> String {
        match self {
            Self::Stream(_, _, title) => title.clone(),
            Self::Packager(_) => {
                let (document, version) = DocumentKind::PackagerV3.key();
                format!("{document} {version}")
            }
        }
    }
}

/// Reads an input that must hold exactly one document that can be built, with what deserves a look.
///
/// # Errors
/// All problems of the input.
pub(crate) fn read_buildable(
    bytes: &[u8],
    file: &str,
    options: &ReadOptions,
) -> Result<(Buildable, Vec<Diagnostic>), Vec<Diagnostic>> {
    let options = ReadOptions { takes_mixed_streams: true, ..options.for_build() };
    let mut reading = read(bytes, file, &options);
    if reading.has_errors() {
        return Err(reading.diagnostics);
    }
    let refuse = |code: Code, located: Option<&Located<Document>>, message: String| {
        refusal(bytes, &options.limits, file, code, located, message)
    };
    if let Some(second) = reading.documents.get(1) {
        let message = format!("there are {} documents in the input", reading.documents.len());
        reading.diagnostics.extend(refuse(Code::SeveralDocuments, Some(second), message));
        return Err(reading.diagnostics);
    }
    let Some(only) = reading.documents.pop() else {
        reading.diagnostics.extend(refuse(Code::NoDocument, None, "there is no document in the input".to_owned()));
        return Err(reading.diagnostics);
    };
    let title = only.value.title();
    let (stream, losses) = match only.value {
        Document::PackagerV3(packager) => return Ok((Buildable::Packager(packager), reading.diagnostics)),
        Document::Stream(stream) => (stream, Vec::new()),
        Document::StreamV1(stream) => {
            let (stream, losses) = upgraded(*stream).into_parts();
            (Box::new(stream), losses)
        }
        Document::PackagerV2(packager) => {
            let (stream, losses) = stream_of(*packager).into_parts();
            (Box::new(stream), losses)
        }
        _ => {
            let message = format!("a `{title}` document cannot be built");
            reading.diagnostics.extend(refuse(Code::NotBuildable, Some(&only), message));
            return Err(reading.diagnostics);
        }
    };
    Ok((Buildable::Stream(stream, losses, title), reading.diagnostics))
}
