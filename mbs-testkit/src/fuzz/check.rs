//! What holds for whatever was read.

use mbs_core::modulemd::{Diagnostic, Document, Limits, ReadOptions, Reading, explain, read, render_all, write};
use std::collections::BTreeSet;

/// The name of the input in diagnostics.
pub(super) const FILE: &str = "input.yaml";

/// Limits that are met by inputs as small as a fuzzer's.
pub(super) fn limits() -> Limits {
    Limits::default().with_bytes(1 << 20).with_alias_nodes(2_000).with_documents(100).with_problems(50)
}

/// The diagnostics are complete, in order and can be shown; a document with an error is not handed out.
pub(super) fn reading(reading: &Reading, bytes: &[u8]) {
    diagnostics(&reading.diagnostics, bytes);
    let mut outcomes: BTreeSet<usize> = reading.documents.iter().map(|located| located.document).collect();
    outcomes.extend(reading.diagnostics.iter().filter(|one| one.is_error()).map(|one| one.document));
    assert!(
        outcomes.iter().copied().eq(0..outcomes.len()),
        "a document is neither handed out nor refused: {outcomes:?}"
    );
    let mut behind = None;
    for located in &reading.documents {
        assert!(behind.is_none_or(|before| before < located.document), "documents are not in order");
        behind = Some(located.document);
        assert!(located.line >= 1 && located.span.0 <= located.span.1, "{located:?} is nowhere");
        let broken = reading.diagnostics.iter().find(|one| one.is_error() && one.document == located.document);
        assert!(broken.is_none(), "document {} has an error and is handed out: {broken:?}", located.document);
    }
}

/// They have a place, an explanation and a form for people and for programs.
pub(super) fn diagnostics(diagnostics: &[Diagnostic], bytes: &[u8]) {
    // What is no text cannot be shown as one, but showing must survive any text beside any diagnostics.
    let text =
        std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned);
    let shown = render_all(diagnostics, &text);
    assert_eq!(shown.is_empty(), diagnostics.is_empty(), "{shown}");
    for one in diagnostics {
        assert!(one.line >= 1 && one.column >= 1, "{one:?} is nowhere");
        assert!(!one.message.is_empty() && !one.message.contains('\n'), "{one:?} has an odd message");
        assert!(explain(one.code.as_str()).is_some(), "{} has no explanation", one.code);
        serde_json::to_string(one).expect("a diagnostic is JSON");
    }
}

/// What is written is read again, equal, and written equal.
pub(super) fn round_trip(document: &Document, options: &ReadOptions) {
    let text = write(document);
    let again = read(text.as_bytes(), FILE, options);
    assert!(!again.has_errors(), "what was written is refused: {:#?}\n{text}", again.diagnostics);
    assert_eq!(again.documents.len(), 1, "one document becomes several:\n{text}");
    assert_eq!(&again.documents[0].value, document, "reads differently:\n{text}");
    assert_eq!(write(&again.documents[0].value), text, "is written differently");
}
