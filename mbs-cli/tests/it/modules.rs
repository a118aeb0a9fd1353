//! Small modules in git repositories.

use super::support::Home;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A module `NAME:1` with component `quick` first and a component `NAME` after it, whose `%build` is `script`. Gives the
/// path of its document.
pub(crate) fn module(home: &Home, name: &str, script: &str) -> PathBuf {
    repository(home, "quick", "true");
    repository(home, name, script);
    let base = home.path().join("rpms");
    let base = base.display();
    home.write(
        &format!("{name}.yaml"),
        &format!(
            "document: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: \"1\"\n  version: 7\n  summary: x\n  \
             description: x\n  license: {{module: [MIT]}}\n  \
             dependencies: [{{buildrequires: {{platform: []}}, requires: {{platform: []}}}}]\n  components:\n    rpms:\n      \
             quick: {{rationale: x, repository: 'file://{base}/quick', ref: main}}\n      \
             {name}: {{rationale: x, repository: 'file://{base}/{name}', ref: main, buildorder: 1}}\n"
        ),
    )
}

fn repository(home: &Home, name: &str, script: &str) {
    let spec = format!(
        "Name: {name}\nVersion: 1\nRelease: 1%{{?dist}}\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\n%description\nx\n\n\
         %build\n{script}\n\n%files\n"
    );
    let path = home.write(&format!("rpms/{name}/{name}.spec"), &spec);
    commit(path.parent().expect("folder"));
}

/// Makes a repository with one commit, on branch `main`, of everything in a folder.
pub(crate) fn commit(folder: &Path) {
    for args in [&["init", "-q", "-b", "main"][..], &["add", "."], &["commit", "-q", "-m", "x"]] {
        let status = git().args(args).current_dir(folder).status().expect("git");
        assert!(status.success(), "git {args:?}");
    }
}

#[expect(clippy::disallowed_methods, reason = "repositories are what the tests build from")]
fn git() -> Command {
    let mut git = Command::new("git");
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for kind in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{kind}_NAME"), "ann").env(format!("GIT_{kind}_EMAIL"), "ann@example.org");
        git.env(format!("GIT_{kind}_DATE"), "@1700000000 +0000");
    }
    git
}
