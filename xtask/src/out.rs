//! The one place that prints.
//!
//! Results go to standard output, so that they can be piped; what a task is doing goes to standard error.

use std::io::Write as _;

/// Prints one result line.
pub(crate) fn say(text: &str) {
    // A reader that went away (`| head`) is no reason to fail the task.
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

/// Prints one line about what is going on.
pub(crate) fn note(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}
