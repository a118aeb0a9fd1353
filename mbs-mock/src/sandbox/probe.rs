//! Whether a sandbox can be made around a folder.

use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

use super::error::SandboxError;
use super::job::{Ended, Job};
use super::run::Sandbox;

/// Looks for what the layer brings, for the host's files under it, and writes once.
const SCRIPT: &str = "test -e /usr/mbs-probe && test -x /bin/sh && : > /builddir/written";

impl Sandbox {
    /// Makes a sandbox of the full kind in a new folder in `work_dir`, and removes that again. Mounting works in one
    /// folder and fails in another (network file systems, overlays on overlays), so this is to be tried with the
    /// real one. An error says what to do.
    pub fn probe(work_dir: &Path) -> Result<(), SandboxError> {
        let folder = |action| move |source| SandboxError::Folder { path: work_dir.to_owned(), action, source };
        let place = tempfile::Builder::new().prefix(".probe-").tempdir_in(work_dir);
        let place = place.map_err(folder("making a folder in it"))?;
        let usr = place.path().join("root/usr");
        fs::create_dir_all(&usr).map_err(folder("making a folder in it"))?;
        fs::write(usr.join("mbs-probe"), b"").map_err(folder("writing into it"))?;
        let log_path = place.path().join("log");
        let log = OpenOptions::new().create(true).append(true).open(&log_path).map_err(folder("writing into it"))?;
        let sandbox = Self::new(place.path())?;
        sandbox.adopt(Path::new(""))?;
        let job = Job::new("/bin/sh", log).args(["-c", SCRIPT]).layer("root").time_limit(Some(PROBE_LIMIT));
        let ended = sandbox.run(job)?;
        let said = fs::read(&log_path).map_err(folder("reading the log of the probe"))?;
        let unsound = |what: String| SandboxError::Unsound { path: work_dir.to_owned(), what };
        if ended != Ended::Exited(0) {
            return Err(unsound(format!("the probe ended with {ended:?} and wrote `{}`", said.escape_ascii())));
        }
        if !place.path().join("written").exists() {
            return Err(unsound("a file written inside did not appear outside".to_owned()));
        }
        Ok(())
    }
}

/// More than any machine needs.
const PROBE_LIMIT: Duration = Duration::from_mins(1);
