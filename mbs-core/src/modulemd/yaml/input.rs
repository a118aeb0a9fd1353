//! From bytes to chunks of text that can be parsed one by one.
//!
//! A line that begins with `---` always begins a document, whatever stands before it: no scalar may hold such a line.
//! So the input is cut there first, and what is wrong with one document cannot reach the next.

use memchr::memmem::Finder;
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
        Chunks { bytes: &self.bytes, next: Some(self.start), dashes: Marks::new("---"), dots: Marks::new("...") }
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
    dashes: Marks,
    dots: Marks,
}

/// The lines that begin with three dashes or dots, in ascending order.
struct Marks {
    finder: Finder<'static>,
    mark: u8,
    /// The first one that was not passed yet, if that is known.
    next: Option<usize>,
}

impl Marks {
    fn new(mark: &'static str) -> Self {
        Self { finder: Finder::new(mark), mark: mark.as_bytes()[0], next: None }
    }

    /// The first such line from `from` on, which is not before the last one asked for; the end if there is none.
    fn find(&mut self, bytes: &[u8], from: usize) -> usize {
        if let Some(next) = self.next.filter(|next| *next >= from) {
            return next;
        }
        let mut at = from;
        let found = loop {
            let Some(length) = self.finder.find(&bytes[at..]) else { break bytes.len() };
            at += length;
            if at == from || matches!(bytes[at - 1], b'\n' | b'\r') {
                break at;
            }
            at += bytes[at..].iter().take_while(|byte| **byte == self.mark).count();
        };
        self.next = Some(found);
        found
    }
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
        let mut line = start;
        // Where a document may begin before its own `---`: with directives, at the start or behind `...`.
        let mut prelude = Some(start);
        let mut begun = false;
        while line < self.bytes.len() {
            if prelude.is_none() {
                // Inside a document only the marks matter.
                line = self.dashes.find(self.bytes, line).min(self.dots.find(self.bytes, line));
                if line == self.bytes.len() {
                    break;
                }
            }
            let rest = &self.bytes[line..];
            let next = memchr::memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |at| line + at + 1);
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

    /// The same rules, line by line.
    fn plainly(text: &str) -> Vec<&str> {
        let (mut found, mut start, mut border, mut begun, mut at) = (Vec::new(), 0, Some(0), false, 0);
        for line in text.split_inclusive(['\n', '\r']) {
            if marker(line.as_bytes(), *b"---") {
                if begun {
                    let end = border.unwrap_or(at);
                    found.push(&text[start..end]);
                    start = end;
                }
                (begun, border) = (true, None);
            } else if marker(line.as_bytes(), *b"...") {
                (begun, border) = (true, Some(at + line.len()));
            } else if border.is_some() && !line.starts_with(['%', '#']) && !is_blank(line.as_bytes()) {
                (begun, border) = (true, None);
            }
            at += line.len();
        }
        found.extend((start < text.len()).then(|| &text[start..]));
        found
    }

    proptest::proptest! {
        #[test]
        fn chunks_are_those_of_a_look_at_each_line(
            parts in proptest::collection::vec("---|[.]{3}|-|[.]|\n|\r|%|#| |\t|a|é|--- a|\n---\n|\n[.]{3}\n", 0..20),
        ) {
            let text = parts.concat();
            proptest::prop_assert_eq!(cut(&text), plainly(&text));
        }
    }

    #[test]
    fn utf16_becomes_utf8_and_half_a_pair_an_encoding_mistake() {
        let input = Input::decode(&[0xFF, 0xFE, b'a', 0, 0x3D, 0xD8, 0x00, 0xDE]);
        assert_eq!(input.bytes(), "a\u{1F600}".as_bytes());
        assert!(std::str::from_utf8(Input::decode(&[0xFE, 0xFF, 0xD8, 0x3D]).bytes()).is_err());
    }
}
