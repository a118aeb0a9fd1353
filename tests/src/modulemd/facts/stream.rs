//! Facts of streams.

use super::parts::{buildopts, components, each, profiles, references, stream_sets};
use super::xmd::xmd;
use mbs_core::modulemd::{ModuleStream, ServiceLevel, StreamV1};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn stream(one: &ModuleStream) -> Value {
    let dependencies: Vec<Value> = one
        .dependencies
        .iter()
        .map(|item| json!({"buildrequires": stream_sets(&item.buildrequires), "requires": stream_sets(&item.requires)}))
        .collect();
    // A digest without checksums cannot be asked for.
    let mut held = one.artifacts.rpm_map.clone();
    held.retain(|_, checksums| !checksums.is_empty());
    let rpm_map = each(&held, |_, checksums| {
        each(checksums, |_, entry| {
            json!({
                "name": entry.name,
                "epoch": entry.epoch.to_string(),
                "version": entry.version,
                "release": entry.release,
                "arch": entry.arch,
                "nevra": entry.nevra,
            })
        })
    });
    json!({
        "kind": "modulemd",
        "mdversion": 2,
        "name": one.name,
        "stream": one.stream,
        "version": one.version.to_string(),
        "context": one.context,
        "arch": one.arch,
        "nsvca": nsvca(one.name.as_ref(), one.stream.as_ref(), one.version, one.context.as_ref(), one.arch.as_ref()),
        "summary": one.summary,
        "description": one.description,
        "servicelevels": servicelevels(&one.servicelevels),
        "license": one.license.module,
        "content_license": one.license.content,
        "xmd": xmd(one.xmd.as_ref()),
        "references": references(&one.references),
        "profiles": profiles(&one.profiles),
        "api": one.api.rpms,
        "filter": one.filter.rpms,
        "buildopts": buildopts(&one.buildopts),
        "components": components(&one.components),
        "artifacts": one.artifacts.rpms,
        "dependencies": dependencies,
        "static_context": one.static_context,
        "demodularized": one.demodularized.rpms,
        "rpm_map": rpm_map,
    })
}

pub(super) fn stream_v1(one: &StreamV1) -> Value {
    let mut levels = one.servicelevels.clone();
    if one.eol.is_some() {
        levels.insert("rawhide".to_owned(), ServiceLevel { eol: one.eol });
    }
    json!({
        "kind": "modulemd",
        "mdversion": 1,
        "name": one.name,
        "stream": one.stream,
        "version": one.version.to_string(),
        "context": one.context,
        "arch": one.arch,
        "nsvca": nsvca(one.name.as_ref(), one.stream.as_ref(), one.version, one.context.as_ref(), one.arch.as_ref()),
        "summary": one.summary,
        "description": one.description,
        "servicelevels": servicelevels(&levels),
        "license": one.license.module,
        "content_license": one.license.content,
        "xmd": xmd(one.xmd.as_ref()),
        "references": references(&one.references),
        "profiles": profiles(&one.profiles),
        "api": one.api.rpms,
        "filter": one.filter.rpms,
        "buildopts": buildopts(&one.buildopts),
        "components": components(&one.components),
        "artifacts": one.artifacts.rpms,
        "requires": one.dependencies.requires,
        "buildrequires": one.dependencies.buildrequires,
    })
}

fn servicelevels(levels: &BTreeMap<String, ServiceLevel>) -> Value {
    // Years beyond 9999 have no sign there.
    each(levels, |_, level| json!(level.eol.map(|day| day.to_string().trim_start_matches('+').to_owned())))
}

/// `name:stream:version:context:arch` as the format has it: what is unset is empty, colons at the end are left out. The
/// getter of libmodulemd gives none without a name, and keeps one colon where everything is empty.
fn nsvca(
    name: Option<&String>,
    stream: Option<&String>,
    version: u64,
    context: Option<&String>,
    arch: Option<&String>,
) -> Option<String> {
    let version = if version == 0 { String::new() } else { version.to_string() };
    let text = |part: Option<&String>| part.cloned().unwrap_or_default();
    let joined = [name.cloned()?, text(stream), version, text(context), text(arch)].join(":");
    let trimmed = joined.trim_end_matches(':');
    Some(if trimmed.is_empty() { ":" } else { trimmed }.to_owned())
}
