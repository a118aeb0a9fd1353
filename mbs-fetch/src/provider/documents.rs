//! Documents by module, turned into facts when somebody asks.
//!
//! ```text
//! text -> documents -> by module: identity and place in the text -- first question --> document and facts, kept
//! ```
//!
//! Of an index with many builds a resolution looks at a few modules, so documents and facts are made for these and kept;
//! for the rest there is only the text, which takes a tenth of the memory that documents would.

use super::chunks::chunks;
use super::error::OpenError;
use super::options::ProviderOptions;
use super::sidecar::{Sidecar, Statement};
use mbs_core::build::ModuleState;
use mbs_core::modulemd::{Diagnostic, Document, ModuleStream, Origin, ReadOptions, decode, read};
use mbs_core::resolve::{BuildRecord, KnownBuild, ModuleFacts, ProviderError};
use mbs_core::{ModuleName, NameError, Nsvc, StreamName};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Bytes of an index that are read at once.
const CHUNK: usize = 1 << 20;

/// A document that a provider left out. The builds of the other documents are known all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderWarning {
    /// Where the document is: `FILE:LINE`, or the address and the build.
    pub place: String,
    /// Why it was left out.
    pub problem: String,
}

impl fmt::Display for ProviderWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: left out: {}", self.place, self.problem)
    }
}

/// Documents of module builds.
#[derive(Debug, Default)]
pub(super) struct DocumentSet {
    bases: BTreeSet<ModuleName>,
    repository: Option<String>,
    modules: BTreeMap<ModuleName, Builds>,
    warnings: Vec<ProviderWarning>,
    read: ReadOptions,
}

/// The builds of one module.
#[derive(Debug, Default)]
struct Builds {
    stored: BTreeMap<Nsvc, Stored>,
    known: OnceLock<Result<Vec<KnownBuild>, String>>,
}

#[derive(Debug)]
struct Stored {
    document: Kept,
    statement: Statement,
}

/// A document, or where it stands in a text.
#[derive(Debug)]
enum Kept {
    Document(Arc<ModuleStream>),
    Text(Arc<Vec<u8>>, Range<usize>),
}

/// What was read of an index.
#[derive(Default)]
struct Gathered {
    /// Identities of the builds.
    here: BTreeSet<Nsvc>,
    /// Those of them that no earlier index has.
    new: BTreeSet<Nsvc>,
    documents: usize,
    first_error: Option<Diagnostic>,
}

impl DocumentSet {
    /// An empty set. `repository` is where the packages of all its builds are, if that is known.
    pub(super) fn new(options: &ProviderOptions, repository: Option<String>) -> Self {
        let read = ReadOptions::lenient().with_limits(options.limits);
        Self { bases: options.base_modules.clone(), repository, read, ..Self::default() }
    }

    /// Adds the documents of an index, with what was found beside it. `file` names it, without credentials.
    ///
    /// Of documents with the same identity, as one build has for several architectures, the first one counts.
    pub(super) fn add(&mut self, bytes: Vec<u8>, file: &str, sidecar: Option<&Sidecar>) -> Result<(), OpenError> {
        let content = |source| OpenError::Content { file: file.to_owned(), source };
        let unpacked = match decode(&bytes, &self.read.limits).map_err(content)? {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(text),
        };
        let text = Arc::new(unpacked.unwrap_or(bytes));
        let mut gathered = Gathered::default();
        if let Some(parts) = chunks(&text, CHUNK) {
            let mut line = 0;
            for part in parts {
                self.add_part(&text[part.clone()], file, line, Some((&text, part.start)), &mut gathered);
                let lines = text[part].split(|byte| *byte == b'\n').count() - 1;
                line += u32::try_from(lines).unwrap_or(u32::MAX);
            }
        } else {
            self.add_part(&text, file, 0, None, &mut gathered);
        }
        if let (0, Some(first)) = (gathered.documents, gathered.first_error) {
            return Err(OpenError::NoDocuments { file: file.to_owned(), first: Box::new(first) });
        }
        if let Some(sidecar) = sidecar {
            if let Some(unknown) = sidecar.builds().find(|nsvc| !gathered.here.contains(*nsvc)) {
                return Err(sidecar.unknown(unknown, file).into());
            }
            // What an earlier index has counts with what stands beside that.
            self.state(sidecar, |nsvc| gathered.new.contains(nsvc));
        }
        Ok(())
    }

    /// Adds the documents of a part of an index. `line` counts the lines before it; `whole` is the text to keep instead of
    /// documents, and where the part begins in it.
    fn add_part(
        &mut self,
        part: &[u8],
        file: &str,
        line: u32,
        whole: Option<(&Arc<Vec<u8>>, usize)>,
        gathered: &mut Gathered,
    ) {
        let reading = read(part, file, &self.read);
        gathered.documents += reading.documents.len();
        // One problem for each document is enough: whoever wants all of them checks the index.
        let mut left_out = BTreeMap::new();
        for mut diagnostic in reading.diagnostics.into_iter().filter(Diagnostic::is_error) {
            diagnostic.line = diagnostic.line.saturating_add(line);
            let problem = || (diagnostic.line, diagnostic.message.clone());
            left_out.entry(diagnostic.document).or_insert_with(problem);
            gathered.first_error.get_or_insert(diagnostic);
        }
        for located in reading.documents {
            let kept = whole.map(|(text, start)| {
                let (first, end) = located.span;
                Kept::Text(text.clone(), start + first..start + end)
            });
            let added = match located.value {
                Document::Stream(document) => self.add_document(*document, kept).map_err(|error| error.to_string()),
                Document::StreamV1(document) => {
                    self.add_document((*document).into(), kept).map_err(|error| error.to_string())
                }
                Document::PackagerV2(_) | Document::PackagerV3(_) => {
                    Err("it describes how to build a module, not a build".to_owned())
                }
                _ => continue,
            };
            match added {
                Ok((nsvc, first)) => {
                    if first {
                        gathered.new.insert(nsvc.clone());
                    }
                    gathered.here.insert(nsvc);
                }
                Err(problem) => {
                    left_out.insert(located.document, (located.line.saturating_add(line), problem));
                }
            }
        }
        for (document, (line, problem)) in left_out {
            let place = Origin::new(file, document, line).to_string();
            self.warnings.push(ProviderWarning { place, problem });
        }
    }

    /// Adds a document, and gives the identity of its build, and whether it is the first one of that.
    fn add_document(&mut self, document: ModuleStream, kept: Option<Kept>) -> Result<(Nsvc, bool), NameError> {
        // Made to find out whether that is possible; made again for the few that are asked for.
        let nsvc = ModuleFacts::from_document(&document, ModuleState::Ready, &self.bases)?.nsvc;
        let builds = self.modules.entry(nsvc.name.clone()).or_default();
        let first = !builds.stored.contains_key(&nsvc);
        if first {
            let document = kept.unwrap_or_else(|| Kept::Document(Arc::new(document)));
            builds.stored.insert(nsvc.clone(), Stored { document, statement: Statement::default() });
        }
        Ok((nsvc, first))
    }

    /// Notes what a sidecar says about builds of this set, and tells which of its builds are not in it.
    pub(super) fn state_all(&mut self, sidecar: &Sidecar) -> BTreeSet<Nsvc> {
        self.state(sidecar, |_| true)
    }

    /// The same for the builds that `concerns` names.
    fn state(&mut self, sidecar: &Sidecar, concerns: impl Fn(&Nsvc) -> bool) -> BTreeSet<Nsvc> {
        let mut unknown = BTreeSet::new();
        for (nsvc, statement) in sidecar.statements() {
            let module = self.modules.get_mut(&nsvc.name).filter(|_| concerns(nsvc));
            match module.and_then(|module| module.stored.get_mut(nsvc)) {
                Some(stored) => stored.statement.add(statement),
                None => {
                    unknown.insert(nsvc.clone());
                }
            }
        }
        unknown
    }

    /// What was left out, in the order of the documents.
    pub(super) fn warnings(&self) -> &[ProviderWarning] {
        &self.warnings
    }

    /// The names of the modules.
    pub(super) fn names(&self) -> impl ExactSizeIterator<Item = &ModuleName> {
        self.modules.keys()
    }

    /// How many builds there are.
    pub(super) fn len(&self) -> usize {
        self.modules.values().map(|module| module.stored.len()).sum()
    }

    /// The builds of a module, in the order of their identities.
    pub(super) fn known(&self, name: &ModuleName) -> Result<&[KnownBuild], ProviderError> {
        let Some(module) = self.modules.get(name) else { return Ok(&[]) };
        let known =
            module.known.get_or_init(|| module.stored.values().map(|stored| self.known_build(stored)).collect());
        known.as_ref().map(Vec::as_slice).map_err(|problem| ProviderError {
            name: name.clone(),
            problem: problem.clone(),
            source: None,
        })
    }

    fn known_build(&self, stored: &Stored) -> Result<KnownBuild, String> {
        let document = stored.document.get(&self.read)?;
        let state = stored.statement.state.unwrap_or(ModuleState::Ready);
        let facts = ModuleFacts::from_document(&document, state, &self.bases);
        let mut facts = facts.map_err(|error| error.to_string())?;
        facts.repository.clone_from(&self.repository);
        let record: BuildRecord = stored.statement.record.clone();
        Ok(KnownBuild { facts: Arc::new(facts), document, record })
    }

    /// The facts of all builds of a module.
    pub(super) fn facts(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        Ok(self.known(name)?.iter().map(|build| build.facts.clone()).collect())
    }

    /// The builds of a stream.
    pub(super) fn stream(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<KnownBuild>, ProviderError> {
        Ok(self.known(name)?.iter().filter(|build| build.facts.nsvc.stream == *stream).cloned().collect())
    }
}

impl Kept {
    fn get(&self, options: &ReadOptions) -> Result<Arc<ModuleStream>, String> {
        let (text, span) = match self {
            Self::Document(document) => return Ok(document.clone()),
            Self::Text(text, span) => (text, span.clone()),
        };
        let mut reading = read(&text[span], "", options);
        match (reading.documents.pop().map(|located| located.value), reading.documents.is_empty()) {
            (Some(Document::Stream(document)), true) => Ok(Arc::new(*document)),
            (Some(Document::StreamV1(document)), true) => Ok(Arc::new((*document).into())),
            // It was read once, so this is a mistake of the reader and not of the text.
            _ => Err("a document of the index reads otherwise alone than among the others".to_owned()),
        }
    }
}
