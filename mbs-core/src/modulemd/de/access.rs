//! Access to the items of lists and the pairs of maps.

use super::error::Refused;
use super::hints::closest;
use super::node::NodeDe;
use crate::modulemd::diagnostic::{Code, Problem, Sink};
use crate::modulemd::yaml::tape::{Items, Node, Pairs, shorten};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};
use std::collections::{HashMap, HashSet};

/// The items of a list, or one value that stands for a list.
pub(super) struct ItemAccess<'t> {
    items: Option<Items<'t>>,
    single: Option<Node<'t>>,
    /// Most items there can be, for a list whose items should all be scalars.
    most: Option<usize>,
    sink: &'t Sink,
}

impl<'t> ItemAccess<'t> {
    pub(super) fn new(items: Items<'t>, sink: &'t Sink) -> Self {
        Self { items: Some(items), single: None, most: None, sink }
    }

    pub(super) fn single(single: Option<Node<'t>>, sink: &'t Sink) -> Self {
        Self { items: None, single, most: single.map(|_| 1), sink }
    }

    /// The items of a list of scalars: their number is told to the visitor.
    pub(super) fn scalars(items: Items<'t>, sink: &'t Sink) -> Self {
        let most = Some(items.entries());
        Self { items: Some(items), single: None, most, sink }
    }
}

impl<'t> SeqAccess<'t> for ItemAccess<'t> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        let next = self.items.as_mut().map_or_else(|| self.single.take(), Iterator::next);
        next.map(|node| NodeDe { node, sink: self.sink }.seed(seed)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        self.most
    }
}

/// The pairs of a map: each key once, unknown keys of a struct noted.
pub(super) struct PairAccess<'t> {
    pairs: Option<Pairs<'t>>,
    /// Values of keys that stand several times: the last place of each. Nothing if there is no such key.
    last: Option<HashMap<&'t str, u32>>,
    fields: &'static [&'static str],
    value: Option<Node<'t>>,
    count: usize,
    sink: &'t Sink,
}

/// Maps up to this size are searched for duplicates by comparing all keys.
const SMALL: usize = 16;

impl<'t> PairAccess<'t> {
    /// `fields` are the keys of a struct; empty for a map with free keys.
    pub(super) fn new(pairs: Option<Pairs<'t>>, fields: &'static [&'static str], sink: &'t Sink) -> Self {
        let (last, count) = match &pairs {
            None => (None, 0),
            Some(pairs) => match count_unique(pairs, fields) {
                Some(count) => (None, count),
                None => duplicates(pairs, sink),
            },
        };
        Self { pairs, last, fields, value: None, count, sink }
    }
}

/// The number of pairs, if it is plain that no key stands twice: because the keys are in order, or all are different
/// keys of a struct.
fn count_unique<'t>(pairs: &Pairs<'t>, fields: &'static [&'static str]) -> Option<usize> {
    let mut count = 0;
    if fields.is_empty() {
        let mut before: Option<&'t str> = None;
        for (key, _) in pairs.clone() {
            let text = key.scalar()?;
            if before.is_some_and(|before| before >= text) {
                return None;
            }
            before = Some(text);
            count += 1;
        }
        return Some(count);
    }
    let mut seen = 0_u64;
    for (key, _) in pairs.clone() {
        let text = key.scalar()?;
        let field = u32::try_from(fields.iter().position(|field| *field == text)?).ok()?;
        let bit = 1_u64.checked_shl(field)?;
        if seen & bit != 0 {
            return None;
        }
        seen |= bit;
        count += 1;
    }
    Some(count)
}

/// Notes each repeated key and gives the place of its last value; and the number of different keys.
fn duplicates<'t>(pairs: &Pairs<'t>, sink: &Sink) -> (Option<HashMap<&'t str, u32>>, usize) {
    let mut last = HashMap::new();
    let mut repeated = 0;
    let mut note = |key: Node<'t>, text: &'t str, value: Node<'t>| {
        let message = format!("key `{}` stands twice in this map", shorten(text));
        sink.push_lenient(
            Problem::at_entry(Code::DuplicateKey, key.index(), message).hint("remove one; the last one counts"),
        );
        last.insert(text, value.index());
        repeated += 1;
    };
    let keys = || pairs.clone().filter_map(|(key, value)| Some((key, key.scalar()?, value)));
    let mut seen_few: [&str; SMALL] = [""; SMALL];
    let total = keys().count();
    if total <= SMALL {
        for (count, (key, text, value)) in keys().enumerate() {
            if seen_few[..count].contains(&text) {
                note(key, text, value);
            }
            seen_few[count] = text;
        }
        return (Some(last), total - repeated);
    }
    let mut seen = HashSet::with_capacity(total);
    for (key, text, value) in keys() {
        if !seen.insert(text) {
            note(key, text, value);
        }
    }
    (Some(last), total - repeated)
}

impl<'t> MapAccess<'t> for PairAccess<'t> {
    type Error = Refused;

    fn next_key_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        let Some(pairs) = self.pairs.as_mut() else { return Ok(None) };
        for (key, value) in pairs {
            let Some(text) = key.scalar() else {
                let problem = Problem::at_entry(Code::KeyKind, key.index(), "a key is not a text");
                self.sink.push(problem.found(key.describe()));
                continue;
            };
            if self.last.as_ref().and_then(|last| last.get(text)).is_some_and(|last| *last != value.index()) {
                continue;
            }
            if !self.fields.is_empty() && !self.fields.contains(&text) {
                let mut problem =
                    Problem::at_entry(Code::UnknownKey, key.index(), format!("unknown key `{}`", shorten(text)))
                        .expected(format!("one of `{}`", self.fields.join("`, `")));
                if self.sink.has_room()
                    && let Some(meant) = closest(text, self.fields)
                {
                    problem = problem.hint(format!("did you mean `{meant}`?"));
                }
                self.sink.push_lenient(problem);
                self.sink.keep(key.index(), value.index());
                continue;
            }
            self.value = Some(value);
            return seed.deserialize(BorrowedStrDeserializer::new(text)).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let node = self.value.take().expect("serde asks for a value only after a key");
        NodeDe { node, sink: self.sink }.seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.count)
    }
}
