use super::*;
use crate::modulemd::{ModuleStream, ReadOptions, read_for_build};
use crate::resolve::{Universe, expand};
use crate::source::{Defaults, GitRef, RepositoryUrl, SourceError};
use crate::{Arch, ModuleName, Owner, StreamName};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

fn document(dependencies: &str, rest: &str) -> ModuleStream {
    let text = format!(
        "document: modulemd\nversion: 2\ndata:\n  name: gauges\n  stream: \"1.0\"\n  summary: s\n  description: d\n  \
         license: {{module: [MIT]}}\n  dependencies: {dependencies}\n{rest}"
    );
    read_for_build(text.as_bytes(), "gauges.yaml", &ReadOptions::default()).expect("good document").stream
}

fn settings(platform: &str) -> Settings {
    let (name, stream) = (ModuleName::new("platform").expect("name"), StreamName::new(platform).expect("stream"));
    Settings::new("test", Arch::new("x86_64").expect("arch"), Owner::new("ann").expect("owner"))
        .on_platform(name, stream)
}

/// Expands and assembles over nothing but the platform of the settings; the first build.
fn submit(
    document: &ModuleStream,
    included: &[Included],
    origin: &Origin,
    settings: &Settings,
) -> Result<(PlannedBuild, Vec<Warning>), SubmitError> {
    let (name, stream) = settings.expand.default_streams.iter().next().expect("platform");
    let known = Universe::new([Arc::new(AssumedPlatform::facts(name, stream))], &settings.expand);
    let expansion = expand(&known, document, &settings.expand)
        .map_err(|error| SubmitError::Expand(vec![ExpandFailure { context: None, error }]))?;
    if expansion.results.is_empty() {
        return Err(SubmitError::nothing(&[expansion]));
    }
    let mut made = assemble(document, expansion, included, origin, settings, &Commits::default())?;
    Ok((made.builds.remove(0), made.warnings))
}

fn origin() -> Origin {
    Origin::file(DateTime::<Utc>::from_timestamp(1_517_838_714, 0).expect("time"))
}

const ANY: &str = "[{buildrequires: {platform: []}, requires: {platform: []}}]";

#[test]
fn an_open_platform_becomes_the_one_of_the_machine() {
    let (made, _) = submit(&document(ANY, ""), &[], &origin(), &settings("f28")).expect("submission");
    assert_eq!(made.new.nsvc.to_string(), "gauges:1.0:2820180205135154:9c690d0e");
    let stored = read_for_build(made.new.request.modulemd.as_bytes(), "x", &ReadOptions::default()).expect("readable");
    assert_eq!(stored.stream.dependencies[0].requires["platform"].single(), Some("f28"));
    let platform = stored.stream.xmd_mbs().and_then(|mbs| mbs.get("buildrequires")?.get("platform")).expect("entry");
    assert_eq!(platform.get("stream").and_then(crate::modulemd::Value::as_str), Some("f28"));
    assert_eq!(made.new.request.source_epoch, 1_517_838_714);
}

#[test]
fn different_sides_keep_the_requires_as_written() {
    let both = "[{buildrequires: {platform: [f28]}, requires: {platform: [f28, f29], perl: [\"-5.24\"]}}]";
    let (made, _) = submit(&document(both, ""), &[], &origin(), &settings("f28")).expect("submission");
    let stored = read_for_build(made.new.request.modulemd.as_bytes(), "x", &ReadOptions::default()).expect("readable");
    assert_eq!(stored.stream.dependencies[0].requires["platform"].0.len(), 2);
    assert!(stored.stream.dependencies[0].requires["perl"].0.contains("-5.24"));
}

#[test]
fn what_cannot_be_resolved_here_is_told_apart_from_bad_input() {
    for block in [
        "[{buildrequires: {platform: [f29]}}]",
        "[{buildrequires: {platform: [], perl: [\"5.26\"]}}]",
        "[{requires: {platform: []}}]",
        "[]",
    ] {
        let error = submit(&document(block, ""), &[], &origin(), &settings("f28")).expect_err(block);
        assert!(error.is_unresolved(), "{block}: {error}");
    }
}

#[test]
fn components_without_a_place_to_come_from_are_all_reported() {
    let components = "  components: {rpms: {a: {rationale: r}, b: {rationale: r}}}\n";
    let error = submit(&document(ANY, components), &[], &origin(), &settings("f28")).expect_err("no repository");
    let SubmitError::Sources(problems) = &error else { panic!("{error}") };
    assert_eq!(problems.len(), 2);
    assert!(!error.is_unresolved());
}

#[test]
fn what_a_packager_may_not_write_is_refused() {
    let arch = submit(&document(ANY, "  buildopts: {arches: [s390x]}\n"), &[], &origin(), &settings("f28"));
    assert!(matches!(arch, Err(SubmitError::Arch { .. })));
    let commit = Origin { commit: Some("c".repeat(40)), ..origin() };
    let version = submit(&document(ANY, "  version: 7\n"), &[], &commit, &settings("f28"));
    assert!(matches!(version, Err(SubmitError::VersionGiven(7))));
    let marking = submit(&document(ANY, ""), &[], &origin(), &settings("f-28"));
    let marking = marking.expect_err("a dash");
    assert!(
        matches!(marking, SubmitError::Disttag(_)) && marking.to_string().ends_with("with `--platform`"),
        "{marking}"
    );
}

#[test]
fn a_version_without_room_for_a_prefix_is_kept_with_a_warning() {
    let (made, warnings) = submit(&document(ANY, ""), &[], &origin(), &settings("f29.0.0")).expect("submission");
    assert_eq!(made.new.nsvc.version.0, 20_180_205_135_154);
    assert_eq!(warnings[0].code, "MB0001");
}

struct Documents(BTreeMap<&'static str, &'static str>);

#[async_trait::async_trait]
impl IncludedSource for Documents {
    async fn document(
        &self,
        repository: &RepositoryUrl,
        _git_ref: Option<&GitRef>,
    ) -> Result<(String, String), SourceError> {
        let name = repository.name();
        Ok((self.0[name.as_str()].to_owned(), format!("{name}.yaml")))
    }
}

fn collected(outer: &ModuleStream, source: &Documents) -> Result<Vec<Included>, SubmitError> {
    let (options, defaults) = (ReadOptions::default(), Defaults::default());
    futures::executor::block_on(collect_included(outer, source, &options, &defaults, None))
}

const INNER: &str = "document: modulemd\nversion: 2\ndata:\n  summary: s\n  description: d\n  license: {module: [MIT]}\n  \
                     components:\n    rpms:\n      i: {rationale: r, repository: \"https://git.example/i\", buildorder: 5}\n";
const CIRCLE: &str = "document: modulemd\nversion: 2\ndata:\n  summary: s\n  description: d\n  license: {module: [MIT]}\n  \
                      components:\n    modules:\n      inner: {rationale: r, repository: /circle}\n";

fn including(repository: &str) -> ModuleStream {
    let components = format!(
        "  components:\n    rpms:\n      a: {{rationale: r, repository: \"https://git.example/a\"}}\n    modules:\n      \
         inner: {{rationale: r, repository: /{repository}, buildorder: 3}}\n"
    );
    document(ANY, &components)
}

#[test]
fn components_of_an_included_module_are_built_as_part_of_this_one() {
    let source = Documents(BTreeMap::from([("inner", INNER)]));
    let outer = including("inner");
    let included = collected(&outer, &source).expect("included");
    let (made, _) = submit(&outer, &included, &origin(), &settings("f28")).expect("submission");
    let batches: Vec<_> = made.new.request.plan.components.iter().map(|c| (c.name.as_str(), c.batch)).collect();
    assert_eq!(batches, [("module-build-macros", 1), ("a", 2), ("i", 4)]);
    assert!(made.new.request.sources[2].is_some());
}

#[test]
fn an_included_module_may_have_any_dependencies_but_one_set_of_components() {
    const BLOCKS: &str = "document: modulemd\nversion: 2\ndata:\n  summary: s\n  description: d\n  \
                          license: {module: [MIT]}\n  dependencies:\n  - {buildrequires: {platform: [f28]}}\n  \
                          - {buildrequires: {platform: [f29]}}\n  components:\n    rpms:\n      \
                          i: {rationale: r, repository: \"https://git.example/i\"}\n";
    const CONFIGURATIONS: &str = "document: modulemd-packager\nversion: 3\ndata:\n  name: inner\n  stream: \"1\"\n  \
                                  summary: s\n  description: d\n  license: [MIT]\n  configurations:\n  \
                                  - {context: A, platform: f28}\n  - {context: B, platform: f29}\n";
    let source = Documents(BTreeMap::from([("inner", BLOCKS), ("several", CONFIGURATIONS)]));
    let included = collected(&including("inner"), &source);
    assert_eq!(included.expect("included")[0].stream.components.rpms.len(), 1);
    let error = collected(&including("several"), &source);
    let error = error.expect_err("several sets of components");
    assert!(error.is_unresolved(), "{error}");
    assert_eq!(
        error.to_string(),
        "included module `inner`: the document has 2 configurations, and only one can be built at a time"
    );
}

#[test]
fn a_circle_of_included_modules_is_reported_with_its_path() {
    let source = Documents(BTreeMap::from([("circle", CIRCLE)]));
    let error = collected(&including("circle"), &source);
    assert!(matches!(error, Err(SubmitError::IncludedCircle(path)) if path.len() == 2));
}
