//! What is installed for a build: the module's own packages that it may see and needs.

use super::files::FileError;
use super::layout::Layout;
use super::manifest::{Manifest, Outcome};
use super::registry::{Kind, Registry};
use crate::deps::{Capability, Closure, Requirement, RequirementError, Universe, UniverseError, Unresolvable, closure};
use crate::host::HostProvides;
use crate::rpms::{RpmFacts, RpmReadError, read_facts};
use mbs_core::BuildId;
use mbs_core::build::Scope;
use mbs_core::builder::RequestKey;
use std::collections::HashMap;
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
                    let exact = Capability::equal(package.name.as_str(), &package.evr());
                    always.push(Requirement::One(exact));
                }
                facts.push(Arc::new(package));
            }
        }
        Ok(Self { universe: Universe::new(facts)?, paths, always })
    }

    /// What has to be installed so that everything that `source` requires is there.
    pub(super) fn closure(&self, source: &Path, host: &HostProvides) -> Result<Closure, BuildrootError> {
        let mut wanted = self.always.clone();
        wanted.extend(Requirement::from_relations(&read_facts(source)?.requires)?);
        Ok(closure(&wanted, &self.universe, host)?)
    }

    /// The package files of a closure.
    pub(super) fn files(&self, closure: &Closure) -> Vec<&Path> {
        closure.rpms().filter_map(|facts| self.paths.get(&facts.nevra())).map(PathBuf::as_path).collect()
    }
}
