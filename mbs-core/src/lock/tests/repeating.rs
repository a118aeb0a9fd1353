//! Locking a submission and repeating it.

use super::*;
use crate::resolve::ProviderError;
use crate::reuse::LocalFingerprint;
use crate::source::{
    Checkout, CheckoutRequest, GitRef, RefKind, RefRequest, RepositoryUrl, ResolvedRef, Source, SourceError,
};
use crate::submit::{Fingerprints, SubmitError};
use crate::{BuildId, ModuleName, Version};
use async_trait::async_trait;
use std::path::Path;

const REPOSITORY: &str = "https://src.example.org/rpms/pkg";
const DOCUMENT: &str = "document: modulemd\n";

/// A place where everything can be found out, or nothing.
struct Place {
    platform: &'static str,
    works: bool,
}

const HERE: Place = Place { platform: "sha256:aa", works: true };

#[async_trait]
impl LookasideLists for Place {
    async fn files(
        &self,
        component: &ComponentName,
        source: &SourceRef,
        commit: &CommitHash,
    ) -> Result<Vec<LookasideEntry>, SourceError> {
        assert_eq!(source.commit.as_deref(), Some(commit.as_str()));
        if !self.works {
            return Err(SourceError::RefAbsent { repository: "r".to_owned(), reference: commit.to_string() });
        }
        let checksum = Checksum::new(ChecksumKind::Sha512, &"ab".repeat(64)).expect("checksum");
        Ok(vec![LookasideEntry { path: format!("{component}-1.tar.gz"), checksum }])
    }
}

#[async_trait]
impl Fingerprints for Place {
    async fn of(&self, request: &BuildRequest) -> Result<LocalFingerprint, ProviderError> {
        if !self.works {
            let name = ModuleName::new("tools").expect("name");
            return Err(ProviderError { name, problem: "its packages are gone".to_owned(), source: None });
        }
        let modules = request.built_against.iter().filter(|one| !one.base);
        let dependencies = modules.map(|one| (one.nsvc.to_string(), format!("sha256:{}", one.nsvc.stream))).collect();
        Ok(LocalFingerprint { platform: self.platform.to_owned(), dependencies })
    }

    async fn recorded(&self, _: BuildId) -> Option<LocalFingerprint> {
        None
    }
}

fn locking<'a>(place: &'a Place, modulemd: &'a str) -> Locking<'a> {
    Locking { modulemd, time: time(), lists: place, parallel: 2, fingerprints: Some(place) }
}

fn builds() -> Vec<PlannedBuild> {
    vec![build("c0", "pkg", source(REPOSITORY)), build("c1", "pkg", source(REPOSITORY))]
}

fn locked() -> Lock {
    block_on(locking(&HERE, DOCUMENT).lock(&builds())).expect("lock")
}

fn differences(result: Result<(), LockingError>) -> (Vec<String>, Option<String>) {
    match result {
        Err(LockingError::Differs(found)) => {
            let keys = found.differences.iter().map(|one| one.key.clone()).collect();
            (keys, found.beyond.map(|problem| problem.to_string()))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_lock_has_what_the_machine_offers_and_the_same_submission_is_equal() {
    let locked = locked();
    assert_eq!(locked.platform.as_deref(), Some("sha256:aa"));
    assert_eq!(locked.builds[1].modules[1].digest.as_deref(), Some("sha256:1"));
    assert_eq!(locked.components.values().map(|one| one.files.len()).collect::<Vec<_>>(), [1]);
    assert_eq!(locked.document_time().map(|time| time.timestamp()), Some(1_613_048_427));
    block_on(locking(&HERE, DOCUMENT).compare(&locked, &builds(), &[])).expect("equal");
}

#[test]
fn what_is_made_elsewhere_has_no_digests_and_is_not_what_was_locked_here() {
    let place = Locking { fingerprints: None, ..locking(&HERE, DOCUMENT) };
    let lock = block_on(place.lock(&builds())).expect("lock");
    assert_eq!((&lock.platform, &lock.builds[0].modules[1].digest), (&None, &None));
    let (keys, _) = differences(block_on(place.compare(&locked(), &builds(), &[])));
    assert!(keys.contains(&"platform".to_owned()) && keys.contains(&"builds.app:1:c0.modules.tools.digest".to_owned()));
}

#[test]
fn every_kind_of_difference_is_told_together() {
    let other = Place { platform: "sha256:cc", works: true };
    let mut builds = builds();
    for build in &mut builds {
        let moved = SourceRef { commit: Some("f".repeat(40)), ..source(REPOSITORY) };
        Arc::make_mut(&mut build.new.request).sources[1] = Some(moved);
    }
    builds[1].new.nsvc.version = Version(8);
    let late = Locking { time: DateTime::from_timestamp(5, 0).expect("time"), ..locking(&other, "changed") };
    let (keys, beyond) = differences(block_on(late.compare(&locked(), &builds, &[])));
    // The files of another commit are not told.
    assert_eq!(keys, ["builds.app:1:c1.version", "components.pkg.commit", "modulemd", "platform", "time"]);
    assert_eq!(beyond, None);
}

#[test]
fn what_cannot_be_found_out_hides_no_difference() {
    let broken = Place { works: false, ..HERE };
    let error = block_on(locking(&broken, DOCUMENT).compare(&locked(), &builds(), &[])).expect_err("broken");
    assert!(matches!(error, LockingError::Submit(SubmitError::Sources(_))), "{error:?}");
    let found = block_on(locking(&broken, "changed").compare(&locked(), &builds(), &[]));
    let text = found.as_ref().expect_err("changed").to_string();
    assert!(text.starts_with("1 choice is not as locked:\n  `modulemd`: the document was changed"), "{text}");
    assert!(text.contains("\n  the rest is not known: "), "{text}");
    let (keys, beyond) = differences(found);
    assert_eq!((keys.as_slice(), beyond.is_some()), (&["modulemd".to_owned()][..], true));
    assert!(matches!(block_on(locking(&broken, DOCUMENT).lock(&builds())), Err(LockingError::Submit(_))));
}

#[test]
fn only_what_wanted_builds_are_built_against_is_looked_at() {
    let mut builds = builds();
    Arc::make_mut(&mut builds[1].new.request).built_against[0].nsvc = nsvc("tools:2:5:c0ffee00");
    let mut locked = block_on(locking(&HERE, DOCUMENT).lock(&builds)).expect("lock");
    locked.builds[1].modules[1].digest = Some("sha256:other".to_owned());
    let compare = |contexts: &[String]| block_on(locking(&HERE, DOCUMENT).compare(&locked, &builds, contexts));
    compare(&["c0".to_owned()]).expect("equal");
    let (keys, _) = differences(compare(&["c1".to_owned()]));
    assert_eq!(keys, ["builds.app:1:c1.modules.tools.digest"]);
    assert_eq!(differences(compare(&[])).0, keys);
}

#[test]
fn builds_that_are_gone_are_told_with_the_changed_document() {
    let lock = locked();
    let known = MemoryProvider::new(["platform:f28:1:00000000", "tools:1:6:c0ffee00"].map(facts));
    let (keys, beyond) = differences(block_on(lock.check_inputs("changed", &known)));
    assert_eq!(keys, ["builds.app:1:c0.modules.tools", "builds.app:1:c1.modules.tools", "modulemd"]);
    assert_eq!(beyond, None);
    let known = MemoryProvider::new(["platform:f28:1:00000000", "tools:1:5:c0ffee00"].map(facts));
    block_on(lock.check_inputs("changed", &known)).expect("all of them are there");
}

#[test]
fn a_refused_submission_is_the_fault_of_a_changed_document() {
    let lock = locked();
    assert!(matches!(lock.refused(DOCUMENT, SubmitError::NoName), LockingError::Submit(SubmitError::NoName)));
    let (keys, beyond) = differences(Err(lock.refused("changed", SubmitError::NoName)));
    assert_eq!((keys, beyond), (vec!["modulemd".to_owned()], Some(SubmitError::NoName.to_string())));
}

#[test]
fn a_platform_that_was_assumed_is_known_by_its_form() {
    let mut lock = locked();
    let platform = lock.assumed_platform().map(|(name, stream)| format!("{name}:{stream}"));
    assert_eq!(platform.as_deref(), Some("platform:f28"));
    lock.builds[0].modules[0].nsvc = nsvc("platform:f29:1:00000000");
    assert_eq!(lock.assumed_platform(), None, "there are two");
    lock.builds.remove(1);
    assert!(lock.assumed_platform().is_some());
    lock.builds[0].modules[0].nsvc = nsvc("platform:f29:3:00000000");
    assert_eq!(lock.assumed_platform(), None, "it is a build of its own");
}

/// Answers every ref with one commit.
struct Moved;

#[async_trait]
impl Source for Moved {
    async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
        let commit = CommitHash::new("f".repeat(40)).expect("commit");
        let answer = |request: &RefRequest| {
            assert_eq!(request.component.as_str(), "new", "it is locked");
            Ok(ResolvedRef { component: request.component.clone(), commit: commit.clone(), kind: RefKind::Branch })
        };
        requests.iter().map(answer).collect()
    }

    async fn checkout(&self, _: &CheckoutRequest, dest: &Path) -> Result<Checkout, SourceError> {
        Err(SourceError::PathAbsent { path: dest.display().to_string() })
    }
}

#[test]
fn refs_of_locked_components_are_not_looked_up() {
    let request = |name: &str| RefRequest {
        component: ComponentName::new(name).expect("name"),
        repository: RepositoryUrl::parse(REPOSITORY).expect("address"),
        reference: Some(GitRef::new("main").expect("ref")),
    };
    let pins = locked().pins();
    let answers = block_on(PinnedSource::new(&Moved, &pins).resolve(&[request("new"), request("pkg")]));
    let commits: Vec<String> = answers.into_iter().map(|one| one.expect("found").commit.to_string()).collect();
    assert_eq!(commits, ["f".repeat(40), COMMIT.to_owned()]);
}
