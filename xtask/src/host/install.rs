//! Installing system packages with the distribution's own tool.

use std::path::Path;
use std::process::Command;

use super::os_release::{OsRelease, PackageManager};
use super::packages::{self, Need};
use super::privilege::Privilege;
use crate::cli::Install;
use crate::error::TaskError;
use crate::{command, out};

/// Makes sure that everything in `needs` is there, and installs what is not.
///
/// Root is asked for only if something is missing. With [`Install::OnlyShow`] nothing is changed: a missing need is an
/// error, and the command that would install it is printed.
pub(crate) fn ensure(needs: &[Need], install: Install) -> Result<(), TaskError> {
    let search = packages::search_path();
    let missing = packages::missing(needs, &search);
    if missing.is_empty() {
        return Ok(());
    }
    let programs: Vec<&'static str> = missing.iter().map(|need| need.name).collect();
    let Some(manager) = OsRelease::of_this_machine()?.package_manager() else {
        let how = "this distribution is not known here; install them with its own tool".to_owned();
        return Err(TaskError::MissingPackages { programs, how });
    };
    let names = packages::packages(&missing, manager);
    let privilege = Privilege::of_this_process(&search);
    if install == Install::OnlyShow || privilege == Privilege::None {
        let words: Vec<String> =
            steps(manager, &names, privilege, lists_are_empty()).iter().map(|step| step.join(" ")).collect();
        // On standard output and alone, so that it can be piped into a shell.
        out::say(&words.join(" && "));
        let who = if privilege == Privilege::None { "run the command above as root" } else { "run the command above" };
        return Err(TaskError::MissingPackages { programs, how: who.to_owned() });
    }
    out::note(&format!("installing what is missing ({}): {}", programs.join(", "), names.join(" ")));
    if let Err(err) = run_all(&steps(manager, &names, privilege, lists_are_empty())) {
        // Package lists that are there may be too old to name files that still exist.
        if manager != PackageManager::Apt {
            return Err(err);
        }
        out::note("that failed; trying again with fresh package lists");
        run_all(&steps(manager, &names, privilege, true))?;
    }
    let still = packages::missing(needs, &search);
    if still.is_empty() {
        return Ok(());
    }
    let how = format!("the packages {} are installed but did not bring them", names.join(" "));
    Err(TaskError::MissingPackages { programs: still.iter().map(|need| need.name).collect(), how })
}

/// The commands, as words, that install `names`.
fn steps(manager: PackageManager, names: &[&str], privilege: Privilege, update: bool) -> Vec<Vec<String>> {
    let mut prefix = Vec::new();
    if privilege == Privilege::Sudo {
        prefix.push("sudo");
    }
    let line = |words: &[&str]| prefix.iter().chain(words).map(|&word| word.to_owned()).collect::<Vec<String>>();
    match manager {
        PackageManager::Apt => {
            let mut steps = Vec::new();
            if update {
                steps.push(line(&["apt-get", "update"]));
            }
            // `env`, because sudo drops the caller's environment.
            let install =
                ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends"];
            steps.push(line(&[&install, names].concat()));
            steps
        }
        PackageManager::Dnf => {
            vec![line(&[&["dnf", "install", "-y", "--setopt=install_weak_deps=False"], names].concat())]
        }
    }
}

fn run_all(steps: &[Vec<String>]) -> Result<(), TaskError> {
    steps.iter().try_for_each(|words| {
        let (program, args) = words.split_first().expect("a step names its program");
        let mut step: Command = command::program(program);
        command::run(step.args(args))
    })
}

/// A fresh machine or container image has no package lists.
fn lists_are_empty() -> bool {
    lists_are_empty_in(Path::new("/var/lib/apt/lists"))
}

fn lists_are_empty_in(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return true };
    !entries
        .filter_map(Result::ok)
        .any(|entry| entry.file_name().to_str().is_some_and(|name| name.contains("_Packages")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(manager: PackageManager, privilege: Privilege, update: bool) -> Vec<String> {
        steps(manager, &["rpm", "git"], privilege, update).iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn apt_updates_only_when_asked_and_never_asks_back() {
        let install = "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends rpm git";
        assert_eq!(lines(PackageManager::Apt, Privilege::Root, false), [install]);
        assert_eq!(
            lines(PackageManager::Apt, Privilege::Sudo, true),
            ["sudo apt-get update".to_owned(), format!("sudo {install}")]
        );
    }

    #[test]
    fn dnf_needs_one_command() {
        let install = "dnf install -y --setopt=install_weak_deps=False rpm git";
        assert_eq!(lines(PackageManager::Dnf, Privilege::Root, true), [install]);
    }

    #[test]
    fn a_folder_without_package_lists_is_empty() {
        assert!(lists_are_empty_in(Path::new("/nonexistent")));
        assert!(lists_are_empty_in(Path::new(env!("CARGO_MANIFEST_DIR"))));
    }

    #[test]
    fn nothing_missing_needs_neither_root_nor_a_known_distribution() {
        ensure(&[], Install::OnlyShow).expect("nothing to do");
    }
}
