//! What is installed for a build: the module's own packages that it may see and needs, and those of the modules it is
//! built against.

use super::against::Against;
use super::files::FileError;
use super::layout::Layout;
use super::manifest::{Manifest, Outcome};
use super::registry::{Kind, Registry};
use crate::deps::{
    Capability, Chosen, Closure, Requirement, RequirementError, Universe, UniverseError, Unresolvable, closure,
};
use crate::host::HostProvides;
use crate::modules::{OfferedModule, OfferedPackage};
use crate::rpms::{RpmFacts, RpmReadError, read_facts};
use mbs_core::BuildId;
use mbs_core::build::Scope;
use mbs_core::builder::RequestKey;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the buildroot of a component cannot be put together.
#[derive(Debug, thiserror::Error)]
pub(super) enum BuildrootError {
    #[error("{source}{}", offered_too(modules))]
    Unresolvable {
        source: Unresolvable,
        /// The other modules whose packages were offered.
        modules: Vec<Arc<str>>,
    },
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
    #[error(
        "`{}` of `{module}` is gone or has changed since its repository was read; make the repository's metadata again and submit the build anew",
        path.display()
    )]
    Changed { module: Arc<str>, path: PathBuf },
}

fn offered_too(modules: &[Arc<str>]) -> String {
    if modules.is_empty() {
        return String::new();
    }
    let names: Vec<String> = modules.iter().map(|module| format!("`{module}`")).collect();
    format!("; packages of {} were offered too", names.join(", "))
}

/// The packages of the module and of those it is built against that a buildroot may hold.
#[derive(Default)]
pub(super) struct Offer {
    universe: Universe,
    paths: HashMap<String, PathBuf>,
    /// What is installed in any case.
    always: Vec<Requirement>,
    /// Packages of other modules by NEVRA, with their modules.
    others: HashMap<String, (OfferedPackage, Arc<str>)>,
    /// The other modules.
    modules: Vec<Arc<str>>,
}

impl Offer {
    /// The packages of the components that the scope names, as far as they are published, and those of the modules that
    /// the build is built against. Where both have a package of a name, the module's own counts.
    pub(super) fn of(layout: &Layout, build: BuildId, scope: &Scope) -> Result<Self, BuildrootError> {
        let published = Registry::read(layout, build, Kind::Published)?;
        let mut facts: Vec<(Arc<RpmFacts>, Option<Arc<str>>)> = Vec::new();
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
                facts.push((Arc::new(package), None));
            }
        }
        let mut offer = Self { paths, always, ..Self::default() };
        let against = Against::read(layout, build)?;
        offer.add(against.map(|against| against.modules).unwrap_or_default(), &mut facts);
        offer.universe = Universe::with_modules(facts)?;
        Ok(offer)
    }

    /// Adds the packages of other modules to the module's own, and what their buildroot profiles ask for, as far as
    /// anybody offers it.
    fn add(&mut self, modules: Vec<OfferedModule>, facts: &mut Vec<(Arc<RpmFacts>, Option<Arc<str>>)>) {
        let own: HashSet<String> = facts.iter().map(|(package, _)| package.name.clone()).collect();
        let mut profiles = BTreeSet::new();
        for module in modules {
            let name: Arc<str> = Arc::from(module.nsvc.to_string());
            profiles.extend(module.buildroot);
            for package in module.packages {
                let nevra = package.facts.nevra();
                // Two modules may ship the same package; the first is as good as the second.
                if package.facts.source || own.contains(&package.facts.name) || self.others.contains_key(&nevra) {
                    continue;
                }
                facts.push((Arc::new(package.facts.clone()), Some(Arc::clone(&name))));
                self.paths.insert(nevra.clone(), package.path.clone());
                self.others.insert(nevra, (package, Arc::clone(&name)));
            }
            self.modules.push(name);
        }
        let offered: HashSet<&str> = facts.iter().map(|(package, _)| package.name.as_str()).collect();
        let wanted = profiles.iter().filter(|name| offered.contains(name.as_str()));
        self.always.extend(wanted.map(|name| Requirement::One(Capability::named(name.as_str()))));
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
            Err(_) => (self.anew(wanted, host)?, !installed.0.is_empty()),
        };
        let is_new = |nevra: &str| afresh || !installed.0.contains_key(nevra);
        let new = closure.chosen.into_iter().filter(|chosen| is_new(&chosen.rpm.nevra())).collect();
        Ok(Step { afresh, new })
    }

    fn anew(&self, wanted: &[Requirement], host: &HostProvides) -> Result<Closure, BuildrootError> {
        closure(wanted, &self.universe, host)
            .map_err(|source| BuildrootError::Unresolvable { source, modules: self.modules.clone() })
    }

    /// Compares the packages of other modules that a step installs with what their repositories said of them.
    pub(super) fn check(&self, step: &Step) -> Result<(), BuildrootError> {
        for (package, module) in step.new.iter().filter_map(|chosen| self.others.get(&chosen.rpm.nevra())) {
            if !package.is_unchanged() {
                return Err(BuildrootError::Changed { module: Arc::clone(module), path: package.path.clone() });
            }
        }
        Ok(())
    }

    /// The other module that a package comes from.
    pub(super) fn module_of(&self, package: &RpmFacts) -> Option<&str> {
        self.others.get(&package.nevra()).map(|(_, module)| &**module)
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
        let offer = Offer { universe: Universe::new(packages).unwrap(), ..Offer::default() };
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

    fn module(name: &str, buildroot: &[&str], packages: &[Arc<RpmFacts>]) -> OfferedModule {
        OfferedModule {
            nsvc: format!("{name}:1:1:c0ffee00").parse().unwrap(),
            repository: "/gone".to_owned(),
            digest: String::new(),
            buildroot: buildroot.iter().map(|name| (*name).to_owned()).collect(),
            packages: packages
                .iter()
                .map(|facts| OfferedPackage {
                    facts: (**facts).clone(),
                    path: PathBuf::from("/gone"),
                    checksum: format!("sha256:{}", "0".repeat(64)),
                })
                .collect(),
        }
    }

    fn built_against(own: &[Arc<RpmFacts>], modules: Vec<OfferedModule>) -> Offer {
        let mut facts = own.iter().map(|package| (Arc::clone(package), None)).collect();
        let mut offer = Offer::default();
        offer.add(modules, &mut facts);
        offer.universe = Universe::with_modules(facts).unwrap();
        offer
    }

    #[test]
    fn own_packages_win_and_profiles_of_others_are_installed_where_anybody_has_them() {
        let own = [package("shared", &["virtual"], &[])];
        let others =
            [package("shared", &["old"], &[]), package("other", &["virtual"], &[]), package("macros", &[], &[])];
        let offer = built_against(&own, vec![module("tools", &["macros", "absent"], &others)]);
        let step = |wanted: &str| {
            let mut all = offer.base();
            all.push(wanted.parse().unwrap());
            offer.step(&all, &Installed::default(), &HostProvides::default())
        };
        assert_eq!(names(&step("virtual").unwrap()), ["macros", "shared"]);
        assert_eq!(names(&step("other").unwrap()), ["macros", "other"]);
        let error = step("old").unwrap_err().to_string();
        assert!(error.contains("offers nothing") && error.contains("packages of `tools:1:1:c0ffee00` were"), "{error}");
        let gone = offer.check(&step("other").unwrap()).unwrap_err().to_string();
        assert!(gone.contains("`/gone` of `tools:1:1:c0ffee00`"), "{gone}");
        offer.check(&Step { afresh: false, new: Vec::new() }).unwrap();
    }

    #[test]
    fn packages_that_exclude_each_other_are_named_with_their_modules() {
        let modules = vec![
            module("one", &[], &[package("left", &[], &["right"])]),
            module("two", &[], &[package("right", &[], &[])]),
        ];
        let offer = built_against(&[], modules);
        let wanted = ["left", "right"].map(|name| name.parse().unwrap());
        let error = offer.step(&wanted, &Installed::default(), &HostProvides::default()).unwrap_err().to_string();
        assert!(error.contains("`left-0:1-1.noarch of one:1:1:c0ffee00` conflicts with `right`"), "{error}");
    }
}
