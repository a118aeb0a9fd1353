//! What is known of one module build.

use crate::build::ModuleState;
use crate::identity::DEFAULT_CONTEXT;
use crate::modulemd::{ModuleStream, StreamSet, Value};
use crate::{Context, ModuleName, NameError, Nsvc, StreamName, Version};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How the facts of a build came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FactsSource {
    /// A build of this build system, with all that it noted.
    Stored,
    /// A build made on this machine: usable as a dependency, and its commit is not recorded with those who use it.
    Local,
    /// A document as repositories ship it, without the build system's notes: counted as built on the base streams
    /// that it requires.
    Assumed,
}

/// What resolution must know of one module build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleFacts {
    /// Which build it is.
    pub nsvc: Nsvc,
    /// Its state.
    pub state: ModuleState,
    /// Names that this stream of a base module also answers to.
    pub virtual_streams: BTreeSet<String>,
    /// What it needs at run time: alternatives, each a map from module to streams.
    pub requires: Vec<BTreeMap<ModuleName, StreamSet>>,
    /// The base module builds that it was built against.
    pub built_on: Vec<Nsvc>,
    /// The stream of each module that it was built against, as it noted.
    pub buildrequires: BTreeMap<ModuleName, StreamName>,
    /// Commit of its sources; none if it noted none.
    pub commit: Option<String>,
    /// Tag that holds its packages; none for a module without packages.
    pub koji_tag: Option<String>,
    /// Repository that holds its packages: absolute path or address without credentials; none if nobody knows.
    pub repository: Option<String>,
    /// What it puts into the dist tags of builds that build-require it, if it sets something.
    pub disttag_marking: Option<String>,
    /// Architectures it sets for builds on it; empty if it sets none.
    pub koji_tag_arches: Vec<String>,
    /// Whether it was made by stream expansion: only such builds can be dependencies.
    pub mse: bool,
    /// How all this is known.
    pub source: FactsSource,
}

impl ModuleFacts {
    /// A stored build made by stream expansion, of which nothing else is known.
    pub fn new(nsvc: Nsvc, state: ModuleState) -> Self {
        Self {
            nsvc,
            state,
            virtual_streams: BTreeSet::new(),
            requires: Vec::new(),
            built_on: Vec::new(),
            buildrequires: BTreeMap::new(),
            commit: None,
            koji_tag: None,
            repository: None,
            disttag_marking: None,
            koji_tag_arches: Vec::new(),
            mse: true,
            source: FactsSource::Stored,
        }
    }

    /// The facts that a document states about a build.
    ///
    /// `xmd.mbs.buildrequires` tells what it was built against; of these, the ones named in `bases` are base modules.
    /// A document without `xmd.mbs` becomes [`FactsSource::Assumed`], with the base streams of all its requires in
    /// [`Self::buildrequires`] if there is only one; [`super::Universe::new`] finds the builds that it counts as built on.
    ///
    /// # Errors
    /// [`NameError`] for a name, stream or context that is missing or not acceptable.
    pub fn from_document(
        document: &ModuleStream,
        state: ModuleState,
        bases: &BTreeSet<ModuleName>,
    ) -> Result<Self, NameError> {
        let nsvc = Nsvc {
            name: ModuleName::new(document.name.as_deref().unwrap_or_default())?,
            stream: StreamName::new(document.stream.as_deref().unwrap_or_default())?,
            version: Version(document.version),
            context: Context::new(document.context.as_deref().unwrap_or(DEFAULT_CONTEXT))?,
        };
        let requires = document
            .dependencies
            .iter()
            .map(|block| block.requires.iter().map(|(name, set)| Ok((ModuleName::new(name)?, set.clone()))).collect())
            .collect::<Result<Vec<BTreeMap<ModuleName, StreamSet>>, NameError>>()?;
        let mbs = document.xmd_mbs();
        let text = |key: &str| mbs?.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let texts = |key: &str| -> Vec<String> {
            let list = mbs.and_then(|mbs| mbs.get(key)?.texts()).unwrap_or_default();
            list.into_iter().map(str::to_owned).collect()
        };
        let mut facts = Self {
            nsvc,
            state,
            virtual_streams: texts("virtual_streams").into_iter().collect(),
            built_on: Vec::new(),
            buildrequires: BTreeMap::new(),
            commit: text("commit"),
            koji_tag: text("koji_tag"),
            repository: None,
            disttag_marking: text("disttag_marking"),
            koji_tag_arches: texts("koji_tag_arches"),
            mse: mbs.and_then(|mbs| mbs.get("mse")?.as_bool()).unwrap_or(mbs.is_none()),
            source: if mbs.is_some() { FactsSource::Stored } else { FactsSource::Assumed },
            requires,
        };
        facts.note_buildrequires(mbs, bases)?;
        Ok(facts)
    }

    fn note_buildrequires(&mut self, mbs: Option<&Value>, bases: &BTreeSet<ModuleName>) -> Result<(), NameError> {
        let entries = mbs.and_then(|mbs| mbs.get("buildrequires")?.as_map());
        for (name, entry) in entries.into_iter().flat_map(|map| map.iter()) {
            let text = |key: &str| entry.get(key).and_then(Value::as_str);
            let (name, Some(stream)) = (ModuleName::new(name)?, text("stream")) else { continue };
            let stream = StreamName::new(stream)?;
            if bases.contains(&name)
                && let (Some(Ok(version)), Some(context)) = (text("version").map(str::parse), text("context"))
            {
                let context = Context::new(context)?;
                let (name, stream) = (name.clone(), stream.clone());
                self.built_on.push(Nsvc { name, stream, version: Version(version), context });
            }
            self.buildrequires.insert(name, stream);
        }
        Ok(())
    }

    /// Whether the facts are assumed and not noted by a build system.
    pub fn is_assumed(&self) -> bool {
        self.source == FactsSource::Assumed
    }
}
