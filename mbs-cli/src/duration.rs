//! Spans of time as people write them.

/// Seconds in each unit, the largest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

/// Reads a span such as `90s`, `30m` or `1h30m` as seconds, at least one.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let bad =
        || format!("`{text}` is no span of time; write a number and `s`, `m`, `h` or `d`, such as `90s` or `1h30m`");
    let mut seconds: u64 = 0;
    let mut rest = text;
    let mut units = UNITS.as_slice();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let number: u64 = rest[..end].parse().map_err(|_| bad())?;
        let unit = rest[end..].chars().next().ok_or_else(bad)?;
        // Each unit once, in falling order: `30m1h` is more likely a slip than a wish.
        let at = units.iter().position(|(name, _)| *name == unit).ok_or_else(bad)?;
        seconds = number.checked_mul(units[at].1).and_then(|more| seconds.checked_add(more)).ok_or_else(bad)?;
        units = &units[at + 1..];
        rest = &rest[end + unit.len_utf8()..];
    }
    if seconds == 0 { Err(bad()) } else { Ok(seconds) }
}

/// Writes milliseconds for people: `850 ms`, `12 s`, `3 min 5 s`.
pub(crate) fn shown(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_units_in_falling_order() {
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("2h", 7200), ("1h30m", 5400), ("1d", 86_400)] {
            assert_eq!(parse(text), Ok(seconds), "{text}");
        }
        for bad in ["", "90", "s", "-1s", "1.5h", "30m1h", "1h1h", "0s", "1w", "99999999999999999999s", "1 h", "1µ"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn long_spans_are_shown_in_large_units() {
        let all: Vec<_> = [850, 12_345, 185_000, 7_260_000].into_iter().map(shown).collect();
        assert_eq!(all, ["850 ms", "12 s", "3 min 5 s", "2 h 1 min"]);
    }
}
