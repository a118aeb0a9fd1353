//! Following the log of a build that another process drives.

use crate::error::CliError;
use crate::output::Step;
use chrono::TimeDelta;
use mbs_core::BuildId;
use mbs_core::build::{ModuleBuild, apply_entry};
use mbs_core::store::{Store, StoreError};
use std::sync::Arc;

/// How often a followed build is looked at.
pub(crate) const LOOK: TimeDelta = TimeDelta::milliseconds(300);

/// Entries read at a time.
const PAGE: u64 = 1000;

/// A build as far as its log has been read.
pub(crate) struct Tail {
    store: Arc<dyn Store>,
    build: ModuleBuild,
}

impl Tail {
    /// From where the build stands now.
    pub(crate) async fn new(store: Arc<dyn Store>, id: BuildId) -> Result<Self, CliError> {
        let build = store.load(id).await?;
        Ok(Self { store, build })
    }

    /// The build.
    pub(crate) fn build(&self) -> &ModuleBuild {
        &self.build
    }

    /// Reads what was written since, and returns what is worth showing.
    pub(crate) async fn look(&mut self) -> Result<Vec<Step>, CliError> {
        let mut steps = Vec::new();
        loop {
            let entries = self.store.history(self.build.id(), self.build.revision(), PAGE).await?;
            for entry in &entries {
                apply_entry(&mut self.build, entry)
                    .map_err(|source| StoreError::Damaged { build: self.build.id(), source })?;
                steps.extend(Step::of_entry(entry, &self.build));
            }
            if (entries.len() as u64) < PAGE {
                return Ok(steps);
            }
        }
    }

    /// Whether no work goes on and every task has ended.
    pub(crate) fn is_settled(&self) -> bool {
        !self.build.state().is_active() && self.build.closing().is_empty()
    }
}
