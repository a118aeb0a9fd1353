//! The reader of any number of documents.

use super::check::{self, FILE, limits};
use mbs_core::modulemd::{ReadOptions, read};

/// Lenient reading.
pub(super) fn lenient(bytes: &[u8]) {
    let options = ReadOptions::lenient().with_limits(limits());
    let reading = read(bytes, FILE, &options);
    check::reading(&reading, bytes);
    for located in &reading.documents {
        check::round_trip(&located.value, &options);
    }
}

/// Strict reading, as a build does it. What it takes, lenient reading takes as well and for the same.
pub(super) fn strict(bytes: &[u8]) {
    let options = ReadOptions::strict().for_build().with_limits(limits());
    let reading = read(bytes, FILE, &options);
    check::reading(&reading, bytes);
    for located in &reading.documents {
        check::round_trip(&located.value, &options);
    }
    let lenient = read(bytes, FILE, &ReadOptions::lenient().with_limits(limits()));
    for located in &reading.documents {
        assert!(lenient.documents.contains(located), "read strictly, but not leniently: {located:#?}");
    }
}
