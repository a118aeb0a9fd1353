//! Where the text comes from: bytes, a reader, a file; plain or compressed.
//!
//! ```text
//! file --read_file--> reader --read_from--> bytes --decode--> text bytes --> yaml
//! ```
//!
//! * What compression an input has is told by its first bytes, never by a name. gzip, bzip2, xz and zstd are read, also
//!   several members or streams one behind the other, and zstd frames that hold no content.
//! * [`Limits::bytes`](super::Limits::bytes) counts what comes out, and unpacking ends as soon as it is more.
//! * Checksums are compared wherever the format has them. An input that breaks off or is damaged gives one diagnostic and
//!   no document, however much of it could be unpacked.
//!
//! Only `file.rs` opens a file; nothing else in this crate does.

mod compression;
mod decode;
mod file;
mod kinds;
mod reader;
mod source;
mod unpack;

#[cfg(test)]
mod tests;

pub use compression::Compression;
pub use decode::{DecodeError, decode};
pub use file::{ReadFileError, read_file};
pub use kinds::named_kinds;
pub use reader::{gather, read_from};
pub use source::source_text;
