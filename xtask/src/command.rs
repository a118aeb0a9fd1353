//! Starting programs: every other file goes through here.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::error::TaskError;
use crate::{out, workspace};

/// A program of the system, by name.
#[expect(clippy::disallowed_methods, reason = "this file owns the starting of programs")]
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(workspace::root());
    command
}

/// The cargo that runs this task, working on the whole workspace.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg(subcommand);
    command
}

/// The command as a person would type it, for messages.
pub(crate) fn shown(command: &Command) -> String {
    let mut line = String::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            line.extend([&name.display().to_string(), "=", &quoted(value), " "]);
        }
    }
    let name = std::path::Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    line.push_str(&quoted(name));
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&quoted(arg));
    }
    line
}

fn not_started(command: &Command, source: std::io::Error) -> TaskError {
    TaskError::Start { program: command.get_program().to_owned(), source }
}

fn quoted(word: &OsStr) -> String {
    let text = word.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Runs to the end with this terminal's input and output.
pub(crate) fn run(command: &mut Command) -> Result<(), TaskError> {
    out::note(&format!("+ {}", shown(command)));
    let status = command.status().map_err(|source| not_started(command, source))?;
    if status.success() { Ok(()) } else { Err(TaskError::Exit { command: shown(command), status }) }
}

/// Runs to the end, hands over each line of standard output and prints it as well.
pub(crate) fn run_watched(command: &mut Command, mut line_seen: impl FnMut(&str)) -> Result<(), TaskError> {
    out::note(&format!("+ {}", shown(command)));
    let spawned = command.stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|source| not_started(command, source))?;
    let pipe = child.stdout.take().expect("standard output was piped above");
    let mut lines = BufReader::new(pipe);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // Tests may print any bytes; only whole UTF-8 lines are of interest, the others are shown escaped.
        let end = line.strip_suffix(b"\n").unwrap_or(&line);
        match std::str::from_utf8(end) {
            Ok(text) => {
                line_seen(text);
                out::say(text);
            }
            Err(_) => out::say(&end.escape_ascii().to_string()),
        }
        line.clear();
    }
    let status = child.wait().map_err(|source| not_started(command, source))?;
    if status.success() { Ok(()) } else { Err(TaskError::Exit { command: shown(command), status }) }
}

/// Runs to the end and returns what the program printed.
pub(crate) fn output(command: &mut Command) -> Result<String, TaskError> {
    let done = command.stderr(Stdio::inherit()).output().map_err(|source| not_started(command, source))?;
    if !done.status.success() {
        return Err(TaskError::Exit { command: shown(command), status: done.status });
    }
    String::from_utf8(done.stdout)
        .map_err(|_| TaskError::Check(format!("`{}` printed text that is not UTF-8", shown(command))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_command_can_be_pasted_into_a_shell() {
        let mut command = program("rpmbuild");
        command.env("LANG", "C").args(["-ba", "a b.spec", "it's", ""]);
        assert_eq!(shown(&command), r"LANG=C rpmbuild -ba 'a b.spec' 'it'\''s' ''");
    }

    #[test]
    fn watched_lines_arrive_even_without_a_last_newline() {
        let mut seen = Vec::new();
        run_watched(program("printf").arg(r"one\ntwo"), |line| seen.push(line.to_owned())).expect("printf works");
        assert_eq!(seen, ["one", "two"]);
    }

    #[test]
    fn a_program_that_fails_is_an_error() {
        let err = run(&mut program("false")).expect_err("it fails");
        assert!(err.to_string().contains("`false` ended with exit status: 1"), "{err}");
    }
}
