//! A new pair in a map, a new item in a list.

use super::check::Effect;
use super::error::EditError;
use super::replace::has_lines;
use super::splice::Splices;
use super::target::Target;
use super::work::{Planned, Work};
use crate::modulemd::model::Value;
use crate::modulemd::yaml::layout::{Form, Shape};
use crate::modulemd::yaml::source;

/// What is inserted.
enum New<'n> {
    Pair(&'n str),
    Item,
}

impl Work<'_> {
    /// Adds a pair where the order of the format, or the habit of the map, wants it.
    pub(super) fn insert_pair(&self, map: &Target, key: &str, value: Value) -> Result<Planned, EditError> {
        let node = map.node();
        let part = self.text.layout.part(node);
        let path = map.path.key(key);
        match part.shape {
            Shape::Map(_) => {}
            Shape::Scalar(_) if part.is_empty() => {
                return self.replace(map, [(key.to_owned(), value)].into_iter().collect());
            }
            _ => return Err(self.text.kind_error(&map.path, node, "a map")),
        }
        self.text.may_enter(map)?;
        let whole = [(key.to_owned(), value)].into_iter().collect();
        if part.children.is_empty() && !self.outer_is_flow(node) && !self.has_comment(node) && map.parent().is_some() {
            return self.replace(map, whole);
        }
        let flow = self.text.is_flow(node);
        let whole = self.prepare(whole, map, &map.path, flow)?;
        let Value::Map(mut pair) = whole else { unreachable!("a map stays a map") };
        let value = pair.remove(key).unwrap_or_default();
        let place = self.place_of(map, key);
        let mut splices = Splices::default();
        let at = if flow {
            let text = self.emitter().flow_pair(key, &value, &path);
            self.insert_flow(&mut splices, map, place, &text)?
        } else {
            self.insert_block(&mut splices, map, place, &New::Pair(key), &value)
        };
        let effect = Effect::InsertPair { at: map.places.clone(), place, key: key.to_owned(), value };
        Ok(Planned { splices, effect, place: at })
    }

    /// Adds an item; without a place at the end, or where it belongs in a list of sorted texts.
    pub(super) fn insert_item(&self, list: &Target, place: Option<usize>, value: Value) -> Result<Planned, EditError> {
        let node = list.node();
        let part = self.text.layout.part(node);
        match part.shape {
            Shape::List(_) => {}
            Shape::Scalar(_) if part.is_empty() => return self.replace(list, Value::List(vec![value])),
            _ => return Err(self.text.kind_error(&list.path, node, "a list")),
        }
        self.text.may_enter(list)?;
        let flow = self.text.is_flow(node);
        let value = self.prepare(value, list, &list.path.index(0), flow)?;
        let nested = !matches!(value, Value::Scalar(_));
        if part.children.is_empty() && nested && !self.outer_is_flow(node) && !self.has_comment(node) {
            return self.replace(list, Value::List(vec![value]));
        }
        let place = place.unwrap_or_else(|| self.place_of_item(list, &value)).min(part.children.len());
        let mut splices = Splices::default();
        let at = if flow {
            let text = match &value {
                Value::Scalar(scalar) => {
                    self.emitter().scalar(scalar, &list.path.index(0), self.item_style(node), true)
                }
                value => self.emitter().flow(value, &list.path.index(0)),
            };
            self.insert_flow(&mut splices, list, place, &text)?
        } else {
            self.insert_block(&mut splices, list, place, &New::Item, &value)
        };
        let effect = Effect::InsertItem { at: list.places.clone(), place, value };
        Ok(Planned { splices, effect, place: at })
    }

    /// Inserts lines into a collection in block style; gives the place.
    fn insert_block(
        &self,
        splices: &mut Splices,
        target: &Target,
        place: usize,
        new: &New<'_>,
        value: &Value,
    ) -> usize {
        let source = self.source();
        let node = target.node();
        let part = self.text.layout.part(node);
        let column = source::column(source, part.inner);
        let wide = if matches!(new, New::Item) { 1 } else { 2 };
        // Behind what stands before it, whose own comments stay; comments above what stands behind it stay there.
        let (at, inline) = match place.checked_sub(1) {
            Some(before) => {
                let before = part.children.get(before * wide + wide - 1).copied().unwrap_or(node);
                (self.behind(before, column), false)
            }
            None if !source::begins_line(source, part.inner) => (part.inner, true),
            None => match self.after(target) {
                Some(after) => (source::next_line(source, after), false),
                None => (source::line_start(source, part.inner), false),
            },
        };
        let emitter = self.emitter_before(if inline { source::next_line(source, at) } else { at }, column);
        let lines = match new {
            New::Pair(key) => {
                let step = self.text.step_in(node, &self.habit);
                emitter.pair(key, value, &target.path.key(key), step)
            }
            New::Item => {
                let gap = self.gap(node);
                match value {
                    Value::Scalar(scalar) => {
                        let text = emitter.scalar(scalar, &target.path.index(0), self.item_style(node), false);
                        vec![format!("-{:gap$}{text}", "")]
                    }
                    value => emitter.item(value, &target.path, gap),
                }
            }
        };
        if inline {
            let mut text = self.joined(&lines, column);
            text.push_str(self.habit.newline);
            text.push_str(&" ".repeat(column));
            splices.insert(at, text);
        } else {
            if at == source.len() && source::line_start(source, at) != at {
                self.close_block_scalar(splices);
            }
            splices.insert(at, self.lines(at, column, &lines, has_lines(value)));
        }
        at
    }

    /// Blanks between the dashes of a list and its items.
    fn gap(&self, list: usize) -> usize {
        let first = self.text.layout.part(list).children.first().map(|item| self.text.layout.part(*item).start);
        let between = first.and_then(|first| self.source().get(self.text.layout.part(list).inner + 1..first));
        let blanks = between.filter(|between| !between.is_empty() && between.bytes().all(|byte| byte == b' '));
        blanks.map_or(self.habit.gap, str::len)
    }

    /// Whether the collection around this one stands in brackets.
    fn outer_is_flow(&self, node: usize) -> bool {
        self.text.layout.part(node).parent.is_some_and(|parent| self.text.is_flow(parent))
    }

    fn has_comment(&self, node: usize) -> bool {
        let part = self.text.layout.part(node);
        matches!(part.shape, Shape::Map(Form::Flow) | Shape::List(Form::Flow))
            && self.source()[part.content()].contains('#')
    }

    /// Where a new key belongs: by the order of the format next to its nearest neighbour there, in free maps by their
    /// own order if they are sorted, else at the end.
    fn place_of(&self, map: &Target, key: &str) -> usize {
        let keys: Vec<Option<&str>> =
            self.text.layout.pairs(map.node()).map(|(key, _)| self.text.scalar(key)).collect();
        let known = self.kind.keys(&map.path);
        let rank =
            known.as_ref().and_then(|known| known.iter().position(|found| *found == key).map(|rank| (known, rank)));
        if let Some((known, rank)) = rank {
            let find = |name: &&str| keys.iter().position(|found| *found == Some(*name));
            let before = known[..rank].iter().rev().find_map(find).map(|place| place + 1);
            let behind = known[rank + 1..].iter().find_map(find);
            return before.or(behind).unwrap_or(keys.len());
        }
        if known.is_some() {
            return keys.len();
        }
        sorted_place(&keys, key)
    }

    fn place_of_item(&self, list: &Target, value: &Value) -> usize {
        let items = &self.text.layout.part(list.node()).children;
        let texts: Vec<Option<&str>> = items.iter().map(|item| self.text.scalar(*item)).collect();
        value.as_str().map_or(items.len(), |text| sorted_place(&texts, text))
    }
}

/// The place of a text among others: in order if they are in order, else at the end.
fn sorted_place(texts: &[Option<&str>], new: &str) -> usize {
    let Some(texts) = texts.iter().copied().collect::<Option<Vec<&str>>>() else { return texts.len() };
    if texts.len() < 2 {
        return texts.len();
    }
    if texts.is_sorted() {
        return texts.partition_point(|text| *text < new);
    }
    let folded: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    if folded.is_sorted() {
        let new = new.to_lowercase();
        return folded.partition_point(|text| *text < new);
    }
    texts.len()
}
