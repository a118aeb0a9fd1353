//! Patterns as the shell knows them, with the meaning of `fnmatch` without flags.

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
    Set {
        negated: bool,
        items: Vec<Item>,
    },
    /// A pattern that cannot fit: it ends in the middle of something.
    Never,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Range(char, char),
    Class(Class),
    /// A name that does not exist: fits nothing, and ends the search in its set.
    Invalid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Alnum,
    Alpha,
    Blank,
    Cntrl,
    Digit,
    Graph,
    Lower,
    Print,
    Punct,
    Space,
    Upper,
    Xdigit,
}

impl Class {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "alnum" => Self::Alnum,
            "alpha" => Self::Alpha,
            "blank" => Self::Blank,
            "cntrl" => Self::Cntrl,
            "digit" => Self::Digit,
            "graph" => Self::Graph,
            "lower" => Self::Lower,
            "print" => Self::Print,
            "punct" => Self::Punct,
            "space" => Self::Space,
            "upper" => Self::Upper,
            "xdigit" => Self::Xdigit,
            _ => return None,
        })
    }

    fn holds(self, c: char) -> bool {
        match self {
            Self::Alnum => c.is_alphanumeric(),
            Self::Alpha => c.is_alphabetic(),
            Self::Blank => c == ' ' || c == '\t',
            Self::Cntrl => c.is_control(),
            Self::Digit => c.is_ascii_digit(),
            Self::Graph => !c.is_whitespace() && !c.is_control(),
            Self::Lower => c.is_lowercase(),
            Self::Print => c == ' ' || (!c.is_whitespace() && !c.is_control()),
            Self::Punct => !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control(),
            Self::Space => c.is_whitespace(),
            Self::Upper => c.is_uppercase(),
            Self::Xdigit => c.is_ascii_hexdigit(),
        }
    }
}

impl Glob {
    /// Takes a pattern; every text is one.
    pub fn new(pattern: impl Into<String>) -> Self {
        let text = pattern.into();
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::with_capacity(chars.len());
        // Once one bracket is found to be open to the end, so is every later one.
        let mut open = false;
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
                '[' if !open => {
                    if let Some((token, next)) = set(&chars, at) {
                        at = next;
                        token
                    } else {
                        open = !chars[at..].contains(&']');
                        Token::Char('[')
                    }
                }
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
            Self::Set { negated, items } => {
                for item in items {
                    match item {
                        Item::Range(from, to) if (*from..=*to).contains(&c) => return !negated,
                        Item::Class(class) if class.holds(c) => return !negated,
                        Item::Invalid => return false,
                        Item::Range(..) | Item::Class(_) => {}
                    }
                }
                *negated
            }
        }
    }
}

/// The set whose `[` stands before `at`, and the place behind its `]`; nothing if it has none.
fn set(chars: &[char], mut at: usize) -> Option<(Token, usize)> {
    let negated = matches!(chars.get(at), Some('!' | '^'));
    if negated {
        at += 1;
    }
    let start = at;
    let mut items = Vec::new();
    loop {
        match *chars.get(at)? {
            ']' if at > start => return Some((Token::Set { negated, items }, at + 1)),
            '[' if chars.get(at + 1) == Some(&':') => {
                if let Some((item, next)) = class(chars, at + 2) {
                    items.push(item);
                    at = next;
                    continue;
                }
            }
            '[' if chars.get(at + 1) == Some(&'=') => {
                if let (Some(&c), Some('='), Some(']')) = (chars.get(at + 2), chars.get(at + 3), chars.get(at + 4)) {
                    items.push(Item::Range(c, c));
                    at += 5;
                    continue;
                }
            }
            _ => {}
        }
        let (from, next) = match element(chars, at)? {
            Ok(found) => found,
            Err(stop) => return Some(stop),
        };
        at = next;
        if chars.get(at) == Some(&'-') && chars.get(at + 1).is_some_and(|next| *next != ']') {
            let (to, next) = match element(chars, at + 1)? {
                Ok(found) => found,
                Err(stop) => return Some(stop),
            };
            at = next;
            items.push(match (from, to) {
                (Some(from), Some(to)) => Item::Range(from, to),
                _ => Item::Invalid,
            });
        } else {
            items.push(from.map_or(Item::Invalid, |c| Item::Range(c, c)));
        }
    }
}

/// One character of a set and the place behind it: plain, behind `\`, or as `[.x.]`; no character for a name that
/// does not exist. `Err` for a pattern that ends in a `\`.
#[expect(clippy::type_complexity, reason = "private, used twice")]
fn element(chars: &[char], at: usize) -> Option<Result<(Option<char>, usize), (Token, usize)>> {
    let found = match *chars.get(at)? {
        '\\' => match chars.get(at + 1) {
            Some(&c) => (Some(c), at + 2),
            None => return Some(Err((Token::Never, chars.len()))),
        },
        '[' if chars.get(at + 1) == Some(&'.') => {
            let name = &chars[at + 2..];
            let length = name.windows(2).position(|pair| pair == ['.', ']'])?;
            let single = if length == 1 { name.first().copied() } else { None };
            (single, at + 2 + length + 2)
        }
        c => (Some(c), at + 1),
    };
    Some(Ok(found))
}

/// The class whose name starts at `at`, and the place behind its `:]`; nothing if that is no class.
fn class(chars: &[char], at: usize) -> Option<(Item, usize)> {
    let length = chars[at..].iter().position(|c| !c.is_ascii_lowercase())?;
    let end = at + length;
    if (chars.get(end), chars.get(end + 1)) != (Some(&':'), Some(&']')) {
        return None;
    }
    let name: String = chars[at..end].iter().collect();
    Some((Class::named(&name).map_or(Item::Invalid, Item::Class), end + 2))
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
        assert!(!Glob::new("[[.".repeat(20_000)).matches(&text));
    }
}
