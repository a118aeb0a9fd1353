//! The end of a log.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// At most the last `bytes` bytes of a file, as text; bytes that are not UTF-8 become `\u{fffd}`.
pub fn read_tail(path: &Path, bytes: u64) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    read_from(&mut file, length.saturating_sub(bytes))
}

/// The text from a position on.
pub(super) fn read_from(file: &mut File, start: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(start))?;
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    Ok(as_text(&content))
}

/// Log output may hold any bytes; a reader wants the readable ones.
fn as_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// Without what Debian's rpm says at each installation.
pub(super) fn without_noise(text: &str) -> String {
    let noise = [
        "rpm: RPM should not be used directly install RPM packages",
        "rpm: However assuming you know what you are doing",
    ];
    text.split_inclusive('\n').filter(|line| !noise.iter().any(|words| line.starts_with(words))).collect()
}

/// The last `count` lines that say something. What rpm repeats in its summary stays: it names the reason.
pub fn last_lines(text: &str, count: usize) -> Vec<&str> {
    let mut lines = VecDeque::new();
    for line in text.lines().rev().filter(|line| !line.trim().is_empty()).take(count) {
        lines.push_front(line);
    }
    lines.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_skip_empty_ones() {
        assert_eq!(last_lines("a\n\nb\n  \nc\n\n", 2), ["b", "c"]);
        assert_eq!(last_lines("a\n", 5), ["a"]);
        assert!(last_lines("", 5).is_empty());
    }

    #[test]
    fn only_the_noise_is_left_out() {
        let text = "rpm: RPM should not be used directly install RPM packages, use Alien instead!\n\
                    rpm: However assuming you know what you are doing...\nerror: real\n";
        assert_eq!(without_noise(text), "error: real\n");
    }

    #[test]
    fn only_the_end_of_a_file_is_read_and_strange_bytes_are_marked() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), b"begin\nend\xff\n").expect("written");
        assert_eq!(read_tail(file.path(), 5).expect("read"), "end\u{fffd}\n");
        assert_eq!(read_tail(file.path(), 500).expect("read"), "begin\nend\u{fffd}\n");
    }
}
