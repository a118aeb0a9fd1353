//! Contexts that the packager chooses, with the dependencies that belong to each.

use crate::modulemd::{ConvertError, Dependency, ModuleStream, PackagerV3, StreamSet, Value, ValueMap};
use std::collections::BTreeMap;

/// Why the contexts in `xmd.mbs_options.contexts` are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StaticContextError {
    /// There is no context in it.
    #[error("`xmd.mbs_options.contexts` is not a map with at least one context; add one, or remove it")]
    Empty,
    /// A context says nothing about one side.
    #[error("context `{context}` in `xmd.mbs_options.contexts` has no map `{key}`; add it, if need be an empty one")]
    NoSide {
        /// The context.
        context: String,
        /// `buildrequires` or `requires`.
        key: &'static str,
    },
    /// A stream is not the name of one stream.
    #[error("module `{module}` in `{key}` of context `{context}` needs the name of one stream, and has {found}")]
    Stream {
        /// The context.
        context: String,
        /// `buildrequires` or `requires`.
        key: &'static str,
        /// The module.
        module: String,
        /// What stands there.
        found: String,
    },
}

/// The documents to expand for a stream: one for each context in `xmd.mbs_options.contexts`, else the document itself.
///
/// The dependencies of each context replace those of the document, and `contexts` is removed. Documents whose context
/// is chosen are marked by `xmd.mbs.static_context`, which [`super::expand`] looks at.
///
/// # Errors
/// [`StaticContextError`] for contexts that leave something open.
pub fn static_documents(document: &ModuleStream) -> Result<Vec<ModuleStream>, StaticContextError> {
    let is_static = super::document::has_static_context(document);
    let Some(contexts) = document.mbs_option("contexts").filter(|_| !is_static) else {
        return Ok(vec![document.clone()]);
    };
    let contexts = contexts.as_map().filter(|map| !map.is_empty()).ok_or(StaticContextError::Empty)?;
    let mut common = document.clone();
    let xmd = common.xmd_mut();
    if let Some(options) = xmd.get_mut("mbs_options").and_then(Value::as_map_mut) {
        options.remove("contexts");
        if options.is_empty() {
            xmd.remove("mbs_options");
        }
    }
    let one = |(context, sides): (&String, &Value)| {
        let block = Dependency {
            buildrequires: side(context, sides, "buildrequires")?,
            requires: side(context, sides, "requires")?,
        };
        let document = ModuleStream { context: Some(context.clone()), dependencies: vec![block], ..common.clone() };
        Ok(marked(document))
    };
    contexts.iter().map(one).collect()
}

/// The documents to expand for a packager's document: one for each configuration, with its context.
///
/// # Errors
/// [`ConvertError`] as from [`PackagerV3::expand`].
pub fn packager_documents(document: &PackagerV3) -> Result<Vec<ModuleStream>, ConvertError> {
    Ok(document.expand()?.value.streams.into_iter().map(marked).collect())
}

fn marked(mut document: ModuleStream) -> ModuleStream {
    let mbs = document.xmd_mut().entry("mbs".to_owned()).or_default().make_map();
    mbs.insert("static_context".to_owned(), Value::from(true));
    document
}

fn side(context: &str, sides: &Value, key: &'static str) -> Result<BTreeMap<String, StreamSet>, StaticContextError> {
    let found: Option<&ValueMap> = sides.get(key).and_then(Value::as_map);
    let map = found.ok_or_else(|| StaticContextError::NoSide { context: context.to_owned(), key })?;
    let one = |(module, stream): (&String, &Value)| {
        let refused = |found: &str| StaticContextError::Stream {
            context: context.to_owned(),
            key,
            module: module.clone(),
            found: found.to_owned(),
        };
        match stream {
            Value::Scalar(text) if text.is_typed() && stream.as_bool().is_some() => Err(refused("a truth value")),
            Value::Scalar(text) if text.as_str().is_empty() || (text.is_typed() && text.as_str() == "null") => {
                Err(refused("none"))
            }
            Value::Scalar(text) if text.as_str().starts_with('-') => Err(refused("an excluded stream")),
            Value::Scalar(text) => Ok((module.clone(), StreamSet::one(text.as_str()))),
            Value::List(_) => Err(refused("a list")),
            Value::Map(_) => Err(refused("a map")),
        }
    };
    map.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, Facts, universe};
    use super::super::{ExpandOptions, expand};
    use super::*;
    use crate::modulemd;

    fn options() -> ExpandOptions {
        ExpandOptions { only_compatible_bases: false, ..ExpandOptions::default() }
    }

    /// The platforms and runtime modules of the static context examples.
    fn for_static_contexts() -> Vec<Facts> {
        let mut builds = vec![Facts::base("platform:f28:0:c10"), Facts::base("platform:f29:0:c11")];
        builds.push(Facts::base("platform:f29.2.0:3:c").answers_to("f29"));
        builds
    }

    #[test]
    fn contexts_of_the_packager_are_kept_and_hashed_as_the_original_does() {
        let text = "document: modulemd\nversion: 2\ndata:\n  name: app\n  stream: test\n  summary: A\n  description: B\n  \
            license: {module: [MIT]}\n  xmd:\n    mbs_options:\n      contexts:\n        context1:\n          \
            buildrequires: {platform: f28}\n          requires: {platform: f28, gtk: 1}\n        context2:\n          \
            buildrequires: {platform: f28}\n          requires: {platform: f28, gtk: 2}\n";
        let reading = modulemd::read(text.as_bytes(), "app.yaml", &modulemd::ReadOptions::default());
        let modulemd::Document::Stream(stream) = &reading.documents[0].value else { unreachable!("a stream") };
        let documents = static_documents(stream).expect("contexts");
        assert!(documents.iter().all(|one| one.xmd.as_ref().and_then(|xmd| xmd.get("mbs_options")).is_none()));
        let known = universe(for_static_contexts(), &options());
        let mut found = Vec::new();
        for one in &documents {
            for one in expand(&known, one, &options()).expect("results").results {
                let keys = one.document.xmd_mbs().and_then(Value::as_map).expect("a map");
                assert_eq!(
                    keys.keys().map(String::as_str).collect::<Vec<_>>(),
                    ["buildrequires", "mse", "static_context"]
                );
                found.push(format!("{} {} {}", one.context, one.contexts.build, one.contexts.runtime));
            }
        }
        assert_eq!(
            found,
            [
                "context1 f4bfd8304625d3f2835a5176ee910f50e86cc201 cb33fa81bc376a8767a887f4cb5b45a67520f772",
                "context2 f4bfd8304625d3f2835a5176ee910f50e86cc201 df4306c2bfd24fca495452b6b1867cdccf7aa776",
            ]
        );
    }

    #[test]
    fn configurations_of_a_packager_become_static_contexts() {
        let configuration = |context: &str, platform: &str| modulemd::Configuration {
            context: Some(context.to_owned()),
            platform: Some(platform.to_owned()),
            requires: testing::dependencies(if context == "CTX1" { "nginx[1]" } else { "" }),
            ..Default::default()
        };
        let packager = modulemd::PackagerV3 {
            name: Some("foo".to_owned()),
            stream: Some("master".to_owned()),
            summary: Some("A".to_owned()),
            description: Some("B".to_owned()),
            configurations: vec![configuration("CTX1", "f28"), configuration("CTX2", "f29")],
            ..Default::default()
        };
        let mut documents = packager_documents(&packager).expect("documents");
        // The submission replaces a virtual stream by the newest one that offers it.
        let replaced = testing::set(&["f29.2.0"]);
        documents[1].dependencies[0].buildrequires.insert("platform".to_owned(), replaced);
        let known = universe(for_static_contexts(), &options());
        let results = documents.iter().flat_map(|one| expand(&known, one, &options()).expect("results").results);
        let found: Vec<String> =
            results.map(|one| format!("{} {} {}", one.context, one.contexts.build, one.contexts.runtime)).collect();
        assert_eq!(
            found,
            [
                "CTX1 f4bfd8304625d3f2835a5176ee910f50e86cc201 b442a8057c5b16c25414d6d6909ace9f5487576f",
                "CTX2 deb2cfe4e81122798c05a31f6b4bbf153a4dfe54 d64e1e812ab9b003a6055ee0ba3da6d3e6237ed7",
            ]
        );
    }

    #[test]
    fn contexts_that_leave_something_open_are_refused() {
        let scalar = |text: &str| Value::from(text);
        let map = |pairs: Vec<(&str, Value)>| -> Value { pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect() };
        let refused = |contexts: Value| {
            let mut document = ModuleStream::default();
            document.xmd_mut().insert("mbs_options".to_owned(), map(vec![("contexts", contexts)]));
            static_documents(&document).expect_err("refused").to_string()
        };
        let empty = "`xmd.mbs_options.contexts` is not a map with at least one context; add one, or remove it";
        assert_eq!(refused(map(vec![])), empty);
        assert_eq!(refused(scalar("x")), empty);
        let half = map(vec![("c", map(vec![("requires", map(vec![]))]))]);
        assert!(refused(half).starts_with("context `c` in `xmd.mbs_options.contexts` has no map `buildrequires`"));
        for (stream, found) in [
            (scalar(""), "none"),
            (scalar("-f28"), "an excluded stream"),
            (Value::from(true), "a truth value"),
            (Value::List(vec![scalar("f28")]), "a list"),
        ] {
            let sides = vec![("buildrequires", map(vec![("platform", stream)])), ("requires", map(vec![]))];
            let text = refused(map(vec![("c", map(sides))]));
            assert!(text.ends_with(&format!("needs the name of one stream, and has {found}")), "{text}");
        }
    }
}
