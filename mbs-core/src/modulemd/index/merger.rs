//! Merging indexes by priority.

use super::conflict::Conflict;
use super::merge::Merging;
use super::model::ModuleIndex;

/// How much an index counts in a merge, from 0 to 1000; higher counts more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(u16);

/// A number that is no priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the priority {found} is above {highest}", highest = Priority::HIGHEST.number())]
pub struct PriorityError {
    /// The number.
    pub found: u32,
}

impl Priority {
    /// The one that counts least.
    pub const LOWEST: Self = Self(0);
    /// The one that counts most.
    pub const HIGHEST: Self = Self(1000);

    /// The number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl TryFrom<u32> for Priority {
    type Error = PriorityError;

    fn try_from(number: u32) -> Result<Self, PriorityError> {
        u16::try_from(number)
            .ok()
            .map(Self)
            .filter(|priority| *priority <= Self::HIGHEST)
            .ok_or(PriorityError { found: number })
    }
}

/// Merges indexes by priority.
///
/// Indexes of one priority are merged one into the other in the order in which they were added; the result then goes
/// over that of the lower priorities. Between two indexes:
///
/// | documents | equal priority | higher priority |
/// | --- | --- | --- |
/// | streams | all; of two with one identity the first stays | the same |
/// | defaults | merged: the higher `modified` wins where they disagree | replaced as a whole |
/// | translations | the higher `modified`, at equal ones the first | the same |
/// | obsoletes | all; of two with the same stream, context and time the later | the same |
///
/// Two defaults that are equally new and disagree leave no default stream ([`Reason::Tie`](super::Reason::Tie)); the next index of that
/// priority which names one sets it ([`Reason::AfterTie`](super::Reason::AfterTie)), unless [`IndexMerger::keep_ties`] is set. If they disagree
/// about profiles or the stream of an intent, there is no result.
///
/// A folder of defaults over an index, and a folder of overrides over that, are three priorities, one above the other.
/// Documents are moved, never copied.
///
/// ```
/// use mbs_core::modulemd::{IndexMerger, ModuleIndex, Priority, ReadOptions};
///
/// let defaults = |stream: &str| {
///     let text = format!("document: modulemd-defaults\nversion: 1\ndata:\n  module: app\n  stream: {stream}\n");
///     ModuleIndex::from_text(text, stream, &ReadOptions::lenient()).index
/// };
/// let mut merger = IndexMerger::new();
/// merger.add(defaults("old"), Priority::LOWEST);
/// merger.add(defaults("new"), Priority::HIGHEST);
/// let merged = merger.merge()?;
/// assert_eq!(merged.index.default_streams(None)["app"], "new");
/// # Ok::<(), mbs_core::modulemd::MergeError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct IndexMerger {
    indexes: Vec<(Priority, ModuleIndex)>,
    options: Options,
}

/// What is an error, and what is remembered.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Options {
    pub(super) strict_default_streams: bool,
    pub(super) strict_streams: bool,
    pub(super) keep_ties: bool,
}

/// The result of a merge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merged {
    /// The index.
    pub index: ModuleIndex,
    /// Every disagreement, with what was kept.
    pub conflicts: Vec<Conflict>,
}

/// Why indexes could not be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// Documents disagree and no rule says which one counts.
    #[error("the indexes cannot be merged: {}", listed(.conflicts))]
    Conflicts {
        /// All disagreements of that kind; at least one.
        conflicts: Vec<Conflict>,
    },
}

fn listed(conflicts: &[Conflict]) -> String {
    conflicts.iter().map(Conflict::to_string).collect::<Vec<_>>().join("; ")
}

impl IndexMerger {
    /// A merge of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether defaults of equal priority that are equally new and disagree about the default stream are an error.
    pub fn strict_default_streams(mut self, strict: bool) -> Self {
        self.options.strict_default_streams = strict;
        self
    }

    /// Sets whether streams with one identity and different content are an error.
    pub fn strict_streams(mut self, strict: bool) -> Self {
        self.options.strict_streams = strict;
        self
    }

    /// Sets whether a module without default stream because of a tie stays so for all indexes of that priority.
    pub fn keep_ties(mut self, keep: bool) -> Self {
        self.options.keep_ties = keep;
        self
    }

    /// Adds an index. Its number, counted from 0, stands in what is reported as
    /// [`Origin::index`](super::Origin::index).
    pub fn add(&mut self, index: ModuleIndex, priority: Priority) {
        self.indexes.push((priority, index));
    }

    /// Merges.
    ///
    /// # Errors
    /// [`MergeError::Conflicts`] with all disagreements that no rule settles.
    pub fn merge(self) -> Result<Merged, MergeError> {
        let Self { mut indexes, options } = self;
        for (number, (_, index)) in (0..).zip(&mut indexes) {
            index.number(number);
        }
        indexes.sort_by_key(|(priority, _)| *priority);
        let mut merging = Merging::new(options);
        let mut merged = ModuleIndex::new();
        let mut level = ModuleIndex::new();
        let mut indexes = indexes.into_iter().peekable();
        while let Some((priority, index)) = indexes.next() {
            merging.merge(index, &mut level, false);
            if indexes.peek().is_none_or(|(next, _)| *next != priority) {
                merging.merge(std::mem::take(&mut level), &mut merged, true);
            }
        }
        match merging.fatal {
            conflicts if !conflicts.is_empty() => Err(MergeError::Conflicts { conflicts }),
            _ => Ok(Merged { index: merged, conflicts: merging.conflicts }),
        }
    }
}
