//! From bytes to chunks of text that can be parsed one by one.
//!
//! A line that begins with `---` always begins a document, whatever stands before it: no scalar may hold such a line.
//! So the input is cut there first, and what is wrong with one document cannot reach the next.

use std::borrow::Cow;

/// The input as UTF-8 bytes (possibly with mistakes), and where its text begins behind a byte order mark.
pub(crate) struct Input<'i> {
    bytes: Cow<'i, [u8]>,
    start: usize,
}

impl<'i> Input<'i> {
    /// Takes UTF-8, or UTF-16 with a byte order mark.
    pub(crate) fn decode(bytes: &'i [u8]) -> Self {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => Self { bytes: Cow::Borrowed(bytes), start: 3 },
            [0xFF, 0xFE, rest @ ..] => Self { bytes: Cow::Owned(utf16(rest, u16::from_le_bytes)), start: 0 },
            [0xFE, 0xFF, rest @ ..] => Self { bytes: Cow::Owned(utf16(rest, u16::from_be_bytes)), start: 0 },
            _ => Self { bytes: Cow::Borrowed(bytes), start: 0 },
        }
    }

    /// All bytes; positions count in these.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Start and end of each chunk, in order. A chunk holds one document, seldom none or several.
    pub(crate) fn chunks(&self) -> Chunks<'_> {
        Chunks { bytes: &self.bytes, next: Some(self.start) }
    }
}

fn utf16(bytes: &[u8], join: fn([u8; 2]) -> u16) -> Vec<u8> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = Vec::with_capacity(bytes.len());
    for unit in char::decode_utf16(pairs.iter().map(|pair| join(*pair))) {
        match unit {
            Ok(character) => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            // Half a pair has no UTF-8 form: this byte makes the chunk fail as not well encoded.
            Err(_) => text.push(0xFF),
        }
    }
    if !rest.is_empty() {
        text.push(0xFF);
    }
    text
}

/// See [`Input::chunks`].
pub(crate) struct Chunks<'i> {
    bytes: &'i [u8],
    next: Option<usize>,
}

impl Chunks<'_> {
    /// Lets the next chunk begin earlier, where directives stand that the chunk before it has no use for; `false` if
    /// there is no next one.
    pub(crate) fn begin_at(&mut self, position: usize) -> bool {
        let border = self.next.filter(|next| position < *next);
        if border.is_some() {
            self.next = Some(position);
        }
        border.is_some()
    }
}

impl Iterator for Chunks<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let start = self.next?;
        let mut ends = memchr::memchr2_iter(b'\n', b'\r', &self.bytes[start..]);
        let mut line = start;
        // Where a document may begin before its own `---`: with directives, at the start or behind `...`.
        let mut prelude = Some(start);
        let mut begun = false;
        while line < self.bytes.len() {
            let next = ends.next().map_or(self.bytes.len(), |at| start + at + 1);
            let rest = &self.bytes[line..];
            if marker(rest, *b"---") {
                match prelude {
                    // Only comments and directives lie behind the last border: they belong to this document.
                    Some(border) if begun => {
                        self.next = Some(border);
                        return Some((start, border));
                    }
                    None => {
                        self.next = Some(line);
                        return Some((start, line));
                    }
                    Some(_) => {
                        begun = true;
                        prelude = None;
                    }
                }
            } else if marker(rest, *b"...") {
                begun = true;
                prelude = Some(next);
            } else if prelude.is_some()
                && !matches!(rest[0], b'%' | b'#' | b'\n' | b'\r')
                && !is_blank(&self.bytes[line..next])
            {
                begun = true;
                prelude = None;
            }
            line = next;
        }
        self.next = None;
        (start < self.bytes.len()).then_some((start, self.bytes.len()))
    }
}

/// Whether a line is `---` or `...`, alone or with something behind a blank.
#[inline]
fn marker(line: &[u8], mark: [u8; 3]) -> bool {
    line.starts_with(&mark) && line.get(3).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        Input::decode(text.as_bytes()).chunks().map(|(from, to)| &text[from..to]).collect()
    }

    #[test]
    fn each_document_is_a_chunk_with_its_directives() {
        assert_eq!(cut("a: 1\n"), ["a: 1\n"]);
        assert_eq!(cut("# c\n---\na: 1\n---\nb: 2\n"), ["# c\n---\na: 1\n", "---\nb: 2\n"]);
        assert_eq!(
            cut("%YAML 1.1\n---\na\n...\n# x\n%YAML 1.1\n--- b\n"),
            ["%YAML 1.1\n---\na\n...\n", "# x\n%YAML 1.1\n--- b\n"]
        );
        assert_eq!(cut("a\r\n---\r\nb"), ["a\r\n", "---\r\nb"]);
        assert_eq!(cut("a: |\n  ---\n  x\n---x: 1\n"), ["a: |\n  ---\n  x\n---x: 1\n"]);
        assert_eq!(cut("---\n---\n---"), ["---\n", "---\n", "---"]);
        assert!(cut("").is_empty());
    }

    #[test]
    fn utf16_becomes_utf8_and_half_a_pair_an_encoding_mistake() {
        let input = Input::decode(&[0xFF, 0xFE, b'a', 0, 0x3D, 0xD8, 0x00, 0xDE]);
        assert_eq!(input.bytes(), "a\u{1F600}".as_bytes());
        assert!(std::str::from_utf8(Input::decode(&[0xFE, 0xFF, 0xD8, 0x3D]).bytes()).is_err());
    }
}
