//! The sandbox against programs that try to get out of it.

use std::fs;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mbs_mock::sandbox::{BUILD_ID, Cancel, Ended, Privileges, Sandbox, SandboxError};

use crate::support::Place;

#[test]
fn the_probe_passes_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    Sandbox::probe(folder.path()).expect("this machine can make sandboxes");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn the_probe_of_a_folder_that_is_not_there_names_the_option() {
    let error = Sandbox::probe(Path::new("/nowhere/at/all")).expect_err("no folder");
    assert!(error.to_string().contains("--work-dir"), "{error}");
}

#[test]
fn the_exit_code_and_the_output_come_back() {
    let place = Place::new();
    assert_eq!(place.run("echo out; echo err >&2; exit 7"), (Ended::Exited(7), "out\nerr\n".to_owned()));
}

#[test]
fn an_ending_signal_comes_back() {
    assert_eq!(Place::new().run("kill -KILL $$").0, Ended::Signalled(9));
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let place = Place::new();
    let job = mbs_mock::sandbox::Job::new("no-such-program", place.log());
    let error = place.try_run(job).expect_err("no program");
    assert!(matches!(&error, SandboxError::Program { program, .. } if program == "no-such-program"), "{error}");
}

#[test]
fn nothing_outside_of_the_work_folder_can_be_written() {
    let place = Place::new();
    let script = "for folder in / /etc /usr /usr/lib /var /var/lib /home /root /opt /mnt /srv /run /dev /sys /boot; do
        test -d $folder || continue
        if touch $folder/mbs-escape 2>/dev/null; then echo \"wrote $folder\"; fi
    done
    touch /tmp/mbs-escape /var/tmp/mbs-escape /dev/shm/mbs-escape || echo private folders fail
    touch inside || echo the work folder fails";
    for privileges in [Privileges::None, Privileges::Namespace] {
        let (ended, log) = place.try_run(place.shell(script).privileges(privileges)).expect("the sandbox starts");
        assert_eq!((ended, log.as_str()), (Ended::Exited(0), ""));
    }
    for path in ["/tmp/mbs-escape", "/var/tmp/mbs-escape", "/dev/shm/mbs-escape"] {
        assert!(!Path::new(path).exists(), "{path}");
    }
    assert!(place.folder.path().join("inside").exists());
}

#[test]
fn mounts_cannot_be_made_writable_again() {
    let place = Place::new();
    let script = "mount -o remount,rw,bind /usr; umount /usr; umount -l /home; touch /usr/mbs-escape";
    let (ended, log) = place.run(script);
    assert_ne!(ended, Ended::Exited(0), "{log}");
    assert!(!Path::new("/usr/mbs-escape").exists());
}

#[test]
fn home_folders_are_hidden_but_the_work_folder_below_one_is_not() {
    let place = Place::new();
    assert_eq!(place.run("ls -A /home /root /run"), (Ended::Exited(0), "/home:\n\n/root:\n\n/run:\n".to_owned()));
    let home = std::env::home_dir().expect("a home folder");
    if tempfile::tempdir_in(&home).is_ok() {
        let place = Place::below(&home);
        assert_eq!(place.run("touch seen && ls -A /home /root | wc -l").0, Ended::Exited(0));
        assert!(place.folder.path().join("seen").exists());
    }
}

#[test]
fn a_home_folder_elsewhere_can_be_hidden() {
    let place = Place::new();
    let sandbox = place.sandbox.clone().hide(Path::new("/var/lib")).hide(Path::new("/not/there"));
    assert!(sandbox.run(place.shell("ls -A /var/lib; ls /usr | grep -q lib")).expect("starts").success());
    assert_eq!(fs::read_to_string(place.log_path()).expect("a log"), "");
}

#[test]
fn there_are_no_capabilities_and_none_can_be_gained() {
    let place = Place::new();
    let (_, log) = place.run("grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs)' /proc/self/status");
    for line in log.lines() {
        let (name, value) = line.split_once(":\t").expect("a status line");
        let expected = if name == "NoNewPrivs" { "1" } else { "0000000000000000" };
        assert_eq!(value, expected, "{name}");
    }
    assert_eq!(log.lines().count(), 6, "{log}");
}

#[test]
fn the_user_is_ordinary_inside_and_outside() {
    let place = Place::new();
    assert_eq!(place.run("id -u; id -g; touch made; stat -c %u:%g made").1, "1000\n1000\n1000:1000\n");
    let owner = fs::metadata(place.folder.path().join("made")).expect("the file").uid();
    let own = rustix::process::geteuid().as_raw();
    assert_eq!(owner, if own == 0 { BUILD_ID } else { own });
    assert_ne!(owner, 0);
}

#[test]
fn with_the_privileges_of_the_namespace_the_user_is_zero() {
    let place = Place::new();
    let job = place.shell("id -u; id -g; echo $USER; touch made").privileges(Privileges::Namespace);
    assert_eq!(place.try_run(job).expect("the sandbox starts").1, "0\n0\nroot\n");
    assert_ne!(fs::metadata(place.folder.path().join("made")).expect("the file").uid(), 0);
}

#[test]
fn the_work_folder_of_root_can_be_read_and_taken_over_afterwards() {
    let place = Place::new();
    place.run("mkdir -p deep/er; umask 077; echo secret > deep/er/file");
    mbs_mock::sandbox::reclaim(&place.folder.path().join("deep")).expect("taken over");
    let file = place.folder.path().join("deep/er/file");
    assert_eq!(fs::metadata(&file).expect("the file").uid(), rustix::process::geteuid().as_raw());
    assert_eq!(fs::read_to_string(file).expect("readable"), "secret\n");
}

#[test]
fn only_a_loopback_interface_exists() {
    let place = Place::new();
    let (_, log) = place.run("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; cat /proc/net/route | tail -n +2");
    assert_eq!(log, "lo\n");
}

#[test]
fn the_processes_of_the_host_are_not_visible() {
    let place = Place::new();
    let (_, log) = place.run("ls /proc | grep -c '^[0-9]'; cat /proc/1/environ /proc/1/mem 2>&1 | head -c 100");
    assert!(log.starts_with(['1', '2', '3', '4', '5', '6']) && log.contains("denied"), "{log}");
}

#[test]
fn the_environment_streams_and_limits_are_fixed() {
    let place = Place::new();
    let (_, log) = place.run("env | sort | grep -v '^_=\\|^PWD='; readlink /proc/self/fd/0; umask; ulimit -c; hostname; pwd; ls /proc/self/fd | tr '\\n' ' '");
    let expected = "HOME=/builddir\nLANG=C.UTF-8\nLOGNAME=mockbuild\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n\
                    SHELL=/bin/sh\nTMPDIR=/tmp\nTZ=UTC\nUSER=mockbuild\n/dev/null\n0022\n0\nlocalhost\n/builddir\n0 1 2 3 ";
    assert_eq!(log, expected);
}

#[test]
fn output_can_be_opened_again_by_name() {
    let place = Place::new();
    assert_eq!(
        place.run("echo once >> /dev/stderr; echo again >> /dev/stdout"),
        (Ended::Exited(0), "once\nagain\n".to_owned())
    );
}

#[test]
fn a_layer_is_merged_over_the_host_and_cannot_be_written() {
    let place = Place::new();
    for folder in ["root/usr/share/mbs-layer", "root/opt/mbs-layer"] {
        fs::create_dir_all(place.folder.path().join(folder)).expect("a tree");
    }
    place.sandbox.adopt(Path::new("root")).expect("adopted");
    let script = "test -x /usr/bin/env && ls -d /usr/share/mbs-layer /opt/mbs-layer; touch /usr/share/mbs-layer/x 2>/dev/null && echo wrote";
    let (_, log) = place.try_run(place.shell(script).layer("root")).expect("the sandbox starts");
    assert_eq!(log, "/opt/mbs-layer\n/usr/share/mbs-layer\n");
}

#[test]
fn shown_files_and_folders_are_read_only() {
    let place = Place::new();
    let other = tempfile::tempdir().expect("a folder");
    fs::write(other.path().join("file"), "text\n").expect("a file");
    for (path, mode) in [(other.path().to_owned(), 0o755), (other.path().join("file"), 0o644)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    }
    let job = place.shell("cat /inputs/0 /inputs/all/file; echo x > /inputs/0; touch /inputs/all/y; true");
    let job = job.show(other.path().join("file"), "/inputs/0").show(other.path(), "/inputs/all");
    let (_, log) = place.try_run(job).expect("the sandbox starts");
    assert!(log.starts_with("text\ntext\n"), "{log}");
    assert_eq!(fs::read_to_string(other.path().join("file")).expect("the file"), "text\n");
    assert!(!other.path().join("y").exists());
}

#[test]
fn places_inside_writable_folders_are_refused() {
    let place = Place::new();
    for target in ["/builddir/x", "/tmp/x", "relative", "/a/../b", "/"] {
        let error = place.try_run(place.shell("true").show("/usr", target)).expect_err(target);
        assert!(matches!(error, SandboxError::BadPath { .. }), "{error}");
    }
}

/// A lock that is free when nothing holds the returned file's copies any more.
fn lock_in(place: &Place) -> (std::path::PathBuf, Arc<OwnedFd>) {
    let path = place.folder.path().join("lock");
    let file = File::create(&path).expect("a lock file");
    file.lock().expect("the lock");
    (path, Arc::new(file.into()))
}

#[test]
fn the_time_limit_kills_grandchildren() {
    let place = Place::new();
    let (path, lock) = lock_in(&place);
    let job = place.shell("setsid sh -c 'sleep 1000; touch late' & sleep 1000");
    let job = job.time_limit(Some(Duration::from_millis(100))).hold(lock);
    assert_eq!(place.try_run(job).expect("the sandbox starts").0, Ended::TimedOut);
    File::open(path).expect("the lock file").lock().expect("free: nothing is left");
}

#[test]
fn processes_left_behind_end_with_the_program() {
    let place = Place::new();
    let (path, lock) = lock_in(&place);
    let job = place.shell("setsid sleep 1000 & exit 3").hold(lock);
    assert_eq!(place.try_run(job).expect("the sandbox starts").0, Ended::Exited(3));
    File::open(path).expect("the lock file").lock().expect("free: nothing is left");
}

#[test]
fn a_cancelled_job_ends_and_later_ones_with_it() {
    let place = Place::new();
    let cancel = Cancel::new();
    let running = place.sandbox.start(place.shell("sleep 1000").cancel(&cancel)).expect("starts");
    cancel.cancel();
    assert_eq!(running.wait().expect("an end"), Ended::Cancelled);
    let later = place.try_run(place.shell("sleep 1000").cancel(&cancel)).expect("starts");
    assert_eq!(later.0, Ended::Cancelled);
}

#[test]
fn a_dropped_job_is_killed() {
    let place = Place::new();
    let (path, lock) = lock_in(&place);
    drop(place.sandbox.start(place.shell("sleep 1000").hold(lock)).expect("starts"));
    File::open(path).expect("the lock file").lock().expect("free once it was killed");
}

#[test]
fn sandboxes_run_from_many_threads_at_once() {
    std::thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                let place = Place::new();
                assert_eq!(place.run(&format!("echo {number} > own; exit {number}")).0, Ended::Exited(number));
                assert_eq!(fs::read_to_string(place.folder.path().join("own")).expect("a file"), format!("{number}\n"));
            });
        }
    });
}

#[test]
fn links_planted_in_the_work_folder_are_not_followed_when_it_changes_hands() {
    let place = Place::new();
    let outside = tempfile::NamedTempFile::new().expect("a file");
    std::os::unix::fs::symlink(outside.path(), place.folder.path().join("link")).expect("a link");
    place.sandbox.adopt(Path::new("")).expect("adopted");
    assert_eq!(fs::metadata(outside.path()).expect("the file").uid(), rustix::process::geteuid().as_raw());
}
