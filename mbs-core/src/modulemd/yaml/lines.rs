//! Line and column of a byte position, found in one pass over ascending positions.

/// A cursor over the input. Positions asked for in ascending order cost one pass in all.
pub(crate) struct Lines<'i> {
    bytes: &'i [u8],
    at: usize,
    line: u32,
    column: u32,
}

impl<'i> Lines<'i> {
    pub(crate) fn new(bytes: &'i [u8]) -> Self {
        Self { bytes, at: 0, line: 1, column: 1 }
    }

    /// Line and column (in characters) of a byte position, both from 1. A line ends at LF, CR LF or CR.
    pub(crate) fn find(&mut self, position: u32) -> (u32, u32) {
        let position = (position as usize).min(self.bytes.len());
        if position < self.at {
            *self = Self::new(self.bytes);
        }
        let rest = &self.bytes[self.at..position];
        if memchr::memchr(b'\r', rest).is_none()
            && let Some(last) = memchr::memrchr(b'\n', rest)
        {
            // Whole lines are only counted.
            let lines = memchr::memchr_iter(b'\n', &rest[..=last]).count();
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.column = 1;
            self.at += last + 1;
        }
        while self.at < position {
            let byte = self.bytes[self.at];
            self.at += 1;
            if byte == b'\n' || (byte == b'\r' && self.bytes.get(self.at) != Some(&b'\n')) {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else if byte != b'\r' && byte & 0xC0 != 0x80 && !self.is_mark() {
                self.column = self.column.saturating_add(1);
            }
        }
        (self.line, self.column)
    }

    /// Whether the byte just passed begins a byte order mark at the start of the input, which no editor shows.
    fn is_mark(&self) -> bool {
        self.at == 1 && self.bytes.starts_with(&[0xEF, 0xBB, 0xBF])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_all_three_endings() {
        let mut lines = Lines::new("\u{FEFF}á=x\r\ny\rz\nw".as_bytes());
        let found: Vec<_> = [3, 5, 6, 9, 11, 13, 99].map(|at| lines.find(at)).to_vec();
        assert_eq!(found, [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (4, 1), (4, 2)]);
        assert_eq!(lines.find(5), (1, 2), "going back starts again");
    }
}
