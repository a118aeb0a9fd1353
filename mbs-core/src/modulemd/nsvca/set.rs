//! Sets of characters in patterns: `[a-z]`, `[!x]`, `[[:digit:]]`.

/// A set, or everything else than a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    negated: bool,
    items: Vec<Item>,
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

impl Set {
    pub(super) fn holds(&self, c: char) -> bool {
        for item in &self.items {
            match item {
                Item::Range(from, to) if (*from..=*to).contains(&c) => return !self.negated,
                Item::Class(class) if class.holds(c) => return !self.negated,
                Item::Invalid => return false,
                Item::Range(..) | Item::Class(_) => {}
            }
        }
        self.negated
    }
}

/// Reads the sets of one pattern in time linear in it, also where many brackets have no end.
pub(super) struct SetReader<'p> {
    chars: &'p [char],
    /// Where `.]` stands, ascending.
    name_ends: Vec<usize>,
    /// Places inside of sets from which no end is reached.
    endless: Vec<bool>,
}

/// What stands at a place of a set.
enum Element {
    /// A character, or the name of one that does not exist; and the place behind it.
    One(Option<char>, usize),
    /// The pattern ends in a `\`.
    Cut,
}

impl<'p> SetReader<'p> {
    pub(super) fn new(chars: &'p [char]) -> Self {
        let pairs = chars.windows(2).enumerate();
        let name_ends = pairs.filter(|(_, pair)| *pair == ['.', ']']).map(|(at, _)| at).collect();
        Self { chars, name_ends, endless: vec![false; chars.len() + 1] }
    }

    /// The set whose `[` stands before `at`, and the place behind its `]`; nothing if it has none. No set for a
    /// pattern that ends in a `\`, which fits nothing.
    pub(super) fn read(&mut self, mut at: usize) -> Option<(Option<Set>, usize)> {
        let negated = matches!(self.chars.get(at), Some('!' | '^'));
        if negated {
            at += 1;
        }
        let start = at;
        let mut items = Vec::new();
        let mut visited = Vec::new();
        loop {
            // What follows a place depends on nothing but the place; only the first one may be a `]`.
            if at > start {
                if self.chars.get(at) == Some(&']') {
                    return Some((Some(Set { negated, items }), at + 1));
                }
                if self.endless[at] {
                    break;
                }
                visited.push(at);
            }
            match self.item(at) {
                Some(Ok((item, next))) => {
                    items.push(item);
                    at = next;
                }
                Some(Err(())) => return Some((None, self.chars.len())),
                None => break,
            }
        }
        for place in visited {
            self.endless[place] = true;
        }
        None
    }

    /// The item at a place and the place behind it; nothing if the pattern ends before. `Err` if it ends in a `\`.
    fn item(&self, at: usize) -> Option<Result<(Item, usize), ()>> {
        let special = match self.chars.get(at..)? {
            ['[', ':', ..] => class(self.chars, at + 2),
            ['[', '=', c, '=', ']', ..] => Some((Item::Range(*c, *c), at + 5)),
            _ => None,
        };
        if let Some(found) = special {
            return Some(Ok(found));
        }
        let Element::One(from, next) = self.element(at)? else { return Some(Err(())) };
        if self.chars.get(next) != Some(&'-') || self.chars.get(next + 1).is_none_or(|c| *c == ']') {
            return Some(Ok((from.map_or(Item::Invalid, |c| Item::Range(c, c)), next)));
        }
        let Element::One(to, next) = self.element(next + 1)? else { return Some(Err(())) };
        Some(Ok((from.zip(to).map_or(Item::Invalid, |(from, to)| Item::Range(from, to)), next)))
    }

    /// One character of a set: plain, behind `\`, or as `[.x.]`.
    fn element(&self, at: usize) -> Option<Element> {
        Some(match self.chars.get(at..)? {
            [] => return None,
            ['\\'] => Element::Cut,
            ['\\', c, ..] => Element::One(Some(*c), at + 2),
            ['[', '.', ..] => {
                let end = *self.name_ends.get(self.name_ends.partition_point(|end| *end < at + 2))?;
                Element::One(self.chars.get(at + 2).copied().filter(|_| end == at + 3), end + 2)
            }
            [c, ..] => Element::One(Some(*c), at + 1),
        })
    }
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
