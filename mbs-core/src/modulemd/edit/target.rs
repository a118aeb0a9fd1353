//! From a path to the node in the text, and whether it may be changed there.

use super::error::EditError;
use crate::modulemd::de::distance;
use crate::modulemd::path::{KeyPath, Step};
use crate::modulemd::yaml::layout::{Form, Layout, Shape};
use crate::modulemd::yaml::source;

/// The text of one document and where everything stands in it.
pub(super) struct Text<'t> {
    pub(super) source: &'t str,
    pub(super) layout: &'t Layout,
    /// Lines of the file before this text.
    pub(super) lines_before: u32,
}

/// A node of the text and the way to it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The nodes from the root to this one.
    pub(super) nodes: Vec<usize>,
    /// The places of these in their parents: items are counted, or pairs.
    pub(super) places: Vec<usize>,
    /// The path, as far as it exists.
    pub(super) path: KeyPath,
}

impl Target {
    pub(super) fn node(&self) -> usize {
        self.nodes.last().copied().unwrap_or(0)
    }

    /// The node that this one stands in, and its place there; nothing for the root.
    pub(super) fn parent(&self) -> Option<(Target, usize)> {
        let (place, places) = self.places.split_last()?;
        let mut parent = Self { nodes: self.nodes.clone(), places: places.to_vec(), path: self.path.clone() };
        parent.nodes.pop();
        parent.path.pop();
        Some((parent, *place))
    }
}

impl Text<'_> {
    /// Line in the file, from 1.
    pub(super) fn line(&self, at: usize) -> u32 {
        let mut line = self.lines_before.saturating_add(1);
        let mut from = 0;
        loop {
            let next = source::next_line(self.source, from);
            if next > at || next == from || (next == self.source.len() && source::line_end(self.source, from) == next) {
                return line;
            }
            from = next;
            line = line.saturating_add(1);
        }
    }

    pub(super) fn line_of(&self, node: usize) -> u32 {
        self.line(self.layout.part(node).start)
    }

    /// The text of a key or item, through an alias.
    pub(super) fn scalar(&self, node: usize) -> Option<&str> {
        let part = self.layout.part(node);
        match part.shape {
            Shape::Scalar(_) => Some(&part.text),
            Shape::Alias(target) => self.scalar(target),
            Shape::Map(_) | Shape::List(_) => None,
        }
    }

    pub(super) fn unsupported(&self, path: &KeyPath, node: usize, why: &'static str) -> EditError {
        EditError::Unsupported { path: path.clone(), line: self.line_of(node), why }
    }

    pub(super) fn kind_error(&self, path: &KeyPath, node: usize, expected: &'static str) -> EditError {
        EditError::Kind { path: path.clone(), line: self.line_of(node), found: self.describe(node), expected }
    }

    fn describe(&self, node: usize) -> &'static str {
        let part = self.layout.part(node);
        match part.shape {
            Shape::Scalar(_) if part.is_empty() => "an empty value",
            Shape::Scalar(_) => "a text",
            Shape::Alias(_) => "an alias",
            Shape::Map(_) => "a map",
            Shape::List(_) => "a list",
        }
    }

    /// The node at the path, or the deepest one on the way and what is missing below it.
    pub(super) fn find<'p>(&self, path: &'p KeyPath) -> Result<(Target, &'p [Step]), EditError> {
        let mut target = Target { nodes: vec![0], places: Vec::new(), path: KeyPath::default() };
        let steps = path.steps();
        for (depth, step) in steps.iter().enumerate() {
            let node = target.node();
            self.may_enter(&target)?;
            let found = match (self.layout.part(node).shape, step) {
                (Shape::Map(_), Step::Key(key)) => self.pair(&target, key, steps.len() - depth)?,
                (Shape::List(_), Step::Index(index)) => {
                    self.layout.part(node).children.get(*index).map(|item| (*index, *item))
                }
                (Shape::List(_), Step::Item(text) | Step::Key(text)) => {
                    let items = self.layout.part(node).children.iter().copied().enumerate();
                    items.clone().find(|(_, item)| self.scalar(*item) == Some(text))
                }
                (Shape::Scalar(_), _) if self.layout.part(node).is_empty() => None,
                (_, Step::Key(_)) => return Err(self.kind_error(&target.path, node, "a map")),
                (_, Step::Index(_) | Step::Item(_)) => return Err(self.kind_error(&target.path, node, "a list")),
            };
            let Some((place, next)) = found else { return Ok((target, &steps[depth..])) };
            target.nodes.push(next);
            target.places.push(place);
            target.path.push(step.clone());
        }
        Ok((target, &[]))
    }

    /// The node at the path; anything missing is an error.
    pub(super) fn get(&self, path: &KeyPath) -> Result<Target, EditError> {
        let (target, missing) = self.find(path)?;
        let Some(step) = missing.first() else { return Ok(target) };
        let node = target.node();
        let wanted = match step {
            Step::Key(text) | Step::Item(text) => text.as_str(),
            Step::Index(_) => "",
        };
        let names: Vec<&str> = match self.layout.part(node).shape {
            Shape::Map(_) => self.layout.pairs(node).filter_map(|(key, _)| self.scalar(key)).collect(),
            _ => self.layout.part(node).children.iter().filter_map(|item| self.scalar(*item)).collect(),
        };
        Err(EditError::Absent { path: path.clone(), line: self.line_of(node), near: near(wanted, &names) })
    }

    /// Refuses what would also change another place.
    pub(super) fn may_enter(&self, target: &Target) -> Result<(), EditError> {
        let node = target.node();
        if let Shape::Alias(named) = self.layout.part(node).shape {
            let anchor = self.layout.part(named).anchor.clone().unwrap_or_default();
            return Err(EditError::Aliased { path: target.path.clone(), line: self.line_of(node), anchor });
        }
        if !self.is_simple(node) {
            return Err(self.unsupported(&target.path, node, "one of its keys is written with `?` or is no text"));
        }
        self.is_own(target)
    }

    /// Whether all keys of a map are written texts; those of a block map stand in its column and have their `:` on
    /// their line.
    fn is_simple(&self, node: usize) -> bool {
        let part = self.layout.part(node);
        let block = part.shape == Shape::Map(Form::Block);
        let column = source::column(self.source, part.inner);
        self.layout.pairs(node).all(|(key, _)| {
            let key = self.layout.part(key);
            let colon = source::skip_blanks(self.source, key.end);
            matches!(key.shape, Shape::Scalar(_) | Shape::Alias(_))
                && !key.is_empty()
                && (!block
                    || source::column(self.source, key.start) == column
                        && self.source.as_bytes().get(colon) == Some(&b':'))
        })
    }

    /// Refuses a value that an alias names.
    pub(super) fn is_own(&self, target: &Target) -> Result<(), EditError> {
        let node = target.node();
        let user = self.layout.parts().iter().position(|part| part.shape == Shape::Alias(node));
        match (user, &self.layout.part(node).anchor) {
            (Some(user), Some(anchor)) => Err(EditError::Shared {
                path: target.path.clone(),
                anchor: anchor.clone(),
                alias_line: self.line_of(user),
            }),
            _ => Ok(()),
        }
    }

    /// Refuses to take away a value whose inside is named by an alias elsewhere.
    pub(super) fn may_go(&self, target: &Target, nodes: &[usize]) -> Result<(), EditError> {
        for node in nodes {
            let Some(user) = self.layout.aliases_from_outside(*node).next() else { continue };
            if nodes.iter().any(|other| self.layout.is_within(user, *other)) {
                continue;
            }
            let Shape::Alias(named) = self.layout.part(user).shape else { continue };
            return Err(EditError::Shared {
                path: target.path.clone(),
                anchor: self.layout.part(named).anchor.clone().unwrap_or_default(),
                alias_line: self.line_of(user),
            });
        }
        Ok(())
    }

    fn pair(&self, map: &Target, key: &str, steps: usize) -> Result<Option<(usize, usize)>, EditError> {
        let node = map.node();
        let pairs = self.layout.pairs(node).enumerate();
        let mut found = pairs.filter(|(_, (found, _))| self.scalar(*found) == Some(key));
        let Some((place, (at, value))) = found.next() else {
            return match self.merge_key(node, key) {
                // A key of its own beside the merge key is what overrides it.
                Some(_) if steps == 1 => Ok(None),
                Some(line) => Err(EditError::Merged { path: map.path.key(key), line }),
                None => Ok(None),
            };
        };
        let mut lines: Vec<u32> = found.map(|(_, (other, _))| self.line_of(other)).collect();
        if lines.is_empty() {
            return Ok(Some((place, value)));
        }
        lines.insert(0, self.line_of(at));
        Err(EditError::Duplicate { path: map.path.key(key), lines })
    }

    /// The line of the merge key of a map that brings this key in.
    pub(super) fn merge_key(&self, map: usize, key: &str) -> Option<u32> {
        let brings = |node: usize| {
            let node = match self.layout.part(node).shape {
                Shape::Alias(target) => target,
                _ => node,
            };
            self.layout.pairs(node).any(|(found, _)| self.scalar(found) == Some(key))
        };
        let merges = self.layout.pairs(map).filter(|(found, _)| self.scalar(*found) == Some("<<"));
        merges
            .filter(|(_, value)| {
                brings(*value)
                    || matches!(self.layout.part(*value).shape, Shape::List(_))
                        && self.layout.part(*value).children.iter().any(|item| brings(*item))
            })
            .map(|(at, _)| self.line_of(at))
            .next()
    }

    /// Whether a value inside this node stands in brackets.
    pub(super) fn is_flow(&self, node: usize) -> bool {
        let flow = |at: &usize| {
            matches!(
                self.layout.part(*at).shape,
                Shape::Map(Form::Flow | Form::Bare) | Shape::List(Form::Flow | Form::Bare)
            )
        };
        std::iter::successors(Some(node), |at| self.layout.part(*at).parent).any(|at| flow(&at))
    }
}

/// Names that were probably meant, nearest first, three at most.
pub(super) fn near(wanted: &str, names: &[&str]) -> Vec<String> {
    // Longer texts are no typing mistakes, and the comparison takes the product of the lengths.
    if wanted.is_empty() || wanted.len() > 60 {
        return Vec::new();
    }
    let small = wanted.to_lowercase();
    let mut found: Vec<(usize, &str)> = names
        .iter()
        .filter(|name| name.len() <= 80)
        .map(|name| (distance(&small, &name.to_lowercase()), *name))
        .filter(|(distance, name)| {
            *distance <= wanted.len().max(name.len()).div_ceil(3)
                || name.contains(wanted) && wanted.len() > 2
                || wanted.contains(name) && name.len() > 2
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}
