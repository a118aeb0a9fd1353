//! Why no source RPM can be written.

/// A description that no source RPM can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SrpmError {
    /// A file name is not a bare name.
    #[error("source file name `{shown}` is not a bare file name; expected one without `/` and control characters",
        shown = name.escape_debug())]
    FileName {
        /// The name as found.
        name: String,
    },
    /// Two files have the same name.
    #[error("source file `{name}` is given twice; names in a source package are unique")]
    DuplicateFile {
        /// The name.
        name: String,
    },
    /// A text of the header is empty where it must not be, or holds a NUL.
    #[error("{field} `{shown}` is empty or holds a character that it cannot hold", shown = text.escape_debug())]
    Field {
        /// Which text.
        field: &'static str,
        /// The text as found.
        text: String,
    },
    /// The format's 32-bit sizes do not suffice.
    #[error("{what} does not fit into 32 bits; source packages made here hold less than 4 GiB")]
    TooLarge {
        /// What is too large.
        what: &'static str,
    },
}
