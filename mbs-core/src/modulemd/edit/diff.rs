//! What changed between two texts, line by line.

use std::ops::Range;

/// Lines around a change that are shown.
const CONTEXT: usize = 3;

/// More differences than this are shown as one piece.
const MOST: usize = 2_000;

/// A unified diff of two files, as `diff -u` and `git apply` know it; empty for equal files.
pub fn unified_diff(old: &[u8], new: &[u8], name: &str) -> Vec<u8> {
    let (a, b) = (lines(old), lines(new));
    let changes = changes(&a, &b);
    if changes.is_empty() {
        return Vec::new();
    }
    let mut out = format!("--- {name}\n+++ {name}\n").into_bytes();
    let near = |left: &(Range<usize>, Range<usize>), right: &(Range<usize>, Range<usize>)| {
        right.0.start - left.0.end <= 2 * CONTEXT
    };
    for hunk in changes.chunk_by(near) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let lead = first.0.start.min(CONTEXT);
        let tail = (a.len() - last.0.end).min(CONTEXT);
        let from = first.0.start - lead..last.0.end + tail;
        let to = first.1.start - lead..last.1.end + tail;
        out.extend_from_slice(format!("@@ -{} +{} @@\n", span(&from), span(&to)).as_bytes());
        let mut at = from.start;
        for (gone, come) in hunk {
            write(&mut out, b' ', &a[at..gone.start]);
            write(&mut out, b'-', &a[gone.clone()]);
            write(&mut out, b'+', &b[come.clone()]);
            at = gone.end;
        }
        write(&mut out, b' ', &a[at..from.end]);
    }
    out
}

fn span(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        more => format!("{},{more}", range.start + 1),
    }
}

fn write(out: &mut Vec<u8>, mark: u8, lines: &[&[u8]]) {
    for line in lines {
        out.push(mark);
        out.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            out.extend_from_slice(b"\n\\ No newline at end of file\n");
        }
    }
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Ranges of lines that differ: by Myers' algorithm between the common beginning and the common end.
fn changes(a: &[&[u8]], b: &[&[u8]]) -> Vec<(Range<usize>, Range<usize>)> {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (mid_a, mid_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    if mid_a.is_empty() && mid_b.is_empty() {
        return Vec::new();
    }
    let same = common(mid_a, mid_b);
    let mut ranges: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut x, mut y) = (0, 0);
    for (next_x, next_y) in same.into_iter().chain([(mid_a.len(), mid_b.len())]) {
        if x < next_x || y < next_y {
            ranges.push((head + x..head + next_x, head + y..head + next_y));
        }
        (x, y) = (next_x + 1, next_y + 1);
    }
    ranges
}

/// Pairs of equal lines of a shortest edit script; none if there are too many differences.
fn common(a: &[&[u8]], b: &[&[u8]]) -> Vec<(usize, usize)> {
    // For each number of edits: how far along `a` each diagonal came.
    let mut trace: Vec<Vec<usize>> = Vec::new();
    let most = (a.len() + b.len()).min(MOST);
    let mut reach = vec![0_usize; 2 * most + 3];
    let middle = most + 1;
    let down = |reach: &[usize], diagonal: usize, edits: usize| {
        diagonal == middle - edits || diagonal != middle + edits && reach[diagonal - 1] < reach[diagonal + 1]
    };
    for edits in 0..=most {
        for diagonal in (middle - edits..=middle + edits).step_by(2) {
            let mut x = if down(&reach, diagonal, edits) { reach[diagonal + 1] } else { reach[diagonal - 1] + 1 };
            // The diagonal is `x - y`, moved to be above 0.
            while x < a.len() && x + middle - diagonal < b.len() && a[x] == b[x + middle - diagonal] {
                x += 1;
            }
            reach[diagonal] = x;
            if x >= a.len() && x + middle >= b.len() + diagonal {
                trace.push(reach.clone());
                return walk_back(a.len(), b.len(), middle, &trace, down);
            }
        }
        trace.push(reach.clone());
    }
    Vec::new()
}

fn walk_back(
    mut x: usize,
    mut y: usize,
    middle: usize,
    trace: &[Vec<usize>],
    down: impl Fn(&[usize], usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for edits in (1..trace.len()).rev() {
        let reach = &trace[edits - 1];
        let diagonal = x + middle - y;
        let previous = if down(reach, diagonal, edits) { diagonal + 1 } else { diagonal - 1 };
        let before_x = reach[previous];
        let before_y = before_x + middle - previous;
        while x > before_x && y > before_y {
            (x, y) = (x - 1, y - 1);
            pairs.push((x, y));
        }
        (x, y) = (before_x, before_y);
    }
    while x > 0 && y > 0 {
        (x, y) = (x - 1, y - 1);
        pairs.push((x, y));
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn diff(old: &str, new: &str) -> String {
        String::from_utf8(unified_diff(old.as_bytes(), new.as_bytes(), "f")).expect("text")
    }

    #[test]
    fn hunks_have_three_lines_around_them() {
        let old = (1..=20).fold(String::new(), |text, number: u32| text + &number.to_string() + "\n");
        let new = old.replace("\n5\n", "\nfive\nand\n").replace("\n18\n", "\n");
        assert_eq!(
            diff(&old, &new),
            "--- f\n+++ f\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+and\n 6\n 7\n 8\n\
             @@ -15,6 +16,5 @@\n 15\n 16\n 17\n-18\n 19\n 20\n"
        );
        assert_eq!(diff("a\n", "a\n"), "");
        assert_eq!(diff("", "a"), "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n");
    }

    proptest! {
        #[test]
        fn the_lines_of_a_diff_are_those_of_both_files(old in "[ab\n]{0,30}", new in "[ab\n]{0,30}") {
            let (a, b) = (lines(old.as_bytes()), lines(new.as_bytes()));
            let mut built: Vec<&[u8]> = Vec::new();
            let mut at = 0;
            for (gone, come) in changes(&a, &b) {
                prop_assert_eq!(&a[at..gone.start], &b[built.len()..come.start]);
                built.extend_from_slice(&a[at..gone.start]);
                built.extend_from_slice(&b[come]);
                at = gone.end;
            }
            built.extend_from_slice(&a[at..]);
            prop_assert_eq!(built.concat(), new.into_bytes());
        }
    }
}
