//! Dependencies of a build on one machine: its platform is the only module that is known to exist.

use super::error::SubmitError;
use crate::modulemd::{Dependency, ModuleStream, StreamRule, StreamSet};
use crate::{ModuleName, StreamName};
use std::collections::{BTreeMap, BTreeSet};

/// The base module a build is made for.
pub(super) struct Platform<'a> {
    pub(super) name: &'a ModuleName,
    pub(super) stream: &'a StreamName,
}

/// What the dependencies come to.
pub(super) struct Resolved {
    /// The expanded block.
    pub(super) block: Dependency,
    /// Stream of each module that the build is made against.
    pub(super) buildrequires: BTreeMap<ModuleName, StreamName>,
    /// Streams of each module needed at run time, as they stand in the expanded block, signs included.
    pub(super) requires: BTreeMap<ModuleName, BTreeSet<String>>,
}

/// Expands the only dependency block of the document.
pub(super) fn resolve(stream: &ModuleStream, platform: &Platform<'_>) -> Result<Resolved, SubmitError> {
    let empty = Dependency::default();
    let block = stream.dependencies.first().unwrap_or(&empty);
    let mut buildrequires = BTreeMap::new();
    for (module, set) in &block.buildrequires {
        if module != platform.name.as_str() {
            return Err(SubmitError::Unresolvable { name: module.clone(), wanted: shown(set) });
        }
        if !set.allows(platform.stream.as_str()) {
            return Err(SubmitError::Platform {
                name: platform.name.clone(),
                wanted: shown(set),
                ours: platform.stream.to_string(),
            });
        }
        buildrequires.insert(platform.name.clone(), platform.stream.clone());
    }
    if buildrequires.is_empty() {
        return Err(SubmitError::NoPlatform);
    }
    let expanded = Dependency {
        buildrequires: buildrequires.iter().map(|(n, s)| (n.to_string(), StreamSet::one(s.as_str()))).collect(),
        // The one solved stream where both sides ask for the same, otherwise as written.
        requires: block
            .requires
            .iter()
            .map(|(module, set)| {
                let solved =
                    buildrequires.get(module.as_str()).filter(|_| block.buildrequires.get(module) == Some(set));
                (module.clone(), solved.map_or_else(|| set.clone(), |stream| StreamSet::one(stream.as_str())))
            })
            .collect(),
    };
    let mut requires = BTreeMap::new();
    for (module, set) in &expanded.requires {
        requires.insert(ModuleName::new(module)?, set.0.clone());
    }
    Ok(Resolved { block: expanded, buildrequires, requires })
}

fn shown(set: &StreamSet) -> String {
    match set.rule() {
        StreamRule::Any => "any stream".to_owned(),
        StreamRule::Only(_) | StreamRule::Except(_) | StreamRule::Mixed => {
            set.0.iter().map(String::as_str).collect::<Vec<_>>().join(",")
        }
    }
}
