//! A build that is killed again and again comes to the same result, and does nothing twice.

use crate::baseline::greenhouse;
use crate::same_bytes::assert_same;
use mbs_tests::fixture::Repositories;
use mbs_tests::mbs::{Mbs, Running, contents};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Ends a run at a moment that `random` chooses: some lines of progress later, or while a component's log grows. False
/// if the build was over before.
fn kill_somewhere(mut run: Running, logs: &Path, random: &mut fastrand::Rng) -> bool {
    for _ in 0..random.u32(1..5) {
        // Not every run has as many lines; then it is over.
        if run.line_within(Duration::from_mins(1)).is_none() {
            return run.kill();
        }
    }
    // Up to the given growth of the logs, or the next line: inside of an attempt, not only between two.
    let wanted = log_bytes(logs) + random.u64(0..6000);
    while log_bytes(logs) < wanted && !run.is_over() && run.line_within(Duration::from_millis(1)).is_none() {}
    run.kill()
}

fn log_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().filter_map(|entry| Some(entry.metadata().ok()?.len())).sum()
}

/// Kills a build until it is over; the number of kills.
fn build_with_kills(mbs: &Mbs, source: &str, random: &mut fastrand::Rng, most: u32) -> u32 {
    let mut kills = 0;
    let mut finished: Vec<String> = Vec::new();
    let mut args = vec!["build".to_owned(), source.to_owned()];
    while kills < most {
        if !kill_somewhere(mbs.start(&args), &mbs.path("state/logs/1"), random) {
            break;
        }
        kills += 1;
        let now = mbs.finished(1);
        assert!(finished.iter().all(|attempt| now.contains(attempt)), "{finished:?} became {now:?}");
        finished = now;
        // A kill before anything was stored leaves nothing to resume.
        if mbs.path("state/builds/1").exists() {
            args = vec!["resume".to_owned(), "1".to_owned()];
        }
    }
    let done = mbs.run(&args).expect(0);
    assert!(done.stdout.trim_end().ends_with("/results"), "{}", done.text());
    let now = mbs.finished(1);
    assert!(finished.iter().all(|attempt| now.contains(attempt)), "{finished:?} became {now:?}");
    nothing_was_built_twice(mbs, &now);
    kills
}

/// Each component has one attempt that finished, and the build knows that one.
fn nothing_was_built_twice(mbs: &Mbs, finished: &[String]) {
    let shown = mbs.json(&["show", "1"]);
    let mut attempts: BTreeMap<&str, u64> = BTreeMap::new();
    for name in finished {
        let (component, attempt) = name.rsplit_once('.').expect("attempt");
        assert!(attempts.insert(component, attempt.parse().expect("number")).is_none(), "{component} was built twice");
    }
    for component in shown["components"].as_array().expect("components") {
        let name = component["name"].as_str().expect("name");
        if component["nvr"].is_null() {
            assert!(!attempts.contains_key(name), "{name}");
        } else {
            assert_eq!(component["attempt"].as_u64(), attempts.get(name).copied(), "{name}");
        }
    }
    let history = mbs.json(&["history", "1"]).to_string();
    assert_eq!(history.matches("component_completed").count(), attempts.len(), "one completion of each");
}

#[test]
fn ten_kills_of_greenhouse_change_nothing() {
    let built = greenhouse();
    let mut random = fastrand::Rng::with_seed(7);
    let mut kills = 0;
    // A build may be over before it was killed often enough: then another one is begun.
    while kills < 10 {
        let folder = tempfile::tempdir().expect("folder");
        let mbs = Mbs::new(folder.path());
        let now = build_with_kills(&mbs, &built.modulemd(), &mut random, 10 - kills);
        assert!(now > 0, "the build was over before it could be killed");
        kills += now;
        assert_same(&contents(&built.repository), &contents(&mbs.repository(1)));
    }
}

#[test]
fn kills_of_a_graph_of_components_change_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let repositories = Repositories::orchard(&folder.path().join("repos"));
    let modulemd = repositories.modulemd("orchard-after").to_str().expect("text").to_owned();
    let undisturbed = Mbs::new(&folder.path().join("undisturbed"));
    undisturbed.ok(["build", &modulemd]);
    let killed = Mbs::new(&folder.path().join("killed"));
    let kills = build_with_kills(&killed, &modulemd, &mut fastrand::Rng::with_seed(11), 4);
    assert!(kills > 0);
    assert_same(&contents(&undisturbed.repository(1)), &contents(&killed.repository(1)));
}

#[test]
fn an_interrupted_build_stops_without_blame_and_goes_on_where_it_was() {
    let built = greenhouse();
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let mut run = mbs.start(["build", &built.modulemd()]);
    run.expect_line("libgauge               building");
    run.signal(rustix::process::Signal::INT);
    let done = run.finish().expect(130);
    assert!(done.stderr.contains("mbs resume 1"), "{}", done.text());
    assert_eq!(mbs.json(&["show", "1"])["build"]["state"], "build");
    // Each process of an attempt holds the attempt's lock.
    for entry in std::fs::read_dir(mbs.path("state/builds/1/locks")).expect("locks") {
        let path = entry.expect("entry").path();
        let file = std::fs::File::open(&path).expect("lock");
        assert!(file.try_lock().is_ok(), "`{}` is held", path.display());
    }
    let before = mbs.finished(1);
    assert!(before.contains(&"module-build-macros.1".to_owned()), "{before:?}");
    mbs.ok(["resume", "1"]);
    let after = mbs.finished(1);
    assert!(before.iter().all(|attempt| after.contains(attempt)), "{before:?} became {after:?}");
    nothing_was_built_twice(&mbs, &after);
    assert_same(&contents(&built.repository), &contents(&mbs.repository(1)));
}
