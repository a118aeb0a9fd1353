//! The modules of a run.

use super::source::BROKEN;
use fastrand::Rng;
use mbs_core::build::{BuildOptions, BuildRequest, NewBuild, SourceRef};
use mbs_core::builder::RequestKey;
use mbs_core::plan::{IncludedModule, PlanComponent, PlanInput, PlannedComponent, Weight, plan};
use mbs_core::reuse::{ReuseDecision, ReusePlan, ReusedComponent, ReusedModule, apply_reuse};
use mbs_core::{Arch, BuildId, ComponentName, Context, ModuleName, NameError, Nsvc, Owner, StreamName, Version};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A module and how its components behave.
#[derive(Debug, Clone)]
pub(super) struct Module {
    pub(super) new: NewBuild,
    /// For each component of the plan: how many attempts fail for good before one succeeds.
    pub(super) failures: Vec<u32>,
}

/// Between 1 and 4 modules.
pub(super) fn draw(rng: &mut Rng, components: Option<usize>, mut reuse: Option<Rng>) -> Result<Vec<Module>, NameError> {
    let count = if components.is_some() { 1 } else { rng.u64(1..=4) };
    (0..count).map(|n| module(rng, n, components, reuse.as_mut())).collect()
}

fn module(rng: &mut Rng, number: u64, components: Option<usize>, reuse: Option<&mut Rng>) -> Result<Module, NameError> {
    let machine = BTreeSet::from([Arch::new("x86_64")?]);
    let count = components.unwrap_or_else(|| rng.usize(1..=10));
    let input = if rng.bool() { batches(rng, count)? } else { graph(rng, count)? };
    // The inputs above are acyclic and name what exists.
    let plan = plan(&input, &machine).expect("a drawn module can be planned");
    let troubled = rng.u8(..) < 110;
    let failures =
        plan.components.iter().map(|_| if troubled && rng.u8(..) < 50 { rng.u32(1..=2) } else { 0 }).collect();
    let broken = rng.u8(..) < 8;
    let sources = plan
        .components
        .iter()
        .enumerate()
        .map(|(n, spec)| {
            (n > 0).then(|| SourceRef {
                repository: format!("{}{}", if broken { BROKEN } else { "https://git.example/rpms/" }, spec.name),
                git_ref: Some("main".into()),
                ..SourceRef::default()
            })
        })
        .collect();
    let mut request = BuildRequest {
        sources,
        options: BuildOptions { keep_going: rng.bool(), ..BuildOptions::default() },
        ..BuildRequest::new("sim", Arch::new("x86_64")?, plan)
    };
    let nsvc = Nsvc {
        name: ModuleName::new(if rng.bool() { "meadow" } else { "orchard" })?,
        stream: StreamName::new("1")?,
        version: Version(number + 1),
        context: Context::new("c0ffee00")?,
    };
    if let Some(rng) = reuse
        && rng.u8(..) < 90
    {
        let plan = draw_reuse(rng, &request, &nsvc);
        apply_reuse(&mut request, plan);
    }
    let owner = Owner::new(if rng.bool() { "ann" } else { "bob" })?;
    let new = NewBuild { nsvc, owner, scratch: rng.u8(..) < 60, request: Arc::new(request) };
    Ok(Module { new, failures })
}

/// Some components, or all of them, are taken from an earlier build. What has no key is gone when its time comes.
fn draw_reuse(rng: &mut Rng, request: &BuildRequest, nsvc: &Nsvc) -> ReusePlan {
    let from = ReusedModule { build: None, nsvc: Nsvc { version: Version(0), ..nsvc.clone() } };
    let all = rng.u8(..) < 80;
    let likely = rng.u8(..);
    let decision = |(n, spec): (usize, &PlannedComponent)| ReuseDecision {
        component: spec.name.clone(),
        reused: (n > 0 && spec.excluded.is_none() && (all || rng.u8(..) < likely)).then(|| {
            let key = RequestKey { build: BuildId(0), component: spec.name.clone(), attempt: 1 };
            ReusedComponent { key: (all || rng.u8(..) < 200).then_some(key), built: None }
        }),
        reasons: Vec::new(),
    };
    let components = request.plan.components.iter().enumerate().map(decision).collect();
    ReusePlan { from: Some(from), reasons: Vec::new(), components }
}

fn component(rng: &mut Rng, n: usize) -> Result<PlanComponent, NameError> {
    let mut component = PlanComponent::new(ComponentName::new(format!("c{n}"))?);
    component.weight = Weight(rng.u64(1..5000));
    component.buildonly = rng.u8(..) < 30;
    if rng.u8(..) < 25 {
        component.arches = BTreeSet::from([Arch::new("s390x")?]);
    }
    Ok(component)
}

/// Build orders with gaps, sometimes an included module.
fn batches(rng: &mut Rng, count: usize) -> Result<PlanInput, NameError> {
    let mut input = PlanInput::default();
    let included = if count > 2 && rng.u8(..) < 60 { rng.usize(1..count) } else { 0 };
    let mut inner = PlanInput::default();
    for n in 0..count {
        let mut one = component(rng, n)?;
        one.buildorder = [-5, 0, 0, 0, 1, 10, 10, 20, 50][rng.usize(..9)];
        if n < included { inner.components.push(one) } else { input.components.push(one) }
    }
    if included > 0 {
        let buildorder = rng.i64(0..20);
        input.modules.push(IncludedModule { name: ModuleName::new("inner")?, buildorder, input: inner });
    }
    Ok(input)
}

/// A graph without cycles: components name earlier ones.
fn graph(rng: &mut Rng, count: usize) -> Result<PlanInput, NameError> {
    let mut input = PlanInput::default();
    let density = rng.u8(10..160);
    for n in 0..count {
        let mut one = component(rng, n)?;
        for before in 0..n {
            if rng.u8(..) < density / 2 {
                one.buildafter.insert(ComponentName::new(format!("c{before}"))?);
            }
        }
        input.components.push(one);
    }
    Ok(input)
}
