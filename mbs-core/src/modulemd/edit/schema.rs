//! What the format says about places: order of keys, kinds of values.

use crate::modulemd::path::{KeyPath, Step};

/// The kind of a document, as far as the order of its keys depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `modulemd` and `modulemd-packager` version 2, and whatever is not known.
    Stream,
    /// `modulemd-packager` version 3.
    Packager,
    Defaults,
    Translations,
    Obsoletes,
}

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
    List,
    Map,
    /// The format does not say.
    Free,
}

impl Kind {
    /// By the values of `document` and `version`.
    pub(super) fn of(document: Option<&str>, version: Option<&str>) -> Self {
        match (document, version) {
            (Some("modulemd-packager"), Some("3")) => Self::Packager,
            (Some("modulemd-defaults"), _) => Self::Defaults,
            (Some("modulemd-translations"), _) => Self::Translations,
            (Some("modulemd-obsoletes"), _) => Self::Obsoletes,
            _ => Self::Stream,
        }
    }

    /// The keys of the map at this path in the order of the writer; nothing for maps whose keys are free.
    pub(super) fn keys(self, path: &KeyPath) -> Option<&'static [&'static str]> {
        let steps = names(path);
        Some(match (self, steps.as_slice()) {
            (_, []) => &["document", "version", "data"],
            (Self::Stream, ["data"]) => STREAM,
            (Self::Packager, ["data"]) => PACKAGER,
            (Self::Defaults, ["data"]) => &["module", "modified", "stream", "profiles", "intents"],
            (Self::Defaults, ["data", "intents", _]) => &["stream", "profiles"],
            (Self::Translations, ["data"]) => &["module", "stream", "modified", "translations"],
            (Self::Translations, ["data", "translations", _]) => &["summary", "description", "profiles"],
            (Self::Obsoletes, ["data"]) => OBSOLETES,
            (Self::Obsoletes, ["data", "obsoleted_by"]) => &["module", "stream"],
            (Self::Stream | Self::Packager, ["data", below @ ..]) => part(below)?,
            _ => return None,
        })
    }

    /// What may stand at the path.
    #[expect(clippy::match_same_arms, clippy::unnested_or_patterns, reason = "grouped by place, as the format is")]
    pub(super) fn field(self, path: &KeyPath) -> Field {
        let steps = names(path);
        match steps.as_slice() {
            [] | ["data"] => Field::Map,
            ["document"] => Field::Text,
            ["version"] | ["data", "version" | "modified"] if self != Self::Obsoletes || steps.len() == 1 => {
                Field::Unsigned
            }
            ["data", "modified" | "eol_date"] => Field::Date,
            ["data", "xmd", ..] => Field::Free,
            ["data", "stream"] | ["data", "obsoleted_by", "stream"] | ["data", "intents", _, "stream"] => Field::Stream,
            ["data", "static_context" | "reset"] => Field::Flag,
            ["data", "servicelevels", _, "eol"] | ["data", "eol"] => Field::Date,
            ["data", "dependencies" | "configurations"] => Field::List,
            ["data", "license"] if self == Self::Packager => Field::List,
            ["data", "license", "module" | "content"]
            | ["data", "api" | "filter" | "demodularized" | "artifacts", "rpms"] => Field::List,
            ["data", "profiles", _] if self == Self::Defaults => Field::List,
            ["data", "profiles", _, "rpms"] | ["data", "intents", _, "profiles", _] => Field::List,
            ["data", "profiles", _, "default"] => Field::Flag,
            ["data", "dependencies" | "configurations", _, "buildrequires" | "requires", _] => Field::List,
            ["data", "configurations", _, "platform"] => Field::Stream,
            ["data", "buildopts", "arches"] | ["data", "buildopts", "rpms", "whitelist"] => Field::List,
            ["data", "configurations", _, "buildopts", "arches"]
            | ["data", "configurations", _, "buildopts", "rpms", "whitelist"] => Field::List,
            ["data", "components", _, _, key] => match *key {
                "buildroot" | "srpm-buildroot" | "buildonly" => Field::Flag,
                "buildorder" => Field::Signed,
                "buildafter" | "arches" | "multilib" => Field::List,
                _ => Field::Text,
            },
            ["data", "artifacts", "rpm-map", _, _, "epoch"] => Field::Unsigned,
            ["data", "components", _]
            | ["data", "components", _, _]
            | ["data", "dependencies" | "configurations", _, "buildrequires" | "requires"]
            | ["data", "profiles" | "servicelevels" | "translations" | "intents"]
            | ["data", "profiles" | "servicelevels" | "translations" | "intents", _] => Field::Map,
            _ if self.keys(path).is_some() => Field::Map,
            [.., last] => {
                let mut parent = path.clone();
                parent.pop();
                if self.keys(&parent).is_some_and(|keys| keys.contains(last)) { Field::Text } else { Field::Free }
            }
        }
    }

    /// Whether short lists below this key are usually written in brackets.
    pub(super) fn is_short_list(path: &KeyPath) -> bool {
        matches!(
            names(path).as_slice(),
            [.., "arches" | "multilib" | "buildafter"] | [.., "buildrequires" | "requires", _]
        )
    }
}

fn names(path: &KeyPath) -> Vec<&str> {
    let mut names = Vec::with_capacity(path.steps().len());
    for step in path.steps() {
        names.push(match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) | Step::Item(_) => "[]",
        });
    }
    names
}

/// The parts that stream and packager documents share.
fn part(below: &[&str]) -> Option<&'static [&'static str]> {
    Some(match below {
        ["license"] => &["module", "content"],
        ["dependencies", _] => &["buildrequires", "requires"],
        ["configurations", _] => &["context", "platform", "buildrequires", "requires", "buildopts"],
        ["references"] => &["community", "documentation", "tracker"],
        ["profiles", _] => &["description", "rpms", "default"],
        ["servicelevels", _] => &["eol"],
        ["api" | "filter" | "demodularized"] => &["rpms"],
        ["buildopts"] | ["configurations", _, "buildopts"] => &["rpms", "arches"],
        ["buildopts", "rpms"] | ["configurations", _, "buildopts", "rpms"] => &["macros", "whitelist"],
        ["components"] => &["rpms", "modules"],
        ["components", "rpms", _] => RPM_COMPONENT,
        ["components", "modules", _] => &["rationale", "repository", "ref", "buildorder", "buildonly"],
        ["artifacts"] => &["rpms", "rpm-map"],
        ["artifacts", "rpm-map", _, _] => &["name", "epoch", "version", "release", "arch", "nevra"],
        _ => return None,
    })
}

const STREAM: &[&str] = &[
    "name",
    "stream",
    "version",
    "context",
    "static_context",
    "arch",
    "summary",
    "description",
    "eol",
    "servicelevels",
    "license",
    "xmd",
    "dependencies",
    "references",
    "profiles",
    "api",
    "filter",
    "demodularized",
    "buildopts",
    "components",
    "artifacts",
];

const PACKAGER: &[&str] = &[
    "name",
    "stream",
    "summary",
    "description",
    "license",
    "xmd",
    "configurations",
    "references",
    "profiles",
    "api",
    "filter",
    "demodularized",
    "components",
];

const OBSOLETES: &[&str] = &["modified", "reset", "module", "stream", "context", "eol_date", "message", "obsoleted_by"];

const RPM_COMPONENT: &[&str] = &[
    "rationale",
    "name",
    "repository",
    "cache",
    "ref",
    "buildroot",
    "srpm-buildroot",
    "buildorder",
    "buildafter",
    "buildonly",
    "arches",
    "multilib",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: Kind, path: &str) -> Field {
        kind.field(&path.parse().expect("a path"))
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
            ("data.components.rpms.a.buildafter", Field::List),
            ("data.api.rpms", Field::List),
            ("data.api", Field::Map),
            ("data.buildopts.rpms", Field::Map),
            ("data.buildopts.rpms.macros", Field::Text),
            ("data.license", Field::Map),
            ("data.license.module", Field::List),
            ("data.dependencies[0].requires.platform", Field::List),
            ("data.profiles.default", Field::Map),
            ("data.profiles.default.rpms", Field::List),
            ("data.servicelevels.rawhide.eol", Field::Date),
            ("data.xmd.a.b", Field::Free),
            ("data.unknown", Field::Free),
        ] {
            assert_eq!(field(Kind::Stream, path), wanted, "{path}");
        }
        assert_eq!(field(Kind::Packager, "data.license"), Field::List);
        assert_eq!(field(Kind::Packager, "data.configurations[0].platform"), Field::Stream);
        assert_eq!(field(Kind::Obsoletes, "data.modified"), Field::Date);
        assert_eq!(field(Kind::Defaults, "data.modified"), Field::Unsigned);
        assert_eq!(field(Kind::Defaults, "data.profiles.f29"), Field::List);
    }
}
