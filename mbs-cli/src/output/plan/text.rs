//! A plan for people.

use super::view::{BuildView, PlanView};
use mbs_core::plan::{Order, PlannedComponent};
use mbs_core::resolve::Pick;
use std::fmt::Write as _;

/// The plan, one part for each context.
pub(crate) fn plan_text(view: &PlanView<'_>) -> String {
    let mut text = String::new();
    if let ([first, ..], true) = (view.builds.as_slice(), view.builds.len() > 1) {
        let _ =
            writeln!(text, "{}:{} is built as {} modules\n", first.nsvc().name, first.nsvc().stream, view.builds.len());
        for build in &view.builds {
            let _ = writeln!(text, "  {}  {}", build.nsvc(), picks_short(build));
        }
        text.push('\n');
    }
    // Writing into a `String` cannot fail.
    for (number, build) in view.builds.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        build_text(&mut text, build);
    }
    text
}

/// What the document build-requires, in few words.
fn picks_short(view: &BuildView<'_>) -> String {
    let direct = view.planned.picks.iter().filter(|pick| pick.direct);
    direct.map(|pick| format!("{}:{}", pick.facts.nsvc.name, pick.facts.nsvc.stream)).collect::<Vec<_>>().join(" ")
}

fn build_text(text: &mut String, view: &BuildView<'_>) {
    let (request, names) = (view.request(), &view.foreseen.names);
    let _ = writeln!(text, "module:    {}", view.nsvc());
    if let Some((id, state)) = view.existing() {
        let _ = writeln!(text, "exists:    build {id} in state {state}");
    }
    let _ = writeln!(text, "dist tag:  {} (if it is submitted next)", names.disttag);
    let _ = writeln!(text, "koji tag:  {}", names.koji_tag);
    let _ = writeln!(text, "arch:      {}", request.arch);
    let _ = writeln!(
        text,
        "order:     {}",
        match request.plan.order {
            Order::Batches => "buildorder; a buildroot holds all earlier batches",
            Order::Graph => "buildafter; a buildroot holds what its component needs, directly or not",
        }
    );
    let time = view.estimated_ms();
    if time > 0 {
        let _ = writeln!(text, "estimated: {} on the critical path", span(time));
    }
    picks(text, view);
    reuse(text, view);
    components(text, view);
    if !request.filter.is_empty() {
        let _ = writeln!(text, "\nfilter: {}", request.filter.join(", "));
    }
    let _ = writeln!(text, "\nmacros:");
    for line in view.macros.lines() {
        let _ = writeln!(text, "{}", format!("  {line}").trim_end());
    }
}

fn picks(text: &mut String, view: &BuildView<'_>) {
    if view.planned.picks.is_empty() {
        return;
    }
    text.push_str("\nbuilt against\n");
    for pick in &view.planned.picks {
        let _ = writeln!(text, "  {}{}", pick.facts.nsvc, pick_notes(pick));
    }
    let requires: Vec<String> = view
        .planned
        .document
        .dependencies
        .iter()
        .flat_map(|block| &block.requires)
        .map(|(name, set)| {
            let streams = set.0.iter().map(String::as_str).collect::<Vec<_>>().join(",");
            format!("{name}:[{streams}]")
        })
        .collect();
    if !requires.is_empty() {
        let _ = writeln!(text, "requires\n  {}", requires.join(" "));
    }
}

fn pick_notes(pick: &Pick) -> String {
    let mut notes = Vec::new();
    if !pick.direct {
        notes.push("required by others".to_owned());
    }
    if pick.facts.state != mbs_core::build::ModuleState::Ready {
        notes.push(format!("state {}", pick.facts.state));
    }
    if pick.facts.is_assumed() {
        notes.push("base assumed".to_owned());
    }
    if notes.is_empty() { String::new() } else { format!("  ({})", notes.join(", ")) }
}

fn reuse(text: &mut String, view: &BuildView<'_>) {
    let reuse = &view.request().reuse;
    match &reuse.from {
        Some(module) => {
            let taken = reuse.components.iter().filter(|decision| decision.reused.is_some()).count();
            let _ = writeln!(
                text,
                "\nreuse: {taken} of {} components from {}",
                view.components().count().saturating_sub(1),
                module.nsvc
            );
        }
        None => {
            for reason in &reuse.reasons {
                let _ = writeln!(text, "\nreuse: nothing: {reason}");
            }
        }
    }
}

fn components(text: &mut String, view: &BuildView<'_>) {
    let width = view.components().map(|(_, spec)| spec.name.as_str().chars().count()).max().unwrap_or(0);
    let mut batch = 0;
    for (position, spec) in view.components() {
        if spec.batch != batch {
            batch = spec.batch;
            let _ = writeln!(text, "\nbatch {batch}");
        }
        let line = format!("  {:<width$}  {}", spec.name, notes(view, position, spec));
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn notes(view: &BuildView<'_>, position: usize, spec: &PlannedComponent) -> String {
    let mut notes: Vec<String> = view.source(position).into_iter().collect();
    let after = view.after(spec);
    if !after.is_empty() {
        notes.push(format!("needs {}", after.join(", ")));
    }
    if !spec.origin.is_empty() {
        let origin: Vec<_> = spec.origin.iter().map(ToString::to_string).collect();
        notes.push(format!("from module {}", origin.join(" > ")));
    }
    if spec.buildonly && position > 0 {
        notes.push("build only".to_owned());
    }
    if spec.buildroot && position > 0 {
        notes.push("in every later buildroot".to_owned());
    }
    if let Some(decision) = view.reuse(position) {
        if decision.reused.is_some() {
            notes.push("reused".to_owned());
        } else {
            notes.extend(decision.reasons.iter().map(|reason| format!("built: {reason}")));
        }
    }
    notes.extend(spec.excluded.as_ref().map(ToString::to_string));
    notes.join("; ")
}

/// A span of time in its two largest units.
fn span(milliseconds: u64) -> String {
    let seconds = milliseconds.div_ceil(1000);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units() {
        assert_eq!(span(1), "1 s");
        assert_eq!(span(61_000), "1 min 1 s");
        assert_eq!(span(3_600_000), "1 h 0 min");
    }
}
