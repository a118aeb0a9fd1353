//! A plan as text and as JSON.

use super::json::to_text;
use crate::error::CliError;
use mbs_core::Nsvc;
use mbs_core::build::BuildRequest;
use mbs_core::plan::{ComponentIx, Order, PlannedComponent};
use mbs_core::source::redact;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What is shown of a build that is not submitted.
pub(crate) struct PlanView<'a> {
    pub(crate) nsvc: &'a Nsvc,
    pub(crate) request: &'a BuildRequest,
    /// The dist tag it would get now.
    pub(crate) disttag: String,
    /// The macro file of module-build-macros.
    pub(crate) macros: String,
}

impl PlanView<'_> {
    /// The components with their positions.
    pub(crate) fn components(&self) -> impl Iterator<Item = (usize, &PlannedComponent)> {
        self.request.plan.components.iter().enumerate()
    }

    /// Names of a component's direct predecessors.
    pub(crate) fn after(&self, component: &PlannedComponent) -> Vec<String> {
        let name = |ix: &ComponentIx| self.request.plan.component(*ix).name.to_string();
        component.after.iter().map(name).collect()
    }

    fn source(&self, position: usize) -> Option<String> {
        let source = self.request.sources.get(position)?.as_ref()?;
        let reference = source.git_ref.as_ref().map(|name| format!("#{name}")).unwrap_or_default();
        Some(format!("{}{reference}", redact(&source.repository)))
    }

    fn notes(&self, position: usize, spec: &PlannedComponent) -> String {
        let mut notes: Vec<String> = self.source(position).into_iter().collect();
        let after = self.after(spec);
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
        notes.extend(spec.excluded.as_ref().map(ToString::to_string));
        notes.join("; ")
    }
}

/// For people.
pub(crate) fn plan_text(view: &PlanView<'_>) -> String {
    let mut text = String::new();
    // Writing into a `String` cannot fail.
    let _ = writeln!(text, "module:    {}", view.nsvc);
    let _ = writeln!(text, "dist tag:  {} (if it is submitted next)", view.disttag);
    let _ = writeln!(text, "arch:      {}", view.request.arch);
    let order = view.request.plan.order;
    let _ = writeln!(
        text,
        "order:     {}",
        match order {
            Order::Batches => "buildorder; a buildroot holds all earlier batches",
            Order::Graph => "buildafter; a buildroot holds what its component needs, directly or not",
        }
    );
    let width = view.components().map(|(_, spec)| spec.name.as_str().chars().count()).max().unwrap_or(0);
    let mut batch = 0;
    for (position, spec) in view.components() {
        if spec.batch != batch {
            batch = spec.batch;
            let _ = writeln!(text, "\nbatch {batch}");
        }
        let line = format!("  {:<width$}  {}", spec.name, view.notes(position, spec));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if !view.request.filter.is_empty() {
        let _ = writeln!(text, "\nfilter: {}", view.request.filter.join(", "));
    }
    let _ = writeln!(text, "\nmacros:");
    for line in view.macros.lines() {
        let _ = writeln!(text, "{}", format!("  {line}").trim_end());
    }
    text
}

/// For programs.
pub(crate) fn plan_json(view: &PlanView<'_>) -> Result<String, CliError> {
    let order = view.request.plan.order;
    let all: Vec<_> = view.components().collect();
    let batches: Vec<Value> = all
        .chunk_by(|(_, a), (_, b)| a.batch == b.batch)
        .map(|group| {
            let components: Vec<Value> = group
                .iter()
                .map(|(position, spec)| {
                    let needs = match order {
                        Order::Batches => json!({ "batches_before": spec.batch }),
                        Order::Graph => json!({ "after": view.after(spec) }),
                    };
                    json!({
                        "name": spec.name,
                        "source": view.source(*position),
                        "needs": needs,
                        "origin": spec.origin,
                        "arches": spec.arches,
                        "buildonly": spec.buildonly,
                        "excluded": spec.excluded.as_ref().map(ToString::to_string),
                        "expected_ms": spec.expected_ms(),
                    })
                })
                .collect();
            json!({ "batch": group[0].1.batch, "components": components })
        })
        .collect();
    let nsvc = view.nsvc;
    to_text(&json!({
        "nsvc": nsvc.to_string(),
        "name": nsvc.name,
        "stream": nsvc.stream,
        "version": nsvc.version.to_string(),
        "context": nsvc.context,
        "arch": view.request.arch,
        "disttag": view.disttag,
        "order": match order { Order::Batches => "buildorder", Order::Graph => "buildafter" },
        "batches": batches,
        "filter": view.request.filter,
        "macros": view.macros,
    }))
}
