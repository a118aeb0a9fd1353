//! One figure.

use serde_json::json;

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Format {
    /// Reads `--format text|json` from arguments; text without it.
    pub fn from_args(args: &[String]) -> Self {
        let json = args.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
        if json { Self::Json } else { Self::Text }
    }
}

/// One figure with what it is compared with.
#[derive(Debug, Clone)]
pub struct Row {
    /// Name of the benchmark.
    pub bench: &'static str,
    /// What was varied.
    pub case: String,
    /// The figure.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it is compared with, and that one's figure.
    pub peer: Option<(&'static str, f64)>,
}

impl Row {
    /// Prints it to standard output.
    #[expect(clippy::print_stdout, reason = "the output of a benchmark")]
    pub fn print(&self, format: Format) {
        let Self { bench, case, value, unit, peer } = self;
        match (format, peer) {
            (Format::Text, None) => println!("{bench:12} {case:24} {value:>12.4} {unit}"),
            (Format::Text, Some((name, figure))) => {
                println!("{bench:12} {case:24} {value:>12.4} {unit}  ({name}: {figure})");
            }
            (Format::Json, None) => {
                println!("{}", json!({ "bench": bench, "case": case, "value": value, "unit": unit }));
            }
            (Format::Json, Some((name, figure))) => println!(
                "{}",
                json!({ "bench": bench, "case": case, "value": value, "unit": unit, "peer": name, "peer_value": figure })
            ),
        }
    }
}
