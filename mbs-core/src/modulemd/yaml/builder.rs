//! Fills tapes from events: anchors, limits, one tape per document.

use super::events::{Event, Parser, SyntaxError};
use super::tape::{Style, Tape};
use crate::modulemd::diagnostic::{Code, Problem};
use crate::modulemd::limits::Limits;
use std::collections::HashMap;

/// What one input may cost, and what it has cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    pub(crate) limits: Limits,
    /// What the aliases of all documents so far have added, in the measure of [`Limits::alias_nodes`].
    pub(crate) copied: usize,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, copied: 0 }
    }
}

/// Reads the documents of one chunk of input, one after the other, with libyaml.
pub(crate) struct Documents<'i> {
    parser: Parser<'i>,
    source: &'i str,
    /// Where the chunk stands in the input.
    base: u32,
    limits: Limits,
    ended: bool,
    /// Behind the last document.
    behind: Option<usize>,
    /// See [`Documents::dangling`].
    dangling: Option<usize>,
}

/// What libyaml says about directives that no document follows.
const NO_START: &str = "did not find expected <document start>";

impl<'i> Documents<'i> {
    /// `base` is the byte position of `source` in the input; their sum with the length fits 32 bits.
    pub(crate) fn new(source: &'i str, base: u32, limits: Limits) -> Self {
        Self { parser: Parser::new(source), source, base, limits, ended: false, behind: None, dangling: None }
    }

    /// Where directives begin that stand behind a document of this chunk without its `...`, if the chunk was refused
    /// because no document follows them in it. libyaml accepts that, and so they belong to the next chunk.
    pub(super) fn dangling(&self) -> Option<usize> {
        self.dangling
    }

    fn at(&self, offset: usize) -> u32 {
        let inside = u32::try_from(offset.min(self.source.len())).unwrap_or(u32::MAX);
        self.base.saturating_add(inside)
    }

    fn syntax(&self, error: SyntaxError) -> Problem {
        // What was never closed is noticed at the end of the document; shown is where it was opened, if the parser
        // knows, and else the last text of this document, not the line of the next one.
        let end = self.source.trim_end().len();
        let place = if error.offset >= end { error.context_offset.unwrap_or(end).min(end) } else { error.offset };
        let mut problem = Problem::at_byte(Code::Syntax, self.at(place), error.problem);
        if let Some(context) = error.context {
            problem = problem.hint(format!("the problem arose {context}"));
        }
        if self.source[..error.offset.min(self.source.len())].ends_with('\t') || self.tab_at(error.offset) {
            problem = problem.hint("indent with spaces; YAML allows no tab there");
        }
        problem
    }

    fn tab_at(&self, offset: usize) -> bool {
        self.source.as_bytes().get(offset) == Some(&b'\t')
    }

    /// Reads a document whose start was met here.
    fn document(&mut self, start: usize, tape: &mut Tape<'i>, copied: &mut usize) -> Result<(), Box<Problem>> {
        tape.restart(self.source);
        let mut anchors: HashMap<Vec<u8>, u32> = HashMap::new();
        let mut open: Vec<u32> = Vec::new();
        loop {
            let owned = self.parser.next().map_err(|error| self.syntax(error))?;
            let (first, behind) = owned.span();
            let position = self.at(first);
            let here = tape.next_index();
            match owned.get() {
                Event::StreamStart | Event::StreamEnd | Event::DocumentStart => {}
                Event::DocumentEnd => {
                    tape.span = (self.at(start), self.at(behind));
                    self.behind = Some(behind);
                    return Ok(());
                }
                Event::Alias(name) => {
                    let shown = String::from_utf8(name.to_vec()).unwrap_or_default();
                    let Some(target) = anchors.get(name).copied() else {
                        return Err(Box::new(
                            Problem::at_byte(Code::Alias, position, format!("alias `*{shown}` has no anchor"))
                                .expected(format!("`&{shown}` before it in the same document")),
                        ));
                    };
                    let left = self.limits.alias_nodes.saturating_sub(*copied);
                    let Some(weight) = tape.weight(target, left) else {
                        return Err(Box::new(Problem::at_byte(
                            Code::Alias,
                            position,
                            format!("alias `*{shown}` stands inside the value it names"),
                        )));
                    };
                    *copied = copied.saturating_add(weight);
                    if weight > left {
                        return Err(Box::new(
                            Problem::at_byte(
                                Code::AliasLimit,
                                position,
                                format!("aliases add more than {} nodes", self.limits.alias_nodes),
                            )
                            .hint("the limit is `alias_nodes`"),
                        ));
                    }
                    tape.copy(target);
                }
                Event::Scalar { anchor, value, style } => {
                    if let Some(anchor) = anchor {
                        anchors.insert(anchor.to_vec(), here);
                    }
                    self.scalar(tape, position, value, style, (first, behind))?;
                }
                Event::SeqStart { anchor } => {
                    self.open(tape, &mut open, &mut anchors, (false, position), anchor)?;
                }
                Event::MapStart { anchor } => {
                    self.open(tape, &mut open, &mut anchors, (true, position), anchor)?;
                }
                Event::SeqEnd | Event::MapEnd => {
                    if let Some(index) = open.pop() {
                        tape.close(index);
                    }
                }
            }
        }
    }

    fn open(
        &self,
        tape: &mut Tape<'i>,
        open: &mut Vec<u32>,
        anchors: &mut HashMap<Vec<u8>, u32>,
        (map, position): (bool, u32),
        anchor: Option<&[u8]>,
    ) -> Result<(), Box<Problem>> {
        if open.len() >= self.limits.depth.min(Limits::DEEPEST) {
            return Err(too_deep(position, &self.limits));
        }
        let here = tape.next_index();
        if let Some(anchor) = anchor {
            anchors.insert(anchor.to_vec(), here);
        }
        tape.open(map, position);
        open.push(here);
        Ok(())
    }

    fn scalar(
        &self,
        tape: &mut Tape<'i>,
        position: u32,
        value: &[u8],
        style: Style,
        (first, behind): (usize, usize),
    ) -> Result<(), Box<Problem>> {
        let trim = usize::from(matches!(style, Style::SingleQuoted | Style::DoubleQuoted));
        let inside = match style {
            // The marks of an anchored or tagged scalar begin at its anchor or tag.
            Style::Plain => (behind.saturating_sub(value.len()), behind),
            _ => (behind.saturating_sub(value.len() + trim), behind.saturating_sub(trim)),
        };
        if first <= inside.0 && self.source.as_bytes().get(inside.0..inside.1) == Some(value) {
            // Both ends fit 32 bits: the chunk does.
            let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
            tape.push_borrowed(style, position, narrow(inside.0), narrow(inside.1));
            return Ok(());
        }
        match std::str::from_utf8(value) {
            Ok(text) => tape.push_text(style, position, text),
            Err(_) => {
                return Err(Box::new(Problem::at_byte(Code::Encoding, position, "the value is not valid UTF-8")));
            }
        }
        Ok(())
    }
}

impl<'i> Documents<'i> {
    /// Puts the next document on the tape. After a problem nothing follows. `copied` is [`Budget::copied`].
    pub(super) fn next_into(&mut self, tape: &mut Tape<'i>, copied: &mut usize) -> Option<Result<(), Box<Problem>>> {
        while !self.ended {
            let owned = match self.parser.next() {
                Ok(owned) => owned,
                Err(error) => {
                    self.ended = true;
                    let at_end = error.offset >= self.source.trim_end().len();
                    self.dangling = self.behind.filter(|_| at_end && error.problem == NO_START);
                    return Some(Err(Box::new(self.syntax(error))));
                }
            };
            match owned.get() {
                Event::StreamEnd => self.ended = true,
                Event::DocumentStart => {
                    let result = self.document(owned.span().0, tape, copied);
                    self.ended = result.is_err();
                    return Some(result);
                }
                _ => {}
            }
        }
        None
    }
}

impl<'i> Iterator for Documents<'i> {
    type Item = Result<Tape<'i>, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut tape = Tape::new();
        let result = self.next_into(&mut tape, &mut 0)?;
        Some(result.map(|()| tape))
    }
}

/// A collection that is nested deeper than the limit.
pub(super) fn too_deep(position: u32, limits: &Limits) -> Box<Problem> {
    let depth = limits.depth.min(Limits::DEEPEST);
    Box::new(
        Problem::at_byte(Code::Depth, position, format!("nested more than {depth} levels deep"))
            .hint("the limit is `depth`"),
    )
}
