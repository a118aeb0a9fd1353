//! What a change breaks.

use super::editor::Editor;
use crate::modulemd::diagnostic::{Code, Diagnostic};
use crate::modulemd::read::{ReadOptions, read};
use std::collections::BTreeMap;

impl Editor {
    /// The problems that the file has now and did not have before the changes, as strict reading for a build finds
    /// them, at their places in the changed file. Reads both texts.
    ///
    /// Whatever was wrong before is no matter of the changes and is left out.
    pub fn new_problems(&self) -> Vec<Diagnostic> {
        let (original, file) = &*self.original;
        if original == self.bytes() {
            return Vec::new();
        }
        let options = ReadOptions::strict().for_build();
        let mut known: BTreeMap<(Code, usize, String, String), usize> = BTreeMap::new();
        for one in read(original, file, &options).diagnostics {
            *known.entry(identity(&one)).or_default() += 1;
        }
        let mut problems = read(self.bytes(), file, &options).diagnostics;
        problems.retain(|one| match known.get_mut(&identity(one)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        });
        problems
    }
}

/// What makes two problems the same: not their lines, and not the places of items in lists, which a change moves.
fn identity(problem: &Diagnostic) -> (Code, usize, String, String) {
    let mut path = String::new();
    for (number, part) in problem.key_path.split('[').enumerate() {
        let item =
            part.split_once(']').filter(|(place, _)| number > 0 && place.bytes().all(|byte| byte.is_ascii_digit()));
        path.push_str(item.map_or(part, |(_, rest)| rest));
        path.push('[');
    }
    (problem.code, problem.document, path, problem.message.clone())
}
