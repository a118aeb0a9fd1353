//! The modules that a build is built against, as all its components see them.

use super::files::{FileError, read_json, write_json};
use super::layout::Layout;
use crate::modules::{ModulesError, OfferedModule, Remote, offered_module};
use mbs_core::build::BuiltAgainst;
use mbs_core::builder::ModuleContext;
use mbs_core::{BuildId, Failure};
use serde::{Deserialize, Serialize};

/// The form that this release writes.
const FORMAT: u32 = 1;

/// Why it cannot be told what the modules offer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AgainstError {
    #[error(transparent)]
    Modules(#[from] ModulesError),
    #[error(transparent)]
    File(#[from] FileError),
}

impl AgainstError {
    pub(super) fn failure(&self) -> Failure {
        match self {
            Self::Modules(error) => Failure { blame: error.blame(), reason: error.to_string(), log: None },
            Self::File(error) => Failure::infra(error.to_string()),
        }
    }
}

/// The modules that a build is built against.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Against {
    format: u32,
    /// Digest of the platform; none if the build was begun on another one.
    pub(super) platform: Option<String>,
    pub(super) modules: Vec<OfferedModule>,
}

impl Against {
    /// Reads the repositories of all modules, and keeps what they offer. What is kept already stays, so that components
    /// see the same before and after an interruption.
    pub(super) fn connect(
        layout: &Layout,
        module: &ModuleContext,
        platform: &str,
        remote: Option<&Remote>,
    ) -> Result<(), AgainstError> {
        let picks: Vec<&BuiltAgainst> = module.built_against.iter().filter(|one| !one.base).collect();
        let kept = Self::read(layout, module.build)?;
        let was_here = kept.as_ref().is_none_or(|kept| kept.platform.as_deref() == Some(platform));
        let platform = was_here.then(|| platform.to_owned());
        let new = match kept {
            Some(kept) if kept.is_of(&picks) && kept.platform == platform => return Ok(()),
            Some(kept) if kept.is_of(&picks) => Self { platform, ..kept },
            _ => {
                let modules = picks.into_iter().map(|pick| offered_module(pick, &module.arch, remote));
                Self { format: FORMAT, platform, modules: modules.collect::<Result<_, _>>()? }
            }
        };
        Ok(write_json(&layout.modules(module.build), &new)?)
    }

    /// Whether this is about these modules, and their packages are still there.
    fn is_of(&self, picks: &[&BuiltAgainst]) -> bool {
        self.modules.len() == picks.len()
            && self.modules.iter().zip(picks).all(|(offered, pick)| offered.is_of(pick))
            && self.modules.iter().flat_map(|offered| &offered.packages).all(|package| package.path.is_file())
    }

    /// What is kept of a build; none before the first connection.
    pub(super) fn read(layout: &Layout, build: BuildId) -> Result<Option<Self>, FileError> {
        read_json(&layout.modules(build))
    }
}
