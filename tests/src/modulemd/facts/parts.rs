//! Facts of the parts that several kinds of documents share.

use mbs_core::modulemd::{BuildOpts, Components, ModuleComponent, Profile, References, RpmComponent, StreamSet};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A map with the facts of each value.
pub(super) fn each<V>(map: &BTreeMap<String, V>, facts: impl Fn(&str, &V) -> Value) -> Value {
    Value::Object(map.iter().map(|(key, value)| (key.clone(), facts(key, value))).collect::<Map<_, _>>())
}

pub(super) fn references(references: &References) -> Value {
    json!({
        "community": references.community,
        "documentation": references.documentation,
        "tracker": references.tracker,
    })
}

pub(super) fn buildopts(options: &BuildOpts) -> Value {
    json!({
        "macros": options.rpms.macros,
        "whitelist": options.rpms.whitelist,
        "arches": options.arches,
    })
}

pub(super) fn profiles(profiles: &BTreeMap<String, Profile>) -> Value {
    each(
        profiles,
        |_, profile| json!({"description": profile.description, "rpms": profile.rpms, "default": profile.default}),
    )
}

pub(super) fn components(components: &Components) -> Value {
    json!({"rpms": each(&components.rpms, rpm), "modules": each(&components.modules, |_, one| module(one))})
}

fn rpm(key: &str, one: &RpmComponent) -> Value {
    json!({
        "rationale": one.rationale,
        "name": one.package(key),
        "repository": one.repository,
        "cache": one.cache,
        "ref": one.git_ref,
        "buildroot": one.buildroot,
        "srpm_buildroot": one.srpm_buildroot,
        "buildonly": one.buildonly,
        "buildorder": one.buildorder,
        "buildafter": one.buildafter,
        "arches": one.arches,
        "multilib": one.multilib,
    })
}

fn module(one: &ModuleComponent) -> Value {
    json!({
        "rationale": one.rationale,
        "repository": one.repository,
        "ref": one.git_ref,
        "buildorder": one.buildorder,
        "buildonly": one.buildonly,
    })
}

/// Modules with the set of their streams.
pub(super) fn stream_sets(modules: &BTreeMap<String, StreamSet>) -> Value {
    each(modules, |_, streams| json!(streams.0))
}

/// Modules with their one stream.
pub(super) fn single_streams(modules: &BTreeMap<String, StreamSet>) -> Value {
    each(modules, |_, streams| json!(streams.0.first()))
}
