//! One change of one text: what all changes need.

use super::check::Effect;
use super::emit::{Emitter, fits_brackets, fits_key};
use super::error::EditError;
use super::habit::Habit;
use super::schema::{Field, Kind};
use super::splice::Splices;
use super::target::{Target, Text};
use crate::modulemd::model::{Scalar, Value};
use crate::modulemd::path::KeyPath;
use crate::modulemd::yaml::layout::Shape;
use crate::modulemd::yaml::source;
use crate::modulemd::yaml::tape::Style;

/// Pieces to replace, and what that does to the values.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) splices: Splices,
    pub(super) effect: Effect,
    /// Where the change is seen, in the old text.
    pub(super) place: usize,
}

/// Works out the pieces of a text that a change replaces.
pub(super) struct Work<'w> {
    pub(super) text: Text<'w>,
    pub(super) habit: Habit,
    pub(super) kind: Kind,
}

impl Work<'_> {
    pub(super) fn source(&self) -> &str {
        self.text.source
    }

    pub(super) fn emitter(&self) -> Emitter<'_> {
        Emitter { habit: &self.habit, kind: self.kind, text: &self.text, literals: true }
    }

    /// The emitter for values whose lines are followed by what stands at `next`, the beginning of a line. A comment
    /// there that is indented deeper than `column` would become a part of a block scalar before it.
    pub(super) fn emitter_before(&self, next: usize, column: usize) -> Emitter<'_> {
        let deep = source::comments(self.source(), next, false).iter().any(|(at, _)| *at > column);
        Emitter { literals: !deep, ..self.emitter() }
    }

    /// The emitter for values in place of one that ends here: what follows on that line would become a part of a block
    /// scalar too.
    pub(super) fn emitter_at(&self, end: usize, column: usize) -> Emitter<'_> {
        let emitter = self.emitter_before(source::next_line(self.source(), end), column);
        let alone = source::line_end(self.source(), end) == end;
        Emitter { literals: emitter.literals && alone, ..emitter }
    }

    /// Checks that a value can be written here, and makes stream names texts.
    pub(super) fn prepare(
        &self,
        value: Value,
        target: &Target,
        path: &KeyPath,
        flow: bool,
    ) -> Result<Value, EditError> {
        let refuse = |why| Err(self.text.unsupported(path, target.node(), why));
        Ok(match value {
            Value::Scalar(scalar) if self.kind.field(path) == Field::Stream => {
                Value::Scalar(Scalar::text(scalar.as_str()))
            }
            Value::Scalar(scalar) if scalar.is_typed() && scalar.as_str().is_empty() => {
                return refuse(
                    "an empty value without quotes cannot be told from a forgotten one; use `\"\"` or remove it",
                );
            }
            Value::Scalar(_) if flow && !fits_brackets(&value) => {
                return refuse("this value needs quotes in brackets, which would make it a text");
            }
            Value::Scalar(scalar) => Value::Scalar(scalar),
            Value::List(items) => {
                let path = path.index(0);
                let items = items.into_iter().map(|item| self.prepare(item, target, &path, flow));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Value::Map(map) => {
                if !map.keys().all(|key| fits_key(key)) {
                    return refuse("a key is too long");
                }
                let pairs = map.into_iter().map(|(key, value)| {
                    let path = path.key(&key);
                    Ok((key, self.prepare(value, target, &path, flow)?))
                });
                Value::Map(pairs.collect::<Result<_, EditError>>()?)
            }
        })
    }

    /// Lines as they are inserted at the beginning of a line: each indented and ended, unless the text has no line
    /// break at its end, whose habit is kept then.
    pub(super) fn lines(&self, at: usize, indent: usize, lines: &[String], block_scalar: bool) -> String {
        let mut text = String::new();
        let source = self.source();
        let open = at == source.len() && at > 0 && source::line_start(source, at) != at;
        for (number, line) in lines.iter().enumerate() {
            if open || number > 0 {
                text.push_str(self.habit.newline);
            }
            if !line.is_empty() {
                text.push_str(&" ".repeat(indent));
                text.push_str(line);
            }
        }
        // A block scalar needs the break for the one at the end of its value.
        if !open || block_scalar {
            text.push_str(self.habit.newline);
        }
        text
    }

    /// The lines joined; all but the first are indented.
    pub(super) fn joined(&self, lines: &[String], indent: usize) -> String {
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            if number > 0 {
                text.push_str(self.habit.newline);
                if !line.is_empty() {
                    text.push_str(&" ".repeat(indent));
                }
            }
            text.push_str(line);
        }
        text
    }

    /// The beginning of the line behind a node and behind the comments right below it that are indented deeper than
    /// `column`: they belong to it.
    pub(super) fn behind(&self, node: usize, column: usize) -> usize {
        let next = source::next_line(self.source(), self.text.layout.part(node).end);
        let comments = source::comments(self.source(), next, true);
        comments.iter().take_while(|(at, _)| *at > column).last().map_or(next, |(_, next)| *next)
    }

    /// The colon behind a key.
    pub(super) fn colon(&self, key: usize) -> Option<usize> {
        let at = source::skip(self.source(), self.text.layout.part(key).end);
        (self.source().as_bytes().get(at) == Some(&b':')).then_some(at)
    }

    /// The dash before an item of a block list.
    pub(super) fn dash(&self, list: usize, place: usize) -> Option<usize> {
        let part = self.text.layout.part(list);
        let at = match place.checked_sub(1) {
            None => part.inner,
            Some(before) => source::skip(self.source(), self.text.layout.part(*part.children.get(before)?).end),
        };
        (self.source().as_bytes().get(at) == Some(&b'-')).then_some(at)
    }

    /// The place behind the colon or dash before a value and behind its anchor and tag; nothing for the root.
    pub(super) fn after(&self, target: &Target) -> Option<usize> {
        let node = target.node();
        let part = self.text.layout.part(node);
        if part.anchor.is_some() || part.tag.is_some() {
            return Some(source::properties_end(self.source(), part.start, part.inner));
        }
        let (parent, place) = target.parent()?;
        match self.text.layout.part(parent.node()).shape {
            Shape::Map(_) => self.colon(self.key(&parent, place)?).map(|at| at + 1),
            _ => self.dash(parent.node(), place).map(|at| at + 1),
        }
    }

    /// The key of a pair.
    pub(super) fn key(&self, map: &Target, place: usize) -> Option<usize> {
        self.text.layout.part(map.node()).children.get(place * 2).copied()
    }

    /// When lines are put behind the last line of a text that has no line break at its end, a block scalar there would
    /// gain one: its header is changed so that it does not.
    pub(super) fn close_block_scalar(&self, splices: &mut Splices) {
        let source = self.source();
        let open = self.text.layout.parts().iter().rev().find(|part| {
            matches!(part.shape, Shape::Scalar(Style::Literal | Style::Folded)) && part.end == source.len()
        });
        let Some(part) = open else { return };
        if source::line_end(source, part.inner) == source.len() {
            return;
        }
        let marks = part.inner + 1;
        let length = source[marks..].bytes().take_while(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9')).count();
        match source[marks..marks + length].find(['+', '-']) {
            Some(at) => splices.replace(marks + at..marks + at + 1, "-"),
            None => splices.insert(marks + length, "-"),
        }
    }
}
