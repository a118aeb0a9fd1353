//! An index in the shape of a distribution's own: mostly components and lists of built packages.

use std::fmt::Write as _;

/// How large the index becomes.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Documents.
    pub documents: usize,
    /// Bytes that the text has at least; the last documents are the largest ones then.
    pub bytes: usize,
    /// Other seeds give other names.
    pub seed: u64,
}

impl Shape {
    /// Like the modules a distribution was released with.
    pub const RELEASE: Self = Self { documents: 55, bytes: 455_000, seed: 29 };
    /// Like the updates to them, with streams that the release has too.
    pub const UPDATES: Self = Self { documents: 65, bytes: 639_000, seed: 30 };

    /// An index of about so many bytes, of documents like those of a release.
    pub fn of_size(bytes: usize) -> Self {
        Self { documents: bytes / 8_300, bytes, seed: 7 }
    }
}

/// Documents of one kind in ten describe defaults.
const DEFAULTS_EVERY: usize = 8;

const WORDS: [&str; 16] = [
    "server",
    "tools",
    "language",
    "runtime",
    "client",
    "library",
    "perl",
    "container",
    "desktop",
    "python",
    "build",
    "stack",
    "network",
    "storage",
    "base",
    "extras",
];

/// Writes the index. The same shape gives the same text.
pub fn generate(shape: &Shape) -> String {
    let mut out = String::with_capacity(shape.bytes + shape.bytes / 8);
    let mut random = Random(shape.seed);
    for number in 0..shape.documents {
        let left = shape.documents - number;
        let wanted = shape.bytes.saturating_sub(out.len()) / left;
        if number % DEFAULTS_EVERY == DEFAULTS_EVERY - 1 {
            defaults(&mut out, number);
        } else {
            // One in eight is as large as the others together.
            let wanted = if number % DEFAULTS_EVERY == 3 { wanted * 4 } else { wanted * 2 / 3 };
            stream(&mut out, &mut random, number, wanted);
        }
    }
    out
}

fn name(number: usize) -> String {
    format!("{}-{}{}", WORDS[number % WORDS.len()], WORDS[number / 3 % WORDS.len()], number / 2)
}

fn defaults(out: &mut String, number: usize) {
    // Writing to a String does not fail.
    let _ = write!(
        out,
        "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: {}\n  modified: 201809270000\n  stream: \"{}\"\n  \
         profiles:\n    \"{}\": [default, server]\n...\n",
        name(number - 1),
        number / 4 + 1,
        number / 4 + 1,
    );
}

fn stream(out: &mut String, random: &mut Random, number: usize, wanted: usize) {
    let begin = out.len();
    let module = name(number);
    let (major, minor) = (number / 4 + 1, random.below(30));
    let version = 20_180_405_123_256 + random.below(900_000);
    let context = random.hex(8);
    let commit = random.hex(40);
    // A component takes about 380 bytes with its share of `xmd` and its two packages.
    let components = (wanted / 500).max(1);
    let _ = write!(
        out,
        "---\ndocument: modulemd\nversion: 2\ndata:\n  name: {module}\n  stream: {major}.{minor}\n  version: {version}\n  \
         context: {context}\n  arch: x86_64\n  summary: The {module} module, as short as a summary is\n  description: >-\n    \
         A longer text about {module} that says what it is good for, who should use\n    it, and what the others should \
         do instead of that.\n  license:\n    module:\n    - MIT\n    content:\n    - GPL-1.0-or-later OR \
         Artistic-1.0-Perl\n    - MIT\n  xmd:\n    mbs:\n      mse: TRUE\n      scmurl: \
         https://git.example/modules/{module}.git?#{commit}\n      commit: {commit}\n      buildrequires:\n        \
         platform:\n          ref: f29\n          stream: f29\n          context: 00000000\n          version: 5\n          \
         filtered_rpms: []\n      rpms:\n"
    );
    for one in 0..components {
        let _ = write!(out, "        {module}-part{one}:\n          ref: {}\n", random.hex(40));
    }
    let _ = write!(
        out,
        "  dependencies:\n  - buildrequires:\n      platform: [f29]\n    requires:\n      platform: []\n  references:\n    \
         community: https://community.example/{module}\n    documentation: https://docs.example/{module}\n  profiles:\n    \
         default:\n      rpms:\n      - {module}-part0\n  api:\n    rpms:\n    - {module}-part0\n  components:\n    rpms:\n"
    );
    for one in 0..components {
        let _ = write!(
            out,
            "      {module}-part{one}:\n        rationale: Build dependency.\n        repository: \
             git://git.example/rpms/{module}-part{one}\n        cache: \
             https://sources.example/repo/pkgs/{module}-part{one}\n        ref: {}\n        buildorder: {}\n",
            random.hex(40),
            random.below(12),
        );
    }
    out.push_str("  artifacts:\n    rpms:\n");
    for one in 0..components * 2 {
        let (part, kind) = (one / 2, if one % 2 == 0 { "" } else { "-devel" });
        let _ = writeln!(
            out,
            "    - {module}-part{part}{kind}-0:{major}.{minor}.{part}-{}.module_{}+{}.x86_64",
            random.below(20) + 1,
            random.below(2000) + 1000,
            random.hex(8),
        );
    }
    out.push_str("...\n");
    debug_assert!(out.len() > begin, "a document has text");
}

/// Numbers that only need to look different: the generator of L'Ecuyer's table with 64 bits, upper half used.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Digits of a hash; the first is a letter, so that no reader takes it for a number.
    fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits);
        text.push(char::from(b"abcdef"[usize::try_from(self.below(6)).unwrap_or(0)]));
        while text.len() < digits {
            text.push(char::from(b"0123456789abcdef"[usize::try_from(self.below(16)).unwrap_or(0)]));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mbs_core::modulemd::{ReadOptions, read};

    #[test]
    fn the_text_has_the_wanted_shape_and_is_always_the_same() {
        for shape in [Shape::RELEASE, Shape::UPDATES, Shape::of_size(1_000_000)] {
            let text = generate(&shape);
            assert_eq!(text, generate(&shape));
            assert_eq!(text.matches("\n...\n").count(), shape.documents);
            let off = text.len().abs_diff(shape.bytes);
            assert!(off < shape.bytes / 5, "{} instead of {} bytes", text.len(), shape.bytes);
        }
    }

    #[test]
    fn the_reader_refuses_none_of_it() {
        let text = generate(&Shape::RELEASE);
        let reading = read(text.as_bytes(), "generated", &ReadOptions::lenient());
        assert!(!reading.has_errors(), "{:#?}", reading.diagnostics);
        assert_eq!(reading.documents.len(), Shape::RELEASE.documents);
    }
}
