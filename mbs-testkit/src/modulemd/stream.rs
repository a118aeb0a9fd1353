//! Streams.

use super::Maker;
use mbs_core::modulemd::{
    Artifacts, ArtifactsV1, DependenciesV1, Dependency, ModuleStream, RpmMapEntry, StreamV1, UnknownKeys,
};
use std::collections::{BTreeMap, BTreeSet};

impl Maker {
    /// A `modulemd` version 2 document.
    pub fn stream(&mut self) -> ModuleStream {
        let static_context = self.flip();
        let arches = self.set(2, Self::text);
        ModuleStream {
            name: self.option(Self::text),
            stream: self.option(Self::text),
            version: self.unsigned(),
            context: self.option(|maker| if static_context { maker.word(13) } else { maker.text() }),
            static_context,
            arch: self.option(Self::text),
            summary: Some(self.text()),
            description: Some(self.text()),
            servicelevels: self.servicelevels(),
            license: self.license(),
            xmd: self.xmd(),
            dependencies: self.dependencies(),
            references: self.references(),
            profiles: self.profiles(),
            api: self.api(),
            filter: self.api(),
            demodularized: self.api(),
            buildopts: self.buildopts(&arches),
            components: self.components(&arches),
            artifacts: self.artifacts(),
            unknown: UnknownKeys::default(),
        }
    }

    /// A `modulemd` version 1 document.
    pub fn stream_v1(&mut self) -> StreamV1 {
        let arches = self.set(2, Self::text);
        let mut servicelevels = self.servicelevels();
        // The same as `eol`.
        servicelevels.remove("rawhide");
        StreamV1 {
            name: self.option(Self::text),
            stream: self.option(Self::text),
            version: self.unsigned(),
            context: self.option(Self::text),
            arch: self.option(Self::text),
            summary: Some(self.text()),
            description: Some(self.text()),
            eol: self.option(Self::day),
            servicelevels,
            license: self.license(),
            xmd: self.xmd(),
            dependencies: DependenciesV1 {
                buildrequires: self.map(3, Self::text, Self::text),
                requires: self.map(3, Self::text, Self::text),
            },
            references: self.references(),
            profiles: self.profiles(),
            api: self.api(),
            filter: self.api(),
            buildopts: self.buildopts(&arches),
            components: self.components(&arches),
            artifacts: ArtifactsV1 { rpms: self.artifacts().rpms },
            unknown: UnknownKeys::default(),
        }
    }

    pub(super) fn dependencies(&mut self) -> Vec<Dependency> {
        let count = self.rng.usize(0..3);
        let one = |maker: &mut Self| Dependency {
            buildrequires: maker.map(3, Self::text, Self::stream_set),
            requires: maker.map(3, Self::text, Self::stream_set),
        };
        (0..count).map(|_| one(self)).collect()
    }

    fn artifacts(&mut self) -> Artifacts {
        let entries: BTreeMap<String, RpmMapEntry> = self.map(4, Self::text, |maker| {
            let mut entry = RpmMapEntry {
                name: maker.word(8),
                epoch: maker.epoch(),
                version: maker.word(4),
                release: maker.word(4),
                arch: maker.word(6),
                nevra: String::new(),
            };
            entry.nevra = entry.joined();
            entry
        });
        let rpms: BTreeSet<String> = entries.values().map(RpmMapEntry::joined).collect();
        let rpm_map = if entries.is_empty() { BTreeMap::new() } else { self.map(2, Self::text, |_| entries.clone()) };
        Artifacts { rpms, rpm_map }
    }
}
