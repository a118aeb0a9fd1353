//! Writes new values the way the file around them is written.

use super::habit::Habit;
use super::schema::{Field, Kind};
use super::target::Text;
use crate::modulemd::model::{Scalar, Value, ValueMap};
use crate::modulemd::path::KeyPath;
use crate::modulemd::yaml::plain::{fits_flow, fits_literal, is_printable};
use crate::modulemd::yaml::quote::{LONGEST_KEY, one_line, quote};
use crate::modulemd::yaml::tape::Style;

/// A value that is to be written, with its keys in order.
pub(super) struct Emitter<'e> {
    pub(super) habit: &'e Habit,
    pub(super) kind: Kind,
    pub(super) text: &'e Text<'e>,
    /// Whether texts of several lines may become literal blocks.
    pub(super) literals: bool,
}

/// Folded texts are wrapped before this column.
const WIDTH: usize = 80;

impl Emitter<'_> {
    /// The lines of a pair in block style; the first begins at the key, the others are indented against it.
    pub(super) fn pair(&self, key: &str, value: &Value, path: &KeyPath, step: usize) -> Vec<String> {
        let key_text = word(key, false);
        let head = format!("{key_text}:");
        match value {
            Value::Map(map) if !map.is_empty() => {
                let mut lines = vec![head];
                for (key, value) in self.ordered(map, path) {
                    indented(&mut lines, step, self.pair(key, value, &path.key(key), self.habit.step));
                }
                lines
            }
            Value::List(items) if !items.is_empty() && !self.is_flow_list(key, items, path) => {
                let mut lines = vec![head];
                for item in items {
                    indented(&mut lines, self.habit.list, self.item(item, path, self.habit.gap));
                }
                lines
            }
            Value::Scalar(scalar) => {
                if self.literals
                    && !self.always_quoted(path)
                    && !scalar.is_typed()
                    && fits_literal(scalar.as_str())
                    && let Some((mark, body)) = literal(scalar.as_str())
                {
                    let mut lines = vec![format!("{head} {mark}")];
                    indented(&mut lines, step, body);
                    return lines;
                }
                vec![format!("{head} {}", self.scalar(scalar, path, None, false))]
            }
            other => vec![format!("{head} {}", self.flow(other, path))],
        }
    }

    /// The lines of an item in block style; the first begins at the dash, the others are indented against it.
    pub(super) fn item(&self, value: &Value, path: &KeyPath, gap: usize) -> Vec<String> {
        let lines = self.value(value, &path.index(0), None);
        let mut all = Vec::with_capacity(lines.len());
        for (number, line) in lines.into_iter().enumerate() {
            all.push(match number {
                0 => format!("-{:gap$}{line}", ""),
                _ if line.is_empty() => line,
                _ => format!("{:deep$}{line}", "", deep = gap + 1),
            });
        }
        all
    }

    /// The lines of a value that begins behind a dash; all lines but the first are indented against its first byte.
    pub(super) fn value(&self, value: &Value, path: &KeyPath, style: Option<Style>) -> Vec<String> {
        match value {
            Value::Map(map) if !map.is_empty() => {
                let mut lines = Vec::new();
                for (key, value) in self.ordered(map, path) {
                    indented(&mut lines, 0, self.pair(key, value, &path.key(key), self.habit.step));
                }
                lines
            }
            Value::List(items) if !items.is_empty() => {
                let mut lines = Vec::new();
                for item in items {
                    indented(&mut lines, 0, self.item(item, path, self.habit.gap));
                }
                lines
            }
            Value::Scalar(scalar) => vec![self.scalar(scalar, path, style, false)],
            other => vec![self.flow(other, path)],
        }
    }

    /// A value on one line, in brackets.
    pub(super) fn flow(&self, value: &Value, path: &KeyPath) -> String {
        match value {
            Value::Scalar(scalar) => self.scalar(scalar, path, None, true),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item, &path.index(0))).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Map(map) => {
                let pairs = self.ordered(map, path).into_iter();
                let pairs: Vec<String> = pairs.map(|(key, value)| self.flow_pair(key, value, &path.key(key))).collect();
                format!("{{{}}}", pairs.join(", "))
            }
        }
    }

    /// A pair on one line.
    pub(super) fn flow_pair(&self, key: &str, value: &Value, path: &KeyPath) -> String {
        format!("{}: {}", word(key, true), self.flow(value, path))
    }

    /// A scalar on one line; `style` is what stood there before.
    pub(super) fn scalar(&self, scalar: &Scalar, path: &KeyPath, style: Option<Style>, flow: bool) -> String {
        let text = scalar.as_str();
        if scalar.is_typed() {
            return text.to_owned();
        }
        let single = text.chars().all(is_printable);
        match style {
            Some(Style::SingleQuoted) if single => format!("'{}'", text.replace('\'', "''")),
            Some(Style::SingleQuoted | Style::DoubleQuoted) => quoted(text),
            _ if self.always_quoted(path) => quoted(text),
            _ => word(text, flow),
        }
    }

    pub(super) fn always_quoted(&self, path: &KeyPath) -> bool {
        self.kind.field(path) == Field::Stream
    }

    fn is_flow_list(&self, key: &str, items: &[Value], path: &KeyPath) -> bool {
        let short = items.iter().all(|item| matches!(item, Value::Scalar(scalar) if !scalar.as_str().contains('\n')));
        let length: usize = items.iter().filter_map(Value::as_str).map(|text| text.len() + 2).sum();
        short
            && items.iter().all(fits_brackets)
            && length < WIDTH
            && self.text.lists_are_flow(key).unwrap_or_else(|| Kind::is_short_list(path))
    }

    /// The pairs in the order of the format, others behind them in the order of their bytes.
    fn ordered<'v>(&self, map: &'v ValueMap, path: &KeyPath) -> Vec<(&'v String, &'v Value)> {
        let mut pairs: Vec<_> = map.iter().collect();
        if let Some(keys) = self.kind.keys(path) {
            pairs.sort_by_key(|(key, _)| keys.iter().position(|known| known == key).unwrap_or(keys.len()));
        }
        pairs
    }
}

/// A text as it is written on one line.
fn word(text: &str, flow: bool) -> String {
    if flow && !fits_flow(text) { quoted(text) } else { with_capacity(text, one_line) }
}

fn quoted(text: &str) -> String {
    with_capacity(text, quote)
}

fn with_capacity(text: &str, write: fn(&mut String, &str)) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write(&mut out, text);
    out
}

/// Whether a key can be written before a `:` on its line.
pub(super) fn fits_key(key: &str) -> bool {
    quoted(key).len() <= LONGEST_KEY
}

/// Whether everything in a value stays what it is in brackets: a number such as `1,000` would become two.
pub(super) fn fits_brackets(value: &Value) -> bool {
    match value {
        Value::Scalar(scalar) => !scalar.is_typed() || fits_flow(&scalar.as_str().replace(':', "")),
        Value::List(items) => items.iter().all(fits_brackets),
        Value::Map(map) => map.values().all(fits_brackets),
    }
}

fn indented(lines: &mut Vec<String>, indent: usize, more: Vec<String>) {
    let indent = |line: String| if line.is_empty() { line } else { format!("{:indent$}{line}", "") };
    lines.extend(more.into_iter().map(indent));
}

/// Header and lines of a text in literal style, if that keeps every character.
pub(super) fn literal(text: &str) -> Option<(&'static str, Vec<String>)> {
    let (mark, body) = chomped(text, ["|", "|-"])?;
    Some((mark, body.split('\n').map(str::to_owned).collect()))
}

/// Header and lines of a text in folded style, if that keeps every character; `indent` is the column of the lines.
pub(super) fn folded(text: &str, indent: usize) -> Option<(&'static str, Vec<String>)> {
    let (mark, body) = chomped(text, [">", ">-"])?;
    if body.split('\n').any(|line| line.starts_with([' ', '\t']) || line.ends_with([' ', '\t'])) {
        return None;
    }
    let width = WIDTH.saturating_sub(indent).max(20);
    let mut lines = Vec::new();
    // Breaks between lines are written once more than they are meant; a single one would become a blank.
    for (number, line) in body.split('\n').enumerate() {
        if number > 0 {
            lines.push(String::new());
        }
        if line.is_empty() {
            // A run of breaks: one blank line for each.
            continue;
        }
        let mut rest = line;
        while let Some(at) = fold(rest, width) {
            lines.push(rest[..at].to_owned());
            rest = &rest[at + 1..];
        }
        lines.push(rest.to_owned());
    }
    Some((mark, lines))
}

/// The last single blank that keeps the line within the width, else the first behind it.
fn fold(line: &str, width: usize) -> Option<usize> {
    let end = line.char_indices().nth(width)?.0;
    let bytes = line.as_bytes();
    let blank = |byte: u8| matches!(byte, b' ' | b'\t');
    let folds = |at: &usize| {
        bytes[*at] == b' ' && *at > 0 && !blank(bytes[at - 1]) && bytes.get(at + 1).is_some_and(|next| !blank(*next))
    };
    (0..=end).rev().find(folds).or_else(|| (end..bytes.len()).find(folds))
}

fn chomped<'t>(text: &'t str, marks: [&'static str; 2]) -> Option<(&'static str, &'t str)> {
    let (mark, body) = match text.strip_suffix('\n') {
        Some(body) => (marks[0], body),
        None => (marks[1], text),
    };
    // Several breaks at the end would take the blank lines below for their own.
    (fits_literal(&format!("{body}\n")) && !body.ends_with('\n')).then_some((mark, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_texts_break_only_at_single_blanks() {
        let text = format!("{} b  c\nnext\n\n\nlast\n", "a ".repeat(45).trim_end());
        let (mark, lines) = folded(&text, 0).expect("folded");
        assert_eq!(mark, ">");
        assert_eq!(lines[0].len(), 79);
        assert_eq!(lines[2..], ["", "next", "", "", "", "last"]);
        for bad in ["", " a", "a \nb", "a\n b", "a\n\n", "\u{7}"] {
            assert_eq!(folded(bad, 0), None, "{bad:?}");
        }
    }
}
