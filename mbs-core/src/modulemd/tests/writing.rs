//! The writer, held against libyaml and against what each kind of document looks like.

use super::super::yaml::builder;
use super::super::yaml::compare::compare;
use super::super::yaml::plain::looks_typed;
use super::super::yaml::tape::{Node, Style, View};
use super::super::{Limits, UnknownDocument, Value, write};
use super::generated::value;
use proptest::prelude::*;

/// What libyaml makes of a node. Keys are kept in their order.
#[derive(Debug, PartialEq)]
enum Seen {
    /// A text, and whether it stands without quotes and means something else to readers that guess.
    Scalar(String, bool),
    List(Vec<Seen>),
    Map(Vec<(String, Seen)>),
}

fn seen(node: Node<'_>) -> Seen {
    match node.view() {
        View::Scalar(text, style) => Seen::Scalar(text.to_owned(), style == Style::Plain && looks_typed(text)),
        View::Seq(items) => Seen::List(items.map(seen).collect()),
        View::Map(pairs) => Seen::Map(
            pairs
                .map(|(key, value)| {
                    let Seen::Scalar(key, false) = seen(key) else { panic!("a key that is a text") };
                    (key, seen(value))
                })
                .collect(),
        ),
    }
}

fn expected(value: &Value) -> Seen {
    match value {
        Value::Scalar(scalar) => Seen::Scalar(scalar.as_str().to_owned(), scalar.is_typed()),
        Value::List(items) => Seen::List(items.iter().map(expected).collect()),
        Value::Map(map) => Seen::Map(map.iter().map(|(key, value)| (key.clone(), expected(value))).collect()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn libyaml_sees_the_values_that_were_written(map in proptest::collection::btree_map(super::generated::text(), value(), 0..4)) {
        let root = Value::from(map);
        let text = write(&UnknownDocument { root: root.clone(), ..UnknownDocument::default() });
        let tapes: Vec<_> = builder::Documents::new(&text, 0, Limits::default()).collect();
        prop_assert_eq!(tapes.len(), 1, "{}", text);
        let Ok(tape) = &tapes[0] else { panic!("not YAML:\n{text}") };
        prop_assert_eq!(tape.root().map(seen), Some(expected(&root)), "{}", text);
        prop_assert!(compare(&text), "the fast scanner does not know {}", text);
    }
}
