//! Plain scalars: text without quotes, perhaps over several lines.

use super::super::tape::Style;
use super::cursor::{Scan, Scanner, Stop, Token};

/// Bytes at which the scan of a plain scalar has to think, in block context (bit 0) and in flow context (bit 1).
const STOPS: [u8; 256] = {
    let mut table = [0; 256];
    let both = b"\n\r:#";
    let mut number = 0;
    while number < both.len() {
        table[both[number] as usize] = BLOCK | FLOW;
        number += 1;
    }
    let flow = b",[]{}";
    number = 0;
    while number < flow.len() {
        table[flow[number] as usize] = FLOW;
        number += 1;
    }
    table
};
const BLOCK: u8 = 1;
const FLOW: u8 = 2;

/// Where a line of a plain scalar ends, and why.
enum Line {
    /// At the end of the line of text, which is here.
    Break(usize),
    /// Before the `:` here.
    Colon(usize),
    /// Before the `#` here.
    Comment(usize),
    /// Before the flow indicator here.
    Indicator(usize),
}

impl Scanner<'_, '_> {
    /// Reads the plain scalar that begins here in block context; `indent` is the column of the collection around it. The
    /// second result is whether the scanner now stands at a `:` that makes it a key; if not, it stands at the next token.
    #[inline]
    pub(super) fn plain(&mut self, indent: i32) -> Scan<(Token, bool)> {
        let from = self.at;
        self.check_first::<BLOCK>()?;
        let line = self.plain_line::<BLOCK>(from)?;
        let (Line::Break(end) | Line::Colon(end) | Line::Comment(end) | Line::Indicator(end)) = line;
        let token =
            Token { style: Style::Plain, from, piece: (from, self.trim(from, end)), made: false, one_line: true };
        match line {
            Line::Colon(colon) => {
                self.at = colon;
                Ok((token, true))
            }
            Line::Break(end) => {
                let Some(next) = self.behind_break(end) else {
                    self.settle(end, 0)?;
                    return Ok((token, false));
                };
                let first = self.skip_spaces(next);
                let column = first - next;
                // Most scalars end with their line: the next token stands in the column of the collection or before.
                if matches!(self.byte(first), Some(byte) if byte > b'#') && narrow(column) <= indent {
                    self.settle(first, column)?;
                    return Ok((token, false));
                }
                self.continued::<BLOCK>(token, indent, next)
            }
            Line::Comment(_) | Line::Indicator(_) => {
                self.at = token.piece.1;
                self.end_line()?;
                Ok((token, false))
            }
        }
    }

    /// Reads the plain scalar that begins here in flow context. The second result is whether the scanner now stands at a
    /// `:` that makes it a key; if not, it stands behind the scalar.
    pub(super) fn flow_plain(&mut self) -> Scan<(Token, bool)> {
        let from = self.at;
        self.check_first::<FLOW>()?;
        let line = self.plain_line::<FLOW>(from)?;
        let (Line::Break(end) | Line::Colon(end) | Line::Comment(end) | Line::Indicator(end)) = line;
        let token =
            Token { style: Style::Plain, from, piece: (from, self.trim(from, end)), made: false, one_line: true };
        self.at = token.piece.1;
        match line {
            Line::Colon(colon) => {
                self.at = colon;
                Ok((token, true))
            }
            Line::Break(end) => match self.behind_break(end) {
                Some(next) => self.continued::<FLOW>(token, -1, next),
                None => Err(Stop::NotMine),
            },
            Line::Comment(_) | Line::Indicator(_) => Ok((token, false)),
        }
    }

    /// Whether a plain scalar may begin with what stands here.
    #[inline]
    fn check_first<const CONTEXT: u8>(&self) -> Scan<()> {
        match self.byte(self.at) {
            None
            | Some(
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|'
                | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`',
            ) => Err(Stop::NotMine),
            Some(b'?' | b':') if CONTEXT == FLOW => Err(Stop::NotMine),
            Some(b'-' | b'?' | b':') if self.blank_or_end(self.at + 1) => Err(Stop::NotMine),
            Some(_) => Ok(()),
        }
    }

    /// Finds the end of a plain scalar on the line of `at`.
    #[inline]
    fn plain_line<const CONTEXT: u8>(&mut self, from: usize) -> Scan<Line> {
        let mut at = from;
        let line = loop {
            at = skip_words::<CONTEXT>(self.bytes, at);
            let Some(&byte) = self.bytes.get(at) else { break Line::Break(at) };
            match byte {
                b'\n' | b'\r' => break Line::Break(at),
                b':' => {
                    if self.blank_or_end(at + 1) {
                        break Line::Colon(at);
                    }
                    // An error for libyaml.
                    if CONTEXT == FLOW && matches!(self.bytes[at + 1], b',' | b'?' | b'[' | b']' | b'{' | b'}') {
                        return Err(Stop::NotMine);
                    }
                }
                b'#' => {
                    if at > from && matches!(self.bytes[at - 1], b' ' | b'\t') {
                        break Line::Comment(at);
                    }
                }
                _ => break Line::Indicator(at),
            }
            at += 1;
        };
        self.seen(from, at);
        Ok(line)
    }

    /// The end of a piece of text without the blanks at its end.
    #[inline]
    fn trim(&self, from: usize, to: usize) -> usize {
        let blanks = self.bytes[from..to].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        to - blanks
    }

    /// Goes on with a scalar at the start of the next line, if it goes on there.
    fn continued<const CONTEXT: u8>(&mut self, token: Token, indent: i32, next: usize) -> Scan<(Token, bool)> {
        let mut token = token;
        let mut line = next;
        loop {
            // Empty lines between two lines of the scalar are line breaks in it.
            let mut empty = 0;
            let mut first = self.skip_spaces(line);
            while let Some(next) = self.behind_break(first) {
                self.seen(line, first);
                empty += 1;
                line = next;
                first = self.skip_spaces(line);
            }
            self.seen(line, first);
            let column = first - line;
            let ended = match self.byte(first) {
                Some(b'\t') => return Err(Stop::NotMine),
                None | Some(b'#') => true,
                Some(b'-' | b'.') if column == 0 && CONTEXT == FLOW && self.is_any_marker(first) => {
                    return Err(Stop::NotMine);
                }
                Some(_) if CONTEXT == FLOW => false,
                Some(_) if narrow(column) <= indent => true,
                Some(b'-') if column == 0 && self.is_marker(first, *b"---") => return Err(Stop::NotMine),
                Some(b'.') if column == 0 => self.is_marker(first, *b"..."),
                Some(_) => false,
            };
            if ended {
                if CONTEXT == FLOW {
                    self.at = line;
                } else {
                    self.settle(first, column)?;
                }
                return Ok((token, false));
            }
            let end = match self.plain_line::<CONTEXT>(first)? {
                // A key stands on one line.
                Line::Colon(_) => return Err(Stop::NotMine),
                // The scalar ended before this line.
                Line::Indicator(end) if end == first => {
                    self.at = first;
                    return Ok((token, false));
                }
                Line::Indicator(end) | Line::Comment(end) => {
                    let end = self.trim(first, end);
                    self.join(&mut token, empty, first, end);
                    self.at = end;
                    if CONTEXT == BLOCK {
                        self.end_line()?;
                    }
                    return Ok((token, false));
                }
                Line::Break(end) => end,
            };
            let text_end = self.trim(first, end);
            self.join(&mut token, empty, first, text_end);
            match self.behind_break(end) {
                Some(next) => line = next,
                None if CONTEXT == FLOW => return Err(Stop::NotMine),
                None => {
                    self.settle(end, 0)?;
                    return Ok((token, false));
                }
            }
        }
    }

    /// Adds a line to a scalar, after so many empty lines.
    fn join(&mut self, token: &mut Token, empty: usize, from: usize, to: usize) {
        if !token.made {
            let start = self.tape.made();
            let text = self.text;
            self.tape.make(&text[token.piece.0..token.piece.1]);
            *token = Token { made: true, one_line: false, piece: (start, 0), ..*token };
        }
        if empty == 0 {
            self.tape.make(" ");
        }
        for _ in 0..empty {
            self.tape.make("\n");
        }
        let text = self.text;
        self.tape.make(&text[from..to]);
        token.piece.1 = self.tape.made();
    }
}

/// The place of the first byte from `at` on that is in [`STOPS`], or the end. Eight bytes at a time.
#[inline]
fn skip_words<const CONTEXT: u8>(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // Bit 7 of each byte that is zero, and perhaps of some behind such a byte.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let equal = |word: u64, byte: u8| zero(word ^ (ONES * u64::from(byte)));
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let mut found = equal(word, b'\n') | equal(word, b'\r') | equal(word, b':') | equal(word, b'#');
        if CONTEXT == FLOW {
            // `[` and `{`, `]` and `}` differ in one bit.
            let folded = word | (ONES * 0x20);
            found |= equal(word, b',') | equal(folded, b'{') | equal(folded, b'}');
        }
        if found != 0 {
            // The first of them is exact.
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + bytes[at..].iter().position(|byte| STOPS[usize::from(*byte)] & CONTEXT != 0).unwrap_or(bytes.len() - at)
}

/// A column as a number to compare with; what does not fit is deeper than all.
#[inline]
fn narrow(column: usize) -> i32 {
    i32::try_from(column).unwrap_or(i32::MAX)
}
