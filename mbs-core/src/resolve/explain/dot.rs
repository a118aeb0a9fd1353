//! Explanations as graphs in the language of graphviz.

use super::types::Explanation;
use crate::Nsvc;
use std::collections::BTreeSet;
use std::fmt::Write as _;

impl Explanation {
    /// A graph in the language `dot`: boxes are the builds to make, with edges to what they build-require; dashed
    /// edges are what these require. Of a failure the conflicts are drawn, what stands against each other in red.
    pub fn to_dot(&self) -> String {
        let mut nodes: BTreeSet<String> = BTreeSet::new();
        let mut edges: BTreeSet<String> = BTreeSet::new();
        let build = |nsvc: &Nsvc| format!("{} [shape=ellipse];", quoted(&nsvc.to_string()));
        let edge =
            |from: &str, to: &Nsvc, style: &str| format!("{} -> {}{style};", quoted(from), quoted(&to.to_string()));
        for result in &self.results {
            let own = format!("{}:{}", self.document, result.context);
            nodes.insert(format!("{} [shape=box];", quoted(&own)));
            for pick in &result.picks {
                nodes.insert(build(&pick.build));
                if pick.direct {
                    edges.insert(edge(&own, &pick.build, ""));
                }
                for other in &pick.requires {
                    edges.insert(edge(&pick.build.to_string(), other, " [style=dashed]"));
                }
            }
        }
        for conflict in self.failure.iter().flat_map(|failure| &failure.conflicts) {
            nodes.insert(format!("{} [shape=box];", quoted(&self.document)));
            for chain in [&conflict.needs, &conflict.taken] {
                let mut from = self.document.clone();
                for one in chain {
                    nodes.insert(build(one));
                    let style = if from == self.document { "" } else { " [style=dashed]" };
                    edges.insert(edge(&from, one, style));
                    from = one.to_string();
                }
            }
            let from = conflict.needs.last().map_or(self.document.clone(), ToString::to_string);
            for wanted in &conflict.wanted {
                nodes.insert(build(wanted));
                edges.insert(edge(&from, wanted, " [style=dashed]"));
                if let Some(taken) = conflict.taken.last() {
                    let style = " [color=red, fontcolor=red, dir=both, label=\"conflict\"]";
                    edges.insert(edge(&wanted.to_string(), taken, style));
                }
            }
        }
        let mut text = format!("digraph {} {{\n  rankdir=LR;\n", quoted(&self.document));
        for line in nodes.iter().chain(&edges) {
            // Writing to a text does not fail.
            let _ = writeln!(text, "  {line}");
        }
        text.push_str("}\n");
        text
    }
}

/// A text as `dot` reads it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
