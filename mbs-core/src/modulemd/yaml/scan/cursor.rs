//! Moving through the text from token to token.

use super::super::tape::{Style, Tape};

/// Why the scanner stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The text is not in the subset, or not YAML.
    NotMine,
    /// A collection at this place is nested too deep.
    Deep(usize),
}

pub(super) type Scan<T> = Result<T, Stop>;

/// The column behind the end of the document: less than any.
pub(super) const END: i32 = -1;

/// The longest distance from the start of a key to its `:`, in bytes; libyaml looks no further.
pub(super) const KEY: usize = 1024;

/// A scalar that is not on the tape yet: it may turn out to be the first key of a map.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) style: Style,
    /// Where it begins, in the text.
    pub(super) from: usize,
    /// The piece of the text, or of the tape's own text.
    pub(super) piece: (usize, usize),
    /// Whether `piece` is in the tape's own text.
    pub(super) made: bool,
    /// Whether it stands on one line, as a key must.
    pub(super) one_line: bool,
}

/// The state of one scan.
pub(super) struct Scanner<'i, 't> {
    pub(super) text: &'i str,
    pub(super) bytes: &'i [u8],
    /// Where the text stands in the input.
    pub(super) base: u32,
    pub(super) tape: &'t mut Tape<'i>,
    /// The next byte.
    pub(super) at: usize,
    /// Column of the next token, [`END`] behind the last one. Valid where a token begins.
    pub(super) column: i32,
    /// Lines may end with CR.
    pub(super) returns: bool,
    /// Where `...` stands, once it was met.
    pub(super) marker: Option<usize>,
    /// Open collections, and the most that may be.
    pub(super) depth: usize,
    pub(super) deepest: usize,
    /// Bytes looked at; counted for the tests of growth only.
    pub(super) steps: usize,
}

impl Scanner<'_, '_> {
    /// Counts the bytes from `from` to `to` as looked at.
    #[inline]
    pub(super) fn seen(&mut self, from: usize, to: usize) {
        if cfg!(test) {
            self.steps += to.saturating_sub(from) + 1;
        }
    }

    #[inline]
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Whether the byte there is a space, tab, line end, or behind the last one.
    #[inline]
    pub(super) fn blank_or_end(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\n' | b'\t' | b'\r'))
    }

    /// The place of the first byte from `at` on that is no space.
    #[inline]
    pub(super) fn skip_spaces(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take_while(|byte| **byte == b' ').count()
    }

    /// The end of the line that `at` stands in, before its line end.
    #[inline]
    pub(super) fn line_end(&mut self, at: usize) -> usize {
        let rest = &self.bytes[at..];
        let found = if self.returns { memchr::memchr2(b'\n', b'\r', rest) } else { memchr::memchr(b'\n', rest) };
        let end = found.map_or(self.bytes.len(), |length| at + length);
        self.seen(at, end);
        end
    }

    /// The place behind the line end at `at`, if one is there.
    #[inline]
    pub(super) fn behind_break(&self, at: usize) -> Option<usize> {
        match self.byte(at)? {
            b'\n' => Some(at + 1),
            b'\r' => Some(at + 1 + usize::from(self.byte(at + 1) == Some(b'\n'))),
            _ => None,
        }
    }

    /// Whether `---` or `...` stands at the start of a line at `at`, as a marker.
    pub(super) fn is_marker(&self, at: usize, mark: [u8; 3]) -> bool {
        self.bytes[at..].starts_with(&mark) && self.blank_or_end(at + 3)
    }

    /// Whether either of the two stands there.
    pub(super) fn is_any_marker(&self, at: usize) -> bool {
        self.is_marker(at, *b"---") || self.is_marker(at, *b"...")
    }

    /// Goes to the next token from the start of a line.
    pub(super) fn next_line(&mut self) -> Scan<()> {
        let first = self.skip_spaces(self.at);
        self.settle(first, first - self.at)
    }

    /// Goes to the next token from `first`, the first byte that is no space of a line, in this column.
    #[inline]
    pub(super) fn settle(&mut self, mut first: usize, mut column: usize) -> Scan<()> {
        loop {
            self.seen(first - column, first);
            match self.byte(first) {
                None => {
                    (self.at, self.column) = (first, END);
                    return Ok(());
                }
                // libyaml allows tabs in few places only.
                Some(b'\t') => return Err(Stop::NotMine),
                Some(b'#') => first = self.line_end(first),
                Some(b'\n' | b'\r') => {}
                Some(byte) => {
                    self.at = first;
                    self.column = i32::try_from(column).map_err(|_| Stop::NotMine)?;
                    return if column == 0 && matches!(byte, b'.' | b'-') { self.marked() } else { Ok(()) };
                }
            }
            if let Some(line) = self.behind_break(first) {
                first = self.skip_spaces(line);
                column = first - line;
            }
        }
    }

    /// Ends the document at `...`; another `---` is not expected inside a chunk.
    fn marked(&mut self) -> Scan<()> {
        if self.is_marker(self.at, *b"...") {
            self.marker = Some(self.at);
            self.column = END;
        } else if self.is_marker(self.at, *b"---") {
            return Err(Stop::NotMine);
        }
        Ok(())
    }

    /// Goes to the next token from behind a value: nothing but a comment may follow on its line.
    pub(super) fn end_line(&mut self) -> Scan<()> {
        let mut end = self.skip_spaces(self.at);
        if self.byte(end) == Some(b'#') && end > self.at {
            end = self.line_end(end);
        }
        match self.behind_break(end) {
            Some(line) => {
                self.at = line;
                self.next_line()
            }
            None if end == self.bytes.len() => self.settle(end, 0),
            None => Err(Stop::NotMine),
        }
    }

    /// A place in the input for the tape. The chunk and all before it fit 32 bits.
    #[inline]
    pub(super) fn position(&self, at: usize) -> u32 {
        self.base + narrow(at)
    }

    /// Begins a collection at `from`.
    pub(super) fn open(&mut self, map: bool, from: usize) -> Scan<u32> {
        if self.depth >= self.deepest {
            return Err(Stop::Deep(from));
        }
        self.depth += 1;
        let index = self.tape.next_index();
        self.tape.open(map, self.position(from));
        Ok(index)
    }

    /// Ends a collection.
    pub(super) fn close(&mut self, index: u32) {
        self.depth -= 1;
        self.tape.close(index);
    }

    /// Puts a scalar on the tape.
    #[inline]
    pub(super) fn push(&mut self, token: Token) {
        let position = self.position(token.from);
        let (from, to) = (narrow(token.piece.0), narrow(token.piece.1));
        if token.made {
            self.tape.push_made(token.style, position, from, to);
        } else {
            self.tape.push_borrowed(token.style, position, from, to);
        }
    }

    /// Puts the empty scalar of a missing value on the tape.
    pub(super) fn push_empty(&mut self, at: usize) {
        self.push(Token { style: Style::Plain, from: at, piece: (at, at), made: false, one_line: true });
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the reader takes no input above half of what 32 bits hold")]
fn narrow(at: usize) -> u32 {
    at as u32
}
