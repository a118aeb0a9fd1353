//! The keys from a document's root to a value.

use std::fmt;
use std::str::FromStr;

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into a map, under this key.
    Key(String),
    /// Into a list, counted from 0.
    Index(usize),
    /// Into a list of texts, at the item with this text.
    Item(String),
}

/// Keys from a document's root to a value; shown as `data.components.rpms.libgauge.buildafter[0]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath(Vec<Step>);

impl KeyPath {
    /// The path of these keys.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        Self(keys.into_iter().map(|key| Step::Key(key.to_owned())).collect())
    }

    /// This path and a key below it.
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.push_key(key);
        path
    }

    /// This path and a place of a list below it.
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.push_index(index);
        path
    }

    /// This path and the item with this text below it.
    pub fn item(&self, text: &str) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Item(text.to_owned()));
        path
    }

    /// The part below the first steps.
    pub(crate) fn below(&self, steps: usize) -> Self {
        Self(self.0.get(steps..).unwrap_or_default().to_vec())
    }

    pub(crate) fn append(&mut self, path: &Self) {
        self.0.extend_from_slice(&path.0);
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    pub(crate) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    pub(crate) fn push_key(&mut self, key: &str) {
        self.0.push(Step::Key(key.to_owned()));
    }

    pub(crate) fn push_index(&mut self, index: usize) {
        self.0.push(Step::Index(index));
    }

    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// Goes to a key of which a message shows no more than the beginning. Display is exact, so whatever may see a
    /// stranger's keys many times keeps them short itself.
    pub(crate) fn push_shown(&mut self, key: &str) {
        const LONGEST: usize = 200;
        self.push_key(&match key.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}...", &key[..end]),
            None => key.to_owned(),
        });
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |key: &str| !key.is_empty() && key.chars().all(is_bare);
        for (number, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if bare(key) => {
                    let dot = if number == 0 { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                Step::Key(key) | Step::Item(key) => {
                    f.write_str("[\"")?;
                    key.chars().try_for_each(|c| write!(f, "{}", c.escape_debug()))?;
                    f.write_str("\"]")?;
                }
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Why a text is no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no path of keys: {problem}, at character {column}")]
#[non_exhaustive]
pub struct KeyPathError {
    /// The text.
    pub text: String,
    /// Where it cannot be understood, in characters from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

impl FromStr for KeyPath {
    type Err = KeyPathError;

    /// Reads what [`KeyPath`] shows: `data.components.rpms["python3.11"].buildafter[2]`. A text in brackets is a key;
    /// whoever looks it up in a list takes it for the item with that text. The empty text is the path of the root.
    fn from_str(text: &str) -> Result<Self, KeyPathError> {
        let mut path = Self::default();
        let mut rest = text;
        let fail = |rest: &str, problem| KeyPathError {
            text: super::yaml::tape::shorten(text),
            column: text[..text.len() - rest.len()].chars().count() + 1,
            problem,
        };
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix("[\"") {
                let (key, behind) = unescape(inside).map_err(|(rest, problem)| fail(rest, problem))?;
                rest = behind.strip_prefix(']').ok_or_else(|| fail(behind, "`]` is missing behind the quotes"))?;
                path.push_key(&key);
            } else if let Some(inside) = rest.strip_prefix('[') {
                let end = inside.find(']').ok_or_else(|| fail(rest, "`]` is missing"))?;
                let digits = &inside[..end];
                let index = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
                path.push_index(index.ok_or_else(|| fail(inside, "a number or a text in double quotes is expected"))?);
                rest = &inside[end + 1..];
            } else {
                let key = match rest.strip_prefix('.') {
                    Some(_) if path.0.is_empty() => return Err(fail(rest, "a key is expected")),
                    Some(key) => key,
                    None if path.0.is_empty() => rest,
                    None => return Err(fail(rest, "`.` or `[` is expected")),
                };
                let end = key.find(['.', '[']).unwrap_or(key.len());
                let name = &key[..end];
                if name.is_empty() {
                    return Err(fail(key, "a key is expected"));
                }
                if let Some(at) = name.find(|c| !is_bare(c)) {
                    return Err(fail(&key[at..], "a key with this character is written as `[\"key\"]`"));
                }
                path.push_key(name);
                rest = &key[end..];
            }
        }
        Ok(path)
    }
}

fn is_bare(c: char) -> bool {
    c.is_alphanumeric() || "-_+".contains(c)
}

/// The text up to the closing quote, and what stands behind that; else the place and kind of the problem.
fn unescape(quoted: &str) -> Result<(String, &str), (&str, &'static str)> {
    let mut key = String::new();
    let mut chars = quoted.chars();
    loop {
        let here = chars.as_str();
        match chars.next() {
            None => return Err((here, "the closing quote is missing")),
            Some('"') => return Ok((key, chars.as_str())),
            Some('\\') => key.push(match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('0') => '\0',
                Some(c @ ('"' | '\'' | '\\')) => c,
                Some('u') => {
                    let digits = chars.as_str().strip_prefix('{').and_then(|rest| rest.split_once('}'));
                    let (digits, rest) = digits.ok_or((here, "`\\u` needs a number as in `\\u{200b}`"))?;
                    chars = rest.chars();
                    let number = u32::from_str_radix(digits, 16).ok();
                    number.and_then(char::from_u32).ok_or((here, "this is the number of no character"))?
                }
                _ => return Err((here, "an unknown escape")),
            }),
            Some(c) => key.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_that_are_no_paths_are_refused_with_their_place() {
        for (text, column) in [
            (".a", 1),
            ("a.", 3),
            ("a..b", 3),
            ("a[", 2),
            ("a[x]", 3),
            ("a[-1]", 3),
            ("a[+1]", 3),
            ("a[0]b", 5),
            ("a b", 2),
            ("é.b/c", 4),
            ("a[\"b", 5),
            ("a[\"b\"", 6),
            ("a[\"\\q\"]", 4),
            ("a[\"\\u{d800}\"]", 4),
            ("a[99999999999999999999]", 3),
        ] {
            assert_eq!(text.parse::<KeyPath>().expect_err(text).column, column, "{text}");
        }
        let message = "a/b".parse::<KeyPath>().expect_err("refused").to_string();
        assert!(message.contains("`a/b`") && message.contains("[\"key\"]"), "{message}");
    }

    #[test]
    fn the_empty_text_is_the_root() {
        assert_eq!("".parse(), Ok(KeyPath::default()));
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(
            steps in proptest::collection::vec(prop_oneof!["[a-z.\\[\\]\"\\\\é-]{0,6}", "\\PC{0,200}", any::<String>()]
                .prop_map(Step::Key).boxed().prop_union(any::<usize>().prop_map(Step::Index).boxed()), 0..6)
        ) {
            let path = KeyPath(steps);
            prop_assert_eq!(path.to_string().parse::<KeyPath>(), Ok(path));
        }

        #[test]
        fn no_text_breaks_the_reader_of_paths(text in any::<String>()) {
            if let Ok(path) = text.parse::<KeyPath>() {
                prop_assert_eq!(path.to_string().parse::<KeyPath>().map(|path| path.to_string()), Ok(path.to_string()));
            }
        }
    }

    #[test]
    fn paths_read_like_the_document() {
        let path = KeyPath::new(["data", "components", "rpms", "python3.11", "buildafter"]).index(2);
        assert_eq!(path.to_string(), "data.components.rpms[\"python3.11\"].buildafter[2]");
    }
}
