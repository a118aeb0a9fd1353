//! Whole numbers as the format takes them: decimal, optional `+`, leading blanks, leading zeros.

/// Why a text is no such number; reads on after "the number" or the text.
pub(super) type Number<T> = Result<T, &'static str>;

/// Reads a number from 0 to 2^64-1.
pub(crate) fn unsigned(text: &str) -> Result<u64, &'static str> {
    let (negative, digits) = split(text)?;
    if negative {
        return Err("is negative");
    }
    digits.parse().map_err(|_| "is larger than 18446744073709551615")
}

/// Reads a number from -2^63 to 2^63-1.
pub(super) fn signed(text: &str) -> Number<i64> {
    let (negative, digits) = split(text)?;
    let size: Option<u64> = digits.parse().ok();
    if negative {
        return size.and_then(|size| 0_i64.checked_sub_unsigned(size)).ok_or("is smaller than -9223372036854775808");
    }
    size.and_then(|size| i64::try_from(size).ok()).ok_or("is larger than 9223372036854775807")
}

/// Sign and digits; the digits are not empty and hold nothing else.
fn split(text: &str) -> Number<(bool, &str)> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("is not a whole number");
    }
    Ok((negative, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_format_up_to_their_ends() {
        assert_eq!(unsigned("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(unsigned(" +007"), Ok(7));
        assert_eq!(unsigned("0000000000000000000000000000012"), Ok(12));
        assert_eq!(unsigned("18446744073709551616"), Err("is larger than 18446744073709551615"));
        assert_eq!(unsigned("-1"), Err("is negative"));
        for bad in ["", "0x1", "1_0", "1.0", "1 ", "+", "--1", "١"] {
            assert_eq!(unsigned(bad), Err("is not a whole number"), "{bad:?}");
        }
        assert_eq!(signed("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(signed("9223372036854775807"), Ok(i64::MAX));
        assert!(signed("9223372036854775808").is_err());
        assert!(signed("-9223372036854775809").is_err());
    }
}
