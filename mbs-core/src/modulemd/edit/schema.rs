//! What the format says about places: order of keys, kinds of values. All of it is asked of the model.

use crate::modulemd::model::DocumentKind;
use crate::modulemd::path::{KeyPath, Step};
use crate::modulemd::schema::{Shape, shapes};

/// The kind of a document, as far as its keys depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(DocumentKind);

/// What may stand in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Text,
    /// A stream name, which always gets quotes.
    Stream,
    Unsigned,
    Signed,
    Flag,
    /// A date or time, which needs no quotes.
    Date,
    /// A list of texts whose order means nothing; one text stands for a list of one.
    Set,
    List,
    Map,
    /// The format does not say.
    Free,
}

impl Kind {
    /// By the values of `document` and `version`. What is not known is taken for a stream, as is version 2 of
    /// `modulemd-packager`, whose keys are some of a stream's.
    pub(super) fn of(document: Option<&str>, version: Option<&str>) -> Self {
        Self(match (document, version) {
            (Some("modulemd" | "modulemd-stream"), Some("1")) => DocumentKind::StreamV1,
            (Some("modulemd-packager"), Some("3")) => DocumentKind::PackagerV3,
            (Some("modulemd-defaults"), _) => DocumentKind::Defaults,
            (Some("modulemd-translations"), _) => DocumentKind::Translations,
            (Some("modulemd-obsoletes"), _) => DocumentKind::Obsoletes,
            _ => DocumentKind::Stream,
        })
    }

    /// Whether the document has configurations in place of dependencies.
    pub(super) fn has_configurations(self) -> bool {
        self.0 == DocumentKind::PackagerV3
    }

    /// The keys of the map at this path in the order of the writer; nothing for maps whose keys are free.
    pub(super) fn keys(self, path: &KeyPath) -> Option<Vec<&'static str>> {
        if path.steps().is_empty() {
            return Some(vec!["document", "version", "data"]);
        }
        let Shape::Struct(name) = self.shape(path)? else { return None };
        Some(shapes(self.0).1.get(name)?.iter().map(|(key, _)| *key).collect())
    }

    /// What may stand at the path.
    pub(super) fn field(self, path: &KeyPath) -> Field {
        match path.steps() {
            [] => return Field::Map,
            [Step::Key(key)] if key == "document" => return Field::Text,
            [Step::Key(key)] if key == "version" => return Field::Unsigned,
            _ => {}
        }
        match self.shape(path) {
            None | Some(Shape::Nothing | Shape::Value) => Field::Free,
            Some(Shape::Text) => match path.steps().last() {
                Some(Step::Key(key)) if key == "stream" || key == "platform" => Field::Stream,
                _ => Field::Text,
            },
            Some(Shape::Bool) => Field::Flag,
            Some(Shape::Unsigned) => Field::Unsigned,
            Some(Shape::Signed) => Field::Signed,
            Some(Shape::Day | Shape::Minute) => Field::Date,
            Some(Shape::Set) => Field::Set,
            Some(Shape::List(_)) => Field::List,
            Some(Shape::Map(_) | Shape::Struct(_)) => Field::Map,
        }
    }

    /// The shape of the value at a path; nothing where the format knows no key.
    fn shape(self, path: &KeyPath) -> Option<&'static Shape> {
        let (data, structs) = shapes(self.0);
        let (first, below) = path.steps().split_first()?;
        if !matches!(first, Step::Key(key) if key == "data") {
            return None;
        }
        below.iter().try_fold(data, |shape, step| match (shape, step) {
            (Shape::Struct(name), Step::Key(key)) => {
                structs.get(name)?.iter().find(|(known, _)| known == key).map(|(_, shape)| shape)
            }
            (Shape::Map(value), Step::Key(_)) => Some(&**value),
            (Shape::List(item), Step::Index(_)) => Some(&**item),
            (Shape::Set, _) => Some(&Shape::Text),
            (Shape::Value, _) => Some(shape),
            _ => None,
        })
    }

    /// Whether short lists below this key are usually written in brackets.
    pub(super) fn is_short_list(path: &KeyPath) -> bool {
        let last = path.steps().iter().rev().map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) | Step::Item(_) => "",
        });
        let last: Vec<&str> = last.take(2).collect();
        matches!(last.as_slice(), ["arches" | "multilib" | "buildafter", ..] | [_, "buildrequires" | "requires"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: DocumentKind, path: &str) -> Field {
        Kind(kind).field(&path.parse().expect("a path"))
    }

    #[test]
    fn places_have_kinds() {
        for (path, wanted) in [
            ("version", Field::Unsigned),
            ("data", Field::Map),
            ("data.stream", Field::Stream),
            ("data.summary", Field::Text),
            ("data.version", Field::Unsigned),
            ("data.static_context", Field::Flag),
            ("data.components", Field::Map),
            ("data.components.rpms", Field::Map),
            ("data.components.rpms.a", Field::Map),
            ("data.components.rpms.a.ref", Field::Text),
            ("data.components.modules.a.buildorder", Field::Signed),
            ("data.components.rpms.a.buildafter", Field::Set),
            ("data.api.rpms", Field::Set),
            ("data.api", Field::Map),
            ("data.buildopts.rpms", Field::Map),
            ("data.buildopts.rpms.macros", Field::Text),
            ("data.license", Field::Map),
            ("data.license.module", Field::Set),
            ("data.dependencies", Field::List),
            ("data.dependencies[0].requires.platform", Field::Set),
            ("data.profiles.default", Field::Map),
            ("data.profiles.default.rpms", Field::Set),
            ("data.servicelevels.rawhide.eol", Field::Date),
            ("data.xmd.a.b", Field::Free),
            ("data.unknown", Field::Free),
        ] {
            assert_eq!(field(DocumentKind::Stream, path), wanted, "{path}");
        }
        assert_eq!(field(DocumentKind::StreamV1, "data.dependencies"), Field::Map);
        assert_eq!(field(DocumentKind::StreamV1, "data.dependencies.requires.platform"), Field::Stream);
        assert_eq!(field(DocumentKind::PackagerV3, "data.license"), Field::Set);
        assert_eq!(field(DocumentKind::PackagerV3, "data.configurations[0].platform"), Field::Stream);
        assert_eq!(field(DocumentKind::Obsoletes, "data.modified"), Field::Date);
        assert_eq!(field(DocumentKind::Defaults, "data.modified"), Field::Unsigned);
        assert_eq!(field(DocumentKind::Defaults, "data.profiles.f29"), Field::Set);
    }
}
