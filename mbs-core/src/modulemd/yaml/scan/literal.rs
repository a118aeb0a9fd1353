//! Literal and folded block scalars: `|` and `>`.

use super::super::tape::Style;
use super::cursor::{END, Scan, Scanner, Stop, Token};

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_, '_> {
    /// Reads the block scalar that begins here and goes to the token behind it. `parent` is the column of the block
    /// collection around it.
    pub(super) fn literal(&mut self, parent: i32) -> Scan<Token> {
        let from = self.at;
        let literal = self.bytes[from] == b'|';
        let (chomp, wanted) = self.header()?;
        let parent = usize::try_from(parent + 1).map_err(|_| Stop::NotMine)?;
        // Zero until the first line with text says it.
        let mut indent = wanted.map_or(0, |wanted| parent.saturating_sub(1) + wanted);
        let start = self.tape.made();
        let mut column = 0;
        let mut breaks = self.breaks(&mut indent, parent, &mut column)?;
        // The line break behind the last line of text, and whether that line begins with a blank.
        let mut pending = false;
        let mut indented = false;
        let text = self.text;
        while column == indent && self.at < self.bytes.len() {
            let blank = matches!(self.bytes[self.at], b' ' | b'\t');
            if !literal && pending && !indented && !blank {
                if breaks == 0 {
                    self.tape.make(" ");
                }
            } else if pending {
                self.tape.make("\n");
            }
            self.make_breaks(breaks);
            indented = blank;
            let end = self.line_end(self.at);
            self.tape.make(&text[self.at..end]);
            let next = self.behind_break(end);
            pending = next.is_some();
            self.at = next.unwrap_or(end);
            breaks = self.breaks(&mut indent, parent, &mut column)?;
        }
        if pending && chomp != Chomp::Strip {
            self.tape.make("\n");
        }
        if chomp == Chomp::Keep {
            self.make_breaks(breaks);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        let token = Token { style, from, piece: (start, self.tape.made()), made: true, one_line: false };
        self.settle(self.at, column)?;
        Ok(token)
    }

    /// Reads the first line from its `|` or `>` on.
    fn header(&mut self) -> Scan<(Chomp, Option<usize>)> {
        let mut chomp = Chomp::Clip;
        let mut wanted = None;
        let mut at = self.at + 1;
        // Each of the two at most once, in any order.
        for _ in 0..2 {
            match self.byte(at) {
                Some(sign @ (b'+' | b'-')) if chomp == Chomp::Clip => {
                    chomp = if sign == b'+' { Chomp::Keep } else { Chomp::Strip };
                    at += 1;
                }
                Some(digit @ b'1'..=b'9') if wanted.is_none() => {
                    wanted = Some(usize::from(digit - b'0'));
                    at += 1;
                }
                _ => break,
            }
        }
        let mut end = at;
        while matches!(self.byte(end), Some(b' ' | b'\t')) {
            end += 1;
        }
        self.seen(at, end);
        if self.byte(end) == Some(b'#') && end > at {
            end = self.line_end(end);
        }
        self.at = match self.behind_break(end) {
            Some(next) => next,
            None if end == self.bytes.len() => end,
            None => return Err(Stop::NotMine),
        };
        Ok((chomp, wanted))
    }

    /// Passes empty lines and the indentation of the first line that is not empty, and sets the column there. An unknown
    /// indentation becomes the deepest one seen on the way, `parent` or more. Gives the number of empty lines.
    fn breaks(&mut self, indent: &mut usize, parent: usize, column: &mut usize) -> Scan<usize> {
        let mut empty = 0;
        let mut deepest = 0;
        loop {
            let most = if *indent == 0 { usize::MAX } else { *indent };
            let line = self.at;
            let spaces = self.bytes[line..].iter().take(most).take_while(|byte| **byte == b' ').count();
            self.at += spaces;
            self.seen(line, self.at);
            deepest = deepest.max(spaces);
            *column = spaces;
            if spaces < most && self.byte(self.at) == Some(b'\t') {
                return Err(Stop::NotMine);
            }
            let Some(next) = self.behind_break(self.at) else { break };
            self.at = next;
            empty += 1;
        }
        if *indent == 0 {
            *indent = deepest.max(parent).max(1);
        }
        Ok(empty)
    }

    fn make_breaks(&mut self, count: usize) {
        for _ in 0..count {
            self.tape.make("\n");
        }
    }
}

const _: () = assert!(END == -1, "the column around the root plus one is the first column");
