//! Scalars in quotes.

use super::super::tape::Style;
use super::cursor::{Scan, Scanner, Stop, Token};

impl Scanner<'_, '_> {
    /// Reads the scalar in these quotes that begins here, and stops behind it.
    pub(super) fn quoted(&mut self, quote: u8) -> Scan<Token> {
        let from = self.at;
        let start = from + 1;
        let single = quote == b'\'';
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        // Nearly all stand on one line and mean what they show.
        let rest = &self.bytes[start..];
        let end =
            start + memchr::memchr3(quote, if single { quote } else { b'\\' }, b'\n', rest).ok_or(Stop::NotMine)?;
        self.seen(start, end);
        let simple = self.bytes[end] == quote
            && !(single && self.byte(end + 1) == Some(quote))
            && !(self.returns && self.bytes[start..end].contains(&b'\r'));
        if simple {
            self.at = end + 1;
            return Ok(Token { style, from, piece: (start, end), made: false, one_line: true });
        }
        let made = self.tape.made();
        let one_line = if single { self.folded::<true>(start) } else { self.folded::<false>(start) }?;
        Ok(Token { style, from, piece: (made, self.tape.made()), made: true, one_line })
    }

    /// Reads a scalar with escapes or line breaks from behind its opening quote. The result is whether it has no breaks.
    fn folded<const SINGLE: bool>(&mut self, start: usize) -> Scan<bool> {
        let text = self.text;
        let quote = if SINGLE { b'\'' } else { b'"' };
        let mut at = start;
        let mut line = true;
        loop {
            if !line && self.column_is_first(at) && self.is_any_marker(at) {
                return Err(Stop::NotMine);
            }
            // Behind an escaped line break nothing is folded into a blank.
            let mut escaped = false;
            let word = at;
            let mut copied = at;
            loop {
                match self.byte(at).ok_or(Stop::NotMine)? {
                    b' ' | b'\t' | b'\n' | b'\r' => break,
                    b'\'' if SINGLE && self.byte(at + 1) == Some(b'\'') => {
                        self.tape.make(&text[copied..=at]);
                        at += 2;
                        copied = at;
                    }
                    byte if byte == quote => break,
                    b'\\' if !SINGLE => {
                        self.tape.make(&text[copied..at]);
                        if let Some(next) = self.behind_break(at + 1) {
                            at = next;
                            copied = at;
                            escaped = true;
                            line = false;
                            break;
                        }
                        at = self.escape(at + 1)?;
                        copied = at;
                    }
                    _ => at += 1,
                }
            }
            self.seen(word, at);
            self.tape.make(&text[copied..at]);
            if self.byte(at) == Some(quote) {
                self.at = at + 1;
                return Ok(line);
            }
            let blanks = at;
            let mut breaks = 0;
            let mut folds = false;
            loop {
                if let Some(next) = self.behind_break(at) {
                    if escaped || folds {
                        breaks += 1;
                    } else {
                        folds = true;
                    }
                    line = false;
                    at = next;
                } else if matches!(self.byte(at), Some(b' ' | b'\t')) {
                    at += 1;
                } else {
                    break;
                }
            }
            self.seen(blanks, at);
            if folds && breaks == 0 {
                self.tape.make(" ");
            } else if folds || escaped {
                for _ in 0..breaks {
                    self.tape.make("\n");
                }
            } else {
                self.tape.make(&text[blanks..at]);
            }
        }
    }

    fn column_is_first(&self, at: usize) -> bool {
        matches!(self.bytes[at - 1], b'\n' | b'\r')
    }

    /// Adds the character of an escape whose letter stands at `at`; gives the place behind it.
    fn escape(&mut self, at: usize) -> Scan<usize> {
        let letter = self.byte(at).ok_or(Stop::NotMine)?;
        let text = match letter {
            b'0' => "\0",
            b'a' => "\x07",
            b'b' => "\x08",
            b't' | b'\t' => "\t",
            b'n' => "\n",
            b'v' => "\x0B",
            b'f' => "\x0C",
            b'r' => "\r",
            b'e' => "\x1B",
            b' ' => " ",
            b'"' => "\"",
            b'/' => "/",
            b'\\' => "\\",
            b'N' => "\u{85}",
            b'_' => "\u{A0}",
            b'L' => "\u{2028}",
            b'P' => "\u{2029}",
            b'x' => return self.code(at + 1, 2),
            b'u' => return self.code(at + 1, 4),
            b'U' => return self.code(at + 1, 8),
            _ => return Err(Stop::NotMine),
        };
        self.tape.make(text);
        Ok(at + 1)
    }

    /// Adds the character with the number in these hexadecimal digits.
    fn code(&mut self, at: usize, digits: usize) -> Scan<usize> {
        let end = at + digits;
        let shown = self.bytes.get(at..end).ok_or(Stop::NotMine)?;
        let value = shown.iter().try_fold(0_u32, |value, byte| {
            char::from(*byte).to_digit(16).map(|digit| (value << 4) | digit).ok_or(Stop::NotMine)
        })?;
        let character = char::from_u32(value).ok_or(Stop::NotMine)?;
        self.tape.make(character.encode_utf8(&mut [0; 4]));
        Ok(end)
    }
}
