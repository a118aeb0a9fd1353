//! A module that is built again takes the packages of what has not changed.

use mbs_core::build::{BuildOptions, ModuleBuild, ModuleState, NewBuild};
use mbs_core::reuse::{
    LocalFingerprint, RebuildStrategy, ReuseOptions, ReuseSource as _, StoreReuse, apply_reuse, own_bases, plan_reuse,
};
use mbs_core::{Blame, Version};
use mbs_tests::fixture::Repositories;
use mbs_tests::workshop::Workshop;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The repositories of a module with the components `base`, `lib` and, in a later batch, `app`.
fn repositories(folder: &Path, lib: &str) -> Repositories {
    let fixture = folder.join(format!("fixture-{lib}"));
    let mut components = String::new();
    for (name, more, header) in [("base", "", ""), ("lib", lib, ""), ("app", "", "BuildRequires: base, lib\n")] {
        let place = fixture.join("components").join(name);
        std::fs::create_dir_all(&place).expect("folder");
        let spec = format!(
            "Name: {name}\nVersion: 1\nRelease: 1%{{?dist}}\nSummary: Test {more}\nLicense: MIT\nBuildArch: noarch\n{header}\
             %description\nTest.\n%prep\n%build\n%install\n%files\n"
        );
        std::fs::write(place.join(format!("{name}.spec")), spec).expect("spec");
        let order = if name == "app" { 10 } else { 0 };
        components.extend(
            [
                &format!("      {name}: {{rationale: Test., repository: \"@REPOS@/rpms/{name}\", "),
                &format!("ref: main, buildorder: {order}}}\n"),
            ]
            .map(String::as_str),
        );
    }
    let modulemd = format!(
        "document: modulemd\nversion: 2\ndata:\n  stream: \"1\"\n  summary: Twice\n  description: Twice.\n  \
         license: {{module: [MIT]}}\n  dependencies:\n    - {{buildrequires: {{platform: []}}, requires: {{platform: []}}}}\n  \
         components:\n    rpms:\n{components}"
    );
    std::fs::write(fixture.join("twice.yaml"), modulemd).expect("modulemd");
    Repositories::make(&fixture, &folder.join(format!("repos-{lib}")))
}

/// A new version of the module, with what it takes from earlier ones. Stored, not built.
async fn store(workshop: &Workshop, source: &Repositories, version: u64, strategy: RebuildStrategy) -> ModuleBuild {
    let path = source.modulemd("twice");
    let mut new: NewBuild = workshop.submission(path.to_str().expect("path"), BuildOptions::default()).await.new;
    new.nsvc.version = Version(version);
    let request = Arc::make_mut(&mut new.request);
    request.strategy = strategy;
    request.fingerprint = Some(LocalFingerprint { platform: "this".to_owned(), ..LocalFingerprint::default() });
    for (spec, from) in request.plan.components.iter().zip(&mut request.sources) {
        if let Some(from) = from {
            from.commit = Some(source.commit(spec.name.as_str()).to_owned());
        }
    }
    let known = StoreReuse::new(workshop.ports.store.as_ref());
    let candidates = known.candidates(&new.nsvc.name, &new.nsvc.stream).await.expect("answer");
    let options = ReuseOptions { local: true, ..ReuseOptions::default() };
    let plan = plan_reuse(&new, &candidates, &Ok(own_bases(&new.request)), &options);
    apply_reuse(Arc::make_mut(&mut new.request), plan);
    let created = workshop.ports.store.create(&[new], workshop.ports.clock.now()).await.expect("stored");
    workshop.ports.store.load(created[0].header.id).await.expect("loaded")
}

async fn ready(workshop: &Workshop, build: &ModuleBuild) -> ModuleBuild {
    let build = workshop.drive(build.id()).await;
    assert_eq!(build.state(), ModuleState::Ready, "{:?}\n{}", build.failure(), workshop.log(&build, "app", 1));
    build
}

/// Each component with the version of the module that it was taken from; none if it was built.
fn taken(build: &ModuleBuild) -> Vec<(&str, Option<u64>)> {
    let of = |component: &mbs_core::build::ComponentBuild| {
        component.built.as_ref().and_then(|built| Some(built.reused_from.as_ref()?.nsvc.version.0))
    };
    build.components().skip(1).map(|(_, spec, component)| (spec.name.as_str(), of(component))).collect()
}

fn packages(workshop: &Workshop, build: &ModuleBuild) -> BTreeSet<String> {
    let entries = std::fs::read_dir(workshop.results(build)).expect("results");
    let names = entries.map(|entry| entry.expect("entry").file_name().into_string().expect("text"));
    names.filter(|name| name.ends_with(".noarch.rpm")).collect()
}

#[tokio::test]
async fn only_what_changed_is_built_again_and_its_packages_come_from_wherever_they_still_are() {
    let folder = tempfile::tempdir().expect("folder");
    let workshop = Workshop::with_database(folder.path());
    let (old, new) = (repositories(folder.path(), "old"), repositories(folder.path(), "new"));
    assert_eq!(old.commit("base"), new.commit("base"));

    let first = store(&workshop, &old, 1, RebuildStrategy::ChangedAndAfter).await;
    let first = ready(&workshop, &first).await;
    assert_eq!(taken(&first), [("base", None), ("lib", None), ("app", None)]);

    // `app` comes after `lib`, which has changed.
    let second = store(&workshop, &new, 2, RebuildStrategy::ChangedAndAfter).await;
    let second = ready(&workshop, &second).await;
    assert_eq!(taken(&second), [("base", Some(1)), ("lib", None), ("app", None)]);
    assert!(!workshop.log(&second, "base", 1).contains("building"), "{}", workshop.log(&second, "base", 1));
    let (before, after) = (packages(&workshop, &first), packages(&workshop, &second));
    let shared: Vec<&String> = before.intersection(&after).collect();
    assert!(matches!(shared.as_slice(), [one] if one.starts_with("base-1-1.module")), "{before:?} and {after:?}");

    // Back to the old `lib`: with only-changed `app` stays.
    let third = store(&workshop, &old, 3, RebuildStrategy::OnlyChanged).await;
    let third = ready(&workshop, &third).await;
    assert_eq!(taken(&third), [("base", Some(2)), ("lib", None), ("app", Some(2))]);

    // Nothing has changed: the macros are not built either. What is kept beside the results has gone.
    std::fs::remove_dir_all(folder.path().join(format!("state/builds/{}", third.id()))).expect("removed");
    let fourth = store(&workshop, &old, 4, RebuildStrategy::OnlyChanged).await;
    let fourth = ready(&workshop, &fourth).await;
    assert_eq!(taken(&fourth), [("base", Some(3)), ("lib", Some(3)), ("app", Some(3))]);
    assert_eq!(packages(&workshop, &fourth), packages(&workshop, &third));
    assert_eq!(workshop.log(&fourth, "module-build-macros", 1), "");
    let document = std::fs::read_to_string(workshop.results(&fourth).join("modules.yaml")).expect("document");
    assert!(document.contains("app-0:1-1.module"), "{document}");

    // A package that was changed is not taken.
    let fifth = store(&workshop, &new, 5, RebuildStrategy::OnlyChanged).await;
    let attempt = folder.path().join(format!("state/builds/{}/attempts/base.1", fourth.id()));
    for entry in std::fs::read_dir(attempt).expect("attempt") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|extension| extension == "rpm") {
            // The same file is in the result folders.
            let mut bytes = std::fs::read(&path).expect("package");
            *bytes.last_mut().expect("bytes") ^= 1;
            std::fs::write(&path, bytes).expect("written");
        }
    }
    let fifth = ready(&workshop, &fifth).await;
    assert_eq!(taken(&fifth), [("base", None), ("lib", None), ("app", Some(4))]);
    assert!(workshop.log(&fifth, "base", 1).contains("was changed after it was built"));

    // Where everything was to be taken, nothing can be built instead.
    let sixth = store(&workshop, &new, 6, RebuildStrategy::OnlyChanged).await;
    std::fs::remove_dir_all(folder.path().join(format!("state/builds/{}", fifth.id()))).expect("removed");
    std::fs::remove_dir_all(workshop.results(&fifth)).expect("removed");
    let failure = workshop.drive(sixth.id()).await.failure().expect("failed");
    assert_eq!(failure.blame, Blame::Infra);
    assert!(failure.reason.contains("not there any more"), "{failure}");
}
