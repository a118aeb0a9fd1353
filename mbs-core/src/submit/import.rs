//! Taking in a module or platform that was built elsewhere.
//!
//! Nothing is built: the document becomes a stored build that is ready, with no components, for others to be built against.

use super::refusal::RefusalKind;
use super::submission::Warning;
use crate::build::{BuildRequest, NewBuild};
use crate::identity::DEFAULT_CONTEXT;
use crate::modulemd::{ModuleStream, Value, write};
use crate::plan::{Order, Plan};
use crate::reuse::RebuildStrategy;
use crate::{Arch, Context, ModuleName, NameError, Nsvc, Owner, StreamName, Version};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who owns imported builds, as in the original service.
pub const IMPORT_OWNER: &str = "mbs_import";

/// The backend that imported builds name: none has this name.
pub const IMPORT_BACKEND: &str = "import";

/// Why a document is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The document does not say what it is.
    #[error("the document of an import has no `{0}`; both `name` and `stream` must be set")]
    Missing(&'static str),
    /// A name is not acceptable.
    #[error(transparent)]
    Name(#[from] NameError),
    /// What was built is built against one combination of modules.
    #[error("the document of an import has {0} dependency blocks; it can have one, that of the build")]
    SeveralBlocks(usize),
    /// It is not noted which builds it was built against.
    #[error(
        "the document build-requires {}, but `xmd.mbs.buildrequires` has no entry for it; add stream, version and context of \
         the build it was built against",
        quoted(.0)
    )]
    NotNoted(Vec<String>),
    /// Releases would get a dash.
    #[error(
        "stream `{stream}` of base module `{name}` has a dash, which cannot be part of a release; set \
         `xmd.mbs.disttag_marking` to a text without one"
    )]
    DashInStream {
        /// The base module.
        name: ModuleName,
        /// Its stream.
        stream: StreamName,
    },
    /// Releases would get a dash.
    #[error("`xmd.mbs.disttag_marking` is `{0}`, and it cannot have a dash, which cannot be part of a release")]
    DashInMarking(String),
    /// A key has another form.
    #[error("`{key}` is not {expected}")]
    Form {
        /// The key.
        key: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl ImportError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "MS0401",
            Self::Name(_) => "MS0402",
            Self::SeveralBlocks(_) => "MS0403",
            Self::NotNoted(_) => "MS0404",
            Self::DashInStream { .. } => "MS0405",
            Self::DashInMarking(_) => "MS0406",
            // `MS0408` is an import in the place of a build that was made here.
            Self::Form { .. } => "MS0407",
        }
    }

    /// What kind of refusal it is.
    pub fn kind(&self) -> RefusalKind {
        RefusalKind::Unprocessable
    }
}

/// An import that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The build.
    pub new: NewBuild,
    /// What deserves a look.
    pub warnings: Vec<Warning>,
}

/// Makes a stored build of the document of a module that was built elsewhere. `bases` are the names of base modules. Pure:
/// [`store_import`](super::store_import) stores it.
///
/// A document without context gets the one of zeros; one without notes of a build system counts as made by stream expansion.
///
/// # Errors
/// [`ImportError`] with what has to be changed.
pub fn import(document: &ModuleStream, bases: &BTreeSet<ModuleName>) -> Result<Import, ImportError> {
    make(document, bases, false)
}

/// The same for documents as repositories ship them: one that build-requires modules and has no notes of a build system at
/// all is taken as it is, and counts as built on the base streams that it requires, see
/// [`FactsSource::Assumed`](crate::resolve::FactsSource::Assumed).
///
/// # Errors
/// [`ImportError`] with what has to be changed.
pub fn import_shipped(document: &ModuleStream, bases: &BTreeSet<ModuleName>) -> Result<Import, ImportError> {
    let is_bare = document.xmd_mbs().is_none() && document.dependencies.iter().any(|one| !one.buildrequires.is_empty());
    make(document, bases, is_bare)
}

fn make(document: &ModuleStream, bases: &BTreeSet<ModuleName>, bare: bool) -> Result<Import, ImportError> {
    let mut document = document.clone();
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let nsvc = Nsvc {
        name: ModuleName::new(given(&document.name).ok_or(ImportError::Missing("name"))?)?,
        stream: StreamName::new(given(&document.stream).ok_or(ImportError::Missing("stream"))?)?,
        version: Version(document.version),
        context: Context::new(given(&document.context).as_deref().unwrap_or(DEFAULT_CONTEXT))?,
    };
    document.context = Some(nsvc.context.to_string());
    if document.xmd_mbs().is_none() && !bare {
        document.xmd_mut().insert("mbs".to_owned(), [("mse".to_owned(), Value::from(true))].into_iter().collect());
    }
    if !bare {
        complete_notes(&mut document)?;
    }
    check_blocks(&document, bare)?;
    if bases.contains(&nsvc.name) {
        check_base(&document, &nsvc)?;
    }
    let warnings = if bare { vec![assumed(&nsvc)] } else { warnings(&document, &nsvc) };
    let arch = Arch::new("noarch")?;
    let plan = Plan { order: Order::Batches, components: Vec::new() };
    let request = BuildRequest {
        modulemd: write(&document),
        strategy: RebuildStrategy::All,
        imported: true,
        ..BuildRequest::new(IMPORT_BACKEND, arch, plan)
    };
    let new = NewBuild { nsvc, owner: Owner::new(IMPORT_OWNER)?, scratch: false, request: Arc::new(request) };
    Ok(Import { new, warnings })
}

/// Makes sure that `xmd.mbs.buildrequires` is there.
fn complete_notes(document: &mut ModuleStream) -> Result<(), ImportError> {
    let form = |key, expected| ImportError::Form { key, expected };
    let mbs = document.xmd_mut().get_mut("mbs").and_then(Value::as_map_mut).ok_or(form("xmd.mbs", "a map"))?;
    match mbs.get("buildrequires") {
        Some(Value::Map(_)) => {}
        Some(Value::Scalar(_) | Value::List(_)) => return Err(form("xmd.mbs.buildrequires", "a map")),
        None => {
            mbs.insert("buildrequires".to_owned(), Value::default());
        }
    }
    Ok(())
}

fn check_blocks(document: &ModuleStream, bare: bool) -> Result<(), ImportError> {
    let block = match document.dependencies.as_slice() {
        [] => return Ok(()),
        [only] => only,
        several => return Err(ImportError::SeveralBlocks(several.len())),
    };
    if bare {
        return Ok(());
    }
    let noted = document.xmd_mbs().and_then(|mbs| mbs.get("buildrequires"));
    let is_noted = |name: &str| noted.and_then(|noted| noted.get(name)).is_some();
    let absent: Vec<String> = block.buildrequires.keys().filter(|name| !is_noted(name)).cloned().collect();
    if absent.is_empty() { Ok(()) } else { Err(ImportError::NotNoted(absent)) }
}

fn check_base(document: &ModuleStream, nsvc: &Nsvc) -> Result<(), ImportError> {
    let note = |key: &str| document.xmd_mbs().and_then(|mbs| mbs.get(key));
    match note("disttag_marking").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        Some(marking) if marking.contains('-') => return Err(ImportError::DashInMarking(marking.to_owned())),
        None if nsvc.stream.as_str().contains('-') => {
            return Err(ImportError::DashInStream { name: nsvc.name.clone(), stream: nsvc.stream.clone() });
        }
        Some(_) | None => {}
    }
    let texts = |value: &Value| value.as_list().is_some_and(|items| items.iter().all(|item| item.as_str().is_some()));
    match note("virtual_streams") {
        Some(value) if !texts(value) => {
            Err(ImportError::Form { key: "xmd.mbs.virtual_streams", expected: "a list of texts" })
        }
        _ => Ok(()),
    }
}

fn assumed(nsvc: &Nsvc) -> Warning {
    let message = format!(
        "`{nsvc}` does not say what it was built against (`xmd.mbs`); it counts as built on the base modules that it requires"
    );
    Warning { code: "MB0403", message }
}

fn warnings(document: &ModuleStream, nsvc: &Nsvc) -> Vec<Warning> {
    let note = |key: &str| document.xmd_mbs().and_then(|mbs| mbs.get(key));
    let mut warnings = Vec::new();
    let mut warn = |code, message| warnings.push(Warning { code, message });
    if note("mse").and_then(Value::as_bool) != Some(true) {
        let message = "without `xmd.mbs.mse: true` it counts as built without stream expansion";
        warn("MB0401", format!("nothing can be built against `{nsvc}`: {message}"));
    }
    if note("commit").and_then(Value::as_str).is_none_or(str::is_empty) {
        let message =
            "`xmd.mbs.commit` is not set; a module that was not built from a commit has a word, such as `virtual`";
        warn("MB0402", format!("nothing can be built against `{nsvc}`: {message}"));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::{Document, ReadOptions, read};

    const HEAD: &str =
        "document: modulemd\nversion: 2\ndata:\n  summary: S\n  description: D\n  license: {module: [MIT]}\n";

    fn document(keys: &str) -> ModuleStream {
        let text = format!("{HEAD}{keys}");
        let mut reading = read(text.as_bytes(), "f", &ReadOptions::lenient());
        match reading.documents.pop().map(|located| located.value) {
            Some(Document::Stream(stream)) => *stream,
            other => unreachable!("{other:?}: {:?}", reading.diagnostics),
        }
    }

    fn imported(keys: &str) -> Result<Import, ImportError> {
        import(&document(keys), &BTreeSet::from([ModuleName::new("platform").expect("name")]))
    }

    fn code(keys: &str) -> &'static str {
        let error = imported(keys).expect_err("refused");
        assert_eq!(error.kind().http_status(), 422);
        error.code()
    }

    #[test]
    fn a_platform_becomes_a_ready_build_without_work() {
        let keys = "  name: platform\n  stream: f28\n  version: 3\n  xmd: {mbs: {mse: true, commit: virtual, virtual_streams: [fedora]}}\n";
        let Import { new, warnings } = imported(keys).expect("imported");
        assert_eq!(warnings, []);
        assert_eq!(new.nsvc.to_string(), "platform:f28:3:00000000");
        assert_eq!((new.owner.as_str(), new.scratch, new.request.imported), ("mbs_import", false, true));
        assert_eq!((new.request.strategy, new.request.plan.components.len()), (RebuildStrategy::All, 0));
        let again = read(new.request.modulemd.as_bytes(), "f", &ReadOptions::strict());
        assert_eq!(again.diagnostics, []);
        assert!(new.request.modulemd.contains("00000000") && new.request.modulemd.contains("buildrequires"));
    }

    #[test]
    fn what_is_missing_is_told_and_what_can_be_assumed_is() {
        assert_eq!(code("  stream: a\n"), "MS0401");
        assert_eq!(code("  name: a\n"), "MS0401");
        assert_eq!(code("  name: a\n  stream: a/b\n"), "MS0402");
        let plain = imported("  name: a\n  stream: b\n").expect("imported");
        assert!(plain.new.request.modulemd.contains("mse: TRUE") || plain.new.request.modulemd.contains("mse: true"));
        assert_eq!(plain.warnings.iter().map(|one| one.code).collect::<Vec<_>>(), ["MB0402"]);
        let noted = imported("  name: a\n  stream: b\n  xmd: {mbs: {commit: c}}\n").expect("imported");
        assert_eq!(noted.warnings.iter().map(|one| one.code).collect::<Vec<_>>(), ["MB0401"]);
    }

    #[test]
    fn every_build_requirement_has_its_note() {
        let deps = "  name: a\n  stream: b\n  dependencies:\n  - buildrequires: {platform: [f28], perl: []}\n";
        match imported(deps) {
            Err(ImportError::NotNoted(names)) => assert_eq!(names, ["perl", "platform"]),
            other => unreachable!("{other:?}"),
        }
        let noted = "  xmd: {mbs: {buildrequires: {perl: {stream: a}, platform: {stream: f28}}}}\n";
        imported(&format!("{deps}{noted}")).expect("all are noted");
        assert_eq!(code(&format!("{deps}  - requires: {{platform: []}}\n{noted}")), "MS0403");
        assert_eq!(code("  name: a\n  stream: b\n  xmd: {mbs: {buildrequires: [a]}}\n"), "MS0407");
        assert_eq!(code("  name: a\n  stream: b\n  xmd: {mbs: text}\n"), "MS0407");
    }

    #[test]
    fn a_document_as_repositories_ship_it_is_taken_as_it_is() {
        let bases = BTreeSet::from([ModuleName::new("platform").expect("name")]);
        let deps = "  name: a\n  stream: b\n  dependencies:\n  - {buildrequires: {platform: [f28]}, requires: {platform: [f28]}}\n";
        let shipped = import_shipped(&document(deps), &bases).expect("imported");
        assert_eq!(shipped.warnings.iter().map(|one| one.code).collect::<Vec<_>>(), ["MB0403"]);
        assert!(!shipped.new.request.modulemd.contains("mbs"), "{}", shipped.new.request.modulemd);
        let several = format!("{deps}  - {{requires: {{platform: [f29]}}}}\n");
        assert_eq!(import_shipped(&document(&several), &bases).expect_err("refused").code(), "MS0403");
        // With notes, they have to be complete.
        let noted = format!("{deps}  xmd: {{mbs: {{mse: true}}}}\n");
        assert_eq!(import_shipped(&document(&noted), &bases).expect_err("refused").code(), "MS0404");
    }

    #[test]
    fn base_modules_bring_no_dash_into_releases() {
        assert_eq!(code("  name: platform\n  stream: el-8\n"), "MS0405");
        assert_eq!(code("  name: platform\n  stream: el8\n  xmd: {mbs: {disttag_marking: el-8}}\n"), "MS0406");
        assert_eq!(code("  name: platform\n  stream: el8\n  xmd: {mbs: {virtual_streams: el8}}\n"), "MS0407");
        imported("  name: platform\n  stream: el-8\n  xmd: {mbs: {disttag_marking: el8}}\n").expect("marked");
        imported("  name: other\n  stream: el-8\n").expect("no base module");
    }
}
