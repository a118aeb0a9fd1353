//! Modules to build in tests, as git repositories.
#![expect(clippy::missing_panics_doc, reason = "a test that names what is not there should fail")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Git repositories made from a folder of plain files by `examples/make-repos.sh`.
///
/// Dates and identities are fixed: component commits are the same wherever the repositories stand, those of the
/// modules differ, because their modulemd holds the place. All methods are for tests and panic on a wrong name.
#[derive(Debug, Clone)]
pub struct Repositories {
    root: PathBuf,
    /// From `NAME` or `NAME@BRANCH` to the commit.
    commits: BTreeMap<String, String>,
}

impl Repositories {
    /// `greenhouse:1.0`, the example: five components in three batches, everything succeeds.
    pub fn greenhouse(dest: &Path) -> Self {
        Self::make(&workspace().join("examples/greenhouse"), dest)
    }

    /// `orchard:2`: ten components in four batches, three of them with look-aside tarballs, one for s390x only, two
    /// filtered; and the same as `orchard-after:2`, ordered by `buildafter`.
    ///
    /// Both have the branches `broken-compile`, `broken-check`, `missing-br`, `wrong-arch` and `bad-checksum`, where one
    /// component fails.
    pub fn orchard(dest: &Path) -> Self {
        Self::make(&workspace().join("tests/fixtures/orchard"), dest)
    }

    /// `alpha:1`, `beta:1` and `gamma:1`: a package of beta build-requires one of alpha and a macro of alpha's buildroot
    /// profile, a package of gamma build-requires packages of both. The documents build-require only the platform: what
    /// is built against is handed in. `wanting:1` asks for a package that alpha does not ship.
    pub fn chain(dest: &Path) -> Self {
        Self::make(&workspace().join("tests/fixtures/chain"), dest)
    }

    /// Makes repositories below `dest` from any such folder; the script says what the folder may hold.
    pub fn make(fixture: &Path, dest: &Path) -> Self {
        let script = workspace().join("examples/make-repos.sh");
        #[expect(clippy::disallowed_methods, reason = "this file owns the running of the script")]
        let mut shell = Command::new("sh");
        let done = shell.arg(&script).arg(fixture).arg(dest).stderr(Stdio::inherit()).output().expect("sh starts");
        assert!(done.status.success(), "`{}` failed for `{}`", script.display(), fixture.display());
        let lines = String::from_utf8(done.stdout).expect("the script prints names and hashes");
        let commit = |line: &str| {
            let (label, url) = line.split_once(' ')?;
            Some((label.to_owned(), url.rsplit_once("?#")?.1.to_owned()))
        };
        let commits = lines.lines().map(|line| commit(line).expect("a line is `LABEL URL?#COMMIT`")).collect();
        Self { root: dest.canonicalize().expect("the script made it"), commits }
    }

    /// A module `small:1` with one component of this name and spec.
    pub fn of_spec(dest: &Path, component: &str, spec: &str) -> Self {
        let fixture = dest.join("fixture");
        let folder = fixture.join("components").join(component);
        std::fs::create_dir_all(&folder).expect("folder");
        std::fs::write(folder.join(format!("{component}.spec")), spec).expect("spec");
        let modulemd = format!(
            "document: modulemd\nversion: 2\ndata:\n  stream: \"1\"\n  summary: Small\n  description: One component.\n  \
             license: {{module: [MIT]}}\n  dependencies:\n    - buildrequires: {{platform: []}}\n      \
             requires: {{platform: []}}\n  components:\n    rpms:\n      {component}:\n        rationale: Test.\n        \
             repository: \"@REPOS@/rpms/{component}\"\n        ref: main\n"
        );
        std::fs::write(fixture.join("small.yaml"), modulemd).expect("modulemd");
        Self::make(&fixture, &dest.join("repos"))
    }

    /// The folder of all repositories.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The URL prefix that the modulemd holds: `URL/rpms/PACKAGE`, `URL/cache/PACKAGE`.
    pub fn url(&self) -> String {
        format!("file://{}", self.root.display())
    }

    /// The modulemd file of a module, on `main`, in a clean checkout.
    pub fn modulemd(&self, module: &str) -> PathBuf {
        let path = self.root.join(format!("modules/{module}/{module}.yaml"));
        assert!(path.is_file(), "no module `{module}` in `{}`", self.root.display());
        path
    }

    /// A module's repository at a branch, as `URL?#BRANCH`.
    pub fn module_at(&self, module: &str, branch: &str) -> String {
        format!("{}/modules/{module}?#{branch}", self.url())
    }

    /// The commit of a component or module, of `NAME` on `main` or of `NAME@BRANCH`.
    pub fn commit(&self, label: &str) -> &str {
        self.commits.get(label).expect("a label the script printed")
    }

    /// Every label with its commit, sorted.
    pub fn commits(&self) -> impl Iterator<Item = (&str, &str)> {
        self.commits.iter().map(|(label, commit)| (label.as_str(), commit.as_str()))
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package is a folder of the workspace").to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha512};

    #[test]
    fn component_commits_do_not_depend_on_the_place() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (first, second) = (Repositories::greenhouse(one.path()), Repositories::greenhouse(two.path()));
        for package in ["libgauge", "greenhouse-rpm-macros", "gaugectl", "greenhouse-data", "python-greenhouse"] {
            assert_eq!(first.commit(package), second.commit(package));
        }
        assert_ne!(first.commit("greenhouse"), second.commit("greenhouse"));
        let text = std::fs::read_to_string(first.modulemd("greenhouse")).unwrap();
        assert!(text.contains(&format!("\"{}/rpms/libgauge\"", first.url())), "{text}");
    }

    #[test]
    fn each_failing_branch_of_orchard_changes_one_component() {
        let dir = tempfile::tempdir().unwrap();
        let orchard = Repositories::orchard(dir.path());
        let cases = [
            ("broken-compile", "pruner"),
            ("broken-check", "python-orchard"),
            ("missing-br", "orchard-almanac"),
            ("wrong-arch", "grafter"),
            ("bad-checksum", "orchard-lore"),
        ];
        for (branch, package) in cases {
            assert_ne!(orchard.commit(&format!("{package}@{branch}")), orchard.commit(package));
            for module in ["orchard", "orchard-after"] {
                assert_ne!(orchard.commit(&format!("{module}@{branch}")), orchard.commit(module));
            }
        }
        let changed = orchard.commits().filter(|(label, _)| label.contains('@') && !label.starts_with("orchard@"));
        assert_eq!(changed.filter(|(label, _)| !label.starts_with("orchard-after@")).count(), cases.len());
    }

    #[test]
    fn the_cache_holds_what_sources_lists_but_for_the_bad_checksum() {
        let dir = tempfile::tempdir().unwrap();
        let orchard = Repositories::orchard(dir.path());
        let cache = orchard.root().join("cache/orchard-lore/orchard-lore-5.tar.gz/sha512");
        let listed = std::fs::read_to_string(orchard.root().join("rpms/orchard-lore/sources")).unwrap();
        let good = listed.trim().rsplit_once(' ').unwrap().1.to_owned();
        let mut places = 0;
        for entry in std::fs::read_dir(cache).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(path.join("orchard-lore-5.tar.gz")).unwrap();
            let hash: Vec<String> = Sha512::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hash.concat(), good, "the bytes are the same in both places");
            places += 1;
        }
        assert_eq!(places, 2, "one true place and one under another hash");
    }
}
