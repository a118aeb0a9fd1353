//! Several processes at one build, and what signals do.

use super::modules::module;
use super::support::{Home, Started};
use rustix::process::Signal;

/// A build whose second component would take minutes, as far as that component.
fn slow(home: &Home) -> Started {
    module(home, "slow", "echo begun; sleep 300");
    home.start_until(&["build", "slow.yaml", "--platform", "platform:f28"], &["slow ", "building"])
}

fn state(home: &Home) -> (String, String) {
    let json = home.mbs(&["show", "1", "--format", "json"]).with_code(0).json();
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    (text(&json["build"]["state"]), text(&json["components"][2]["state"]))
}

#[test]
fn another_process_reads_watches_and_cancels_a_running_build() {
    let home = Home::new();
    let build = slow(&home);
    assert_eq!(state(&home), ("build".to_owned(), "building".to_owned()));
    let watch =
        home.start_until(&["build", "slow.yaml", "--platform", "platform:f28"], &["is being driven by process"]);
    let ran = home.mbs(&["cancel", "1"]).with_code(0);
    assert!(ran.stderr.contains("build 1 of slow:1:287:"), "{ran:?}");
    assert_eq!(state(&home), ("failed".to_owned(), "canceled".to_owned()));
    for other in [build.end(), watch.end()] {
        let ran = other.with_code(1);
        assert!(ran.stderr.contains("failed: Canceled by ann."), "{ran:?}");
    }
}

#[test]
fn ctrl_c_stops_components_without_blame_and_resume_starts_them_again() {
    let home = Home::new();
    let build = slow(&home);
    build.signal(Signal::INT);
    let ran = build.end().with_code(130);
    assert!(ran.stderr.contains("hint: `mbs resume 1` goes on"), "{ran:?}");
    assert_eq!(state(&home), ("build".to_owned(), "waiting".to_owned()));
    let resumed = home.start_until(&["resume", "1"], &["slow ", "building"]);
    resumed.signal(Signal::TERM);
    resumed.end().with_code(130);
    home.mbs(&["cancel", "1"]).with_code(0);
    home.mbs(&["rm", "1"]).with_code(0);
}

#[test]
fn after_a_kill_the_build_goes_on_at_once() {
    let home = Home::new();
    let build = slow(&home);
    build.signal(Signal::KILL);
    assert_eq!(build.end().code, None);
    let resumed = home.start_until(&["resume", "1"], &["slow ", "building"]);
    let ran = home.mbs(&["cancel", "1"]).with_code(0);
    assert!(ran.stderr.contains("is cancelled"), "{ran:?}");
    let ran = resumed.end().with_code(1);
    assert!(!ran.stderr.contains("quick  building"), "{ran:?}");
}

#[test]
fn a_build_whose_driver_was_killed_is_cancelled_to_its_end() {
    let home = Home::new();
    let build = slow(&home);
    build.signal(Signal::KILL);
    build.end();
    home.mbs(&["cancel", "1"]).with_code(0);
    assert_eq!(state(&home), ("failed".to_owned(), "canceled".to_owned()));
    // Nothing is left to be done: it can go.
    home.mbs(&["rm", "1"]).with_code(0);
}

#[test]
fn a_followed_log_ends_with_its_component() {
    let home = Home::new();
    let build = slow(&home);
    let mut follow = home.start_until(&["log", "1", "slow", "--follow"], &["==> ", "slow.1.log"]);
    follow.read_result_until("begun");
    home.mbs(&["cancel", "1"]).with_code(0);
    follow.end().with_code(0);
    build.end().with_code(1);
}
