//! Entries of collections in brackets.

use super::error::EditError;
use super::splice::Splices;
use super::target::Target;
use super::work::Work;
use crate::modulemd::yaml::layout::{Form, Shape};
use crate::modulemd::yaml::source;
use crate::modulemd::yaml::tape::Style;
use std::ops::Range;

impl Work<'_> {
    /// The bytes of each entry: an item, or a key with its value.
    fn entries(&self, node: usize) -> Vec<Range<usize>> {
        let part = self.text.layout.part(node);
        let bytes = |first: usize, last: usize| self.text.layout.part(first).start..self.text.layout.part(last).end;
        match part.shape {
            Shape::Map(_) => self.text.layout.pairs(node).map(|(key, value)| bytes(key, value)).collect(),
            _ => part.children.iter().map(|item| bytes(*item, *item)).collect(),
        }
    }

    /// The comma behind an entry.
    fn comma(&self, end: usize) -> Option<usize> {
        let at = source::skip(self.source(), end);
        (self.source().as_bytes().get(at) == Some(&b',')).then_some(at)
    }

    fn bracketed(&self, target: &Target) -> Result<(), EditError> {
        match self.text.layout.part(target.node()).shape {
            Shape::Map(Form::Flow) | Shape::List(Form::Flow) => Ok(()),
            _ => Err(self.text.unsupported(&target.path, target.node(), "a pair in a list without braces of its own")),
        }
    }

    /// The quotes that all scalars of a list have, if they have.
    pub(super) fn item_style(&self, list: usize) -> Option<Style> {
        let mut styles =
            self.text.layout.part(list).children.iter().map(|item| match self.text.layout.part(*item).shape {
                Shape::Scalar(style @ (Style::SingleQuoted | Style::DoubleQuoted)) => Some(style),
                _ => None,
            });
        let first = styles.next()??;
        styles.all(|style| style == Some(first)).then_some(first)
    }

    /// Inserts an entry; gives the place.
    pub(super) fn insert_flow(
        &self,
        splices: &mut Splices,
        target: &Target,
        place: usize,
        text: &str,
    ) -> Result<usize, EditError> {
        self.bracketed(target)?;
        let source = self.source();
        let part = self.text.layout.part(target.node());
        let entries = self.entries(target.node());
        let newline = self.habit.newline;
        if let Some(below) = entries.get(place) {
            let text = if source::begins_line(source, below.start) && place > 0 {
                format!("{text},{newline}{}", &source[source::line_start(source, below.start)..below.start])
            } else {
                format!("{text}, ")
            };
            splices.insert(below.start, text);
            return Ok(below.start);
        }
        let Some(last) = entries.last() else {
            let blank = if source.as_bytes().get(part.inner + 1) == Some(&b'#') { " " } else { "" };
            splices.insert(part.inner + 1, format!("{text}{blank}"));
            return Ok(part.inner);
        };
        // An empty value before a comma needs its blank.
        let blank = if source[..last.end].ends_with(':') { " " } else { "" };
        let comma = self.comma(last.end);
        let line_end = source::line_end(source, comma.unwrap_or(last.end));
        if source::begins_line(source, last.start) && line_end < part.end {
            let indent = &source[source::line_start(source, last.start)..last.start];
            let next = source::next_line(source, line_end);
            if comma.is_some() {
                splices.insert(next, format!("{indent}{text},{newline}"));
            } else {
                splices.insert(last.end, format!("{blank},"));
                splices.insert(next, format!("{indent}{text}{newline}"));
            }
        } else if let Some(comma) = comma {
            splices.insert(comma + 1, format!(" {text},"));
        } else if source::begins_line(source, last.start) {
            let indent = &source[source::line_start(source, last.start)..last.start];
            splices.insert(last.end, format!("{blank},{newline}{indent}{text}"));
        } else {
            splices.insert(last.end, format!("{blank}, {text}"));
        }
        Ok(last.end)
    }

    /// Takes an entry away; comments around it stay.
    pub(super) fn remove_flow(&self, splices: &mut Splices, target: &Target, place: usize) -> Result<(), EditError> {
        self.bracketed(target)?;
        let source = self.source();
        let part = self.text.layout.part(target.node());
        let entries = self.entries(target.node());
        let Some(entry) = entries.get(place).cloned() else { return Ok(()) };
        let comma = self.comma(entry.end);
        let inside = part.inner + 1..part.end - 1;
        let mut pieces: Vec<Range<usize>> = vec![entry.clone()];
        match (comma, place.checked_sub(1).and_then(|before| entries.get(before))) {
            (Some(comma), _) => pieces.push(comma..comma + 1),
            (None, Some(before)) => pieces.extend(self.comma(before.end).map(|comma| comma..comma + 1)),
            (None, None) => {}
        }
        if entries.len() == 1 && source[inside.start..entry.start].trim_matches([' ', '\t']).is_empty() {
            let end = comma.map_or(entry.end, |comma| comma + 1);
            if source[entry.end..end].trim_matches([' ', ',']).is_empty()
                && source[end..inside.end].trim_matches([' ', '\t']).is_empty()
            {
                splices.delete(inside);
                return Ok(());
            }
        }
        pieces.sort_by_key(|piece| piece.start);
        // What lies between the pieces goes too if it is only blanks.
        if let [first, second] = pieces.as_slice()
            && source[first.end..second.start].bytes().all(|byte| matches!(byte, b' ' | b'\t'))
        {
            let whole = first.start..second.end;
            pieces.clear();
            pieces.push(whole);
        }
        for piece in pieces {
            splices.delete(self.widened(piece, &inside));
        }
        Ok(())
    }

    /// The piece with the blanks behind it; with its line if nothing else stands there.
    fn widened(&self, piece: Range<usize>, inside: &Range<usize>) -> Range<usize> {
        let source = self.source();
        let blanks = source::skip_blanks(source, piece.end).min(inside.end);
        let start = source::line_start(source, piece.start);
        let ends = source::line_break(source, blanks) > 0;
        if source::begins_line(source, piece.start) && ends && start > inside.start {
            return start..source::next_line(source, blanks);
        }
        if blanks == inside.end {
            let before = &source[inside.start..piece.start];
            return inside.start + before.trim_end_matches([' ', '\t']).len()..piece.end;
        }
        let comment = source.as_bytes().get(blanks) == Some(&b'#') && !source::begins_line(source, piece.start);
        if ends || comment {
            return piece;
        }
        piece.start..blanks
    }
}
