//! The modulemd file a build starts from.

use crate::support::World;
use mbs_core::source::SourceError;
use mbs_core::submit::{DocumentSource as _, SubmitRequest};
use mbs_core::{Blame, Owner};
use mbs_fetch::{Documents, SystemClock};
use std::sync::Arc;

const DOC: &str = "document: modulemd\nversion: 2\n";

#[tokio::test]
async fn an_scm_url_gives_text_commit_branch_and_time() {
    let world = World::new();
    let repo = world.repo("modules/greenhouse.git");
    repo.write("greenhouse.yaml", DOC);
    repo.write("other.yaml", DOC);
    let commit = repo.commit("first");
    let fetcher = world.fetcher();
    let path = repo.0.display();
    for (source, branch) in [
        (format!("file://{path}?#main"), Some("main")),
        (format!("{path}?#main"), Some("main")),
        (format!("{path}?#{commit}"), None),
        (format!("{path}?#refs/heads/main"), Some("main")),
    ] {
        let found = fetcher.fetch_modulemd(&source).await.expect("fetched");
        assert_eq!((found.text.as_str(), found.file_name.as_str()), (DOC, "greenhouse.yaml"));
        assert_eq!(found.time.expect("time").to_rfc3339(), "2025-01-06T11:00:00+00:00");
        assert_eq!(found.name_hint.as_deref(), Some("greenhouse"));
        let scm = found.scm.expect("scm");
        assert_eq!((scm.commit, scm.branch.as_deref(), scm.url), (commit.clone(), branch, repo.url()));
    }
}

#[tokio::test]
async fn the_only_document_is_taken_and_several_are_listed() {
    let world = World::new();
    let repo = world.repo("collection");
    repo.write("README.md", "x");
    repo.write("ci.yaml", "image: x\n");
    repo.write("tool.yaml", DOC);
    repo.write("specs/inner.yaml", DOC);
    repo.commit("one");
    let fetcher = world.fetcher();
    let url = repo.0.display().to_string();
    assert_eq!(fetcher.fetch_modulemd(&format!("{url}?#main")).await.expect("scm").file_name, "tool.yaml");
    let found = fetcher.fetch_modulemd(&url).await.expect("folder");
    assert!(found.file_name.ends_with("/collection/tool.yaml"));
    assert_eq!(found.name_hint.as_deref(), Some("tool"), "the folder of a clone says nothing");
    let inner = fetcher.fetch_modulemd(&format!("{url}?specs#main")).await.expect("folder in repository");
    assert_eq!(inner.file_name, "specs/inner.yaml");
    repo.write("b.yml", DOC);
    repo.commit("two");
    for source in [url.clone(), format!("{url}?#main")] {
        let error = fetcher.fetch_modulemd(&source).await.expect_err("several");
        assert!(error.to_string().contains("`b.yml`, `tool.yaml`"), "{error}");
        assert_eq!(error.blame(), Blame::User);
    }
}

#[tokio::test]
async fn a_clean_checkout_gives_the_time_and_a_changed_one_does_not() {
    let world = World::new();
    let repo = world.repo("tool");
    repo.write("tool.yaml", DOC);
    repo.write("other", "x");
    let commit = repo.commit("first");
    let fetcher = world.fetcher();
    let file = repo.0.join("tool.yaml").display().to_string();
    let folder = repo.0.display().to_string();
    for source in [&file, &folder] {
        let found = fetcher.fetch_modulemd(source).await.expect("found");
        let scm = found.scm.expect("clean");
        assert_eq!((scm.commit, scm.branch.as_deref(), scm.url), (commit.clone(), Some("main"), repo.url()));
        assert_eq!(found.time.expect("time").timestamp(), 1_736_161_200);
        assert_eq!(found.name_hint.as_deref(), Some("tool"));
    }
    // A file that git does not know changes nothing, but has no time itself.
    repo.write("new.yaml", DOC);
    assert!(fetcher.fetch_modulemd(&file).await.expect("found").time.is_some());
    let new = repo.0.join("new.yaml").display().to_string();
    assert!(fetcher.fetch_modulemd(&new).await.expect("found").time.is_none());
    // Staged or not, a change elsewhere makes the checkout dirty.
    repo.write("other", "y");
    assert!(fetcher.fetch_modulemd(&file).await.expect("found").scm.is_none());
    repo.git(&["add", "other"]);
    assert!(fetcher.fetch_modulemd(&file).await.expect("found").scm.is_none());
}

#[tokio::test]
async fn a_file_outside_of_git_is_just_a_file() {
    let world = World::new();
    let path = world.path("plain.yaml");
    std::fs::write(&path, DOC).expect("write");
    let found = world.fetcher().fetch_modulemd(path.to_str().expect("UTF-8")).await.expect("found");
    assert_eq!((found.scm, found.time, found.name_hint.as_deref()), (None, None, Some("plain")));
    // The same on a machine without git.
    let mut options = World::options();
    options.git = "/nonexistent/git".into();
    world.fetcher_with(options).fetch_modulemd(path.to_str().expect("UTF-8")).await.expect("found");
}

#[tokio::test]
async fn sources_that_are_no_source_are_refused() {
    let world = World::new();
    let fetcher = world.fetcher();
    for source in ["ext::sh -c true?#main", "ext::sh", "--upload-pack=x?#main", "-x", "git+ext::sh?#x", "file:///x?#-y"]
    {
        let error = fetcher.fetch_modulemd(source).await.expect_err(source);
        assert!(matches!(error, SourceError::Url(_)), "{source}: {error}");
        assert_eq!(error.blame(), Blame::User);
    }
    let absent = fetcher.fetch_modulemd(world.path("absent.yaml").to_str().expect("UTF-8")).await.expect_err("absent");
    assert!(matches!(absent, SourceError::PathAbsent { .. }));
    let path = world.path("binary.yaml");
    std::fs::write(&path, b"a\xff").expect("write");
    let binary = fetcher.fetch_modulemd(path.to_str().expect("UTF-8")).await.expect_err("binary");
    assert!(matches!(binary, SourceError::NotText { offset: 1, .. }));
}

#[tokio::test]
async fn a_request_is_built_from_a_commit_of_its_branch_only() {
    let world = World::new();
    let repo = world.repo("greenhouse");
    repo.write("greenhouse.yaml", DOC);
    let first = repo.commit("first");
    repo.write("note", "x");
    repo.commit("second");
    repo.git(&["switch", "--quiet", "--create", "other"]);
    repo.write("note", "y");
    let aside = repo.commit("third");
    repo.git(&["switch", "--quiet", "main"]);
    let documents = Documents::new(Arc::new(world.fetcher()), Arc::new(SystemClock));
    let ask = |commit: &str, branch: &str| {
        let url = format!("file://{}?#{commit}", repo.0.display());
        SubmitRequest::scm(Owner::new("ann").expect("owner"), url, branch)
    };
    for (commit, branch) in [(first.as_str(), "main"), (first.as_str(), "other"), (aside.as_str(), "other")] {
        let found = documents.fetch(&ask(commit, branch)).await.expect("in the branch");
        assert_eq!(found.origin.commit.as_deref(), Some(commit));
    }
    let refused = documents.fetch(&ask(aside.as_str(), "main")).await.expect_err("in another branch");
    assert!(matches!(&refused, SourceError::NotInBranch { branch, .. } if branch == "main"), "{refused}");
    let absent = documents.fetch(&ask(first.as_str(), "nowhere")).await.expect_err("no such branch");
    assert!(matches!(&absent, SourceError::RefAbsent { .. }), "{absent}");
}
