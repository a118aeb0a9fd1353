//! One undisturbed build of greenhouse by the command line, shared by the tests that look at it.

use mbs_tests::fixture::Repositories;
use mbs_tests::mbs::{Done, Mbs};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A finished build.
pub(crate) struct Baseline {
    /// Where its sources are. Others build from them too: the addresses are part of the result.
    pub(crate) repositories: Repositories,
    /// Where it was built; its number is 1.
    pub(crate) mbs: Mbs,
    /// How the build ended.
    pub(crate) done: Done,
    /// Its repository.
    pub(crate) repository: PathBuf,
}

/// The build, made by the first test that asks for it.
pub(crate) fn greenhouse() -> &'static Baseline {
    static BUILT: OnceLock<Baseline> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("greenhouse");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("what an earlier run left can be removed");
        }
        std::fs::create_dir_all(&folder).expect("folder");
        let repositories = Repositories::greenhouse(&folder.join("repos"));
        let mbs = Mbs::new(&folder.join("mbs"));
        let modulemd = repositories.modulemd("greenhouse");
        let done = mbs.run(["build", modulemd.to_str().expect("text")]).expect(0);
        let repository = mbs.repository(1);
        Baseline { repositories, mbs, done, repository }
    })
}

impl Baseline {
    /// The modulemd file.
    pub(crate) fn modulemd(&self) -> String {
        self.repositories.modulemd("greenhouse").to_str().expect("text").to_owned()
    }
}

/// The packages in a folder, sorted.
pub(crate) fn rpms(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("result folder").map(|entry| entry.expect("entry").path());
    let mut found: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "rpm")).collect();
    found.sort();
    found
}
