//! Walking in the text of a document: lines, blanks, comments.

/// The length of the line break at this place; 0 if there is none. These are the breaks of YAML 1.1.
pub(crate) fn line_break(source: &str, at: usize) -> usize {
    let rest = source.as_bytes().get(at..).unwrap_or_default();
    match rest {
        [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// The place of the line break that ends the line of this place, or the end of the text.
pub(crate) fn line_end(source: &str, at: usize) -> usize {
    (at..source.len()).find(|at| line_break(source, *at) > 0).unwrap_or(source.len())
}

/// The first byte of the next line, or the end of the text.
pub(crate) fn next_line(source: &str, at: usize) -> usize {
    let end = line_end(source, at);
    end + line_break(source, end)
}

/// The first byte of the line of this place.
pub(crate) fn line_start(source: &str, at: usize) -> usize {
    let bytes = source.as_bytes();
    (0..at)
        .rev()
        .find(|before| match bytes[*before] {
            b'\n' => true,
            b'\r' => bytes.get(before + 1) != Some(&b'\n'),
            0x85 => before.checked_sub(1).is_some_and(|lead| bytes[lead] == 0xC2),
            0xA8 | 0xA9 => before.checked_sub(2).is_some_and(|lead| bytes[lead..*before] == [0xE2, 0x80]),
            _ => false,
        })
        .map_or(0, |before| before + 1)
}

/// How many characters stand before this place on its line.
pub(crate) fn column(source: &str, at: usize) -> usize {
    source[line_start(source, at)..at].chars().count()
}

/// The first place from here on that is no blank.
pub(crate) fn skip_blanks(source: &str, at: usize) -> usize {
    let rest = source.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The first place from here on that is no blank, line break or comment.
pub(crate) fn skip(source: &str, at: usize) -> usize {
    let mut at = at;
    loop {
        at = skip_blanks(source, at);
        if source.as_bytes().get(at) == Some(&b'#') {
            at = line_end(source, at);
        }
        match line_break(source, at) {
            0 => return at,
            length => at += length,
        }
    }
}

/// The place behind the anchor and the tag that begin here, as far as they stand before `end`.
pub(crate) fn properties_end(source: &str, at: usize, end: usize) -> usize {
    let mut at = at;
    let mut behind = at;
    while at < end && matches!(source.as_bytes()[at], b'&' | b'!') {
        let length = source[at..end].find([' ', '\t', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', ',']);
        behind = length.map_or(end, |length| at + length);
        at = skip(source, behind);
    }
    behind
}

/// The first place of what follows the properties that begin here, or the end of these if nothing follows.
pub(crate) fn skip_properties(source: &str, at: usize, end: usize) -> usize {
    let behind = properties_end(source, at, end);
    let next = skip(source, behind);
    if next < end { next } else { behind }
}

/// Whether only blanks stand before this place on its line.
pub(crate) fn begins_line(source: &str, at: usize) -> bool {
    source[line_start(source, at)..at].bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Whether the text ends on the line of this place, without a line break.
pub(crate) fn is_last_line(source: &str, at: usize) -> bool {
    line_end(source, at) == source.len()
}

/// The comments between this place, the beginning of a line, and the next line with something else: the column of each
/// and the place of the next line; `adjacent` ends at the first blank line.
pub(crate) fn comments(source: &str, at: usize, adjacent: bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = at;
    while at < source.len() {
        let first = skip_blanks(source, at);
        let next = next_line(source, at);
        if source.as_bytes().get(first) == Some(&b'#') {
            found.push((first - at, next));
        } else if adjacent || line_break(source, first) == 0 {
            break;
        }
        at = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_all_breaks() {
        let source = "a\r\nb\rc\u{2028}d\u{85}e\n";
        let starts: Vec<usize> = source.char_indices().map(|(at, _)| line_start(source, at)).collect();
        assert_eq!(starts, [0, 0, 0, 3, 3, 5, 5, 9, 9, 12, 12]);
        assert_eq!(line_start(source, source.len()), source.len());
        let ends: Vec<usize> = [0, 3, 5, 9, 12].map(|at| next_line(source, at)).to_vec();
        assert_eq!(ends, [3, 5, 9, 12, 14]);
    }

    #[test]
    fn comments_and_properties_are_skipped() {
        assert_eq!(skip("a  # c\n\n  b", 1), 10);
        assert_eq!(skip_properties("&a !!str # c\n x", 0, 15), 14);
        assert_eq!(skip_properties("&a\nb", 0, 2), 2);
    }
}
