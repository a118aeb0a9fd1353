//! What it means to ask for a module build that is stored already.

use crate::build::{ModuleBuild, ModuleState};

/// What to do about a build that somebody wants to have built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It is built.
    Finished,
    /// It has been begun: drive it, or watch whoever does.
    GoOn,
    /// Tasks of its failure or cancel are still to be ended, by a driver; after that it can be resumed.
    Settle,
    /// It failed and can be resumed.
    Resume,
    /// It is retired and stays so.
    Retired,
}

impl Again {
    /// Decided by the state, and for a failed build by the tasks that still run.
    pub fn of(build: &ModuleBuild) -> Self {
        match build.state() {
            ModuleState::Init | ModuleState::Wait | ModuleState::Build => Self::GoOn,
            ModuleState::Failed if build.closing().is_empty() => Self::Resume,
            ModuleState::Failed => Self::Settle,
            ModuleState::Done | ModuleState::Ready => Self::Finished,
            ModuleState::Garbage => Self::Retired,
        }
    }
}
