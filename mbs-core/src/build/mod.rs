//! Module builds: what they are, what can happen to them, and what follows from it.
//!
//! Everything here is pure: no clock, no store, no task is reached from here. [`crate::drive`] does the waiting.

mod admit;
mod apply;
mod backoff;
mod change;
mod component;
mod effect;
mod event;
mod index;
mod module_build;
mod request;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod transitions;

pub use admit::{Grant, Limits, Running, Turn, WaitingBuild, admit};
pub(crate) use apply::check_components;
pub use apply::{LogEntry, ReplayError, apply, apply_entry, replay};
pub use backoff::backoff;
pub use change::Change;
pub use component::ComponentBuild;
pub use effect::{Effect, EffectKind, EffectSeq, StoredEffect};
pub use event::{BuiltComponent, Event, TaskId};
pub use module_build::{ModuleBuild, Publishing, Scope};
pub use request::{BuildHeader, BuildOptions, BuildRequest, BuiltAgainst, CustomSrpm, NewBuild, SourceRef};
pub use state::{ComponentState, ModuleState};
pub use step::{Decided, IllegalEvent, Step, decide, step, submitted};
pub use transitions::{SampleError, transition_table};
