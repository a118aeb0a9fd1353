//! A machine that does not play along: full, read-only, locked.

use crate::baseline::greenhouse;
use crate::same_bytes::assert_same;
use mbs_tests::mbs::{Mbs, contents, run};

/// Runs a shell script where it may mount things, with `mbs` and its arguments as `"$@"`.
fn in_mount_namespace(mbs: &Mbs, script: &str, args: &[&str]) -> mbs_tests::mbs::Done {
    run(&mut mbs.command_under("unshare", &["-rm", "sh", "-c", script, "sh"], args))
}

#[test]
fn a_full_disk_fails_the_build_and_with_space_it_goes_on() {
    let built = greenhouse();
    // Different steps meet the end of the space.
    for size in ["700k", "2m"] {
        let folder = tempfile::tempdir().expect("folder");
        let mbs = Mbs::new(folder.path());
        for name in ["state", "work"] {
            std::fs::create_dir(mbs.path(name)).expect("folder");
        }
        // Where the state was full too, the first resume may only come to the end of the failure.
        let script = format!(
            "mount -t tmpfs -o size={size} none state && mkdir state/w && mount --bind state/w work || exit 99\n\
             \"$@\"; code=$?; echo \"first: $code\"\n\
             \"$1\" builds --format json >/dev/null || exit 98\n\
             mount -o remount,size=1g state || exit 97\n\
             \"$@\" || \"$@\"; echo \"second: $?\"; \"$1\" history 1 --format json | grep -c '\"blame\": \"user\"'; true"
        );
        let done = in_mount_namespace(&mbs, &script, &["build", &built.modulemd()]).expect(0);
        assert!(done.stdout.contains("first: 5\n") && done.stdout.contains("second: 0\n"), "{}", done.text());
        assert!(done.stdout.ends_with("\n0\n"), "nobody is blamed: {}", done.text());
        let results = mbs.path("results/module-greenhouse-1.0-1220250106120000/results");
        assert_same(&contents(&built.repository), &contents(&results));
    }
}

#[test]
fn folders_that_cannot_be_written_are_named() {
    let built = greenhouse();
    for option in ["--state-dir", "--work-dir", "--results"] {
        let folder = tempfile::tempdir().expect("folder");
        let mbs = Mbs::new(folder.path());
        std::fs::create_dir(mbs.path("fixed")).expect("folder");
        let script = "mount -t tmpfs -o ro none fixed || exit 99; exec \"$@\"";
        let place = mbs.path("fixed/here");
        let place = place.to_str().expect("text");
        let done = in_mount_namespace(&mbs, script, &["build", option, place, &built.modulemd()]).expect(5);
        assert!(done.stderr.contains(place) && done.stderr.contains("Read-only"), "{}", done.text());
        if option != "--state-dir" {
            assert_eq!(mbs.json(&["builds"])["total"], 0, "no build is begun that cannot go on");
        }
    }
}

#[test]
fn a_store_that_another_process_holds_is_told_and_left_alone() {
    let built = greenhouse();
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    mbs.ok(["builds"]);
    let holder = rusqlite::Connection::open(mbs.path("state/mbs.sqlite")).expect("database");
    holder.execute_batch("BEGIN IMMEDIATE").expect("lock");
    let done = mbs.run(["build", &built.modulemd()]).expect(5);
    assert!(done.stderr.contains("locked") || done.stderr.contains("busy"), "{}", done.text());
    drop(holder);
    assert_eq!(mbs.json(&["builds"])["total"], 0);
}
