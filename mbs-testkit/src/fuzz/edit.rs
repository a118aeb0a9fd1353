//! Editing in place: what was asked for changes, nothing else does, and it can be taken back.

use super::check::FILE;
use mbs_core::modulemd::edit::{EditError, Editor};
use mbs_core::modulemd::{KeyPath, Scalar, Value};

/// Longest input that is edited: every change reads it again.
const LONGEST: usize = 4 << 10;
/// Places of one document that are changed.
const PLACES: usize = 6;

/// Tries the change that the first line names, and then changes of each kind at some places of the first document.
pub(super) fn edit(bytes: &[u8]) {
    mbs_core::modulemd::fuzzing::edit(bytes);
    if bytes.len() > LONGEST {
        return;
    }
    let Ok(editor) = Editor::new(bytes, FILE, None).or_else(|_| Editor::new(bytes, FILE, Some(0))) else { return };
    assert_eq!(editor.bytes(), bytes, "changed before anything was asked for");
    let root = KeyPath::default();
    let Ok(Some(before)) = editor.get(&root) else { return };
    let mut places = Vec::new();
    walk(&before, &root, &mut places);
    // Spread over the document, so that a change of the input moves them.
    let step = places.len().div_ceil(PLACES).max(1);
    for (number, path) in places.iter().skip(bytes.len() % step).step_by(step).enumerate() {
        let value = values(bytes.len() + number);
        set(&editor, path, &value);
        remove(&editor, path);
        add(&editor, path, &value);
    }
}

/// Values of all kinds, one after the other.
fn values(number: usize) -> Value {
    match number % 10 {
        0 => Value::from("plain"),
        1 => Value::from("yes"),
        2 => Value::from("a: b # c"),
        3 => Value::from("several\n  lines\n\n"),
        4 => Value::from(""),
        5 => Value::Scalar(Scalar::typed("5")),
        6 => Value::List(vec![Value::from("- x"), Value::List(Vec::new())]),
        7 => {
            Value::Map([("k".to_owned(), Value::from("v")), ("? q".to_owned(), Value::from("|"))].into_iter().collect())
        }
        8 => Value::from(" \u{85}\u{1F600}\t'\""),
        _ => Value::from("x".repeat(200)),
    }
}

/// The paths of all values below a value, itself included.
fn walk(value: &Value, path: &KeyPath, paths: &mut Vec<KeyPath>) {
    paths.push(path.clone());
    match value {
        Value::Scalar(_) => {}
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &path.index(index), paths);
            }
        }
        Value::Map(map) => {
            for (key, value) in map {
                walk(value, &path.key(key), paths);
            }
        }
    }
}

/// Does a change on a copy; nothing if it is refused, which must leave the copy as it was.
fn changed(
    editor: &Editor,
    change: impl FnOnce(&mut Editor) -> Result<(), EditError>,
    what: &str,
    path: &KeyPath,
) -> Option<Editor> {
    let mut copy = editor.clone();
    match change(&mut copy) {
        Ok(()) => {
            let again = Editor::new(copy.bytes(), FILE, Some(copy.document()));
            let again = again.and_then(|again| again.get(&KeyPath::default()));
            assert_eq!(again, copy.get(&KeyPath::default()), "{what} `{path}`: the new text reads differently");
            Some(copy)
        }
        Err(error) => {
            // Also a change that would not read as asked for is refused; in texts that no person writes that happens.
            assert!(!error.to_string().is_empty());
            assert_eq!(copy.bytes(), editor.bytes(), "{what} `{path}` is refused and changes something: {error}");
            None
        }
    }
}

/// The value at a path by its texts: where the format has texts, a number is written as one, and no value as an empty
/// one.
fn at(editor: &Editor, path: &KeyPath) -> Option<Value> {
    editor.get(path).ok().flatten().map(alike)
}

fn alike(value: Value) -> Value {
    match value {
        Value::Scalar(scalar) => Value::from(scalar.as_str()),
        Value::List(items) => Value::List(items.into_iter().map(alike).collect()),
        Value::Map(map) => Value::Map(map.into_iter().map(|(key, value)| (key, alike(value))).collect()),
    }
}

fn set(editor: &Editor, path: &KeyPath, value: &Value) {
    let Some(mut copy) = changed(editor, |editor| editor.set(path, value.clone()).map(drop), "setting", path) else {
        return;
    };
    assert_eq!(at(&copy, path).as_ref(), Some(&alike(value.clone())), "`{path}` has another value than was set");
    // What is there already changes nothing.
    let bytes = copy.bytes().to_vec();
    assert_eq!(copy.set(path, value.clone()), Ok(false), "`{path}` has the value and changes again");
    assert_eq!(copy.bytes(), bytes);
    let Ok(Some(old)) = editor.get(path) else { return };
    if let Some(back) = changed(&copy, |editor| editor.set(path, old.clone()).map(drop), "setting back", path) {
        let root = KeyPath::default();
        assert_eq!(at(&back, &root), at(editor, &root), "setting `{path}` back gives another document");
    }
}

fn remove(editor: &Editor, path: &KeyPath) {
    let root = KeyPath::default();
    let Some(copy) = changed(editor, |editor| editor.remove(path), "removing", path) else { return };
    assert_ne!(copy.get(&root), editor.get(&root), "removing `{path}` changes nothing");
    assert!(copy.bytes().len() < editor.bytes().len() + 8, "removing `{path}` adds text");
}

fn add(editor: &Editor, path: &KeyPath, value: &Value) {
    match editor.get(path) {
        Ok(Some(Value::Map(map))) if !map.contains_key("zz: new") => {
            let change = |editor: &mut Editor| editor.insert(path, "zz: new", value.clone());
            if let Some(copy) = changed(editor, change, "inserting into", path) {
                let path = path.key("zz: new");
                assert_eq!(at(&copy, &path).as_ref(), Some(&alike(value.clone())), "`{path}` is not what was inserted");
                if let Some(back) = changed(&copy, |editor| editor.remove(&path), "removing again", &path) {
                    let root = KeyPath::default();
                    assert_eq!(at(&back, &root), at(editor, &root), "removing `{path}` does not undo inserting it");
                }
            }
        }
        Ok(Some(Value::List(items))) => {
            let change = |editor: &mut Editor| editor.append(path, value.clone());
            if let Some(copy) = changed(editor, change, "appending to", path) {
                let path = path.index(items.len());
                assert_eq!(at(&copy, &path).as_ref(), Some(&alike(value.clone())), "`{path}` is not what was appended");
            }
        }
        _ => {}
    }
}
