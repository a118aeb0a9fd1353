//! Why a submission comes to no builds: for people a chain of causes, for programs the whole explanation.

use super::json::to_text;
use crate::error::CliError;
use mbs_core::resolve::{Explanation, FailureNote, ProblemNote};
use mbs_core::submit::SubmitError;
use serde_json::json;
use std::fmt::Write as _;

/// The documents that fail, each with what is in its way, and what the packager can change.
pub(crate) fn unresolved_text(documents: &[Explanation]) -> String {
    let mut text = String::new();
    for document in documents {
        let Some(failure) = &document.failure else { continue };
        // Writing into a `String` cannot fail.
        let _ =
            writeln!(text, "error[{}]: the dependencies of `{}` cannot be resolved", failure.code, document.document);
        problems(&mut text, failure);
        for warning in &document.warnings {
            let _ = writeln!(text, "  warning[{}]: {}", warning.code, warning.text);
        }
    }
    text
}

fn problems(text: &mut String, failure: &FailureNote) {
    if failure.problems.is_empty() {
        let _ = writeln!(text, "  because {}", failure.message);
    }
    for (number, problem) in failure.problems.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        if let Some(block) = problem.block {
            let _ = writeln!(text, "  dependency block {block}:");
        }
        chain(text, problem);
    }
}

fn chain(text: &mut String, problem: &ProblemNote) {
    for (number, cause) in problem.causes.iter().enumerate() {
        let (word, cause) = match cause.strip_prefix("but ") {
            Some(cause) => ("but", cause),
            None if number == 0 => ("because", cause.as_str()),
            None => ("and", cause.as_str()),
        };
        let _ = writeln!(text, "  {word:7} {cause}");
    }
    let _ = writeln!(text, "  {:7} {}", "so", problem.change);
}

/// What is the matter with several things, one a line; none if the error is about one thing.
pub(crate) fn listed(error: &SubmitError) -> Option<Vec<String>> {
    let lines: Vec<String> = match error {
        SubmitError::Sources(problems) => problems.iter().map(ToString::to_string).collect(),
        SubmitError::Srpms(problems) => problems.clone(),
        SubmitError::Expand(failures) => {
            failures.iter().map(|failure| format!("error[{}]: {failure}", failure.error.code())).collect()
        }
        SubmitError::Nothing(warnings) => {
            warnings.iter().map(|warning| format!("warning[{}]: {warning}", warning.code())).collect()
        }
        _ => return None,
    };
    (lines.len() > 1).then_some(lines)
}

/// The error as programs get it.
pub(crate) fn refusal_json(error: &SubmitError, documents: &[Explanation]) -> Result<String, CliError> {
    let problems = listed(error).unwrap_or_else(|| vec![error.to_string()]);
    to_text(&json!({ "error": {
        "code": error.code(),
        "kind": error.kind().name(),
        "message": error.to_string(),
        "problems": problems,
        "documents": documents,
    }}))
}
