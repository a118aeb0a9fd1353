//! One YAML document as a flat list of entries.
//!
//! A map is its entry followed by key, value, key, value ...; a list is its entry followed by its items. Each
//! collection knows where it ends, so that skipping one is an assignment. Each entry knows its place in the input;
//! lines and columns are counted only when a problem is reported.

/// How a scalar stood in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Map,
    Seq,
    /// The text is the piece `a..b` of the source.
    Borrowed(Style),
    /// The text is the piece `a..b` of the tape's own text.
    Made(Style),
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: Kind,
    /// Byte position in the input.
    position: u32,
    /// Collections: index behind the last entry inside. Scalars: see [`Kind`].
    a: u32,
    b: u32,
}

/// One document. See the module documentation. A tape is used for one document after the other, so that its memory is
/// asked for once.
#[derive(Debug, Default)]
pub(crate) struct Tape<'i> {
    source: &'i str,
    entries: Vec<Entry>,
    /// Texts that do not stand in the source as they are: unfolded, with escapes resolved, without indentation.
    made: String,
    /// Byte positions of the document's first byte and of the byte behind it.
    pub(crate) span: (u32, u32),
}

/// Bytes of text that weigh as much as an entry where copies are counted.
const TEXT_UNIT: usize = 64;

/// Marks a collection that is still open while the tape is being filled.
const OPEN: u32 = u32::MAX;

impl<'i> Tape<'i> {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Makes the tape empty, for a document of this text.
    pub(super) fn restart(&mut self, source: &'i str) {
        self.source = source;
        self.entries.clear();
        // About what modulemd documents need; memory that is not used is not touched. Not by `reserve`, which would
        // copy what is no longer of use.
        let wanted = (source.len() / 20).min(1 << 16);
        if self.entries.capacity() < wanted {
            self.entries = Vec::new();
            self.entries = Vec::with_capacity(wanted);
        }
        self.made.clear();
        self.span = (0, 0);
    }

    #[inline]
    pub(super) fn next_index(&self) -> u32 {
        u32::try_from(self.entries.len()).expect("the size limit keeps entries below 2^32")
    }

    #[inline]
    pub(super) fn push_borrowed(&mut self, style: Style, position: u32, start: u32, end: u32) {
        self.entries.push(Entry { kind: Kind::Borrowed(style), position, a: start, b: end });
    }

    /// Length of the tape's own text.
    pub(super) fn made(&self) -> usize {
        self.made.len()
    }

    /// Adds to the tape's own text.
    pub(super) fn make(&mut self, text: &str) {
        self.made.push_str(text);
    }

    /// Adds a scalar whose text is this piece of the tape's own text.
    pub(super) fn push_made(&mut self, style: Style, position: u32, start: u32, end: u32) {
        self.entries.push(Entry { kind: Kind::Made(style), position, a: start, b: end });
    }

    /// Adds a scalar with this text.
    pub(super) fn push_text(&mut self, style: Style, position: u32, text: &str) {
        // An escape of two bytes stands for at most three, and the input is below 2 GiB.
        let narrow = |length| u32::try_from(length).expect("the size limit keeps texts below 2^32");
        let start = narrow(self.made.len());
        self.made.push_str(text);
        self.push_made(style, position, start, narrow(self.made.len()));
    }

    pub(super) fn open(&mut self, map: bool, position: u32) {
        let kind = if map { Kind::Map } else { Kind::Seq };
        self.entries.push(Entry { kind, position, a: OPEN, b: 0 });
    }

    pub(super) fn close(&mut self, index: u32) {
        let end = self.next_index();
        self.entries[index as usize].a = end;
    }

    /// Number of entries of a finished node, or nothing while it is open.
    pub(super) fn size(&self, index: u32) -> Option<u32> {
        let entry = self.entries.get(index as usize)?;
        match entry.kind {
            Kind::Map | Kind::Seq => (entry.a != OPEN).then(|| entry.a - index),
            Kind::Borrowed(_) | Kind::Made(_) => Some(1),
        }
    }

    /// What a copy of a finished node adds: one for each entry, and one more for each full [`TEXT_UNIT`] of its text,
    /// counted only until it is above `most`. Nothing while the node is open.
    pub(super) fn weight(&self, index: u32, most: usize) -> Option<usize> {
        let size = self.size(index)? as usize;
        if size > most {
            return Some(size);
        }
        let from = index as usize;
        let texts = self.entries[from..from + size].iter().map(|entry| match entry.kind {
            Kind::Borrowed(_) | Kind::Made(_) => (entry.b - entry.a) as usize / TEXT_UNIT,
            Kind::Map | Kind::Seq => 0,
        });
        Some(size.saturating_add(texts.sum()))
    }

    /// Appends a copy of a finished node, which keeps its positions.
    pub(super) fn copy(&mut self, index: u32) {
        let size = self.size(index).unwrap_or(0);
        let shift = self.next_index() - index;
        for from in index..index + size {
            let mut entry = self.entries[from as usize];
            if matches!(entry.kind, Kind::Map | Kind::Seq) {
                entry.a += shift;
            }
            self.entries.push(entry);
        }
    }

    /// The document's root; nothing for a tape without entries.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        (!self.entries.is_empty()).then_some(Node { tape: self, index: 0 })
    }

    pub(crate) fn node(&self, index: u32) -> Option<Node<'_>> {
        ((index as usize) < self.entries.len()).then_some(Node { tape: self, index })
    }
}

/// A place on a tape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'t> {
    tape: &'t Tape<'t>,
    index: u32,
}

/// What stands at a place.
pub(crate) enum View<'t> {
    Scalar(&'t str, Style),
    Map(Pairs<'t>),
    Seq(Items<'t>),
}

impl<'t> Node<'t> {
    /// Index on the tape; names the node in a problem.
    pub(crate) fn index(self) -> u32 {
        self.index
    }

    /// Byte position in the input.
    pub(crate) fn position(self) -> u32 {
        self.entry().position
    }

    #[inline]
    fn entry(self) -> &'t Entry {
        &self.tape.entries[self.index as usize]
    }

    /// Index behind this node and all in it.
    #[inline]
    pub(crate) fn end(self) -> u32 {
        match self.entry().kind {
            Kind::Map | Kind::Seq => self.entry().a,
            Kind::Borrowed(_) | Kind::Made(_) => self.index + 1,
        }
    }

    #[inline]
    pub(crate) fn view(self) -> View<'t> {
        let entry = self.entry();
        match entry.kind {
            Kind::Map => View::Map(Pairs(Items { tape: self.tape, next: self.index + 1, end: entry.a })),
            Kind::Seq => View::Seq(Items { tape: self.tape, next: self.index + 1, end: entry.a }),
            Kind::Borrowed(style) => View::Scalar(&self.tape.source[entry.a as usize..entry.b as usize], style),
            Kind::Made(style) => View::Scalar(&self.tape.made[entry.a as usize..entry.b as usize], style),
        }
    }

    #[inline]
    pub(crate) fn scalar(self) -> Option<&'t str> {
        let entry = self.entry();
        let source = match entry.kind {
            Kind::Borrowed(_) => self.tape.source,
            Kind::Made(_) => self.tape.made.as_str(),
            Kind::Map | Kind::Seq => return None,
        };
        Some(&source[entry.a as usize..entry.b as usize])
    }

    #[inline]
    pub(crate) fn pairs(self) -> Option<Pairs<'t>> {
        match self.view() {
            View::Map(pairs) => Some(pairs),
            View::Scalar(..) | View::Seq(_) => None,
        }
    }

    /// What this is, for a sentence that says what was found.
    pub(crate) fn describe(self) -> String {
        match self.view() {
            View::Map(_) => "a map".to_owned(),
            View::Seq(_) => "a list".to_owned(),
            View::Scalar("", _) => "an empty value".to_owned(),
            View::Scalar(text, _) => format!("`{}`", shorten(text)),
        }
    }
}

/// A text short enough for a message, on one line.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push_str("...");
    }
    short
}

/// The items of a list.
#[derive(Debug, Clone)]
pub(crate) struct Items<'t> {
    tape: &'t Tape<'t>,
    next: u32,
    end: u32,
}

impl Items<'_> {
    /// Number of entries that the items have in all: that of the items, if all are scalars.
    pub(crate) fn entries(&self) -> usize {
        (self.end - self.next) as usize
    }
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    #[inline]
    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node { tape: self.tape, index: self.next };
        self.next = node.end();
        Some(node)
    }
}

/// The keys and values of a map.
#[derive(Debug, Clone)]
pub(crate) struct Pairs<'t>(Items<'t>);

impl<'t> Iterator for Pairs<'t> {
    type Item = (Node<'t>, Node<'t>);

    #[inline]
    fn next(&mut self) -> Option<(Node<'t>, Node<'t>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}
