//! Small module builds to test with.

use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::build::{BuildRequest, BuiltComponent, ModuleBuild, NewBuild, SourceRef};
use mbs_core::plan::{MACROS_COMPONENT, Plan, PlanComponent, PlanInput, plan};
use mbs_core::{Arch, ComponentName, Context, ModuleName, NameError, Nsvc, Owner, StreamName, Version};
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

/// Name of the backend of fixture builds.
pub const BACKEND: &str = "memory";

/// The build `NAME:1.0:1:c0ffee00` of the owner `ann`, with these components in batches: the first list is built after
/// module-build-macros, the second after the first, and so on. All fields may be changed afterwards.
///
/// # Panics
/// If a name is not acceptable or occurs twice.
pub fn new_build(name: &str, batches: &[&[&str]]) -> NewBuild {
    let mut input = PlanInput::default();
    for (buildorder, batch) in (0..).zip(batches) {
        let component = |name: &&str| PlanComponent { buildorder, ..PlanComponent::new(parse(name)) };
        input.components.extend(batch.iter().map(component));
    }
    with_input(name, &input)
}

/// The same build with components that name their predecessors (`buildafter`).
///
/// # Panics
/// If a name is not acceptable, occurs twice or is not in the list, or if components wait for each other.
pub fn new_build_after(name: &str, components: &[(&str, &[&str])]) -> NewBuild {
    let component = |(name, after): &(&str, &[&str])| PlanComponent {
        buildafter: after.iter().map(|name| parse(name)).collect(),
        ..PlanComponent::new(parse(name))
    };
    with_input(name, &PlanInput { components: components.iter().map(component).collect(), modules: Vec::new() })
}

/// A build of what `input` lists.
///
/// # Panics
/// If the name is not acceptable or the components cannot be planned.
pub fn with_input(name: &str, input: &PlanInput) -> NewBuild {
    let machine = BTreeSet::from([parse::<Arch>("x86_64")]);
    let plan = plan(input, &machine).expect("a fixture can be planned");
    NewBuild {
        nsvc: Nsvc {
            name: parse::<ModuleName>(name),
            stream: parse::<StreamName>("1.0"),
            version: Version(1),
            context: parse::<Context>("c0ffee00"),
        },
        owner: parse::<Owner>("ann"),
        scratch: false,
        request: Arc::new(request(name, plan)),
    }
}

fn request(name: &str, plan: Plan) -> BuildRequest {
    let source = |name: &ComponentName| SourceRef {
        repository: format!("https://git.example.org/rpms/{name}.git"),
        git_ref: Some("main".to_owned()),
        ..SourceRef::default()
    };
    let sources = plan
        .components
        .iter()
        .map(|spec| (spec.name.as_str() != MACROS_COMPONENT).then(|| source(&spec.name)))
        .collect();
    BuildRequest {
        modulemd: format!("document: modulemd\nversion: 2\ndata:\n  name: {name}\n"),
        source_epoch: 1_700_000_000,
        sources,
        ..BuildRequest::new(BACKEND, parse("x86_64"), plan)
    }
}

/// A checked name.
///
/// # Panics
/// If the text is not acceptable.
pub fn parse<T: FromStr<Err = NameError>>(text: &str) -> T {
    text.parse().expect("fixture names are acceptable")
}

/// The moment this many seconds after the beginning of the test: 2023-11-14 22:13:20 UTC and 5 ns.
///
/// # Panics
/// If the moment is not in the range of dates.
pub fn moment(seconds: i64) -> DateTime<Utc> {
    let beginning = DateTime::from_timestamp(1_700_000_000, 5).expect("a moment of the calendar");
    beginning + TimeDelta::seconds(seconds)
}

/// A commit for every component that has a source: the answer to `ResolveSources`.
pub fn commits(build: &ModuleBuild) -> Vec<Option<String>> {
    let commit = |(number, source): (usize, &Option<SourceRef>)| source.as_ref().map(|_| format!("{number:040x}"));
    build.request().sources.iter().enumerate().map(commit).collect()
}

/// What a component of that name comes to, after so many milliseconds.
pub fn built(name: &str, milliseconds: u64) -> BuiltComponent {
    let nvr = format!("{name}-1-1.module_f28");
    BuiltComponent { rpms: vec![format!("{nvr}.x86_64.rpm")], nvr, milliseconds: Some(milliseconds), reused_from: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_and_graphs_are_planned_as_a_submission_plans_them() {
        let names = |new: &NewBuild| -> Vec<(String, u32)> {
            new.request.plan.components.iter().map(|spec| (spec.name.to_string(), spec.batch)).collect()
        };
        let expected =
            [(MACROS_COMPONENT, 1), ("a", 2), ("b", 2), ("c", 3)].map(|(name, batch)| (name.to_owned(), batch));
        assert_eq!(names(&new_build("m", &[&["a", "b"], &["c"]])), expected);
        assert_eq!(names(&new_build_after("m", &[("a", &[]), ("b", &[]), ("c", &["a"])])), expected);
    }
}
