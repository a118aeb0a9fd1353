//! Locks as texts, and what is made of them.

mod repeating;

use super::*;
use crate::build::{BuildRequest, BuiltAgainst, ModuleState, NewBuild, SourceRef};
use crate::identity::Contexts;
use crate::modulemd::ModuleStream;
use crate::plan::{PlanComponent, PlanInput, plan};
use crate::resolve::{MemoryProvider, ModuleFacts, Provider as _};
use crate::source::{Checksum, ChecksumKind, CommitHash, LookasideEntry};
use crate::submit::PlannedBuild;
use crate::{Arch, ComponentName, Nsvc, Owner};
use chrono::{DateTime, Utc};
use futures::executor::block_on;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn time() -> DateTime<Utc> {
    DateTime::from_timestamp(1_613_048_427, 5).expect("time")
}

fn nsvc(text: &str) -> Nsvc {
    text.parse().expect("identity")
}

fn build(context: &str, component: &str, source: SourceRef) -> PlannedBuild {
    let arch = Arch::new("x86_64").expect("arch");
    let component = PlanComponent::new(ComponentName::new(component).expect("name"));
    let planned =
        plan(&PlanInput { components: vec![component], modules: Vec::new() }, &BTreeSet::from([arch.clone()]));
    let against = |text: &str, base| BuiltAgainst {
        nsvc: nsvc(text),
        direct: true,
        base,
        commit: Some("abc".to_owned()),
        koji_tag: None,
        repository: None,
    };
    let request = BuildRequest {
        sources: vec![None, Some(source)],
        built_against: vec![against("tools:1:5:c0ffee00", false), against("platform:f28:1:00000000", true)],
        ..BuildRequest::new("rpmbuild", arch, planned.expect("plan"))
    };
    let new = NewBuild {
        nsvc: nsvc(&format!("app:1:7:{context}")),
        owner: Owner::new("ann").expect("owner"),
        scratch: false,
        request: Arc::new(request),
    };
    let contexts = Contexts::compute(&BTreeMap::new(), &BTreeMap::new(), &BTreeSet::new());
    PlannedBuild { new, contexts, block: 0, picks: Vec::new(), document: ModuleStream::default() }
}

fn source(repository: &str) -> SourceRef {
    SourceRef {
        repository: repository.to_owned(),
        git_ref: Some("main".to_owned()),
        commit: Some(COMMIT.to_owned()),
        ..SourceRef::default()
    }
}

fn lock(repository: &str) -> Result<Lock, MakeLockError> {
    let builds = [build("c1", "pkg", source(repository)), build("c0", "pkg", source(repository))];
    let name = ComponentName::new("pkg").expect("name");
    let entry = LookasideEntry {
        path: "pkg-1.tar.gz".to_owned(),
        checksum: Checksum::new(ChecksumKind::Sha512, &"ab".repeat(64)).expect("checksum"),
    };
    Lock::of(LockInput {
        time: time(),
        modulemd: "document: modulemd\n",
        builds: &builds,
        files: &BTreeMap::from([(name, vec![entry])]),
        platform: Some("sha256:aa"),
        digests: &BTreeMap::from([(nsvc("tools:1:5:c0ffee00"), "sha256:bb".to_owned())]),
    })
}

#[test]
fn a_lock_is_written_in_one_form_with_all_that_was_chosen() {
    let lock = lock("https://bob:secret@src.example.org/rpms/pkg").expect("lock");
    let text = lock.to_string();
    let module = "  modules:\n  - nsvc: platform:f28:1:00000000\n    base: true\n    direct: true\n    commit: abc\n  \
                  - nsvc: tools:1:5:c0ffee00\n    base: false\n    direct: true\n    commit: abc\n    digest: sha256:bb\n";
    let expected = format!(
        "# Every choice of a submission. `mbs build --locked` repeats it.\ndocument: mbs-lock\nversion: 1\n\
         modulemd: {}\ntime: 1613048427\nplatform: sha256:aa\nbuilds:\n- nsvc: app:1:7:c0\n  block: 0\n{module}- nsvc: app:1:7:c1\n  block: 0\n\
         {module}components:\n  pkg:\n    repository: https://src.example.org/rpms/pkg\n    ref: main\n    \
         commit: \"{COMMIT}\"\n    files:\n    - path: pkg-1.tar.gz\n      checksum: sha512:{}\n",
        lock.modulemd,
        "ab".repeat(64)
    );
    assert_eq!(text, expected);
    assert_eq!(Lock::parse(&text), Ok(lock));
}

#[test]
fn what_is_not_known_cannot_be_locked() {
    let one = |source: SourceRef| {
        let builds = [build("c0", "pkg", source)];
        let (files, digests) = (BTreeMap::new(), BTreeMap::new());
        let input =
            LockInput { modulemd: "", time: time(), builds: &builds, files: &files, platform: None, digests: &digests };
        Lock::of(input).expect_err("refused").to_string()
    };
    let open = SourceRef { commit: None, ..source("https://src.example.org/rpms/pkg") };
    assert!(one(open).starts_with("the commit of component `pkg` is not known"));
    let refused = one(source("ftp://bob:secret@src.example.org/rpms/pkg"));
    assert!(refused.contains("`pkg`") && !refused.contains("secret"), "{refused}");
}

#[test]
fn everything_wrong_in_a_lock_file_is_told_with_its_place() {
    let good = lock("https://src.example.org/rpms/pkg").expect("lock").to_string();
    let bad = good
        .replace("nsvc: app:1:7:c0", "nsvc: app:1:seven:c0")
        .replace("commit: \"", "commit: \"x")
        .replace("https://src", "https://bob:secret@src");
    let Err(LockError::Malformed(problems)) = Lock::parse(&bad) else { panic!("accepted") };
    let places: Vec<(u32, u32, &str)> =
        problems.iter().map(|problem| (problem.line, problem.column, problem.key.as_str())).collect();
    assert_eq!(
        places,
        [(8, 9, "builds[0].nsvc"), (34, 17, "components.pkg.repository"), (36, 13, "components.pkg.commit")]
    );
    assert!(!problems.iter().any(|problem| problem.to_string().contains("secret")));

    let place = |text: &str| match Lock::parse(text) {
        Err(LockError::Malformed(problems)) => (problems[0].line, problems[0].message.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(place(&good.replace("    ref: main", "    branch: main")).0, 35);
    assert_eq!(place(&good.replace("block: 0", "block: [")).0, 11);
    assert!(place("").1.contains("no document"));
    assert!(place(&format!("{good}---\n{good}")).1.contains("more than one"));
    assert!(place("document: modulemd\nversion: 1\n").1.contains("`modulemd` is no lock file"));
    assert!(matches!(Lock::parse("document: mbs-lock\nversion: 2\nnew: 1\n"), Err(LockError::Version { found: 2 })));
}

#[test]
fn every_difference_is_named_with_both_sides() {
    let locked = lock("https://src.example.org/rpms/pkg").expect("lock");
    assert_eq!(locked.check(&locked), Ok(()));
    let mut found = locked.clone();
    found.platform = None;
    found.builds.remove(1);
    found.builds[0].modules[1].nsvc = nsvc("tools:1:6:c0ffee00");
    let name = ComponentName::new("pkg").expect("name");
    let pkg = found.components.get_mut(&name).expect("component");
    pkg.commit = CommitHash::new("f".repeat(40)).expect("commit");
    pkg.files.push(LockedFile { path: "new".to_owned(), checksum: locked.modulemd.clone() });
    let differences = locked.check(&found).expect_err("differs");
    let texts: Vec<String> = differences.iter().map(ToString::to_string).collect();
    let expect = |text: &str| assert!(texts.iter().any(|one| one == text), "{text}: {texts:#?}");
    expect("`platform` is absent, locked is `sha256:aa`");
    expect("`builds.app:1:c1.version` is absent, locked is `7`");
    expect("`builds.app:1:c0.modules.tools` is `tools:1:6:c0ffee00`, locked is `tools:1:5:c0ffee00`");
    expect(&format!("`components.pkg.commit` is `{}`, locked is `{COMMIT}`", "f".repeat(40)));
    expect(&format!("`components.pkg.files.new` is `{}`, the lock file does not have it", locked.modulemd));
}

fn facts(text: &str) -> ModuleFacts {
    ModuleFacts::new(nsvc(text), ModuleState::Ready)
}

#[test]
fn an_expansion_sees_locked_builds_only_and_is_told_of_those_that_are_gone() {
    let pins = lock("https://src.example.org/rpms/pkg").expect("lock").pins();
    assert_eq!(
        pins.commit(&ComponentName::new("pkg").expect("name")).map(ToString::to_string).as_deref(),
        Some(COMMIT)
    );
    let all = MemoryProvider::new(["tools:1:5:c0ffee00", "tools:1:6:c0ffee00", "other:1:1:c0ffee00"].map(facts));
    let pinned = PinnedProvider::new(Arc::new(all), Arc::new(pins));
    let seen = |name: &str| block_on(pinned.builds(&name.parse().expect("name")));
    let tools: Vec<String> = seen("tools").expect("builds").iter().map(|facts| facts.nsvc.to_string()).collect();
    assert_eq!(tools, ["tools:1:5:c0ffee00"]);
    assert!(seen("other").expect("builds").is_empty());
    let error = seen("platform").expect_err("gone").to_string();
    assert!(error.contains("`platform:f28:1:00000000`, which nobody knows any more"), "{error}");
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9_][a-zA-Z0-9_+.~-]{0,8}".prop_filter("a name", |text| ComponentName::new(text).is_ok())
}

fn some_nsvc() -> impl Strategy<Value = Nsvc> {
    (name(), name(), any::<u64>(), name()).prop_map(|(n, s, v, c)| nsvc(&format!("{n}:{s}:{v}:{c}")))
}

fn checksum() -> impl Strategy<Value = Checksum> {
    (0..4usize, "[0-9a-f]{128}").prop_map(|(kind, digits)| {
        let kind = ChecksumKind::ALL[kind];
        Checksum::new(kind, &digits[..kind.hex_len()]).expect("checksum")
    })
}

fn module() -> impl Strategy<Value = LockedModule> {
    (some_nsvc(), any::<(bool, bool)>(), proptest::option::of(".{0,12}"), proptest::option::of("[ -~]{0,12}"))
        .prop_map(|(nsvc, (base, direct), commit, digest)| LockedModule { nsvc, base, direct, commit, digest })
}

fn component() -> impl Strategy<Value = LockedComponent> {
    let file = ("[a-z]{1,3}/?[^\\x00]{1,6}", checksum()).prop_map(|(path, checksum)| LockedFile { path, checksum });
    (name(), proptest::option::of(".{0,12}"), "[0-9a-f]{40}", proptest::collection::vec(file, 0..3)).prop_map(
        |(name, reference, commit, mut files)| {
            files.sort();
            let repository = format!("https://src.example.org/rpms/{name}");
            LockedComponent { repository, reference, commit: CommitHash::new(commit).expect("commit"), files }
        },
    )
}

fn any_lock() -> impl Strategy<Value = Lock> {
    let build =
        (some_nsvc(), 0..9usize, proptest::collection::vec(module(), 0..3)).prop_map(|(nsvc, block, mut modules)| {
            modules.sort();
            LockedBuild { nsvc, block, modules }
        });
    let components = proptest::collection::btree_map(name(), component(), 0..4);
    let inputs = (checksum(), any::<u64>(), proptest::option::of(".{0,12}"));
    (inputs, proptest::collection::vec(build, 0..3), components).prop_map(
        |((modulemd, time, platform), mut builds, components)| {
            builds.sort();
            let named = |(name, one): (String, LockedComponent)| (ComponentName::new(name).expect("name"), one);
            Lock { modulemd, time, platform, builds, components: components.into_iter().map(named).collect() }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(lock in any_lock()) {
        let text = lock.to_string();
        prop_assert_eq!(Lock::parse(&text), Ok(lock), "{}", text);
    }

    #[test]
    fn other_readers_read_the_same(lock in any_lock()) {
        let value: serde_yaml::Value = serde_yaml::from_str(&lock.to_string()).expect("YAML");
        for (name, component) in &lock.components {
            let read = &value["components"][name.as_str()];
            prop_assert_eq!(read["repository"].as_str(), Some(component.repository.as_str()));
            prop_assert_eq!(read["ref"].as_str(), component.reference.as_deref());
            for (at, file) in component.files.iter().enumerate() {
                prop_assert_eq!(read["files"][at]["path"].as_str(), Some(file.path.as_str()));
            }
        }
    }

    #[test]
    fn credentials_never_survive(
        user in "user-[a-z]{4}",
        password in "pass-[A-Za-z0-9%!$]{4,8}",
        scheme in "(git[+])?https?|ssh|ftp",
    ) {
        let made = lock(&format!("{scheme}://{user}:{password}@src.example.org/rpms/pkg"));
        let text = match made {
            Ok(lock) => format!("{lock}\n{lock:?}"),
            Err(error) => format!("{error}\n{error:?}"),
        };
        prop_assert!(!text.contains(&user) && !text.contains("pass-"), "{}", text);
    }
}
