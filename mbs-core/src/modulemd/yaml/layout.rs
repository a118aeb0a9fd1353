//! Where everything of a document stands in its text, to the byte.
//!
//! The tape tells what a document means; this tells how it is written: first and last byte of every node, its anchor
//! and tag, aliases as aliases, flow or block style. Only an editor needs it.

use super::events::{Event, Parser};
use super::source;
use super::tape::Style;
use std::collections::HashMap;
use std::ops::Range;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar(Style),
    /// Stands for the node with this number.
    Alias(usize),
    Map(Form),
    List(Form),
}

/// How a collection is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// By indentation.
    Block,
    /// In brackets.
    Flow,
    /// A map of one pair in a flow list, without brackets of its own.
    Bare,
}

/// One node.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) shape: Shape,
    /// First byte, with anchor and tag.
    pub(crate) start: usize,
    /// First byte behind anchor and tag. For an empty value behind the last of these.
    pub(crate) inner: usize,
    /// Byte behind the node. A block scalar ends before its last line break.
    pub(crate) end: usize,
    pub(crate) anchor: Option<String>,
    pub(crate) tag: Option<String>,
    /// The text of a scalar.
    pub(crate) text: String,
    pub(crate) parent: Option<usize>,
    /// Items of a list; keys and values of a map in turn.
    pub(crate) children: Vec<usize>,
}

impl Part {
    /// The bytes without anchor and tag.
    pub(crate) fn content(&self) -> Range<usize> {
        self.inner..self.end
    }

    /// Whether nothing is written for this value.
    pub(crate) fn is_empty(&self) -> bool {
        self.shape == Shape::Scalar(Style::Plain) && self.inner == self.end
    }

    pub(crate) fn is_block(&self) -> bool {
        matches!(self.shape, Shape::Map(Form::Block) | Shape::List(Form::Block))
    }
}

/// All nodes of one document in the order of the text; the root is number 0.
#[derive(Debug)]
pub(crate) struct Layout {
    parts: Vec<Part>,
}

impl Layout {
    /// The layout of a document of a text that is known to be read without error; `number` counts the documents of
    /// the text.
    pub(crate) fn read(source: &str, number: usize) -> Option<Self> {
        let mut parser = Parser::new(source);
        let mut layout = Self { parts: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        let mut anchors: HashMap<String, usize> = HashMap::new();
        let mut seen = 0;
        loop {
            let owned = parser.next().ok()?;
            let (start, end) = owned.span();
            let wanted = seen == number;
            let (tag, flow) = owned.form();
            let form = if flow { Form::Flow } else { Form::Block };
            let mut text = String::new();
            let (anchor, shape) = match owned.get() {
                Event::StreamEnd => return None,
                Event::DocumentEnd if wanted => break,
                Event::DocumentEnd => {
                    seen += 1;
                    continue;
                }
                _ if !wanted => continue,
                Event::StreamStart | Event::DocumentStart => continue,
                Event::SeqEnd | Event::MapEnd => {
                    layout.close(open.pop()?, end);
                    continue;
                }
                Event::Alias(name) => (None, Shape::Alias(*anchors.get(std::str::from_utf8(name).ok()?)?)),
                Event::Scalar { anchor, value, style } => {
                    std::str::from_utf8(value).ok()?.clone_into(&mut text);
                    (anchor, Shape::Scalar(style))
                }
                Event::SeqStart { anchor } => (anchor, Shape::List(form)),
                Event::MapStart { anchor } => (anchor, Shape::Map(form)),
            };
            let anchor = anchor.and_then(|name| String::from_utf8(name.to_vec()).ok());
            let index = layout.parts.len();
            if let Some(name) = &anchor {
                anchors.insert(name.clone(), index);
            }
            let parent = open.last().copied();
            if let Some(parent) = parent {
                layout.parts[parent].children.push(index);
            }
            let tag = tag.and_then(|tag| String::from_utf8(tag.to_vec()).ok());
            let children = Vec::new();
            layout.parts.push(Part { shape, start, inner: start, end, anchor, tag, text, parent, children });
            match shape {
                Shape::Map(_) | Shape::List(_) => open.push(index),
                Shape::Scalar(style) => layout.settle_scalar(source, index, style),
                Shape::Alias(_) => {}
            }
            layout.settle_start(source, index);
        }
        (!layout.parts.is_empty()).then_some(layout)
    }

    fn settle_scalar(&mut self, source: &str, index: usize, style: Style) {
        let part = &mut self.parts[index];
        if matches!(style, Style::Literal | Style::Folded) {
            // The parser goes on to the next line that is not blank; blank lines belong to the text only under `+`.
            let text = &source[part.start..part.end];
            let keep = text.lines().next().is_some_and(|header| header.split(" #").next().unwrap_or("").contains('+'));
            let kept = if keep {
                text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\n', '\r'])).unwrap_or(text)
            } else {
                text.trim_end_matches([' ', '\n', '\r'])
            };
            // Blanks at the end of its last line are a part of the text.
            part.end = source::skip_blanks(source, part.start + kept.len()).min(part.end);
        }
        let (Some(parent), true) = (part.parent, part.start == part.end) else { return };
        // An empty value that nothing stands for is reported at the next thing in the text, lines below perhaps.
        let siblings = &self.parts[parent].children;
        if matches!(self.parts[parent].shape, Shape::Map(_))
            && siblings.len().is_multiple_of(2)
            && let Some(key) = siblings.iter().rev().nth(1)
        {
            let key = self.parts[*key].end;
            let colon = source::skip(source, key);
            let place = if source.as_bytes().get(colon) == Some(&b':') { colon + 1 } else { key };
            let part = &mut self.parts[index];
            (part.start, part.end) = (place, place);
        }
    }

    fn settle_start(&mut self, source: &str, index: usize) {
        let part = &mut self.parts[index];
        part.inner = part.start;
        if part.anchor.is_some() || part.tag.is_some() {
            let scalar = matches!(part.shape, Shape::Scalar(_));
            part.inner = source::skip_properties(source, part.start, if scalar { part.end } else { source.len() });
        }
        if part.shape == Shape::Map(Form::Flow) && source.as_bytes().get(part.inner) != Some(&b'{') {
            part.shape = Shape::Map(Form::Bare);
        }
    }

    fn close(&mut self, index: usize, end: usize) {
        let last = self.parts[index].children.last().map(|last| self.parts[*last].end);
        let first = self.parts[index].children.first().map(|first| self.parts[*first].start);
        let part = &mut self.parts[index];
        // An anchor or tag on the line of the first key is that key's.
        part.inner = first.map_or(part.inner, |first| part.inner.min(first));
        part.end = match (part.shape, last) {
            (Shape::Map(Form::Block | Form::Bare) | Shape::List(Form::Block), Some(last)) => last,
            _ => end,
        };
    }

    pub(crate) fn part(&self, index: usize) -> &Part {
        &self.parts[index]
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Keys and values of a map; nothing of anything else.
    pub(crate) fn pairs(&self, index: usize) -> impl ExactSizeIterator<Item = (usize, usize)> + '_ {
        let part = self.part(index);
        let children = if matches!(part.shape, Shape::Map(_)) { part.children.as_slice() } else { &[] };
        children.as_chunks::<2>().0.iter().map(|pair| (pair[0], pair[1]))
    }

    /// Whether a node is another one or stands inside it.
    pub(crate) fn is_within(&self, index: usize, outer: usize) -> bool {
        std::iter::successors(Some(index), |at| self.part(*at).parent).any(|at| at == outer)
    }

    /// The aliases of nodes inside this one, or of it, that stand outside of it.
    pub(crate) fn aliases_from_outside(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let aliases = self.parts.iter().enumerate();
        aliases.filter_map(move |(at, part)| match part.shape {
            Shape::Alias(target) if self.is_within(target, index) && !self.is_within(at, index) => Some(at),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'s>(source: &'s str, layout: &Layout) -> Vec<&'s str> {
        layout.parts().iter().map(|part| &source[part.content()]).collect()
    }

    #[test]
    fn nodes_end_with_their_last_byte() {
        let source =
            "# c\na: x # c\nb: 'y\n  z'   \nc: |\n  t\n\n\nd: |+\n  u\n\ne: [1, {f: g}]\nh:\n- i\n# c\n- j: k\nl:\n";
        let layout = Layout::read(source, 0).expect("layout");
        let found = texts(source, &layout);
        assert_eq!(
            found[1..],
            [
                "a",
                "x",
                "b",
                "'y\n  z'",
                "c",
                "|\n  t",
                "d",
                "|+\n  u\n",
                "e",
                "[1, {f: g}]",
                "1",
                "{f: g}",
                "f",
                "g",
                "h",
                "- i\n# c\n- j: k",
                "i",
                "j: k",
                "j",
                "k",
                "l",
                ""
            ]
        );
        assert_eq!(layout.part(0).end, source.len() - 1);
    }

    #[test]
    fn properties_stand_before_the_content() {
        let source = "a: &x !!str y\nb: *x\nc: &l # c\n  - 1\nd: &e\n";
        let layout = Layout::read(source, 0).expect("layout");
        assert_eq!(texts(source, &layout)[1..], ["a", "y", "b", "*x", "c", "- 1", "1", "d", ""]);
        assert_eq!(layout.part(2).anchor.as_deref(), Some("x"));
        assert_eq!(layout.part(4).shape, Shape::Alias(2));
        assert_eq!(layout.aliases_from_outside(2).collect::<Vec<_>>(), [4]);
        assert_eq!(layout.part(9).inner, source.len() - 1);
    }

    #[test]
    fn values_that_are_not_there_stand_behind_their_key() {
        let source = "? a\n\n? b\nc: {d, e: }\nf: [g: h]\n";
        let layout = Layout::read(source, 0).expect("layout");
        let places: Vec<usize> = layout.parts().iter().filter(|part| part.is_empty()).map(|part| part.end).collect();
        assert_eq!(places, [3, 8, 14, 18]);
        assert!(layout.parts().iter().any(|part| part.shape == Shape::Map(Form::Bare)));
    }

    #[test]
    fn a_later_document_is_found_by_its_number() {
        let source = "a: 1\n...\n---\nb: 2\n";
        assert_eq!(texts(source, &Layout::read(source, 1).expect("layout"))[1..], ["b", "2"]);
        assert!(Layout::read(source, 2).is_none());
    }
}
