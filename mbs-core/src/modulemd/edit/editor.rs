//! The editor: changes by path, each checked before it counts.

use super::check::is_exactly;
use super::documents::{Place, choose};
use super::error::EditError;
use super::habit::Habit;
use super::replace::wrapped;
use super::report::Change;
use super::schema::Kind;
use super::target::Text;
use super::work::{Planned, Work};
use crate::modulemd::limits::Limits;
use crate::modulemd::model::{Scalar, Value, ValueMap};
use crate::modulemd::path::{KeyPath, Step};
use crate::modulemd::yaml::guard;
use crate::modulemd::yaml::layout::{Layout, Shape};
use crate::modulemd::yaml::lines::Lines;
use crate::modulemd::yaml::plain::looks_typed;
use crate::modulemd::yaml::tape::Style;
use std::sync::Arc;

/// Changes one document of a file in place; see the [module's documentation](self::super).
#[derive(Debug, Clone)]
pub struct Editor {
    bytes: Vec<u8>,
    /// The file as it was, and its name.
    pub(super) original: Arc<(Vec<u8>, String)>,
    place: Place,
    /// Lines of the file before the chunk of the document.
    lines_before: u32,
    changes: Vec<Change>,
}

impl Editor {
    /// Takes the bytes of a file. `file` names it in errors; `document` chooses among several documents, counted
    /// from 0, and may be left out if there is only one.
    ///
    /// # Errors
    /// The document is absent, not chosen among several, not YAML or not UTF-8.
    pub fn new(bytes: impl Into<Vec<u8>>, file: &str, document: Option<usize>) -> Result<Self, EditError> {
        let bytes = bytes.into();
        let place = choose(&bytes, file, document)?;
        // The size limit keeps positions in 32 bits.
        let start = u32::try_from(place.chunk.start).unwrap_or(u32::MAX);
        let lines_before = Lines::new(&bytes).find(start).0 - 1;
        let original = Arc::new((bytes.clone(), file.to_owned()));
        Ok(Self { bytes, original, place, lines_before, changes: Vec::new() })
    }

    /// The file as it is now.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file as it is now.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What was changed so far, in the order of the changes.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Number of the document in the file, from 0.
    pub fn document(&self) -> usize {
        self.place.number
    }

    /// The value at a path, aliases followed.
    ///
    /// # Errors
    /// The path leads through values of the wrong kind, or through an alias.
    pub fn get(&self, path: &KeyPath) -> Result<Option<Value>, EditError> {
        self.look(|work| {
            let (target, missing) = work.text.find(path)?;
            Ok(missing.is_empty().then(|| work.value(target.node())))
        })
    }

    /// Line of a value in the file, from 1; of its key, if it has one.
    pub(super) fn line(&self, path: &KeyPath) -> Option<u32> {
        let line = self.look(|work| {
            let target = work.text.get(path)?;
            let key = target.parent().and_then(|(parent, place)| match work.text.layout.part(parent.node()).shape {
                Shape::Map(_) => work.key(&parent, place),
                _ => None,
            });
            Ok(work.text.line_of(key.unwrap_or(target.node())))
        });
        line.ok()
    }

    /// Gives a value to a place; maps on the way that are missing are made. A map or list that is there is changed
    /// part by part, so that what stays keeps its text and its comments. Tells whether anything changed.
    ///
    /// A number or truth value without quotes is a [`Scalar::typed`]; `true.into()` and `5_i64.into()` make one.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn set(&mut self, path: &KeyPath, value: impl Into<Value>) -> Result<bool, EditError> {
        let value = value.into();
        self.atomically(|editor| editor.set_value(path, value))
    }

    /// Takes away a key with its value, or an item of a list. A collection that becomes empty stays as `{}` or `[]`.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn remove(&mut self, path: &KeyPath) -> Result<(), EditError> {
        self.atomically(|editor| editor.remove_value(path))
    }

    /// Adds a key to a map, which is made if it is missing.
    ///
    /// # Errors
    /// [`EditError::Exists`] if the key is there, and others; nothing was changed then.
    pub fn insert(&mut self, map: &KeyPath, key: &str, value: impl Into<Value>) -> Result<(), EditError> {
        let path = map.key(key);
        let value = value.into();
        if self.get(&path)?.is_some() {
            return Err(EditError::Exists { line: self.line(&path).unwrap_or(0), path });
        }
        self.set(&path, value).map(drop)
    }

    /// Adds an item at the end of a list, which is made if it is missing.
    ///
    /// # Errors
    /// See [`EditError`]; nothing was changed then.
    pub fn append(&mut self, list: &KeyPath, value: impl Into<Value>) -> Result<(), EditError> {
        let value = value.into();
        self.atomically(|editor| editor.add_item(list, Some(usize::MAX), value))
    }

    /// Does several changes or none.
    ///
    /// # Errors
    /// The first error of `changes`; nothing was changed then.
    pub fn atomically<T>(&mut self, changes: impl FnOnce(&mut Self) -> Result<T, EditError>) -> Result<T, EditError> {
        let before = self.clone();
        let result = changes(self);
        if result.is_err() {
            *self = before;
        }
        result
    }

    /// Adds an item: at a place, or where the list's order wants it.
    pub(super) fn add_item(&mut self, list: &KeyPath, place: Option<usize>, value: Value) -> Result<(), EditError> {
        let planned = self.look(|work| {
            let (target, missing) = work.text.find(list)?;
            if !missing.is_empty() {
                return Ok(None);
            }
            work.insert_item(&target, place, value.clone()).map(Some)
        })?;
        match planned {
            Some(planned) => self.commit(list, None, Some(value), &planned),
            None => self.set_value(list, Value::List(vec![value])).map(drop),
        }
    }

    fn set_value(&mut self, path: &KeyPath, value: Value) -> Result<bool, EditError> {
        let (old, value) = self.look(|work| {
            let (target, missing) = work.text.find(path)?;
            let old = missing.is_empty().then(|| work.value(target.node()));
            let own = missing.is_empty() && !matches!(work.text.layout.part(target.node()).shape, Shape::Alias(_));
            let value = work.prepare(value, &target, path, false)?;
            Ok((old.map(|old| (old, own)), value))
        })?;
        match (old, value) {
            (Some((old, _)), value) if self.is_same(path, &old, &value) => Ok(false),
            (Some((Value::Map(old), true)), Value::Map(new)) if !old.is_empty() && !new.is_empty() => {
                self.set_map(path, &old, new)
            }
            (Some((Value::List(old), true)), Value::List(new)) if !old.is_empty() && !new.is_empty() => {
                self.set_list(path, &old, new)
            }
            (old, value) => {
                let planned = self.look(|work| {
                    let (target, missing) = work.text.find(path)?;
                    let Some(step) = missing.first() else { return work.replace(&target, value.clone()) };
                    let absent = || match work.text.get(path) {
                        Err(error) => error,
                        Ok(_) => work.text.unsupported(path, target.node(), "it is found and not found"),
                    };
                    let (Step::Key(key), Some(whole)) = (step, wrapped(&missing[1..], value.clone())) else {
                        return Err(absent());
                    };
                    if matches!(work.text.layout.part(target.node()).shape, Shape::List(_)) {
                        return Err(absent());
                    }
                    work.insert_pair(&target, key, whole)
                })?;
                self.commit(path, old.map(|(old, _)| old), Some(value), &planned)?;
                Ok(true)
            }
        }
    }

    fn set_map(&mut self, path: &KeyPath, old: &ValueMap, new: ValueMap) -> Result<bool, EditError> {
        let mut changed = false;
        // New keys come first, so that the map is never empty in between.
        let gone: Vec<&String> = old.keys().filter(|key| !new.contains_key(*key)).collect();
        for (key, value) in new {
            changed |= self.set_value(&path.key(&key), value)?;
        }
        for key in gone {
            self.remove_value(&path.key(key))?;
            changed = true;
        }
        Ok(changed)
    }

    /// Turns a list into another one; the longest common part keeps its text.
    fn set_list(&mut self, path: &KeyPath, old: &[Value], new: Vec<Value>) -> Result<bool, EditError> {
        let kept = common(old, &new, |a, b| self.is_same(&path.index(0), a, b));
        let mut at = 0;
        let mut kept_new = vec![false; new.len()];
        let mut gone = Vec::new();
        for (place, _) in old.iter().enumerate() {
            match kept.get(at) {
                Some((from, to)) if *from == place => {
                    kept_new[*to] = true;
                    at += 1;
                }
                _ => gone.push(place),
            }
        }
        // Inserting before removing keeps the list from being empty in between.
        let mut changed = false;
        let mut cursor = 0;
        let mut places: Vec<usize> = (0..old.len()).collect();
        for (number, value) in new.into_iter().enumerate() {
            if kept_new[number] {
                let from = kept.iter().find(|(_, to)| *to == number).map_or(0, |(from, _)| *from);
                cursor = places[from] + 1;
            } else {
                self.add_item(path, Some(cursor), value)?;
                for place in &mut places {
                    *place += usize::from(*place >= cursor);
                }
                cursor += 1;
                changed = true;
            }
        }
        for from in gone.into_iter().rev() {
            self.remove_value(&path.index(places[from]))?;
            changed = true;
        }
        Ok(changed)
    }

    pub(super) fn remove_value(&mut self, path: &KeyPath) -> Result<(), EditError> {
        let (planned, old) = self.look(|work| {
            let target = match work.text.find(path)? {
                (target, []) => target,
                (deepest, [Step::Key(key)]) => {
                    let line = work.text.merge_key(deepest.node(), key);
                    let merged = |line| EditError::Merged { path: path.clone(), line };
                    return Err(match (line, work.text.get(path)) {
                        (Some(line), _) => merged(line),
                        (None, Err(error)) => error,
                        (None, Ok(_)) => work.text.unsupported(path, deepest.node(), "it is found and not found"),
                    });
                }
                _ => work.text.get(path)?,
            };
            Ok((work.remove(&target)?, work.value(target.node())))
        })?;
        self.commit(path, Some(old), None, &planned)
    }

    /// Whether a value says what a new one says. Where the format knows only texts, quotes make no difference.
    fn is_same(&self, path: &KeyPath, old: &Value, new: &Value) -> bool {
        let free = |kind: Kind| kind.field(path) == super::schema::Field::Free && path.steps().len() > 1;
        match (old, new) {
            (Value::Scalar(old), Value::Scalar(new)) => {
                old == new || old.as_str() == new.as_str() && !self.look(|work| Ok(free(work.kind))).unwrap_or(true)
            }
            (Value::List(old), Value::List(new)) => {
                let path = path.index(0);
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.is_same(&path, old, new))
            }
            (Value::Map(old), Value::Map(new)) => {
                old.len() == new.len()
                    && old
                        .iter()
                        .zip(new)
                        .all(|((old_key, old), (key, new))| old_key == key && self.is_same(&path.key(key), old, new))
            }
            _ => false,
        }
    }

    /// The kind of the document.
    pub(super) fn kind(&self) -> Kind {
        self.look(|work| Ok(work.kind)).unwrap_or(Kind::of(None, None))
    }

    /// Looks at the text as it is now.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Work<'_>) -> Result<T, EditError>) -> Result<T, EditError> {
        let broken = || EditError::Inconsistent { path: KeyPath::default() };
        let source = std::str::from_utf8(&self.bytes[self.place.chunk.clone()]).map_err(|_| broken())?;
        let layout = Layout::read(source, self.place.inside).ok_or_else(broken)?;
        let text = Text { source, layout: &layout, lines_before: self.lines_before };
        let root = |name: &str| {
            let mut pairs = layout.pairs(0).filter(|(key, _)| text.scalar(*key) == Some(name));
            pairs.next().and_then(|(_, value)| text.scalar(value))
        };
        let kind = Kind::of(root("document"), root("version"));
        let habit = Habit::of(source, &layout);
        look(&Work { text, habit, kind })
    }

    /// Changes the text if the result reads as exactly this change.
    fn commit(
        &mut self,
        path: &KeyPath,
        before: Option<Value>,
        after: Option<Value>,
        planned: &Planned,
    ) -> Result<(), EditError> {
        let broken = || EditError::Inconsistent { path: path.clone() };
        let chunk = self.place.chunk.clone();
        let source = std::str::from_utf8(&self.bytes[chunk.clone()]).map_err(|_| broken())?;
        let changed = planned.splices.apply(source).ok_or_else(broken)?;
        if guard::check(&changed, 0, &Limits::default()).is_err() {
            let line = self.look(|work| Ok(work.text.line(planned.place))).unwrap_or(0);
            let why = "the document would have more blanks in a row than the reader's limit";
            return Err(EditError::Unsupported { path: path.clone(), line, why });
        }
        let mut bytes = Vec::with_capacity(self.bytes.len() - source.len() + changed.len());
        bytes.extend_from_slice(&self.bytes[..chunk.start]);
        bytes.extend_from_slice(changed.as_bytes());
        bytes.extend_from_slice(&self.bytes[chunk.end..]);
        if !is_exactly(&self.bytes, &bytes, &chunk, self.place.inside, &planned.effect) {
            return Err(broken());
        }
        let old_line = self.look(|work| Ok(work.text.line(planned.place))).unwrap_or(0);
        self.place.chunk = chunk.start..chunk.start + changed.len();
        self.bytes = bytes;
        let line = match (&before, &after) {
            (None, Some(_)) => self.line(path).unwrap_or(old_line),
            _ => old_line,
        };
        self.changes.push(Change { path: path.clone(), line, before, after });
        Ok(())
    }
}

impl Work<'_> {
    /// The value of a node, aliases followed.
    pub(super) fn value(&self, node: usize) -> Value {
        let part = self.text.layout.part(node);
        match part.shape {
            Shape::Alias(target) => self.value(target),
            Shape::Scalar(Style::Plain) if looks_typed(&part.text) => Value::Scalar(Scalar::typed(&*part.text)),
            Shape::Scalar(_) => Value::Scalar(Scalar::text(&*part.text)),
            Shape::List(_) => Value::List(part.children.iter().map(|item| self.value(*item)).collect()),
            Shape::Map(_) => {
                let pairs = self.text.layout.pairs(node);
                let pairs =
                    pairs.filter_map(|(key, value)| Some((self.text.scalar(key)?.to_owned(), self.value(value))));
                Value::Map(pairs.collect())
            }
        }
    }
}

/// Pairs of places of the longest common part of two lists.
fn common(old: &[Value], new: &[Value], same: impl Fn(&Value, &Value) -> bool) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut longest = vec![0_usize; (old.len() + 1) * width];
    for from in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            longest[from * width + to] = if same(&old[from], &new[to]) {
                longest[(from + 1) * width + to + 1] + 1
            } else {
                longest[(from + 1) * width + to].max(longest[from * width + to + 1])
            };
        }
    }
    let (mut from, mut to, mut pairs) = (0, 0, Vec::new());
    while from < old.len() && to < new.len() {
        if same(&old[from], &new[to]) {
            pairs.push((from, to));
            (from, to) = (from + 1, to + 1);
        } else if longest[(from + 1) * width + to] >= longest[from * width + to + 1] {
            from += 1;
        } else {
            to += 1;
        }
    }
    pairs
}
