//! Collects the problems of one document and places them at its end.

use super::code::Code;
use super::model::{Diagnostic, Severity};
use super::problem::{At, Problem};
use crate::modulemd::path::KeyPath;
use crate::modulemd::yaml::lines::Lines;
use crate::modulemd::yaml::tape::{Node, Tape, View};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// The problems of one document. Shared: everything that reads the document notes into it.
#[derive(Debug)]
pub(crate) struct Sink {
    /// Unknown keys, duplicate keys and unknown documents are errors.
    strict: bool,
    limit: usize,
    /// Up to the limit of each, so that no number of warnings hides an error.
    errors: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
    /// Whether there were more.
    more: Cell<Option<Severity>>,
    failed: Cell<bool>,
    /// Entries of unknown keys and their values, in any order.
    unknown: RefCell<Vec<(u32, u32)>>,
}

impl Sink {
    pub(crate) fn new(strict: bool, limit: usize) -> Self {
        Self {
            strict,
            limit,
            errors: RefCell::default(),
            warnings: RefCell::default(),
            more: Cell::new(None),
            failed: Cell::new(false),
            unknown: RefCell::default(),
        }
    }

    pub(crate) fn push(&self, problem: Problem) {
        if problem.severity == Severity::Error {
            self.failed.set(true);
        }
        let list = if problem.severity == Severity::Error { &self.errors } else { &self.warnings };
        let mut list = list.borrow_mut();
        if list.len() < self.limit {
            list.push(problem);
        } else {
            self.more.set(self.more.get().max(Some(problem.severity)));
        }
    }

    /// Notes what is an error in strict mode and a warning otherwise.
    pub(crate) fn push_lenient(&self, problem: Problem) {
        self.push(problem.severity(if self.strict { Severity::Error } else { Severity::Warning }));
    }

    /// Whether the next problem will be listed, so that its hint is worth working out.
    pub(crate) fn has_room(&self) -> bool {
        self.errors.borrow().len() + self.warnings.borrow().len() < self.limit
    }

    /// Notes an unknown key whose value is to be kept.
    pub(crate) fn keep(&self, key: u32, value: u32) {
        self.unknown.borrow_mut().push((key, value));
    }

    /// The unknown keys that were noted, in the order of the text.
    pub(crate) fn take_unknown(&self) -> Vec<(u32, u32)> {
        let mut unknown = self.unknown.take();
        unknown.sort_unstable();
        unknown
    }

    /// Whether an error was noted at one of these entries.
    pub(crate) fn has_error_in(&self, first: u32, behind: u32) -> bool {
        self.failed()
            && self
                .errors
                .borrow()
                .iter()
                .any(|problem| matches!(problem.at, At::Entry(entry) if (first..behind).contains(&entry)))
    }

    /// Whether an error was noted.
    pub(crate) fn failed(&self) -> bool {
        self.failed.get()
    }

    /// All problems if the limit allows that; else the first errors, then as many of the first warnings as there is room
    /// for, and a last one that says that there were more.
    fn listed(&mut self) -> Vec<Problem> {
        let mut listed = self.errors.take();
        let mut warnings = self.warnings.take();
        let room = self.limit - listed.len();
        if warnings.len() > room {
            warnings.truncate(room);
            self.more.set(self.more.get().max(Some(Severity::Warning)));
        }
        listed.append(&mut warnings);
        if let Some(severity) = self.more.get() {
            let more = Problem::at_byte(Code::TooMany, 0, "further problems of this document are not listed");
            listed.push(more.severity(severity).hint("the limit is `problems`"));
        }
        listed
    }

    /// Places all problems, in the order of the text.
    pub(crate) fn finish(
        mut self,
        tape: Option<&Tape<'_>>,
        lines: &mut Lines<'_>,
        file: &str,
        document: usize,
    ) -> Vec<Diagnostic> {
        let mut problems = self.listed();
        problems.sort_by_key(|problem| problem.at);
        let entries: Vec<u32> = problems
            .iter()
            .filter_map(|problem| match problem.at {
                At::Entry(entry) => Some(entry),
                At::Byte(_) => None,
            })
            .collect();
        let mut paths = Vec::with_capacity(entries.len());
        if let Some(root) = tape.and_then(Tape::root) {
            let mut rest = entries.as_slice();
            walk(root, &mut KeyPath::default(), &mut rest, &mut paths);
        }
        let mut paths = paths.into_iter();
        let mut placed: Vec<(u32, String, Problem)> = problems
            .into_iter()
            .map(|problem| match problem.at {
                At::Byte(position) => (position, String::new(), problem),
                At::Entry(entry) => {
                    let position = tape.and_then(|tape| tape.node(entry)).map_or(0, Node::position);
                    let mut path = paths.next().unwrap_or_default();
                    path.append(&problem.below);
                    (position, path.to_string(), problem)
                }
            })
            .collect();
        // That there is more is said at the end; positions must stay ascending to find their lines in one pass.
        let last = placed.iter().map(|(position, ..)| *position).max().unwrap_or(0);
        for (position, _, problem) in &mut placed {
            if problem.code == Code::TooMany {
                *position = last;
            }
        }
        placed.sort_by_key(|(position, _, problem)| (*position, problem.code == Code::TooMany));
        let placed = once(placed);
        placed
            .into_iter()
            .map(|(position, key_path, problem)| {
                let (line, column) = lines.find(position);
                Diagnostic {
                    code: problem.code,
                    severity: problem.severity,
                    file: file.to_owned(),
                    document,
                    line,
                    column,
                    key_path,
                    message: problem.message,
                    found: problem.found,
                    expected: problem.expected,
                    hint: problem.hint,
                }
            })
            .collect()
    }
}

/// Every problem once: what an anchor marks is read again for each of its aliases, with the same mistakes.
fn once(mut placed: Vec<(u32, String, Problem)>) -> Vec<(u32, String, Problem)> {
    let mut seen = HashSet::with_capacity(placed.len());
    let first: Vec<bool> = placed
        .iter()
        .map(|(position, _, problem)| seen.insert((*position, problem.code, &problem.message, &problem.below)))
        .collect();
    let mut first = first.into_iter();
    placed.retain(|_| first.next().unwrap_or(true));
    placed
}

/// Finds the paths of ascending entries in one pass; what holds none of them is skipped whole.
fn walk(node: Node<'_>, path: &mut KeyPath, rest: &mut &[u32], paths: &mut Vec<KeyPath>) {
    while rest.first() == Some(&node.index()) {
        paths.push(path.clone());
        *rest = &rest[1..];
    }
    let wanted = |rest: &[u32], node: Node<'_>| rest.first().is_some_and(|next| *next < node.end());
    match node.view() {
        View::Scalar(..) => {}
        View::Map(pairs) => {
            for (key, value) in pairs {
                if rest.first().is_none_or(|next| *next >= node.end()) {
                    return;
                }
                if wanted(rest, key) || wanted(rest, value) {
                    path.push_shown(key.scalar().unwrap_or("?"));
                    // A place inside a key that is a collection is the key's place.
                    while wanted(rest, key) {
                        paths.push(path.clone());
                        *rest = &rest[1..];
                    }
                    walk(value, path, rest, paths);
                    path.pop();
                }
            }
        }
        View::Seq(items) => {
            for (number, item) in items.enumerate() {
                if rest.first().is_none_or(|next| *next >= node.end()) {
                    return;
                }
                if wanted(rest, item) {
                    path.push_index(number);
                    walk(item, path, rest, paths);
                    path.pop();
                }
            }
        }
    }
}
