//! What an explanation holds.

use super::reason::LeftReason;
use crate::build::ModuleState;
use crate::resolve::conflict::Conflict;
use crate::{Context, ModuleName, Nsvc};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Why an expansion came out as it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Version of this form: 1.
    pub form: u32,
    /// The document, as `name:stream` as far as it says that.
    pub document: String,
    /// The builds that it expands to, in the order of [`super::super::Expansion::results`]; none if that failed.
    pub results: Vec<ResultNote>,
    /// Every module that was looked at, by name, with every build that is known of it.
    pub modules: Vec<ModuleNote>,
    /// What the submitter should know of.
    pub warnings: Vec<WarningNote>,
    /// Why there is no result; none if there is one.
    pub failure: Option<FailureNote>,
}

/// One build to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultNote {
    /// Number of the dependency block, from 1.
    pub block: usize,
    /// Context of the build.
    pub context: Context,
    /// What it is built against, by name.
    pub picks: Vec<PickNote>,
}

/// Something that is built against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PickNote {
    /// The build.
    pub build: Nsvc,
    /// Whether the document build-requires it.
    pub direct: bool,
    /// Who requires it, starting with something that the document build-requires; empty if the document does itself.
    pub required_by: Vec<Nsvc>,
    /// What it requires of the others that are built against.
    pub requires: Vec<Nsvc>,
}

/// A module that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleNote {
    /// Its name.
    pub name: ModuleName,
    /// Its builds: by stream, then the newest first.
    pub builds: Vec<BuildNote>,
}

/// A build with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildNote {
    /// The build.
    pub build: Nsvc,
    /// Its state.
    pub state: ModuleState,
    /// The results that take it, as places in [`Explanation::results`].
    pub taken: Vec<usize>,
    /// Why the others do not; one entry without places if there are no results.
    pub left: Vec<LeftNote>,
}

/// Why a build was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftNote {
    /// Stable code of the reason.
    pub code: Cow<'static, str>,
    /// The reason.
    pub reason: LeftReason,
    /// The reason as a sentence that goes on after the build.
    pub text: String,
    /// The results for which that holds, as places in [`Explanation::results`].
    pub results: Vec<usize>,
}

/// A warning of the expansion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningNote {
    /// Its stable code.
    pub code: Cow<'static, str>,
    /// What it says.
    pub text: String,
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureNote {
    /// Stable code of the error.
    pub code: Cow<'static, str>,
    /// The error in one line.
    pub message: String,
    /// Everything that has to be changed.
    pub problems: Vec<ProblemNote>,
    /// The conflicts in these, for drawing.
    pub conflicts: Vec<Conflict>,
}

/// One thing that has to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemNote {
    /// Number of the dependency block, from 1; none if it is not about one.
    pub block: Option<usize>,
    /// From what the packager wrote to what cannot be: each is the reason of the next one.
    pub causes: Vec<String>,
    /// What the packager can change.
    pub change: String,
}
