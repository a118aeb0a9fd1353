//! What is checked: cheap things after each write, everything at crashes and at the end.

use super::model::Model;
use super::trace::What;
use super::violation::Violation;
use super::world::{End, Shared, World};
use futures::FutureExt;
use mbs_core::BuildId;
use mbs_core::build::{Change, Event, LogEntry, ModuleState, replay};
use mbs_core::builder::RequestKey;
use mbs_core::bus::Message;
use mbs_core::plan::ComponentIx;
use mbs_core::store::{Append, Store};
use std::collections::BTreeMap;

impl World {
    /// A write is durable.
    pub(super) fn wrote(&mut self, driver: usize, appends: &[Append]) {
        for append in appends {
            for decided in &append.decided {
                let (component, attempt) = about(&decided.entry.event);
                self.note(What::Wrote {
                    driver,
                    build: append.build.0,
                    revision: decided.entry.revision,
                    event: decided.entry.event.name(),
                    component,
                    attempt,
                });
                let Some(model) = self.models.get_mut(&append.build) else { continue };
                if let Err(violation) = model.take(decided) {
                    self.broken(violation);
                    return;
                }
                self.ends_are_real(append.build, &decided.entry);
            }
            let Some(model) = self.models.get_mut(&append.build) else { continue };
            for seq in &append.done {
                model.pending.remove(seq);
            }
            if append.decided.is_empty() {
                for seq in &append.done {
                    self.note(What::Delivered { driver, build: append.build.0, seq: seq.0 });
                }
            }
            self.summary_is_true(append);
        }
        if appends.iter().any(|append| append.slots.is_some()) {
            self.limits_hold();
        }
    }

    /// What the log says of tasks and repositories is so in the world.
    fn ends_are_real(&mut self, build: BuildId, entry: &LogEntry) {
        for change in &entry.changes {
            match change {
                Change::Closed { component, attempt } => {
                    let live = self.task(build, *component, *attempt).is_some_and(|(live, _)| live);
                    self.must(!live, build, "an attempt is closed when its task has ended", || {
                        format!("attempt {attempt} of {component:?} lives")
                    });
                }
                Change::ComponentLost { component, .. } | Change::ComponentReleased { component } => {
                    let attempt = self.models[&build].parts[component.index()].attempt;
                    let task = self.task(build, *component, attempt);
                    let good = task.is_none_or(|(live, end)| !live && !matches!(end, End::Complete | End::Taken));
                    self.must(good, build, "no component is built twice without need", || {
                        format!("{component:?} waits again, but attempt {attempt} is {task:?}")
                    });
                }
                Change::ComponentBuilt { component, .. } => {
                    let attempt = self.models[&build].parts[component.index()].attempt;
                    let task = self.task(build, *component, attempt);
                    self.must(
                        matches!(task, Some((false, End::Complete | End::Taken))),
                        build,
                        "only what is built is complete",
                        || format!("attempt {attempt} of {component:?} is {task:?}"),
                    );
                }
                Change::Published => {
                    let model = &self.models[&build];
                    let repo = self.repos.get(&build);
                    let missing = model.parts.iter().enumerate().find(|(n, part)| {
                        let ix = ComponentIx(u32::try_from(*n).unwrap_or(u32::MAX));
                        let excluded = model.header.request.plan.components[*n].excluded.is_some();
                        let held = repo.and_then(|repo| repo.holds.get(&ix)).copied();
                        part.published && !excluded && held != Some(part.attempt)
                    });
                    let missing = missing.map(|(n, part)| (n, part.clone()));
                    self.must(missing.is_none(), build, "what is published is in the repository", || {
                        format!("{missing:?}")
                    });
                }
                _ => {}
            }
        }
    }

    /// Whether the task of an attempt lives, and how it ends.
    fn task(&self, build: BuildId, ix: ComponentIx, attempt: u32) -> Option<(bool, End)> {
        let component = self.models.get(&build)?.header.request.plan.components.get(ix.index())?.name.clone();
        let number = self.keys.get(&RequestKey { build, component, attempt })?;
        let task = self.tasks.get(usize::try_from(*number).ok()?)?;
        Some((task.ends > self.now(), task.end))
    }

    /// The query columns are what the log says: whoever wrote them has the same build in memory.
    fn summary_is_true(&mut self, append: &Append) {
        let Some(model) = self.models.get(&append.build) else { return };
        let summary = &append.summary;
        let seen = (summary.revision, summary.state, summary.running);
        let expected = (model.revision, model.state, model.running() as u64);
        self.must(seen == expected, append.build, "memory is what the log says", || {
            format!("{seen:?}, not {expected:?}")
        });
    }

    fn limits_hold(&mut self) {
        let limits = self.faults.limits;
        let mut owners: BTreeMap<_, usize> = BTreeMap::new();
        let mut total = 0;
        let mut worst = (0, BuildId(0));
        for model in self.models.values() {
            let running = model.running();
            total += running;
            *owners.entry(model.header.owner.clone()).or_default() += running;
            worst = worst.max((running, model.id()));
        }
        let owner = owners.values().copied().max().unwrap_or(0);
        let within = |n: usize, limit: Option<usize>| limit.is_none_or(|limit| n <= limit);
        let good =
            within(worst.0, limits.per_build) && within(owner, limits.per_owner) && within(total, limits.per_backend);
        self.must(good, worst.1, "no more components run than the limits allow", || {
            format!("{} in one build, {owner} of one owner, {total} in all, with {limits:?}", worst.0)
        });
    }

    /// A message has arrived.
    pub(super) fn published(&mut self, message: &Message) {
        let number = message.id.split_once('-').and_then(|(_, seq)| seq.parse().ok()).unwrap_or(0);
        let Some(model) = self.models.get_mut(&message.build) else { return };
        let next = model.messages.get(model.arrived).map(|seq| seq.0);
        let again = model.messages[..model.arrived].iter().any(|seq| seq.0 == number);
        if next == Some(number) {
            model.arrived += 1;
        }
        let build = message.build;
        self.note(What::Message { build: build.0, seq: number, again });
        self.must(again || next == Some(number), build, "messages go out in their order, after their state", || {
            format!("message {number} instead of {next:?}")
        });
    }
}

/// The component and attempt of an event.
fn about(event: &Event) -> (u32, u32) {
    match event {
        Event::TaskAccepted { component, attempt, .. }
        | Event::ComponentCompleted { component, attempt, .. }
        | Event::ComponentFailed { component, attempt, .. }
        | Event::TaskLost { component, attempt, .. }
        | Event::TaskGivenUp { component, attempt, .. }
        | Event::Interrupted { component, attempt }
        | Event::TaskClosed { component, attempt } => (component.0, *attempt),
        _ => (0, 0),
    }
}

impl Shared {
    /// Compares store, log and model of every build.
    pub(super) fn check_all(&self) {
        let mut world = self.lock();
        if world.violation.is_some() {
            return;
        }
        let result = world.models.values().try_for_each(|model| self.check_one(model));
        if let Err(violation) = result {
            world.broken(violation);
        }
    }

    fn check_one(&self, model: &Model) -> Result<(), Violation> {
        let id = model.id();
        let rule = "the log rebuilds the state";
        let bad = |detail: String| Violation::new(id, rule, detail);
        let now = |what: &'static str| bad(format!("the memory store waits in `{what}`"));
        let log = self.store.history(id, 0, u64::MAX).now_or_never().ok_or_else(|| now("history"))?;
        let current = self.store.load(id).now_or_never().ok_or_else(|| now("load"))?;
        let pending = self.store.pending(id).now_or_never().ok_or_else(|| now("pending"))?;
        let (log, current) = (log.map_err(|e| bad(e.to_string()))?, current.map_err(|e| bad(e.to_string()))?);
        let pending = pending.map_err(|e| bad(e.to_string()))?;
        let rebuilt = replay(log).map_err(|e| bad(e.to_string()))?;
        if rebuilt != current {
            return Err(bad(format!("{rebuilt:?}\n is not \n{current:?}")));
        }
        model.compare(&rebuilt)?;
        let waiting = pending.iter().map(|stored| (&stored.seq, &stored.effect.kind));
        if !waiting.clone().eq(model.pending.iter()) {
            let seen: Vec<_> = waiting.collect();
            return Err(Violation::new(id, "no effect is lost", format!("{seen:?}, expected {:?}", model.pending)));
        }
        Ok(())
    }

    /// What holds when everything is over.
    pub(super) fn check_end(&self) {
        self.check_all();
        let mut world = self.lock();
        let ids: Vec<BuildId> = world.models.keys().copied().collect();
        for id in ids {
            let model = &world.models[&id];
            let (state, scratch) = (model.state, model.header.scratch);
            let (arrived, messages) = (model.arrived, model.messages.len());
            let complete = model.parts.iter().all(|part| part.published);
            let finished = world.repos.get(&id).is_some_and(|repo| repo.finished);
            let live = world.tasks.iter().any(|task| task.key.build == id && task.ends > world.now());
            let last = if scratch { ModuleState::Done } else { ModuleState::Ready };
            let good = match state {
                ModuleState::Done | ModuleState::Ready => complete && finished && state == last,
                ModuleState::Failed | ModuleState::Garbage => true,
                ModuleState::Init | ModuleState::Wait | ModuleState::Build => false,
            };
            world.must(good, id, "every build ends", || format!("{state}, complete {complete}, finished {finished}"));
            world.must(arrived == messages, id, "no message is lost", || format!("{arrived} of {messages} arrived"));
            world.must(!live, id, "nothing runs for a build that is over", || state.to_string());
        }
    }
}
