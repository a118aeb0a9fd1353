//! Writes YAML that every reader of YAML 1.1 and 1.2 takes for the same values.
//!
//! Block style, two blanks of indentation, lists at the indentation of their key, no line is ever folded. A text that a
//! reader could take for something else gets double quotes; a text of several lines becomes a literal block where that
//! keeps every character, else it is quoted with escapes.

use super::plain::{fits_literal, fits_plain, is_printable, looks_typed};
use std::borrow::Cow;
use std::fmt::Write;

/// What is to be written.
#[derive(Debug)]
pub(crate) enum Out<'o> {
    /// A text; quoted where needed.
    Text(Cow<'o, str>),
    /// A text that always gets double quotes.
    Quoted(&'o str),
    /// A number, truth value or null, written as it is.
    Typed(Cow<'o, str>),
    List(Vec<Out<'o>>),
    /// Keys are written in this order.
    Map(Vec<(Cow<'o, str>, Out<'o>)>),
}

/// The longest key that readers accept before a `:` on one line is 1,024 characters.
const LONGEST_KEY: usize = 900;

/// Writes one document, from `---` to `...`.
pub(crate) fn document(pairs: &[(Cow<'_, str>, Out<'_>)]) -> String {
    let mut out = String::from("---\n");
    self::pairs(&mut out, pairs, 0);
    out.push_str("...\n");
    out
}

fn pairs(out: &mut String, pairs: &[(Cow<'_, str>, Out<'_>)], indent: usize) {
    for (number, (key, value)) in pairs.iter().enumerate() {
        // The first key follows on the line of the `- ` before it, if there is one.
        if number > 0 || out.ends_with('\n') {
            blanks(out, indent);
        }
        let mut name = String::new();
        one_line(&mut name, key);
        if name.len() > LONGEST_KEY {
            out.push_str("? ");
            out.push_str(&name);
            out.push('\n');
            blanks(out, indent);
        } else {
            out.push_str(&name);
        }
        out.push(':');
        match value {
            Out::Map(inner) if !inner.is_empty() => {
                out.push('\n');
                self::pairs(out, inner, indent + 2);
            }
            Out::List(items) if !items.is_empty() => {
                out.push('\n');
                list(out, items, indent);
            }
            other => leaf(out, other, indent),
        }
    }
}

fn list(out: &mut String, items: &[Out<'_>], indent: usize) {
    for (number, item) in items.iter().enumerate() {
        if number > 0 || out.ends_with('\n') {
            blanks(out, indent);
        }
        out.push('-');
        match item {
            Out::Map(inner) if !inner.is_empty() => {
                out.push(' ');
                pairs(out, inner, indent + 2);
            }
            Out::List(inner) if !inner.is_empty() => {
                out.push(' ');
                list(out, inner, indent + 2);
            }
            other => leaf(out, other, indent),
        }
    }
}

/// Writes a value that fits behind a `:` or `-`, and ends the line.
fn leaf(out: &mut String, value: &Out<'_>, indent: usize) {
    match value {
        Out::Map(_) => out.push_str(" {}"),
        Out::List(_) => out.push_str(" []"),
        Out::Typed(text) if text.is_empty() => {}
        Out::Typed(text) => {
            out.push(' ');
            out.push_str(text);
        }
        Out::Quoted(text) => {
            out.push(' ');
            quoted(out, text);
        }
        Out::Text(text) if fits_literal(text) => return literal(out, text, indent + 2),
        Out::Text(text) => {
            out.push(' ');
            one_line(out, text);
        }
    }
    out.push('\n');
}

fn literal(out: &mut String, text: &str, indent: usize) {
    let body = text.trim_end_matches('\n');
    out.push_str(match text.len() - body.len() {
        0 => " |-\n",
        1 => " |\n",
        _ => " |+\n",
    });
    for line in body.split('\n') {
        if !line.is_empty() {
            blanks(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
    for _ in 1..text.len() - body.len() {
        out.push('\n');
    }
}

fn one_line(out: &mut String, text: &str) {
    if fits_plain(text) && !looks_typed(text) {
        out.push_str(text);
    } else {
        quoted(out, text);
    }
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            c if is_printable(c) => out.push(c),
            c => {
                // Writing into a `String` cannot fail.
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
        }
    }
    out.push('"');
}

fn blanks(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}
