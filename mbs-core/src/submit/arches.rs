//! Which architectures a module is built for.

use super::error::SubmitError;
use crate::modulemd::{ModuleStream, Value};
use crate::resolve::Pick;
use crate::{Arch, ModuleName};
use std::collections::{BTreeMap, BTreeSet};

/// Which architectures the system builds for. The default knows none but that of the build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchRules {
    /// Those of builds against a module, by `name:stream`.
    pub of_modules: BTreeMap<String, BTreeSet<Arch>>,
    /// Those of all other builds; empty: not known, and a module may name any beside that of the build.
    pub all: BTreeSet<Arch>,
}

impl ArchRules {
    /// The architectures that a build of a document is for, before it restricts them itself.
    ///
    /// The first that says something decides: a rule for what is built against, `xmd.mbs.koji_tag_arches` of the
    /// document, those that the first privileged or base module among the build-required ones sets, those of all.
    fn supported(
        &self,
        document: &ModuleStream,
        picks: &[Pick],
        decisive: impl Iterator<Item = ModuleName>,
    ) -> BTreeSet<String> {
        let key = |pick: &Pick| format!("{}:{}", pick.facts.nsvc.name, pick.facts.nsvc.stream);
        if let Some(arches) = picks.iter().find_map(|pick| self.of_modules.get(&key(pick))) {
            return arches.iter().map(Arch::to_string).collect();
        }
        let own = document.xmd_mbs().and_then(|mbs| mbs.get("koji_tag_arches").and_then(Value::texts));
        if let Some(arches) = own.filter(|arches| !arches.is_empty()) {
            return arches.into_iter().map(str::to_owned).collect();
        }
        let mut decisive = decisive;
        let first = decisive.find_map(|name| picks.iter().find(|pick| pick.facts.nsvc.name == name));
        if let Some(pick) = first.filter(|pick| !pick.facts.koji_tag_arches.is_empty()) {
            return pick.facts.koji_tag_arches.iter().cloned().collect();
        }
        self.all.iter().map(Arch::to_string).collect()
    }

    /// Refuses a module that asks for architectures that nobody builds for, or not for the one of the build.
    ///
    /// `decisive` are the names of privileged and base modules, in the order in which they are asked.
    ///
    /// # Errors
    /// [`SubmitError::Arches`] and [`SubmitError::Arch`].
    pub(super) fn check(
        &self,
        document: &ModuleStream,
        picks: &[Pick],
        decisive: impl Iterator<Item = ModuleName>,
        arch: &Arch,
    ) -> Result<(), SubmitError> {
        let asked = &document.buildopts.arches;
        if asked.is_empty() {
            return Ok(());
        }
        let supported = self.supported(document, picks, decisive);
        let unsupported: Vec<String> =
            asked.iter().filter(|asked| !supported.is_empty() && !supported.contains(*asked)).cloned().collect();
        if !unsupported.is_empty() {
            return Err(SubmitError::Arches { unsupported, supported: supported.into_iter().collect() });
        }
        if !asked.contains(arch.as_str()) {
            let wanted = asked.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(SubmitError::Arch { wanted, machine: arch.to_string() });
        }
        Ok(())
    }
}
