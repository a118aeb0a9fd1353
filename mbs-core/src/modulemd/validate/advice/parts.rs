//! What the kinds of stream documents have in common.

use crate::modulemd::model::{
    Components, Dependency, ModuleStream, PackagerV2, PackagerV3, Profile, RpmMapEntry, StreamV1,
};
use std::collections::{BTreeMap, BTreeSet};

/// `rpm-map`.
pub(super) type RpmMap = BTreeMap<String, BTreeMap<String, RpmMapEntry>>;

/// The parts of a document that advice looks at; nothing where its kind has no such part.
#[derive(Clone, Copy)]
pub(super) struct Parts<'m> {
    pub(super) name: Option<&'m str>,
    /// 0 for what has not been built.
    pub(super) version: u64,
    pub(super) context: Option<&'m str>,
    pub(super) static_context: bool,
    pub(super) arch: Option<&'m str>,
    pub(super) summary: Option<&'m str>,
    pub(super) description: Option<&'m str>,
    pub(super) content_licenses: Option<&'m BTreeSet<String>>,
    pub(super) dependencies: Option<&'m [Dependency]>,
    pub(super) profiles: &'m BTreeMap<String, Profile>,
    pub(super) api: &'m BTreeSet<String>,
    pub(super) filter: &'m BTreeSet<String>,
    pub(super) demodularized: Option<&'m BTreeSet<String>>,
    pub(super) arches: Option<&'m BTreeSet<String>>,
    pub(super) components: &'m Components,
    pub(super) artifacts: Option<&'m BTreeSet<String>>,
    pub(super) rpm_map: Option<&'m RpmMap>,
}

impl<'m> Parts<'m> {
    /// What every kind has.
    fn new(
        profiles: &'m BTreeMap<String, Profile>,
        api: &'m BTreeSet<String>,
        filter: &'m BTreeSet<String>,
        components: &'m Components,
    ) -> Self {
        Self {
            name: None,
            version: 0,
            context: None,
            static_context: false,
            arch: None,
            summary: None,
            description: None,
            content_licenses: None,
            dependencies: None,
            profiles,
            api,
            filter,
            demodularized: None,
            arches: None,
            components,
            artifacts: None,
            rpm_map: None,
        }
    }
}

impl<'m> From<&'m ModuleStream> for Parts<'m> {
    fn from(stream: &'m ModuleStream) -> Self {
        Self {
            name: stream.name.as_deref(),
            version: stream.version,
            context: stream.context.as_deref(),
            static_context: stream.static_context,
            arch: stream.arch.as_deref(),
            summary: stream.summary.as_deref(),
            description: stream.description.as_deref(),
            content_licenses: Some(&stream.license.content),
            dependencies: Some(&stream.dependencies),
            demodularized: Some(&stream.demodularized.rpms),
            arches: Some(&stream.buildopts.arches),
            artifacts: Some(&stream.artifacts.rpms),
            rpm_map: Some(&stream.artifacts.rpm_map),
            ..Self::new(&stream.profiles, &stream.api.rpms, &stream.filter.rpms, &stream.components)
        }
    }
}

impl<'m> From<&'m StreamV1> for Parts<'m> {
    fn from(stream: &'m StreamV1) -> Self {
        Self {
            name: stream.name.as_deref(),
            version: stream.version,
            context: stream.context.as_deref(),
            arch: stream.arch.as_deref(),
            summary: stream.summary.as_deref(),
            description: stream.description.as_deref(),
            content_licenses: Some(&stream.license.content),
            arches: Some(&stream.buildopts.arches),
            artifacts: Some(&stream.artifacts.rpms),
            ..Self::new(&stream.profiles, &stream.api.rpms, &stream.filter.rpms, &stream.components)
        }
    }
}

impl<'m> From<&'m PackagerV2> for Parts<'m> {
    fn from(packager: &'m PackagerV2) -> Self {
        Self {
            summary: packager.summary.as_deref(),
            description: packager.description.as_deref(),
            dependencies: Some(&packager.dependencies),
            demodularized: Some(&packager.demodularized.rpms),
            ..Self::new(&packager.profiles, &packager.api.rpms, &packager.filter.rpms, &packager.components)
        }
    }
}

impl<'m> From<&'m PackagerV3> for Parts<'m> {
    fn from(packager: &'m PackagerV3) -> Self {
        Self {
            name: packager.name.as_deref(),
            summary: packager.summary.as_deref(),
            description: packager.description.as_deref(),
            demodularized: Some(&packager.demodularized.rpms),
            ..Self::new(&packager.profiles, &packager.api.rpms, &packager.filter.rpms, &packager.components)
        }
    }
}
