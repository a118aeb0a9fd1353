//! The programs a build calls, and what to install where one is missing.

use std::fmt::Write as _;

use semver::Version;
use thiserror::Error;

use crate::host::first_version;
use crate::platform::OsRelease;
use crate::programs::{arguments, run};

/// A program that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// The program.
    pub program: &'static str,
    /// The oldest version that can do what is asked of it.
    pub minimum: Version,
    /// Its package on Debian and what is made from it.
    pub apt: &'static str,
    /// Its package on Fedora and what is made from it.
    pub dnf: &'static str,
}

/// What every build needs.
///
/// rpm 4.15 brought `%generate_buildrequires`; createrepo_c 0.15 has every option that is used here; git 2.18 speaks
/// the protocol that fetches a single commit.
pub fn tools() -> Vec<Tool> {
    let tool = |program, minimum: (u64, u64), apt, dnf| Tool {
        program,
        minimum: Version::new(minimum.0, minimum.1, 0),
        apt,
        dnf,
    };
    vec![
        tool("rpm", (4, 15), "rpm", "rpm-build"),
        tool("rpmbuild", (4, 15), "rpm", "rpm-build"),
        tool("createrepo_c", (0, 15), "createrepo-c", "createrepo_c"),
        tool("git", (2, 18), "git", "git-core"),
    ]
}

/// A program that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundTool {
    /// The program.
    pub program: &'static str,
    /// Its version.
    pub version: Version,
}

/// What is wrong with a program.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ToolProblem {
    /// It cannot be started.
    #[error("`{program}` is not installed")]
    Missing {
        /// The program.
        program: &'static str,
    },
    /// It is too old.
    #[error("`{program}` is version {found}, expected {minimum} or newer")]
    TooOld {
        /// The program.
        program: &'static str,
        /// Its version.
        found: Version,
        /// The oldest that will do.
        minimum: Version,
    },
    /// It does not say which version it is.
    #[error("`{program} --version` names no version")]
    Unversioned {
        /// The program.
        program: &'static str,
    },
}

/// Programs are missing or too old.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}; {install}", .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
pub struct MissingTools {
    /// Every program with a problem.
    pub problems: Vec<ToolProblem>,
    /// What to do: a command for this distribution, or the names of the packages.
    pub install: String,
}

/// Asks every program of [`tools`] for its version. Blocks.
pub fn check_tools(release: &OsRelease) -> Result<Vec<FoundTool>, MissingTools> {
    let answers = tools().into_iter().map(|tool| {
        let answer = run(tool.program, &arguments(["--version"])).ok();
        let text = answer.map(|bytes| String::from_utf8(bytes).unwrap_or_default());
        (tool, text)
    });
    judge(answers, release)
}

/// Judges what the programs answered; `None` is one that could not be run.
pub fn judge(
    answers: impl IntoIterator<Item = (Tool, Option<String>)>,
    release: &OsRelease,
) -> Result<Vec<FoundTool>, MissingTools> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let mut wanting = Vec::new();
    for (tool, answer) in answers {
        let program = tool.program;
        let problem = match answer.as_deref().map(tool_version) {
            None => ToolProblem::Missing { program },
            Some(None) => ToolProblem::Unversioned { program },
            Some(Some(version)) if version < tool.minimum => {
                ToolProblem::TooOld { program, found: version, minimum: tool.minimum.clone() }
            }
            Some(Some(version)) => {
                found.push(FoundTool { program, version });
                continue;
            }
        };
        problems.push(problem);
        wanting.push(tool);
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(MissingTools { problems, install: install_hint(&wanting, release) })
    }
}

/// The command that installs packages on this distribution.
fn install_hint(wanting: &[Tool], release: &OsRelease) -> String {
    let packages = |name: fn(&Tool) -> &'static str| {
        let mut names: Vec<&str> = Vec::new();
        for tool in wanting {
            if !names.contains(&name(tool)) {
                names.push(name(tool));
            }
        }
        names.join(" ")
    };
    let (apt, dnf) = (packages(|tool| tool.apt), packages(|tool| tool.dnf));
    if release.is_like("debian") || release.is_like("ubuntu") {
        return format!("install with `apt-get install {apt}`");
    }
    if release.is_like("fedora") || release.is_like("rhel") || release.is_like("centos") {
        return format!("install with `dnf install {dnf}`");
    }
    let mut text = "install the packages that hold these programs".to_owned();
    // Writing to a string cannot fail.
    let _ = write!(text, " (Debian: `{apt}`, Fedora: `{dnf}`)");
    text
}

/// The first version in the answer, cut or filled to three numbers: rpm has released `4.19.1.1`.
fn tool_version(answer: &str) -> Option<Version> {
    let text = first_version(answer)?;
    let mut numbers = text.split('.').map_while(|part| part.parse::<u64>().ok());
    Some(Version::new(numbers.next()?, numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(overrides: &[(&str, Option<&str>)]) -> Vec<(Tool, Option<String>)> {
        let text = |program: &str| match program {
            "git" => "git version 2.39.5 (Apple Git-154)".to_owned(),
            "rpm" | "rpmbuild" => "RPM version 4.19.1.1".to_owned(),
            _ => "Version: 0.17.3 (Features: DeltaRPM LegacyWeakdeps )".to_owned(),
        };
        let answer = |program: &str| match overrides.iter().find(|(name, _)| *name == program) {
            Some((_, answer)) => answer.map(str::to_owned),
            None => Some(text(program)),
        };
        tools().into_iter().map(|tool| (tool.clone(), answer(tool.program))).collect()
    }

    #[test]
    fn versions_of_all_programs_are_read() {
        let found = judge(answers(&[]), &OsRelease::default()).unwrap();
        let texts: Vec<String> = found.iter().map(|tool| format!("{} {}", tool.program, tool.version)).collect();
        assert_eq!(texts, ["rpm 4.19.1", "rpmbuild 4.19.1", "createrepo_c 0.17.3", "git 2.39.5"]);
    }

    #[test]
    fn missing_programs_are_named_with_the_command_of_the_distribution() {
        let missing = [("rpm", None), ("rpmbuild", None), ("createrepo_c", None)];
        let on = |text: &str| judge(answers(&missing), &OsRelease::parse(text)).unwrap_err().to_string();
        assert_eq!(
            on("ID=debian"),
            "`rpm` is not installed, `rpmbuild` is not installed, `createrepo_c` is not installed; \
             install with `apt-get install rpm createrepo-c`"
        );
        assert!(on("ID=rocky\nID_LIKE=\"rhel fedora\"").ends_with("install with `dnf install rpm-build createrepo_c`"));
        assert!(on("ID=arch").contains("(Debian: `rpm createrepo-c`, Fedora: `rpm-build createrepo_c`)"));
    }

    #[test]
    fn an_old_or_silent_program_is_refused() {
        let old = [("createrepo_c", Some("Version: 0.10.0")), ("git", Some("hello"))];
        let text = judge(answers(&old), &OsRelease::parse("ID=fedora")).unwrap_err().to_string();
        assert_eq!(
            text,
            "`createrepo_c` is version 0.10.0, expected 0.15.0 or newer, `git --version` names no version; \
             install with `dnf install createrepo_c git-core`"
        );
    }
}
