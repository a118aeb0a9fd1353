//! Tests of whole edits.

mod blocks;
mod documents;
mod odd;
mod property;
mod refused;
mod typed;

use super::{EditError, Editor};
use crate::modulemd::{KeyPath, Value};

/// A document with these lines below `data`.
fn with(lines: &str) -> String {
    let indented: String = lines.split_inclusive('\n').flat_map(|line| ["  ", line]).collect();
    format!("document: modulemd\nversion: 2\ndata:\n{indented}")
}

fn path(text: &str) -> KeyPath {
    text.parse().expect("a path")
}

fn editor(text: &str) -> Editor {
    Editor::new(text, "test.yaml", None).expect("a document")
}

/// The text after some changes.
fn edited(text: &str, changes: impl FnOnce(&mut Editor) -> Result<(), EditError>) -> String {
    let mut editor = editor(text);
    changes(&mut editor).expect("changed");
    String::from_utf8(editor.into_bytes()).expect("text")
}

/// The lines below `data` after a value was set.
#[track_caller]
fn set(lines: &str, at: &str, value: impl Into<Value>) -> String {
    shown(&edited(&with(lines), |editor| editor.set(&path(at), value).map(drop)))
}

/// The lines below `data` after a value was removed.
#[track_caller]
fn removed(lines: &str, at: &str) -> String {
    shown(&edited(&with(lines), |editor| editor.remove(&path(at))))
}

/// The lines below `data`.
fn shown(text: &str) -> String {
    let data = text.split_once("data:").expect("a document").1;
    let data = data.strip_prefix('\n').unwrap_or(data);
    data.split_inclusive('\n').map(|line| line.strip_prefix("  ").unwrap_or(line)).collect()
}

/// Why a change is refused; nothing was changed.
#[track_caller]
fn refused<T: std::fmt::Debug>(text: &str, change: impl FnOnce(&mut Editor) -> Result<T, EditError>) -> EditError {
    let mut editor = editor(text);
    let error = change(&mut editor).expect_err("refused");
    assert_eq!(editor.bytes(), text.as_bytes());
    assert!(editor.changes().is_empty());
    error
}
