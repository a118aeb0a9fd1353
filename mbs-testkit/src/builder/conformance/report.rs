//! What came of the rules.

use mbs_core::builder::BuilderError;
use std::fmt;

/// Why a check stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// It cannot be made here.
    Skipped(String),
    /// The builder breaks the rule.
    Broken(String),
}

/// Outcome of a check.
pub type Checked = Result<(), Stop>;

impl Stop {
    /// A check that cannot be made.
    pub(super) fn skip(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }

    /// A broken rule.
    pub(super) fn broken(how: impl Into<String>) -> Self {
        Self::Broken(how.into())
    }
}

impl From<BuilderError> for Stop {
    fn from(error: BuilderError) -> Self {
        Self::Broken(error.to_string())
    }
}

/// Stops the check unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::builder::conformance::Stop::Broken(format!($($message)+)));
        }
    };
}
pub(super) use ensure;

/// What came of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// `method::rule`, and how it was run.
    pub rule: String,
    /// The outcome.
    pub checked: Checked,
}

/// What came of all rules. Shown, it has a line for each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Name of the builder.
    pub builder: String,
    /// The outcomes.
    pub verdicts: Vec<Verdict>,
}

impl Report {
    /// Whether no rule is broken.
    pub fn is_ok(&self) -> bool {
        self.broken().next().is_none()
    }

    /// The rules that are broken.
    pub fn broken(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter().filter(|verdict| matches!(verdict.checked, Err(Stop::Broken(_))))
    }

    /// The rules that could not be checked.
    pub fn skipped(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter().filter(|verdict| matches!(verdict.checked, Err(Stop::Skipped(_))))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Verdict { rule, checked } in &self.verdicts {
            match checked {
                Ok(()) => writeln!(f, "ok       {rule}")?,
                Err(Stop::Skipped(why)) => writeln!(f, "skipped  {rule}: {why}")?,
                Err(Stop::Broken(how)) => writeln!(f, "BROKEN   {rule}: {how}")?,
            }
        }
        let (all, broken, skipped) = (self.verdicts.len(), self.broken().count(), self.skipped().count());
        write!(f, "builder `{}`: {} kept, {broken} broken, {skipped} skipped", self.builder, all - broken - skipped)
    }
}
