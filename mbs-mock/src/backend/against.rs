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
    pub(super) modules: Vec<OfferedModule>,
}

impl Against {
    /// Reads the repositories of all modules, and keeps what they offer. What is kept already stays, so that components
    /// see the same before and after an interruption.
    pub(super) fn connect(
        layout: &Layout,
        module: &ModuleContext,
        remote: Option<&Remote>,
    ) -> Result<Self, AgainstError> {
        let picks: Vec<&BuiltAgainst> = module.built_against.iter().filter(|one| !one.base).collect();
        let kept = Self::read(layout, module.build)?;
        let is_same = kept.modules.len() == picks.len()
            && kept.modules.iter().zip(&picks).all(|(offered, pick)| offered.is_of(pick))
            && kept.modules.iter().flat_map(|offered| &offered.packages).all(|package| package.path.is_file());
        if is_same {
            return Ok(kept);
        }
        let modules = picks.into_iter().map(|pick| offered_module(pick, &module.arch, remote));
        let new = Self { format: FORMAT, modules: modules.collect::<Result<_, _>>()? };
        write_json(&layout.modules(module.build), &new)?;
        Ok(new)
    }

    /// What is kept of a build; nothing before the first connection.
    pub(super) fn read(layout: &Layout, build: BuildId) -> Result<Self, FileError> {
        Ok(read_json(&layout.modules(build))?.unwrap_or(Self { format: FORMAT, modules: Vec::new() }))
    }
}
