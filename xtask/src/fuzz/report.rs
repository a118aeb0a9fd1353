//! What libFuzzer wrote, in short.

/// Figures of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    /// Inputs that were tried.
    executions: u64,
    /// Edges of the control flow that some input reaches.
    edges: u64,
    /// Inputs in the corpus, each reaching something that no other does.
    corpus: u64,
    /// Largest resident size in MiB.
    peak: u64,
    /// The file with the input that showed a defect.
    pub(super) finding: Option<String>,
}

impl Figures {
    /// Reads them from the log of a run.
    pub(super) fn of(log: &str) -> Self {
        let mut figures = Self::default();
        for line in log.lines() {
            if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
                figures.executions = number.trim().parse().unwrap_or(0);
            } else if let Some(number) = line.strip_prefix("stat::peak_rss_mb:") {
                figures.peak = number.trim().parse().unwrap_or(0);
            } else if let Some((_, path)) = line.split_once("Test unit written to ") {
                figures.finding = Some(path.trim().to_owned());
            } else if line.starts_with('#') {
                let words: Vec<&str> = line.split_whitespace().collect();
                for pair in words.windows(2) {
                    // `corp: 12/3456b`: inputs and their bytes.
                    let number = pair[1].split('/').next().and_then(|number| number.parse().ok());
                    match (pair[0], number) {
                        ("cov:", Some(number)) => figures.edges = number,
                        ("corp:", Some(number)) => figures.corpus = number,
                        _ => {}
                    }
                }
            }
        }
        figures
    }

    /// One line for people.
    pub(super) fn line(&self, target: &str) -> String {
        let Self { executions, edges, corpus, peak, finding } = self;
        let finding = finding.as_ref().map_or("none", String::as_str);
        format!(
            "fuzz:  {target:<16} {executions:>12} executions {edges:>7} edges {corpus:>6} inputs {peak:>5} MiB  finding: {finding}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_good_and_of_a_bad_run() {
        let good = "INFO: Seed: 1\n#2\tINITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 30Mb\n\
            #900\tDONE   cov: 2500 ft: 9000 corp: 321/12Kb lim: 16384 exec/s: 450 rss: 44Mb\n\
            Done 900 runs in 2 second(s)\nstat::number_of_executed_units: 900\nstat::peak_rss_mb:              46\n";
        let expected = Figures { executions: 900, edges: 2500, corpus: 321, peak: 46, finding: None };
        assert_eq!(Figures::of(good), expected);
        assert!(expected.line("read").ends_with("46 MiB  finding: none"));
        let bad = "artifact_prefix='a/'; Test unit written to a/crash-123\nBase64: AA==\n";
        assert_eq!(Figures::of(bad).finding.as_deref(), Some("a/crash-123"));
    }
}
