//! The number that orders the streams of base modules.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};

/// Whether short stream numbers are filled up with zeros at the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// Filled up to six digits, so that `el8` and `el8.1.0` compare: the form that is stored and compared.
    Right,
    /// As written: the form that prefixes versions.
    None,
}

/// Ordering number of a base module's stream, such as 80100 for `el8.1.0`; 0 for a stream without digits.
///
/// It is a floating point number because configured suffixes add fractions to it.
#[derive(Debug, Clone, Copy)]
pub struct StreamVersion(f64);

impl StreamVersion {
    /// Reads the number out of a stream's name.
    ///
    /// It starts at the first ASCII digit and goes on over digits and dots; each section between dots takes at
    /// least two digits.
    #[expect(clippy::missing_panics_doc, reason = "the expectation holds for every input")]
    pub fn of(stream: &str, padding: Padding) -> Self {
        let Some(start) = stream.find(|found: char| found.is_ascii_digit()) else {
            return Self(0.0);
        };
        let rest = &stream[start..];
        let end = rest.find(|found: char| !found.is_ascii_digit() && found != '.').unwrap_or(rest.len());
        let mut digits = String::new();
        for section in rest[..end].trim_end_matches('.').split('.') {
            write!(digits, "{section:0>2}").expect("writing to a string does not fail");
        }
        if padding == Padding::Right {
            while digits.len() < 6 {
                digits.push('0');
            }
        }
        Self(digits.parse().expect("decimal digits are a number"))
    }

    /// Adds the value that the configuration gives to the first suffix pattern that matches the stream.
    pub fn with_suffix_value(self, value: f64) -> Self {
        Self(self.0 + value)
    }

    /// The number itself.
    pub fn value(self) -> f64 {
        self.0
    }

    /// Whether the stream holds a number at all.
    pub fn is_some(self) -> bool {
        self.0 != 0.0
    }

    /// Whether a stream counts as having the form x.y.z.
    ///
    /// The original measures the decimal text of the *unpadded* number, so `product1.2` (`102.0`) and `f100` count
    /// too.
    pub fn is_xyz_like(self) -> bool {
        self.to_string().len() >= 5
    }

    /// The number as x, y and z: 80104 is 8, 1 and 4; fractions are cut off.
    ///
    /// Streams with equal x share a major version. `None` for a number below zero or above the 64-bit range.
    pub fn parts(self) -> Option<(u64, u64, u64)> {
        // Adding zero takes the sign away from a zero that a negative fraction left.
        let whole: u64 = format!("{:.0}", self.0.trunc() + 0.0).parse().ok()?;
        Some((whole / 10_000, whole / 100 % 100, whole % 100))
    }

    /// The smallest number of the same major version: what compatible base modules are at least.
    pub fn major_start(self) -> Self {
        Self((self.0 / 10_000.0).floor() * 10_000.0)
    }
}

/// The shortest decimal text that reads back as the number, with a point or an exponent: `80100.0`, `80100.3`,
/// `1e+16`. It stands in answers of the service.
impl fmt::Display for StreamVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:?}", self.0);
        let Some((digits, exponent)) = text.split_once('e') else {
            return f.pad(&text);
        };
        // The exponent always has a sign and at least two digits.
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
        f.pad(&format!("{digits}e{sign}{exponent:0>2}"))
    }
}

impl PartialEq for StreamVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for StreamVersion {}

impl PartialOrd for StreamVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for StreamVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_lets_short_and_long_forms_compare() {
        assert_eq!(StreamVersion::of("f10", Padding::Right), StreamVersion::of("f100", Padding::Right));
        assert!(!StreamVersion::of("rawhide", Padding::Right).is_some());
    }

    #[test]
    fn suffix_values_add_fractions() {
        let number = |stream, suffix| StreamVersion::of(stream, Padding::Right).with_suffix_value(suffix);
        assert_eq!(number("el8.z", 0.2), StreamVersion(80_000.2));
        assert_eq!(number("el8.1.0.z", 0.3), StreamVersion(80_100.3));
        assert!(number("el8.1.0.z", 0.3) > StreamVersion::of("el8.1.0", Padding::Right));
    }

    #[test]
    fn a_number_beyond_all_bounds_has_no_parts() {
        let huge = StreamVersion::of(&"9".repeat(400), Padding::None);
        assert_eq!((huge.to_string().as_str(), huge.is_xyz_like(), huge.parts()), ("inf", false, None));
        assert_eq!(StreamVersion(-0.5).parts(), Some((0, 0, 0)));
        assert_eq!(StreamVersion(-1.0).parts(), None);
    }
}
