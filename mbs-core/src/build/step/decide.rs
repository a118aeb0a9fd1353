//! One event with everything that follows from it, as one log entry.

use super::decision::{IllegalEvent, Step};
use super::dispatch::step;
use crate::build::apply::{LogEntry, apply, seal};
use crate::build::change::Change;
use crate::build::effect::{Effect, EffectKind};
use crate::build::event::Event;
use crate::build::module_build::ModuleBuild;
use crate::build::request::BuildHeader;
use crate::build::state::ModuleState;
use chrono::{DateTime, Utc};

/// A decision ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The log entry.
    pub entry: LogEntry,
    /// The effects, in order.
    pub effects: Vec<Effect>,
    /// Whether undelivered effects of earlier entries are withdrawn, see [`Step::withdraw`].
    pub withdraw: bool,
}

/// Decides an event, applies it to the build in memory, and goes on with [`Event::Advance`] until nothing follows.
///
/// Returns none if the event changes nothing; nothing has to be written then. If the write fails afterwards, the build in
/// memory is ahead of its log and has to be loaded again.
///
/// # Errors
/// [`IllegalEvent`]; the build is unchanged then.
pub fn decide(build: &mut ModuleBuild, event: Event, now: DateTime<Utc>) -> Result<Option<Decided>, IllegalEvent> {
    let first = step(build, event.clone(), now)?;
    let mut changes = Vec::new();
    let mut effects = Vec::new();
    let mut withdraw = false;
    let mut take = |build: &mut ModuleBuild, step: Step| {
        for change in &step.changes {
            apply(build, change);
        }
        changes.extend(step.changes);
        if step.withdraw {
            // What the same decision asked for before it failed the module is withdrawn with the rest.
            effects.retain(|effect: &Effect| !effect.kind.is_withdrawable());
        }
        withdraw |= step.withdraw;
        effects.extend(step.effects);
    };
    take(build, first);
    loop {
        let next = step(build, Event::Advance, now)?;
        if next.is_empty() {
            break;
        }
        take(build, next);
    }
    if changes.is_empty() && effects.is_empty() {
        return Ok(None);
    }
    let entry = LogEntry { revision: build.revision() + 1, time: now, event, changes };
    seal(build, now);
    Ok(Some(Decided { entry, effects, withdraw }))
}

/// The first log entry of a build and its effects, from the head that a store made for it.
///
/// A build that was made elsewhere is ready at once. The world is not told of it, as the original does not tell: nothing of
/// it waits for a driver.
pub fn submitted(header: BuildHeader) -> (ModuleBuild, Decided) {
    let now = header.submitted;
    let mut build = ModuleBuild::created(header.clone());
    let imported = header.request.imported;
    let mut changes = vec![Change::Created { header: Box::new(header) }];
    let (event, effects) = if imported {
        changes.push(Change::StateSet { state: ModuleState::Ready, reason: None, blame: None, log: None });
        (Event::Imported, Vec::new())
    } else {
        let init = EffectKind::AnnounceModule { state: ModuleState::Init, reason: None };
        let effects = [init, EffectKind::ResolveSources].map(|kind| Effect { due: now, kind });
        (Event::Submitted, effects.into())
    };
    for change in &changes {
        apply(&mut build, change);
    }
    seal(&mut build, now);
    let entry = LogEntry { revision: 1, time: now, event, changes };
    (build, Decided { entry, effects, withdraw: false })
}
