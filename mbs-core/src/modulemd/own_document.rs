//! YAML documents of our own kinds: read with the same reader, so that every problem has its place.

use super::de::from_node;
use super::diagnostic::{Code, Diagnostic, Problem, Sink};
use super::limits::Limits;
use super::locate::Locator;
use super::path::KeyPath;
use super::yaml::builder::Budget;
use super::yaml::documents::Documents;
use super::yaml::lines::Lines;
use super::yaml::tape::Tape;
use serde::de::DeserializeOwned;

/// Reads the only document of a text, strictly: unknown and repeated keys are errors. `check` tells what is wrong with
/// single values, and where.
///
/// Every field of `T` must have a default: what is missing is for `check` to say.
pub(crate) fn read_own<T: DeserializeOwned + Default>(
    text: &str,
    file: &str,
    check: impl FnOnce(&T) -> Vec<(KeyPath, String)>,
) -> Result<T, Vec<Diagnostic>> {
    let limits = Limits::default();
    let sink = Sink::new(true, limits.problems);
    let mut lines = Lines::new(text.as_bytes());
    let mut tape = Tape::new();
    if text.len() > limits.text_bytes() {
        sink.push(Problem::at_byte(Code::Unreadable, 0, format!("longer than {} bytes", limits.text_bytes())));
        return Err(sink.finish(None, &mut lines, file, 0));
    }
    let mut budget = Budget::new(limits);
    let mut documents = Documents::new(text, 0, &mut budget);
    let refused = match documents.next(&mut tape) {
        Some(Ok(())) => None,
        Some(Err(problem)) => Some(*problem),
        None => Some(Problem::at_byte(Code::NoDocument, 0, "there is no document in the input")),
    };
    let Some(root) = tape.root().filter(|_| refused.is_none()) else {
        sink.push(
            refused.unwrap_or_else(|| Problem::at_byte(Code::NoDocument, 0, "there is no document in the input")),
        );
        return Err(sink.finish(None, &mut lines, file, 0));
    };
    let value: T = from_node(root, &sink);
    if !sink.failed() {
        let mut locator = Locator::new(root);
        for (path, message) in check(&value) {
            let (node, missing) = locator.find(&path, false);
            let mut problem = Problem::at_entry(Code::Unreadable, node.index(), message);
            problem.below = missing.unwrap_or_default();
            sink.push(problem);
        }
    }
    if sink.failed() {
        return Err(sink.finish(Some(&tape), &mut lines, file, 0));
    }
    let mut next = Tape::new();
    if documents.next(&mut next).is_none() {
        return Ok(value);
    }
    let place = next.root().map_or(0, super::yaml::tape::Node::position);
    sink.push(Problem::at_byte(Code::SeveralDocuments, place, "there is more than one document in the input"));
    Err(sink.finish(None, &mut lines, file, 1))
}
