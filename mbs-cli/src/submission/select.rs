//! Which of the builds of a submission the user wants.

use crate::error::CliError;
use mbs_core::submit::Submissions;

/// Keeps the builds with these contexts; without any, all of them.
pub(crate) fn select(submissions: &mut Submissions, contexts: &[String]) -> Result<(), CliError> {
    let has = |context: &String| submissions.builds.iter().any(|build| build.new.nsvc.context.as_str() == context);
    if let Some(unknown) = contexts.iter().find(|context| !has(context)) {
        let known: Vec<String> =
            submissions.builds.iter().map(|build| format!("`{}`", build.new.nsvc.context)).collect();
        return Err(CliError::usage_hint(
            format!("no build of this module has the context `{unknown}`"),
            format!("its contexts are {}", known.join(", ")),
        ));
    }
    if !contexts.is_empty() {
        submissions.builds.retain(|build| contexts.iter().any(|one| build.new.nsvc.context.as_str() == one));
    }
    Ok(())
}
