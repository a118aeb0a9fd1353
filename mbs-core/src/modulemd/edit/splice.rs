//! Pieces of a text that are replaced.

use std::ops::Range;

/// One piece and what comes in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// Pieces to replace, in any order; none may overlap.
#[derive(Debug, Default, Clone)]
pub(super) struct Splices(Vec<Splice>);

impl Splices {
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        let text = text.into();
        if !range.is_empty() || !text.is_empty() {
            self.0.push(Splice { range, text });
        }
    }

    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    pub(super) fn delete(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// The new text; nothing if pieces overlap or lie outside.
    pub(super) fn apply(&self, source: &str) -> Option<String> {
        let mut splices: Vec<&Splice> = self.0.iter().collect();
        splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
        let mut text = String::with_capacity(source.len() + 256);
        let mut at = 0;
        for splice in splices {
            text.push_str(source.get(at..splice.range.start)?);
            text.push_str(&splice.text);
            at = splice.range.end;
        }
        text.push_str(source.get(at..)?);
        Some(text)
    }
}
