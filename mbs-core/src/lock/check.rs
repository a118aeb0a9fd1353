//! Whether what was chosen now is what is locked.

use super::make::digest;
use super::model::{Lock, LockedBuild, LockedComponent, LockedModule};
use crate::resolve::{Provider, ProviderError};
use crate::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The key of the document's checksum.
const MODULEMD: &str = "modulemd";

/// The key of the platform's digest.
const PLATFORM: &str = "platform";

/// A choice that is not as locked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockDifference {
    /// Which choice: keys as in the lock file, with identities and names in place of numbers.
    pub key: String,
    /// As locked; none: it is not in the lock.
    pub locked: Option<String>,
    /// As found; none: it is not there now.
    pub found: Option<String>,
}

impl fmt::Display for LockDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.locked, &self.found) {
            (Some(locked), Some(found)) if self.key == PLATFORM => {
                write!(
                    f,
                    "`{PLATFORM}`: this machine offers other packages: locked is `{locked}`, here it is `{found}`"
                )
            }
            (Some(locked), Some(found)) if self.key == MODULEMD => {
                write!(f, "`{MODULEMD}`: the document was changed: locked is `{locked}`, now it is `{found}`")
            }
            (Some(locked), Some(found)) => write!(f, "`{}` is `{found}`, locked is `{locked}`", self.key),
            (Some(locked), None) => write!(f, "`{}` is absent, locked is `{locked}`", self.key),
            (None, Some(found)) => write!(f, "`{}` is `{found}`, the lock file does not have it", self.key),
            (None, None) => write!(f, "`{}` differs", self.key),
        }
    }
}

impl Lock {
    /// Compares a lock of what was chosen now with this one.
    ///
    /// # Errors
    /// Every difference, ordered by key.
    pub fn check(&self, found: &Self) -> Result<(), Vec<LockDifference>> {
        let (locked, found) = (self.choices(), found.choices());
        let keys: BTreeSet<&String> = locked.keys().chain(found.keys()).collect();
        let differences: Vec<LockDifference> = keys
            .into_iter()
            .filter(|key| locked.get(*key) != found.get(*key))
            .map(|key| LockDifference {
                key: key.clone(),
                locked: locked.get(key).cloned(),
                found: found.get(key).cloned(),
            })
            .collect();
        if differences.is_empty() { Ok(()) } else { Err(differences) }
    }

    /// Compares a document with the one that was locked.
    pub fn check_document(&self, modulemd: &str) -> Option<LockDifference> {
        let found = digest(modulemd);
        (found != self.modulemd).then(|| LockDifference {
            key: MODULEMD.to_owned(),
            locked: Some(self.modulemd.to_string()),
            found: Some(found.to_string()),
        })
    }

    /// The locked builds to build against that a provider does not know.
    ///
    /// # Errors
    /// The first [`ProviderError`].
    pub async fn missing(&self, provider: &dyn Provider) -> Result<Vec<LockDifference>, ProviderError> {
        let mut known: BTreeMap<&ModuleName, BTreeSet<Nsvc>> = BTreeMap::new();
        let mut missing = Vec::new();
        for build in &self.builds {
            for module in &build.modules {
                let name = &module.nsvc.name;
                if !known.contains_key(name) {
                    let builds = provider.builds(name).await?;
                    known.insert(name, builds.iter().map(|facts| facts.nsvc.clone()).collect());
                }
                if known.get(name).is_some_and(|known| !known.contains(&module.nsvc)) {
                    let key = build.key_of(module);
                    missing.push(LockDifference { key, locked: Some(module.nsvc.to_string()), found: None });
                }
            }
        }
        Ok(missing)
    }

    /// Every choice by its key.
    fn choices(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::from([
            (MODULEMD.to_owned(), self.modulemd.to_string()),
            ("time".to_owned(), self.time.to_string()),
        ]);
        all.extend(self.platform.clone().map(|platform| (PLATFORM.to_owned(), platform)));
        for build in &self.builds {
            build.note(&mut all);
        }
        for (name, component) in &self.components {
            component.note(&format!("components.{name}"), &mut all);
        }
        all
    }
}

impl LockedBuild {
    fn note(&self, all: &mut BTreeMap<String, String>) {
        let key = self.key();
        all.insert(format!("{key}.version"), self.nsvc.version.to_string());
        all.insert(format!("{key}.block"), self.block.to_string());
        for module in &self.modules {
            module.note(&self.key_of(module), all);
        }
    }

    /// Context and stream say which build it is; the version is a choice of its own.
    fn key(&self) -> String {
        format!("builds.{}:{}:{}", self.nsvc.name, self.nsvc.stream, self.nsvc.context)
    }

    fn key_of(&self, module: &LockedModule) -> String {
        format!("{}.modules.{}", self.key(), module.nsvc.name)
    }
}

impl LockedModule {
    fn note(&self, key: &str, all: &mut BTreeMap<String, String>) {
        all.insert(key.to_owned(), self.nsvc.to_string());
        all.insert(format!("{key}.base"), self.base.to_string());
        all.insert(format!("{key}.direct"), self.direct.to_string());
        all.extend(self.commit.clone().map(|commit| (format!("{key}.commit"), commit)));
        all.extend(self.digest.clone().map(|digest| (format!("{key}.digest"), digest)));
    }
}

impl LockedComponent {
    fn note(&self, key: &str, all: &mut BTreeMap<String, String>) {
        all.insert(format!("{key}.repository"), self.repository.clone());
        all.extend(self.reference.clone().map(|reference| (format!("{key}.ref"), reference)));
        all.insert(format!("{key}.commit"), self.commit.to_string());
        for file in &self.files {
            all.insert(format!("{key}.files.{}", file.path), file.checksum.to_string());
        }
    }
}
