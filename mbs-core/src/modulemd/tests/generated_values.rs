//! Texts and free values made at random.

use crate::modulemd::{Scalar, Value};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Texts of all kinds: harmless, ambiguous, of several lines, hostile.
pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9.+-]{0,10}",
        proptest::sample::select(vec![
            "",
            "yes",
            "No",
            "~",
            "null",
            "5.10",
            "1e3",
            "0x1F",
            "1_000",
            "1:30",
            "2024-01-01",
            "<<",
            "=",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#",
            "[",
            "{}",
            "*a",
            "&a",
            "!t",
            "|",
            ">",
            "%",
            "@",
            "`",
            "'",
            "\"",
            "? ",
            ":",
            "...",
            "---",
            " a",
            "a ",
            "a\\n",
            "00000000",
            "7e96446",
            "TRUE",
        ])
        .prop_map(str::to_owned),
        "[ a-z:#\n\t-]{0,20}",
        "\\PC{0,8}",
        any::<String>(),
    ]
}

/// Texts that are not empty.
pub(super) fn filled() -> impl Strategy<Value = String> {
    text().prop_map(|text| if text.is_empty() { "0".to_owned() } else { text })
}

pub(super) fn name() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9_+]{0,8}"
}

pub(super) fn names() -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(text(), 0..4)
}

pub(super) fn value() -> BoxedStrategy<Value> {
    let leaf = (text(), any::<bool>())
        .prop_map(|(text, typed)| Value::Scalar(if typed { Scalar::typed(text) } else { Scalar::text(text) }));
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            btree_map(text(), inner, 0..4).prop_map(Value::from),
        ]
    })
    .boxed()
}
