//! What is in the repository of a build.

use super::files::{FileError, read_json, write_json};
use super::layout::Layout;
use mbs_core::build::Scope;
use mbs_core::builder::{PublishedComponent, RequestKey};
use mbs_core::{BuildId, ComponentName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One component in the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The attempt that built it.
    pub(super) attempt: u32,
    /// Its batch.
    pub(super) batch: u32,
    /// Whether its packages are installed into every later buildroot that may see them.
    pub(super) install: bool,
}

/// Components by name. What is tagged waits for the next repository; what is published is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Registry {
    pub(super) components: BTreeMap<ComponentName, Entry>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Tagged,
    Published,
}

fn path(layout: &Layout, build: BuildId, kind: Kind) -> PathBuf {
    layout.build(build).join(match kind {
        Kind::Tagged => "tagged.json",
        Kind::Published => "published.json",
    })
}

impl Registry {
    pub(super) fn read(layout: &Layout, build: BuildId, kind: Kind) -> Result<Self, FileError> {
        Ok(read_json(&path(layout, build, kind))?.unwrap_or_default())
    }

    pub(super) fn write(&self, layout: &Layout, build: BuildId, kind: Kind) -> Result<(), FileError> {
        write_json(&path(layout, build, kind), self)
    }

    /// Adds components; tells whether anything changed.
    pub(super) fn add(&mut self, components: &[PublishedComponent]) -> bool {
        let before = self.clone();
        for component in components {
            let entry = Entry { attempt: component.key.attempt, batch: component.batch, install: component.install };
            self.components.insert(component.key.component.clone(), entry);
        }
        *self != before
    }

    /// Whether all these attempts are in.
    pub(super) fn holds(&self, components: &[PublishedComponent]) -> bool {
        components.iter().all(|component| {
            self.components.get(&component.key.component).is_some_and(|entry| entry.attempt == component.key.attempt)
        })
    }

    /// What a buildroot with this scope sees: keys, and whether they are installed in any case.
    pub(super) fn visible(&self, build: BuildId, scope: &Scope) -> Vec<(RequestKey, bool)> {
        let sees = |name: &ComponentName, entry: &Entry| match scope {
            Scope::BatchesBefore(batch) => entry.batch < *batch,
            Scope::Components(names) => names.contains(name),
        };
        self.components
            .iter()
            .filter(|(name, entry)| sees(name, entry))
            .map(|(name, entry)| {
                let key = RequestKey { build, component: name.clone(), attempt: entry.attempt };
                (key, entry.install)
            })
            .collect()
    }
}
