//! `modulemd` version 1 to version 2.

use super::loss::{Converted, Loss, drop_unknown};
use crate::modulemd::model::{Artifacts, DependenciesV1, Dependency, ModuleStream, ServiceLevel, StreamSet, StreamV1};
use crate::modulemd::path::KeyPath;
use std::collections::BTreeMap;

impl From<StreamV1> for ModuleStream {
    /// Every field goes over. `eol` lives on as the service level `rawhide`, and the two maps of dependencies become
    /// one item whose sets name one stream each.
    fn from(old: StreamV1) -> Self {
        upgraded(old).value
    }
}

pub(crate) fn upgraded(old: StreamV1) -> Converted<ModuleStream> {
    let mut losses = Vec::new();
    let sets = |modules: BTreeMap<String, String>| {
        modules.into_iter().map(|(module, stream)| (module, StreamSet::one(stream))).collect()
    };
    let mut servicelevels = old.servicelevels;
    if old.eol.is_some() {
        let before = servicelevels.insert("rawhide".to_owned(), ServiceLevel { eol: old.eol });
        if before.is_some_and(|before| before.eol.is_some() && before.eol != old.eol) {
            let path = ["data", "servicelevels", "rawhide", "eol"];
            losses.push(Loss::new(path, "`eol` is the same fact, and another day stands there"));
        }
    }
    let mut dependencies = Vec::new();
    if old.dependencies != DependenciesV1::default() {
        dependencies.push(Dependency {
            buildrequires: sets(old.dependencies.buildrequires),
            requires: sets(old.dependencies.requires),
        });
    }
    let mut unknown = old.unknown;
    let reason = "not known in version 1, so it was never more than a text";
    drop_unknown(&mut unknown, &["static_context", "demodularized", "dependencies"], reason, &mut losses);
    let rpm_map = KeyPath::new(["data", "artifacts", "rpm-map"]);
    if unknown.remove(rpm_map.steps()) {
        losses.push(Loss { path: rpm_map, reason });
    }
    let stream = ModuleStream {
        name: old.name,
        stream: old.stream,
        version: old.version,
        context: old.context,
        arch: old.arch,
        summary: old.summary,
        description: old.description,
        servicelevels,
        license: old.license,
        xmd: old.xmd,
        dependencies,
        references: old.references,
        profiles: old.profiles,
        api: old.api,
        filter: old.filter,
        buildopts: old.buildopts,
        components: old.components,
        artifacts: Artifacts { rpms: old.artifacts.rpms, rpm_map: BTreeMap::new() },
        unknown,
        ..ModuleStream::default()
    };
    Converted::new(stream, losses)
}
