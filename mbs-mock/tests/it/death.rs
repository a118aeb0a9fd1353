//! What is left of a sandbox when the process that started it is killed: nothing.

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use mbs_mock::sandbox::{Job, Sandbox};

/// Tells the helper below where to work.
const WORK_VARIABLE: &str = "MBS_IT_DEATH_WORK";

/// Not a test of its own: the body of the process that gets killed.
#[test]
fn helper_that_runs_a_sandbox_until_it_is_killed() {
    let Some(work) = std::env::var_os(WORK_VARIABLE).map(PathBuf::from) else { return };
    let lock = File::open(work.join("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let marker = format!("1000.{}", std::process::id());
    let script =
        format!("setsid sleep {marker} & (setsid setsid sleep {marker} &) ; echo {marker} > ready; sleep {marker}");
    let log = File::create(work.join("log")).expect("a log");
    let sandbox = Sandbox::new(&work).expect("a sandbox");
    sandbox.adopt(Path::new("")).expect("adopted");
    let job = Job::new("sh", log).args(["-c", &script]).hold(Arc::new(OwnedFd::from(lock)));
    sandbox.run(job).expect("this process is killed before");
}

/// The processes whose command line contains a word.
fn processes_with(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("processes").flatten() {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if line.windows(word.len()).any(|part| part == word.as_bytes()) {
            found.push(entry.path().display().to_string());
        }
    }
    found
}

/// Reads what the sandbox writes into a named pipe, which also waits for it.
fn wait_until_ready(work: &Path) -> String {
    fs::read_to_string(work.join("ready")).expect("the pipe").trim().to_owned()
}

#[test]
fn nothing_of_a_sandbox_survives_its_killed_host_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let work = folder.path();
    File::create(work.join("lock")).expect("a lock file");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        work.join("ready"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a named pipe");
    #[expect(clippy::disallowed_methods, reason = "the test needs a process to kill")]
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "death::helper_that_runs_a_sandbox_until_it_is_killed"])
        .env(WORK_VARIABLE, work)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program starts");
    let marker = wait_until_ready(work);
    // Taken before anything is checked: a failing check must not leave the process behind.
    let seen = processes_with(&marker);
    let held = File::open(work.join("lock")).expect("the lock file").try_lock().is_err();
    child.kill().expect("killed with SIGKILL");
    child.wait().expect("it is dead");
    assert!(!seen.is_empty(), "the processes can be seen while they live");
    assert!(held, "the lock is held while they live");
    File::open(work.join("lock")).expect("the lock file").lock().expect("free once nothing is left");
    assert_eq!(processes_with(&marker), Vec::<String>::new());
}
