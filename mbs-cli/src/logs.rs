//! Finding and reading the logs of components.

use crate::error::CliError;
use crate::session::Session;
use mbs_core::build::{ComponentState, ModuleBuild};
use mbs_core::builder::RequestKey;
use mbs_core::plan::ComponentIx;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// How much of the end of a log is read to show its last lines, in bytes.
const TAIL: u64 = 64 * 1024;

/// The log of a component's last attempt: what its failure names, else where logs lie by contract. None if it was never
/// started.
pub(crate) fn of_component(
    build: &ModuleBuild,
    ix: ComponentIx,
    session: &Session,
) -> Result<Option<PathBuf>, CliError> {
    let (Some(spec), Some(component)) = (build.spec(ix), build.component(ix)) else { return Ok(None) };
    if let Some(log) = component.failure.as_ref().and_then(|failure| failure.log.as_ref()) {
        return Ok(Some(PathBuf::from(log)));
    }
    if component.attempt == 0 {
        return Ok(None);
    }
    let key = RequestKey { build: build.id(), component: spec.name.clone(), attempt: component.attempt };
    Ok(Some(session.state_path()?.join("logs").join(key.log_path())))
}

/// The component whose log tells most: one that failed, else one that runs, else the one started last.
pub(crate) fn of_interest(build: &ModuleBuild) -> Option<ComponentIx> {
    let failed = || build.components().find(|(_, _, c)| c.state == ComponentState::Failed).map(|(ix, _, _)| ix);
    let started = || build.components().filter(|(_, _, c)| c.attempt > 0).map(|(ix, _, _)| ix).last();
    failed().or_else(|| build.running().next()).or_else(started)
}

/// The last lines of a file, at most `count`; none if it cannot be read or is empty.
pub(crate) fn last_lines(path: &Path, count: usize) -> Option<String> {
    let mut file = std::fs::File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let start = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).ok()?;
    let text = lossless(&bytes);
    let mut lines: Vec<&str> = text.lines().collect();
    if start > 0 && lines.len() > 1 {
        // The first one is cut.
        lines.remove(0);
    }
    let shown = &lines[lines.len().saturating_sub(count)..];
    (!shown.is_empty()).then(|| shown.join("\n"))
}

/// Bytes as text: what is not UTF-8 is escaped, so that a terminal is safe and nothing is lost.
pub(crate) fn lossless(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.extend(
            chunk.valid().chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{FFFD}' } else { c }),
        );
        if !chunk.invalid().is_empty() {
            text.push_str(&chunk.invalid().escape_ascii().to_string());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_whole_lines() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("log");
        let long = (0..20_000).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
        std::fs::write(&path, long).expect("written");
        assert_eq!(last_lines(&path, 2).expect("lines"), "line 19998\nline 19999");
        std::fs::write(&path, "only").expect("written");
        assert_eq!(last_lines(&path, 2).expect("lines"), "only");
        std::fs::write(&path, "").expect("written");
        assert_eq!(last_lines(&path, 2), None);
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(last_lines(&path, 2), None);
    }

    #[test]
    fn a_log_cannot_control_the_terminal() {
        assert_eq!(lossless(b"a\x1b[2Jb\xff\n"), "a\u{FFFD}[2Jb\\xff\n");
    }
}
