//! The lists of look-aside files in a component's repository.
//!
//! Big files are kept out of git. The repository lists their checksums instead, in one of two places:
//! `sources` (Fedora and CentOS Stream) or `.NAME.metadata` (rebuild distributions).

use serde::{Deserialize, Serialize};
use std::fmt;

/// Kind of a checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChecksumKind {
    /// MD5, 32 hex digits: old lists.
    Md5,
    /// SHA-1, 40 hex digits.
    Sha1,
    /// SHA-256, 64 hex digits.
    Sha256,
    /// SHA-512, 128 hex digits.
    Sha512,
}

impl ChecksumKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    /// Name in lower case as it stands in look-aside URLs, for example `sha512`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Number of hex digits.
    pub fn hex_len(self) -> usize {
        match self {
            Self::Md5 => 32,
            Self::Sha1 => 40,
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

impl fmt::Display for ChecksumKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A checksum of known kind, in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checksum {
    kind: ChecksumKind,
    hex: String,
}

impl Checksum {
    /// A checksum of `kind`; `None` when `hex` has the wrong length or other characters.
    pub fn new(kind: ChecksumKind, hex: &str) -> Option<Self> {
        let right = hex.len() == kind.hex_len() && hex.bytes().all(|b| b.is_ascii_hexdigit());
        right.then(|| Self { kind, hex: hex.to_ascii_lowercase() })
    }

    /// A checksum as it was computed.
    pub(super) fn of_digest(kind: ChecksumKind, hex: String) -> Self {
        Self { kind, hex }
    }

    /// A checksum whose kind follows from its length.
    pub fn by_length(hex: &str) -> Option<Self> {
        let kind = ChecksumKind::ALL.into_iter().find(|kind| kind.hex_len() == hex.len())?;
        Self::new(kind, hex)
    }

    /// The kind.
    pub fn kind(&self) -> ChecksumKind {
        self.kind
    }

    /// The hex digits in lower case.
    pub fn hex(&self) -> &str {
        &self.hex
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.hex)
    }
}

/// One file that has to come from a look-aside cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookasideEntry {
    /// Where the file belongs, relative to the root of the repository. A `sources` list gives bare names.
    pub path: String,
    /// What its content must have.
    pub checksum: Checksum,
}

impl LookasideEntry {
    /// The bare file name.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// What is wrong with one line of a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}: `{shown}`", shown = found.escape_debug())]
pub struct LookasideProblem {
    /// Line number, counted from 1.
    pub line: usize,
    /// The line as found, at most 200 characters of it.
    pub found: String,
    /// What is wrong; a full statement.
    pub problem: &'static str,
}

/// Reads a `sources` file: lines `HASH  NAME` (old) or `KIND (NAME) = HASH` (new), in any mix.
///
/// Empty lines and lines that start with `#` are skipped. A file listed twice with one checksum counts once.
///
/// # Errors
/// Every line that is not understood, names a file that is not a plain file name, or contradicts an earlier line.
pub fn parse_sources(text: &str) -> Result<Vec<LookasideEntry>, Vec<LookasideProblem>> {
    parse(text, |line| {
        let (checksum, name) = if let Some((kind, rest)) = line.split_once(" (") {
            let (name, hex) = rest.rsplit_once(") = ").ok_or("expected `KIND (NAME) = HASH`")?;
            let kind = ChecksumKind::ALL
                .into_iter()
                .find(|known| known.as_str().eq_ignore_ascii_case(kind.trim()))
                .ok_or("the kind of checksum is not MD5, SHA1, SHA256 or SHA512")?;
            (Checksum::new(kind, hex.trim()).ok_or("the checksum does not fit its kind")?, name)
        } else {
            checksum_first(line)?
        };
        if name.contains('/') {
            return Err("the file name contains `/`");
        }
        Ok(LookasideEntry { path: checked_path(name)?, checksum })
    })
}

/// Reads a `.NAME.metadata` file: lines `HASH PATH`, the kind of the checksum following from its length.
///
/// # Errors
/// As [`parse_sources`]; paths may have folders (usually `SOURCES/`) but stay inside the repository.
pub fn parse_metadata(text: &str) -> Result<Vec<LookasideEntry>, Vec<LookasideProblem>> {
    parse(text, |line| {
        let (checksum, path) = checksum_first(line)?;
        Ok(LookasideEntry { path: checked_path(path)?, checksum })
    })
}

fn checksum_first(line: &str) -> Result<(Checksum, &str), &'static str> {
    let (hex, name) = line.split_once(char::is_whitespace).ok_or("expected a checksum and a file name")?;
    let checksum = Checksum::by_length(hex).ok_or("the first word is not an MD5, SHA1, SHA256 or SHA512 checksum")?;
    // Checksum tools mark binary mode with `*` before the name.
    let name = name.trim_start();
    Ok((checksum, name.strip_prefix('*').unwrap_or(name)))
}

fn checked_path(path: &str) -> Result<String, &'static str> {
    if path.is_empty() {
        return Err("the file name is empty");
    }
    if path.chars().any(char::is_control) {
        return Err("the file name contains a control character");
    }
    for part in path.split('/') {
        if matches!(part, "" | "." | "..") {
            return Err("the file name leaves the repository or has an empty part");
        }
        if part.starts_with('-') {
            return Err("the file name starts with `-`");
        }
        if part.len() > 250 {
            return Err("the file name is longer than 250 bytes");
        }
        if part.eq_ignore_ascii_case(".git") {
            return Err("the file name is that of git's own folder");
        }
    }
    Ok(path.to_owned())
}

fn parse(
    text: &str,
    read: impl Fn(&str) -> Result<LookasideEntry, &'static str>,
) -> Result<Vec<LookasideEntry>, Vec<LookasideProblem>> {
    let mut entries: Vec<LookasideEntry> = Vec::new();
    let mut problems = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let problem = match read(line) {
            Err(problem) => problem,
            Ok(entry) => match entries.iter().find(|known| known.path == entry.path) {
                Some(known) if known.checksum.kind == entry.checksum.kind && known.checksum != entry.checksum => {
                    "the file is listed before with another checksum"
                }
                Some(_) => continue,
                None => {
                    entries.push(entry);
                    continue;
                }
            },
        };
        problems.push(LookasideProblem { line: number + 1, found: line.chars().take(200).collect(), problem });
    }
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_line_forms_of_sources_are_read() {
        let md5 = "0123456789abcdef0123456789ABCDEF";
        let sha512 = "a".repeat(128);
        let text = format!("{md5}  old-1.0.tar.gz\r\n\nSHA512 (new (1).tar.xz) = {sha512}\n# note\n");
        let entries = parse_sources(&text).expect("list");
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].path, "old-1.0.tar.gz");
        assert_eq!(entries[0].checksum.to_string(), format!("md5:{}", md5.to_lowercase()));
        assert_eq!(entries[1].path, "new (1).tar.xz");
        assert_eq!(entries[1].checksum.kind(), ChecksumKind::Sha512);
    }

    #[test]
    fn metadata_paths_may_have_folders() {
        let sha1 = "b".repeat(40);
        let entries = parse_metadata(&format!("{sha1} SOURCES/foo-1.tar.gz\n")).expect("list");
        assert_eq!((entries[0].path.as_str(), entries[0].file_name()), ("SOURCES/foo-1.tar.gz", "foo-1.tar.gz"));
    }

    #[test]
    fn every_bad_line_is_reported_with_its_number() {
        let md5 = "0".repeat(32);
        let text = format!(
            "{md5}  ok\n{md5}  ../x\nnonsense\nSHA512 (x) = 12\nSHA9 (x) = {md5}\n{md5}  -rf\n{}  ok\n{md5}  a/b\n{md5}  .git\n",
            "1".repeat(32)
        );
        let problems = parse_sources(&text).expect_err("bad lines");
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7, 8, 9]);
        let absolute = parse_metadata(&format!("{md5} /etc/passwd")).expect_err("absolute");
        assert!(absolute[0].to_string().starts_with("line 1: the file name leaves"), "{}", absolute[0]);
    }
}
