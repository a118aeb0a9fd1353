//! Whether what was chosen now is what is locked.

use super::model::{Lock, LockedBuild, LockedComponent, LockedModule};
use std::collections::BTreeMap;
use std::fmt;

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
        let keys: std::collections::BTreeSet<&String> = locked.keys().chain(found.keys()).collect();
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

    /// Every choice by its key.
    fn choices(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::from([("modulemd".to_owned(), self.modulemd.to_string())]);
        all.extend(self.platform.clone().map(|platform| ("platform".to_owned(), platform)));
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
        // Context and block say which build it is; the version is a choice of its own.
        let key = format!("builds.{}:{}:{}", self.nsvc.name, self.nsvc.stream, self.nsvc.context);
        all.insert(format!("{key}.version"), self.nsvc.version.to_string());
        all.insert(format!("{key}.block"), self.block.to_string());
        for module in &self.modules {
            module.note(&format!("{key}.modules.{}", module.nsvc.name), all);
        }
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
