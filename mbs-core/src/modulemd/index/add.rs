//! Documents on their way into an index.

use super::conflict::{About, Conflict, Kept, Reason, Side};
use super::differs::{field_changes, same_facts};
use super::entry::{Entry, Keyed};
use super::model::ModuleIndex;
use super::origin::Origin;
use crate::modulemd::diagnostic::Diagnostic;
use crate::modulemd::model::{Defaults, Document, ModuleStream, Obsoletes, Translations};
use crate::modulemd::nsvca::StreamId;
use crate::modulemd::read::{ReadOptions, Reading, read};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What became of a document that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Added {
    /// It is in the index.
    New,
    /// It took the place of one that is equal.
    Equal,
    /// It says something else than one that is in the index. Which of the two counts stands in the conflict.
    Conflict(Box<Conflict>),
    /// It is kept aside, for it is not understood.
    Aside,
}

/// A document that cannot enter an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {reason}")]
#[non_exhaustive]
pub struct Refused {
    /// Where it came from.
    pub origin: Origin,
    /// Why.
    pub reason: RefusedReason,
    /// The document.
    pub document: Document,
}

/// Why a document cannot enter an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RefusedReason {
    /// It describes how to build, not what was built.
    #[error("`{title}` describes how to build a module; convert it to a stream first")]
    Packager {
        /// Kind and version.
        title: String,
    },
    /// A stream document without a module name.
    #[error("a stream needs the name of its module (`data.name`) to be in an index")]
    NoName,
    /// A stream document without a stream name.
    #[error("a stream of the module `{name}` needs its name (`data.stream`) to be in an index")]
    NoStream {
        /// The name of its module.
        name: String,
    },
    /// A stream document with the identity of another one, and other content.
    #[error("{0}")]
    Differs(Box<Conflict>),
}

/// What [`ModuleIndex::extend`] met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extended {
    /// Documents that disagree, with one of them in the index.
    pub conflicts: Vec<Conflict>,
    /// Documents that are not in the index.
    pub refused: Vec<Refused>,
}

/// What [`ModuleIndex::from_text`] made of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexReading {
    /// The documents without errors.
    pub index: ModuleIndex,
    /// The problems of single documents.
    pub diagnostics: Vec<Diagnostic>,
    /// Documents that disagree, with one of them in the index.
    pub conflicts: Vec<Conflict>,
    /// Documents that are not in the index.
    pub refused: Vec<Refused>,
}

impl IndexReading {
    /// Whether a document has an error or was refused.
    pub fn has_errors(&self) -> bool {
        !self.refused.is_empty() || self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

impl ModuleIndex {
    /// Reads an index: all documents of a text (or of anything else that [`read`] takes). `file` names it in what is
    /// reported.
    pub fn from_text(text: impl AsRef<[u8]>, file: &str, options: &ReadOptions) -> IndexReading {
        let mut index = Self::new();
        let mut reading = read(text.as_ref(), file, options);
        let diagnostics = std::mem::take(&mut reading.diagnostics);
        let Extended { conflicts, refused } = index.extend(reading, file);
        IndexReading { index, diagnostics, conflicts, refused }
    }

    /// Adds the documents of a reading in their order. `file` names it in what is reported. Diagnostics of the reading
    /// are the caller's matter.
    pub fn extend(&mut self, reading: Reading, file: &str) -> Extended {
        let file: Arc<str> = Arc::from(file);
        let mut extended = Extended::default();
        for located in reading.documents {
            let origin = Origin::of(&file, &located);
            match self.add(located.value, origin) {
                Ok(Added::Conflict(conflict)) => extended.conflicts.push(*conflict),
                Ok(_) => {}
                Err(refused) => extended.refused.push(*refused),
            }
        }
        extended
    }

    /// Adds a document; version 1 streams become version 2.
    ///
    /// * Streams: one with the same identity and content takes the place of the earlier one. Identities are the same if
    ///   all parts are equal, unset ones included.
    /// * Defaults, translations of one stream, obsoletes of one stream, context and time: the later one takes the place
    ///   of the earlier one. (A merge compares them.)
    /// * Documents that are not understood are kept aside.
    ///
    /// # Errors
    /// Packager documents, streams without a name, and streams whose identity another one with other content has.
    pub fn add(&mut self, document: Document, origin: Origin) -> Result<Added, Box<Refused>> {
        let refuse = |document, reason| Err(Box::new(Refused { origin: origin.clone(), reason, document }));
        match document {
            Document::StreamV1(stream) => self.add_stream(Box::new(ModuleStream::from(*stream)), origin),
            Document::Stream(stream) => self.add_stream(stream, origin),
            Document::Defaults(defaults) => Ok(self.add_defaults(defaults, origin)),
            Document::Translations(translations) => Ok(self.add_translations(translations, origin)),
            Document::Obsoletes(obsoletes) => Ok(self.add_obsoletes(obsoletes, origin)),
            Document::Unknown(document) => {
                let added = self.unknown.len() as u64;
                self.unknown.push(Entry::new(document, origin, added));
                Ok(Added::Aside)
            }
            document @ (Document::PackagerV2(_) | Document::PackagerV3(_)) => {
                let title = document.title();
                refuse(document, RefusedReason::Packager { title })
            }
        }
    }

    fn add_stream(&mut self, stream: Box<ModuleStream>, origin: Origin) -> Result<Added, Box<Refused>> {
        let reason = match (&stream.name, &stream.stream) {
            (None, _) => RefusedReason::NoName,
            (Some(name), None) => RefusedReason::NoStream { name: name.clone() },
            (Some(name), Some(_)) => {
                let module = self.module_mut(name);
                let entry = module.entry(stream, origin);
                match file_stream(&mut module.streams, entry) {
                    Filed::New => return Ok(Added::New),
                    Filed::Equal => return Ok(Added::Equal),
                    Filed::Alike(conflict) => return Ok(Added::Conflict(conflict)),
                    Filed::Differs(conflict, entry) => {
                        let Entry { value, origin, .. } = entry;
                        let reason = RefusedReason::Differs(conflict);
                        return Err(Box::new(Refused { origin, reason, document: Document::Stream(value) }));
                    }
                }
            }
        };
        Err(Box::new(Refused { origin, reason, document: Document::Stream(stream) }))
    }

    fn add_defaults(&mut self, defaults: Box<Defaults>, origin: Origin) -> Added {
        let module = self.module_mut(&defaults.module);
        let entry = module.entry(defaults, origin);
        module.tie = None;
        let second = defaults_side(&entry);
        let old = module.defaults.replace(entry);
        added(&module.name, About::Defaults, old.as_ref(), defaults_side, module.defaults.as_ref(), second)
    }

    fn add_translations(&mut self, translations: Box<Translations>, origin: Origin) -> Added {
        let module = self.module_mut(&translations.module);
        let stream = translations.stream.clone();
        let entry = module.entry(translations, origin);
        let second = translations_side(&entry);
        let old = module.translations.insert(stream.clone(), entry);
        let new = module.translations.get(&stream);
        added(&module.name, About::Translations { stream }, old.as_ref(), translations_side, new, second)
    }

    fn add_obsoletes(&mut self, obsoletes: Box<Obsoletes>, origin: Origin) -> Added {
        let module = self.module_mut(&obsoletes.module);
        let entry = module.entry(obsoletes, origin);
        match file_obsoletes(&mut module.obsoletes, entry) {
            Filed::New => Added::New,
            Filed::Equal => Added::Equal,
            Filed::Alike(conflict) | Filed::Differs(conflict, _) => Added::Conflict(conflict),
        }
    }
}

/// What a replaced document makes of the one that replaced it.
fn added<T: PartialEq>(
    module: &str,
    about: About,
    old: Option<&Entry<T>>,
    side: fn(&Entry<T>) -> Side,
    new: Option<&Entry<T>>,
    second: Side,
) -> Added {
    match (old, new) {
        (Some(old), Some(new)) if old.value != new.value => {
            let module = module.to_owned();
            let first = side(old);
            Added::Conflict(Box::new(Conflict {
                module,
                about,
                first,
                second,
                kept: Kept::Second,
                reason: Reason::Later,
            }))
        }
        (Some(_), _) => Added::Equal,
        (None, _) => Added::New,
    }
}

pub(super) fn defaults_side(entry: &Entry<Defaults>) -> Side {
    Side { origin: entry.origin.clone(), says: Some(format!("modified {}", entry.value.modified)) }
}

pub(super) fn translations_side(entry: &Entry<Translations>) -> Side {
    Side { origin: entry.origin.clone(), says: Some(format!("modified {}", entry.value.modified)) }
}

/// What happened to a document that was put among those of its kind.
pub(super) enum Filed<T> {
    /// There was none with its key.
    New,
    /// It took the place of an equal one.
    Equal,
    /// It disagrees with one, and one of the two is filed.
    Alike(Box<Conflict>),
    /// It disagrees with one, which stays.
    Differs(Box<Conflict>, Entry<T>),
}

/// Puts a stream document among those of its module.
pub(super) fn file_stream(
    streams: &mut BTreeSet<Entry<ModuleStream>>,
    entry: Entry<ModuleStream>,
) -> Filed<ModuleStream> {
    let Some(there) = streams.get(&entry) else {
        streams.insert(entry);
        return Filed::New;
    };
    if there.value == entry.value {
        // The later one counts as the one that was added: what comes after it in the order of adding stays so.
        streams.replace(entry);
        return Filed::Equal;
    }
    let id = StreamId::of(&entry.value);
    let differs = field_changes(&*there.value, &*entry.value).into_iter().map(|change| change.path).collect();
    let conflict = Box::new(Conflict {
        module: id.name.clone(),
        about: About::Stream { id, differs },
        first: Side { origin: there.origin.clone(), says: None },
        second: Side { origin: entry.origin.clone(), says: None },
        kept: Kept::First,
        reason: Reason::First,
    });
    if same_facts(&there.value, &entry.value) { Filed::Alike(conflict) } else { Filed::Differs(conflict, entry) }
}

/// Puts an obsoletes document among those of its module.
pub(super) fn file_obsoletes(obsoletes: &mut BTreeSet<Entry<Obsoletes>>, entry: Entry<Obsoletes>) -> Filed<Obsoletes> {
    let side =
        |entry: &Entry<Obsoletes>| Side { origin: entry.origin.clone(), says: Some(entry.value.message.clone()) };
    let Some(there) = obsoletes.get(&entry) else {
        obsoletes.insert(entry);
        return Filed::New;
    };
    debug_assert!(there.value.compare(&entry.value).is_eq(), "found by its key");
    let filed = if there.value == entry.value {
        Filed::Equal
    } else {
        let Obsoletes { module, stream, context, .. } = &*entry.value;
        Filed::Alike(Box::new(Conflict {
            module: module.clone(),
            about: About::Obsoletes { stream: stream.clone(), context: context.clone() },
            first: side(there),
            second: side(&entry),
            kept: Kept::Second,
            reason: Reason::Later,
        }))
    };
    obsoletes.replace(entry);
    filed
}
