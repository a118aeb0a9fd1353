//! A snapshot of all builds that an expansion may look at.

use super::facts::ModuleFacts;
use super::options::ExpandOptions;
use crate::build::ModuleState;
use crate::modulemd::StreamSet;
use crate::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Module builds by name, each list with the newest first: by version, then the smallest context.
///
/// The order that builds were learned in does not show.
#[derive(Debug, Clone, Default)]
pub struct Universe {
    modules: BTreeMap<ModuleName, Vec<Arc<ModuleFacts>>>,
    /// Names of modules that are known to exist, for suggestions.
    others: BTreeSet<ModuleName>,
}

impl Universe {
    /// A universe of these builds; modules that are not among them have none.
    pub fn new(builds: impl IntoIterator<Item = Arc<ModuleFacts>>, options: &ExpandOptions) -> Self {
        let mut modules: BTreeMap<ModuleName, Vec<Arc<ModuleFacts>>> = BTreeMap::new();
        for facts in builds {
            modules.entry(facts.nsvc.name.clone()).or_default().push(facts);
        }
        let mut universe = Self::default();
        // What is assumed depends on the base modules, so these come first.
        for name in &options.base_modules {
            universe.learn(name.clone(), modules.remove(name.as_str()).unwrap_or_default(), options);
        }
        for (name, builds) in modules {
            universe.learn(name, builds, options);
        }
        universe
    }

    /// Adds all builds of a module. Base modules have to be known before what was built on them.
    pub fn learn(&mut self, name: ModuleName, mut builds: Vec<Arc<ModuleFacts>>, options: &ExpandOptions) {
        builds.sort_by(|one, other| newest_first(&one.nsvc, &other.nsvc));
        builds.dedup_by(|one, other| one.nsvc == other.nsvc);
        for facts in &mut builds {
            if facts.is_assumed() && !options.is_base(name.as_str()) {
                self.assume(Arc::make_mut(facts), options);
            }
        }
        self.modules.insert(name, builds);
    }

    /// Counts a build as built on the newest ready build of each base stream that it requires.
    fn assume(&self, facts: &mut ModuleFacts, options: &ExpandOptions) {
        for base in &options.base_modules {
            let sets: Vec<&StreamSet> = facts.requires.iter().filter_map(|block| block.get(base)).collect();
            let mut streams = BTreeSet::new();
            for build in self.builds(base.as_str()).iter().filter(|build| build.state == ModuleState::Ready) {
                let stream = build.nsvc.stream.as_str();
                let wanted = |set: &&StreamSet| {
                    set.allows(stream) && build.virtual_streams.iter().all(|name| !set.0.contains(&format!("-{name}")))
                        || build.virtual_streams.iter().any(|name| set.0.contains(name))
                };
                let fits = sets.is_empty() || sets.iter().any(wanted);
                if fits && streams.insert(&build.nsvc.stream) {
                    facts.built_on.push(build.nsvc.clone());
                }
            }
            if let (1, Some(stream)) = (streams.len(), streams.first()) {
                facts.buildrequires.insert(base.clone(), (*stream).clone());
            }
        }
        facts.built_on.sort();
        facts.built_on.dedup();
    }

    /// Whether the builds of a module are known, even if there are none.
    pub fn knows(&self, name: &str) -> bool {
        self.modules.contains_key(name)
    }

    /// Notes names of modules that have builds somewhere, without knowing those: they are suggested where a module is
    /// missing.
    pub fn note_names(&mut self, names: impl IntoIterator<Item = ModuleName>) {
        self.others.extend(names);
    }

    /// Modules with builds whose names look like this one, the most similar first.
    pub(super) fn near(&self, name: &ModuleName) -> Vec<ModuleName> {
        let known = self.modules.iter().filter(|(_, builds)| !builds.is_empty()).map(|(name, _)| name);
        let all: BTreeSet<&ModuleName> = known.chain(&self.others).filter(|other| *other != name).collect();
        super::near::nearest(name.as_str(), all)
    }

    /// All builds of a module, the newest first.
    pub fn builds(&self, name: &str) -> &[Arc<ModuleFacts>] {
        self.modules.get(name).map_or(&[], Vec::as_slice)
    }

    /// All builds of one stream, the newest first.
    pub fn stream(&self, name: &str, stream: &str) -> &[Arc<ModuleFacts>] {
        let builds = self.builds(name);
        let start = builds.partition_point(|build| build.nsvc.stream.as_str() < stream);
        let length = builds[start..].partition_point(|build| build.nsvc.stream.as_str() == stream);
        &builds[start..start + length]
    }

    /// The contexts of a build's version that still work on it, whatever their own state: not ready, failed or garbage.
    pub(super) fn unfinished_sibling(&self, nsvc: &Nsvc) -> Option<&Arc<ModuleFacts>> {
        self.stream(nsvc.name.as_str(), nsvc.stream.as_str()).iter().find(|build| {
            build.nsvc.version == nsvc.version
                && build.nsvc.context != nsvc.context
                && !matches!(build.state, ModuleState::Ready | ModuleState::Failed | ModuleState::Garbage)
        })
    }
}

/// By stream, then version from high to low, then context by bytes.
pub(super) fn newest_first(one: &Nsvc, other: &Nsvc) -> std::cmp::Ordering {
    (one.stream.cmp(&other.stream)).then(other.version.cmp(&one.version)).then(one.context.cmp(&other.context))
}
