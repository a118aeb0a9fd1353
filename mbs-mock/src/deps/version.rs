//! Versions of packages and ranges of them, compared as rpm does.

use std::cmp::Ordering;
use std::fmt;

use crate::rpms::Comparison;

/// `[EPOCH:]VERSION[-RELEASE]`.
///
/// The order is rpm's; a missing epoch counts as 0, and a missing release as lower than any. Whether two *ranges*
/// overlap follows other rules for a missing release, see [`VersionRange::overlaps`].
#[derive(Clone, Debug)]
pub struct Evr {
    epoch: Option<String>,
    version: String,
    release: Option<String>,
}

impl Evr {
    /// Builds a full version from the fields of a package.
    pub fn new(epoch: u32, version: &str, release: &str) -> Self {
        Self { epoch: Some(epoch.to_string()), version: version.to_owned(), release: Some(release.to_owned()) }
    }

    /// Splits a text as rpm does: digits before the first `:` are the epoch, what follows the last `-` is the release.
    pub fn parse(text: &str) -> Self {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (epoch, rest) = match text[digits..].strip_prefix(':') {
            // rpm reads an empty epoch as 0.
            Some(rest) if digits == 0 => (Some("0".to_owned()), rest),
            Some(rest) => (Some(text[..digits].to_owned()), rest),
            None => (None, text),
        };
        let (version, release) = match rest.rsplit_once('-') {
            Some((version, release)) => (version.to_owned(), Some(release.to_owned())),
            None => (rest.to_owned(), None),
        };
        Self { epoch, version, release: release.filter(|release| !release.is_empty()) }
    }

    fn epoch(&self) -> &str {
        self.epoch.as_deref().unwrap_or("0")
    }

    /// Compares epoch and version, leaving the releases out.
    fn cmp_base(&self, other: &Self) -> Ordering {
        compare(self.epoch(), other.epoch()).then_with(|| compare(&self.version, &other.version))
    }
}

/// Compares one part of a version (rpm's `rpmvercmp`).
fn compare(left: &str, right: &str) -> Ordering {
    rpm_version::Evr::new("", left, "").cmp(&rpm_version::Evr::new("", right, ""))
}

impl PartialEq for Evr {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Evr {}

impl PartialOrd for Evr {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Evr {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_base(other).then_with(|| match (&self.release, &other.release) {
            (Some(left), Some(right)) => compare(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        })
    }
}

impl fmt::Display for Evr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(epoch) = self.epoch.as_deref().filter(|epoch| *epoch != "0") {
            write!(f, "{epoch}:")?;
        }
        f.write_str(&self.version)?;
        match &self.release {
            Some(release) => write!(f, "-{release}"),
            None => Ok(()),
        }
    }
}

/// A comparison with a version: the versions a requirement accepts, or those a `Provides` stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    /// How the version is compared.
    pub comparison: Comparison,
    /// The version.
    pub evr: Evr,
}

impl VersionRange {
    /// Whether some version lies in both ranges, by rpm's rule.
    ///
    /// - Epochs are compared first; a missing one is 0, so `2:1` is greater than `5`.
    /// - Where only one side has a release, the releases count as equal if the side without one includes its own
    ///   version: `foo = 1` and `foo <= 1` accept `1-2`, `foo > 1` does not.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (left, right) = (self.comparison, other.comparison);
        let order = match self.evr.cmp_base(&other.evr) {
            Ordering::Equal => match (&self.evr.release, &other.evr.release) {
                (Some(one), Some(two)) => compare(one, two),
                (Some(_), None) if right.has_equal() => return true,
                (None, Some(_)) if left.has_equal() => return true,
                _ => Ordering::Equal,
            },
            order => order,
        };
        match order {
            Ordering::Less => left.has_greater() || right.has_less(),
            Ordering::Greater => left.has_less() || right.has_greater(),
            Ordering::Equal => {
                (left.has_equal() && right.has_equal())
                    || (left.has_less() && right.has_less())
                    || (left.has_greater() && right.has_greater())
            }
        }
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.comparison, self.evr)
    }
}
