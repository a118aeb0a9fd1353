//! People: they cancel, resume and retire builds through the store, without a lease, as a command line does.

use super::trace::What;
use super::world::{DRIVERS, Shared};
use futures::FutureExt;
use mbs_core::BuildId;
use mbs_core::build::{Event, ModuleState, decide};
use mbs_core::clock::Clock;
use mbs_core::store::{Append, BuildSummary, Store};

/// The number under which people appear in the trace.
const PEOPLE: usize = DRIVERS;

impl Shared {
    /// Asks for something; false if it is refused.
    pub(super) fn operate(&self, id: BuildId, event: Event) -> bool {
        let what = event.name();
        let done = self.try_operate(id, event).is_some();
        self.lock().note(What::Operator { build: id.0, what, done });
        done
    }

    fn try_operate(&self, id: BuildId, event: Event) -> Option<()> {
        let mut build = self.store.load(id).now_or_never()?.ok()?;
        let expected_revision = build.revision();
        let decided = decide(&mut build, event, self.clock.now()).ok()??;
        let append = Append {
            build: id,
            expected_revision,
            fence: None,
            decided: vec![decided],
            done: Vec::new(),
            slots: None,
            summary: BuildSummary::of(&build),
        };
        self.store.append(std::slice::from_ref(&append)).now_or_never()?.ok()?;
        self.lock().wrote(PEOPLE, &[append]);
        Some(())
    }

    /// Somebody does something to some build.
    pub(super) fn meddle(&self) {
        let (id, state, draw) = {
            let mut world = self.lock();
            let ids: Vec<BuildId> = world.models.keys().copied().collect();
            let id = ids[world.rng.usize(..ids.len())];
            (id, world.models[&id].state, world.rng.u8(..))
        };
        let by = || "ann".to_owned();
        // Mostly what makes sense, sometimes what is refused.
        let event = match (state, draw) {
            (_, 0..10) => Event::Retired { reason: "not wanted".into() },
            (_, 10..20) | (ModuleState::Failed, 30..) => Event::ResumeAsked { by: by() },
            (_, 20..30) | (ModuleState::Init | ModuleState::Wait | ModuleState::Build, 30..90) => {
                Event::CancelAsked { by: by() }
            }
            (ModuleState::Ready | ModuleState::Done, 30..50) => Event::Retired { reason: "replaced".into() },
            _ => return,
        };
        self.operate(id, event);
    }
}
