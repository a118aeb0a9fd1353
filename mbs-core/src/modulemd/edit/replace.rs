//! Another value in the place of one.

use super::check::Effect;
use super::emit::{fits_brackets, folded, literal};
use super::error::EditError;
use super::splice::Splices;
use super::target::Target;
use super::work::{Planned, Work};
use crate::modulemd::model::{Scalar, Value};
use crate::modulemd::path::Step;
use crate::modulemd::yaml::layout::{Form, Shape};
use crate::modulemd::yaml::plain::fits_literal;
use crate::modulemd::yaml::source;
use crate::modulemd::yaml::tape::Style;

impl Work<'_> {
    /// Puts a value in the place of the target.
    pub(super) fn replace(&self, target: &Target, value: Value) -> Result<Planned, EditError> {
        let node = target.node();
        let part = self.text.layout.part(node);
        let path = &target.path;
        self.text.is_own(target)?;
        self.text.may_go(target, &[node])?;
        let Some((parent, place)) = target.parent() else {
            return Err(self.text.unsupported(path, node, "it is the whole document"));
        };
        let flow = self.text.is_flow(parent.node());
        let value = self.prepare(value, target, path, flow)?;
        if let Some(tag) = &part.tag {
            let text = matches!(&value, Value::Scalar(scalar) if !scalar.is_typed());
            if !(text && matches!(tag.as_str(), "!" | "tag:yaml.org,2002:str")) {
                return Err(EditError::Tagged { path: path.clone(), line: self.text.line_of(node), tag: tag.clone() });
            }
        }
        let mut splices = Splices::default();
        let key = match self.text.layout.part(parent.node()).shape {
            Shape::Map(_) => self.key(&parent, place),
            _ => None,
        };
        let no_colon = key.is_some_and(|key| self.colon(key).is_none());
        match (&value, part.shape) {
            _ if no_colon && !flow => {
                return Err(self.text.unsupported(path, node, "its key has no `:`"));
            }
            (_, _) if flow => {
                let text = match (&value, part.shape) {
                    (Value::Scalar(scalar), Shape::Scalar(style)) => {
                        self.emitter().scalar(scalar, path, Some(style), true)
                    }
                    (value, _) => self.emitter().flow(value, path),
                };
                let before = if no_colon {
                    ": "
                } else if part.is_empty() {
                    " "
                } else {
                    ""
                };
                splices.replace(part.content(), self.guarded(part.end, format!("{before}{text}")));
            }
            (Value::Scalar(scalar), Shape::Scalar(Style::Literal | Style::Folded)) => {
                self.replace_block_scalar(&mut splices, target, scalar);
            }
            (Value::Scalar(scalar), Shape::Scalar(_) | Shape::Alias(_)) => {
                self.replace_scalar(&mut splices, target, scalar, key);
            }
            _ => self.replace_collection(&mut splices, target, &value, key)?,
        }
        let effect = Effect::Replace { at: target.places.clone(), value };
        Ok(Planned { splices, effect, place: part.inner })
    }

    fn replace_scalar(&self, splices: &mut Splices, target: &Target, scalar: &Scalar, key: Option<usize>) {
        let source = self.source();
        let part = self.text.layout.part(target.node());
        let style = match part.shape {
            Shape::Scalar(style) => Some(style),
            _ => None,
        };
        let next = source::next_line(source, part.end);
        let before = if part.is_empty() { " " } else { "" };
        let column = key.map(|key| source::column(source, self.text.layout.part(key).start));
        if let Some(column) = column
            && !matches!(style, Some(Style::DoubleQuoted))
            && !scalar.is_typed()
            && !self.emitter().always_quoted(&target.path)
            && fits_literal(scalar.as_str())
            && self.emitter_before(next, column).literals
            && let Some((mark, body)) = literal(scalar.as_str())
        {
            splices.replace(part.content(), self.guarded(part.end, format!("{before}{mark}")));
            splices.insert(next, self.lines(next, column + self.habit.step, &body, true));
            return;
        }
        let text = self.emitter().scalar(scalar, &target.path, style, false);
        splices.replace(part.content(), self.guarded(part.end, format!("{before}{text}")));
    }

    fn replace_block_scalar(&self, splices: &mut Splices, target: &Target, scalar: &Scalar) {
        let source = self.source();
        let part = self.text.layout.part(target.node());
        let (_, rest) = self.header(target.node());
        let indent = self.block_indent(target);
        let text = scalar.as_str();
        let written = match part.shape {
            _ if scalar.is_typed() || self.emitter().always_quoted(&target.path) => None,
            Shape::Scalar(Style::Folded) => folded(text, indent).or_else(|| literal(text)),
            _ => literal(text),
        };
        let Some((mark, body)) = written else {
            let text = self.emitter().scalar(scalar, &target.path, None, false);
            splices.replace(part.content(), format!("{text}{rest}"));
            return;
        };
        let mut new = format!("{mark}{rest}");
        for line in body {
            new.push_str(self.habit.newline);
            if !line.is_empty() {
                new.push_str(&" ".repeat(indent));
                new.push_str(&line);
            }
        }
        if source::is_last_line(source, part.end) && text.ends_with('\n') {
            new.push_str(self.habit.newline);
        }
        splices.replace(part.content(), new);
    }

    /// How many blanks stand before a place, as far back as `after`.
    fn blanks_before(&self, after: usize, at: usize) -> usize {
        let between = self.source().get(after..at).unwrap_or_default();
        between.len() - between.trim_end_matches([' ', '\t']).len()
    }

    /// A text for a place that ends here, with a blank if a comment follows that has none.
    fn guarded(&self, end: usize, text: String) -> String {
        if self.source().as_bytes().get(end) == Some(&b'#') { text + " " } else { text }
    }

    /// The place behind the marks of a block scalar, and what else stands on their line; nothing of other values.
    fn header(&self, node: usize) -> (usize, &str) {
        let source = self.source();
        let part = self.text.layout.part(node);
        if !matches!(part.shape, Shape::Scalar(Style::Literal | Style::Folded)) {
            return (part.inner, "");
        }
        let end = source::line_end(source, part.inner).min(part.end);
        let header = &source[part.inner..end];
        let marks = header.bytes().take_while(|byte| !matches!(byte, b' ' | b'\t')).count();
        (part.inner + marks, &header[marks..])
    }

    /// The column of the lines of a block scalar.
    fn block_indent(&self, target: &Target) -> usize {
        let source = self.source();
        let part = self.text.layout.part(target.node());
        let mut line = source::next_line(source, part.inner);
        while line < part.end {
            let first = source[line..].bytes().take_while(|byte| *byte == b' ').count();
            if source::line_break(source, line + first) == 0 {
                // Deeper lines than the first are possible only with an explicit indentation, which is dropped.
                return first.max(1);
            }
            line = source::next_line(source, line);
        }
        let parent = target.parent().map_or(0, |(parent, _)| self.text.layout.part(parent.node()).inner);
        source::column(source, parent) + self.habit.step
    }

    /// Replaces a value by one of another shape, or a collection by any value.
    fn replace_collection(
        &self,
        splices: &mut Splices,
        target: &Target,
        value: &Value,
        key: Option<usize>,
    ) -> Result<(), EditError> {
        let source = self.source();
        let part = self.text.layout.part(target.node());
        let path = &target.path;
        let refuse = || self.text.unsupported(path, target.node(), "this way of writing it is not understood");
        let after = self.after(target).ok_or_else(refuse)?;
        let own_line = part.inner > after && source::begins_line(source, part.inner);
        let next = source::next_line(source, part.end);
        let (marks, rest) = self.header(target.node());
        let header_end = if rest.is_empty() && marks == part.inner { part.end } else { marks + rest.len() };
        let own_line = own_line && marks == part.inner;
        let properties = part.anchor.is_some() || part.tag.is_some();
        let multi_line = has_lines(value);
        let Some(key) = key else {
            // An item of a list.
            let mut text = self.emitter_at(part.end, 0).value(value, path, None);
            let collection = match value {
                Value::Scalar(_) => false,
                Value::List(items) => !items.is_empty(),
                Value::Map(map) => !map.is_empty(),
            };
            if properties && collection {
                return Err(self.text.unsupported(path, target.node(), "the anchor would name the first key only"));
            }
            let column = source::column(source, part.inner) + usize::from(part.is_empty());
            if let Some(first) = text.first_mut() {
                first.push_str(rest);
            }
            let before = if part.is_empty() { " " } else { "" };
            splices.replace(part.content(), self.guarded(part.end, format!("{before}{}", self.joined(&text, column))));
            return Ok(());
        };
        let name = self.text.scalar(key).unwrap_or_default();
        let column = source::column(source, self.text.layout.part(key).start);
        let parent = target.parent().map_or(0, |(parent, _)| parent.node());
        let emitter = if own_line { self.emitter_at(part.end, column) } else { self.emitter_before(next, column) };
        let flow_list = matches!(part.shape, Shape::List(Form::Flow))
            && fits_brackets(value)
            && matches!(value, Value::List(items) if items.iter().all(|item| matches!(item, Value::Scalar(_))));
        let mut lines = if flow_list || matches!(value, Value::Scalar(_)) {
            Vec::new()
        } else {
            emitter.pair(name, value, path, self.text.step_in(parent, &self.habit))
        };
        if lines.len() <= 1 {
            let text = match value {
                Value::Scalar(scalar) => emitter.scalar(scalar, path, None, false),
                value => emitter.flow(value, path),
            };
            if own_line && part.is_block() {
                splices.insert(after, format!(" {text}"));
                splices.delete(source::line_start(source, part.inner)..next);
            } else {
                let before = if part.is_empty() { " " } else { "" };
                splices.replace(part.content(), self.guarded(part.end, format!("{before}{text}{rest}")));
            }
            return Ok(());
        }
        lines.remove(0);
        if own_line {
            let start = source::line_start(source, part.inner);
            let mut text = " ".repeat(column);
            text.push_str(&self.joined(&lines, column));
            if multi_line && source::is_last_line(source, part.end) {
                text.push_str(self.habit.newline);
            }
            splices.replace(start..part.end, text);
            return Ok(());
        }
        // The blanks before the old value go with it, unless a comment needs them.
        let tight = source.as_bytes().get(part.end) == Some(&b'#');
        let blanks = if tight { 0 } else { self.blanks_before(after, part.inner) };
        if header_end == part.end {
            splices.delete(part.inner - blanks..if rest.is_empty() { part.end } else { marks });
        } else {
            splices.delete(part.inner - blanks..marks);
            splices.delete(header_end..part.end);
        }
        splices.insert(next, self.lines(next, column, &lines, multi_line));
        Ok(())
    }
}

/// Whether a text of several lines is anywhere inside.
pub(super) fn has_lines(value: &Value) -> bool {
    match value {
        Value::Scalar(scalar) => scalar.as_str().contains('\n'),
        Value::List(items) => items.iter().any(has_lines),
        Value::Map(map) => map.values().any(has_lines),
    }
}

/// The maps around a value that is to stand below keys that are missing.
pub(super) fn wrapped(missing: &[Step], value: Value) -> Option<Value> {
    missing.iter().rev().try_fold(value, |value, step| match step {
        Step::Key(key) => Some([(key.clone(), value)].into_iter().collect()),
        Step::Index(_) | Step::Item(_) => None,
    })
}
