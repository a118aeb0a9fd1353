//! How much is read at most.

/// How much of a text is read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest text, in bytes.
    pub bytes: usize,
    /// Deepest nesting of arrays and structs.
    pub depth: usize,
}

impl Default for Limits {
    /// 256 MiB, which a list of half a million builds takes, and 64 levels; a hub's records have less than ten.
    fn default() -> Self {
        Self { bytes: 256 << 20, depth: 64 }
    }
}
