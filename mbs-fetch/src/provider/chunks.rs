//! Large indexes in parts, so that not all documents are in memory at the same time.

use std::ops::Range;

/// Parts of a text of about `size` bytes, each of which can be read alone: it begins with a document.
///
/// A line that begins with `---` begins a document wherever it stands. None if parts would read otherwise than the whole:
/// with directives, which belong to the document behind them, and with marks of encodings and line ends that would shift
/// places.
pub(super) fn chunks(text: &[u8], size: usize) -> Option<Vec<Range<usize>>> {
    let marked = matches!(text, [0xEF, 0xBB, 0xBF, ..] | [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..]);
    let lone_return = text.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
    if marked || lone_return || text.starts_with(b"%") || text.windows(2).any(|pair| pair == b"\n%") {
        return None;
    }
    let mut parts = Vec::new();
    let (mut start, mut from) = (0, size.max(1));
    while let Some(found) = text.get(from..).and_then(next_document) {
        let end = from + found;
        parts.push(start..end);
        (start, from) = (end, end + size.max(1));
    }
    parts.push(start..text.len());
    Some(parts)
}

/// Where the next line that begins a document begins.
fn next_document(text: &[u8]) -> Option<usize> {
    let marker =
        |line: &[u8]| matches!(line, [b'-', b'-', b'-'] | [b'-', b'-', b'-', b' ' | b'\t' | b'\r' | b'\n', ..]);
    let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    ends.into_iter().find(|start| marker(&text[*start..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_begin_with_documents_and_make_the_whole() {
        let text = b"---\na: 1\n...\n---\nb: |\n  ---\n----\n--- # c\nc: 1\n---";
        let parts = chunks(text, 1).expect("parts");
        let shown: Vec<&[u8]> = parts.iter().map(|part| &text[part.clone()]).collect();
        assert_eq!(shown, [&b"---\na: 1\n...\n"[..], b"---\nb: |\n  ---\n----\n", b"--- # c\nc: 1\n", b"---"]);
        for (text, size) in [(&text[..], 1 << 20), (b"", 1)] {
            let parts = chunks(text, size).expect("parts");
            assert_eq!((parts.len(), &parts[0]), (1, &(0..text.len())));
        }
        for whole in [&b"%TAG ! !\n---\n"[..], b"---\n...\n%YAML 1.2\n---\n", b"\xEF\xBB\xBF---\n", b"a: 1\rb: 1\n"] {
            assert_eq!(chunks(whole, 1), None);
        }
    }
}
