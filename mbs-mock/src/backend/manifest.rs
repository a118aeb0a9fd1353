//! What a finished attempt leaves behind.

use super::files::{FileError, read_json};
use crate::rpms::RpmFacts;
use mbs_core::Failure;
use mbs_core::build::BuiltComponent;
use mbs_core::builder::TaskState;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Name of the manifest in the folder of an attempt.
pub(super) const MANIFEST: &str = "manifest.json";

/// The form of manifests that this release writes.
const FORMAT: u32 = 1;

/// The end of an attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Version of this form.
    pub(super) format: u32,
    /// How it ended.
    pub(super) outcome: Outcome,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// Built, or taken from an earlier build; the packages lie beside the manifest under their standard file names.
    Complete {
        built: BuiltComponent,
        packages: Vec<RpmFacts>,
        /// The SHA-256 of each package, in the same order; empty in what earlier releases wrote.
        #[serde(default)]
        checksums: Vec<String>,
    },
    /// Failed.
    Failed(Failure),
    /// Ended on request.
    Canceled,
}

impl Manifest {
    pub(super) fn new(outcome: Outcome) -> Self {
        Self { format: FORMAT, outcome }
    }

    /// The manifest in the folder of an attempt; none if the attempt has not finished.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, FileError> {
        read_json(&folder.join(MANIFEST))
    }

    /// The state of the task.
    pub(super) fn state(&self) -> TaskState {
        match &self.outcome {
            Outcome::Complete { built, .. } => TaskState::Complete(built.clone()),
            Outcome::Failed(failure) => TaskState::Failed(failure.clone()),
            Outcome::Canceled => TaskState::Canceled,
        }
    }
}
