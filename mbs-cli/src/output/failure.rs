//! What is told about a build that failed: whose component, why, and the end of the right log.

use crate::error::CliError;
use crate::logs;
use crate::session::Session;
use mbs_core::build::{ComponentState, ModuleBuild, ModuleState};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Lines of the log that are shown.
const LINES: usize = 25;

/// Failed components that are named.
const NAMED: usize = 10;

/// The log that tells most about a failed build: of its first failed component, else the one that the failure names.
pub(crate) fn log(build: &ModuleBuild, session: &Session) -> Result<Option<PathBuf>, CliError> {
    if build.state() != ModuleState::Failed {
        return Ok(None);
    }
    let failed = build.components().find(|(_, _, component)| component.state == ComponentState::Failed);
    if let Some((ix, _, _)) = failed
        && let Some(log) = logs::of_component(build, ix, session)?
    {
        return Ok(Some(log));
    }
    Ok(build.failure().and_then(|failure| failure.log).map(PathBuf::from))
}

/// Lines for standard error.
pub(crate) fn failure(build: &ModuleBuild, session: &Session) -> Result<String, CliError> {
    let (id, nsvc) = (build.id(), build.nsvc());
    let mut text = String::new();
    // Writing into a `String` cannot fail.
    let log = log(build, session)?;
    if let Some(log) = &log {
        if let Some(lines) = logs::last_lines(log, LINES) {
            let _ = writeln!(text, "--- end of {}\n{lines}\n---", log.display());
        }
        let _ = writeln!(text, "log: {}", log.display());
    }
    let reason = build.reason().unwrap_or("no reason is recorded");
    let _ = writeln!(text, "error: build {id} of {nsvc} failed: {reason}");
    let mut more = 0;
    for (_, spec, component) in build.components().filter(|(_, _, c)| c.state == ComponentState::Failed) {
        let why = component.reason.as_deref().unwrap_or_default();
        // The reason of the module may say it already.
        if reason.contains(why) && reason.contains(spec.name.as_str()) {
            continue;
        }
        more += 1;
        if more <= NAMED {
            let _ = writeln!(text, "  `{}`: {why}", spec.name);
        }
    }
    if more > NAMED {
        let _ = writeln!(text, "  and {} more", more - NAMED);
    }
    // Without a log, nothing was started.
    let whole = if log.is_some() { format!("`mbs log {id}` shows the whole log, ") } else { String::new() };
    let _ = writeln!(text, "hint: {whole}`mbs resume {id}` tries again");
    Ok(text)
}
