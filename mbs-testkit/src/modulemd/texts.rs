//! Texts, names, numbers.

use super::Maker;
use std::collections::{BTreeMap, BTreeSet};

/// Texts that mean something to some reader of YAML.
const AMBIGUOUS: &[&str] = &[
    "",
    "yes",
    "No",
    "~",
    "null",
    "5.10",
    "1e3",
    "1.5e3",
    "0x1F",
    "0o17",
    "1_000",
    "1:30",
    "2024-01-01",
    "<<",
    "=",
    "-",
    "- a",
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "#",
    "[",
    "{}",
    "*a",
    "&a",
    "!t",
    "|",
    ">",
    "%",
    "%a",
    "@",
    "`",
    "'",
    "\"",
    "? ",
    ":",
    ": ",
    ",",
    "...",
    "---",
    "--- a",
    " a",
    "a ",
    "a\\n",
    "00000000",
    "7e96446",
    "TRUE",
    "FALSE",
    "true",
    ".inf",
    "-.nan",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "\na",
    "a\n b",
    " a\nb",
    "a\n\n b\n",
    "a\tb",
    "\ta",
    "a\n\tb",
    "a\r\nb",
    "\u{85}",
    "a\u{2028}b",
    "\u{FEFF}",
    "\u{FEFF}a",
    "é",
    "\u{1F600}",
    "\u{7f}",
    "\u{1}",
    "a\0b",
    "\u{a0}",
    "\u{fffd}",
    "word word word word word word word word word word word word word word word word word word word word word word",
    "word word word word word word word word word word word word word word word word word word word word word word\nmore\n",
    "a  b   c    d  word word word word word word word word word word word word  word word  word word   word  word",
    "  leading blanks word word word word word word word word word word word word word word word word word word\n  more",
    "'quoted' and \"quoted\" \\ backslash",
    "ends with a colon:",
    "trailing blanks  \nnext",
    "a\n#b\n",
    "%macro one\n%macro two\n",
];

impl Maker {
    pub(super) fn flip(&mut self) -> bool {
        self.rng.bool()
    }

    /// One time in so many.
    pub(super) fn seldom(&mut self, times: u32) -> bool {
        self.rng.u32(0..times) == 0
    }

    /// A text of any kind: harmless, ambiguous, of several lines, hostile.
    pub(super) fn text(&mut self) -> String {
        let any = self.any_value;
        let rng = &mut self.rng;
        let text: String = match rng.u8(0..6) {
            0 | 1 => self.word(10),
            2 | 3 => (*self.rng.choice(AMBIGUOUS).expect("not empty")).to_owned(),
            4 => {
                let length = rng.usize(0..24);
                let marks = ['a', 'b', ' ', ' ', '\n', ':', '#', '-', '\t', '\'', '"', ',', '[', '{', '%', '\\', 'é'];
                (0..length).map(|_| *rng.choice(&marks).expect("not empty")).collect()
            }
            _ => {
                let length = rng.usize(0..10);
                (0..length).map(|_| rng.char(..)).collect()
            }
        };
        if any { text } else { text.replace('\0', "") }
    }

    /// Letters and digits, not empty.
    pub(super) fn word(&mut self, longest: usize) -> String {
        let length = self.rng.usize(1..=longest);
        (0..length).map(|_| if self.seldom(4) { self.rng.digit(10) } else { self.rng.lowercase() }).collect()
    }

    pub(super) fn option<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flip().then(|| make(self))
    }

    pub(super) fn set(&mut self, most: usize, make: impl Fn(&mut Self) -> String) -> BTreeSet<String> {
        let count = self.rng.usize(0..=most);
        (0..count).map(|_| make(self)).collect()
    }

    pub(super) fn map<V>(
        &mut self,
        most: usize,
        key: impl Fn(&mut Self) -> String,
        value: impl Fn(&mut Self) -> V,
    ) -> BTreeMap<String, V> {
        let count = self.rng.usize(0..=most);
        (0..count).map(|_| (key(self), value(self))).collect()
    }

    /// A number; often one at a border.
    pub(super) fn unsigned(&mut self) -> u64 {
        match self.rng.u8(0..4) {
            0 => 0,
            1 => *self
                .rng
                .choice(&[1, u64::from(u32::MAX), 1 << 32, i64::MAX as u64, 1 << 63, u64::MAX])
                .expect("not empty"),
            2 => self.rng.u64(..),
            _ => self.rng.u64(20_190_101_000_000..20_300_101_000_000),
        }
    }

    /// The number of a build order, in 32 bits unless any value is wanted.
    pub(super) fn order(&mut self) -> i64 {
        match self.rng.u8(0..4) {
            0 => 0,
            1 => i64::from(self.rng.i8(..)),
            2 if self.any_value => self.rng.i64(..),
            _ => i64::from(self.rng.i32(..)),
        }
    }

    /// The epoch of a package, in 32 bits unless any value is wanted.
    pub(super) fn epoch(&mut self) -> u64 {
        match self.rng.u8(0..3) {
            0 => 0,
            1 if self.any_value => self.rng.u64(..),
            _ => u64::from(self.rng.u32(..)),
        }
    }
}
