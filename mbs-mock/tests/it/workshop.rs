//! Runs rpm and its companions for the tests, in a folder of their own.

#![expect(clippy::unwrap_used, reason = "a helper of a test may end the test")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;

/// A folder in which packages are built.
pub(crate) struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn run<T: AsRef<OsStr>>(&self, program: &str, arguments: &[T]) -> Output {
        #[expect(clippy::disallowed_methods, reason = "tests run rpm to compare with it")]
        std::process::Command::new(program)
            .args(arguments)
            .env("LC_ALL", "C")
            .env("HOME", self.path())
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    /// Builds packages from a spec that needs no sources; gives the files, sorted by name.
    pub(crate) fn build(&self, spec: &str, mode: &str) -> Vec<PathBuf> {
        let output = self.rpmbuild(spec, mode, "no-database", &["--nodeps"]);
        assert!(output.status.success(), "{}", String::from_utf8(output.stderr).unwrap());
        let mut found = Vec::new();
        let mut open = vec![self.path().join("top/RPMS"), self.path().join("top/SRPMS")];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }

    pub(crate) fn rpmbuild(&self, spec: &str, mode: &str, database: &str, extra: &[&str]) -> Output {
        let file = self.path().join("test.spec");
        fs::write(&file, spec).unwrap();
        let mut arguments = vec![mode.to_owned()];
        for (name, value) in [("_topdir", "top"), ("_dbpath", database)] {
            arguments.push("--define".to_owned());
            arguments.push(format!("{name} {}/{value}", self.path().display()));
        }
        arguments.extend(["--define".to_owned(), "_build_id_links none".to_owned()]);
        arguments.extend(extra.iter().map(|text| (*text).to_owned()));
        arguments.push(file.display().to_string());
        self.run("rpmbuild", &arguments)
    }

    /// Makes a database in which the packages are installed.
    pub(crate) fn install(&self, database: &str, rpms: &[PathBuf]) {
        let path = self.path().join(database).display().to_string();
        assert!(self.run("rpm", &["--dbpath", &path, "--initdb"]).status.success());
        let mut arguments = vec!["--dbpath".to_owned(), path, "-i".to_owned(), "--justdb".to_owned()];
        arguments.extend(["--nodeps".to_owned(), "--noscripts".to_owned()]);
        arguments.extend(rpms.iter().map(|rpm| rpm.display().to_string()));
        let output = self.run("rpm", &arguments);
        assert!(output.status.success(), "{}", String::from_utf8(output.stderr).unwrap());
    }
}

/// The start of a spec; `lines` follow in the preamble.
pub(crate) fn spec(name: &str, version: &str, lines: &str) -> String {
    format!(
        "Name: {name}\nVersion: {version}\nRelease: 1\nSummary: For a test\nLicense: MIT\nBuildArch: noarch\n{lines}\n\
         %description\nFor a test.\n\n%files\n"
    )
}
