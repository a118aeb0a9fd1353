//! Documents by module, turned into facts when somebody asks.
//!
//! ```text
//! text -> documents -> by module: identity and document -- first question --> facts, kept
//! ```
//!
//! Of an index with many builds a resolution looks at a few modules, so facts are made for these and kept; for the rest
//! there is only the document.

use super::error::OpenError;
use super::sidecar::{Sidecar, Statement};
use mbs_core::build::ModuleState;
use mbs_core::modulemd::{Document, ModuleStream, Origin, ReadOptions, decode, read};
use mbs_core::resolve::{BuildRecord, KnownBuild, ModuleFacts, ProviderError};
use mbs_core::{ModuleName, NameError, Nsvc, StreamName};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

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
}

/// The builds of one module.
#[derive(Debug, Default)]
struct Builds {
    stored: BTreeMap<Nsvc, Stored>,
    known: OnceLock<Result<Vec<KnownBuild>, NameError>>,
}

#[derive(Debug)]
struct Stored {
    document: Arc<ModuleStream>,
    statement: Statement,
}

impl DocumentSet {
    /// An empty set. `repository` is where the packages of all its builds are, if that is known.
    pub(super) fn new(bases: BTreeSet<ModuleName>, repository: Option<String>) -> Self {
        Self { bases, repository, ..Self::default() }
    }

    /// Adds the documents of an index, with what was found beside it. `file` names it, without credentials.
    ///
    /// Of documents with the same identity, as one build has for several architectures, the first one counts.
    pub(super) fn add(
        &mut self,
        bytes: &[u8],
        file: &str,
        sidecar: Option<&Sidecar>,
        options: ReadOptions,
    ) -> Result<(), OpenError> {
        let content = |source| OpenError::Content { file: file.to_owned(), source };
        let text: Cow<'_, [u8]> = decode(bytes, &options.limits).map_err(content)?;
        let reading = read(&text, file, &options);
        let first = reading.diagnostics.iter().find(|diagnostic| diagnostic.is_error());
        if let (true, Some(first)) = (reading.documents.is_empty(), first) {
            return Err(OpenError::NoDocuments { file: file.to_owned(), first: Box::new(first.clone()) });
        }
        // One problem for each document is enough: whoever wants all of them checks the index.
        let mut left_out = BTreeMap::new();
        for diagnostic in reading.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()) {
            let problem = || (diagnostic.line, diagnostic.message.clone());
            left_out.entry(diagnostic.document).or_insert_with(problem);
        }
        let (mut here, mut new) = (BTreeSet::new(), BTreeSet::new());
        for located in reading.documents {
            let added = match located.value {
                Document::Stream(document) => self.add_document(*document).map_err(|error| error.to_string()),
                Document::StreamV1(document) => {
                    self.add_document((*document).into()).map_err(|error| error.to_string())
                }
                Document::PackagerV2(_) | Document::PackagerV3(_) => {
                    Err("it describes how to build a module, not a build".to_owned())
                }
                _ => continue,
            };
            match added {
                Ok((nsvc, first)) => {
                    if first {
                        new.insert(nsvc.clone());
                    }
                    here.insert(nsvc);
                }
                Err(problem) => {
                    left_out.insert(located.document, (located.line, problem));
                }
            }
        }
        for (document, (line, problem)) in left_out {
            let place = Origin::new(file, document, line).to_string();
            self.warnings.push(ProviderWarning { place, problem });
        }
        if let Some(sidecar) = sidecar {
            if let Some(unknown) = sidecar.builds().find(|nsvc| !here.contains(*nsvc)) {
                return Err(sidecar.unknown(unknown, file).into());
            }
            // What an earlier index has counts with what stands beside that.
            self.state(sidecar, |nsvc| new.contains(nsvc));
        }
        Ok(())
    }

    /// Adds a document, and gives the identity of its build, and whether it is the first one of that.
    fn add_document(&mut self, document: ModuleStream) -> Result<(Nsvc, bool), NameError> {
        // Made to find out whether that is possible; made again for the few that are asked for.
        let nsvc = ModuleFacts::from_document(&document, ModuleState::Ready, &self.bases)?.nsvc;
        let builds = self.modules.entry(nsvc.name.clone()).or_default();
        let first = !builds.stored.contains_key(&nsvc);
        if first {
            let stored = Stored { document: Arc::new(document), statement: Statement::default() };
            builds.stored.insert(nsvc.clone(), stored);
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
        known.as_ref().map(Vec::as_slice).map_err(|error| ProviderError {
            name: name.clone(),
            problem: error.to_string(),
            source: Some(Box::new(error.clone())),
        })
    }

    fn known_build(&self, stored: &Stored) -> Result<KnownBuild, NameError> {
        let state = stored.statement.state.unwrap_or(ModuleState::Ready);
        let mut facts = ModuleFacts::from_document(&stored.document, state, &self.bases)?;
        facts.repository.clone_from(&self.repository);
        let record: BuildRecord = stored.statement.record.clone();
        Ok(KnownBuild { facts: Arc::new(facts), document: stored.document.clone(), record })
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
