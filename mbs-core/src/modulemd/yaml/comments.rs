//! Where comments stand: no reader of documents keeps them, so who writes a document anew has to know.

use super::events::{Event, Parser};
use super::input::Input;
use super::lines::Lines;
use super::tape::Style;

/// Line and column, both from 1, of every comment of a text, in its order. Of a text that is no YAML those before the
/// mistake.
pub fn comments(bytes: &[u8]) -> Vec<(u32, u32)> {
    let input = Input::decode(bytes);
    let mut lines = Lines::new(input.bytes());
    let mut found = Vec::new();
    for (start, end) in input.chunks() {
        let Ok(text) = std::str::from_utf8(&input.bytes()[start..end]) else { return found };
        let mut parser = Parser::new(text);
        let mut at = 0;
        loop {
            let Ok(event) = parser.next() else { return found };
            let (first, behind) = event.span();
            match event.get() {
                Event::Scalar { style, .. } => {
                    let first = match style {
                        // A comment may stand on the line that begins a block.
                        Style::Literal | Style::Folded => {
                            text[first..].find(['\n', '\r']).map_or(text.len(), |length| first + length)
                        }
                        _ => first,
                    };
                    between(text, at, first, start, &mut lines, &mut found);
                    at = behind.max(at);
                }
                Event::StreamEnd => {
                    between(text, at, text.len(), start, &mut lines, &mut found);
                    break;
                }
                _ => {}
            }
        }
    }
    found
}

/// Notes the comments between two scalars.
fn between(text: &str, from: usize, to: usize, base: usize, lines: &mut Lines<'_>, found: &mut Vec<(u32, u32)>) {
    let mut at = from;
    while let Some(next) = text.get(at..to).and_then(|rest| rest.find('#')).map(|length| at + length) {
        let before = text[..next].chars().next_back();
        if before.is_none_or(|before| before.is_whitespace() || before == '\u{feff}') {
            // The size limit keeps positions in 32 bits.
            found.push(lines.find(u32::try_from(base + next).unwrap_or(u32::MAX)));
            at = text[next..].find(['\n', '\r']).map_or(to, |length| next + length);
        } else {
            at = next + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn comments_are_found_and_what_only_looks_like_one_is_not() {
        let text = "# one\n%YAML 1.1 # two\n--- # three\na: 'x # no' # four\nb: x#no\n\"c # no\": >- # five\n  text # no\n\n\
                    # six\nd: [a, # seven\n  b]\ne: |\n  # no\n  x\nf: plain # eight\n  \ng: y\n...\n# nine\n";
        let places: Vec<String> =
            comments(text.as_bytes()).iter().map(|(line, column)| format!("{line}:{column}")).collect();
        assert_eq!(places, ["1:1", "2:11", "3:5", "4:13", "6:14", "9:1", "10:8", "15:10", "19:1"]);
        assert!(comments(b"a: b\n").is_empty() && comments(b"").is_empty());
        assert_eq!(comments("---\na: b # x\n---\nc: d # y\n".as_bytes()), [(2, 6), (4, 6)]);
    }
}
