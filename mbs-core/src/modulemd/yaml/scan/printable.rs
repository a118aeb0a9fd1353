//! Whether a text holds only characters that need no second thought.

/// What the characters of a text allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Census {
    /// No control characters, none of the odd line ends of YAML 1.1, no byte order mark.
    pub(super) plain: bool,
    /// Whether a line may end otherwise than with LF alone.
    pub(super) returns: bool,
}

/// Looks at all characters of a text.
pub(super) fn census(text: &str) -> Census {
    let bytes = text.as_bytes();
    let (mut control, mut all, mut returned) = (0_u8, 0_u8, 0_u8);
    // Numbers instead of truth values, and no early exit: so the compiler makes vector code of it.
    for &byte in bytes {
        let low = u8::from(byte < b' ') & u8::from(byte != b'\n') & u8::from(byte != b'\t') & u8::from(byte != b'\r');
        control |= low | u8::from(byte == 0x7F);
        returned |= u8::from(byte == b'\r');
        all |= byte;
    }
    let odd = control != 0 || (all >= 0x80 && has_odd(bytes));
    Census { plain: !odd, returns: returned != 0 }
}

/// Whether a text without ASCII control characters holds a character that libyaml refuses, or takes for the end of a
/// line or for a byte order mark.
fn has_odd(bytes: &[u8]) -> bool {
    memchr::memchr3_iter(0xC2, 0xE2, 0xEF, bytes).any(|at| match (bytes[at], bytes.get(at + 1), bytes.get(at + 2)) {
        // U+0080 to U+009F.
        (0xC2, Some(second), _) => *second < 0xA0,
        // U+2028 and U+2029.
        (0xE2, Some(0x80), Some(third)) => matches!(third, 0xA8 | 0xA9),
        // U+FEFF, U+FFFE and U+FFFF.
        (0xEF, Some(0xBB), Some(third)) => *third == 0xBF,
        (0xEF, Some(0xBF), Some(third)) => *third >= 0xBE,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_characters_are_plain() {
        for good in ["", "a\tb\n", "\u{A0}é…\u{D7FF}\u{E000}\u{FFFD}\u{10FFFF}"] {
            assert_eq!(census(good), Census { plain: true, returns: false }, "{good:?}");
        }
        for bad in
            ["\0", "\u{7F}", "\u{80}", "\u{85}", "\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}"]
        {
            assert!(!census(&format!("é{bad}")).plain, "{bad:?}");
        }
        assert!(census(&format!("{}\r\n", "x".repeat(300))).returns);
    }
}
