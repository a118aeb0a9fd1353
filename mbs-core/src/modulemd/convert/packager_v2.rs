//! `modulemd-packager` version 2: to a stream, and back.

use super::loss::{Converted, Loss, drop_unknown};
use crate::modulemd::model::{License, ModuleStream, PackagerV2};
use crate::modulemd::path::KeyPath;
use std::collections::BTreeSet;

/// Keys of a stream that the document does not have.
const STREAM_ONLY: &[&str] =
    &["name", "stream", "version", "context", "arch", "servicelevels", "xmd", "buildopts", "artifacts"];

const NO_KEY: &str = "`modulemd-packager` version 2 has no such key";

impl From<PackagerV2> for ModuleStream {
    /// Every field goes over; what only a build fills in is absent.
    fn from(document: PackagerV2) -> Self {
        stream_of(document).value
    }
}

pub(crate) fn stream_of(document: PackagerV2) -> Converted<ModuleStream> {
    let mut losses = Vec::new();
    let mut unknown = document.unknown;
    let content = KeyPath::new(["data", "license", "content"]);
    if unknown.remove(content.steps()) || !document.license.content.is_empty() {
        losses.push(Loss { path: content, reason: NO_KEY });
    }
    drop_unknown(&mut unknown, STREAM_ONLY, NO_KEY, &mut losses);
    let stream = ModuleStream {
        static_context: document.static_context,
        summary: document.summary,
        description: document.description,
        license: License { module: document.license.module, content: BTreeSet::new() },
        dependencies: document.dependencies,
        references: document.references,
        profiles: document.profiles,
        api: document.api,
        filter: document.filter,
        demodularized: document.demodularized,
        components: document.components,
        unknown,
        ..ModuleStream::default()
    };
    Converted::new(stream, losses)
}

impl ModuleStream {
    /// The packager's document of the stream. What a build system fills in, `xmd` and the build options are losses:
    /// the document has no place for them.
    pub fn to_packager_v2(&self) -> Converted<PackagerV2> {
        let absent = Self::default();
        let lost = [
            ("name", self.name != absent.name),
            ("stream", self.stream != absent.stream),
            ("version", self.version != absent.version),
            ("context", self.context != absent.context),
            ("arch", self.arch != absent.arch),
            ("servicelevels", !self.servicelevels.is_empty()),
            ("xmd", self.xmd.is_some()),
            ("buildopts", self.buildopts != absent.buildopts),
            ("artifacts", !self.artifacts.is_empty()),
        ];
        let mut losses: Vec<Loss> =
            lost.iter().filter(|(_, given)| *given).map(|(key, _)| Loss::new(["data", key], NO_KEY)).collect();
        if !self.license.content.is_empty() {
            losses.push(Loss::new(["data", "license", "content"], NO_KEY));
        }
        let mut unknown = self.unknown.clone();
        drop_unknown(&mut unknown, STREAM_ONLY, "what it stands in is lost", &mut losses);
        let document = PackagerV2 {
            static_context: self.static_context,
            summary: self.summary.clone(),
            description: self.description.clone(),
            license: License { module: self.license.module.clone(), content: BTreeSet::new() },
            dependencies: self.dependencies.clone(),
            references: self.references.clone(),
            profiles: self.profiles.clone(),
            api: self.api.clone(),
            filter: self.filter.clone(),
            demodularized: self.demodularized.clone(),
            components: self.components.clone(),
            unknown,
        };
        Converted::new(document, losses)
    }
}
