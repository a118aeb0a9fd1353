//! Patterns as the shell knows them, with the meaning of `fnmatch` without flags.

use super::set::{Set, SetReader};
use std::fmt;

/// A pattern: `*` is any text (also across `:` and `/`), `?` one character, `[a-z]` and `[!x]` one character of a set
/// or not of it, `\` takes the meaning from the character behind it. Compared by characters, never by bytes.
///
/// In sets, `[:digit:]` and its like name kinds of characters. A `[` that is never closed is an ordinary character. A
/// `\` at the end fits nothing. Matching takes at most the product of both lengths, whatever the pattern.
///
/// ```
/// use mbs_core::modulemd::Glob;
///
/// assert!(Glob::new("nodejs:1[0-9]:*:x86_64").matches("nodejs:18:20:c0ffee:x86_64"));
/// assert!(!Glob::new("nodejs:?").matches("nodejs:18"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    text: String,
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Any,
    Set(Set),
    /// A pattern that cannot fit: it ends in the middle of something.
    Never,
}

impl Glob {
    /// Takes a pattern; every text is one.
    pub fn new(pattern: impl Into<String>) -> Self {
        let text = pattern.into();
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::with_capacity(chars.len());
        let mut sets = SetReader::new(&chars);
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            at += 1;
            tokens.push(match c {
                '*' if tokens.last() == Some(&Token::Any) => continue,
                '*' => Token::Any,
                '?' => Token::One,
                '\\' => match chars.get(at) {
                    Some(&next) => {
                        at += 1;
                        Token::Char(next)
                    }
                    None => Token::Never,
                },
                '[' => match sets.read(at) {
                    Some((set, next)) => {
                        at = next;
                        set.map_or(Token::Never, Token::Set)
                    }
                    None => Token::Char('['),
                },
                c => Token::Char(c),
            });
        }
        Self { text, tokens }
    }

    /// The pattern.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern fits the whole text.
    pub fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut at = 0;
        // Behind the last `*` seen: the next token, and what of the text it has not swallowed yet.
        let mut retry = None;
        loop {
            let here = rest.clone();
            match (self.tokens.get(at), rest.next()) {
                (Some(Token::Any), _) => {
                    at += 1;
                    rest = here;
                    retry = Some((at, rest.clone()));
                    if at == self.tokens.len() {
                        return true;
                    }
                    continue;
                }
                (None, None) => return true,
                (Some(token), Some(c)) if token.holds(c) => {
                    at += 1;
                    continue;
                }
                // What the last `*` does not get by now, no earlier one can give.
                (_, None) => return false,
                _ => {}
            }
            // The last `*` swallows one character more.
            let Some((next, from)) = &mut retry else { return false };
            if from.next().is_none() {
                return false;
            }
            at = *next;
            rest = from.clone();
        }
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl From<&str> for Glob {
    fn from(pattern: &str) -> Self {
        Self::new(pattern)
    }
}

impl Token {
    fn holds(&self, c: char) -> bool {
        match self {
            Self::Char(wanted) => *wanted == c,
            Self::One => true,
            Self::Any | Self::Never => false,
            Self::Set(set) => set.holds(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    /// Patterns, texts, and what the C library says in a UTF-8 locale.
    const TABLE: &[(&str, &str, bool)] = &[
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("**", "a:b", true),
        ("a*", "a:b/c", true),
        ("*a*b*c", "xxaxxbxxc", true),
        ("*a*b*c", "xxaxxcxxb", false),
        ("?", "", false),
        ("?", "é", true),
        ("??", "é", false),
        ("[abc]", "b", true),
        ("[a-c]x", "bx", true),
        ("[!a-c]", "b", false),
        ("[^a-c]", "d", true),
        ("[]]", "]", true),
        ("[!]]", "a", true),
        ("[a-]", "-", true),
        ("[c-a]", "b", false),
        ("[--0]", ".", true),
        ("[a-c-e]", "d", false),
        ("[a-c-e]", "-", true),
        ("[/]", "/", true),
        ("[a-\\c]", "b", true),
        ("[\\]]", "]", true),
        ("[", "[", true),
        ("[a", "[a", true),
        ("*[", "a[", true),
        ("[!a", "[!a", true),
        ("[a\\", "[a\\", false),
        ("a\\", "a\\", false),
        ("a\\", "a", false),
        ("\\*", "*", true),
        ("\\*", "a", false),
        ("[[:alpha:]]", "é", true),
        ("[[:digit:]]*", "1.0", true),
        ("[![:digit:]]", "1", false),
        ("[[:foo:]]", "a", false),
        ("[a[:foo:]]", "a", true),
        ("[[:a]", "[", true),
        ("[[:a]", ":", true),
        ("[[:alpha:]-z]", "-", true),
        ("[[=a=]]", "a", true),
        ("[[.a.]]", "a", true),
        ("[[.hyphen.]]", "-", false),
    ];

    #[test]
    fn patterns_fit_what_fnmatch_fits() {
        for (pattern, text, fits) in TABLE {
            assert_eq!(Glob::new(*pattern).matches(text), *fits, "{pattern:?} on {text:?}");
        }
    }

    #[test]
    fn many_stars_take_no_more_than_the_product_of_the_lengths() {
        let text = "a".repeat(4000);
        assert!(!Glob::new(format!("{}b", "a*".repeat(400))).matches(&text));
        assert!(Glob::new("*".repeat(100_000)).matches(&text));
        assert!(!Glob::new("[".repeat(100_000)).matches(&text));
        for part in ["[[.", "[\\]", "[[:a", "[[.x", "[[=", "[a-[."] {
            for end in ["", "]", ".]", "[.x.]"] {
                // Quadratic work on this would take minutes.
                let pattern = Glob::new(part.repeat(50_000) + end);
                assert!(!pattern.matches(&text), "{part} {end}");
            }
        }
    }
}
