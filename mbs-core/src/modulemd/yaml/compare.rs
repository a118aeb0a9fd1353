//! The fast scanner held against libyaml.

use super::builder;
use super::events::{Event, Parser};
use super::scan::{Scanned, scan};
use super::tape::{Style, Tape, View};
use crate::modulemd::limits::Limits;

/// What an entry of a tape says.
#[derive(Debug, PartialEq, Eq)]
struct Fact<'t> {
    position: u32,
    end: u32,
    kind: &'static str,
    text: &'t str,
    style: Option<Style>,
}

fn facts<'t>(tape: &'t Tape<'_>) -> Vec<Fact<'t>> {
    (0..)
        .map_while(|index| tape.node(index))
        .map(|node| {
            let (kind, text, style) = match node.view() {
                View::Map(_) => ("map", "", None),
                View::Seq(_) => ("list", "", None),
                View::Scalar(text, style) => ("scalar", text, Some(style)),
            };
            Fact { position: node.position(), end: node.end(), kind, text, style }
        })
        .collect()
}

/// Reads a chunk both ways; gives whether the fast scanner took it.
///
/// # Panics
/// If it took what libyaml refuses or reads differently.
pub(crate) fn compare(text: &str) -> bool {
    let base = 7;
    let limits = Limits::default();
    let mut tape = Tape::new();
    let scanned = scan(text, base, limits.depth, &mut tape);
    if scanned == Scanned::NotMine {
        return false;
    }
    let documents: Vec<_> = builder::Documents::new(text, base, limits).collect();
    match scanned {
        Scanned::NotMine => {}
        Scanned::Nothing => assert!(documents.is_empty(), "libyaml finds a document in {text:?}"),
        Scanned::Deep(_) => {
            assert!(documents.iter().any(Result::is_err), "libyaml finds nothing too deep in {text:?}");
        }
        Scanned::Document => {
            let [Ok(expected)] = documents.as_slice() else {
                let found: Vec<_> = documents.iter().map(|one| one.as_ref().map(facts)).collect();
                unreachable!("libyaml does not find one document in {text:?} but {found:?}, not {:?}", facts(&tape));
            };
            assert_eq!(facts(&tape), facts(expected), "the tapes of {text:?} differ (left is the fast scanner)");
            assert_eq!(tape.span, expected.span, "the spans of {text:?} differ (left is the fast scanner)");
        }
    }
    true
}

/// Number of documents that libyaml finds in a text, or what is wrong with it.
pub(crate) fn documents(text: &str) -> Result<usize, String> {
    let mut parser = Parser::new(text);
    let mut count = 0;
    loop {
        match parser.next().map_err(|error| error.problem)?.get() {
            Event::DocumentStart => count += 1,
            Event::StreamEnd => return Ok(count),
            _ => {}
        }
    }
}
