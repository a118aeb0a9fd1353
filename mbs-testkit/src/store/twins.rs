//! Two stores, one story.

use super::events::any_event;
use super::session::check_projections;
use crate::fixture::{self, moment, new_build, new_build_after};
use fastrand::Rng;
use mbs_core::build::{BuildRequest, Event, ModuleBuild, NewBuild, decide};
use mbs_core::store::{Append, BuildQuery, BuildSummary, Page, Store, SubmitPart};
use mbs_core::{BuildId, Version};
use std::sync::Arc;

/// Does `steps` random things to both stores, which must be empty, and compares their answers after each and everything
/// they hold in the end. The same seed does the same things.
pub async fn stay_equal(left: &dyn Store, right: &dyn Store, seed: u64, steps: u32) {
    let mut rng = Rng::with_seed(seed);
    let mut builds: Vec<BuildId> = Vec::new();
    for step in 1..=steps {
        let at = format!("seed {seed}, step {step}");
        let now = i64::from(step);
        let kind = rng.u32(..100);
        if builds.is_empty() || kind < 8 {
            let new: Vec<_> = (0..rng.usize(1..3)).map(|_| any_build(&mut rng)).collect();
            let (l, r) = (left.create(&new, moment(now)).await, right.create(&new, moment(now)).await);
            assert_eq!(format!("{l:?}"), format!("{r:?}"), "{at}");
            builds.extend(l.into_iter().flatten().map(|created| created.header.id));
        } else if kind < 12 {
            let build = builds[rng.usize(..builds.len())];
            let (l, r) = (left.remove(build).await, right.remove(build).await);
            assert_eq!(format!("{l:?}"), format!("{r:?}"), "{at}");
            if l.is_ok() {
                builds.retain(|other| *other != build);
            }
        } else if kind < 16 {
            let build = left.load(builds[rng.usize(..builds.len())]).await.expect("the build exists");
            let parts = any_submission(left, build, &mut rng, now).await;
            let (l, r) = (left.submit(&parts, moment(now)).await, right.submit(&parts, moment(now)).await);
            assert_eq!(format!("{l:?}"), format!("{r:?}"), "{at}");
            if let Ok(created) = l {
                builds.extend(created.iter().map(|created| created.header.id));
                builds.retain(|id| {
                    !parts.iter().any(|part| matches!(part, SubmitPart::Replace { old, .. } if old == id))
                });
            }
        } else if kind < 24 {
            let build = builds[rng.usize(..builds.len())];
            let waiting = left.pending(build).await.expect("the build exists");
            if let Some(effect) = rng.choice(&waiting) {
                let due = moment(now + rng.i64(-5..50));
                let fence = u64::from(rng.u32(..8) == 0);
                let failures = rng.u32(..9);
                let l = left.defer(build, effect.seq, fence, due, failures).await;
                let r = right.defer(build, effect.seq, fence, due, failures).await;
                assert_eq!(format!("{l:?}"), format!("{r:?}"), "{at}");
            }
        } else {
            let mut writes = Vec::new();
            for _ in 0..rng.usize(1..4) {
                let build = builds[rng.usize(..builds.len())];
                let build = left.load(build).await.expect("the build exists");
                writes.extend(any_write(left, build, &mut rng, now).await);
            }
            let (l, r) = (left.append(&writes).await, right.append(&writes).await);
            assert_eq!(format!("{l:?}"), format!("{r:?}"), "{at}");
        }
        let time = moment(rng.i64(0..now + 10));
        assert_eq!(left.unfinished(time).await.ok(), right.unfinished(time).await.ok(), "{at}");
    }
    assert_same(left, right, &format!("seed {seed}")).await;
}

/// Compares everything that two stores hold.
pub async fn assert_same(left: &dyn Store, right: &dyn Store, at: &str) {
    let all = BuildQuery::default();
    let (l, r) = (left.find(&all, Page::ALL).await, right.find(&all, Page::ALL).await);
    assert_eq!(format!("{l:?}"), format!("{r:?}"), "{at}");
    for summary in l.into_iter().flat_map(|(found, _)| found) {
        let (id, at) = (summary.id, format!("{at}, build {}", summary.id));
        assert_eq!(left.load(id).await.expect("left"), right.load(id).await.expect("right"), "{at}");
        let history = left.history(id, 0, u64::MAX).await.expect("left");
        assert_eq!(history, right.history(id, 0, u64::MAX).await.expect("right"), "{at}");
        assert_eq!(left.pending(id).await.expect("left"), right.pending(id).await.expect("right"), "{at}");
        let (l, r) = (left.slots(&summary.backend).await, right.slots(&summary.backend).await);
        assert_eq!(l.expect("left"), r.expect("right"), "{at}");
        let (name, stream) = (&summary.nsvc.name, &summary.nsvc.stream);
        assert_eq!(left.modules(name).await.expect("left"), right.modules(name).await.expect("right"), "{at}");
        let (l, r) = (left.reusable(name, stream).await, right.reusable(name, stream).await);
        assert_eq!(l.expect("left"), r.expect("right"), "{at}");
        let (l, r) = (left.durations(name, stream).await, right.durations(name, stream).await);
        assert_eq!(l.expect("left"), r.expect("right"), "{at}");
    }
    check_projections(right).await;
}

fn any_build(rng: &mut Rng) -> NewBuild {
    let name = if rng.bool() { "m" } else { "n" };
    let mut new = match rng.u32(..3) {
        0 => new_build(name, &[&["a", "b"], &["c"]]),
        1 => new_build_after(name, &[("a", &[]), ("b", &["a"]), ("c", &[])]),
        _ => new_build(name, &[]),
    };
    new.scratch = rng.bool();
    new.nsvc.version = Version(if rng.bool() { rng.u64(..4) } else { u64::MAX - rng.u64(..2) });
    new.nsvc.context = fixture::parse(if rng.bool() { "c0ffee00" } else { "c0ffee00_1" });
    if rng.u32(..4) == 0 {
        new.owner = fixture::parse("bob");
    }
    new
}

/// A new build, another in the place of a stored one, and entries for a stored one, in any order and not always all of them.
async fn any_submission(store: &dyn Store, build: ModuleBuild, rng: &mut Rng, now: i64) -> Vec<SubmitPart> {
    let expected_revision = build.revision() + u64::from(rng.u32(..10) == 0);
    let mut new = any_build(rng);
    if rng.bool() {
        (new.nsvc, new.scratch) = (build.nsvc().clone(), build.header().scratch);
    }
    new.request = if rng.u32(..4) == 0 { imported(&new) } else { new.request };
    let mut parts = vec![SubmitPart::Create(any_build(rng))];
    parts.push(SubmitPart::Replace { old: build.id(), expected_revision, new });
    parts.extend(any_write(store, build, rng, now).await.map(|write| SubmitPart::Append(Box::new(write))));
    rng.shuffle(&mut parts);
    parts.truncate(rng.usize(1..=3));
    parts
}

fn imported(new: &NewBuild) -> Arc<BuildRequest> {
    Arc::new(BuildRequest { imported: true, ..(*new.request).clone() })
}

/// A few entries for a build; sometimes on a revision or with a token that is no longer right.
async fn any_write(store: &dyn Store, mut build: ModuleBuild, rng: &mut Rng, now: i64) -> Option<Append> {
    let mut expected_revision = build.revision();
    let mut decided = Vec::new();
    let mut starts = false;
    for _ in 0..rng.usize(1..6) {
        let Some(event) = any_event(&build, rng) else { break };
        starts |= matches!(event, Event::Admitted { .. });
        decided.extend(decide(&mut build, event, moment(now)).expect("a legal event"));
    }
    let mut done: Vec<_> = store.pending(build.id()).await.ok()?.into_iter().map(|waiting| waiting.seq).collect();
    done.retain(|_| rng.bool());
    let mut slots = None;
    if starts {
        let mut token = store.slots(&build.request().backend).await.ok()?.token;
        token.0 += u64::from(rng.u32(..10) == 0);
        slots = Some(token);
    }
    expected_revision += u64::from(rng.u32(..20) == 0);
    let fence = (rng.u32(..20) == 0).then_some(7);
    Some(Append {
        build: build.id(),
        expected_revision,
        fence,
        decided,
        done,
        slots,
        summary: BuildSummary::of(&build),
    })
}
