//! A named capability with an optional version range.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::version::{Evr, VersionRange};
use crate::rpms::{Comparison, Relation};

/// A name with an optional version range: one `Provides` entry, or one plain requirement.
///
/// The name may be a package, a file path, a soname such as `libx.so.1()(64bit)` or any other text of that kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability {
    /// The name.
    pub name: String,
    /// The versions; absent means "any" on both sides of a dependency.
    pub range: Option<VersionRange>,
}

/// Why a text is no capability.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a dependency: {problem}")]
pub struct CapabilityError {
    /// The text as given.
    pub text: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Capability {
    /// A capability without version.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), range: None }
    }

    /// `NAME = VERSION`.
    pub fn equal(name: impl Into<String>, version: &str) -> Self {
        let range = VersionRange { comparison: Comparison::Equal, evr: Evr::parse(version) };
        Self { name: name.into(), range: Some(range) }
    }

    /// Takes an entry of an RPM header that is not a boolean expression.
    pub fn from_relation(relation: &Relation) -> Self {
        let range =
            relation.comparison.map(|comparison| VersionRange { comparison, evr: Evr::parse(&relation.version) });
        Self { name: relation.name.clone(), range }
    }

    /// Whether `offered` (a `Provides`) meets this requirement: same name, overlapping versions.
    ///
    /// As in rpm, a side without version overlaps with everything: an unversioned `Provides: foo` meets `foo >= 9`.
    pub fn is_met_by(&self, offered: &Self) -> bool {
        self.name == offered.name && ranges_overlap(self.range.as_ref(), offered.range.as_ref())
    }
}

/// Whether two optional ranges overlap; an absent one is everything.
pub(super) fn ranges_overlap(left: Option<&VersionRange>, right: Option<&VersionRange>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.overlaps(right),
        _ => true,
    }
}

impl FromStr for Capability {
    type Err = CapabilityError;

    /// Reads `NAME` or `NAME OPERATOR VERSION` separated by blanks.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = |problem| CapabilityError { text: text.to_owned(), problem };
        let mut words = text.split_ascii_whitespace();
        let name = words.next().ok_or_else(|| fail("it is empty"))?;
        let range = match (words.next(), words.next(), words.next()) {
            (None, ..) => None,
            (Some(operator), Some(version), None) => {
                let comparison =
                    Comparison::parse(operator).ok_or_else(|| fail("expected one of `<`, `<=`, `=`, `>=`, `>`"))?;
                Some(VersionRange { comparison, evr: Evr::parse(version) })
            }
            (Some(_), None, _) => return Err(fail("expected a version after the operator")),
            (Some(_), Some(_), Some(_)) => return Err(fail("expected nothing after the version")),
        };
        Ok(Self { name: name.to_owned(), range })
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.range {
            Some(range) => write!(f, " {range}"),
            None => Ok(()),
        }
    }
}
