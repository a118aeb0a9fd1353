//! Streams back to one `modulemd-packager` version 3 document.

use super::error::ConvertError;
use super::loss::{Converted, Loss, drop_unknown};
use crate::modulemd::model::{Configuration, Defaults, Dependency, ModuleStream, PackagerV3, StreamSet};
use crate::modulemd::path::KeyPath;
use std::collections::{BTreeMap, BTreeSet};

/// Longest context of a configuration.
const LONGEST: usize = 10;

const NO_KEY: &str = "`modulemd-packager` version 3 has no such key";

impl PackagerV3 {
    /// The packager's document whose configurations are these streams. All but context, dependencies and build options
    /// must be equal; each stream has one alternative of dependencies with one stream for each module, `platform`
    /// among them on both sides. `defaults` of the module, if given, mark the default profiles of the stream.
    ///
    /// What only a build fills in is lost.
    ///
    /// # Errors
    /// What prevents it, by name: [`ConvertError::Different`], [`ConvertError::Alternatives`],
    /// [`ConvertError::ManyStreams`], [`ConvertError::Platform`], [`ConvertError::Context`],
    /// [`ConvertError::NoStreams`].
    pub fn from_streams(
        streams: &[ModuleStream],
        defaults: Option<&Defaults>,
    ) -> Result<Converted<Self>, ConvertError> {
        to_packager_v3(streams, defaults)
    }
}

pub(super) fn to_packager_v3(
    streams: &[ModuleStream],
    defaults: Option<&Defaults>,
) -> Result<Converted<PackagerV3>, ConvertError> {
    let Some(first) = streams.first() else { return Err(ConvertError::NoStreams) };
    let mut contexts = BTreeSet::new();
    let mut configurations = Vec::with_capacity(streams.len());
    let mut losses = Vec::new();
    for (index, stream) in streams.iter().enumerate() {
        let number = index + 1;
        if let Some(path) = difference(first, stream) {
            return Err(ConvertError::Different { path, number });
        }
        let context = context(stream, number)?;
        if !contexts.insert(context.clone()) {
            return Err(ConvertError::Context { number, context, problem: "belongs to another stream, too" });
        }
        configurations.push(configuration(stream, context, number)?);
        lost(stream, &mut losses);
    }
    losses.sort();
    losses.dedup();
    let mut profiles = first.profiles.clone();
    let own = defaults.filter(|defaults| first.name.as_deref() == Some(defaults.module.as_str()));
    if let Some(own) = own {
        let reason = "belongs into a document of defaults";
        let given = [("stream", own.stream.is_some()), ("intents", !own.intents.is_empty())];
        losses.extend(given.iter().filter(|(_, given)| *given).map(|(key, _)| Loss::new(["data", key], reason)));
    }
    let default_profiles = own.and_then(|defaults| defaults.profiles.get(first.stream.as_deref()?));
    for name in default_profiles.into_iter().flatten() {
        if let Some(profile) = profiles.get_mut(name) {
            profile.default = true;
        }
    }
    let mut unknown = first.unknown.clone();
    let inside = ["dependencies", "buildopts", "servicelevels", "artifacts", "license", "configurations"];
    drop_unknown(&mut unknown, &inside, "what it stands in is lost", &mut losses);
    let document = PackagerV3 {
        name: first.name.clone(),
        stream: first.stream.clone(),
        summary: first.summary.clone(),
        description: first.description.clone(),
        license: first.license.module.clone(),
        xmd: first.xmd.clone(),
        configurations,
        references: first.references.clone(),
        profiles,
        api: first.api.clone(),
        filter: first.filter.clone(),
        demodularized: first.demodularized.clone(),
        components: first.components.clone(),
        unknown,
    };
    Ok(Converted::new(document, losses))
}

/// The first place where streams differ that one document has only once.
fn difference(a: &ModuleStream, b: &ModuleStream) -> Option<KeyPath> {
    let differs = [
        ("name", a.name != b.name),
        ("stream", a.stream != b.stream),
        ("summary", a.summary != b.summary),
        ("description", a.description != b.description),
        ("license", a.license.module != b.license.module),
        ("xmd", a.xmd != b.xmd),
        ("references", a.references != b.references),
        ("profiles", a.profiles != b.profiles),
        ("api", a.api != b.api),
        ("filter", a.filter != b.filter),
        ("demodularized", a.demodularized != b.demodularized),
        ("components", a.components != b.components),
    ];
    differs.iter().find(|(_, differs)| *differs).map(|(key, _)| KeyPath::new(["data", key]))
}

fn context(stream: &ModuleStream, number: usize) -> Result<String, ConvertError> {
    let context = stream.context.clone().unwrap_or_default();
    let problem = if context.is_empty() {
        "is missing; a configuration needs one"
    } else if context.len() > LONGEST {
        "is longer than 10 characters"
    } else if !context.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        "holds a character other than letters and digits"
    } else {
        return Ok(context);
    };
    Err(ConvertError::Context { number, context, problem })
}

fn configuration(stream: &ModuleStream, context: String, number: usize) -> Result<Configuration, ConvertError> {
    let [item] = stream.dependencies.as_slice() else {
        return Err(match stream.dependencies.len() {
            0 => ConvertError::Platform { number },
            count => ConvertError::Alternatives { number, count },
        });
    };
    let platform = platform(item).ok_or(ConvertError::Platform { number })?;
    let side = |name: &str, modules: &BTreeMap<String, StreamSet>| {
        let mut singles = BTreeMap::new();
        for (module, streams) in modules.iter().filter(|(module, _)| *module != "platform") {
            if streams.single().is_none() {
                let path = KeyPath::new(["data", "dependencies"]).index(0).key(name).key(module);
                return Err(ConvertError::ManyStreams { number, module: module.clone(), path });
            }
            singles.insert(module.clone(), streams.clone());
        }
        Ok(singles)
    };
    Ok(Configuration {
        context: Some(context),
        platform: Some(platform.to_owned()),
        buildrequires: side("buildrequires", &item.buildrequires)?,
        requires: side("requires", &item.requires)?,
        buildopts: stream.buildopts.clone(),
    })
}

/// The one stream of the platform, if it is the same on both sides.
fn platform(item: &Dependency) -> Option<&str> {
    let build = item.buildrequires.get("platform")?.single()?;
    (item.requires.get("platform")?.single()? == build).then_some(build)
}

fn lost(stream: &ModuleStream, losses: &mut Vec<Loss>) {
    let given = [
        ("version", stream.version != 0),
        ("arch", stream.arch.is_some()),
        ("servicelevels", !stream.servicelevels.is_empty()),
        ("artifacts", !stream.artifacts.is_empty()),
    ];
    losses.extend(given.iter().filter(|(_, given)| *given).map(|(key, _)| Loss::new(["data", key], NO_KEY)));
    if !stream.license.content.is_empty() {
        losses.push(Loss::new(["data", "license", "content"], NO_KEY));
    }
}
