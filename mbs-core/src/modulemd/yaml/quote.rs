//! Texts on one line: bare where every reader takes them for the same text, else in double quotes.

use super::plain::{is_plain_text, is_printable};
use std::fmt::Write;

/// A key of more bytes, with its quotes, must stand behind a `?`: readers look for the `:` behind a key only within
/// 1,024 characters.
pub(crate) const LONGEST_KEY: usize = 900;

/// Writes a text, in quotes if it needs them.
pub(crate) fn one_line(out: &mut String, text: &str) {
    if is_plain_text(text) {
        out.push_str(text);
    } else {
        quote(out, text);
    }
}

/// Writes a text in double quotes. Whatever a reader could refuse, drop or take for a line break is escaped.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| !is_printable(c) || matches!(c, '"' | '\\')) {
        let (clean, odd) = rest.split_at(at);
        out.push_str(clean);
        let mut chars = odd.chars();
        if let Some(c) = chars.next() {
            escape(out, c);
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn escape(out: &mut String, c: char) {
    let code = u32::from(c);
    let known = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        '\0' => "\\0",
        _ => "",
    };
    out.push_str(known);
    if known.is_empty() {
        // Writing into a `String` cannot fail.
        let _ = match code {
            0..=0xFF => write!(out, "\\x{code:02X}"),
            0x100..=0xFFFF => write!(out, "\\u{code:04X}"),
            _ => write!(out, "\\U{code:08X}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_quotes_or_escapes_gets_them() {
        for (text, written) in [
            ("a b", "a b"),
            ("5.10", "\"5.10\""),
            ("a: b", "\"a: b\""),
            ("\"\\\n\t\r\0", "\"\\\"\\\\\\n\\t\\r\\0\""),
            ("é\u{85}\u{2028}\u{feff}\u{1f600}\u{10ffff}", "\"é\\x85\\u2028\\uFEFF\u{1f600}\u{10ffff}\""),
        ] {
            let mut out = String::new();
            one_line(&mut out, text);
            assert_eq!(out, written);
        }
    }
}
