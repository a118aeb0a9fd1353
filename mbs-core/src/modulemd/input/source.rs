//! The text of an input for people.

use super::decode::decode;
use crate::modulemd::limits::Limits;
use crate::modulemd::yaml::input::Input;

/// The text that places in diagnostics of [`read`](super::super::read) count in, for showing lines of it
/// ([`render_all`](super::super::render_all)): without compression, from UTF-8 or UTF-16, line ends as they are, U+FFFD
/// for what is no character. Empty if it cannot be unpacked: then it has no lines to show.
pub fn source_text(bytes: &[u8], limits: &Limits) -> String {
    let bytes = decode(bytes, limits).unwrap_or_default();
    let input = Input::decode(&bytes);
    let mut text = String::with_capacity(input.bytes().len());
    for chunk in input.bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push('\u{FFFD}');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::{ReadOptions, read, render_all};

    #[test]
    fn the_line_of_a_problem_is_shown_whatever_its_line_ends_and_encoding() {
        let shown = |bytes: &[u8]| {
            let options = ReadOptions::strict();
            render_all(&read(bytes, "x", &options).diagnostics, &source_text(bytes, &options.limits))
        };
        let text = "document: modulemd\nversion: 2\ndata:\n  é: \u{1F600}\n  summary: S\n  description: D\n  \
                    license: {module: [MIT]}\n";
        let plain = shown(text.as_bytes());
        assert!(plain.contains("\n4 |   é: \u{1F600}\n  |   ^\n"), "{plain}");
        assert_eq!(shown(text.replace('\n', "\r\n").as_bytes()), plain);
        assert_eq!(shown(text.replace('\n', "\r").as_bytes()), plain);
        assert_eq!(shown(format!("\u{FEFF}{text}").as_bytes()), plain);
        let wide: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(shown(&wide), plain);
        let wide: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(shown(&wide), plain);
        let broken = shown(b"a: 1\r\nb: \xFF!\r\n");
        assert!(broken.contains("\n2 | b: \u{FFFD}!\n"), "{broken}");
        assert_eq!(source_text(b"\x1f\x8b\x08broken", &Limits::default()), "");
    }
}
