//! How a file is written: what new lines are made like.

use super::target::Text;
use crate::modulemd::yaml::layout::{Form, Layout, Shape};
use crate::modulemd::yaml::source;

/// The habits of one text.
#[derive(Debug, Clone)]
pub(super) struct Habit {
    /// The line break.
    pub(super) newline: &'static str,
    /// How much deeper the keys of a map stand than the key above them.
    pub(super) step: usize,
    /// How much deeper the dashes of a list stand than the key above them.
    pub(super) list: usize,
    /// Blanks between a dash and its item.
    pub(super) gap: usize,
}

impl Habit {
    /// The most frequent habits of the text; the writer's own where the text shows none.
    pub(super) fn of(source: &str, layout: &Layout) -> Self {
        let first = source::line_end(source, 0);
        let newline = match source.as_bytes().get(first..) {
            Some([b'\r', b'\n', ..]) => "\r\n",
            Some([b'\r', ..]) => "\r",
            _ => "\n",
        };
        let (mut steps, mut lists, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
        for part in layout.parts() {
            for (key, value) in part.children.as_chunks::<2>().0.iter().map(|pair| (pair[0], layout.part(pair[1]))) {
                let Shape::Map(Form::Block) = part.shape else { continue };
                let from = source::column(source, layout.part(key).start);
                let deeper = source::column(source, value.inner).checked_sub(from);
                match (value.shape, deeper) {
                    (Shape::Map(Form::Block), Some(deeper)) => steps.push(deeper),
                    (Shape::List(Form::Block), Some(deeper)) => lists.push(deeper),
                    _ => {}
                }
            }
            if let (Shape::List(Form::Block), Some(first)) = (part.shape, part.children.first()) {
                let first = layout.part(*first).start;
                let between = source.get(part.inner + 1..first).unwrap_or_default();
                if !between.is_empty() && between.bytes().all(|byte| byte == b' ') {
                    gaps.push(between.len());
                }
            }
        }
        Self {
            newline,
            step: most(steps).filter(|step| *step > 0).unwrap_or(2),
            list: most(lists).unwrap_or(0),
            gap: most(gaps).unwrap_or(1),
        }
    }
}

/// The most frequent number; of equally frequent ones the smaller.
fn most(mut numbers: Vec<usize>) -> Option<usize> {
    numbers.sort_unstable();
    let groups = numbers.chunk_by(|a, b| a == b).map(|group| (group.len(), std::cmp::Reverse(group[0])));
    groups.max().map(|(_, number)| number.0)
}

impl Text<'_> {
    /// How much deeper than the keys of a map its values' keys stand, as its other pairs show.
    pub(super) fn step_in(&self, map: usize, habit: &Habit) -> usize {
        let steps =
            self.layout.pairs(map).filter(|(_, value)| self.layout.part(*value).shape == Shape::Map(Form::Block));
        let column = |node: usize| source::column(self.source, self.layout.part(node).inner);
        most(steps.filter_map(|(key, value)| column(value).checked_sub(column(key))).collect())
            .filter(|step| *step > 0)
            .unwrap_or(habit.step)
    }

    /// Whether lists below this key stand in brackets elsewhere in the text; nothing if there are none.
    pub(super) fn lists_are_flow(&self, key: &str) -> Option<bool> {
        let mut forms = [0_usize; 2];
        for (at, part) in self.layout.parts().iter().enumerate() {
            if !matches!(part.shape, Shape::Map(_)) {
                continue;
            }
            for (found, value) in self.layout.pairs(at) {
                let value = self.layout.part(value);
                if let Shape::List(form) = value.shape
                    && self.scalar(found) == Some(key)
                    && !value.children.is_empty()
                {
                    forms[usize::from(form == Form::Flow)] += 1;
                }
            }
        }
        (forms != [0, 0]).then_some(forms[1] >= forms[0])
    }
}
