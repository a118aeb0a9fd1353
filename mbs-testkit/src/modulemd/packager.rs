//! Packagers' documents.

use super::Maker;
use mbs_core::modulemd::{Configuration, License, PackagerV2, PackagerV3, StreamSet, UnknownKeys};
use std::collections::BTreeSet;

impl Maker {
    /// A `modulemd-packager` version 2 document.
    pub fn packager_v2(&mut self) -> PackagerV2 {
        let module = self.license().module;
        PackagerV2 {
            static_context: self.flip(),
            summary: Some(self.text()),
            description: Some(self.text()),
            license: License { module, content: BTreeSet::new() },
            dependencies: self.dependencies(),
            references: self.references(),
            profiles: self.profiles(),
            api: self.api(),
            filter: self.api(),
            demodularized: self.api(),
            components: self.components(&BTreeSet::new()),
            unknown: UnknownKeys::default(),
        }
    }

    /// A `modulemd-packager` version 3 document with at least one configuration.
    pub fn packager_v3(&mut self) -> PackagerV3 {
        let arches = self.set(2, Self::text);
        let contexts = {
            let mut contexts = self.set(2, |maker| maker.word(10));
            contexts.insert(self.word(10));
            contexts
        };
        let one = |maker: &mut Self| StreamSet::one(maker.text());
        let configurations = contexts
            .into_iter()
            .map(|context| Configuration {
                context: Some(context),
                platform: Some(self.text()),
                buildrequires: self.map(2, Self::text, one),
                requires: self.map(2, Self::text, one),
                buildopts: self.buildopts(&arches),
            })
            .collect();
        PackagerV3 {
            name: self.option(Self::text),
            stream: self.option(Self::text),
            summary: Some(self.text()),
            description: Some(self.text()),
            license: self.set(2, Self::text),
            xmd: self.xmd(),
            configurations,
            references: self.references(),
            profiles: self.profiles(),
            api: self.api(),
            filter: self.api(),
            demodularized: self.api(),
            components: self.components(&arches),
            unknown: UnknownKeys::default(),
        }
    }
}
