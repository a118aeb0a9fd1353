//! Whole submissions: from a request to builds.

use super::super::*;
use super::known::{base, on};
use super::support::{Documents, stored};
use crate::ModuleName;
use crate::build::{CustomSrpm, SourceRef};
use crate::modulemd::StreamSet;
use crate::resolve::{FactsSource, MemoryProvider, ModuleFacts, Provider, ProviderError};
use crate::reuse::RebuildStrategy;
use crate::source::SourceError;
use crate::{Arch, Owner};
use async_trait::async_trait;
use chrono::DateTime;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The text of the request.
struct Texts;

#[async_trait]
impl DocumentSource for Texts {
    async fn fetch(&self, request: &SubmitRequest) -> Result<FetchedDocument, SourceError> {
        let SubmitInput::Yaml { text, file_name } = &request.input else {
            return Err(SourceError::PathAbsent { path: "/nowhere".to_owned() });
        };
        let origin = Origin::file(DateTime::from_timestamp(1_517_838_714, 0).expect("time"));
        let file_name = file_name.clone().unwrap_or_else(|| "module.yaml".to_owned());
        Ok(FetchedDocument { text: text.clone(), file_name, origin })
    }
}

/// Notes what it is asked for.
#[derive(Debug)]
struct Asked {
    inner: MemoryProvider,
    names: Mutex<Vec<String>>,
}

#[async_trait]
impl Provider for Asked {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        self.names.lock().expect("no panic before").push(name.to_string());
        self.inner.builds(name).await
    }
}

fn submitted(
    request: &SubmitRequest,
    policy: &SubmitPolicy,
    provider: &dyn Provider,
) -> Result<Submitted, SubmitError> {
    let settings = Settings::new("test", Arch::new("x86_64").expect("arch"), Owner::new("nobody").expect("owner"));
    let included = Documents(BTreeMap::new());
    let submitter = Submitter::new(&Texts, &included, provider, policy, &settings);
    futures::executor::block_on(submitter.submit(request))
}

fn yaml(dependencies: &str) -> SubmitRequest {
    let text = format!(
        "document: modulemd\nversion: 2\ndata:\n  summary: A\n  description: B\n  license: {{module: [MIT]}}\n  \
         dependencies: {dependencies}\n  components: {{rpms: {{a: {{rationale: r, repository: \"https://git.example/a\"}}}}}}\n"
    );
    SubmitRequest::yaml(Owner::new("ann").expect("owner"), text, Some("app.yaml".to_owned()))
}

/// Three platforms with a common virtual stream, and a module that was built on each.
fn family() -> Vec<ModuleFacts> {
    let mut all = Vec::new();
    for minor in ["f29.0.0", "f29.1.0", "f29.2.0"] {
        let mut platform = base(&format!("platform:{minor}:3:00000000"));
        platform.virtual_streams.insert("f29".to_owned());
        all.push(platform);
    }
    for (version, minor) in [(0, "f29.0.0"), (1, "f29.1.0"), (2, "f29.1.0"), (3, "f29.2.0")] {
        let mut gtk = on(&format!("gtk:1:{version}:c{version}"), &format!("platform:{minor}:3:00000000"));
        gtk.requires = vec![BTreeMap::from([(super::known::module("platform"), StreamSet::one("f29"))])];
        gtk.source = FactsSource::Stored;
        all.push(gtk);
    }
    all
}

#[test]
fn virtual_streams_become_the_newest_platform_that_offers_them() {
    let policy = SubmitPolicy::local();
    for (platform, expected) in [
        ("[f29.0.0]", "gtk:1:0 f4de35d9"),
        ("[f29.1.0]", "gtk:1:2 5f19e05f"),
        ("[f29.2.0]", "gtk:1:3 0f67b988"),
        ("[f29]", "gtk:1:3 0f67b988"),
        ("[]", "gtk:1:3 0f67b988"),
    ] {
        let request =
            yaml(&format!("[{{buildrequires: {{gtk: [1], platform: {platform}}}, requires: {{platform: [f29]}}}}]"));
        let made = submitted(&request, &policy, &MemoryProvider::new(family())).expect(platform).submissions;
        assert_eq!(made.builds.len(), 1, "{platform}");
        let gtk = &made.builds[0].picks[0].facts.nsvc;
        let found = format!("{}:{}:{} {}", gtk.name, gtk.stream, gtk.version, made.builds[0].new.nsvc.context);
        assert_eq!(found, expected, "{platform}");
    }
}

#[test]
fn what_the_request_says_goes_into_the_build() {
    let request = SubmitRequest {
        branch: Some("stable".to_owned()),
        rebuild_strategy: Some("only-changed".to_owned()),
        buildrequire_overrides: [("platform".to_owned(), vec!["f28".to_owned()])].into(),
        scratch: true,
        ..yaml("[{buildrequires: {platform: [f29]}, requires: {platform: []}}]")
    };
    let provider = Asked {
        inner: MemoryProvider::new([base("platform:f28:0:c10"), base("platform:f29:0:c11")]),
        names: Mutex::default(),
    };
    let made = submitted(&request, &SubmitPolicy::local(), &provider).expect("submission").submissions;
    let [build] = made.builds.as_slice() else { panic!("{made:?}") };
    assert_eq!(build.new.nsvc.to_string(), "app:master:2820180205135154:90da547c");
    assert_eq!((build.new.owner.as_str(), build.new.scratch), ("ann", true));
    assert_eq!(build.new.request.strategy, RebuildStrategy::OnlyChanged);
    let refs = build.new.request.sources.iter().flatten().map(|SourceRef { git_ref, .. }| git_ref.as_deref());
    assert_eq!(refs.collect::<Vec<_>>(), [Some("stable")]);
    let document = stored(build);
    assert_eq!(document.xmd_mbs().and_then(|mbs| mbs.get("branch")?.as_str()), Some("stable"));
    assert_eq!(*provider.names.lock().expect("names"), ["platform"], "each module is asked for once");
}

#[test]
fn the_first_step_that_refuses_gives_code_and_kind() {
    let provider = MemoryProvider::new([base("platform:f28:0:c10")]);
    let refused = |request: &SubmitRequest, policy: &SubmitPolicy| {
        let error = submitted(request, policy, &provider).expect_err("refused");
        (error.code(), error.kind().http_status())
    };
    let good = yaml("[{buildrequires: {platform: [f28]}}]");
    let local = SubmitPolicy::local();
    assert_eq!(refused(&good, &SubmitPolicy::default()).1, 403);
    let scm = SubmitRequest::scm(good.user.clone(), "https://git.example/app?#abc", "main");
    assert_eq!(refused(&scm, &local), ("MS0212", 422));
    assert_eq!(refused(&yaml("[{buildrequires: {platform: [f99]}}]"), &local), ("MR0102", 422));
    assert_eq!(refused(&yaml("[{buildrequires: {platform: [f28], gtk: []}}]"), &local), ("MS0202", 400));
    let overrides = [("perl".to_owned(), vec!["5".to_owned()])].into();
    assert_eq!(refused(&SubmitRequest { buildrequire_overrides: overrides, ..good }, &local).1, 400);
}

#[test]
fn a_source_package_stands_in_for_the_sources_of_a_component() {
    let provider = MemoryProvider::new([base("platform:f28:0:c10")]);
    let srpms = vec!["cli-build/7/a.src.rpm".to_owned(), "cli-build/7/b.src.rpm".to_owned()];
    let request = SubmitRequest { scratch: true, srpms, ..yaml("[{buildrequires: {platform: [f28]}}]") };
    let made = submitted(&request, &SubmitPolicy::local(), &provider).expect("submission").submissions;
    let source = made.builds[0].new.request.sources[1].as_ref().expect("a source");
    assert_eq!(source.srpm, Some(CustomSrpm::Upload("cli-build/7/a.src.rpm".to_owned())));
    assert_eq!((source.repository.as_str(), source.commit.as_deref()), ("", None));
    let document = stored(&made.builds[0]);
    let noted = document.xmd_mbs().and_then(|mbs| mbs.get("rpms")?.get("a")?.get("ref")?.as_str());
    assert_eq!(noted, Some(""));
    assert_eq!(made.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), ["MS0222"]);
}
