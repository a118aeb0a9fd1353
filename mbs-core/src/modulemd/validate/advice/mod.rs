//! Advice: what the format allows and the packaging guidelines, or common sense, do not. Only given on request.
//!
//! Every piece of it is a warning, and each keeps silent where the document does not tell enough to be sure.

mod arches;
mod artifacts;
mod components;
mod defaults;
mod dependencies;
mod duplicates;
mod packages;
mod parts;
mod texts;

#[cfg(test)]
mod tests;

pub(crate) use duplicates::duplicates;

use super::checker::{Checker, Finding};
use crate::modulemd::model::Document;
use parts::Parts;

/// Advice on a document that is free of errors. Paths begin with `data`. Duplicate items of lists are not noticed:
/// the model does not hold them.
pub fn advise(document: &Document) -> Vec<Finding> {
    let mut checker = Checker::new(false);
    check_advice(&mut checker, document);
    checker.finish()
}

pub(crate) fn check_advice(checker: &mut Checker, document: &Document) {
    match document {
        Document::StreamV1(stream) => checker.advise_parts(&Parts::from(&**stream)),
        Document::Stream(stream) => checker.advise_parts(&Parts::from(&**stream)),
        Document::PackagerV2(packager) => checker.advise_parts(&Parts::from(&**packager)),
        Document::PackagerV3(packager) => {
            checker.advise_parts(&Parts::from(&**packager));
            checker.advise_configurations(packager);
        }
        Document::Defaults(defaults) => checker.advise_defaults(defaults),
        Document::Obsoletes(obsoletes) => checker.advise_obsoletes(obsoletes),
        Document::Translations(_) | Document::Unknown(_) => {}
    }
}

impl Checker {
    fn advise_parts(&mut self, parts: &Parts<'_>) {
        self.advise_texts(parts);
        self.advise_packages(parts);
        self.advise_components(parts);
        self.advise_dependencies(parts);
        self.advise_artifacts(parts);
        self.advise_arches(parts);
    }
}

/// The first few of some names, and how many more there are.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const SHOWN: usize = 5;
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> =
        names.iter().take(SHOWN).map(|name| format!("`{}`", crate::modulemd::yaml::tape::shorten(name))).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
