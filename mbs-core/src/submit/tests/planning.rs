//! The order of a submission: everything is reported together, refs are looked up once.

use super::super::*;
use super::known::{base, examples, module, on, stream};
use super::support::{ANY, document, origin, planned, settings, stored};
use crate::build::BuildRequest;
use crate::modulemd::{ModuleStream, Value};
use crate::resolve::{ExpandError, MemoryProvider, Provider, ProviderError};
use crate::reuse::{DocumentNotes, LocalFingerprint, MemoryReuse, ReuseCandidate, ReuseOptions};
use crate::source::{
    Checkout, CheckoutRequest, CommitHash, Defaults, RefKind, RefRequest, RepositoryUrl, ResolvedRef, Source,
    SourceError,
};
use crate::{Arch, BuildId, Owner};
use async_trait::async_trait;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Every ref is a commit of its own; those of `absent` do not exist.
#[derive(Default)]
struct Commonly {
    absent: BTreeSet<&'static str>,
    calls: Mutex<Vec<Vec<String>>>,
}

#[async_trait]
impl Source for Commonly {
    async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
        let shown = |one: &RefRequest| {
            format!("{} {}", one.component, one.reference.as_ref().map_or("", |reference| reference.as_str()))
        };
        let mut calls = self.calls.lock().expect("no panic before");
        calls.push(requests.iter().map(shown).collect());
        let turn = calls.len();
        let answer = |one: &RefRequest| {
            let component = one.component.clone();
            if self.absent.contains(component.as_str()) {
                let (repository, reference) = (one.repository.to_string(), shown(one));
                return Err(SourceError::RefAbsent { repository, reference });
            }
            let commit = CommitHash::new(format!("{turn:040x}")).expect("commit");
            Ok(ResolvedRef { component, commit, kind: RefKind::Branch })
        };
        requests.iter().map(answer).collect()
    }

    async fn checkout(&self, _request: &CheckoutRequest, _dest: &Path) -> Result<Checkout, SourceError> {
        unreachable!("nothing is built")
    }
}

fn any() -> Settings {
    let settings = Settings::new("test", Arch::new("x86_64").expect("arch"), Owner::new("ann").expect("owner"));
    let rpms_url = Some(RepositoryUrl::parse("https://git.example/rpms").expect("url"));
    Settings { defaults: Defaults { rpms_url, ..Defaults::default() }, ..settings }
}

const COMPONENTS: &str = "  components:\n    rpms:\n      a: {rationale: r, ref: main}\n      \
                          b: {rationale: r, ref: stable}\n";

fn with_overrides(mut document: ModuleStream) -> ModuleStream {
    let overrides = Value::from_iter([("b".to_owned(), Value::from("fix"))]);
    let mbs = document.xmd_mut().entry("mbs".to_owned()).or_default().make_map();
    mbs.insert("rpm_component_ref_overrides".to_owned(), overrides);
    document
}

#[test]
fn refs_are_looked_up_once_for_all_contexts() {
    let source = Commonly::default();
    let provider = MemoryProvider::new(examples());
    let two = [document(ANY, COMPONENTS), document("[{buildrequires: {platform: [f28], gtk: [1]}}]", COMPONENTS)];
    let made = planned(&two, &provider, Some(&source), &origin(), &any()).expect("submission");
    assert_eq!(made.builds.len(), 3);
    assert_eq!(*source.calls.lock().expect("calls"), [["a main", "b stable"]]);
    for build in &made.builds {
        let commits: Vec<_> = build.new.request.sources.iter().flatten().map(|source| source.commit.clone()).collect();
        assert_eq!(commits, vec![Some(format!("{:040x}", 1)); 2]);
        let stored = stored(build);
        let noted = stored.xmd_mbs().and_then(|mbs| mbs.get("rpms")?.get("a")?.get("ref")?.as_str()).expect("noted");
        assert_eq!(noted, format!("{:040x}", 1));
        assert_eq!(stored.components.rpms["a"].git_ref.as_deref(), Some("main"));
    }
    let unknown = planned(&two, &provider, None, &origin(), &any()).expect("submission");
    assert!(stored(&unknown.builds[0]).xmd_mbs().and_then(|mbs| mbs.get("rpms")).is_none());
}

#[test]
fn a_ref_of_the_request_replaces_the_one_of_the_document() {
    let source = Commonly::default();
    let provider = MemoryProvider::new([base("platform:f28:0:c10")]);
    let one = with_overrides(document(ANY, COMPONENTS));
    let made = planned(&[one], &provider, Some(&source), &origin(), &any()).expect("submission");
    assert_eq!(*source.calls.lock().expect("calls"), [["a main", "b fix"]]);
    let refs: Vec<_> = made.builds[0].new.request.sources.iter().flatten().map(|one| one.git_ref.clone()).collect();
    assert_eq!(refs, [Some("main".to_owned()), Some("fix".to_owned())]);
}

#[test]
fn every_ref_that_does_not_exist_is_reported() {
    let source = Commonly { absent: ["a", "b"].into(), ..Commonly::default() };
    let provider = MemoryProvider::new(examples());
    let error = planned(&[document(ANY, COMPONENTS)], &provider, Some(&source), &origin(), &any()).expect_err("absent");
    let SubmitError::Sources(problems) = &error else { panic!("{error}") };
    assert_eq!((problems.len(), error.kind()), (2, RefusalKind::Unprocessable));
}

fn named(context: &str, dependencies: &str) -> ModuleStream {
    ModuleStream { context: Some(context.to_owned()), static_context: true, ..document(dependencies, "") }
}

#[test]
fn all_documents_that_cannot_be_expanded_are_reported_with_their_context() {
    let provider = MemoryProvider::new(examples());
    let documents = [
        named("one", "[{buildrequires: {platform: [f99]}}]"),
        named("good", "[{buildrequires: {platform: [f28]}}]"),
        named("two", "[{buildrequires: {platform: [f28], nope: [1], also: [2]}}]"),
    ];
    let error = planned(&documents, &provider, None, &origin(), &any()).expect_err("two bad ones");
    let SubmitError::Expand(failures) = &error else { panic!("{error}") };
    let contexts: Vec<_> = failures.iter().map(|failure| failure.context.as_deref()).collect();
    assert_eq!(contexts, [Some("one"), Some("two")]);
    assert!(matches!(&failures[1].error, ExpandError::Missing(missing) if missing.len() == 2));
    assert!(error.to_string().starts_with("context `one`: "), "{error}");
    assert_eq!((error.code(), error.kind().http_status()), ("MR0102", 422));
}

#[test]
fn dependencies_that_come_to_nothing_are_refused_as_invalid() {
    let provider = MemoryProvider::new(examples());
    let open = document("[{buildrequires: {platform: [f28], gtk: [-1, -2]}}]", "");
    let error = planned(&[open], &provider, None, &origin(), &any()).expect_err("nothing to choose");
    assert!(matches!(error, SubmitError::Nothing(_)), "{error}");
    assert_eq!((error.code(), error.kind().http_status()), ("MS0202", 400));
}

fn platforms(provider: &dyn Provider, name: &str) -> Vec<String> {
    let builds = futures::executor::block_on(provider.builds(&module(name))).expect("builds");
    builds.iter().map(|facts| facts.nsvc.to_string()).collect()
}

#[test]
fn the_machines_platform_is_assumed_only_where_no_base_module_is_known() {
    let of_machine = |known: MemoryProvider| {
        let bases = [module("platform"), module("centos")];
        AssumedPlatform::of_machine(Arc::new(known), bases, module("platform"), stream("debian12"))
    };
    let assumed = ["platform:debian12:1:00000000"];
    assert_eq!(platforms(&of_machine(MemoryProvider::default()), "platform"), assumed);
    assert!(platforms(&of_machine(MemoryProvider::default()), "gtk").is_empty());
    let known = MemoryProvider::new([base("platform:f28:0:c10")]);
    assert_eq!(platforms(&of_machine(known), "platform"), ["platform:f28:0:c10"]);
    let other = MemoryProvider::new([base("centos:9:0:c10")]);
    assert!(platforms(&of_machine(other), "platform").is_empty());
}

#[test]
fn a_named_platform_stands_beside_others_and_is_the_one_that_open_lists_mean() {
    let known = MemoryProvider::new(examples());
    let named = AssumedPlatform::named(Arc::new(known.clone()), module("platform"), stream("f40"));
    assert_eq!(platforms(&named, "platform").last().map(String::as_str), Some("platform:f40:1:00000000"));
    let made = planned(&[document(ANY, "")], &named, None, &origin(), &settings("f40")).expect("submission");
    assert_eq!(made.builds.len(), 1);
    assert_eq!(made.builds[0].picks[0].facts.nsvc.stream.as_str(), "f40");
    // A build that is there is taken as it is.
    let there = AssumedPlatform::named(Arc::new(known), module("platform"), stream("f28"));
    assert_eq!(platforms(&there, "platform").len(), 2);
}

#[test]
fn what_was_built_on_an_unknown_version_of_the_assumed_platform_counts_as_built_on_it() {
    let gtk = [on("gtk:1:1:c1", "platform:f29:5:00000000"), on("gtk:1:2:c2", "platform:f28:5:00000000")];
    let named = |known: MemoryProvider| {
        let named = AssumedPlatform::named(Arc::new(known), module("platform"), stream("f29"));
        let builds = futures::executor::block_on(named.builds(&module("gtk"))).expect("builds");
        builds.iter().map(|facts| facts.built_on.iter().map(ToString::to_string).collect()).collect::<Vec<Vec<_>>>()
    };
    let noted = [vec!["platform:f29:5:00000000".to_owned()], vec!["platform:f28:5:00000000".to_owned()]];
    let mut counted = noted.clone();
    counted[0].push("platform:f29:1:00000000".to_owned());
    assert_eq!(named(MemoryProvider::new(gtk.clone())), counted);
    let on_f29 = AssumedPlatform::named(Arc::new(MemoryProvider::new(gtk.clone())), module("platform"), stream("f29"));
    let one = document("[{buildrequires: {platform: [], gtk: [1]}}]", "");
    let made = planned(&[one], &on_f29, None, &origin(), &settings("f29")).expect("submission");
    assert_eq!(made.builds[0].picks[0].facts.nsvc.to_string(), "gtk:1:1:c1");
    assert_eq!(made.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), ["MR0202"], "and that is told");
    // Where the platform is known, nothing is assumed.
    let known = gtk.into_iter().chain([base("platform:f29:5:00000000")]);
    assert_eq!(named(MemoryProvider::new(known)), noted);
}

#[test]
fn architectures_that_nobody_builds_for_are_refused() {
    let arches = |names: &[&str]| names.iter().map(|name| Arch::new(*name).expect("arch")).collect::<BTreeSet<_>>();
    let provider = MemoryProvider::new([base("platform:f28:0:c10")]);
    let made = |rules: ArchRules, asked: &str| {
        let one = document(ANY, &format!("  buildopts: {{arches: [{asked}]}}\n"));
        planned(&[one], &provider, None, &origin(), &Settings { arches: rules, ..any() })
    };
    let all = || ArchRules { all: arches(&["x86_64", "aarch64"]), ..ArchRules::default() };
    assert!(made(all(), "x86_64, aarch64").is_ok());
    let error = made(all(), "x86_64, sparc").expect_err("nobody builds for it");
    assert_eq!((error.code(), error.kind().http_status()), ("MS0217", 400));
    assert!(error.to_string().contains("names `sparc`"), "{error}");
    assert_eq!(made(all(), "aarch64").expect_err("not the one of the build").code(), "MS0216");
    let of_modules = [("platform:f28".to_owned(), arches(&["x86_64", "sparc"]))].into();
    assert!(made(ArchRules { of_modules, ..all() }, "x86_64, sparc").is_ok());
    // Without rules nobody knows more than the architecture of the build.
    assert!(made(ArchRules::default(), "x86_64, sparc").is_ok());
}

/// A machine of which nothing is known.
struct Unknown;

#[async_trait]
impl Fingerprints for Unknown {
    async fn of(&self, _request: &BuildRequest) -> Result<LocalFingerprint, ProviderError> {
        Err(ProviderError { name: module("tools"), problem: "it is not here".to_owned(), source: None })
    }

    async fn recorded(&self, _: crate::BuildId) -> Option<LocalFingerprint> {
        None
    }
}

#[test]
fn what_a_machine_offers_counts_only_beside_builds_that_were_made_on_it() {
    let known = MemoryProvider::new(examples());
    let mut made = planned(&[document(ANY, "")], &known, None, &origin(), &any()).expect("builds");
    let bases = BTreeSet::from([module("platform")]);
    let notes = DocumentNotes { has_scmurl: Some(true), ..DocumentNotes::default() };
    let earlier = ReuseCandidate::from_document(&made.builds[0].document, &bases, notes).expect("candidate");
    let here = ReuseCandidate { build: Some(BuildId(7)), ..earlier.clone() };
    let options = ReuseOptions { local: true, ..ReuseOptions::default() };
    let reusing = Reusing { source: &MemoryReuse::default(), fingerprints: Some(&Unknown), options };
    let mut decide = |candidate: ReuseCandidate| {
        let expand = any().expand;
        futures::executor::block_on(reusing.decide(&mut made, &[Arc::new(candidate)], &known, &expand))
    };
    assert!(decide(earlier).is_ok());
    assert!(decide(here).is_ok(), "what cannot be looked at is in nobody's way");
    let warned: Vec<&str> = made.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(warned, ["MB0501"], "once for all builds");
    assert!(made.builds[0].new.request.fingerprint.is_none());
}
