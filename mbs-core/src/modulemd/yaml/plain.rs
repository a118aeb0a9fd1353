//! Which texts may stand without quotes, and which of them readers would take for something else than text.
//!
//! Most texts are settled by a look-up of the first byte in a table and one pass over the others.

/// What the first byte of a text says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    /// The text may stand without quotes and is never anything but text.
    Harmless,
    /// The text may be a word with a meaning, such as `yes`.
    Word,
    /// The text may be a number or a date.
    Number,
    /// The text needs quotes, but for a number with a sign.
    Mark,
    /// Beginning of a character beyond ASCII.
    Wide,
}

const FIRST: [First; 256] = {
    let mut table = [First::Mark; 256];
    let mut byte = 0_u8;
    loop {
        table[byte as usize] = match byte {
            b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => First::Word,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'/' | b'(' | b'$' | b'^' | b';' => First::Harmless,
            b'0'..=b'9' | b'.' | b'+' => First::Number,
            0x80.. => First::Wide,
            _ => First::Mark,
        };
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    table
};

/// Whether some reader of YAML 1.1 or 1.2 takes this text, without quotes, for a number, truth value, null, date or
/// special key. Rather too often yes than once too seldom: quotes cost nothing. Each such text can stand without
/// quotes as the value of a key or as an item of a block list.
pub(crate) fn looks_typed(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first() else { return true };
    match FIRST[usize::from(*first)] {
        First::Harmless | First::Wide => false,
        First::Word => is_word(text),
        First::Number => is_number(bytes) || is_stamp(bytes),
        First::Mark => matches!(text, "=" | "<<" | "~") || (*first == b'-' && is_number(bytes)),
    }
}

fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["null", "y", "n", "yes", "no", "true", "false", "on", "off"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Integers, floats, base-60 numbers, texts like versions.
fn is_number(bytes: &[u8]) -> bool {
    let unsigned = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    match unsigned {
        [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', digits @ ..] => {
            digits.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'_')
        }
        [b'.', rest @ ..] if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"nan") => true,
        // Some readers take `+_1` for a number, and none `_1`.
        [b'_', ..] if unsigned.len() == bytes.len() => false,
        [b'0'..=b'9' | b'.' | b'_', ..] => {
            // A colon at the end would make a key of it.
            unsigned.iter().all(|byte| byte.is_ascii_digit() || b"_.,:+-eE".contains(byte))
                && bytes.iter().any(|byte| *byte != b'.')
                && unsigned.last() != Some(&b':')
        }
        _ => false,
    }
}

/// Dates, with or without a time.
fn is_stamp(bytes: &[u8]) -> bool {
    let Some((year, [b'-', month, ..])) = bytes.split_at_checked(4) else { return false };
    year.iter().all(u8::is_ascii_digit)
        && month.is_ascii_digit()
        && bytes.iter().all(|byte| byte.is_ascii_digit() || b"-:.+tTzZ \t".contains(byte))
        && !matches!(bytes.last(), Some(b' ' | b'\t' | b':'))
        && !bytes.windows(2).any(|pair| matches!(pair, [b':', b' ' | b'\t']))
}

/// Whether the text may stand without quotes in a block collection and is read back as the same text, never as
/// anything else. Narrower than YAML: what is not plainly harmless gets quotes.
pub(crate) fn is_plain_text(text: &str) -> bool {
    fits_plain(text) && !looks_typed(text)
}

/// Whether the text may stand without quotes in a block collection and reads back as the same text or as what
/// [`looks_typed`] tells.
pub(crate) fn fits_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    let begins = match FIRST[usize::from(*first)] {
        First::Harmless | First::Word => true,
        // Three points may end a document; no number begins with two.
        First::Number => !matches!(bytes, [b'.'] | [b'.', b'.', ..]),
        First::Wide => text.starts_with(char::is_alphanumeric),
        First::Mark => false,
    };
    // Without blanks, a colon or a number sign inside means nothing.
    begins && *last != b':' && (is_solid(bytes) || fits_with_blanks(text))
}

/// Whether every byte is one of `!` to `~`. Eight bytes are looked at together: most texts are such ones.
fn is_solid(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    // The high bit of a byte says that it, or one that a borrow or carry came from, is below `!` or above `~`.
    let odd = |eight: &[u8; 8]| {
        let eight = u64::from_le_bytes(*eight);
        (eight.wrapping_sub(ONES * 0x21) | eight.wrapping_add(ONES) | eight) & HIGHS
    };
    let Some(last) = bytes.last_chunk::<8>() else {
        return bytes.iter().all(|byte| (b'!'..=b'~').contains(byte));
    };
    // The last eight overlap those before them.
    bytes.as_chunks::<8>().0.iter().fold(odd(last), |found, eight| found | odd(eight)) == 0
}

fn fits_with_blanks(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut before = 0;
    let mut wide = false;
    for byte in bytes {
        match byte {
            b' ' if before == b':' => return false,
            b'#' if before == b' ' => return false,
            ..b' ' | 0x7F => return false,
            0x80.. => wide = true,
            _ => {}
        }
        before = *byte;
    }
    before != b' ' && (!wide || text.chars().all(is_printable))
}

/// Whether a text that needs no quotes needs none in brackets either.
pub(crate) fn fits_flow(text: &str) -> bool {
    !text.contains([',', '[', ']', '{', '}', ':', '?'])
}

/// Characters that every YAML reader takes as they are and that end no line.
pub(crate) fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// Whether a text of several lines survives a literal block whose indentation the reader detects.
pub(crate) fn fits_literal(text: &str) -> bool {
    !text.starts_with([' ', '\t', '\n']) && fits_indented_literal(text)
}

/// Whether a text of several lines survives a literal block whose indentation is stated.
pub(crate) fn fits_indented_literal(text: &str) -> bool {
    text.contains('\n')
        && (text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
            || text.chars().all(|c| is_printable(c) || matches!(c, '\n' | '\t')))
        && text.split('\n').all(|line| line.is_empty() || !line.trim_matches([' ', '\t']).is_empty())
        && text.bytes().any(|byte| byte != b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_a_reader_could_type_is_seen() {
        for text in [
            "",
            "~",
            "null",
            "NULL",
            "y",
            "No",
            "yes",
            "off",
            "TRUE",
            "1",
            "-1",
            "+1",
            "5.10",
            ".5",
            "-.5",
            "1.",
            "1e3",
            "7e96446",
            "00000000",
            "012",
            "0x1F",
            "0o17",
            "0b1",
            "1_000",
            "1,000",
            "1:30",
            "190:20:30.15",
            ".inf",
            "-.INF",
            "._",
            "+_1",
            ".NaN",
            "2024-01-01",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.10 -5",
            "1.2.3",
            "2001-12-14\t21:59:43Z",
            "<<",
            "=",
        ] {
            assert!(looks_typed(text), "{text:?}");
        }
        for text in [
            "a",
            "f29",
            "3a5b",
            "1.0a",
            "libgauge",
            "0xzz",
            "-",
            "--1",
            "e3",
            "nope",
            "master",
            "20 apples",
            ".",
            "...",
            "1:",
            "2024-01-01 a: b",
            "2024-01-01 ",
            "2024-01-01: 1",
        ] {
            assert!(!looks_typed(text), "{text:?}");
        }
    }

    #[test]
    fn texts_that_readers_would_cut_or_refuse_are_not_plain() {
        for text in [
            "",
            " a",
            "a ",
            "a: b",
            "a #b",
            "a:",
            ":a",
            "#a",
            "- a",
            "-a",
            "? a",
            "a\tb",
            "a\nb",
            "...",
            ".. x",
            "---",
            "%a",
            "@a",
            "`a",
            "'a'",
            "\"a\"",
            "[a]",
            "{a}",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            ",a",
            "~a",
            "a\u{7f}",
            "a\u{85}b",
            "\u{feff}a",
            "a\u{2028}",
            "a\u{ffff}",
            "é: a",
            "é ",
        ] {
            assert!(!fits_plain(text), "{text:?}");
        }
        for text in
            ["a", "a:b", "a#b", "a  b", "bash-0:4.2-1.x86_64", "/usr/bin", "é #".trim_end_matches(" #"), "a\u{a0}b"]
        {
            assert!(is_plain_text(text), "{text:?}");
        }
    }

    #[test]
    fn each_byte_is_looked_at_in_texts_of_every_length() {
        for length in 1..40 {
            let solid = vec![b'x'; length];
            assert!(is_solid(&solid));
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = solid.clone();
                    bytes[at] = byte;
                    assert_eq!(is_solid(&bytes), (b'!'..=b'~').contains(&byte), "{byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn literal_blocks_hold_lines_but_no_blank_ones() {
        for text in ["a\nb", "a\n\nb\n\n", "a\tb\n c"] {
            assert!(fits_literal(text), "{text:?}");
        }
        for text in [" a\nb", "\ta\n", "\na"] {
            assert!(!fits_literal(text) && fits_indented_literal(text), "{text:?}");
        }
        for text in ["a", "\n", "a\n \nb", "a\rb\n", "a\u{85}\n"] {
            assert!(!fits_indented_literal(text), "{text:?}");
        }
    }
}
