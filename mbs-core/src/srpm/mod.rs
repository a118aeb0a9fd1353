//! Writes source RPMs without any RPM tool.
//!
//! ```text
//!   lead (96 bytes, obsolete but required)
//!   signature header: sizes and digests of what follows, padded to 8 bytes
//!   main header: tags that describe the package and its files
//!   payload: the files as a gzip-compressed cpio archive
//! ```
//!
//! The same description gives the same bytes, with every time in them taken from the description.

mod error;
mod header;
mod package;
mod payload;
#[cfg(test)]
mod tests;

pub use error::SrpmError;
pub use package::{SourceFile, SourceRpm};
