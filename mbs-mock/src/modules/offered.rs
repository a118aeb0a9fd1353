//! A module that is built against, with the packages it offers.

use super::digest::repository_digest;
use super::error::{ModulesError, ModulesProblem};
use super::place::{Place, Remote};
use super::repository::{Package, Repository, checksum};
use super::select::{Said, ask, fits, is_debug};
use crate::rpms::{RpmFacts, RpmReadError, read_facts};
use mbs_core::build::BuiltAgainst;
use mbs_core::source::{ChecksumKind, redact};
use mbs_core::{Arch, Nsvc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A module that is built against. Kept with a build, so that all its components see the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedModule {
    /// Which build it is.
    pub nsvc: Nsvc,
    /// Its repository, without credentials.
    pub repository: String,
    /// Identity of what it offers, see [`repository_digest`].
    pub digest: String,
    /// Names of the packages in its profiles `buildroot` and `srpm-buildroot`.
    pub buildroot: BTreeSet<String>,
    /// What it offers, by name.
    pub packages: Vec<OfferedPackage>,
}

impl OfferedModule {
    /// Whether it was read for this pick.
    pub(crate) fn is_of(&self, against: &BuiltAgainst) -> bool {
        self.nsvc == against.nsvc && against.repository.as_deref().is_some_and(|one| redact(one) == self.repository)
    }
}

impl OfferedPackage {
    /// Whether the file is the one that was read.
    pub(crate) fn is_unchanged(&self) -> bool {
        let Some((kind, digits)) = self.checksum.split_once(':') else { return false };
        let known = ChecksumKind::ALL.into_iter().find(|known| known.as_str() == kind);
        known.is_some_and(|kind| checksum(&self.path, kind).is_ok_and(|found| found.hex() == digits))
    }
}

/// A package of a module that is built against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedPackage {
    /// The package.
    pub facts: RpmFacts,
    /// Its file on this machine.
    pub path: PathBuf,
    /// Checksum of the file as `KIND:DIGITS`.
    pub checksum: String,
}

/// Reads what a module offers to buildroots on `arch`. Blocks; packages on servers are fetched if there is a `remote`.
///
/// # Errors
/// [`ModulesError`] naming the module, its repository and what to do.
pub fn offered_module(
    against: &BuiltAgainst,
    arch: &Arch,
    remote: Option<&Remote>,
) -> Result<OfferedModule, ModulesError> {
    let repository = against.repository.as_deref().map(redact);
    read(against, arch, remote).map_err(|problem| ModulesError {
        module: against.nsvc.clone(),
        repository,
        problem: Box::new(problem),
    })
}

/// Whether it is known of every module where its packages are; nothing is looked at. Whoever asks before a build is stored
/// saves a build that fails at its beginning, again and again.
///
/// # Errors
/// [`ModulesError`] of the first one that nobody knows the place of.
pub fn places_known(against: &[BuiltAgainst]) -> Result<(), ModulesError> {
    match against.iter().find(|one| !one.base && one.repository.is_none()) {
        None => Ok(()),
        Some(one) => {
            Err(ModulesError { module: one.nsvc.clone(), repository: None, problem: Box::new(ModulesProblem::Unknown) })
        }
    }
}

fn read(against: &BuiltAgainst, arch: &Arch, remote: Option<&Remote>) -> Result<OfferedModule, ModulesProblem> {
    let text = against.repository.as_deref().ok_or(ModulesProblem::Unknown)?;
    let place = Place::parse(text, remote)?;
    let (belonging, buildroot) = belonging(Repository::read(&place)?, &against.nsvc, arch)?;
    let mut packages = Vec::new();
    for package in &belonging {
        packages.push(offered(package, place.package(&package.path, &package.checksum)?)?);
    }
    packages.sort_by_cached_key(|one| (one.facts.name.clone(), one.facts.nevra()));
    let digest = repository_digest(packages.iter().map(|one| (one.facts.nevra(), &one.checksum)));
    Ok(OfferedModule { nsvc: against.nsvc.clone(), repository: redact(text), digest, buildroot, packages })
}

/// The packages of a repository that belong to a module and fit the machine, and the packages of its buildroot profiles.
fn belonging(
    found: Repository,
    module: &Nsvc,
    arch: &Arch,
) -> Result<(Vec<Package>, BTreeSet<String>), ModulesProblem> {
    let mut by_name: BTreeMap<String, Package> = BTreeMap::new();
    for package in found.packages.into_iter().filter(|package| fits(&package.arch, arch.as_str())) {
        by_name.entry(package.nevra.clone()).or_insert(package);
    }
    let (artifacts, buildroot) = match ask(&found.documents, module, arch.as_str()) {
        Said::NoDocuments => (None, BTreeSet::new()),
        Said::Others(known) => return Err(ModulesProblem::NoDocument { known }),
        Said::About { artifacts, buildroot } => (artifacts, buildroot),
    };
    if let Some(artifacts) = artifacts {
        let missing = |name: &&String| !by_name.contains_key(*name) && !is_debug(name);
        let packages: Vec<String> = artifacts.iter().filter(missing).cloned().collect();
        if !packages.is_empty() {
            return Err(ModulesProblem::Missing { packages });
        }
        by_name.retain(|name, _| artifacts.contains(name));
    }
    Ok((by_name.into_values().collect(), buildroot))
}

/// A package with its facts, out of its own header.
fn offered(package: &Package, path: PathBuf) -> Result<OfferedPackage, ModulesProblem> {
    let facts = match read_facts(&path) {
        Ok(facts) => facts,
        Err(RpmReadError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(ModulesProblem::FileGone { path });
        }
        Err(error) => return Err(ModulesProblem::Rpm(error)),
    };
    if facts.nevra() != package.nevra {
        return Err(ModulesProblem::Other { listed: package.nevra.clone(), found: facts.nevra() });
    }
    Ok(OfferedPackage { facts, path, checksum: package.checksum.to_string() })
}
