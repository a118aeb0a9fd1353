//! The fast scanner and the cutting into chunks, against libyaml.

use super::check::{FILE, limits};
use mbs_core::modulemd::fuzzing::{compare_scanners, documents_of_libyaml};
use mbs_core::modulemd::{Code, ReadOptions, decode, read};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the fast scanner takes, libyaml takes as well and for the same.
pub(super) fn chunk(bytes: &[u8]) {
    compare_scanners(bytes);
}

/// Reading chunk by chunk finds the documents that libyaml finds in the whole, and refuses what libyaml refuses.
pub(super) fn whole(bytes: &[u8]) {
    let Ok(Cow::Borrowed(_)) = decode(bytes, &limits()) else { return };
    let Some(whole) = documents_of_libyaml(bytes) else { return };
    let reading = read(bytes, FILE, &ReadOptions::lenient().with_limits(limits()));
    let syntax = reading.diagnostics.iter().any(|one| one.code == Code::Syntax);
    // Limits are ours alone, and an alias without an anchor is none of the parser's business.
    let parsed = [Code::Syntax, Code::KeyKind, Code::DuplicateKey, Code::TooMany];
    if reading.diagnostics.iter().any(|one| one.code < Code::NotMap && !parsed.contains(&one.code)) {
        return;
    }
    match whole {
        Err(problem) => assert!(syntax, "libyaml refuses the whole: {problem}"),
        Ok(count) => {
            assert!(!syntax, "libyaml takes the whole; refused is {:#?}", reading.diagnostics);
            let good = reading.documents.iter().map(|located| located.document);
            let bad = reading.diagnostics.iter().filter(|one| one.is_error()).map(|one| one.document);
            let found: BTreeSet<usize> = good.chain(bad).collect();
            assert!(found.into_iter().eq(0..count), "libyaml finds {count} documents: {:#?}", reading.diagnostics);
        }
    }
}
