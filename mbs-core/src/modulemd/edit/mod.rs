//! Editing in place: one value of a packager's own file changes, every other byte stays.
//!
//! ```text
//! bytes -> choose a document -> layout (where everything stands)
//!               path + value -> plan (pieces to replace, effect on the values)
//!                                 |
//!                              new bytes -> read again: old values + effect = new values?  -> kept, or refused
//! ```
//!
//! * Comments, order, quotes, indentation, line breaks, blanks at ends of lines, a byte order mark, an absent line
//!   break at the end, other documents of the file: all stay as they are. Only a comment inside of what is removed, on
//!   its lines or below it and indented deeper, goes with it.
//! * What is added is written as the file is: its indentation, the place of its dashes, its brackets, its quotes, its
//!   line breaks. A key comes behind the key that precedes it in the order of the format; comments between two keys
//!   stay with the lower one. Components and texts of sets come in order if the others are in order, else at the end.
//! * A document needs no more than to be YAML: half-done ones, with unknown keys and missing values, can be edited.
//! * What a change breaks that was whole before is told by [`Editor::new_problems`]; it is no reason to refuse it.
//! * What would change two places (a value that an alias names, the inside of an alias) is refused with the reason.
//! * After every change the new text is read and its values are compared with the old ones: a text that does not
//!   read as exactly the change asked for is never handed out.
//!
//! ```
//! use mbs_core::modulemd::edit::Editor;
//!
//! let text = "document: modulemd\nversion: 2\ndata:\n  components:\n    rpms:\n      app:   # the program\n        \
//!             ref: 'main' # for now\n";
//! let mut editor = Editor::new(text, "app.yaml", None)?;
//! editor.set_ref("app", "1.0")?;
//! assert_eq!(editor.changes()[0].to_string(), "data.components.rpms.app.ref: main -> 1.0");
//! assert_eq!(editor.bytes(), text.replace("'main'", "'1.0'").as_bytes());
//! # Ok::<(), mbs_core::modulemd::edit::EditError>(())
//! ```

mod check;
mod diff;
mod documents;
mod editor;
mod emit;
mod error;
mod flow;
mod habit;
mod insert;
mod parse;
mod problems;
mod remove;
mod replace;
mod report;
mod schema;
mod splice;
mod target;
mod typed;
mod work;

#[cfg(test)]
mod tests;

pub use diff::unified_diff;
pub use documents::DocumentHead;
pub use editor::Editor;
pub use error::EditError;
pub use parse::yaml_value;
pub use report::Change;
pub use typed::TextSet;
