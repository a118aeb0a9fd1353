//! Merging two defaults documents of one module.

use super::add::defaults_side;
use super::conflict::{About, Conflict, Kept, Reason, Side};
use super::entry::Entry;
use super::merge::Merging;
use crate::modulemd::model::{DefaultProfiles, Defaults};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::collections::btree_map::Entry as Slot;

/// Both documents while they are merged.
struct Merge<'m> {
    module: String,
    first: Side,
    second: Side,
    /// How new the document that comes is, compared to the one that is there.
    newer: Ordering,
    merging: &'m mut Merging,
}

/// Merges `from` into `into`. `tie` is the disagreement about the default stream that earlier merges left.
///
/// What one side alone says is taken over. Where both say something else, the higher `modified` wins. With equal ones
/// there is no default stream (an error in strict mode), and profiles and the streams of intents cannot be merged.
///
/// That there is no default stream *because of a tie* is forgotten by the format's other library: the next document
/// with a default stream sets it, however old it is. So it is here, unless ties are to be kept.
pub(super) fn merge_defaults(
    from: Entry<Defaults>,
    into: &mut Entry<Defaults>,
    tie: &mut Option<Box<Conflict>>,
    merging: &mut Merging,
) {
    let newer = from.value.modified.cmp(&into.value.modified);
    let (first, second) = (defaults_side(into), defaults_side(&from));
    let Entry { value, origin, .. } = from;
    let from = *value;
    let mut merge = Merge { module: from.module, first, second, newer, merging };
    let into_value = &mut *into.value;
    merge.default_stream(from.stream, &mut into_value.stream, tie);
    merge.profiles(from.profiles, &mut into_value.profiles, None);
    for (name, intent) in from.intents {
        match into_value.intents.entry(name) {
            Slot::Vacant(slot) => {
                slot.insert(intent);
            }
            Slot::Occupied(mut slot) => {
                let name = slot.key().clone();
                let there = slot.get_mut();
                merge.intent_stream(&name, intent.stream, &mut there.stream);
                merge.profiles(intent.profiles, &mut there.profiles, Some(&name));
            }
        }
    }
    if newer.is_gt() {
        into_value.modified = from.modified;
        into_value.unknown = from.unknown;
        into.origin = origin;
    }
}

impl Merge<'_> {
    fn default_stream(&mut self, from: Option<String>, into: &mut Option<String>, tie: &mut Option<Box<Conflict>>) {
        let Some(from) = from else { return };
        let about = About::DefaultStream { intent: None };
        match into {
            None => {
                if let Some(before) = tie.as_deref() {
                    let says = [&before.first, &before.second].map(|side| side.says.clone().unwrap_or_default());
                    let first = Side { says: Some(says.join("` or `")), ..before.first.clone() };
                    let (kept, reason) = if self.merging.options.keep_ties {
                        (Kept::Neither, Reason::Undecided)
                    } else {
                        (Kept::Second, Reason::AfterTie)
                    };
                    let mut conflict = self.conflict(about, String::new(), from.clone(), kept, reason);
                    conflict.first = first;
                    self.settle(conflict, false);
                    if self.merging.options.keep_ties {
                        return;
                    }
                    *tie = None;
                }
                *into = Some(from);
            }
            Some(there) if *there == from => {}
            Some(there) => match self.newer {
                Ordering::Greater => {
                    let old = std::mem::replace(there, from.clone());
                    let conflict = self.conflict(about, old, from, Kept::Second, Reason::Newer);
                    self.settle(conflict, false);
                }
                Ordering::Less => {
                    let conflict = self.conflict(about, there.clone(), from, Kept::First, Reason::Newer);
                    self.settle(conflict, false);
                }
                Ordering::Equal => {
                    let conflict = self.conflict(about, std::mem::take(there), from, Kept::Neither, Reason::Tie);
                    *into = None;
                    *tie = Some(Box::new(conflict.clone()));
                    self.settle(conflict, self.merging.options.strict_default_streams);
                }
            },
        }
    }

    fn intent_stream(&mut self, intent: &str, from: Option<String>, into: &mut Option<String>) {
        let about = || About::DefaultStream { intent: Some(intent.to_owned()) };
        match (from, into) {
            (None, _) => {}
            (from @ Some(_), into @ None) => *into = from,
            (Some(from), Some(there)) if from == *there => {}
            (Some(from), Some(there)) => {
                let (kept, reason) = self.outcome();
                let conflict = self.conflict(about(), there.clone(), from.clone(), kept, reason);
                if kept == Kept::Second {
                    *there = from;
                }
                self.settle(conflict, kept == Kept::Neither);
            }
        }
    }

    fn profiles(&mut self, from: DefaultProfiles, into: &mut DefaultProfiles, intent: Option<&str>) {
        let shown = |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        for (stream, from) in from {
            match into.entry(stream) {
                Slot::Vacant(slot) => {
                    slot.insert(from);
                }
                Slot::Occupied(slot) if *slot.get() == from => {}
                Slot::Occupied(mut slot) => {
                    let about = About::Profiles { stream: slot.key().clone(), intent: intent.map(str::to_owned) };
                    let (kept, reason) = self.outcome();
                    let conflict = self.conflict(about, shown(slot.get()), shown(&from), kept, reason);
                    if kept == Kept::Second {
                        slot.insert(from);
                    }
                    self.settle(conflict, kept == Kept::Neither);
                }
            }
        }
    }

    /// Which side counts by its time alone.
    fn outcome(&self) -> (Kept, Reason) {
        match self.newer {
            Ordering::Greater => (Kept::Second, Reason::Newer),
            Ordering::Less => (Kept::First, Reason::Newer),
            Ordering::Equal => (Kept::Neither, Reason::Tie),
        }
    }

    fn conflict(&self, about: About, first: String, second: String, kept: Kept, reason: Reason) -> Conflict {
        Conflict {
            module: self.module.clone(),
            about,
            first: Side { says: Some(first), ..self.first.clone() },
            second: Side { says: Some(second), ..self.second.clone() },
            kept,
            reason,
        }
    }

    fn settle(&mut self, conflict: Conflict, fatal: bool) {
        self.merging.settle(conflict, fatal);
    }
}
