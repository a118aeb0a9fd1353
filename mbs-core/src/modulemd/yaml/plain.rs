//! Which texts may stand without quotes, and which of them readers would take for something else than text.

/// Whether some reader of YAML 1.1 or 1.2 takes this text, without quotes, for a number, truth value, null, date or
/// special key. Rather too often yes than once too seldom: quotes cost nothing.
pub(crate) fn looks_typed(text: &str) -> bool {
    const WORDS: [&str; 10] = ["null", "y", "n", "yes", "no", "true", "false", "on", "off", "~"];
    if matches!(text, "" | "=" | "<<") || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return true;
    }
    let bytes = lower.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let fraction = bytes.first() == Some(&b'.') && bytes.iter().any(u8::is_ascii_digit);
    if !digit(0) && !fraction {
        return false;
    }
    if let Some((prefix, digits)) = lower.split_at_checked(2)
        && matches!(prefix, "0x" | "0o" | "0b")
    {
        return digits.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    // Integers, floats, base-60 numbers, dates, version-like texts.
    let number = bytes.iter().all(|byte| byte.is_ascii_digit() || b"_.,:+-e".contains(byte));
    let stamp = (0..4).all(digit) && bytes.get(4) == Some(&b'-') && digit(5);
    number || stamp
}

/// Whether the text may stand without quotes in a block collection and reads back as the same text. Narrower than
/// YAML: what is not plainly harmless gets quotes.
pub(crate) fn fits_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    (first.is_alphanumeric() || "_/.+($^;".contains(first))
        && text.chars().all(is_printable)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text != "..."
}

/// Characters that every YAML reader takes as they are and that end no line.
pub(crate) fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// Whether a text of several lines survives a literal block whose indentation the reader detects.
pub(crate) fn fits_literal(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && text.chars().all(|c| is_printable(c) || matches!(c, '\n' | '\t'))
        && text.split('\n').all(|line| line.is_empty() || !line.trim_matches([' ', '\t']).is_empty())
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
            ".NaN",
            "2024-01-01",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.10 -5",
            "1.2.3",
            "<<",
            "=",
        ] {
            assert!(looks_typed(text), "{text:?}");
        }
        for text in ["a", "f29", "3a5b", "1.0a", "libgauge", "0xzz", "-", "e3", "nope", "master", "20 apples"] {
            assert!(!looks_typed(text), "{text:?}");
        }
    }
}
