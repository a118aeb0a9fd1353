//! Bounds on what the reader takes in.

/// Bounds on one read; each can be changed, none can be switched off.
///
/// A limit that is met becomes a diagnostic that names it, so that nothing a stranger sends can take more than
/// linear time, memory or stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Largest input in bytes, without its compression. Positions are 32 bits wide: more than 2 GiB is refused whatever stands here.
    pub bytes: usize,
    /// Deepest nesting of lists and maps in one document. Above [`Limits::DEEPEST`] that counts: reading recurses once
    /// per level.
    pub depth: usize,
    /// Most nodes that the aliases of all documents may add; 64 bytes of text in them count as one more.
    pub alias_nodes: usize,
    /// Most documents in one input.
    pub documents: usize,
    /// Longest run of blanks and line breaks, in bytes, in a document that the fast scanner leaves to the general
    /// parser because of anchors, tags and the like: that one takes time for each of them again and again.
    pub blanks: usize,
    /// Most bytes of directives (`%TAG`) in one document; the general parser looks through them for each tag.
    pub directives: usize,
    /// Most problems reported for one document; errors are counted on, but no longer listed.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            depth: Self::DEEPEST,
            alias_nodes: 100_000,
            documents: 1_000_000,
            blanks: 8_000,
            directives: 1_000,
            problems: 1_000,
        }
    }
}

impl Limits {
    /// The nesting that is never exceeded, whatever [`Limits::depth`] says. A thread's usual stack of 2 MiB holds that
    /// also in a build without optimisation.
    pub const DEEPEST: usize = 200;

    /// Most bytes of text: [`Limits::bytes`], or what positions can count.
    pub(crate) fn text_bytes(&self) -> usize {
        // Text in UTF-16 grows by half at most when it becomes UTF-8, and positions in that must fit 32 bits.
        self.bytes.min(u32::MAX as usize / 2)
    }

    /// Most bytes of a compressed input: what cannot be compressed grows a little.
    pub fn compressed_bytes(&self) -> usize {
        let limit = self.text_bytes();
        limit + limit / 8 + (64 << 10)
    }

    /// Sets [`Limits::bytes`].
    pub fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Sets [`Limits::depth`].
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Sets [`Limits::alias_nodes`].
    pub fn with_alias_nodes(mut self, nodes: usize) -> Self {
        self.alias_nodes = nodes;
        self
    }

    /// Sets [`Limits::documents`].
    pub fn with_documents(mut self, documents: usize) -> Self {
        self.documents = documents;
        self
    }

    /// Sets [`Limits::blanks`].
    pub fn with_blanks(mut self, blanks: usize) -> Self {
        self.blanks = blanks;
        self
    }

    /// Sets [`Limits::directives`].
    pub fn with_directives(mut self, directives: usize) -> Self {
        self.directives = directives;
        self
    }

    /// Sets [`Limits::problems`].
    pub fn with_problems(mut self, problems: usize) -> Self {
        self.problems = problems;
        self
    }
}
