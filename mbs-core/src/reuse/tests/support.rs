//! Builds for the tests, in few words.

use crate::build::{BuildRequest, BuiltAgainst, BuiltComponent, ModuleState, NewBuild, SourceRef};
use crate::builder::RequestKey;
use crate::plan::{MACROS_COMPONENT, PlanComponent, PlanInput, plan};
use crate::reuse::{
    CandidateComponent, LocalFingerprint, RebuildStrategy, ReuseCandidate, ReuseOptions, ReusePlan, ReusedComponent,
    decide,
};
use crate::{Arch, BuildId, ComponentName, NameError, Nsvc, Owner};
use chrono::DateTime;
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

pub(super) fn parse<T: FromStr<Err = NameError>>(text: &str) -> T {
    text.parse().expect("name")
}

/// One component.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) buildorder: i64,
    pub(super) after: Vec<&'static str>,
    pub(super) commit: Option<String>,
    pub(super) arches: Vec<&'static str>,
}

pub(super) fn part(name: &str, buildorder: i64) -> Part {
    let commit = Some(format!("{:0<40}", name.replace(|found: char| !found.is_ascii_hexdigit(), "")));
    Part { name: name.to_owned(), buildorder, after: Vec::new(), commit, arches: Vec::new() }
}

impl Part {
    pub(super) fn commit(mut self, digit: &str) -> Self {
        self.commit = Some(digit.repeat(40));
        self
    }

    pub(super) fn srpm(mut self) -> Self {
        self.commit = None;
        self
    }

    pub(super) fn arches(mut self, arches: &[&'static str]) -> Self {
        self.arches = arches.to_vec();
        self
    }

    pub(super) fn after(mut self, names: &[&'static str]) -> Self {
        self.after = names.to_vec();
        self
    }
}

/// The build that is to be made, of these components.
pub(super) fn new_build(parts: &[Part], strategy: RebuildStrategy) -> NewBuild {
    let input = PlanInput {
        components: parts
            .iter()
            .map(|part| PlanComponent {
                buildorder: part.buildorder,
                buildafter: part.after.iter().map(|name| parse(name)).collect(),
                arches: part.arches.iter().map(|arch| parse(arch)).collect(),
                ..PlanComponent::new(parse(&part.name))
            })
            .collect(),
        modules: Vec::new(),
    };
    let machine: BTreeSet<Arch> = ["x86_64", "ppc64le"].iter().map(|arch| parse(arch)).collect();
    let plan = plan(&input, &machine).expect("plan");
    let source = |name: &ComponentName| {
        let part = parts.iter().find(|part| part.name == name.as_str())?;
        Some(SourceRef { commit: part.commit.clone(), ..SourceRef::default() })
    };
    let sources = plan.components.iter().map(|spec| source(&spec.name)).collect();
    let against = |nsvc: &str, base| BuiltAgainst {
        nsvc: parse(nsvc),
        direct: true,
        base,
        commit: None,
        koji_tag: None,
        repository: None,
    };
    let request = BuildRequest {
        sources,
        strategy,
        scmurl: Some("git+https://src.example.org/modules/testmodule?#f".to_owned()),
        built_against: vec![against("platform:f29.2.0:3:00000000", true), against("tools:1:7:c0ffee00", false)],
        ..BuildRequest::new("test", parse("x86_64"), plan)
    };
    NewBuild {
        nsvc: parse("testmodule:master:20:11111111"),
        owner: Owner::new("ann").expect("owner"),
        scratch: false,
        request: Arc::new(request),
    }
}

pub(super) fn with(mut new: NewBuild, change: impl FnOnce(&mut BuildRequest)) -> NewBuild {
    change(Arc::make_mut(&mut new.request));
    new
}

/// A ready build of these components, as a store would give it.
pub(super) fn candidate(number: u64, parts: &[Part]) -> ReuseCandidate {
    let new = new_build(parts, RebuildStrategy::default());
    let dependencies = crate::reuse::candidate::Dependencies::of(&new.request);
    let components = crate::reuse::candidate::component_facts(&new.request).into_iter().map(|(name, facts)| {
        let key = RequestKey { build: BuildId(number), component: name.clone(), attempt: 1 };
        let built = BuiltComponent {
            nvr: format!("{name}-1-{number}"),
            rpms: Vec::new(),
            milliseconds: None,
            reused_from: None,
        };
        let taken = ReusedComponent { key: Some(key), built: Some(built) };
        (name, CandidateComponent { facts, taken })
    });
    ReuseCandidate {
        build: Some(BuildId(number)),
        nsvc: Nsvc { version: crate::Version(number), ..new.nsvc.clone() },
        state: ModuleState::Ready,
        completed: DateTime::from_timestamp(i64::try_from(number).expect("small"), 0),
        strategy: RebuildStrategy::default(),
        has_scmurl: true,
        scratch: false,
        built_on: Vec::new(),
        build_context: dependencies.build_context,
        build_context_no_bms: dependencies.build_context_no_bms,
        buildrequires: dependencies.buildrequires,
        koji_tag: None,
        macros: String::new(),
        arch: Some(parse("x86_64")),
        components: components.collect(),
        fingerprint: None,
    }
}

pub(super) fn fingerprint(platform: &str, tools: &str) -> LocalFingerprint {
    LocalFingerprint {
        platform: platform.to_owned(),
        dependencies: [("tools:1:7:c0ffee00".to_owned(), tools.to_owned())].into(),
    }
}

/// The names of what is taken.
pub(super) fn taken(plan: &ReusePlan) -> Vec<&str> {
    plan.components.iter().filter(|one| one.reused.is_some()).map(|one| one.component.as_str()).collect()
}

/// The codes about a component.
pub(super) fn codes<'p>(plan: &'p ReusePlan, name: &str) -> Vec<&'p str> {
    let decision = plan.components.iter().find(|one| one.component.as_str() == name).expect("component");
    decision.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// What is taken of `old` by a build of `new`.
pub(super) fn decided(new: &[Part], old: &[Part], strategy: RebuildStrategy) -> ReusePlan {
    let plan = decide(&new_build(new, strategy), &candidate(7, old), strategy, &ReuseOptions::default());
    assert_eq!(plan.components[0].component.as_str(), MACROS_COMPONENT);
    plan
}
