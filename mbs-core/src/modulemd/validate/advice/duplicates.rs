//! Items that stand twice in a list that is a set. The model does not hold them, so the text is looked at.

use crate::modulemd::diagnostic::{Code, Problem, Severity, Sink};
use crate::modulemd::yaml::tape::{Node, View, shorten};
use std::collections::HashSet;

/// Notes duplicate items below the `data` of a document. Every list of texts there is a set, but for what `xmd` holds.
pub(crate) fn duplicates(data: Node<'_>, sink: &Sink) {
    let Some(pairs) = data.pairs() else { return };
    for (key, value) in pairs {
        if key.scalar() != Some("xmd") {
            below(value, sink);
        }
    }
}

fn below(node: Node<'_>, sink: &Sink) {
    match node.view() {
        View::Scalar(..) => {}
        View::Map(pairs) => pairs.for_each(|(_, value)| below(value, sink)),
        View::Seq(items) => {
            let mut seen = HashSet::new();
            for item in items {
                match item.scalar() {
                    None => below(item, sink),
                    Some(text) => {
                        if !seen.insert(text) {
                            let message = format!("`{}` stands twice in this list", shorten(text));
                            let problem = Problem::at_entry(Code::DuplicateItem, item.index(), message);
                            sink.push(problem.severity(Severity::Warning).hint("the list is a set; remove one"));
                        }
                    }
                }
            }
        }
    }
}
