//! Progress of a build: bars on a terminal, one line for each change elsewhere.

use super::json::state_text;
use super::out::{Output, Verbosity};
use super::step::{Step, Subject};
use chrono::Local;
use indicatif::{ProgressBar, ProgressStyle};
use mbs_core::build::{ComponentState, ModuleBuild};
use std::collections::BTreeMap;
use std::time::Duration;

/// Shows the steps of one build.
pub(crate) struct Progress {
    output: Output,
    /// Columns of a component's name.
    width: usize,
    bars: Option<Bars>,
}

struct Bars {
    total: ProgressBar,
    running: BTreeMap<String, ProgressBar>,
}

impl Progress {
    /// Begins with a build as it stands.
    pub(crate) fn new(build: &ModuleBuild, output: &Output) -> Self {
        let width = build.plan().components.iter().map(|spec| spec.name.as_str().chars().count()).max();
        let mut bars = (output.terminal && output.verbosity > Verbosity::Quiet).then(|| Bars::new(build, output));
        if let Some(bars) = &mut bars {
            for spec in build.running().filter_map(|ix| build.spec(ix)) {
                bars.start(spec.name.as_str(), output);
            }
        }
        Self { output: output.clone(), width: width.unwrap_or(0).max("module".len()), bars }
    }

    /// Shows a step.
    pub(crate) fn show(&mut self, step: &Step) {
        if let Some(bars) = &mut self.bars {
            bars.show(step, &self.output);
        }
        // A bar shows that a component is being built; everything else stays on the screen as a line.
        if self.bars.is_none() || !matches!(step.subject, Subject::Component(_, ComponentState::Building)) {
            self.output.note(&line(step, self.width));
        }
    }

    /// Takes the bars away.
    pub(crate) fn finish(&mut self) {
        if let Some(bars) = self.bars.take() {
            bars.running.values().for_each(ProgressBar::finish_and_clear);
            bars.total.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

/// `12:00:01 gaugectl  building`, with the local time of day.
fn line(step: &Step, width: usize) -> String {
    let time = step.time.with_timezone(&Local).format("%H:%M:%S");
    let (name, state) = match &step.subject {
        Subject::Module(state) => ("module", state.to_string()),
        Subject::Component(name, state) => (name.as_str(), state_text(*state)),
    };
    let detail = step.detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default();
    format!("{time} {name:<width$}  {state}{detail}")
}

impl Bars {
    fn new(build: &ModuleBuild, output: &Output) -> Self {
        let count = build.plan().components.len() as u64;
        let style = ProgressStyle::with_template("{elapsed_precise} [{bar:30}] {pos}/{len} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let total = output.bars.add(ProgressBar::new(count).with_style(style.progress_chars("=> ")));
        total.set_message(format!("{}:{}", build.nsvc().name, build.nsvc().stream));
        total.set_position(u64::from(build.complete_count()));
        total.enable_steady_tick(Duration::from_millis(500));
        Self { total, running: BTreeMap::new() }
    }

    fn start(&mut self, name: &str, output: &Output) {
        let style = ProgressStyle::with_template("  {spinner} {msg} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = output.bars.add(ProgressBar::new_spinner().with_style(style));
        bar.set_message(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        if let Some(old) = self.running.insert(name.to_owned(), bar) {
            old.finish_and_clear();
        }
    }

    fn show(&mut self, step: &Step, output: &Output) {
        let Subject::Component(name, state) = &step.subject else { return };
        if *state == ComponentState::Building {
            self.start(name, output);
            return;
        }
        if let Some(bar) = self.running.remove(name) {
            bar.finish_and_clear();
        }
        if *state == ComponentState::Complete {
            self.total.inc(1);
            self.total.tick();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use mbs_core::build::ModuleState;

    fn shown(subject: Subject, detail: Option<&str>) -> String {
        let step = Step { time: DateTime::UNIX_EPOCH, subject, detail: detail.map(str::to_owned) };
        // The time of day depends on where the test runs.
        line(&step, 8).split_once(' ').expect("time").1.to_owned()
    }

    #[test]
    fn a_line_has_name_state_and_detail() {
        let component = Subject::Component("gauge".into(), ComponentState::Building);
        assert_eq!(shown(component, None), "gauge     building");
        let component = Subject::Component("gaugectl".into(), ComponentState::Complete);
        assert_eq!(shown(component, Some("gaugectl-1-1")), "gaugectl  complete: gaugectl-1-1");
        assert_eq!(shown(Subject::Module(ModuleState::Failed), Some("no")), "module    failed: no");
    }
}
