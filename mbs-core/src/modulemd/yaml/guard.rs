//! Bounds on texts that libyaml would take more than linear time for.
//!
//! libyaml clears the whole buffer that it collects blanks in at each blank of a scalar, so that one long run of blanks
//! makes all later ones expensive. It compares each `%TAG` directive with all others, and copies the prefix of one for
//! each tag. Depth needs no guard: events come as they are read, and are no longer asked for at the limit.

use crate::modulemd::diagnostic::{Code, Problem};
use crate::modulemd::limits::Limits;

/// Looks for what libyaml should not see.
pub(crate) fn check(text: &str, base: u32, limits: &Limits) -> Result<(), Box<Problem>> {
    let position = |at: usize| base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    if let Some(at) = long_blanks(text.as_bytes(), limits.blanks) {
        let message = format!("more than {} blanks and line breaks in a row", limits.blanks);
        return Err(Box::new(Problem::at_byte(Code::BlankLimit, position(at), message).hint("the limit is `blanks`")));
    }
    if let Some(at) = long_directives(text, limits.directives) {
        let message = format!("the directives have more than {} bytes", limits.directives);
        return Err(Box::new(
            Problem::at_byte(Code::DirectiveLimit, position(at), message).hint("the limit is `directives`"),
        ));
    }
    Ok(())
}

/// Where a run of more than `most` blanks and line breaks begins.
fn long_blanks(bytes: &[u8], most: usize) -> Option<usize> {
    let mut at = 0;
    let mut begin = 0;
    while at < bytes.len() {
        let width = match bytes[at..] {
            [b' ' | b'\t' | b'\n' | b'\r', ..] => 1,
            [0xC2, 0x85, ..] => 2,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => 0,
        };
        at += width;
        if width == 0 {
            at += 1;
            begin = at;
        } else if at - begin > most {
            return Some(begin);
        }
    }
    None
}

/// Where the directive begins that makes the directives longer than `most` bytes. Lines that begin with `%` are meant,
/// wherever they stand: seldom anything else does.
fn long_directives(text: &str, most: usize) -> Option<usize> {
    let mut left = most;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        if line.trim_start_matches('\u{FEFF}').starts_with('%') {
            left = match left.checked_sub(line.len()) {
                Some(left) => left,
                None => return Some(at),
            };
        }
        at += line.len();
    }
    None
}
