//! The documents of a chunk: by the fast scanner, or else by libyaml.

use super::builder::{self, Budget, too_deep};
use super::guard;
use super::scan::{Scanned, scan};
use super::tape::Tape;
use crate::modulemd::diagnostic::Problem;
use crate::modulemd::limits::Limits;

/// Reads the documents of one chunk of input, one after the other.
pub(crate) struct Documents<'i, 'b> {
    text: &'i str,
    /// Where the chunk stands in the input.
    base: u32,
    budget: &'b mut Budget,
    state: State<'i>,
}

enum State<'i> {
    Fresh,
    Events(Box<builder::Documents<'i>>),
    Ended,
}

impl<'i, 'b> Documents<'i, 'b> {
    /// `base` is the byte position of `text` in the input; their sum with the length fits 31 bits. `budget` is the one
    /// of the whole input.
    pub(crate) fn new(text: &'i str, base: u32, budget: &'b mut Budget) -> Self {
        Self { text, base, budget, state: State::Fresh }
    }

    /// Puts the next document on the tape, in place of what was there. After a problem nothing follows.
    pub(crate) fn next(&mut self, tape: &mut Tape<'i>) -> Option<Result<(), Box<Problem>>> {
        if matches!(self.state, State::Fresh) {
            let limits = &self.budget.limits;
            self.state = State::Ended;
            match scan(self.text, self.base, limits.depth.min(Limits::DEEPEST), tape) {
                Scanned::Document => return Some(Ok(())),
                Scanned::Nothing => return None,
                Scanned::Deep(at) => {
                    let position = self.base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
                    return Some(Err(too_deep(position, limits)));
                }
                Scanned::NotMine => {
                    if let Err(problem) = guard::check(self.text, self.base, limits) {
                        return Some(Err(problem));
                    }
                    let documents = builder::Documents::new(self.text, self.base, *limits);
                    self.state = State::Events(Box::new(documents));
                }
            }
        }
        let State::Events(documents) = &mut self.state else { return None };
        documents.next_into(tape, &mut self.budget.copied)
    }

    /// Byte position in the input where the next chunk begins, if that lies in this one: directives that stand here
    /// belong to its document. To be asked when this chunk was refused.
    pub(crate) fn dangling(&self) -> Option<usize> {
        let State::Events(documents) = &self.state else { return None };
        Some(self.base as usize + documents.dangling()?)
    }
}
