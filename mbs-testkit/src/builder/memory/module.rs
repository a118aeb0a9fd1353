//! What belongs to one module build: tags, the repository, the final result.

use mbs_core::build::{BuiltComponent, Scope};
use mbs_core::builder::{FinalizeRequest, PublishRequest, RequestKey};
use mbs_core::{ComponentName, Failure};
use std::collections::{BTreeMap, BTreeSet};

/// One component in the repository.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: RequestKey,
    pub(super) batch: u32,
    pub(super) built: BuiltComponent,
    pub(super) install: bool,
}

#[derive(Debug, Default)]
pub(super) struct Module {
    tagged: BTreeSet<RequestKey>,
    /// In the order in which things came into the repository; never shortened, so that a length is a moment.
    pub(super) log: Vec<Entry>,
    latest: BTreeMap<ComponentName, usize>,
    pub(super) result: Option<FinalizeRequest>,
}

impl Module {
    pub(super) fn tag(&mut self, request: &PublishRequest) {
        self.tagged.extend(request.components.iter().map(|published| published.key.clone()));
    }

    /// What of the request is not tagged.
    pub(super) fn untagged<'a>(&self, request: &'a PublishRequest) -> Option<&'a RequestKey> {
        request.components.iter().map(|published| &published.key).find(|key| !self.tagged.contains(*key))
    }

    /// Brings components into the repository; one that is there already stays.
    pub(super) fn publish(&mut self, request: &PublishRequest) {
        for published in &request.components {
            let there = self.latest.get(&published.key.component).and_then(|at| self.log.get(*at));
            if there.is_some_and(|entry| entry.key == published.key && entry.install == published.install) {
                continue;
            }
            self.latest.insert(published.key.component.clone(), self.log.len());
            self.log.push(Entry {
                key: published.key.clone(),
                batch: published.batch,
                built: published.built.clone(),
                install: published.install,
            });
        }
    }

    pub(super) fn latest(&self, component: &ComponentName) -> Option<&Entry> {
        self.log.get(*self.latest.get(component)?)
    }

    /// Whether the repository holds this very build of the component.
    pub(super) fn holds(&self, key: &RequestKey) -> bool {
        self.latest(&key.component).is_some_and(|entry| entry.key == *key)
    }

    /// All that the repository holds, by component.
    pub(super) fn content(&self) -> impl Iterator<Item = &Entry> {
        self.latest.values().filter_map(|at| self.log.get(*at))
    }

    /// What a component misses in its buildroot.
    pub(super) fn missing(
        &self,
        scope: Option<&Scope>,
        needs: &[ComponentName],
        uses: &[ComponentName],
    ) -> Option<Failure> {
        let sees = |name: &&ComponentName| self.latest(name).is_some_and(|entry| visible(entry, scope));
        let installed = |name: &&ComponentName| sees(name) && self.latest(name).is_some_and(|entry| entry.install);
        let missing = needs.iter().find(|name| !sees(name)).or_else(|| uses.iter().find(|name| !installed(name)))?;
        Some(Failure::user(format!("nothing in the buildroot provides `{missing}`")))
    }
}

/// Whether a buildroot sees a component; without a scope it sees everything.
pub(super) fn visible(entry: &Entry, scope: Option<&Scope>) -> bool {
    scope.is_none_or(|scope| scope.shows(&entry.key.component, entry.batch))
}
