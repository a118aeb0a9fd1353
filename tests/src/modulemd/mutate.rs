//! Documents that are nearly right: whole ones, changed at random places.

#![expect(clippy::missing_panics_doc, reason = "a mistake in the documents ends the test")]

use fastrand::Rng;
use serde_yaml::{Mapping, Value};
use std::path::Path;

/// Documents with every key of their kind, by file name.
pub fn whole() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("modulemd/whole");
    let mut found: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("the folder of whole documents")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
            (name, std::fs::read_to_string(&path).expect("a document"))
        })
        .collect();
    found.sort();
    found
}

/// Values of every kind, and those at the borders of what is taken.
const VALUES: &[&str] = &[
    "",
    "''",
    "~",
    "null",
    "x",
    "X y",
    "0",
    "1",
    "-1",
    "+7",
    "007",
    "1.5",
    "0x10",
    "1e3",
    "' 5'",
    "'5 '",
    "2147483648",
    "4294967303",
    "-9223372036854775808",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "true",
    "false",
    "TRUE",
    "yes",
    "[]",
    "[x]",
    "[x, y]",
    "['']",
    "[-x]",
    "[-x, y]",
    "[[x]]",
    "[{x: y}]",
    "{}",
    "{x: y}",
    "{x: [y]}",
    "{x: {}}",
    "{x: }",
    "{x: {y: z}}",
    "{'': ''}",
    "2030-02-03",
    "2030-13-03",
    "2030-2",
    "2030-02-03T04:05Z",
    "2030-02-31T4:05Z",
    "2030-02-03T04:05:06Z",
    "a-0:1-1.x",
    "[a-0:1-1.x]",
    "[a-1-1.x]",
    "c0ffee",
    "longer_than_13_characters",
    "a-b",
    "é",
    "\"a\\nb\"",
    "\"tab\\there\"",
];

/// Names of keys: known ones at any place, and unknown ones.
const KEYS: &[&str] = &[
    "name",
    "stream",
    "version",
    "context",
    "static_context",
    "arch",
    "summary",
    "description",
    "servicelevels",
    "license",
    "xmd",
    "dependencies",
    "references",
    "profiles",
    "api",
    "filter",
    "demodularized",
    "buildopts",
    "components",
    "artifacts",
    "eol",
    "module",
    "content",
    "requires",
    "buildrequires",
    "community",
    "documentation",
    "tracker",
    "rpms",
    "default",
    "macros",
    "whitelist",
    "arches",
    "modules",
    "rationale",
    "repository",
    "cache",
    "ref",
    "buildroot",
    "srpm-buildroot",
    "buildonly",
    "buildorder",
    "buildafter",
    "multilib",
    "rpm-map",
    "epoch",
    "release",
    "nevra",
    "configurations",
    "platform",
    "modified",
    "intents",
    "translations",
    "reset",
    "eol_date",
    "message",
    "obsoleted_by",
    "document",
    "data",
    "more",
    "<<",
    "preserve-as",
    "",
];

fn pick<'a, T: ?Sized>(rng: &mut Rng, all: &[&'a T]) -> &'a T {
    rng.choice(all).expect("not empty")
}

/// A value out of [`VALUES`].
fn value(rng: &mut Rng) -> Value {
    let text = pick(rng, VALUES);
    // What a YAML reader would type stays the text that it is.
    if text.starts_with(['[', '{', '\'', '"']) {
        serde_yaml::from_str(text).expect("a value")
    } else {
        Value::String(text.to_owned())
    }
}

/// Changes a document as a tree: values are replaced, keys removed, renamed and added.
pub fn tree(rng: &mut Rng, text: &str) -> String {
    let mut root: Value = serde_yaml::from_str(text).expect("a whole document");
    for _ in 0..rng.usize(1..=2) {
        change(rng, &mut root, 0);
    }
    serde_yaml::to_string(&texts(&root)).expect("a tree can be written")
}

fn change(rng: &mut Rng, node: &mut Value, depth: usize) {
    // Down more often than not; at the root the envelope is changed seldom.
    let deeper = if depth == 0 { 0.95 } else { 0.75 };
    match node {
        Value::Mapping(map) if !map.is_empty() => {
            let at = rng.usize(0..map.len());
            let key = map.keys().nth(at).cloned().expect("in range");
            let content = Value::String("data".to_owned());
            let key = if depth == 0 && rng.f32() < 0.9 && map.contains_key(&content) { content } else { key };
            if rng.f32() < deeper {
                change(rng, map.get_mut(&key).expect("a key of the map"), depth + 1);
                return;
            }
            match rng.u8(0..4) {
                0 => {
                    map.remove(&key);
                }
                1 => {
                    let moved = map.remove(&key).expect("a key of the map");
                    map.insert(Value::String(pick(rng, KEYS).to_owned()), moved);
                }
                2 => {
                    let added = value(rng);
                    map.insert(Value::String(pick(rng, KEYS).to_owned()), added);
                }
                _ => {
                    let changed = value(rng);
                    map.insert(key, changed);
                }
            }
        }
        Value::Sequence(items) if !items.is_empty() && rng.f32() < deeper => {
            let at = rng.usize(0..items.len());
            match rng.u8(0..4) {
                0 => {
                    items.remove(at);
                }
                1 => {
                    let added = value(rng);
                    items.insert(at, added);
                }
                2 => {
                    let again = items[at].clone();
                    items.push(again);
                }
                _ => change(rng, &mut items[at], depth + 1),
            }
        }
        other => *other = value(rng),
    }
}

/// The tree with texts for scalars, so that the writer of the tree does not type them.
fn texts(node: &Value) -> Value {
    match node {
        Value::Mapping(map) => {
            Value::Mapping(map.iter().map(|(key, value)| (texts(key), texts(value))).collect::<Mapping>())
        }
        Value::Sequence(items) => Value::Sequence(items.iter().map(texts).collect()),
        Value::Null => Value::String(String::new()),
        Value::Bool(flag) => Value::String(flag.to_string()),
        Value::Number(number) => Value::String(number.to_string()),
        other => other.clone(),
    }
}

/// Changes a document as lines of text, so that indentation, quotes and marks change too.
pub fn lines(rng: &mut Rng, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..rng.usize(1..=2) {
        let at = rng.usize(0..lines.len());
        match rng.u8(0..9) {
            0 => {
                lines.remove(at);
            }
            1 => {
                let again = lines[at].clone();
                lines.insert(rng.usize(at..lines.len()), again);
            }
            2 => lines[at].insert_str(0, pick(rng, &["  ", " ", "\t"])),
            3 => {
                if lines[at].starts_with("  ") {
                    lines[at].drain(..2);
                }
            }
            4 | 5 => {
                let line = &lines[at];
                if let Some((key, _)) = line.split_once(": ") {
                    lines[at] = format!("{key}: {}", pick(rng, VALUES));
                } else if let Some(key) = line.strip_suffix(':') {
                    lines[at] = format!("{key}: {}", pick(rng, VALUES));
                }
            }
            6 => {
                let mark = pick(
                    rng,
                    &["#", "[", "]", "{", "}", ",", ":", "- ", "'", "\"", "!", "&a ", "*a", "|", ">", "%", "?", " "],
                );
                let places: Vec<usize> = lines[at].char_indices().map(|(place, _)| place).collect();
                let place = rng.choice(&places).copied().unwrap_or(0);
                lines[at].insert_str(place, mark);
            }
            7 => {
                let indent = lines[at].len() - lines[at].trim_start().len();
                let added = format!("{}{}: {}", " ".repeat(indent), pick(rng, KEYS), pick(rng, VALUES));
                lines.insert(at, added);
            }
            _ => {
                let line = lines[at].clone();
                if let Some((key, rest)) = line.split_once(':') {
                    let indent = key.len() - key.trim_start().len();
                    lines[at] = format!("{}{}:{rest}", " ".repeat(indent), pick(rng, KEYS));
                }
            }
        }
        if lines.is_empty() {
            break;
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
