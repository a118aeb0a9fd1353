//! All other tests once more as an ordinary user, when they are run by root.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

/// A user that owns nothing here.
const ORDINARY: u32 = 54_321;

#[test]
fn an_ordinary_user_gets_the_same() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: the other tests run as an ordinary user already");
        return;
    }
    if !Path::new("/usr/bin/setpriv").exists() {
        eprintln!("skipped: needs setpriv");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("it");
    fs::copy(std::env::current_exe().expect("this program"), &program).expect("copied");
    for path in [folder.path(), &program] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a mode");
        chown(path, Some(ORDINARY), Some(ORDINARY)).expect("given away");
    }
    let id = ORDINARY.to_string();
    #[expect(clippy::disallowed_methods, reason = "the test changes the user of a process")]
    let output = Command::new("setpriv")
        .args(["--reuid", &id, "--regid", &id, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"])
        .arg(&program)
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .env_remove("TMPDIR")
        .output()
        .expect("setpriv starts");
    assert!(output.status.success(), "{}", output.stdout.escape_ascii().to_string().replace("\\n", "\n"));
}
