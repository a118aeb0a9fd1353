//! The three keys of every document: what it is, in which version, and its content.

use super::de::{from_node, unsigned};
use super::diagnostic::{Code, Problem, Sink};
use super::model::DocumentKind;
use super::path::KeyPath;
use super::yaml::tape::{Node, shorten};

/// What a document is.
pub(crate) enum Kind {
    Known(DocumentKind),
    Unknown { kind: String, version: u64 },
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Keys {
    document: serde::de::IgnoredAny,
    version: serde::de::IgnoredAny,
    data: serde::de::IgnoredAny,
}

/// Kind and content of a document; what is missing, wrong or unknown is noted. Nothing after an error that leaves
/// nothing to read. Of an unknown document, which is kept whole, the content is the root.
pub(crate) fn envelope<'t>(root: Node<'t>, sink: &'t Sink) -> Option<(Kind, Node<'t>)> {
    let Some(pairs) = root.pairs() else {
        sink.push(
            Problem::at_entry(Code::NotMap, root.index(), "the document is not a map")
                .found(root.describe())
                .expected("a map with `document`, `version` and `data`"),
        );
        return None;
    };
    let last = |name: &str| pairs.clone().filter(|(key, _)| key.scalar() == Some(name)).last().map(|(_, value)| value);
    let missing = |code, key: &str, hint: &str| {
        let message = format!("key `{key}` is missing");
        sink.push(Problem::at_entry(code, root.index(), message).below(KeyPath::new([key])).hint(hint));
    };
    let kind = last("document");
    let version = last("version");
    let data = last("data");
    if let Some(node) = kind
        && let Some(text) = node.scalar()
        && DocumentKind::versions(text).is_empty()
    {
        sink.push_lenient(
            Problem::at_entry(Code::UnknownKind, node.index(), format!("unknown document `{}`", shorten(text)))
                .expected("`modulemd`, `modulemd-packager` or another modulemd document"),
        );
        let version = version.and_then(Node::scalar).and_then(|text| unsigned(text).ok()).unwrap_or_default();
        return Some((Kind::Unknown { kind: text.to_owned(), version }, root));
    }
    let _: Keys = from_node(root, sink);
    match kind {
        None => missing(Code::NoKind, "document", "a module stream starts with `document: modulemd`"),
        Some(node) if node.scalar().is_none() => {
            sink.push(Problem::at_entry(Code::WantText, node.index(), "not a text").found(node.describe()));
        }
        Some(_) => {}
    }
    if version.is_none() {
        missing(Code::NoVersion, "version", "today's `modulemd` documents have `version: 2`");
    }
    let number: u64 = version.map(|node| from_node(node, sink)).unwrap_or_default();
    if let Some(node) = version
        && node.scalar().is_some_and(|text| unsigned(text) == Ok(0))
    {
        sink.push(Problem::at_entry(Code::NoVersion, node.index(), "the version of the document is 0"));
    }
    match data {
        None => missing(Code::NoData, "data", "the content of the document stands below `data`"),
        Some(node) if node.pairs().is_none() => {
            let problem = Problem::at_entry(Code::WantMap, node.index(), "`data` is not a map");
            sink.push(problem.found(node.describe()).expected("a map"));
        }
        Some(_) => {}
    }
    let text = kind.and_then(Node::scalar)?;
    let node = version.filter(|_| number != 0)?;
    if let Some(known) = DocumentKind::known(text, number) {
        return Some((Kind::Known(known), data.filter(|node| node.pairs().is_some())?));
    }
    let shown: Vec<String> = DocumentKind::versions(text).iter().map(|version| format!("`{version}`")).collect();
    sink.push_lenient(
        Problem::at_entry(Code::UnknownVersion, node.index(), format!("no version {number} of `{text}` is known"))
            .expected(shown.join(" or ")),
    );
    Some((Kind::Unknown { kind: text.to_owned(), version: number }, root))
}
