//! Taking off a compression.

use super::check::{self, FILE, limits};
use mbs_core::modulemd::{Compression, ReadOptions, decode, read};
use std::borrow::Cow;

/// What comes out is bounded and is what the reader reads; what does not come out is one diagnostic.
pub(super) fn decompress(bytes: &[u8]) {
    let options = ReadOptions::lenient().with_limits(limits());
    let reading = read(bytes, FILE, &options);
    match decode(bytes, &options.limits) {
        Ok(text) => {
            check::reading(&reading, &text);
            assert!(text.len() <= options.limits.bytes, "{} bytes are above the limit", text.len());
            let compressed = Compression::of(bytes).is_some();
            assert_eq!(matches!(text, Cow::Owned(_)), compressed, "taken off without a need, or not taken off");
            // A second layer is not taken off, but reading what comes out would do so.
            if compressed && Compression::of(&text).is_none() && decode(&text, &options.limits).is_ok() {
                assert_eq!(read(&text, FILE, &options), reading, "compressed and plain text read differently");
            }
        }
        Err(error) => {
            check::reading(&reading, bytes);
            assert!(reading.documents.is_empty(), "a document of an input that cannot be read: {error}");
            assert_eq!(reading.diagnostics.len(), 1, "{error}");
            assert_eq!(reading.diagnostics[0].code, error.code());
            assert_eq!(decode(bytes, &options.limits).err(), Some(error), "fails differently the second time");
        }
    }
}
