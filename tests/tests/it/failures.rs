//! Exit code, state, blame and log of builds that fail.

use crate::baseline::greenhouse;
use crate::small::{module, spec};
use mbs_tests::fixture::Repositories;
use mbs_tests::mbs::{Done, Mbs};
use std::path::Path;

/// What is expected of a failed build.
struct Failed<'a> {
    code: i32,
    blame: &'a str,
    reason: &'a str,
    /// The component that failed, and words of its log.
    log: Option<(&'a str, &'a str)>,
}

/// Checks what is printed and what is stored.
#[track_caller]
fn check(mbs: &Mbs, id: u64, done: Done, expected: &Failed<'_>) {
    let done = done.expect(expected.code);
    assert!(done.stderr.contains(expected.reason), "{}", done.text());
    assert!(done.stdout.is_empty(), "{}", done.text());
    let shown = mbs.json(&["show", &id.to_string()]);
    assert_eq!(
        (&shown["build"]["state"], &shown["build"]["blame"]),
        (&"failed".into(), &expected.blame.into()),
        "{shown}"
    );
    assert!(shown["build"]["reason"].as_str().expect("reason").contains(expected.reason), "{shown}");
    match expected.log {
        None => assert!(shown["log"].is_null(), "{shown}"),
        Some((component, words)) => {
            let path = shown["log"].as_str().expect("a log");
            assert!(path.ends_with(&format!("logs/{id}/{component}.1.log")), "{path}");
            assert!(std::fs::read_to_string(path).expect("the log").contains(words), "{path}");
            assert!(done.stderr.contains(&format!("log: {path}\n")), "{}", done.text());
            assert_eq!(mbs.ok(["log", &id.to_string()]), std::fs::read_to_string(path).expect("the log"));
        }
    }
}

#[test]
fn a_component_that_fails_is_the_packagers_with_its_log() {
    let folder = tempfile::tempdir().expect("folder");
    let repositories = Repositories::orchard(&folder.path().join("repos"));
    let mbs = Mbs::new(folder.path());
    let cases = [
        ("broken-compile", "pruner", "`%build` of the spec failed", "error:"),
        ("broken-check", "python-orchard", "`%check` of the spec failed", "Executing(%check)"),
        ("missing-br", "orchard-almanac", "orchard-cider >= 9", "the module offers nothing"),
        ("wrong-arch", "grafter", "does not build on this machine", "Architecture is not included"),
        ("bad-checksum", "orchard-lore", "checksum of `orchard-lore-5.tar.gz`", "expected `sha512:"),
    ];
    for (id, (branch, component, reason, words)) in (1..).zip(cases) {
        let done = mbs.run(["build", "--again", &repositories.module_at("orchard", branch)]);
        check(&mbs, id, done, &Failed { code: 1, blame: "user", reason, log: Some((component, words)) });
    }
}

#[test]
fn a_failed_build_goes_on_with_what_it_has_when_it_is_asked_for_again() {
    let folder = tempfile::tempdir().expect("folder");
    let source = module(folder.path(), &spec("1%{?dist}", "", "exit 1"));
    let mbs = Mbs::new(folder.path());
    for attempt in 1..3 {
        let done = mbs.run(["build", &source]).expect(1);
        let log = format!("logs/1/small-one.{attempt}.log");
        assert!(done.stderr.contains(&log), "{}", done.text());
    }
    assert_eq!(mbs.finished(1), ["module-build-macros.1"]);
}

#[test]
fn what_a_module_or_component_names_and_is_not_there_is_the_packagers() {
    let built = greenhouse();
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    for (address, words) in [
        (built.repositories.module_at("greenhouse", "absent"), "ref `absent` does not exist"),
        (built.repositories.module_at("absent", "main"), "no git repository at"),
        ("absent.yaml".to_owned(), "`absent.yaml` does not exist"),
    ] {
        let done = mbs.run(["build", &address]).expect(1);
        assert!(done.stderr.contains(words), "{}", done.text());
    }

    let text = std::fs::read_to_string(built.modulemd()).expect("modulemd");
    let no_ref = text.replacen("ref: main", "ref: absent", 1);
    let no_repository = text.replacen("rpms/libgauge", "rpms/absent", 1);
    for (id, (text, reason)) in
        (1..).zip([(no_ref, "ref `absent` does not exist"), (no_repository, "no git repository at")])
    {
        let path = mbs.path(&format!("case{id}.yaml"));
        std::fs::write(&path, text).expect("written");
        let done = mbs.run(["build", path.to_str().expect("text")]).expect(1);
        assert!(done.stderr.contains(reason), "{}", done.text());
    }
    // All of this is found out before anything is stored.
    assert_eq!(mbs.json(&["builds"])["total"], 0);
}

#[test]
fn a_component_that_takes_too_long_is_ended() {
    let folder = tempfile::tempdir().expect("folder");
    let source = module(folder.path(), &spec("1%{?dist}", "", "echo begun; sleep 1000"));
    let mbs = Mbs::new(folder.path());
    let done = mbs.run(["build", "--timeout", "2s", &source]);
    check(
        &mbs,
        1,
        done,
        &Failed { code: 1, blame: "user", reason: "the time limit", log: Some(("small-one", "begun")) },
    );
}

#[test]
fn autorelease_without_its_tool_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let source = module(folder.path(), &spec("%autorelease", "", ""));
    let mbs = Mbs::new(folder.path());
    let done = mbs.run(["build", &source]);
    let log = Some(("small-one", "rpmautospec"));
    check(&mbs, 1, done, &Failed { code: 1, blame: "user", reason: "`%autorelease`", log });
}

#[test]
fn a_spec_that_does_not_parse_is_the_packagers() {
    let folder = tempfile::tempdir().expect("folder");
    let source = module(folder.path(), &spec("1%{?dist}", "Bogus: tag", ""));
    let mbs = Mbs::new(folder.path());
    let done = mbs.run(["build", &source]);
    let log = Some(("small-one", "Unknown tag"));
    check(&mbs, 1, done, &Failed { code: 1, blame: "user", reason: "the spec does not parse, line 7", log });
}

#[test]
fn a_killed_child_is_the_machines_fault() {
    let folder = tempfile::tempdir().expect("folder");
    // Inside of its PID namespace it can end everything but the first process, as the memory killer would.
    let source = module(folder.path(), &spec("1%{?dist}", "", "kill -9 -1"));
    let mbs = Mbs::new(folder.path());
    let done = mbs.run(["build", &source]);
    check(&mbs, 1, done, &Failed { code: 5, blame: "infra", reason: "signal 9", log: Some(("small-one", "kill -9")) });
}

#[test]
fn a_spec_changes_nothing_outside() {
    let folder = tempfile::tempdir().expect("folder");
    let outside = folder.path().join("outside");
    std::fs::create_dir(&outside).expect("folder");
    let place = outside.display();
    let macro_body = format!("%global written %(touch {place}/macro /etc/mbs-outside $HOME/mbs-outside; echo yes)");
    let build = format!("touch {place}/build || :\ntouch /etc/mbs-outside || :\ntouch /tmp/mbs-outside || :");
    let source = module(folder.path(), &spec("1%{?dist}", &macro_body, &build));
    let mbs = Mbs::new(folder.path());
    mbs.ok(["build", &source]);
    assert_eq!(std::fs::read_dir(&outside).expect("folder").count(), 0);
    for path in ["/etc/mbs-outside", "/tmp/mbs-outside"] {
        assert!(!Path::new(path).exists(), "{path}");
    }
    assert!(!mbs.path("home/mbs-outside").exists());
}
