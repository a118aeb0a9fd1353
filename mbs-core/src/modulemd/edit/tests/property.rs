//! Random documents, random formats, random edits.

#![expect(clippy::format_push_string, reason = "short to read")]

use super::super::{EditError, Editor, unified_diff};
use crate::modulemd::{KeyPath, Scalar, Value, ValueMap};
use fastrand::Rng;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Writes a value in one of the many ways that YAML has, with comments everywhere.
struct Scribe {
    rng: Rng,
    out: String,
    comments: usize,
    /// A deep comment would become a part of the block scalar above.
    scalar_above: bool,
    newline: &'static str,
}

impl Scribe {
    fn chance(&mut self, one_in: u32) -> bool {
        self.rng.u32(0..one_in) == 0
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("# c{}.", self.comments)
    }

    fn end(&mut self) {
        if self.chance(4) {
            let comment = self.comment();
            self.out.push_str(&format!("  {comment}"));
        } else if self.chance(8) {
            self.out.push_str("  ");
        }
        self.out.push_str(self.newline);
    }

    fn between(&mut self, indent: usize) {
        while self.chance(4) {
            if self.chance(3) {
                self.out.push_str(self.newline);
            } else {
                let more = if self.scalar_above { 0 } else { [0, 0, 0, 1, 3][self.rng.usize(0..5)] };
                let comment = self.comment();
                self.out.push_str(&format!("{:indent$}{comment}{}", "", self.newline, indent = indent + more));
            }
        }
    }

    fn map(&mut self, map: &ValueMap, indent: usize, inline: bool) {
        let mut pairs: Vec<_> = map.iter().collect();
        if self.chance(2) {
            self.rng.shuffle(&mut pairs);
        }
        for (number, (key, value)) in pairs.into_iter().enumerate() {
            if number > 0 || !inline {
                self.between(indent);
                self.out.push_str(&" ".repeat(indent));
            }
            match self.rng.u32(0..8) {
                0 => self.out.push_str(&format!("\"{key}\"")),
                1 => self.out.push_str(&format!("'{key}'")),
                _ => self.out.push_str(key),
            }
            self.out.push(':');
            self.scalar_above = false;
            self.value(value, indent, false);
        }
    }

    fn list(&mut self, items: &[Value], indent: usize, inline: bool) {
        for (number, item) in items.iter().enumerate() {
            if number > 0 || !inline {
                self.between(indent);
                self.out.push_str(&" ".repeat(indent));
            }
            self.out.push('-');
            self.scalar_above = false;
            self.value(item, indent, true);
        }
    }

    /// Behind a `:` or `-` at this indentation.
    fn value(&mut self, value: &Value, indent: usize, dash: bool) {
        let flow = self.chance(4);
        match value {
            Value::Map(map) if !map.is_empty() && !flow => {
                if dash && self.chance(2) {
                    let gap = self.rng.usize(1..4);
                    self.out.push_str(&" ".repeat(gap));
                    self.map(map, indent + 1 + gap, true);
                } else {
                    self.end();
                    let step = self.rng.usize(1..5);
                    self.map(map, indent + step, false);
                }
            }
            Value::List(items) if !items.is_empty() && !flow => {
                if dash && self.chance(2) {
                    self.out.push(' ');
                    self.list(items, indent + 2, true);
                } else {
                    self.end();
                    let step = if dash { self.rng.usize(1..4) } else { self.rng.usize(0..4) };
                    self.list(items, indent + step, false);
                }
            }
            Value::Scalar(scalar) if !flow && !scalar.is_typed() && self.literal(scalar.as_str(), indent) => {}
            other => {
                if !matches!(other, Value::Scalar(scalar) if scalar.as_str().is_empty() && scalar.is_typed()) {
                    self.out.push(' ');
                    self.flow(other, indent);
                }
                self.end();
            }
        }
    }

    fn literal(&mut self, text: &str, indent: usize) -> bool {
        if !text.contains('\n') || text.starts_with(['\n', ' ']) || text.ends_with("\n\n") {
            return false;
        }
        let step = self.rng.usize(1..4);
        let mark = if text.ends_with('\n') { ["|", "|+"][self.rng.usize(0..2)] } else { "|-" };
        self.out.push_str(&format!(" {mark}"));
        self.end();
        for line in text.trim_end_matches('\n').split('\n') {
            if !line.is_empty() {
                self.out.push_str(&format!("{:indent$}{line}", "", indent = indent + step));
            }
            self.out.push_str(self.newline);
        }
        self.scalar_above = true;
        true
    }

    fn flow(&mut self, value: &Value, indent: usize) {
        let wide = self.chance(4);
        let separator = |scribe: &mut Self| {
            if wide {
                if scribe.chance(3) {
                    let comment = scribe.comment();
                    scribe.out.push_str(&format!(" {comment}"));
                }
                scribe.out.push_str(scribe.newline);
                scribe.out.push_str(&" ".repeat(indent + 3));
            } else if scribe.chance(3) {
                scribe.out.push(' ');
            }
        };
        match value {
            Value::Scalar(scalar) => {
                let text = scalar.as_str();
                let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
                match self.rng.u32(0..4) {
                    _ if scalar.is_typed() => self.out.push_str(text),
                    0 if !text.contains('\n') => self.out.push_str(&format!("'{}'", text.replace('\'', "''"))),
                    1 | 2 if plain && Scalar::typed(text) == Scalar::text(text) => self.out.push_str(text),
                    _ => self.out.push_str(&serde_json::to_string(text).expect("JSON")),
                }
            }
            Value::List(items) => {
                self.out.push('[');
                for (number, item) in items.iter().enumerate() {
                    separator(self);
                    self.flow(item, indent + 3);
                    if number + 1 < items.len() || self.chance(4) {
                        self.out.push(',');
                    }
                }
                separator(self);
                self.out.push(']');
            }
            Value::Map(map) => {
                self.out.push('{');
                for (number, (key, item)) in map.iter().enumerate() {
                    separator(self);
                    self.out.push_str(&format!("{key}: "));
                    self.flow(item, indent + 3);
                    if number + 1 < map.len() || self.chance(4) {
                        self.out.push(',');
                    }
                }
                separator(self);
                self.out.push('}');
            }
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-d]{1,3}",
        "[a-d #:'\"\\[\\],{}-]{0,8}",
        "[a-d]{1,3}(\n[a-d ]{0,3}[a-d]){1,3}\n?",
        Just("5.10".to_owned()),
        Just("yes".to_owned()),
        Just(String::new())
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(|text| Value::Scalar(Scalar::text(text))),
        1 => prop_oneof![Just("1"), Just("true"), Just("-2.5"), Just("null")].prop_map(|text| Value::Scalar(Scalar::typed(text))),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            proptest::collection::btree_map("[a-h]{1,2}x", inner, 0..4).prop_map(Value::from),
        ]
    })
}

fn document() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map(
        prop_oneof![
            "[a-h]{1,2}x",
            proptest::sample::select(vec!["name", "stream", "summary", "description", "api", "components", "filter"])
                .prop_map(str::to_owned)
        ],
        value(),
        1..5,
    )
    .prop_map(|data| {
        let mut root = BTreeMap::from([("data".to_owned(), Value::from(data))]);
        root.insert("document".to_owned(), "modulemd".into());
        root.insert("version".to_owned(), 2.into());
        Value::from(root)
    })
}

/// Every path of the value.
fn paths(value: &Value, here: &KeyPath, all: &mut Vec<KeyPath>) {
    all.push(here.clone());
    match value {
        Value::Scalar(_) => {}
        Value::List(items) => items.iter().enumerate().for_each(|(at, item)| paths(item, &here.index(at), all)),
        Value::Map(map) => map.iter().for_each(|(key, item)| paths(item, &here.key(key), all)),
    }
}

fn comments(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("text");
    let ends = text.match_indices("# c").filter_map(|(at, _)| {
        let end = text[at..].find('.')?;
        text[at + 3..at + end].parse::<u32>().ok().map(|number| number.to_string())
    });
    ends.collect()
}

fn render(value: &Value, seed: u64) -> String {
    let mut rng = Rng::with_seed(seed);
    let newline = ["\n", "\n", "\r\n"][rng.usize(0..3)];
    let mut scribe = Scribe { rng, out: String::new(), comments: 0, scalar_above: false, newline };
    if scribe.chance(4) {
        scribe.out.push('\u{FEFF}');
    }
    scribe.between(0);
    if scribe.chance(2) {
        scribe.out.push_str("---");
        scribe.out.push_str(newline);
    }
    let Value::Map(map) = value else { unreachable!("a document is a map") };
    scribe.map(map, 0, false);
    scribe.between(0);
    match scribe.rng.u32(0..4) {
        0 => scribe.out.push_str("..."),
        1 => {
            let text = scribe.out.trim_end_matches(['\n', '\r']).len();
            scribe.out.truncate(text);
        }
        _ => {}
    }
    scribe.out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn edits_change_what_was_asked_and_nothing_else(
        document in document(),
        seed in any::<u64>(),
        choice in any::<proptest::sample::Index>(),
        kind in 0..4,
        new in value(),
        key in "[a-h]{1,2}x",
    ) {
        let text = render(&document, seed);
        let mut editor = Editor::new(text.clone(), "f", None).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        // Cutting the last line break can change the last text; what is read is what counts.
        let document = editor.get(&KeyPath::default()).expect("root").expect("root");
        let mut all = Vec::new();
        paths(&document, &KeyPath::default(), &mut all);
        let path = all.get(choice.index(all.len())).expect("a path").clone();
        let before = editor.get(&path).expect("value").expect("value");
        let new_value = new.clone();
        let (result, wanted) = match kind {
            0 => (editor.set(&path, new.clone()).map(drop), Some(new)),
            1 => (editor.remove(&path), None),
            2 => {
                let path = path.key(&key);
                let is_map = before.as_map().is_some_and(|map| !map.contains_key(&key));
                let result = editor.set(&path, new.clone()).map(drop);
                prop_assert!(!is_map || result != Err(EditError::Inconsistent { path }), "{}", text);
                (result, Some(new))
            }
            _ => (editor.append(&path, new.clone()), None),
        };
        match &result {
            Err(EditError::Inconsistent { .. }) => prop_assert!(false, "inconsistent {kind} {path} {new_value:?} {key}:\n{text}"),
            Err(_) => {
                prop_assert_eq!(editor.bytes(), text.as_bytes());
                // The few refusals have their reasons.
                let expected = path.steps().is_empty() || kind > 1 || matches!(result, Err(EditError::Unsupported { .. }));
                prop_assert!(expected, "{result:?} {kind} {path}:\n{text}");
                return Ok(());
            }
            Ok(()) => {}
        }
        let after = String::from_utf8(editor.bytes().to_vec()).expect("text");
        let reread = Editor::new(after.clone(), "f", None).expect("a document");
        match (kind, wanted) {
            (0, Some(wanted)) => {
                let found = reread.get(&path).expect("value").expect("value");
                prop_assert!(alike(&found, &wanted), "{found:?}\n{wanted:?}\n{text}\n{after}");
            }
            (1, _) if !matches!(path.steps().last(), Some(crate::modulemd::Step::Index(_))) => {
                prop_assert_eq!(reread.get(&path), Ok(None));
            }
            _ => {}
        }
        // Comments stay, all but those of what is replaced or removed.
        let replaced = kind == 2 && before.as_map().is_some_and(|map| map.contains_key(&key));
        let gone = kind < 2 || replaced;
        if !gone || matches!(before, Value::Scalar(_)) && kind == 0 {
            prop_assert_eq!(comments(text.as_bytes()), comments(after.as_bytes()), "{}\n{}", text, after);
        }
        // What is added leaves all lines as they are, but for the one it is added to: an empty value or brackets.
        if kind > 1 && !replaced {
            let diff = String::from_utf8(unified_diff(text.as_bytes(), after.as_bytes(), "f")).expect("text");
            let touched = diff.lines().skip(2).filter(|line| line.starts_with('-')).count();
            prop_assert!(touched <= 2, "{touched} lines touched:\n{diff}");
        }
    }
}

/// Equal, where streams are always texts.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Scalar(a), Value::Scalar(b)) => a.as_str() == b.as_str(),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && alike(a, b))
        }
        _ => false,
    }
}
