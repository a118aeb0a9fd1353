//! What is installed for a build: the module's own packages that it may see and needs.

use super::files::FileError;
use super::layout::Layout;
use super::manifest::{Manifest, Outcome};
use super::registry::{Kind, Registry};
use crate::deps::{Capability, Chosen, Requirement, RequirementError, Universe, UniverseError, Unresolvable, closure};
use crate::host::HostProvides;
use crate::rpms::{RpmFacts, RpmReadError, read_facts};
use mbs_core::BuildId;
use mbs_core::build::Scope;
use mbs_core::builder::RequestKey;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the buildroot of a component cannot be put together.
#[derive(Debug, thiserror::Error)]
pub(super) enum BuildrootError {
    #[error(transparent)]
    Unresolvable(#[from] Unresolvable),
    #[error(transparent)]
    Requirement(#[from] RequirementError),
    #[error(transparent)]
    Universe(#[from] UniverseError),
    #[error(transparent)]
    Read(#[from] RpmReadError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the result of attempt {0} is not there any more")]
    Gone(RequestKey),
}

/// The packages of the module that a buildroot may hold.
pub(super) struct Offer {
    universe: Universe,
    paths: HashMap<String, PathBuf>,
    /// What is installed in any case.
    always: Vec<Requirement>,
}

impl Offer {
    /// The packages of the components that the scope names, as far as they are published.
    pub(super) fn of(layout: &Layout, build: BuildId, scope: &Scope) -> Result<Self, BuildrootError> {
        let published = Registry::read(layout, build, Kind::Published)?;
        let mut facts: Vec<Arc<RpmFacts>> = Vec::new();
        let mut paths = HashMap::new();
        let mut always = Vec::new();
        for (key, install) in published.visible(build, scope) {
            let folder = layout.attempt(&key);
            let Some(Manifest { outcome: Outcome::Complete { packages, .. }, .. }) = Manifest::read(&folder)? else {
                return Err(BuildrootError::Gone(key));
            };
            for package in packages.into_iter().filter(|package| !package.source) {
                paths.insert(package.nevra(), folder.join(package.file_name()));
                if install {
                    always.push(exactly(&package));
                }
                facts.push(Arc::new(package));
            }
        }
        Ok(Self { universe: Universe::new(facts)?, paths, always })
    }

    /// What every build gets.
    pub(super) fn base(&self) -> Vec<Requirement> {
        self.always.clone()
    }

    /// What every build gets, and everything that a source package requires.
    pub(super) fn wanted(&self, source: &Path) -> Result<Vec<Requirement>, BuildrootError> {
        let mut wanted = self.base();
        wanted.extend(Requirement::from_relations(&read_facts(source)?.requires)?);
        Ok(wanted)
    }

    /// How to get from what is installed to a buildroot in which everything wanted is there.
    pub(super) fn step(
        &self,
        wanted: &[Requirement],
        installed: &Installed,
        host: &HostProvides,
    ) -> Result<Step, BuildrootError> {
        let kept: Vec<Requirement> = wanted.iter().cloned().chain(installed.0.values().cloned()).collect();
        let (closure, afresh) = match closure(&kept, &self.universe, host) {
            Ok(closure) => (closure, false),
            // What was chosen before more was known may be in the way.
            Err(_) => (closure(wanted, &self.universe, host)?, !installed.0.is_empty()),
        };
        let is_new = |nevra: &str| afresh || !installed.0.contains_key(nevra);
        let new = closure.chosen.into_iter().filter(|chosen| is_new(&chosen.rpm.nevra())).collect();
        Ok(Step { afresh, new })
    }

    /// The file of a package.
    pub(super) fn file(&self, package: &RpmFacts) -> Option<&Path> {
        self.paths.get(&package.nevra()).map(PathBuf::as_path)
    }
}

/// The packages in a buildroot, by name with version, each as the requirement that only it meets.
#[derive(Debug, Default)]
pub(super) struct Installed(BTreeMap<String, Requirement>);

impl Installed {
    pub(super) fn add(&mut self, step: &Step) {
        if step.afresh {
            self.0.clear();
        }
        self.0.extend(step.new.iter().map(|chosen| (chosen.rpm.nevra(), exactly(&chosen.rpm))));
    }
}

/// What to do with a buildroot.
#[derive(Debug)]
pub(super) struct Step {
    /// Whether it is emptied first.
    pub(super) afresh: bool,
    /// What is installed then.
    pub(super) new: Vec<Chosen>,
}

fn exactly(package: &RpmFacts) -> Requirement {
    Requirement::One(Capability::equal(package.name.as_str(), &package.evr()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpms::Relation;

    fn package(name: &str, provides: &[&str], conflicts: &[&str]) -> Arc<RpmFacts> {
        let relations = |names: &[&str]| -> Vec<Relation> {
            names.iter().map(|name| Relation::from_header((*name).to_owned(), 0, String::new())).collect()
        };
        let value = serde_json::json!({
            "name": name, "version": "1", "release": "1", "arch": "noarch",
            "provides": relations(&[provides, &[name]].concat()), "conflicts": relations(conflicts),
        });
        Arc::new(serde_json::from_value(value).unwrap())
    }

    fn names(step: &Step) -> Vec<&str> {
        step.new.iter().map(|chosen| chosen.rpm.name.as_str()).collect()
    }

    #[test]
    fn a_buildroot_grows_and_is_begun_again_only_where_choices_collide() {
        let packages = [package("a", &["either"], &[]), package("b", &["either"], &["a"]), package("c", &[], &[])];
        let offer = Offer { universe: Universe::new(packages).unwrap(), paths: HashMap::new(), always: Vec::new() };
        let (host, mut installed) = (HostProvides::default(), Installed::default());
        let wanted = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<Vec<Requirement>>();
        for (asked, afresh, new) in [
            (&["either"][..], false, &["a"][..]),
            (&["either", "c"], false, &["c"]),
            // What nobody asks for any more stays.
            (&["c"], false, &[]),
            (&["either", "b"], true, &["b"]),
            (&["either", "b"], false, &[]),
        ] {
            let step = offer.step(&wanted(asked), &installed, &host).unwrap();
            assert_eq!((step.afresh, names(&step).as_slice()), (afresh, new), "{asked:?}");
            installed.add(&step);
        }
        assert!(offer.step(&wanted(&["absent"]), &installed, &host).is_err());
    }
}
