//! The reader of the one document a build starts from.

use super::check::{self, FILE, limits};
use mbs_core::modulemd::{BuildInputError, Document, ReadOptions, Severity, read_for_build, validate};

/// What comes out is fit for a build; what does not says why.
pub(super) fn read(bytes: &[u8]) {
    let options = ReadOptions::strict().with_limits(limits());
    match read_for_build(bytes, FILE, &options) {
        Ok(input) => {
            check::diagnostics(&input.warnings, bytes);
            assert!(input.warnings.iter().all(|one| !one.is_error()), "{:#?}", input.warnings);
            assert!(input.stream.dependencies.len() <= 1, "several dependency blocks");
            let findings = validate(&input.stream, true);
            let broken = findings.iter().find(|one| one.severity == Severity::Error);
            assert!(broken.is_none(), "not fit for a build: {broken:?}");
            check::round_trip(&Document::Stream(Box::new(input.stream)), &options.for_build());
        }
        Err(BuildInputError::Malformed(diagnostics)) => {
            check::diagnostics(&diagnostics, bytes);
            assert!(diagnostics.iter().any(mbs_core::modulemd::Diagnostic::is_error), "refused without a reason");
        }
        Err(other) => assert!(!other.to_string().is_empty()),
    }
}
