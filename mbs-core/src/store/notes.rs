//! What a store notes of each build, so that the builds of a module are told without reading a log or a document.

use crate::build::{BuildHeader, ModuleState};
use crate::modulemd::{Document, ModuleStream, ReadOptions, StreamSet, Value, read};
use crate::resolve::{FactsSource, ModuleFacts};
use crate::{BuildId, ModuleName, Nsvc, StreamName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What resolution must know of a build and what never changes: a projection of the first entry of its log.
///
/// A store that keeps notes has to make them anew when a release reads more out of the documents than the one before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModuleNotes {
    /// Whether it was made by stream expansion: only such builds can be dependencies.
    #[serde(default)]
    pub mse: bool,
    /// Whether it was built elsewhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// Whether its document has no notes of a build system.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
    /// Names that this stream of a base module also answers to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub virtual_streams: BTreeSet<String>,
    /// What it needs at run time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<BTreeMap<ModuleName, StreamSet>>,
    /// The builds that it was built against, base modules and others, as far as version and context are noted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub built_against: Vec<Nsvc>,
    /// The stream of each module that it was built against.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub buildrequires: BTreeMap<ModuleName, StreamName>,
    /// Commit of its sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Tag that holds its packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub koji_tag: Option<String>,
    /// What it puts into the dist tags of builds that build-require it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disttag_marking: Option<String>,
    /// Architectures it sets for builds on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub koji_tag_arches: Vec<String>,
    /// Folder that takes its result folder; none: the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<String>,
    /// Repository of a build that was built elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
}

impl ModuleNotes {
    /// The notes of a build. One whose document cannot be read states nothing and is no dependency of anything.
    pub fn of(header: &BuildHeader) -> Self {
        let request = &header.request;
        let own = Self {
            imported: request.imported,
            results: request.options.results.clone(),
            repository: request.repository.clone().filter(|_| request.imported),
            ..Self::default()
        };
        let reading = read(request.modulemd.as_bytes(), "modulemd", &ReadOptions::lenient());
        let stream = reading.documents.into_iter().find_map(|located| match located.value {
            Document::Stream(stream) => Some(stream),
            _ => None,
        });
        let Some(facts) = stream.and_then(|mut stream| facts(&mut stream, &header.nsvc)) else { return own };
        Self {
            mse: facts.mse,
            assumed: facts.source == FactsSource::Assumed,
            virtual_streams: facts.virtual_streams,
            requires: facts.requires,
            built_against: facts.built_on,
            buildrequires: facts.buildrequires,
            commit: facts.commit,
            koji_tag: facts.koji_tag,
            disttag_marking: facts.disttag_marking,
            koji_tag_arches: facts.koji_tag_arches,
            ..own
        }
    }
}

/// What the document states, with every module that it was built against among the base modules: which ones are base
/// modules is a matter of who asks.
fn facts(stream: &mut ModuleStream, nsvc: &Nsvc) -> Option<ModuleFacts> {
    stream.name = Some(nsvc.name.to_string());
    stream.stream = Some(nsvc.stream.to_string());
    stream.context = Some(nsvc.context.to_string());
    let entries = stream.xmd_mbs().and_then(|mbs| mbs.get("buildrequires")).and_then(Value::as_map);
    let names = entries.into_iter().flat_map(|map| map.iter());
    let all = names.filter_map(|(name, _)| ModuleName::new(name).ok()).collect();
    ModuleFacts::from_document(stream, ModuleState::Init, &all).ok()
}

/// A build as the store knows it without reading its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredModule {
    /// Its number.
    pub id: BuildId,
    /// Which build it is.
    pub nsvc: Nsvc,
    /// Its state at this moment.
    pub state: ModuleState,
    /// Name of its result folder.
    pub folder: String,
    /// What never changes.
    pub notes: Arc<ModuleNotes>,
}

impl StoredModule {
    /// What resolution has to know. `bases` are the names of base modules; `local` is the user's own folder of results,
    /// if the builds of the store are made on this machine.
    pub fn facts(self, bases: &BTreeSet<ModuleName>, local: Option<&str>) -> ModuleFacts {
        let notes = Arc::unwrap_or_clone(self.notes);
        let here = local.filter(|_| !notes.imported).map(|own| {
            let results = notes.results.as_deref().unwrap_or(own);
            format!("{}/{}/results", results.trim_end_matches('/'), self.folder)
        });
        let source = match (&here, notes.assumed) {
            (Some(_), _) => FactsSource::Local,
            (None, true) => FactsSource::Assumed,
            (None, false) => FactsSource::Stored,
        };
        // An import can name a folder of results in the place of a tag, as the original does for local builds.
        let named = notes.koji_tag.as_ref().filter(|tag| tag.starts_with('/')).cloned();
        ModuleFacts {
            nsvc: self.nsvc,
            state: self.state,
            virtual_streams: notes.virtual_streams,
            requires: notes.requires,
            built_on: notes.built_against.into_iter().filter(|nsvc| bases.contains(&nsvc.name)).collect(),
            buildrequires: notes.buildrequires,
            commit: notes.commit,
            koji_tag: here.clone().or(notes.koji_tag),
            repository: here.or(notes.repository).or(named),
            disttag_marking: notes.disttag_marking,
            koji_tag_arches: notes.koji_tag_arches,
            mse: notes.mse,
            source,
        }
    }
}
