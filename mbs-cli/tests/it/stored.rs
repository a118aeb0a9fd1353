//! Commands about builds that are in the store.

use super::support::{Fate, Home, Stored};

#[test]
fn an_empty_store_lists_nothing_and_knows_no_build() {
    let home = Home::new();
    let ran = home.mbs(&["builds"]).with_code(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "no builds\n"));
    for command in ["show", "log", "watch", "cancel", "resume", "history", "rm"] {
        let ran = home.mbs(&[command, "7"]).with_code(1);
        assert!(ran.stderr.starts_with("error: there is no build 7\nhint: "), "{command}: {ran:?}");
    }
}

#[test]
fn builds_are_listed_the_newest_first_with_filters_and_pages() {
    let home = Home::new();
    let stored = Stored::new(&home);
    stored.add("one:1:1:aaaa0000", Fate::Ready);
    stored.add("one:2:1:aaaa0000", Fate::Failed);
    stored.add("two:1:18446744073709551615:aaaa0000", Fate::Ready);
    let text = home.mbs(&["builds"]).with_code(0).stdout;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("ID") && lines[1].starts_with("3 ") && lines[3].starts_with("1 "), "{text}");
    assert!(lines[3].contains("one:1:1:aaaa0000") && lines[3].contains("ready") && lines[3].contains("2/2"), "{text}");

    let ids = |args: &[&str]| -> Vec<u64> {
        let all = [&["builds", "--format", "json"], args].concat();
        let json = home.mbs(&all).with_code(0).json();
        json["builds"].as_array().expect("list").iter().filter_map(|build| build["id"].as_u64()).collect()
    };
    assert_eq!(ids(&[]), [3, 2, 1]);
    assert_eq!(ids(&["--state", "ready"]), [3, 1]);
    assert_eq!(ids(&["--state", "4", "--state", "ready"]), [3, 2, 1]);
    assert_eq!(ids(&["--name", "one"]), [2, 1]);
    assert_eq!(ids(&["--name", "one", "--stream", "2"]), [2]);
    assert_eq!(ids(&["--owner", "nobody"]), [0; 0]);
    assert_eq!(ids(&["--limit", "2", "--page", "2"]), [1]);
    let json = home.mbs(&["builds", "--limit", "1", "--format", "json"]).json();
    assert_eq!((&json["total"], &json["builds"][0]["version"]), (&3.into(), &"18446744073709551615".into()));
}

#[test]
fn show_tells_everything_but_credentials() {
    let home = Home::new();
    let stored = Stored::new(&home);
    stored.add("one:1:1:aaaa0000", Fate::Ready);
    stored.add("one:1:2:aaaa0000", Fate::Failed);
    let text = home.mbs(&["show", "1"]).with_code(0).stdout;
    for part in ["one:1:1:aaaa0000", "ready", "modulebuild/builds/module-one-1-1/results", "alpha-1-1", "1 s"] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    let json = home.mbs(&["show", "2", "--format", "json"]).with_code(0).json();
    assert_eq!((&json["build"]["state"], &json["build"]["blame"]), (&"failed".into(), &"user".into()));
    let alpha = &json["components"][1];
    assert_eq!((&alpha["name"], &alpha["state"], &alpha["attempt"]), (&"alpha".into(), &"failed".into(), &1.into()));
    assert_eq!(alpha["repository"], "https://***@git.example.org/alpha");
    for command in ["show", "history"] {
        for format in ["text", "json"] {
            let ran = home.mbs(&[command, "2", "--format", format]).with_code(0);
            assert!(!ran.stdout.contains("secret"), "{command} {format}: {ran:?}");
        }
    }
}

#[test]
fn history_is_every_event_in_order() {
    let home = Home::new();
    Stored::new(&home).add("one:1:1:aaaa0000", Fate::Failed);
    let json = home.mbs(&["history", "1", "--format", "json"]).with_code(0).json();
    let events: Vec<&str> =
        json.as_array().expect("list").iter().filter_map(|entry| entry["event"]["event"].as_str()).collect();
    assert_eq!(events.first(), Some(&"submitted"));
    assert_eq!(events.last(), Some(&"component_failed"));
    assert_eq!(json[0]["changes"][0]["nsvc"], "one:1:1:aaaa0000");
    let text = home.mbs(&["history", "1"]).with_code(0).stdout;
    assert_eq!(text.lines().count(), events.len() + 1);
    assert!(text.contains("alpha attempt 1: `%build` of the spec failed; -> failed"), "{text}");
}

#[test]
fn a_build_that_is_over_is_reported_by_watch_as_by_build() {
    let home = Home::new();
    let stored = Stored::new(&home);
    stored.add("one:1:1:aaaa0000", Fate::Ready);
    stored.add("one:1:2:aaaa0000", Fate::Failed);
    let repository = home.path().join("modulebuild/builds/module-one-1-1/results");
    home.write("modulebuild/builds/module-one-1-1/results/repodata/repomd.xml", "");
    for command in ["watch", "resume"] {
        let ran = home.mbs(&[command, "1"]).with_code(0);
        assert_eq!(ran.stdout.trim_end(), repository.to_str().expect("text"), "{command}");
    }
    home.write(".local/state/mbs/logs/2/alpha.1.log", "first\nlast words\n");
    let ran = home.mbs(&["watch", "2"]).with_code(1);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("last words\n---\nlog: "), "{ran:?}");
    assert!(ran.stderr.contains("error: build 2 of one:1:2:aaaa0000 failed: "), "{ran:?}");
    assert!(ran.stderr.contains("hint: `mbs log 2`"), "{ran:?}");
}

#[test]
fn log_finds_the_failed_component_by_itself() {
    let home = Home::new();
    let stored = Stored::new(&home);
    stored.add("one:1:1:aaaa0000", Fate::Failed);
    stored.add("one:1:2:aaaa0000", Fate::Init);
    home.write(".local/state/mbs/logs/1/alpha.1.log", "of alpha\n");
    home.write(".local/state/mbs/logs/1/module-build-macros.1.log", "of the macros\n");
    assert_eq!(home.mbs(&["log", "1"]).with_code(0).stdout, "of alpha\n");
    assert_eq!(home.mbs(&["log", "1", "--follow"]).with_code(0).stdout, "of alpha\n");
    assert_eq!(home.mbs(&["log", "1", "module-build-macros"]).with_code(0).stdout, "of the macros\n");
    let json = home.mbs(&["log", "1", "--format", "json"]).with_code(0).json();
    assert_eq!((&json["component"], &json["text"]), (&"alpha".into(), &"of alpha\n".into()));
    let ran = home.mbs(&["log", "1", "beta"]).with_code(1);
    assert!(ran.stderr.starts_with("error: build 1 has no component `beta`\nhint: "), "{ran:?}");
    home.mbs(&["log", "2"]).with_code(1);
}

#[test]
fn watch_tells_that_nobody_drives_a_build() {
    let home = Home::new();
    Stored::new(&home).add("one:1:1:aaaa0000", Fate::Init);
    // Ends once the line is there; the watch itself would go on.
    drop(home.start_until(&["watch", "1"], &["nobody drives build 1", "`mbs resume 1`"]));
}

#[test]
fn what_a_state_does_not_allow_is_refused() {
    let home = Home::new();
    let stored = Stored::new(&home);
    stored.add("one:1:1:aaaa0000", Fate::Ready);
    stored.add("one:1:2:aaaa0000", Fate::Init);
    let ran = home.mbs(&["cancel", "1"]).with_code(1);
    assert!(ran.stderr.contains("build 1 is in state `ready`: only a build in"), "{ran:?}");
    let ran = home.mbs(&["rm", "2"]).with_code(1);
    assert!(ran.stderr.contains("cannot be removed") && ran.stderr.contains("hint: `mbs cancel 2`"), "{ran:?}");
}

#[test]
fn rm_removes_the_build_with_its_files_and_results_on_request() {
    let home = Home::new();
    let stored = Stored::new(&home);
    for version in 1..=2 {
        let id = stored.add(&format!("one:1:{version}:aaaa0000"), Fate::Ready);
        home.write(&format!(".local/state/mbs/logs/{id}/alpha.1.log"), "x");
        home.write(&format!("modulebuild/builds/module-one-1-{version}/results/x.rpm"), "x");
    }
    home.mbs(&["rm", "1"]).with_code(0);
    home.mbs(&["rm", "2", "--results"]).with_code(0);
    assert_eq!(std::fs::read_dir(home.state().join("logs")).expect("logs").count(), 0);
    assert!(home.path().join("modulebuild/builds/module-one-1-1").exists());
    assert!(!home.path().join("modulebuild/builds/module-one-1-2").exists());
    assert_eq!(home.mbs(&["builds", "--format", "json"]).json()["total"], 0);
}

#[test]
fn gc_keeps_the_newest_of_each_stream_and_what_goes_on() {
    let home = Home::new();
    let stored = Stored::new(&home);
    for (nsvc, fate) in [
        ("one:1:1:aaaa0000", Fate::Ready),
        ("one:1:2:aaaa0000", Fate::Ready),
        ("one:2:1:aaaa0000", Fate::Ready),
        ("one:1:3:aaaa0000", Fate::Failed),
        ("one:1:4:aaaa0000", Fate::Init),
    ] {
        stored.add(nsvc, fate);
    }
    let told = home.mbs(&["gc", "--keep", "1", "--dry-run"]).with_code(0).stdout;
    assert_eq!(told, "would remove build 1 of one:1:1:aaaa0000\n");
    let removed = home.mbs(&["gc", "--keep", "1", "--format", "json"]).with_code(0).json();
    assert_eq!(removed["removed"], serde_json::json!([1]));
    let removed = home.mbs(&["gc", "--keep", "0", "--format", "json"]).with_code(0).json();
    assert_eq!(removed["removed"], serde_json::json!([2, 3, 4]));
    assert_eq!(home.mbs(&["builds", "--format", "json"]).json()["builds"][0]["id"], 5);
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let home = Home::new();
    Stored::new(&home).add("one:1:1:aaaa0000", Fate::Ready);
    let (reader, writer) = std::io::pipe().expect("pipe");
    drop(reader);
    let status = home.command(&["show", "1"]).stdout(writer).status().expect("run");
    assert_eq!(status.code(), Some(0));
}
