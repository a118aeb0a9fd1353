//! Reads the list of parts.

use super::part::Part;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Why a text is no list of parts, or lacks one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RepomdError {
    /// It is not XML in UTF-8.
    #[error("`repomd.xml` is broken at line {line}: {problem}; fetch it again, or make the metadata again")]
    Broken {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// It is XML of another kind.
    #[error("`repomd.xml` begins with `<{found}>`, expected `<repomd>`; is this the address of a repository?")]
    NotRepomd {
        /// The root element.
        found: String,
    },
    /// There is no such part.
    #[error(
        "the repository has no `{kind}` metadata, only {}; `mbs index attach` adds it to a local one",
        shown(known)
    )]
    NoPart {
        /// The part that was wanted.
        kind: &'static str,
        /// The parts that are there.
        known: Vec<String>,
    },
}

fn shown(known: &[String]) -> String {
    if known.is_empty() {
        return "an empty list".to_owned();
    }
    known.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", ")
}

/// The list of parts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repomd {
    /// Revision of the repository; often the time it was made, in seconds since 1970.
    pub revision: Option<String>,
    /// The parts in the order of the text.
    pub parts: Vec<Part>,
    /// Where the end tag of the list stands in the text, in bytes.
    pub(super) end: usize,
    /// What stands before the names of the list's own elements, with a colon; mostly nothing.
    pub(super) prefix: String,
}

impl Repomd {
    /// Reads `repomd.xml`. Elements and attributes that are not known are skipped, as is a document type.
    ///
    /// # Errors
    /// [`RepomdError::Broken`] for what is not well-formed, [`RepomdError::NotRepomd`] for another root element.
    pub fn parse(text: &str) -> Result<Self, RepomdError> {
        let mark = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
        let mut scan = Scan { text, open: Vec::new(), content: String::new(), part: Part::default() };
        let mut found = Self { revision: None, parts: Vec::new(), end: 0, prefix: String::new() };
        let mut reader = Reader::from_str(&text[mark..]);
        reader.config_mut().expand_empty_elements = true;
        let mut at = mark;
        loop {
            let event = reader.read_event().map_err(|error| {
                let place = usize::try_from(reader.error_position()).unwrap_or(usize::MAX).saturating_add(mark);
                scan.broken(place, &error)
            })?;
            let behind = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).saturating_add(mark);
            match event {
                Event::Start(tag) => {
                    if scan.open.is_empty() {
                        let name = tag.name().0;
                        if tag.local_name().as_ref() != "repomd" || found.end != 0 {
                            return Err(RepomdError::NotRepomd { found: name.escape_debug().to_string() });
                        }
                        name.strip_suffix("repomd").unwrap_or_default().clone_into(&mut found.prefix);
                    }
                    scan.start(&tag, at)?;
                }
                Event::End(_) => {
                    let open = scan.open.pop().unwrap_or_default();
                    match (scan.open.len(), open.as_str()) {
                        (0, _) => found.end = at,
                        (1, "revision") => found.revision = Some(scan.content.trim().to_owned()),
                        (1, "data") => {
                            scan.part.span.end = behind;
                            found.parts.push(std::mem::take(&mut scan.part));
                        }
                        (2, name) => scan.fill(name),
                        _ => {}
                    }
                }
                Event::Text(text) => scan.content.push_str(&text.xml10_content()),
                Event::CData(text) => scan.content.push_str(&text.xml10_content()),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(character)) => scan.content.push(character),
                    Ok(None) => match quick_xml::escape::resolve_predefined_entity(&name) {
                        Some(text) => scan.content.push_str(text),
                        None => return Err(scan.broken(at, &format!("unknown entity `&{};`", &*name))),
                    },
                    Err(error) => return Err(scan.broken(at, &error)),
                },
                Event::Eof if scan.open.is_empty() && found.end != 0 => return Ok(found),
                Event::Eof => return Err(scan.broken(text.len(), &"it ends too early")),
                // Empty elements come as a start and an end.
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
            at = behind;
        }
    }

    /// The part of a kind: the one made last, of equally old ones the first.
    ///
    /// # Errors
    /// [`RepomdError::NoPart`].
    pub fn part(&self, kind: &'static str) -> Result<&Part, RepomdError> {
        let of_kind = self.parts.iter().filter(|part| part.kind == kind);
        of_kind.reduce(|best, part| if part.timestamp > best.timestamp { part } else { best }).ok_or_else(|| {
            RepomdError::NoPart { kind, known: self.parts.iter().map(|part| part.kind.clone()).collect() }
        })
    }
}

/// What is known while the text is read.
struct Scan<'t> {
    text: &'t str,
    /// Local names of the open elements.
    open: Vec<String>,
    /// Text of the element that was opened last.
    content: String,
    part: Part,
}

impl Scan<'_> {
    fn broken(&self, place: usize, problem: &dyn std::fmt::Display) -> RepomdError {
        let line = self.text.match_indices('\n').take_while(|(end, _)| *end < place).count() + 1;
        RepomdError::Broken { line, problem: problem.to_string() }
    }

    fn start(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<(), RepomdError> {
        let name = tag.local_name().as_ref().to_owned();
        self.content.clear();
        if self.open.len() == 1 && name == "data" {
            self.part = Part { span: at..at, ..Part::default() };
        }
        let of_data = self.open.len() == 1 || (self.open.len() == 2 && self.open[1] == "data");
        if of_data {
            // Looking for duplicates would take quadratic time.
            for attribute in tag.attributes().with_checks(false) {
                let attribute = attribute.map_err(|error| self.broken(at, &error))?;
                let key = attribute.key.local_name();
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let value = value.map_err(|error| self.broken(at, &error))?.into_owned();
                match (name.as_str(), key.as_ref()) {
                    ("data", "type") => self.part.kind = value,
                    ("location", "href") => self.part.location = Some(value),
                    ("location", "base") => self.part.base = Some(value),
                    ("checksum", "type") => self.part.checksum = Some((value, String::new())),
                    ("open-checksum", "type") => self.part.open_checksum = Some((value, String::new())),
                    _ => {}
                }
            }
        }
        self.open.push(name);
        Ok(())
    }

    /// The end of an element of an entry.
    fn fill(&mut self, name: &str) {
        if self.open[1] != "data" {
            return;
        }
        let text = self.content.trim();
        // Old tools write times with a fraction.
        let number = || text.split('.').next().and_then(|whole| whole.parse().ok());
        match name {
            "checksum" => {
                let kind = self.part.checksum.take().map(|(kind, _)| kind);
                self.part.checksum = Some((kind.unwrap_or_default(), text.to_owned()));
            }
            "open-checksum" => {
                let kind = self.part.open_checksum.take().map(|(kind, _)| kind);
                self.part.open_checksum = Some((kind.unwrap_or_default(), text.to_owned()));
            }
            "size" => self.part.size = number(),
            "open-size" => self.part.open_size = number(),
            "timestamp" => self.part.timestamp = number(),
            _ => {}
        }
    }
}
