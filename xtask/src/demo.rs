//! `demo`: from a fresh machine to a module repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::DemoOptions;
use crate::error::TaskError;
use crate::host::{self, DEMO, OsRelease};
use crate::{command, out, workspace};

/// The example, below `examples/`.
const EXAMPLE: &str = "greenhouse";

/// Installs what is missing, builds `mbs`, makes the example's git repositories and builds the module from them.
///
/// It may be run again: the repositories come out with the same commits, so `mbs` finds its finished build.
pub(crate) fn run(options: &DemoOptions) -> Result<(), TaskError> {
    host::ensure(DEMO, options.install)?;
    let folder = match &options.keep {
        Some(folder) => std::path::absolute(folder).map_err(TaskError::io("find", folder))?,
        None => workspace::target_dir().join("demo"),
    };
    fs::create_dir_all(&folder).map_err(TaskError::io("make", &folder))?;
    // Not optimised: the time of a module build is that of git, rpmbuild and createrepo_c.
    command::run(command::cargo("build").args(["--package", "mbs-cli", "--bin", "mbs"]))?;
    make_repositories(&folder)?;

    let results = folder.join("results");
    let mut build = mbs(&folder, "build");
    build.arg(folder.join(format!("repos/modules/{EXAMPLE}/{EXAMPLE}.yaml")));
    build.arg("--results").arg(&results);
    command::run(build.args(&options.mbs_args))?;

    let repository = find_repository(&results)?.ok_or_else(|| {
        TaskError::Check(format!("the build succeeded but `{}` holds no repository", results.display()))
    })?;
    let platform = OsRelease::of_this_machine()?.platform();
    let host = host_repository(&folder)?;
    out::say(&how_to_use(&repository, host.as_deref(), &folder.join("root"), platform.as_deref()));
    Ok(())
}

/// `mbs` with everything below this folder: a demonstration must leave no trace in the home folder.
fn mbs(folder: &Path, subcommand: &str) -> Command {
    let mut mbs = command::program(workspace::target_dir().join("debug/mbs"));
    mbs.env("XDG_CACHE_HOME", folder.join("cache"));
    mbs.arg(subcommand).arg("--state-dir").arg(folder.join("state"));
    mbs
}

/// The repository with the package that stands for this machine, where dnf cannot know the machine otherwise.
fn host_repository(folder: &Path) -> Result<Option<PathBuf>, TaskError> {
    let list = command::output(mbs(folder, "builds").args(["--limit", "1"]))?;
    let Some(newest) = list.lines().nth(1).and_then(|row| row.split_whitespace().next()) else { return Ok(None) };
    let shown = command::output(mbs(folder, "show").arg(newest))?;
    let line = shown.lines().find_map(|line| line.strip_prefix("host repository:"));
    Ok(line.map(|path| PathBuf::from(path.trim())))
}

/// Turns the example's plain files into git repositories below `folder/repos`.
fn make_repositories(folder: &Path) -> Result<(), TaskError> {
    let repos = folder.join("repos");
    remove(&repos)?;
    let example = workspace::root().join("examples");
    let mut script = command::program("sh");
    script.arg(example.join("make-repos.sh")).arg(example.join(EXAMPLE)).arg(&repos);
    let commits = command::output(&mut script)?;
    // The version of a build is its commit's time, which never changes here. An edited example would therefore be
    // taken for the build that is already finished.
    let seen = folder.join("commits");
    if fs::read_to_string(&seen).is_ok_and(|before| before != commits) {
        out::note("the example has changed since the last demo: starting afresh");
        remove(&folder.join("state"))?;
        remove(&folder.join("results"))?;
    }
    fs::write(&seen, commits).map_err(TaskError::io("write", &seen))
}

fn remove(folder: &Path) -> Result<(), TaskError> {
    if folder.exists() { fs::remove_dir_all(folder).map_err(TaskError::io("remove", folder)) } else { Ok(()) }
}

/// The newest folder at most three levels below `results` that holds a repository.
fn find_repository(results: &Path) -> Result<Option<PathBuf>, TaskError> {
    let mut found = Vec::new();
    let mut level = vec![results.to_path_buf()];
    for _ in 0..4 {
        let mut next = Vec::new();
        for dir in level {
            let index = dir.join("repodata/repomd.xml");
            if let Ok(time) = fs::metadata(&index).and_then(|meta| meta.modified()) {
                found.push((time, dir));
                continue;
            }
            let Ok(entries) = fs::read_dir(&dir) else { continue };
            for entry in entries {
                let path = entry.map_err(TaskError::io("list", &dir))?.path();
                if path.is_dir() {
                    next.push(path);
                }
            }
        }
        level = next;
    }
    Ok(found.into_iter().max().map(|(_, dir)| dir))
}

/// What to do with the repository. Where the system's packages are no RPMs, the module goes into a folder of its own,
/// beside the package that says what the machine offers.
fn how_to_use(repository: &Path, host: Option<&Path>, root: &Path, platform: Option<&str>) -> String {
    let path = repository.display();
    let platform = platform.unwrap_or("platform:STREAM");
    let module = format!("--setopt=module_platform_id={platform} --repofrompath={EXAMPLE},file://{path}");
    let (first, dnf) = match host {
        None => (String::new(), format!("sudo dnf {module} --setopt={EXAMPLE}.gpgcheck=0")),
        Some(host) => {
            let (host, root) = (host.display(), root.display());
            let dnf = format!(
                "unshare -r dnf -y --installroot={root} --releasever=1 --setopt=reposdir=/dev/null \
                 --setopt=gpgcheck=0 {module} --repofrompath=host,file://{host}"
            );
            (format!("  mkdir -p {root}\n"), dnf)
        }
    };
    format!(
        "\nThe module is a repository now. Look at its packages:\n  \
         rpm -qp --qf '%{{NEVRA}} %{{MODULARITYLABEL}}\\n' {path}/*.rpm\n\
         Use it with a dnf that knows modules:\n{first}  \
         {dnf} module list {EXAMPLE}\n  \
         {dnf} module install {EXAMPLE}:1.0/default\n\
         Repository:\n{path}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_ends_with_the_path_alone() {
        for host in [None, Some(Path::new("/some/host"))] {
            let text = how_to_use(Path::new("/some/results"), host, Path::new("/some/root"), Some("platform:f42"));
            assert_eq!(text.lines().last(), Some("/some/results"));
            assert!(text.contains("module_platform_id=platform:f42"), "{text}");
            let list = text.lines().find(|line| line.ends_with("module list greenhouse")).expect("a command");
            assert_eq!(list.contains("--repofrompath=host,file:///some/host"), host.is_some(), "{text}");
        }
    }

    #[test]
    fn a_repository_is_found_below_the_results_and_nothing_is_nothing() {
        let dir = workspace::target_dir().join("tmp/find-repository");
        remove(&dir).expect("removable");
        assert_eq!(find_repository(&dir).expect("readable"), None);
        let repository = dir.join("module-greenhouse-1.0-1/results");
        fs::create_dir_all(repository.join("repodata")).expect("writable");
        fs::write(repository.join("repodata/repomd.xml"), "").expect("writable");
        assert_eq!(find_repository(&dir).expect("readable"), Some(repository));
    }
}
