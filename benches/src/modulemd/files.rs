//! What is read.

use super::generate::{Shape, generate};
use std::io;
use std::path::{Path, PathBuf};

/// Names of the folder with real files: from the environment, or beside the project.
const VARIABLE: &str = "MBS_BENCH_MODULEMD_DIR";
const BESIDE: &str = "../shared/data/modulemd";

/// The two indexes.
#[derive(Debug)]
pub struct Files {
    /// The modules a distribution was released with.
    pub release: PathBuf,
    /// The updates to them.
    pub updates: PathBuf,
    /// Whether they are real ones.
    pub real: bool,
    folder: tempfile::TempDir,
}

impl Files {
    /// Real files where they are present; else two indexes of that shape are written to a folder of their own.
    pub fn find() -> io::Result<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let real = std::env::var_os(VARIABLE).map_or_else(|| workspace.join(BESIDE), PathBuf::from);
        let folder = tempfile::tempdir()?;
        let (release, updates) = (real.join("f29.yaml"), real.join("f29-updates.yaml"));
        if release.is_file() && updates.is_file() {
            return Ok(Self { release, updates, real: true, folder });
        }
        let made = |name: &str, shape: &Shape| {
            let path = folder.path().join(name);
            std::fs::write(&path, generate(shape)).map(|()| path)
        };
        let (release, updates) = (made("release.yaml", &Shape::RELEASE)?, made("updates.yaml", &Shape::UPDATES)?);
        Ok(Self { release, updates, real: false, folder })
    }

    /// A folder for whatever else is made; gone with this value.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a text to a file of the folder, over what was there.
    pub fn write(&self, text: &str) -> io::Result<PathBuf> {
        let path = self.folder.path().join("made.yaml");
        std::fs::write(&path, text).map(|()| path)
    }
}
