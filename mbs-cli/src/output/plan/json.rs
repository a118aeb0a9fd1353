//! A plan for programs. Versions are strings: they exceed what many readers of JSON take for a number.

use super::super::json::to_text;
use super::view::{BuildView, PlanView};
use crate::error::CliError;
use mbs_core::modulemd::{Dependency, ModuleStream, StreamSet, write};
use mbs_core::plan::{Order, PlannedComponent};
use mbs_core::resolve::Pick;
use mbs_core::source::redact;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The plan as JSON.
pub(crate) fn plan_json(view: &PlanView<'_>) -> Result<String, CliError> {
    let warnings: Vec<Value> =
        view.warnings.iter().map(|warning| json!({ "code": warning.code, "message": warning.message })).collect();
    let first = view.builds.first();
    to_text(&json!({
        "name": first.map(|build| &build.nsvc().name),
        "stream": first.map(|build| &build.nsvc().stream),
        "contexts": view.builds.iter().map(build).collect::<Vec<_>>(),
        "warnings": warnings,
    }))
}

fn build(view: &BuildView<'_>) -> Value {
    let (nsvc, request, names) = (view.nsvc(), view.request(), &view.foreseen.names);
    let contexts = &view.planned.contexts;
    let existing = view.existing().map(|(id, state)| json!({ "id": id, "state": state }));
    json!({
        "nsvc": nsvc.to_string(),
        "name": nsvc.name,
        "stream": nsvc.stream,
        "version": nsvc.version.to_string(),
        "context": nsvc.context,
        "build_context": contexts.build,
        "build_context_no_bms": contexts.build_no_bms,
        "runtime_context": contexts.runtime,
        "scratch": view.planned.new.scratch,
        "arch": request.arch,
        "block": view.planned.block,
        "existing": existing,
        "disttag": names.disttag,
        "koji_tag": names.koji_tag,
        "koji_target": names.koji_target,
        "cg_tag": names.cg_tag,
        "nvr": format!("{}-{}-{}", names.nvr.name, names.nvr.version, names.nvr.release),
        "dependencies": view.planned.document.dependencies.iter().map(dependency).collect::<Vec<_>>(),
        "buildrequires": view.planned.picks.iter().map(pick).collect::<Map<_, _>>(),
        "order": match request.plan.order { Order::Batches => "buildorder", Order::Graph => "buildafter" },
        "batches": batches(view),
        "rebuild_strategy": request.strategy,
        "reuse": {
            "from": request.reuse.from.as_ref().map(|module| module.nsvc.to_string()),
            "build": request.reuse.from.as_ref().and_then(|module| module.build),
            "reasons": request.reuse.reasons,
        },
        "estimated_ms": view.estimated_ms(),
        "filter": request.filter,
        "macros": view.macros,
        "modulemd": write(&shown(&view.planned.document)),
    })
}

/// The document without credentials in addresses.
fn shown(document: &ModuleStream) -> ModuleStream {
    let mut document = document.clone();
    let hide = |address: &mut Option<String>| {
        if let Some(text) = address {
            *text = redact(text);
        }
    };
    for component in document.components.rpms.values_mut() {
        hide(&mut component.repository);
        hide(&mut component.cache);
    }
    for module in document.components.modules.values_mut() {
        hide(&mut module.repository);
    }
    document
}

fn dependency(block: &Dependency) -> Value {
    let lists = |all: &BTreeMap<String, StreamSet>| -> Map<String, Value> {
        all.iter().map(|(name, set)| (name.clone(), json!(set.0))).collect()
    };
    json!({ "buildrequires": lists(&block.buildrequires), "requires": lists(&block.requires) })
}

fn pick(pick: &Pick) -> (String, Value) {
    let facts = &pick.facts;
    let nsvc = &facts.nsvc;
    let value = json!({
        "nsvc": nsvc.to_string(),
        "stream": nsvc.stream,
        "version": nsvc.version.to_string(),
        "context": nsvc.context,
        "ref": facts.commit,
        "koji_tag": facts.koji_tag,
        "repository": facts.repository,
        "state": facts.state,
        "direct": pick.direct,
        "assumed": facts.is_assumed(),
    });
    (nsvc.name.to_string(), value)
}

fn batches(view: &BuildView<'_>) -> Vec<Value> {
    let all: Vec<_> = view.components().collect();
    let groups = all.chunk_by(|(_, a), (_, b)| a.batch == b.batch);
    groups
        .map(|group| {
            let components: Vec<Value> = group.iter().map(|(at, spec)| component(view, *at, spec)).collect();
            json!({ "batch": group[0].1.batch, "components": components })
        })
        .collect()
}

fn component(view: &BuildView<'_>, position: usize, spec: &PlannedComponent) -> Value {
    let needs = match view.request().plan.order {
        Order::Batches => json!({ "batches_before": spec.batch }),
        Order::Graph => json!({ "after": view.after(spec) }),
    };
    let source = view.request().sources.get(position).and_then(Option::as_ref);
    let reuse = view.reuse(position);
    json!({
        "name": spec.name,
        "source": view.source(position),
        "ref": source.and_then(|source| source.git_ref.as_ref()),
        "commit": source.and_then(|source| source.commit.as_ref()),
        "needs": needs,
        "origin": spec.origin,
        "arches": spec.arches,
        "buildonly": spec.buildonly,
        "excluded": spec.excluded.as_ref().map(ToString::to_string),
        "expected_ms": spec.expected_ms(),
        "reused": reuse.is_some_and(|decision| decision.reused.is_some()),
        "reused_nvr": reuse.and_then(|decision| Some(&decision.reused.as_ref()?.built.as_ref()?.nvr)),
        "reasons": reuse.map_or_else(|| json!([]), |decision| json!(decision.reasons)),
    })
}
