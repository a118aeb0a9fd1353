//! One figure.

use serde_json::{Value, json};

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
        match format {
            Format::Text => println!("{}", self.text()),
            Format::Json => println!("{}", self.json()),
        }
    }

    /// One line for people.
    pub fn text(&self) -> String {
        let Self { bench, case, value, unit, peer } = self;
        let peer =
            peer.map(|(name, figure)| format!("  ({name}: {})", (figure * 1e4).round() / 1e4)).unwrap_or_default();
        format!("{bench:12} {case:26} {value:>12.4} {unit}{peer}")
    }

    /// The same as an object.
    pub fn json(&self) -> Value {
        let Self { bench, case, value, unit, peer } = self;
        let mut object = json!({ "bench": bench, "case": case, "value": value, "unit": unit });
        if let Some((name, figure)) = peer {
            object["peer"] = json!(name);
            object["peer_value"] = json!(figure);
        }
        object
    }
}
