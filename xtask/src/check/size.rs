//! `check-size`: files of one idea stay short.

use std::path::Path;

use super::source;
use crate::error::TaskError;
use crate::{out, workspace};

/// More lines than this are worth a look.
const SOFT: usize = 400;
/// More lines than this are refused.
const HARD: usize = 700;
/// An example that is longer shows too much at once.
const EXAMPLE: usize = 80;

/// Counts the lines of every file that is no test.
pub(crate) fn run() -> Result<(), TaskError> {
    let root = workspace::root();
    let mut files = Vec::new();
    for member in workspace::members(&root)? {
        for path in workspace::rust_files(&root.join(member))? {
            let shown = path.strip_prefix(&root).unwrap_or(&path);
            if !is_exempt(shown) {
                let text = std::fs::read_to_string(&path).map_err(TaskError::io("read", &path))?;
                files.push(File { lines: code_lines(&text), limit: limit(shown), path: shown.display().to_string() });
            }
        }
    }
    let report = report(&mut files);
    out::say(&report.text);
    if report.refused { Err(TaskError::Check("files over the limit: split them by concept".into())) } else { Ok(()) }
}

struct File {
    lines: usize,
    limit: usize,
    path: String,
}

struct Report {
    text: String,
    refused: bool,
}

fn report(files: &mut [File]) -> Report {
    files.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.path.cmp(&b.path)));
    let mut lines = Vec::new();
    let mut refused = false;
    for file in files.iter() {
        if file.lines > file.limit {
            refused = true;
            lines.push(format!("over:  {} has {} lines, the limit is {}", file.path, file.lines, file.limit));
        } else if file.lines > SOFT {
            lines.push(format!("note:  {} has {} lines", file.path, file.lines));
        }
    }
    if let (Some(largest), Some(median)) = (files.first(), files.get(files.len() / 2)) {
        lines.push(format!(
            "sizes: {} files without tests, median {} lines, largest {} ({})",
            files.len(),
            median.lines,
            largest.lines,
            largest.path
        ));
    }
    Report { text: lines.join("\n"), refused }
}

fn limit(path: &Path) -> usize {
    if path.starts_with("examples") { EXAMPLE } else { HARD }
}

/// Tests may be long lists, and nobody reads generated text.
fn is_exempt(path: &Path) -> bool {
    let by_folder = path.iter().any(|part| part == "tests" || part == "generated");
    by_folder || path.file_name().is_some_and(|name| name == "tests.rs")
}

fn code_lines(text: &str) -> usize {
    let (_, tests) = source::without_tests(&source::masked(text));
    text.lines().count().saturating_sub(tests)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, lines: usize) -> File {
        File { lines, limit: limit(Path::new(path)), path: path.into() }
    }

    #[test]
    fn only_the_hard_limit_refuses() {
        let mut files = vec![file("a/src/x.rs", HARD), file("a/src/y.rs", SOFT + 1), file("a/src/z.rs", 3)];
        let report = report(&mut files);
        assert!(!report.refused);
        assert_eq!(
            report.text,
            "note:  a/src/x.rs has 700 lines\nnote:  a/src/y.rs has 401 lines\n\
             sizes: 3 files without tests, median 401 lines, largest 700 (a/src/x.rs)"
        );
        let over = super::report(&mut [file("a/src/x.rs", HARD + 1)]);
        assert!(over.refused && over.text.starts_with("over:  a/src/x.rs has 701 lines, the limit is 700"));
    }

    #[test]
    fn examples_are_shorter_and_tests_are_free() {
        assert!(report(&mut [file("examples/src/bin/hello.rs", EXAMPLE + 1)]).refused);
        assert!(is_exempt(Path::new("tests/src/recovery.rs")));
        assert!(is_exempt(Path::new("mbs-core/tests/it/main.rs")));
        assert!(is_exempt(Path::new("mbs-core/src/plan/tests.rs")));
        assert!(!is_exempt(Path::new("mbs-core/src/plan/batch.rs")));
    }

    #[test]
    fn test_modules_are_not_counted() {
        assert_eq!(code_lines("fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n"), 2);
    }
}
