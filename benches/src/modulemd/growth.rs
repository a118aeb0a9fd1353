//! What a read costs grows with the input and not faster, whatever the input is: n, 2n, 4n, in instructions.

use super::child::Effort;
use super::measure::measure;
use super::shapes::SHAPES;
use mbs_core::modulemd::{Limits, ReadOptions, read};

/// Instructions per byte of one read; nothing where the system does not let a process count its own.
fn cost(text: &str, options: &ReadOptions) -> Option<f64> {
    let effort = Effort { warm_up: 1, at_least: 1, milliseconds: 0 };
    let work = || 1 + read(text.as_bytes(), "input", options).diagnostics.len() as u64;
    let cost = measure(&effort, work).expect("the work never fails");
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let each = cost.instructions as f64 / text.len() as f64;
    (cost.instructions > 0).then_some(each)
}

fn grows_linearly(name: &str, make: impl Fn(usize) -> String, options: &ReadOptions) {
    // Sorting and searching add the logarithm, a doubling of the cost per byte would be a square.
    const MOST: f64 = 1.3;
    let costs: Option<Vec<f64>> = [50_000, 100_000, 200_000].iter().map(|size| cost(&make(*size), options)).collect();
    let Some(costs) = costs else {
        return eprintln!("not checked: this system does not let a process count its instructions");
    };
    for pair in costs.windows(2) {
        assert!(pair[1] <= pair[0] * MOST, "{name}: {costs:?} instructions per byte");
    }
}

#[test]
fn odd_inputs_cost_in_proportion_to_their_size() {
    for (name, make) in SHAPES {
        grows_linearly(name, make, &ReadOptions::lenient());
        grows_linearly(name, make, &ReadOptions::strict());
    }
}

#[test]
fn inputs_that_meet_a_limit_cost_in_proportion_to_their_size() {
    let head = "document: modulemd\nversion: 2\ndata:\n  xmd:\n";
    let small = Limits::default().with_alias_nodes(50).with_documents(50).with_depth(20).with_problems(10);
    let options = ReadOptions::lenient().with_limits(small);
    let nested = |open: &str, size: usize| format!("{head}    a: &x {}", open.repeat(size / open.len()));
    grows_linearly("depth, fast", |size| "[".repeat(size), &options);
    grows_linearly("depth, general parser", |size| nested("[", size), &options);
    grows_linearly("depth of maps, general parser", |size| nested("{? ", size), &options);
    let aliases = |size: usize| format!("{head}    a: &x v\n    b: [{}]\n", "*x, ".repeat(size / 4));
    grows_linearly("aliases", aliases, &options);
    grows_linearly("documents", |size| "---\na: 1\n".repeat(size / 9), &options);
    grows_linearly("problems", |size| format!("{head}{}", "  ?: 1\n".repeat(size / 7)), &options);
    let blanks = |size: usize| format!("{head}    a: &x \"b{}c\"\n", " ".repeat(size));
    grows_linearly("blanks", blanks, &options);
    grows_linearly("directives", |size| format!("{}---\na\n", "%TAG !a! tag:b\n".repeat(size / 15)), &options);
}

#[test]
fn what_only_the_general_parser_reads_costs_in_proportion_to_its_size() {
    let head = "document: modulemd\nversion: 2\ndata:\n  xmd:\n    first: &x v\n";
    let options = ReadOptions::lenient();
    let body = |line: &'static str| move |size: usize| format!("{head}{}", line.repeat(size / line.len()));
    grows_linearly("tagged items", |size| format!("{head}    l:\n{}", "    - !t v\n".repeat(size / 11)), &options);
    grows_linearly("complex keys", body("    ? [a]\n    : v\n"), &options);
    grows_linearly("long plain text", |size| format!("{head}    t: {}\n", "word ".repeat(size / 5)), &options);
    grows_linearly(
        "plain text of many lines",
        |size| format!("{head}    t: {}\n", "word\n      ".repeat(size / 11)),
        &options,
    );
    grows_linearly("literal", |size| format!("{head}    t: |\n{}", "      line\n".repeat(size / 11)), &options);
    grows_linearly("flow list", |size| format!("{head}    t: [{}]\n", "a, ".repeat(size / 3)), &options);
    grows_linearly("comments", body("    # comment\n"), &options);
}
