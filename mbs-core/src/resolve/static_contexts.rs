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
