//! What a build has to look like, worked out from the changes that were written and by rules of its own.

use super::violation::Violation;
use mbs_core::BuildId;
use mbs_core::build::{
    BuildHeader, Change, ComponentState, Decided, Effect, EffectKind, EffectSeq, Event, LogEntry, ModuleBuild,
    ModuleState,
};
use mbs_core::plan::{ComponentIx, Order};
use std::collections::{BTreeMap, BTreeSet};

/// One component.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) state: ComponentState,
    pub(super) attempt: u32,
    pub(super) published: bool,
}

/// One build.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) header: BuildHeader,
    pub(super) revision: u64,
    pub(super) state: ModuleState,
    pub(super) parts: Vec<Part>,
    pub(super) closing: BTreeSet<(ComponentIx, u32)>,
    /// Effects that wait.
    pub(super) pending: BTreeMap<EffectSeq, EffectKind>,
    /// All messages so far, in their order.
    pub(super) messages: Vec<EffectSeq>,
    /// How many of them have arrived.
    pub(super) arrived: usize,
    publishing: Vec<ComponentIx>,
    needs: Vec<Vec<ComponentIx>>,
}

type Checked = Result<(), Violation>;

impl Model {
    pub(super) fn new(header: BuildHeader) -> Self {
        let plan = &header.request.plan;
        let parts = plan
            .components
            .iter()
            .map(|spec| match spec.excluded {
                Some(_) => Part { state: ComponentState::Complete, attempt: 0, published: true },
                None => Part { state: ComponentState::Waiting, attempt: 0, published: false },
            })
            .collect();
        let needs = plan.indices().map(|ix| needs(&header, ix)).collect();
        let first = [EffectSeq::new(1, 0), EffectSeq::new(1, 1)];
        let announce = EffectKind::AnnounceModule { state: ModuleState::Init, reason: None };
        Self {
            revision: 1,
            state: ModuleState::Init,
            parts,
            closing: BTreeSet::new(),
            pending: BTreeMap::from([(first[0], announce), (first[1], EffectKind::ResolveSources)]),
            messages: vec![first[0]],
            arrived: 0,
            publishing: Vec::new(),
            needs,
            header,
        }
    }

    pub(super) fn id(&self) -> BuildId {
        self.header.id
    }

    fn broken(&self, rule: &'static str, detail: impl Into<String>) -> Violation {
        Violation::new(self.id(), rule, detail)
    }

    fn must(&self, holds: bool, rule: &'static str, detail: impl FnOnce() -> String) -> Checked {
        if holds { Ok(()) } else { Err(self.broken(rule, detail())) }
    }

    /// What must be in the repository before a component starts.
    pub(super) fn needs(&self, ix: ComponentIx) -> &[ComponentIx] {
        &self.needs[ix.index()]
    }

    pub(super) fn running(&self) -> usize {
        // What is taken from an earlier build holds no slot.
        let reuse = &self.header.request.reuse;
        let builds = |ix: &ComponentIx| reuse.component(*ix).is_none();
        let running = |ix: &ComponentIx| self.parts[ix.index()].state == ComponentState::Building;
        self.header.request.plan.indices().filter(running).filter(builds).count()
    }

    pub(super) fn is_current(&self, ix: ComponentIx, attempt: u32) -> bool {
        let part = &self.parts[ix.index()];
        part.state == ComponentState::Building && part.attempt == attempt
    }

    /// Whether nothing is left to do.
    pub(super) fn is_settled(&self) -> bool {
        !self.state.is_active() && self.closing.is_empty() && self.pending.is_empty()
    }

    /// Takes in a log entry with its effects.
    pub(super) fn take(&mut self, decided: &Decided) -> Checked {
        let Decided { entry, effects, withdraw } = decided;
        self.must(entry.revision == self.revision + 1, "log entries are numbered without gap", || {
            format!("{} follows {}", entry.revision, self.revision)
        })?;
        self.revision = entry.revision;
        self.announced(entry, effects)?;
        for change in &entry.changes {
            self.change(&entry.event, change)?;
        }
        if matches!(entry.event, Event::CancelAsked { .. }) {
            self.must(self.state == ModuleState::Failed, "a cancel ends the build at once", || self.state.to_string())?;
        }
        if *withdraw {
            self.pending.retain(|_, kind| !kind.is_withdrawable());
        }
        for (n, effect) in effects.iter().enumerate() {
            let seq = EffectSeq::new(entry.revision, n);
            if effect.kind.is_message() {
                self.messages.push(seq);
            }
            self.pending.insert(seq, effect.kind.clone());
        }
        Ok(())
    }

    /// Every change of a state is announced, in the same order, and nothing else is.
    fn announced(&self, entry: &LogEntry, effects: &[Effect]) -> Checked {
        let mut told = effects.iter().filter(|effect| effect.kind.is_message());
        let component = |component: &ComponentIx, state| EffectKind::AnnounceComponent { component: *component, state };
        let rule = "every change of state is announced in order";
        for change in &entry.changes {
            let expected = match change {
                Change::StateSet { state, reason, .. } => {
                    EffectKind::AnnounceModule { state: *state, reason: reason.clone() }
                }
                Change::ComponentStarted { component: ix, .. } => component(ix, ComponentState::Building),
                Change::ComponentBuilt { component: ix, .. } => component(ix, ComponentState::Complete),
                Change::ComponentFailed { component: ix, .. } => component(ix, ComponentState::Failed),
                Change::ComponentClosing { component: ix, .. } => component(ix, ComponentState::Canceled),
                _ => continue,
            };
            let found = told.next().map(|effect| &effect.kind);
            self.must(found == Some(&expected), rule, || format!("{found:?} instead of {expected:?}"))?;
        }
        let more = told.next();
        self.must(more.is_none(), rule, || format!("{more:?} tells of nothing"))
    }

    fn change(&mut self, event: &Event, change: &Change) -> Checked {
        let over = !self.state.is_active();
        let resumes = matches!(event, Event::ResumeAsked { .. });
        let allowed = match change {
            // What states may follow is checked below.
            Change::StateSet { .. } | Change::Attached { .. } | Change::Closed { .. } | Change::StrayClosing { .. } => {
                true
            }
            Change::Resumed => resumes && self.state == ModuleState::Failed && self.closing.is_empty(),
            _ => !over,
        };
        self.must(allowed, "a finished build only changes by resume, retire or the end of its tasks", || {
            format!("{change:?} in state {}", self.state)
        })?;
        match change {
            Change::StateSet { state, .. } => {
                self.must(enters(self.state, *state, event), "module states follow each other as they should", || {
                    format!("{} to {state} by {}", self.state, event.name())
                })?;
                self.state = *state;
            }
            Change::ComponentStarted { component, attempt } => self.started(*component, *attempt)?,
            Change::ComponentBuilt { component, .. } => self.leaves(*component, ComponentState::Complete)?,
            Change::ComponentFailed { component, .. } => self.leaves(*component, ComponentState::Failed)?,
            Change::ComponentLost { component, .. } | Change::ComponentReleased { component } => {
                self.leaves(*component, ComponentState::Waiting)?;
            }
            Change::ComponentClosing { component, attempt } => {
                self.leaves(*component, ComponentState::Canceled)?;
                self.closing.insert((*component, *attempt));
            }
            Change::StrayClosing { component, attempt } => {
                self.closing.insert((*component, *attempt));
            }
            Change::Closed { component, attempt } => {
                self.closing.remove(&(*component, *attempt));
            }
            Change::PublishStarted { components, .. } => {
                for ix in components {
                    let part = &self.parts[ix.index()];
                    let good = part.state == ComponentState::Complete && !part.published;
                    self.must(good, "only what is built is published, and once", || format!("{ix:?} {part:?}"))?;
                }
                self.publishing.clone_from(components);
            }
            Change::Published => {
                for ix in std::mem::take(&mut self.publishing) {
                    self.parts[ix.index()].published = true;
                }
            }
            Change::PublishAbandoned => self.publishing.clear(),
            Change::Resumed => {
                for part in &mut self.parts {
                    if part.state != ComponentState::Complete {
                        part.state = ComponentState::Waiting;
                    }
                }
            }
            Change::Created { .. }
            | Change::Attached { .. }
            | Change::SourcesRecorded { .. }
            | Change::BatchStarted { .. }
            | Change::ComponentTask { .. }
            | Change::PublishTagged
            | Change::FinalizeStarted => {}
        }
        Ok(())
    }

    fn started(&mut self, ix: ComponentIx, attempt: u32) -> Checked {
        let part = &self.parts[ix.index()];
        let fresh = part.state == ComponentState::Waiting && attempt == part.attempt + 1;
        self.must(fresh && self.state == ModuleState::Build, "no component is built twice without need", || {
            format!("attempt {attempt} of {ix:?}, which is {part:?}")
        })?;
        let missing = self.needs(ix).iter().find(|need| !self.parts[need.index()].published);
        self.must(missing.is_none(), "no component starts before what it needs is in the repository", || {
            format!("{ix:?} starts without {missing:?}")
        })?;
        let part = &mut self.parts[ix.index()];
        part.state = ComponentState::Building;
        part.attempt = attempt;
        Ok(())
    }

    fn leaves(&mut self, ix: ComponentIx, to: ComponentState) -> Checked {
        let part = &mut self.parts[ix.index()];
        let from = std::mem::replace(&mut part.state, to);
        self.must(from == ComponentState::Building, "only running components end", || format!("{ix:?} {from} to {to}"))
    }

    /// Compares with a build as the engine sees it.
    pub(super) fn compare(&self, build: &ModuleBuild) -> Checked {
        let rule = "the log rebuilds the state";
        self.must(build.revision() == self.revision && build.state() == self.state, rule, || {
            format!("revision {} {}, expected {} {}", build.revision(), build.state(), self.revision, self.state)
        })?;
        self.must(*build.closing() == self.closing, rule, || format!("closing {:?}", build.closing()))?;
        for (ix, _, component) in build.components() {
            let part = &self.parts[ix.index()];
            let same = component.state == part.state
                && component.attempt == part.attempt
                && component.published == part.published;
            self.must(same, rule, || format!("{ix:?}: {component:?}, expected {part:?}"))?;
        }
        Ok(())
    }
}

/// Whether an event may lead from one state of a module to another.
fn enters(from: ModuleState, to: ModuleState, event: &Event) -> bool {
    use ModuleState::{Build, Done, Failed, Garbage, Init, Ready, Wait};
    match (from, to) {
        (Init, Wait) => matches!(event, Event::SourcesResolved { .. }),
        (Wait, Build) => matches!(event, Event::BuildrootReady),
        (Build, Done) | (Done, Ready) => matches!(event, Event::Finalized),
        (Init | Wait | Build, Failed) => true,
        (Failed, Init | Wait) => matches!(event, Event::ResumeAsked { .. }),
        (Failed | Done | Ready, Garbage) => matches!(event, Event::Retired { .. }),
        _ => false,
    }
}

/// What a component needs, by the definition.
fn needs(header: &BuildHeader, ix: ComponentIx) -> Vec<ComponentIx> {
    let plan = &header.request.plan;
    let own = &plan.components[ix.index()];
    let mut needed = BTreeSet::new();
    match plan.order {
        Order::Batches => {
            needed.extend(plan.indices().filter(|other| plan.components[other.index()].batch < own.batch));
        }
        Order::Graph => {
            if ix != ComponentIx::MACROS {
                needed.insert(ComponentIx::MACROS);
            }
            let mut open = own.after.clone();
            while let Some(next) = open.pop() {
                if needed.insert(next) {
                    open.extend(&plan.components[next.index()].after);
                }
            }
        }
    }
    needed.into_iter().collect()
}
