//! Why the macros package cannot be made.

/// Input that must not reach a spec file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MacrosError {
    /// A name holds a character that RPM would take for a macro or a new line.
    #[error("{what} `{shown}` holds `{found_shown}`, which a spec file would interpret; rename it",
        shown = text.escape_debug(), found_shown = found.escape_debug())]
    Unsafe {
        /// What the text names, for example `module name`.
        what: &'static str,
        /// The text as found.
        text: String,
        /// The first character that is refused.
        found: char,
    },
    /// A conflicting package is not given as name, epoch, version and release.
    #[error("conflicting package `{shown}` {problem}; expected {expected}", shown = text.escape_debug())]
    Package {
        /// The text as found.
        text: String,
        /// What is wrong with it; reads on after the text.
        problem: &'static str,
        /// The form that was expected.
        expected: &'static str,
    },
    /// The time of the build does not fit into a package.
    #[error("time {seconds} s since 1970 is too late for a package; expected one before 7 February 2106")]
    Time {
        /// Seconds since 1970.
        seconds: u64,
    },
}
