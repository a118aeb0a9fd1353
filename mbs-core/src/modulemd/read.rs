//! The reader: every document, every problem.

use super::diagnostic::{Code, Diagnostic, Problem, Sink};
use super::document::document;
use super::input::decode;
use super::limits::Limits;
use super::model::Document;
use super::yaml::builder::Budget;
use super::yaml::documents::Documents;
use super::yaml::input::Input;
use super::yaml::lines::Lines;
use super::yaml::tape::Tape;

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is one choice of its own")]
pub struct ReadOptions {
    /// Unknown keys, duplicate keys and documents that are not understood are errors, not warnings.
    pub strict: bool,
    /// The documents are going to be built: names that cannot be file names, circles in `buildafter` and the like are
    /// errors, not warnings.
    pub build: bool,
    /// Advice is given too: warnings about what the format allows and the packaging guidelines do not. Costs time.
    pub advice: bool,
    /// Excluded streams beside wanted ones are a warning, not an error: the format refuses them, but builds have always
    /// taken the wanted ones and ignored the others. Expansion refuses what would be left of them in its results.
    pub takes_mixed_streams: bool,
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

    /// Sets [`ReadOptions::advice`].
    pub fn with_advice(mut self) -> Self {
        self.advice = true;
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
/// Compressed input is unpacked first ([`decode`]). Never fails as a whole, but for an input above [`Limits::bytes`] or
/// compressed data that is not whole. Takes time and memory linear in the input.
pub fn read(bytes: &[u8], file: &str, options: &ReadOptions) -> Reading {
    let mut reading = Reading::default();
    let text = match decode(bytes, &options.limits) {
        Ok(text) => text,
        Err(error) => {
            let sink = sink(options);
            sink.push(error.problem());
            reading.diagnostics = sink.finish(None, &mut Lines::new(&[]), file, 0);
            return reading;
        }
    };
    let input = Input::decode(&text);
    let mut lines = Lines::new(input.bytes());
    let mut number = 0;
    // One tape for all documents, one after the other.
    let mut tape = Tape::new();
    let mut budget = Budget::new(options.limits);
    let mut chunks = input.chunks();
    while let Some((start, end)) = chunks.next() {
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
            if result.is_err()
                && let Some(position) = documents.dangling()
                && chunks.begin_at(position)
            {
                break;
            }
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
