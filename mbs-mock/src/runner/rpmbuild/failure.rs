//! Why a step failed, read from how it ended and from the end of its log. Pure.

use super::tail::last_lines;
use crate::sandbox::Ended;

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The packager: the same input fails again anywhere.
    User,
    /// The machine: the same input may pass elsewhere or later.
    Infra,
    /// Nobody: it was stopped on purpose.
    Nobody,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// A script of the spec failed: the section's name without `%`, such as `prep`, `build`, `install`, `check`.
    Section(String),
    /// Nothing provides these, as written in the spec, with versions.
    MissingBuildRequires(Vec<String>),
    /// The spec does not build on this architecture (`ExclusiveArch`, `ExcludeArch`).
    WrongArch(String),
    /// The spec cannot be read: the line, where rpm names one, and what rpm says.
    Spec {
        /// Counted from 1.
        line: Option<u32>,
        /// rpm's words.
        message: String,
    },
    /// A macro in a header field is defined by no package here, for example `%autorelease`.
    UndefinedMacro(String),
    /// A source or patch file named by the spec is not there.
    MissingSource(String),
    /// `%files` and what was installed do not agree.
    Files(String),
    /// The packages of the buildroot cannot be installed together; rpm's words.
    Buildroot(Vec<String>),
    /// The time limit was reached.
    TimedOut,
    /// No space was left.
    DiskFull,
    /// The kernel ended a process because memory ran out.
    OutOfMemory,
    /// Something outside of mbs ended it with this signal.
    Killed(i32),
    /// It was cancelled.
    Cancelled,
    /// None of the above; the exit code.
    Other(i32),
}

impl FailureKind {
    /// Whose fault this is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::DiskFull | Self::OutOfMemory | Self::Killed(_) => Blame::Infra,
            Self::Cancelled => Blame::Nobody,
            Self::Section(_)
            | Self::MissingBuildRequires(_)
            | Self::WrongArch(_)
            | Self::Spec { .. }
            | Self::UndefinedMacro(_)
            | Self::MissingSource(_)
            | Self::Files(_)
            | Self::Buildroot(_)
            | Self::TimedOut
            | Self::Other(_) => Blame::User,
        }
    }
}

impl std::fmt::Display for FailureKind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Section(name) => write!(out, "`%{name}` of the spec failed"),
            Self::MissingBuildRequires(names) => {
                write!(out, "nothing provides the build requirements `{}`", names.join("`, `"))
            }
            Self::WrongArch(message) => write!(out, "the spec does not build on this machine: {message}"),
            Self::Spec { line: Some(line), message } => write!(out, "the spec does not parse, line {line}: {message}"),
            Self::Spec { line: None, message } => write!(out, "the spec does not parse: {message}"),
            Self::UndefinedMacro(name) => write!(
                out,
                "the spec uses `%{name}`, which nothing on this machine defines; install the package that does \
                 (`%autorelease`: rpmautospec), or write the value into the spec"
            ),
            Self::MissingSource(name) => {
                write!(out, "the source file `{name}` is neither in the repository nor in the look-aside cache")
            }
            Self::Files(message) => write!(out, "`%files` does not agree with what was installed: {message}"),
            Self::Buildroot(messages) => write!(out, "the buildroot cannot be installed: {}", messages.join("; ")),
            Self::TimedOut => out.write_str("the time limit was reached (`--timeout`)"),
            Self::DiskFull => out.write_str("no space left on the disk of the work folder or in `/tmp`"),
            Self::OutOfMemory => out.write_str("memory ran out"),
            Self::Killed(signal) => write!(out, "something ended it with signal {signal} (out of memory?)"),
            Self::Cancelled => out.write_str("it was cancelled"),
            Self::Other(code) => write!(out, "it ended with exit code {code}"),
        }
    }
}

/// The failure of a step; none if it succeeded. `tail` is the end of its log, enough for rpm's summary; `nearly_full`
/// tells whether hardly any space is left on the disk of the work folder.
pub fn analyse(ended: Ended, tail: &str, nearly_full: bool) -> Option<FailureKind> {
    let code = match ended {
        Ended::Exited(0) => return None,
        Ended::TimedOut => return Some(FailureKind::TimedOut),
        Ended::Cancelled => return Some(FailureKind::Cancelled),
        Ended::Signalled(signal) => return Some(FailureKind::Killed(signal)),
        Ended::Exited(code) => code,
    };
    let found = machine(tail, nearly_full)
        .or_else(|| dependencies(tail))
        .or_else(|| section(tail))
        .or_else(|| missing_source(tail))
        .or_else(|| architecture(tail))
        .or_else(|| files(tail))
        .or_else(|| specification(tail));
    Some(found.unwrap_or(FailureKind::Other(code)))
}

/// What rpm does not count as a failure of an installation although a part of it was not recorded.
pub(super) fn unnoticed(tail: &str) -> Option<FailureKind> {
    tail.contains("database or disk is full").then_some(FailureKind::DiskFull)
}

/// What programs say where no space is left. rpm tells of a failed write without its cause, SQLite in words of its own.
const DISK: [&str; 4] =
    ["No space left on device", "Disk quota exceeded", "database or disk is full", "cpio: write failed"];

/// What the kernel's answer is called where memory ran out.
const MEMORY: &str = "Cannot allocate memory";

/// What compilers and linkers say when the kernel ended a part of them.
const KILLED: [&str; 3] =
    ["Killed signal terminated program", "virtual memory exhausted", "ld terminated with signal 9"];

/// How many lines before the end of a script the reason for it may stand: `make` adds one for each folder.
const REASON_LINES: usize = 8;

/// How many lines before the end of a script a compiler's may stand: others go on for a while.
const COMPILER_LINES: usize = 60;

/// Faults of the machine hide behind whatever failed because of them, so they are looked for first.
fn machine(tail: &str, nearly_full: bool) -> Option<FailureKind> {
    let (output, own) = match tail.rfind(BAD_EXIT) {
        // Tests print such words, too, when they try out what should happen then.
        Some(at) => (&tail[..at], ""),
        // No script failed but rpm itself, so its own words are the reason.
        None => (tail, tail),
    };
    let says = |words: &[&str]| errors(own).any(|line| words.iter().any(|known| line.contains(known)));
    let reason = |words: &str| last_lines(output, REASON_LINES).iter().any(|line| is_reason(line, words));
    let said = DISK.iter().any(|words| output.contains(words));
    // `/tmp` is gone when the step has ended: only the program's last words tell that it was full.
    if says(&DISK) || said && nearly_full || DISK.iter().any(|words| reason(words)) {
        return Some(FailureKind::DiskFull);
    }
    let killed = last_lines(output, COMPILER_LINES).iter().any(|line| KILLED.iter().any(|words| line.contains(words)));
    (killed || says(&[MEMORY]) || reason(MEMORY)).then_some(FailureKind::OutOfMemory)
}

/// Whether a line ends with the system's words for an error, as programs report one. Commands shown by the shell before
/// it runs them do not count.
fn is_reason(line: &str, words: &str) -> bool {
    let line = line.trim_end();
    // Rust adds the number.
    let line = line.rsplit_once(" (os error ").map_or(line, |(line, _)| line);
    line.strip_suffix(words).is_some_and(|before| before.ends_with([' ', ':'])) && !line.starts_with('+')
}

/// `X >= 9 is needed by NAME` under rpm's heading.
fn dependencies(tail: &str) -> Option<FailureKind> {
    if let Some(list) = after_last(tail, "error: Failed build dependencies:") {
        let mut names: Vec<String> = Vec::new();
        for line in list.lines().skip(1).map_while(|line| line.strip_prefix('\t')) {
            let name = line.rsplit_once(" is needed by ").map_or(line, |(name, _)| name).trim();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        return Some(FailureKind::MissingBuildRequires(names));
    }
    let list = after_last(tail, "error: Failed dependencies:")?;
    let messages = list.lines().skip(1).map_while(|line| line.strip_prefix('\t'));
    Some(FailureKind::Buildroot(messages.map(|line| line.trim().to_owned()).collect()))
}

/// How rpm tells of a failed script.
const BAD_EXIT: &str = "error: Bad exit status from ";

/// `error: Bad exit status from FILE (%SECTION)`
fn section(tail: &str) -> Option<FailureKind> {
    let line = after_last(tail, BAD_EXIT)?.lines().next()?;
    let (_, name) = line.rsplit_once("(%")?;
    Some(FailureKind::Section(name.trim_end().trim_end_matches(')').to_owned()))
}

/// `error: Bad file: PATH: No such file or directory` (older: `Bad source`).
fn missing_source(tail: &str) -> Option<FailureKind> {
    let line =
        errors(tail).find_map(|line| line.strip_prefix("Bad file: ").or_else(|| line.strip_prefix("Bad source: ")))?;
    let path = line.split(": ").next().unwrap_or(line);
    Some(FailureKind::MissingSource(path.rsplit('/').next().unwrap_or(path).to_owned()))
}

fn architecture(tail: &str) -> Option<FailureKind> {
    let words = ["Architecture is not included", "Architecture is excluded", "No compatible architectures found"];
    let line = errors(tail).find(|line| words.iter().any(|known| line.starts_with(known)))?;
    Some(FailureKind::WrongArch(line.to_owned()))
}

fn files(tail: &str) -> Option<FailureKind> {
    if let Some(rest) = after_last(tail, "error: Installed (but unpackaged) file(s) found:") {
        let names = rest.lines().skip(1).map_while(|line| line.strip_prefix("   ")).map(str::trim);
        return Some(FailureKind::Files(format!("not packaged: {}", names.collect::<Vec<_>>().join(", "))));
    }
    let words =
        ["File not found", "Directory not found", "File listed twice", "Arch dependent binaries in noarch package"];
    let line = errors(tail).find(|line| words.iter().any(|known| line.starts_with(known)))?;
    Some(FailureKind::Files(line.to_owned()))
}

/// What is left of `error:` lines before any section ran is about the spec itself.
fn specification(tail: &str) -> Option<FailureKind> {
    if tail.contains("\nExecuting(%") || tail.starts_with("Executing(%") {
        return None;
    }
    let mut plain = None;
    for message in errors(tail) {
        let rest = message.strip_prefix("line ").or_else(|| message.split_once(": line ").map(|(_, rest)| rest));
        if let Some((number, words)) = rest.and_then(|rest| rest.split_once(": "))
            && let Ok(line) = number.parse()
        {
            return Some(FailureKind::Spec { line: Some(line), message: words.to_owned() });
        }
        plain.get_or_insert(message);
    }
    Some(FailureKind::Spec { line: None, message: plain?.to_owned() })
}

/// The text of rpm's `error:` lines.
fn errors(tail: &str) -> impl Iterator<Item = &str> {
    tail.lines().filter_map(|line| line.strip_prefix("error: "))
}

/// The text behind the last occurrence of `marker`.
fn after_last<'text>(text: &'text str, marker: &str) -> Option<&'text str> {
    text.rfind(marker).map(|at| &text[at + marker.len()..])
}

/// The kind of a failed installation: nothing of it is about a spec, all of rpm's complaints count.
pub(super) fn in_buildroot(kind: FailureKind, tail: &str) -> FailureKind {
    match kind {
        FailureKind::Other(_) | FailureKind::Spec { .. } | FailureKind::Files(_) => {
            let listed =
                tail.lines().filter_map(|line| line.strip_prefix('\t').or_else(|| line.strip_prefix("error: ")));
            FailureKind::Buildroot(listed.map(|line| line.trim().to_owned()).collect())
        }
        other => other,
    }
}

/// The macro that stayed in a source package's file name because nothing defines it. rpm only warns about it.
pub fn undefined_macro(source_rpm: &str) -> Option<FailureKind> {
    let (_, rest) = source_rpm.split_once('%')?;
    let name: String = rest
        .trim_start_matches(['{', '?', '!'])
        .chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect();
    Some(FailureKind::UndefinedMacro(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(tail: &str) -> FailureKind {
        analyse(Ended::Exited(1), tail, false).expect("a failure")
    }

    #[test]
    fn success_is_no_failure() {
        assert_eq!(analyse(Ended::Exited(0), "error: Bad exit status from x (%build)", false), None);
    }

    #[test]
    fn the_failing_section_is_named() {
        for name in ["prep", "build", "install", "check", "generate_buildrequires"] {
            let tail = format!(
                "Executing(%{name}): /bin/sh\n+ false\nerror: Bad exit status from /var/tmp/rpm-tmp.x (%{name})\n\nRPM build errors:\n    Bad exit status from /var/tmp/rpm-tmp.x (%{name})\n"
            );
            assert_eq!(failed(&tail), FailureKind::Section(name.to_owned()));
            assert_eq!(failed(&tail).blame(), Blame::User);
        }
    }

    #[test]
    fn missing_build_requirements_are_listed_once_each() {
        let tail = "error: Failed build dependencies:\n\tfoo(bar) is needed by x-1-1.x86_64\n\tnothing-such >= 9 is needed by x-1-1.x86_64\n\tfoo(bar) is needed by x-1-1.x86_64\nmore";
        let expected = vec!["foo(bar)".to_owned(), "nothing-such >= 9".to_owned()];
        assert_eq!(analyse(Ended::Exited(11), tail, false), Some(FailureKind::MissingBuildRequires(expected)));
    }

    #[test]
    fn packages_that_cannot_be_installed_are_a_failure_of_the_buildroot() {
        let tail = "error: Failed dependencies:\n\tlib.so.1()(64bit) is needed by a-1-1.noarch\n\tb conflicts with c-1-1.noarch\n";
        let FailureKind::Buildroot(messages) = failed(tail) else { panic!("another kind") };
        assert_eq!(messages.len(), 2);
    }

    #[test]
    fn another_architecture_is_recognised() {
        for tail in ["error: Architecture is not included: x86_64\n", "error: Architecture is excluded: x86_64\n"] {
            assert!(matches!(failed(tail), FailureKind::WrongArch(_)));
        }
    }

    #[test]
    fn a_spec_that_does_not_parse_gives_its_line() {
        let expected = FailureKind::Spec { line: Some(4), message: "Unknown tag: Bogus: x".to_owned() };
        assert_eq!(failed("error: line 4: Unknown tag: Bogus: x\n"), expected);
        assert_eq!(failed("error: /builddir/a.spec: line 4: Unknown tag: Bogus: x\n"), expected);
        assert!(matches!(failed("error: Unable to open gone: No such file\n"), FailureKind::Spec { line: None, .. }));
    }

    #[test]
    fn an_error_after_a_section_ran_is_not_about_parsing() {
        assert_eq!(failed("Executing(%build): /bin/sh\nerror: strange\n"), FailureKind::Other(1));
    }

    #[test]
    fn a_missing_source_is_named_without_its_folder() {
        let tail = "error: Bad file: /builddir/sources/gone.tar: No such file or directory\n";
        assert_eq!(failed(tail), FailureKind::MissingSource("gone.tar".to_owned()));
    }

    #[test]
    fn files_that_are_not_packaged_are_named() {
        let tail = "Executing(%install): x\nerror: Installed (but unpackaged) file(s) found:\n   /usr/x\n\nRPM build errors:\n";
        assert_eq!(failed(tail), FailureKind::Files("not packaged: /usr/x".to_owned()));
    }

    #[test]
    fn a_full_disk_is_the_fault_of_the_machine() {
        for words in ["cc: fatal: No space left on device", "write failed: No space left on device (os error 28)"] {
            let tail = format!(
                "{words}\nmake[1]: *** [x] Error 1\nmake: *** [y] Error 2\nerror: Bad exit status from /x (%build)\n"
            );
            assert_eq!((failed(&tail), failed(&tail).blame()), (FailureKind::DiskFull, Blame::Infra));
        }
        for tail in [
            "error: unpacking of archive failed on file /b/x;1: cpio: write failed - No such file or directory\n",
            "error: sqlite failure: CREATE TABLE: database or disk is full\n",
            "ldconfig: Writing of cache data failed: No space left on device\n",
        ] {
            assert_eq!(failed(tail), FailureKind::DiskFull);
        }
    }

    #[test]
    fn words_about_a_full_disk_count_where_the_disk_is_full_or_they_end_the_script() {
        let more = "ok\n".repeat(REASON_LINES);
        for said in [
            "test_errno: No space left on device: ok\n".to_owned(),
            "+ echo Cannot allocate memory\n+ echo 'x: No space left on device'\n".to_owned(),
            format!("x: No space left on device\nx: Cannot allocate memory\nerror: No space left on device\n{more}"),
        ] {
            let tail = format!("{said}+ false\nerror: Bad exit status from /var/tmp/x (%check)\n\nRPM build errors:\n");
            assert_eq!(failed(&tail), FailureKind::Section("check".to_owned()), "{tail}");
            assert_eq!(analyse(Ended::Exited(1), &tail, true), Some(FailureKind::DiskFull), "{tail}");
        }
        let tail = "error: Bad exit status from /var/tmp/x (%check)\n";
        assert_eq!(analyse(Ended::Exited(1), tail, true), Some(FailureKind::Section("check".to_owned())));
    }

    #[test]
    fn memory_that_ran_out_is_the_fault_of_the_machine() {
        let more = "cc -c other.c\n".repeat(REASON_LINES);
        for said in [
            "sh: fork: Cannot allocate memory\n".to_owned(),
            format!("c++: fatal error: Killed signal terminated program cc1plus\n{more}"),
        ] {
            assert_eq!(failed(&format!("{said}error: Bad exit status from /x (%build)\n")), FailureKind::OutOfMemory);
        }
        assert_eq!(failed("error: fork: Cannot allocate memory\n"), FailureKind::OutOfMemory);
    }

    #[test]
    fn an_installation_that_could_not_be_recorded_has_failed_whatever_its_exit_code() {
        assert_eq!(
            unnoticed("error: sqlite failure: PRAGMA optimize: database or disk is full\n"),
            Some(FailureKind::DiskFull)
        );
        assert_eq!(unnoticed("warning: strange\n"), None);
    }

    #[test]
    fn stops_carry_the_right_blame() {
        let blame = |ended| analyse(ended, "", true).expect("a failure").blame();
        assert_eq!(blame(Ended::TimedOut), Blame::User);
        assert_eq!(blame(Ended::Cancelled), Blame::Nobody);
        assert_eq!(blame(Ended::Signalled(9)), Blame::Infra);
    }

    #[test]
    fn a_macro_left_in_the_release_is_named() {
        assert_eq!(
            undefined_macro("x-1-%autorelease.src.rpm"),
            Some(FailureKind::UndefinedMacro("autorelease".to_owned()))
        );
        assert_eq!(undefined_macro("x-1-1.fc40.src.rpm"), None);
    }
}
