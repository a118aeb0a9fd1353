//! Several processes over one state folder.

use crate::small::{module, spec};
use mbs_tests::mbs::{Mbs, Running};
use std::path::Path;

/// A build that goes on until the file `go` exists in the folder of its repository; started, and waiting.
struct Waiting {
    mbs: Mbs,
    source: String,
    run: Running,
}

fn waiting(folder: &Path) -> Waiting {
    // A pipe to nowhere blocks for ever; the limit ends a test that went wrong.
    let source = module(folder, &spec("1%{?dist}", "", "echo begun; sleep 600"));
    let mbs = Mbs::new(folder);
    let mut run = mbs.start(["build", &source]);
    run.expect_line("small-one            building");
    Waiting { mbs, source, run }
}

#[test]
fn others_see_a_running_build_and_can_cancel_it() {
    let folder = tempfile::tempdir().expect("folder");
    let Waiting { mbs, source, mut run } = waiting(folder.path());
    assert_eq!(mbs.json(&["builds"])["builds"][0]["state"], "build");
    assert_eq!(mbs.json(&["show", "1"])["components"][1]["state"], "building");
    let mut follow = mbs.start(["log", "1", "small-one", "--follow"]);
    follow.expect_line("begun");
    let mut watch = mbs.start(["watch", "1"]);
    // The same module again: who comes second watches.
    let mut second = mbs.start(["build", &source]);
    second.expect_line("is being driven by");
    let in_use = mbs.run(["rm", "1"]).expect(1);
    assert!(in_use.stderr.contains("mbs cancel 1"), "{}", in_use.text());

    let done = mbs.run(["cancel", "1"]).expect(0);
    assert!(done.stderr.contains("is cancelled"), "{}", done.text());
    // The cancel ends when the tasks have ended: by then the driver has seen it.
    let shown = mbs.json(&["show", "1"]);
    assert_eq!((&shown["build"]["state"], &shown["build"]["blame"]), (&"failed".into(), &"user".into()), "{shown}");
    let lock = std::fs::File::open(mbs.path("state/builds/1/locks/small-one.1")).expect("lock");
    assert!(lock.try_lock().is_ok(), "nothing of the attempt runs");
    run.expect_line("failed");
    assert_eq!(run.finish().status.code(), Some(1));
    assert!(watch.wait_for("failed"));
    assert_eq!(watch.finish().status.code(), Some(1));
    assert_eq!(second.finish().status.code(), Some(1));
    assert_eq!(follow.finish().status.code(), Some(0));
}

#[test]
fn an_interrupted_watcher_leaves_the_build_alone_and_a_dead_driver_is_replaced() {
    let folder = tempfile::tempdir().expect("folder");
    let Waiting { mbs, source, run } = waiting(folder.path());
    let mut second = mbs.start(["build", &source]);
    second.expect_line("is being driven by");
    second.signal(rustix::process::Signal::INT);
    assert_eq!(second.finish().status.code(), Some(130));
    assert_eq!(mbs.json(&["show", "1"])["components"][1]["state"], "building");
    let mut third = mbs.start(["build", &source]);
    third.expect_line("is being driven by");
    assert!(run.kill());
    // The lock of the dead process is free at once: the watcher takes over.
    third.expect_line("small-one            building");
    mbs.ok(["cancel", "1"]);
    assert_eq!(third.finish().status.code(), Some(1));
}

#[test]
fn a_finished_module_is_not_built_again_but_for_scratch() {
    let folder = tempfile::tempdir().expect("folder");
    let source = module(folder.path(), &spec("1%{?dist}", "", ""));
    let mbs = Mbs::new(folder.path());
    let first = mbs.ok(["build", &source]);
    assert_eq!(mbs.ok(["build", &source]), first);
    assert_eq!(mbs.json(&["builds"])["total"], 1);
    let scratch: Vec<String> = (0..2).map(|_| mbs.ok(["build", "--again", &source])).collect();
    assert!(scratch[0] != scratch[1] && !scratch.contains(&first), "{scratch:?}");
    assert_eq!(mbs.json(&["show", "3"])["build"]["scratch"], true);

    let removed = mbs.json(&["gc", "--keep", "1", "--results"]);
    assert_eq!(removed["removed"], serde_json::json!([2]));
    assert!(!mbs.path("state/logs/2").exists() && !mbs.path("state/builds/2").exists());
    assert!(!Path::new(scratch[0].trim_end()).exists() && Path::new(scratch[1].trim_end()).exists());
    mbs.ok(["rm", "1"]);
    assert!(Path::new(first.trim_end()).exists(), "results are kept unless asked for");
    assert_eq!(mbs.run(["show", "1"]).expect(1).stdout, "");
    assert_eq!(mbs.json(&["builds"])["total"], 1);
}
