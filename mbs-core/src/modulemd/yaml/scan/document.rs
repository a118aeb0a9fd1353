//! One document: its markers and its root.

use super::super::tape::Tape;
use super::cursor::{END, Scan, Scanner, Stop};
use super::printable::census;

/// What became of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Scanned {
    /// The tape holds its only document.
    Document,
    /// It holds no document.
    Nothing,
    /// To be read by libyaml.
    NotMine,
    /// A collection at this byte of the chunk is nested too deep.
    Deep(usize),
}

/// Reads the document of a chunk that stands at `base` in the input. At most `deepest` collections may be open at once.
/// What is on the tape afterwards is of use only for [`Scanned::Document`].
pub(in super::super) fn scan<'i>(text: &'i str, base: u32, deepest: usize, tape: &mut Tape<'i>) -> Scanned {
    let (result, _) = run(text, base, deepest, tape);
    match result {
        Ok(true) => Scanned::Document,
        Ok(false) => Scanned::Nothing,
        Err(Stop::NotMine) => Scanned::NotMine,
        Err(Stop::Deep(at)) => Scanned::Deep(at),
    }
}

/// The same, and the number of steps that were taken.
pub(super) fn run<'i>(text: &'i str, base: u32, deepest: usize, tape: &mut Tape<'i>) -> (Scan<bool>, usize) {
    tape.restart(text);
    let census = census(text);
    if !census.plain {
        return (Err(Stop::NotMine), 0);
    }
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        base,
        tape,
        at: 0,
        column: END,
        returns: census.returns,
        marker: None,
        depth: 0,
        deepest,
        steps: 0,
    };
    let result = scanner.document();
    (result, scanner.steps)
}

impl Scanner<'_, '_> {
    fn document(&mut self) -> Scan<bool> {
        let start = match self.begin()? {
            Some(start) => start,
            None if self.column == END => {
                // `...` without a document is for libyaml to judge.
                return if self.marker.is_none() { Ok(false) } else { Err(Stop::NotMine) };
            }
            None => {
                let start = self.at;
                self.node(END, true)?;
                start
            }
        };
        if self.column != END {
            return Err(Stop::NotMine);
        }
        let end = match self.marker {
            None => self.bytes.len(),
            Some(marker) => {
                self.at = marker + 3;
                self.end_line()?;
                if self.at < self.bytes.len() {
                    return Err(Stop::NotMine);
                }
                marker + 3
            }
        };
        self.tape.span = (self.position(start), self.position(end));
        Ok(true)
    }

    /// Goes to the first token. If that is `---`, its document is read, and the place of `---` is the result.
    fn begin(&mut self) -> Scan<Option<usize>> {
        let mut line = 0;
        loop {
            let first = self.skip_spaces(line);
            let end = match self.byte(first) {
                Some(b'#') => self.line_end(first),
                Some(b'\n' | b'\r') => first,
                _ => break,
            };
            match self.behind_break(end) {
                Some(next) => line = next,
                None => break,
            }
        }
        if !self.is_marker(line, *b"---") {
            self.at = line;
            self.next_line()?;
            return Ok(None);
        }
        self.at = line + 3;
        let value = self.skip_spaces(self.at);
        if matches!(self.byte(value), None | Some(b'\n' | b'\r' | b'#')) {
            self.end_line()?;
            if self.column == END {
                self.push_empty(self.at);
            } else {
                self.node(END, true)?;
            }
        } else {
            // No key may stand on the line of the marker.
            self.at = value;
            self.node(END, false)?;
        }
        Ok(Some(line))
    }
}
