//! What a submission comes to.

use crate::build::NewBuild;
use crate::identity::Contexts;
use crate::modulemd::ModuleStream;
use crate::resolve::Pick;
use crate::{ComponentName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that was accepted, but that the submitter should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// What it is.
    pub message: String,
}

/// Everything that one document is built as. Stored as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Submissions {
    /// The builds, in the order of the expansion.
    pub builds: Vec<PlannedBuild>,
    /// What the submitter should know of.
    pub warnings: Vec<Warning>,
}

impl Submissions {
    /// Adds what another document of the submission comes to.
    ///
    /// Two builds with the same identity are the same build for the original, which makes the first and skips the
    /// second; scratch builds get numbers of their own and are all made.
    pub fn append(&mut self, other: Self) {
        let of_build = |build: &PlannedBuild| build.new.nsvc.clone();
        let mut made: BTreeSet<Nsvc> = self.builds.iter().map(of_build).collect();
        for build in other.builds {
            if !made.insert(of_build(&build)) && !build.new.scratch {
                let message = format!("several dependency blocks come to build `{}`; it is made once", build.new.nsvc);
                self.warnings.push(Warning { code: "MB0002", message });
            } else {
                self.builds.push(build);
            }
        }
        for warning in other.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
    }

    /// Notes how long components took in earlier builds of the module, in milliseconds.
    pub fn set_measured(&mut self, measured: &BTreeMap<ComponentName, u64>) {
        for build in &mut self.builds {
            for component in &mut Arc::make_mut(&mut build.new.request).plan.components {
                component.measured_ms = measured.get(&component.name).copied();
            }
        }
    }
}

/// One build of a submission.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedBuild {
    /// The build, as it can be stored.
    pub new: NewBuild,
    /// The context hashes.
    pub contexts: Contexts,
    /// The dependency block that was solved, from 0.
    pub block: usize,
    /// What it is built against, by name.
    pub picks: Vec<Pick>,
    /// The document, as the request holds it as text.
    pub document: ModuleStream,
}
