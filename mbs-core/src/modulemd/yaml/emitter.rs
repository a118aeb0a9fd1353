//! Streams YAML that every reader of YAML 1.1 and 1.2 takes for the same values into one text.
//!
//! Block style, two blanks of indentation, lists at the indentation of their key, no line is ever folded. A text that a
//! reader could take for something else gets double quotes; a text of several lines becomes a literal block where that
//! keeps every character, else it is quoted with escapes.

use super::plain::{fits_indented_literal, fits_literal, is_plain_text};
use super::quote::{LONGEST_KEY, one_line, quote};
use std::fmt::Write;

const STEP: usize = 2;

/// Blanks for the indentation, and what a list puts behind them.
const MARGIN: &str = "                                                                - ";
const WIDEST: usize = MARGIN.len() - 2;

/// Writes documents behind what a text already holds.
pub(crate) struct Emitter<'o> {
    out: &'o mut String,
    indent: usize,
    /// The next key or item follows on the line of the `- ` before it.
    inline: bool,
}

impl<'o> Emitter<'o> {
    pub(crate) fn new(out: &'o mut String) -> Self {
        Self { out, indent: 0, inline: false }
    }

    /// One document, from `---` to `...`, whose root is the map of what `content` writes.
    pub(crate) fn document(&mut self, content: impl FnOnce(&mut Self)) {
        self.out.push_str("---\n");
        let body = self.out.len();
        content(self);
        if self.out.len() == body {
            self.out.push_str("{}\n");
        }
        self.out.push_str("...\n");
    }

    /// A key that needs no quotes. Its value must follow.
    pub(crate) fn key(&mut self, key: &'static str) {
        debug_assert!(is_plain_text(key), "{key:?}");
        self.margin();
        self.out.push_str(key);
        self.out.push(':');
    }

    /// Any key. Its value must follow.
    pub(crate) fn free_key(&mut self, key: &str) {
        self.margin();
        let start = self.out.len();
        one_line(self.out, key);
        if self.out.len() - start > LONGEST_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            self.margin();
        }
        self.out.push(':');
    }

    /// A text as the value of a key or of an item, in quotes or as a block where needed.
    pub(crate) fn text(&mut self, text: &str) {
        if is_plain_text(text) {
            self.out.push(' ');
            self.out.push_str(text);
            self.out.push('\n');
        } else if fits_literal(text) {
            self.literal(" |", text);
        } else if fits_indented_literal(text) {
            self.literal(" |2", text);
        } else {
            self.quoted(text);
        }
    }

    /// A text that always gets double quotes.
    pub(crate) fn quoted(&mut self, text: &str) {
        self.out.push(' ');
        quote(self.out, text);
        self.out.push('\n');
    }

    /// A number, truth value, date or null, written as it is.
    pub(crate) fn typed(&mut self, text: &str) {
        if !text.is_empty() {
            self.out.push(' ');
            self.out.push_str(text);
        }
        self.out.push('\n');
    }

    /// A date or the like that shows itself in ASCII.
    pub(crate) fn shown(&mut self, value: impl std::fmt::Display) {
        // Writing into a `String` cannot fail.
        let _ = writeln!(self.out, " {value}");
    }

    /// A number of whatever type, as sign and size.
    pub(crate) fn number(&mut self, negative: bool, mut size: u64) {
        let mut digits = [0; 20];
        let mut first = digits.len();
        loop {
            first -= 1;
            // A digit: the remainder is below ten.
            digits[first] = b'0' + u8::try_from(size % 10).unwrap_or(0);
            size /= 10;
            if size == 0 {
                break;
            }
        }
        self.out.push_str(if negative { " -" } else { " " });
        self.out.extend(digits[first..].iter().map(|digit| char::from(*digit)));
        self.out.push('\n');
    }

    /// A map as the value of a key.
    pub(crate) fn map(&mut self, content: impl FnOnce(&mut Self)) {
        if !self.try_map(content) {
            self.out.push_str(" {}\n");
        }
    }

    /// A key with a map, if `content` writes anything into it.
    pub(crate) fn map_if_any(&mut self, key: &'static str, content: impl FnOnce(&mut Self)) {
        let (start, inline) = (self.out.len(), self.inline);
        self.key(key);
        if !self.try_map(content) {
            self.out.truncate(start);
            self.inline = inline;
        }
    }

    fn try_map(&mut self, content: impl FnOnce(&mut Self)) -> bool {
        let before = self.out.len();
        self.out.push('\n');
        let body = self.out.len();
        self.indent += STEP;
        content(self);
        self.indent -= STEP;
        let any = self.out.len() > body;
        if !any {
            self.out.truncate(before);
        }
        any
    }

    /// A list of texts as the value of a key.
    pub(crate) fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t String>) {
        let before = self.out.len();
        self.out.push('\n');
        let body = self.out.len();
        for text in texts {
            if self.indent <= WIDEST && is_plain_text(text) {
                self.out.push_str(&MARGIN[WIDEST - self.indent..]);
                self.out.push_str(text);
                self.out.push('\n');
            } else {
                self.dash();
                self.text(text);
            }
        }
        if self.out.len() == body {
            self.out.truncate(before);
            self.empty_list();
        }
    }

    /// Says that a list is empty.
    pub(crate) fn empty_list(&mut self) {
        self.out.push_str(" []\n");
    }

    /// Ends the line of a key whose list has items.
    pub(crate) fn begin_list(&mut self) {
        self.out.push('\n');
    }

    /// The `-` of an item that is neither a map nor a list. Its value must follow.
    pub(crate) fn dash(&mut self) {
        if !self.inline && self.indent <= WIDEST {
            self.out.push_str(&MARGIN[WIDEST - self.indent..=WIDEST]);
        } else {
            self.margin();
            self.out.push('-');
        }
    }

    /// An item that is a map, or a list with items.
    pub(crate) fn item(&mut self, content: impl FnOnce(&mut Self)) {
        self.dash();
        let behind = self.out.len();
        self.out.push(' ');
        self.inline = true;
        self.indent += STEP;
        content(self);
        self.indent -= STEP;
        if self.inline {
            self.inline = false;
            self.out.truncate(behind);
            self.out.push_str(" {}\n");
        }
    }

    /// Blanks up to the next key or item, unless it follows on the line of a `- `.
    fn margin(&mut self) {
        if self.inline {
            self.inline = false;
            return;
        }
        let mut wanted = self.indent;
        while wanted > WIDEST {
            self.out.push_str(&MARGIN[..WIDEST]);
            wanted -= WIDEST;
        }
        self.out.push_str(&MARGIN[WIDEST - wanted..WIDEST]);
    }

    fn literal(&mut self, mark: &str, text: &str) {
        let body = text.trim_end_matches('\n');
        let ends = text.len() - body.len();
        self.out.push_str(mark);
        self.out.push_str(match ends {
            0 => "-\n",
            1 => "\n",
            _ => "+\n",
        });
        self.indent += STEP;
        for line in body.split('\n') {
            if !line.is_empty() {
                self.margin();
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        self.indent -= STEP;
        self.out.extend(std::iter::repeat_n('\n', ends.saturating_sub(1)));
    }
}
