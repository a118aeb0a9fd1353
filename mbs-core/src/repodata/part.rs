//! One part of the metadata, and whether a file is it.

use crate::source::{Checksum, ChecksumKind, Hasher};
use std::ops::Range;

/// An entry of `repomd.xml`. What an entry may leave out is none; numbers that are none are as if left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Part {
    /// What it is: `primary`, `modules`.
    pub kind: String,
    /// Path of its file from the repository's folder.
    pub location: Option<String>,
    /// Another address that the path counts from.
    pub base: Option<String>,
    /// Kind and digits of the file's checksum, as written.
    pub checksum: Option<(String, String)>,
    /// The same for the file's content without its compression.
    pub open_checksum: Option<(String, String)>,
    /// Bytes of the file.
    pub size: Option<u64>,
    /// Bytes of its content without its compression.
    pub open_size: Option<u64>,
    /// When it was made, in seconds since 1970.
    pub timestamp: Option<u64>,
    /// Where the entry stands in the text, in bytes.
    pub span: Range<usize>,
}

/// Why a file is not the part that the list names, or the entry is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// The entry does not say where its file is, or how to check it.
    #[error("the entry `{kind}` of `repomd.xml` has no `{missing}`; make the metadata again")]
    Incomplete {
        /// The part.
        kind: String,
        /// The element that is missing.
        missing: &'static str,
    },
    /// The file is said to be outside of the repository.
    #[error("the entry `{kind}` of `repomd.xml` lies at `{location}`; expected a path inside the repository")]
    Outside {
        /// The part.
        kind: String,
        /// Where it is said to be.
        location: String,
    },
    /// A checksum that nobody here can compute.
    #[error("the entry `{kind}` of `repomd.xml` has a checksum of kind `{checksum}`; expected {}", known_kinds())]
    UnknownChecksum {
        /// The part.
        kind: String,
        /// The checksum's kind, or the whole checksum if its digits do not fit.
        checksum: String,
    },
    /// The file has another size.
    #[error("`{kind}` has {found} bytes{}, expected {expected}; the repository is damaged or being changed: try again, or make its metadata again", opened(*open))]
    Size {
        /// The part.
        kind: String,
        /// Whether this is about the content without its compression.
        open: bool,
        /// Bytes as listed.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// The file has another checksum.
    #[error("the checksum of `{kind}`{} is `{found}`, expected `{expected}`; the repository is damaged or being changed: try again, or make its metadata again", opened(*open))]
    Checksum {
        /// The part.
        kind: String,
        /// Whether this is about the content without its compression.
        open: bool,
        /// As listed.
        expected: Checksum,
        /// As computed.
        found: Checksum,
    },
}

fn opened(open: bool) -> &'static str {
    if open { " without its compression" } else { "" }
}

fn known_kinds() -> String {
    ChecksumKind::ALL.map(|kind| format!("`{kind}`")).join(", ")
}

impl Part {
    /// The steps of the path to the part's file, from the repository's folder.
    ///
    /// # Errors
    /// [`PartError::Incomplete`] without a location, [`PartError::Outside`] for one that is absolute, goes up, or counts
    /// from another address.
    pub fn path(&self) -> Result<Vec<&str>, PartError> {
        let location = self.location.as_deref().ok_or_else(|| self.incomplete("location"))?;
        let steps: Vec<&str> = location.split('/').filter(|step| *step != ".").collect();
        let plain = |step: &&str| !step.is_empty() && *step != ".." && !step.contains(['\0', '\\']);
        if self.base.is_some() || !steps.iter().all(plain) {
            let location = self.base.as_deref().map(|base| format!("{base} ")).unwrap_or_default() + location;
            return Err(PartError::Outside { kind: self.kind.clone(), location: crate::source::redact(&location) });
        }
        Ok(steps)
    }

    /// Compares the part's file with its entry: size, if it is named, and checksum.
    ///
    /// # Errors
    /// [`PartError`]: what differs, or what the entry lacks.
    pub fn check(&self, file: &[u8]) -> Result<(), PartError> {
        self.compare(file, self.size, self.checksum.as_ref(), false)
    }

    /// Compares the content of the part's file without its compression. An entry that has nothing to compare is for a
    /// file that is not compressed.
    ///
    /// # Errors
    /// [`PartError`]: what differs.
    pub fn check_open(&self, content: &[u8]) -> Result<(), PartError> {
        if self.open_checksum.is_none() && self.open_size.is_none() {
            return Ok(());
        }
        self.compare(content, self.open_size, self.open_checksum.as_ref(), true)
    }

    fn compare(
        &self,
        bytes: &[u8],
        size: Option<u64>,
        checksum: Option<&(String, String)>,
        open: bool,
    ) -> Result<(), PartError> {
        let kind = || self.kind.clone();
        let found = bytes.len() as u64;
        if let Some(expected) = size.filter(|size| *size != found) {
            return Err(PartError::Size { kind: kind(), open, expected, found });
        }
        let Some((name, digits)) = checksum else {
            return if open { Ok(()) } else { Err(self.incomplete("checksum")) };
        };
        // Old tools write `sha` for SHA-1.
        let name = if name == "sha" { "sha1" } else { name };
        let known = ChecksumKind::ALL.into_iter().find(|kind| kind.as_str() == name);
        let unknown = |checksum: &str| PartError::UnknownChecksum { kind: kind(), checksum: checksum.to_owned() };
        let known = known.ok_or_else(|| unknown(name))?;
        let expected = Checksum::new(known, digits).ok_or_else(|| unknown(&format!("{name}:{digits}")))?;
        let found = Hasher::of(known, bytes);
        if found == expected { Ok(()) } else { Err(PartError::Checksum { kind: kind(), open, expected, found }) }
    }

    fn incomplete(&self, missing: &'static str) -> PartError {
        PartError::Incomplete { kind: self.kind.clone(), missing }
    }
}
