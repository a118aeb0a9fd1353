//! The number that orders the streams of base modules.

use std::cmp::Ordering;
use std::fmt::Write as _;

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
        self.0 >= 100.0 || format!("{:?}", self.0).len() >= 5
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
    fn numbers_equal_the_known_ones() {
        for (stream, padded, unpadded) in [
            ("f27", 270_000.0, 27.0),
            ("f29.0.0", 290_000.0, 290_000.0),
            ("f27.02.30", 270_230.0, 270_230.0),
            ("f-28", 280_000.0, 28.0),
            ("f100", 100_000.0, 100.0),
            ("f29.1.2.3", 29_010_203.0, 29_010_203.0),
            ("el8", 80_000.0, 8.0),
            ("el8.1.0", 80_100.0, 80_100.0),
            ("product1.2", 10_200.0, 102.0),
            ("f28-x5", 280_000.0, 28.0),
            ("el8.100.1", 810_001.0, 810_001.0),
            ("eln", 0.0, 0.0),
            ("el8.", 80_000.0, 8.0),
            ("", 0.0, 0.0),
        ] {
            assert_eq!(StreamVersion::of(stream, Padding::Right), StreamVersion(padded), "{stream}");
            assert_eq!(StreamVersion::of(stream, Padding::None), StreamVersion(unpadded), "{stream}");
        }
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
    fn the_text_length_decides_what_counts_as_xyz() {
        for (stream, expected) in
            [("f29.0.0", true), ("f28", false), ("product1.2", true), ("f100", true), ("el8", false), ("eln", false)]
        {
            assert_eq!(StreamVersion::of(stream, Padding::None).is_xyz_like(), expected, "{stream}");
        }
    }
}
