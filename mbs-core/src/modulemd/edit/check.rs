//! Whether a changed text reads as the old one with exactly the change asked for.

use crate::modulemd::limits::Limits;
use crate::modulemd::model::Value;
use crate::modulemd::yaml::builder::Budget;
use crate::modulemd::yaml::documents::Documents;
use crate::modulemd::yaml::input::Input;
use crate::modulemd::yaml::plain::looks_typed;
use crate::modulemd::yaml::tape::{Node, Style, Tape, View};
use std::ops::Range;

/// A document by its values: order of keys, duplicate keys and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plain {
    /// The text, and whether readers may take it for something else.
    Scalar(String, bool),
    List(Vec<Plain>),
    Map(Vec<(Plain, Plain)>),
}

/// What a change does to the values. Places count items or pairs from the root down.
#[derive(Debug, Clone)]
pub(super) enum Effect {
    Replace { at: Vec<usize>, value: Value },
    InsertPair { at: Vec<usize>, place: usize, key: String, value: Value },
    InsertItem { at: Vec<usize>, place: usize, value: Value },
    Remove { at: Vec<usize>, place: usize },
}

impl Plain {
    fn of(node: Node<'_>) -> Self {
        match node.view() {
            View::Scalar(text, style) => Self::Scalar(text.to_owned(), style == Style::Plain && looks_typed(text)),
            View::Seq(items) => Self::List(items.map(Self::of).collect()),
            View::Map(pairs) => Self::Map(pairs.map(|(key, value)| (Self::of(key), Self::of(value))).collect()),
        }
    }

    fn from_value(value: &Value) -> Self {
        match value {
            Value::Scalar(scalar) => Self::Scalar(scalar.as_str().to_owned(), scalar.is_typed()),
            Value::List(items) => Self::List(items.iter().map(Self::from_value).collect()),
            Value::Map(map) => {
                let pair =
                    |(key, value): (&String, &Value)| (Self::Scalar(key.clone(), false), Self::from_value(value));
                Self::Map(map.iter().map(pair).collect())
            }
        }
    }

    fn below(&mut self, places: &[usize]) -> Option<&mut Self> {
        let Some((place, rest)) = places.split_first() else { return Some(self) };
        match self {
            Self::Scalar(..) => None,
            Self::List(items) => items.get_mut(*place)?.below(rest),
            Self::Map(pairs) => pairs.get_mut(*place)?.1.below(rest),
        }
    }

    /// Does the change; false if there is no such place.
    fn apply(&mut self, effect: &Effect) -> bool {
        match effect {
            Effect::Replace { at, value } => self.below(at).map(|place| *place = Self::from_value(value)).is_some(),
            Effect::InsertPair { at, place, key, value } => match self.below(at) {
                Some(Self::Map(pairs)) if *place <= pairs.len() => {
                    pairs.insert(*place, (Self::Scalar(key.clone(), false), Self::from_value(value)));
                    true
                }
                _ => false,
            },
            Effect::InsertItem { at, place, value } => match self.below(at) {
                Some(Self::List(items)) if *place <= items.len() => {
                    items.insert(*place, Self::from_value(value));
                    true
                }
                _ => false,
            },
            Effect::Remove { at, place } => match self.below(at) {
                Some(Self::Map(pairs)) if *place < pairs.len() => {
                    pairs.remove(*place);
                    true
                }
                Some(Self::List(items)) if *place < items.len() => {
                    items.remove(*place);
                    true
                }
                _ => false,
            },
        }
    }

    /// Whether two documents have equal values; maps at the place that a change filled may order their keys freely.
    fn equals(&self, other: &Self, free: bool) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b, free)),
            (Self::Map(a), Self::Map(b)) if a.len() == b.len() => {
                let same = |a: &(Plain, Plain), b: &(Plain, Plain)| a.0 == b.0 && a.1.equals(&b.1, free);
                a.iter().zip(b).all(|(a, b)| same(a, b)) || free && a.iter().all(|a| b.iter().any(|b| same(a, b)))
            }
            _ => self == other,
        }
    }
}

/// The documents of a chunk; what cannot be read is its problem.
fn documents(chunk: &str) -> Vec<Result<Plain, String>> {
    let (mut budget, mut tape) = (Budget::new(Limits::default()), Tape::new());
    let mut documents = Documents::new(chunk, 0, &mut budget);
    let mut all = Vec::new();
    while let Some(result) = documents.next(&mut tape) {
        all.extend(match result {
            Ok(()) => tape.root().map(Plain::of).map(Ok),
            Err(problem) => Some(Err(problem.message)),
        });
    }
    all
}

/// Whether the change of a chunk is exactly this one for its document `inside`, and touches nothing else.
pub(super) fn is_exactly(old: &[u8], new: &[u8], chunk: &Range<usize>, inside: usize, effect: &Effect) -> bool {
    let grown = chunk.end + new.len() - old.len();
    let old_chunks = Input::decode(old);
    let new_chunks = Input::decode(new);
    let moved = |at: usize| if at >= chunk.end { at + new.len() - old.len() } else { at };
    // Every document begins and ends where it did, moved by what became longer or shorter.
    let expected = old_chunks.chunks().map(|(start, end)| (moved(start), moved(end)));
    if !expected.eq(new_chunks.chunks())
        || old.get(..chunk.start) != new.get(..chunk.start)
        || old.get(chunk.end..) != new.get(grown..)
    {
        return false;
    }
    let text = |bytes: &'_ [u8], range: Range<usize>| {
        bytes.get(range).and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
    };
    let (Some(before), Some(after)) = (text(old, chunk.clone()), text(new, chunk.start..grown)) else { return false };
    let mut expected = documents(&before);
    let found = documents(&after);
    let Some(Ok(changed)) = expected.get_mut(inside) else { return false };
    changed.apply(effect)
        && expected.len() == found.len()
        && expected.iter().zip(&found).enumerate().all(|(number, pair)| match pair {
            (Ok(expected), Ok(found)) => expected.equals(found, number == inside),
            (expected, found) => expected == found,
        })
}
