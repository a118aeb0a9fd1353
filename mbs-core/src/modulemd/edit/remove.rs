//! A pair or an item less.

use super::check::Effect;
use super::error::EditError;
use super::splice::Splices;
use super::target::Target;
use super::work::{Planned, Work};
use crate::modulemd::yaml::layout::Shape;
use crate::modulemd::yaml::source;
use crate::modulemd::yaml::tape::Style;

impl Work<'_> {
    /// Takes a value and its key, or an item, out of what it stands in. Comments on its lines and below it, indented
    /// deeper than it, go with it; all others stay.
    pub(super) fn remove(&self, target: &Target) -> Result<Planned, EditError> {
        let node = target.node();
        let Some((parent, place)) = target.parent() else {
            return Err(self.text.unsupported(&target.path, node, "it is the whole document"));
        };
        let outer = self.text.layout.part(parent.node());
        let key = matches!(outer.shape, Shape::Map(_)).then(|| self.key(&parent, place)).flatten();
        let gone: Vec<usize> = key.into_iter().chain([node]).collect();
        self.text.may_go(target, &gone)?;
        let mut splices = Splices::default();
        if self.text.is_flow(parent.node()) {
            self.remove_flow(&mut splices, &parent, place)?;
        } else {
            self.remove_block(&mut splices, target, &parent, place, key)?;
        }
        let effect = Effect::Remove { at: parent.places, place };
        Ok(Planned { splices, effect, place: self.text.layout.part(key.unwrap_or(node)).start })
    }

    fn remove_block(
        &self,
        splices: &mut Splices,
        target: &Target,
        parent: &Target,
        place: usize,
        key: Option<usize>,
    ) -> Result<(), EditError> {
        let source = self.source();
        let node = target.node();
        let layout = self.text.layout;
        let outer = layout.part(parent.node());
        let refuse = |why| self.text.unsupported(&target.path, node, why);
        let start = match key {
            Some(key) => layout.part(key).start,
            None => self.dash(parent.node(), place).ok_or_else(|| refuse("its `-` is not found"))?,
        };
        let own_line = source::begins_line(source, start);
        if key.is_some() && !own_line && start != outer.inner {
            return Err(refuse("its key is written with `?`"));
        }
        if place == 0 && start != outer.inner {
            return Err(refuse("its key is written with `?`"));
        }
        let wide = if key.is_some() { 2 } else { 1 };
        let end = layout.part(node).end;
        let column = source::column(source, start);
        if outer.children.len() == wide {
            // The last one: what is left is an empty collection, not an empty value.
            let empty = if key.is_some() { "{}" } else { "[]" };
            match self.after(parent) {
                Some(after) if own_line && after < start => {
                    splices.insert(after, format!(" {empty}"));
                    self.delete_lines(splices, target, start, column)?;
                }
                _ => splices.replace(start..end, empty),
            }
            return Ok(());
        }
        if own_line {
            return self.delete_lines(splices, target, start, column);
        }
        // The first of several, behind the dash of an item around them.
        let second = if key.is_some() {
            layout.part(outer.children[2]).start
        } else {
            self.dash(parent.node(), 1).unwrap_or(end)
        };
        if source::comments(source, source::next_line(source, end), false).is_empty() {
            if !source::begins_line(source, second) {
                return Err(refuse("the key behind it is written with `?`"));
            }
            splices.delete(start..second);
        } else {
            let blanks = source[..start].len() - source[..start].trim_end_matches(' ').len();
            splices.delete(start - blanks..source::line_end(source, end));
        }
        Ok(())
    }

    /// Deletes whole lines, from the one of `start` to the end of the target and the comments that belong to it.
    fn delete_lines(
        &self,
        splices: &mut Splices,
        target: &Target,
        start: usize,
        column: usize,
    ) -> Result<(), EditError> {
        let source = self.source();
        let first = source::line_start(source, start);
        let mut end = self.behind(target.node(), column);
        let leaves = self.text.layout.parts().iter().filter(|part| part.end <= first && part.children.is_empty());
        let before = leaves.max_by_key(|part| part.end);
        if let Some(before) = before
            && matches!(before.shape, Shape::Scalar(Style::Literal | Style::Folded))
            && source::next_line(source, before.end) == first
        {
            // What follows a block scalar must not become a part of it.
            let body = source::next_line(source, before.inner);
            let indent = source[body..].bytes().take_while(|byte| *byte == b' ').count();
            if source::comments(source, end, false).iter().any(|(at, _)| *at >= indent) {
                let why = "a comment below it would become a part of the text above it";
                return Err(self.text.unsupported(&target.path, target.node(), why));
            }
            let header = &source[before.inner..source::line_end(source, before.inner)];
            if header.bytes().take_while(|byte| !matches!(byte, b' ' | b'\t')).any(|byte| byte == b'+') {
                while end < source.len() && source::line_break(source, source::skip_blanks(source, end)) > 0 {
                    end = source::next_line(source, end);
                }
            }
        }
        splices.delete(first..end);
        Ok(())
    }
}
