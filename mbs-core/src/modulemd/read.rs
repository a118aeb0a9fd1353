//! The reader: every document, every problem.

use super::de::{from_node, unsigned};
use super::diagnostic::{Code, Diagnostic, Problem, Sink};
use super::limits::Limits;
use super::locate::Locator;
use super::model::{Document, ModuleStream, PackagerV2, PackagerV3};
use super::path::KeyPath;
use super::validate::{Checker, check_packager_v2, check_packager_v3, check_stream};
use super::yaml::builder::Budget;
use super::yaml::documents::Documents;
use super::yaml::input::Input;
use super::yaml::lines::Lines;
use super::yaml::tape::{Node, Tape, shorten};

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Unknown keys, duplicate keys and documents that are not understood are errors, not warnings.
    pub strict: bool,
    /// The documents are going to be built: names that cannot be file names, circles in `buildafter` and the like are
    /// errors, not warnings.
    pub build: bool,
    /// Bounds on the input.
    pub limits: Limits,
}

impl ReadOptions {
    /// Strict reading, as a packager's own file deserves.
    pub fn strict() -> Self {
        Self { strict: true, ..Self::default() }
    }

    /// Lenient reading, for documents of others.
    pub fn lenient() -> Self {
        Self::default()
    }

    /// Sets [`ReadOptions::build`].
    pub fn for_build(mut self) -> Self {
        self.build = true;
        self
    }

    /// Sets the limits.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// A value and the document it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Located<T> {
    /// Number of the document in the input, from 0; bad documents count.
    pub document: usize,
    /// Line of the document's first character, from 1.
    pub line: u32,
    /// Byte positions of the document's first byte and of the byte behind it, in the input as UTF-8.
    pub span: (usize, usize),
    /// What was read.
    pub value: T,
}

/// What [`read`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The documents without errors.
    pub documents: Vec<Located<Document>>,
    /// All problems in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Whether any document has an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Reads all documents of an input: UTF-8, or UTF-16 with a byte order mark. `file` names the input in diagnostics.
///
/// Never fails as a whole, but for an input above [`Limits::bytes`]. Takes time and memory linear in the input.
pub fn read(bytes: &[u8], file: &str, options: &ReadOptions) -> Reading {
    let mut reading = Reading::default();
    // Text in UTF-16 grows by half at most when it becomes UTF-8, and positions in that must fit 32 bits.
    let limit = options.limits.bytes.min(u32::MAX as usize / 2);
    if bytes.len() > limit {
        let mut lines = Lines::new(bytes);
        let sink = sink(options);
        let message = format!("the input has {} bytes, more than {limit}", bytes.len());
        sink.push(Problem::at_byte(Code::InputSize, 0, message).hint("the limit is `bytes`"));
        reading.diagnostics = sink.finish(None, &mut lines, file, 0);
        return reading;
    }
    let input = Input::decode(bytes);
    let mut lines = Lines::new(input.bytes());
    let mut number = 0;
    // One tape for all documents, one after the other.
    let mut tape = Tape::new();
    let mut budget = Budget::new(options.limits);
    for (start, end) in input.chunks() {
        // The size limit keeps positions in 32 bits.
        let base = u32::try_from(start).unwrap_or(u32::MAX);
        let text = match std::str::from_utf8(&input.bytes()[start..end]) {
            Ok(text) => text,
            Err(error) => {
                let place = base.saturating_add(u32::try_from(error.valid_up_to()).unwrap_or(u32::MAX));
                let sink = sink(options);
                if number >= options.limits.documents {
                    sink.push(too_many(base, options));
                    reading.diagnostics.extend(sink.finish(None, &mut lines, file, number));
                    return reading;
                }
                sink.push(
                    Problem::at_byte(Code::Encoding, place, "the document is not valid UTF-8")
                        .hint("save the file as UTF-8"),
                );
                reading.diagnostics.extend(sink.finish(None, &mut lines, file, number));
                number += 1;
                continue;
            }
        };
        let mut documents = Documents::new(text, base, &mut budget);
        while let Some(result) = documents.next(&mut tape) {
            let sink = sink(options);
            if number >= options.limits.documents {
                sink.push(too_many(result.as_ref().map_or(base, |()| tape.span.0), options));
                reading.diagnostics.extend(sink.finish(None, &mut lines, file, number));
                return reading;
            }
            if let Err(problem) = result {
                sink.push(*problem);
                reading.diagnostics.extend(sink.finish(None, &mut lines, file, number));
            } else {
                let value = document(&tape, &sink, options);
                let (line, _) = lines.find(tape.span.0);
                let span = (tape.span.0 as usize, tape.span.1 as usize);
                reading.documents.extend(value.map(|value| Located { document: number, line, span, value }));
                reading.diagnostics.extend(sink.finish(Some(&tape), &mut lines, file, number));
            }
            number += 1;
        }
    }
    reading
}

fn too_many(place: u32, options: &ReadOptions) -> Problem {
    let message = format!("more than {} documents; the rest is not read", options.limits.documents);
    Problem::at_byte(Code::DocumentLimit, place, message).hint("the limit is `documents`")
}

fn sink(options: &ReadOptions) -> Sink {
    Sink::new(options.strict, options.limits.problems)
}

/// The three keys of every document.
struct Envelope<'t> {
    kind: &'t str,
    version: u64,
    data: Node<'t>,
}

fn document(tape: &Tape<'_>, sink: &Sink, options: &ReadOptions) -> Option<Document> {
    let root = tape.root()?;
    let Some(envelope) = envelope(root, sink) else {
        debug_assert!(sink.failed(), "an envelope is missing only with an error");
        return None;
    };
    let mut checker = Checker::new(options.build);
    let document = match (envelope.kind, envelope.version) {
        ("modulemd" | "modulemd-stream", 2) => {
            let stream: ModuleStream = from_node(envelope.data, sink);
            check_stream(&mut checker, &stream);
            Document::Stream(Box::new(stream))
        }
        ("modulemd-packager", 2) => {
            let packager: PackagerV2 = from_node(envelope.data, sink);
            check_packager_v2(&mut checker, &packager);
            Document::PackagerV2(Box::new(packager))
        }
        ("modulemd-packager", 3) => {
            let packager: PackagerV3 = from_node(envelope.data, sink);
            check_packager_v3(&mut checker, &packager);
            Document::PackagerV3(Box::new(packager))
        }
        (kind, version) => Document::Other { kind: kind.to_owned(), version },
    };
    let mut locator = Locator::new(root);
    for finding in checker.finish() {
        let (node, missing) = locator.find(&finding.path, finding.on_key);
        let mut problem = Problem::at_entry(finding.code, node.index(), finding.message).severity(finding.severity);
        problem.below = missing.unwrap_or_default();
        problem.expected = finding.expected;
        problem.hint = finding.hint;
        sink.push(problem);
    }
    (!sink.failed()).then_some(document)
}

/// Finds the envelope; what is missing or unknown is noted. A document of an unknown kind or version passes if that is
/// no error.
fn envelope<'t>(root: Node<'t>, sink: &'t Sink) -> Option<Envelope<'t>> {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Keys {
        document: serde::de::IgnoredAny,
        version: serde::de::IgnoredAny,
        data: serde::de::IgnoredAny,
    }

    let Some(pairs) = root.pairs() else {
        sink.push(
            Problem::at_entry(Code::NotMap, root.index(), "the document is not a map")
                .found(root.describe())
                .expected("a map with `document`, `version` and `data`"),
        );
        return None;
    };
    let _: Keys = from_node(root, sink);
    let last = |name: &str| pairs.clone().filter(|(key, _)| key.scalar() == Some(name)).last().map(|(_, value)| value);
    let missing = |code, key: &str, hint: &str| {
        let message = format!("key `{key}` is missing");
        sink.push(Problem::at_entry(code, root.index(), message).below(KeyPath::new([key])).hint(hint));
    };
    let kind = last("document");
    let version = last("version");
    let data = last("data");
    if kind.is_none() {
        missing(Code::NoKind, "document", "a module stream starts with `document: modulemd`");
    }
    let kind = kind.map(|node| {
        let text = node.scalar().unwrap_or_default();
        if node.scalar().is_none() {
            sink.push(Problem::at_entry(Code::WantText, node.index(), "not a text").found(node.describe()));
        } else if !KINDS.iter().any(|(known, _)| *known == text) {
            sink.push_lenient(
                Problem::at_entry(Code::UnknownKind, node.index(), format!("unknown document `{}`", shorten(text)))
                    .expected("`modulemd`, `modulemd-packager` or another modulemd document"),
            );
        }
        text
    });
    if version.is_none() {
        missing(Code::NoVersion, "version", "today's `modulemd` documents have `version: 2`");
    }
    let number: u64 = version.map(|node| from_node(node, sink)).unwrap_or_default();
    if let Some(node) = version
        && node.scalar().is_some_and(|text| unsigned(text) == Ok(0))
    {
        sink.push(Problem::at_entry(Code::NoVersion, node.index(), "the version of the document is 0"));
    }
    if let (Some(kind), Some(node)) = (kind, version)
        && number != 0
        && let Some((_, versions)) = KINDS.iter().find(|(known, _)| *known == kind)
    {
        if !versions.contains(&number) {
            let shown: Vec<String> = versions.iter().map(|version| format!("`{version}`")).collect();
            sink.push_lenient(
                Problem::at_entry(
                    Code::UnknownVersion,
                    node.index(),
                    format!("no version {number} of `{kind}` is known"),
                )
                .expected(shown.join(" or ")),
            );
        } else if !matches!((kind, number), ("modulemd" | "modulemd-stream" | "modulemd-packager", 2 | 3)) {
            let message = format!("the content of `{kind}` version {number} is not read by this version");
            sink.push_lenient(Problem::at_entry(Code::NotUnderstood, node.index(), message));
        }
    }
    match data {
        None => missing(Code::NoData, "data", "the content of the document stands below `data`"),
        Some(node) if node.pairs().is_none() => {
            let problem = Problem::at_entry(Code::WantMap, node.index(), "`data` is not a map");
            sink.push(problem.found(node.describe()).expected("a map"));
        }
        Some(_) => {}
    }
    let data = data.filter(|node| node.pairs().is_some())?;
    Some(Envelope { kind: kind?, version: (number != 0).then_some(number)?, data })
}

/// Known kinds of documents and their versions.
const KINDS: [(&str, &[u64]); 6] = [
    ("modulemd", &[1, 2]),
    ("modulemd-stream", &[1, 2]),
    ("modulemd-packager", &[2, 3]),
    ("modulemd-defaults", &[1]),
    ("modulemd-translations", &[1]),
    ("modulemd-obsoletes", &[1]),
];
