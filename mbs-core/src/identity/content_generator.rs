//! What the module itself is called when it is imported as a build of its own.

use crate::{ModuleName, NameError, Nsvc, StreamName, TagName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The form of content-generator tags unless configured otherwise; `{}` stands for the base module's stream.
pub const DEFAULT_CG_TAG_TEMPLATE: &str = "{}-modular-updates-candidate";

/// The content-generator tag of builds without base module unless configured otherwise.
pub const DEFAULT_CG_TAG: &str = "modular-updates-candidate";

/// Chooses the tag of the imported module: the template with the stream of the first base module, else the fallback.
///
/// `base` are names in the order of the configuration; `dependencies` are those resolved buildrequires that have a
/// tag in the build system. Ask only for builds that are tagged at all: scratch builds are not imported.
///
/// # Errors
/// [`NameError`] when the result is not a tag name, or when the template holds another placeholder.
pub fn content_generator_tag(
    template: &str,
    fallback: &str,
    base: &[ModuleName],
    dependencies: &BTreeMap<ModuleName, StreamName>,
) -> Result<TagName, NameError> {
    match base.iter().find_map(|name| dependencies.get(name)) {
        Some(stream) => TagName::new(fill(template, stream)?),
        None => TagName::new(fallback),
    }
}

/// Puts a stream into a template: at `{}` or `{0}`; doubled braces stand for single ones.
fn fill(template: &str, stream: &StreamName) -> Result<String, NameError> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        filled.push_str(before);
        let patterns = [("{{", "{"), ("}}", "}"), ("{}", stream.as_str()), ("{0}", stream.as_str())];
        let found = patterns.iter().find_map(|(from, to)| Some((brace.strip_prefix(from)?, to)));
        let Some((after, text)) = found else {
            return Err(NameError {
                kind: "tag template",
                text: template.to_owned(),
                problem: "holds a brace that belongs neither to `{}` nor to `{{` or `}}`",
            });
        };
        filled.push_str(text);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Name, version and release of the module itself as a build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModuleNvr {
    /// The module's name.
    pub name: ModuleName,
    /// Its stream with `_` for each `-`.
    pub version: String,
    /// Version and context, joined by a dot.
    pub release: String,
}

impl ModuleNvr {
    /// The companion build that holds what the module filters out.
    ///
    /// # Errors
    /// [`NameError`] when the name becomes too long.
    pub fn devel(&self) -> Result<Self, NameError> {
        Ok(Self { name: ModuleName::new(format!("{}-devel", self.name))?, ..self.clone() })
    }
}

impl From<&Nsvc> for ModuleNvr {
    fn from(nsvc: &Nsvc) -> Self {
        Self {
            name: nsvc.name.clone(),
            version: nsvc.stream.as_str().replace('-', "_"),
            release: format!("{}.{}", nsvc.version, nsvc.context),
        }
    }
}

impl fmt::Display for ModuleNvr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.name, self.version, self.release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_with_a_foreign_placeholder_is_refused() {
        let stream = StreamName::new("f28").expect("stream");
        for bad in ["{stream}-x", "{", "}", "{1}", "{{}"] {
            let error = fill(bad, &stream).expect_err(bad);
            assert!(error.to_string().starts_with(&format!("tag template `{bad}` holds a brace")), "{error}");
        }
    }
}
