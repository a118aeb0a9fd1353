//! From a tape to a typed document.

use super::de::from_node;
use super::diagnostic::{Problem, Sink};
use super::envelope::{Kind, envelope};
use super::locate::Locator;
use super::model::{Document, DocumentKind, UnknownDocument, UnknownKeys, Value};
use super::path::Step;
use super::read::ReadOptions;
use super::validate::{
    Checker, check_advice, check_defaults, check_obsoletes, check_packager_v2, check_packager_v3, check_stream,
    check_stream_v1, check_translations, duplicates,
};
use super::yaml::tape::{Node, Tape, View};
use serde::Deserialize;

/// Reads the document of a tape; nothing if it has an error, which is noted then.
pub(crate) fn document(tape: &Tape<'_>, sink: &Sink, options: &ReadOptions) -> Option<Document> {
    let root = tape.root()?;
    let Some((kind, data)) = envelope(root, sink) else {
        debug_assert!(sink.failed(), "an envelope is missing only with an error");
        return None;
    };
    let mut checker = Checker::new(options.build);
    checker.takes_mixed_streams = options.takes_mixed_streams;
    let mut document = match kind {
        Kind::Known(DocumentKind::StreamV1) => typed(data, sink, &mut checker, check_stream_v1, Document::StreamV1),
        Kind::Known(DocumentKind::Stream) => typed(data, sink, &mut checker, check_stream, Document::Stream),
        Kind::Known(DocumentKind::PackagerV2) => {
            typed(data, sink, &mut checker, check_packager_v2, Document::PackagerV2)
        }
        Kind::Known(DocumentKind::PackagerV3) => {
            typed(data, sink, &mut checker, check_packager_v3, Document::PackagerV3)
        }
        Kind::Known(DocumentKind::Defaults) => typed(data, sink, &mut checker, check_defaults, Document::Defaults),
        Kind::Known(DocumentKind::Translations) => {
            typed(data, sink, &mut checker, check_translations, Document::Translations)
        }
        Kind::Known(DocumentKind::Obsoletes) => typed(data, sink, &mut checker, check_obsoletes, Document::Obsoletes),
        Kind::Unknown { kind, version } => {
            let root: Value = from_node(root, sink);
            // The whole document is kept, so its unknown keys are not kept a second time.
            sink.take_unknown();
            Document::Unknown(Box::new(UnknownDocument { kind, version, root }))
        }
    };
    if options.advice && !matches!(document, Document::Unknown(_)) {
        check_advice(&mut checker, &document);
        duplicates(data, sink);
    }
    place(checker, root, sink);
    if sink.failed() {
        return None;
    }
    let kept = sink.take_unknown();
    if !kept.is_empty()
        && let Some(unknown) = document.unknown_keys_mut()
    {
        *unknown = tree(root, &mut kept.as_slice(), sink);
    }
    // The values of unknown keys are looked at only here, and one may be nothing that can be kept.
    (!sink.failed()).then_some(document)
}

fn typed<'t, T: Deserialize<'t> + Default>(
    data: Node<'t>,
    sink: &'t Sink,
    checker: &mut Checker,
    check: fn(&mut Checker, &T),
    wrap: fn(Box<T>) -> Document,
) -> Document {
    let document: T = from_node(data, sink);
    check(checker, &document);
    wrap(Box::new(document))
}

/// Looks up where the broken rules are.
fn place(checker: Checker, root: Node<'_>, sink: &Sink) {
    let findings = checker.finish();
    if findings.is_empty() {
        return;
    }
    let mut locator = Locator::new(root);
    for finding in findings {
        let (node, missing) = locator.find(&finding.path, finding.on_key);
        // Advice on a value that could not be read would be about its stand-in.
        if finding.code.is_advice() {
            let (value, missing) = locator.find(&finding.path, false);
            let end = if missing.is_some() { value.index() + 1 } else { value.end() };
            if sink.has_error_in(value.index(), end) {
                continue;
            }
        }
        let mut problem = Problem::at_entry(finding.code, node.index(), finding.message).severity(finding.severity);
        problem.below = missing.unwrap_or_default();
        problem.expected = finding.expected;
        problem.hint = finding.hint;
        sink.push(problem);
    }
}

/// The unknown keys at and below a node, out of their entries in ascending order; what holds none is skipped whole.
fn tree(node: Node<'_>, rest: &mut &[(u32, u32)], sink: &Sink) -> UnknownKeys {
    let mut unknown = UnknownKeys::default();
    let ahead = |rest: &&[(u32, u32)], end: u32| rest.first().is_some_and(|(key, _)| *key < end);
    match node.view() {
        View::Scalar(..) => {}
        View::Map(pairs) => {
            let mut here = Vec::new();
            for (key, value) in pairs {
                if !ahead(rest, node.end()) {
                    break;
                }
                let name = key.scalar().unwrap_or_default();
                if rest.first() == Some(&(key.index(), value.index())) {
                    *rest = &rest[1..];
                    here.push((name.to_owned(), from_node(value, sink)));
                } else if ahead(rest, value.end()) {
                    unknown.put_below(Step::Key(name.to_owned()), tree(value, rest, sink));
                }
            }
            unknown.put_here(here);
        }
        View::Seq(items) => {
            for (number, item) in items.enumerate() {
                if !ahead(rest, node.end()) {
                    break;
                }
                if ahead(rest, item.end()) {
                    unknown.put_below(Step::Index(number), tree(item, rest, sink));
                }
            }
        }
    }
    unknown
}
