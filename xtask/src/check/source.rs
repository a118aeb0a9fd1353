//! Rust source as far as the checks must understand it: what is code, what is test code.

/// `text` with the content of comments, strings and character literals turned into blanks. Lines and columns stay.
pub(super) fn masked(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = skip(bytes, at);
        if let Some(end) = end {
            for byte in &mut out[at..end] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
            at = end;
        } else {
            at += 1;
        }
    }
    String::from_utf8(out).expect("whole literals and comments were replaced by blanks")
}

/// End of the comment or literal that begins at `at`, if one does.
fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    match rest {
        [b'/', b'/', ..] => Some(find(bytes, at, b"\n").unwrap_or(bytes.len())),
        [b'/', b'*', ..] => Some(block_comment(bytes, at)),
        [b'"', ..] => Some(quoted(bytes, at + 1, b'"')),
        // `r"`, `r#"` begin a raw string unless the `r` ends a name; a `b` or `c` before it is no part of one here.
        [b'r', b'"' | b'#', ..] if !name_ends(bytes, at) => raw_string(bytes, at),
        // A lifetime has no closing quote right behind its first character.
        [b'\'', b'\\', ..] => Some(quoted(bytes, at + 1, b'\'')),
        [b'\'', ..] => {
            let text = std::str::from_utf8(&rest[1..rest.len().min(6)])
                .or_else(|err| std::str::from_utf8(&rest[1..=err.valid_up_to()]));
            let first = text.ok()?.chars().next()?.len_utf8();
            (rest.get(1 + first) == Some(&b'\'')).then_some(at + first + 2)
        }
        _ => None,
    }
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    bytes[from..].windows(what.len()).position(|window| window == what).map(|found| from + found)
}

fn name_ends(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let raw_prefix =
        matches!(before, Some(b'b' | b'c')) && !at.checked_sub(2).is_some_and(|place| is_name_byte(bytes[place]));
    !raw_prefix && before.is_some_and(is_name_byte)
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn quoted(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at + 1..].iter().take_while(|&&byte| byte == b'#').count();
    if bytes.get(at + 1 + hashes) != Some(&b'"') {
        return None;
    }
    let close = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    let end = find(bytes, at + 2 + hashes, &close).map_or(bytes.len(), |found| found + close.len());
    Some(end)
}

fn block_comment(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut here) = (0_u32, at);
    while here < bytes.len() {
        match &bytes[here..] {
            [b'/', b'*', ..] => (depth, here) = (depth + 1, here + 2),
            [b'*', b'/', ..] => (depth, here) = (depth - 1, here + 2),
            _ => here += 1,
        }
        if depth == 0 {
            return here;
        }
    }
    bytes.len()
}

/// `masked` without the items that exist only for tests, and the number of lines those had.
pub(super) fn without_tests(masked: &str) -> (String, usize) {
    let mut text = masked.to_owned();
    let mut lines = 0;
    while let Some(start) = text.find("#[cfg(test)]") {
        let from = start + "#[cfg(test)]".len();
        let end = item_end(text.as_bytes(), from);
        lines += text[start..end].matches('\n').count() + 1;
        text.replace_range(start..end, "");
    }
    (text, lines)
}

/// The item behind an attribute ends at its `;`, or at the brace that closes its first one.
fn item_end(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth -= 1;
                if depth == 0 && *byte == b'}' {
                    return at + 1;
                }
            }
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank_and_lines_stay() {
        let text = "let a = \"std::fs\"; // std::net\n/* std::{ /* x */ } */ let b = r#\"a \" b\"#; let c = '\"'; fn f<'a>() {}\n";
        let mask = masked(text);
        assert_eq!(mask.len(), text.len());
        assert_eq!(mask.matches('\n').count(), 2);
        assert!(!mask.contains("std") && !mask.contains('"'), "{mask}");
        assert!(mask.contains("let b =") && mask.contains("let c =") && mask.contains("fn f<'a>() {}"), "{mask}");
    }

    #[test]
    fn escapes_and_letters_of_other_scripts_do_not_confuse() {
        let text = "let q = '\\''; let s = \"\\\"{\"; let u = 'ß'; let b = br\"{\"; let var\u{e9} = 1; end";
        let mask = masked(text);
        assert!(!mask.contains('{'), "{mask}");
        assert!(mask.ends_with("= 1; end"), "{mask}");
    }

    #[test]
    fn test_modules_do_not_count() {
        let text =
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { let x = 1; }\n}\nfn c() {}\n#[cfg(test)]\nmod more;\n";
        let (left, lines) = without_tests(&masked(text));
        assert!(left.contains("fn a()") && left.contains("fn c()") && !left.contains("fn b()"), "{left}");
        assert_eq!(lines, 6);
    }
}
