//! Indexes: what is filed can be written, read again, merged and compared.

use super::check::{self, FILE, limits};
use mbs_core::modulemd::{
    IndexMerger, IndexReading, MergeError, Merged, ModuleIndex, Priority, ReadOptions, StreamQuery, diff,
};

/// The input as one index, and its two halves as two.
pub(super) fn index(bytes: &[u8]) {
    let IndexReading { index: whole, diagnostics, .. } = read(bytes);
    check::diagnostics(&diagnostics, bytes);
    written(&whole);
    assert_eq!(
        whole.search_streams(&StreamQuery::new()).len(),
        whole.streams().count(),
        "a search for all finds not all"
    );

    let (first, second) = halves(bytes);
    let (first, second) = (read(first).index, read(second).index);
    let over = merge(&first, &second, Priority::HIGHEST).expect("a higher priority always wins");
    written(&over.index);
    match merge(&first, &second, Priority::LOWEST) {
        Ok(merged) => written(&merged.index),
        Err(MergeError::Conflicts { conflicts }) => {
            assert!(!conflicts.is_empty() && conflicts.iter().all(|one| !one.to_string().is_empty()), "{conflicts:?}");
        }
        Err(other) => assert!(!other.to_string().is_empty()),
    }
    let itself = merge(&first, &first, Priority::LOWEST).expect("nothing disagrees with itself");
    assert_eq!(itself.index.write(), first.write(), "merged with itself it is another: {:#?}", itself.conflicts);
    assert!(itself.conflicts.is_empty(), "disagrees with itself: {:#?}", itself.conflicts);
    assert!(diff(&first, &first).is_empty(), "differs from itself");
    let same = first.write() == second.write();
    // The order of these documents is none of the differences, but is that of the text.
    let ordered = |index: &ModuleIndex| {
        index.unknown_documents().len() > 0 || index.modules().any(|module| module.obsoletes().len() > 0)
    };
    if same || !ordered(&first) && !ordered(&second) {
        assert_eq!(diff(&first, &second).is_empty(), same, "the texts and the difference disagree");
    }
}

fn read(bytes: &[u8]) -> IndexReading {
    ModuleIndex::from_text(bytes, FILE, &ReadOptions::lenient().with_limits(limits()))
}

/// Cut where a document begins, somewhere in the middle.
fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let middle = bytes.len() / 2;
    let mark = b"\n---";
    let border = bytes[middle..].windows(mark.len()).position(|window| window == mark);
    bytes.split_at(border.map_or(middle, |at| middle + at + 1))
}

fn merge(first: &ModuleIndex, second: &ModuleIndex, priority: Priority) -> Result<Merged, MergeError> {
    let mut merger = IndexMerger::new();
    merger.add(first.clone(), Priority::LOWEST);
    merger.add(second.clone(), priority);
    merger.merge()
}

/// The text of an index is read without an error and gives the same text.
fn written(index: &ModuleIndex) {
    let text = index.write();
    let again = read(text.as_bytes());
    assert!(!again.has_errors(), "what was written is refused: {:#?} {:#?}\n{text}", again.diagnostics, again.refused);
    assert!(diff(index, &again.index).is_empty(), "reads differently:\n{text}");
    assert_eq!(again.index.write(), text, "is written differently");
}
