//! A plan as a graph for Graphviz.

use super::view::{BuildView, PlanView};
use mbs_core::plan::Order;
use std::fmt::Write as _;

/// Arrows lead from what is needed to what needs it. Batches meet in a point between them: arrows from each component to
/// each would be unreadable.
pub(crate) fn plan_dot(view: &PlanView<'_>) -> String {
    let first = view.builds.first().map(|build| build.nsvc().to_string()).unwrap_or_default();
    let mut text = format!("digraph {} {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(&first));
    // All contexts have the same components in the same order.
    if let Some(build) = view.builds.first() {
        components(&mut text, build);
    }
    contexts(&mut text, view);
    text.push_str("}\n");
    text
}

/// Each context with what it is built against.
fn contexts(text: &mut String, view: &PlanView<'_>) {
    for build in &view.builds {
        let nsvc = quoted(&build.nsvc().to_string());
        let _ = writeln!(text, "  {nsvc} [shape=doubleoctagon];");
        for pick in &build.planned.picks {
            let style = if pick.direct { "" } else { " [style=dashed]" };
            let _ = writeln!(text, "  {} [shape=ellipse];", quoted(&pick.facts.nsvc.to_string()));
            let _ = writeln!(text, "  {} -> {nsvc}{style};", quoted(&pick.facts.nsvc.to_string()));
        }
    }
}

fn components(text: &mut String, view: &BuildView<'_>) {
    let all: Vec<_> = view.components().collect();
    let groups: Vec<_> = all.chunk_by(|(_, a), (_, b)| a.batch == b.batch).collect();
    // Writing into a `String` cannot fail.
    for group in &groups {
        let batch = group[0].1.batch;
        let _ = writeln!(text, "  subgraph cluster_{batch} {{\n    label=\"batch {batch}\";");
        for (_, spec) in *group {
            let style = if spec.excluded.is_some() { " [style=dashed]" } else { "" };
            let _ = writeln!(text, "    {}{style};", quoted(spec.name.as_str()));
        }
        text.push_str("  }\n");
    }
    match view.request().plan.order {
        Order::Batches => {
            for pair in groups.windows(2) {
                let next = pair[1][0].1.batch;
                let _ = writeln!(text, "  before_{next} [shape=point];");
                for (_, spec) in pair[0] {
                    let _ = writeln!(text, "  {} -> before_{next};", quoted(spec.name.as_str()));
                }
                for (_, spec) in pair[1] {
                    let _ = writeln!(text, "  before_{next} -> {};", quoted(spec.name.as_str()));
                }
            }
        }
        Order::Graph => {
            for (_, spec) in all.iter().skip(1) {
                let after = view.after(spec);
                // Everything needs the macros; that is drawn only where nothing else leads to them.
                let before = if after.is_empty() { vec![all[0].1.name.to_string()] } else { after };
                for before in before {
                    let _ = writeln!(text, "  {} -> {};", quoted(&before), quoted(spec.name.as_str()));
                }
            }
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
