//! Regular expressions in the configuration.

use std::fmt;
use std::str::FromStr;

/// A regular expression as configurations of the build system hold them: of branches, streams and their suffixes.
///
/// Matching takes time linear in the text, so look-around and back-references are not available. Two patterns are
/// equal if their texts are.
#[derive(Clone)]
pub struct Pattern(regex::Regex);

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("pattern `{text}` cannot be used; correct it")]
pub struct PatternError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    #[source]
    pub problem: regex::Error,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`] for what is no regular expression, or one that would become too large.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        regex::Regex::new(text).map(Self).map_err(|problem| PatternError { text: text.to_owned(), problem })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the pattern fits at the first character of a text; what follows does not matter.
    pub fn fits_start(&self, text: &str) -> bool {
        // The leftmost match is the one at the start, if there is one.
        self.0.find(text).is_some_and(|found| found.start() == 0)
    }

    /// Whether the pattern fits anywhere in a text.
    pub fn fits_anywhere(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// What the groups caught at the first place where the pattern fits, one after the other; `None` if it fits nowhere.
    pub fn caught(&self, text: &str) -> Option<String> {
        let found = self.0.captures(text)?;
        Some(found.iter().skip(1).flatten().map(|group| group.as_str()).collect())
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text).expect("a pattern")
    }

    #[test]
    fn a_fit_at_the_start_is_told_from_one_later() {
        let suffix = pattern(r"el\d+\.z");
        assert!(suffix.fits_start("el8.z") && suffix.fits_start("el8.z-more"));
        assert!(!suffix.fits_start("rhel8.z") && suffix.fits_anywhere("rhel8.z"));
        assert!(pattern("b|ab").fits_start("ab"), "the leftmost fit counts, not the first alternative");
        assert!(pattern("").fits_start(""));
    }

    #[test]
    fn groups_are_joined_and_those_without_a_match_left_out() {
        let release = pattern(r"(?:rh)(el)(?:\-)(\d+\.\d+\.\d+)$");
        assert_eq!(release.caught("10-rhel-8.0.0").as_deref(), Some("el8.0.0"));
        assert_eq!(release.caught("10"), None);
        assert_eq!(pattern("x(a)?(b)").caught("xb").as_deref(), Some("b"));
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_its_text() {
        let error = Pattern::new("(a").expect_err("refused");
        assert_eq!(error.to_string(), "pattern `(a` cannot be used; correct it");
        assert!(Pattern::new("(?=a)").is_err());
    }
}
