//! The two streams of the process.

use crate::cli::Format;
use crate::error::CliError;
use indicatif::MultiProgress;
use std::io::{self, IsTerminal as _, Write as _};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// How much is told beside results and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Nothing.
    Quiet,
    /// Progress and notes.
    Normal,
    /// Also what the parts of the program log.
    Verbose,
    /// Also what is for debugging.
    Debug,
}

impl Verbosity {
    /// From the options.
    pub(crate) fn of(quiet: bool, verbose: u8) -> Self {
        match (quiet, verbose) {
            (true, _) => Self::Quiet,
            (false, 0) => Self::Normal,
            (false, 1) => Self::Verbose,
            (false, _) => Self::Debug,
        }
    }
}

/// Where and how things are told. Clones share the terminal.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) verbosity: Verbosity,
    /// Whether standard error is a terminal.
    pub(crate) terminal: bool,
    /// Bars that lines must not run into.
    pub(crate) bars: MultiProgress,
}

impl Output {
    /// The streams of this process.
    pub(crate) fn new(format: Format, verbosity: Verbosity) -> Self {
        Self { format, verbosity, terminal: io::stderr().is_terminal(), bars: MultiProgress::new() }
    }

    /// Sends what the parts of the program log to standard error. `MBS_LOG` chooses more exactly than options can.
    pub(crate) fn start_log(&self) {
        let level = match self.verbosity {
            Verbosity::Quiet => "error",
            Verbosity::Normal => "warn",
            Verbosity::Verbose => "info",
            Verbosity::Debug => "debug",
        };
        let filter = EnvFilter::try_from_env("MBS_LOG").unwrap_or_else(|_| EnvFilter::new(level));
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .without_time()
            .with_target(self.verbosity == Verbosity::Debug)
            .with_ansi(self.terminal)
            .with_writer(self.clone());
        // Only a second logger in the same process could fail, and then the first one works.
        let _ = log.try_init();
    }

    /// Writes a result with a line end to standard output.
    pub(crate) fn result(&self, text: &str) -> Result<(), CliError> {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        self.raw(format!("{text}{end}").as_bytes())
    }

    /// Writes bytes to standard output.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Result<(), CliError> {
        let write = || {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes).and_then(|()| stdout.flush())
        };
        self.bars.suspend(write).map_err(CliError::Output)
    }

    /// Tells something beside the result, unless told to be quiet.
    pub(crate) fn note(&self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.error(&format!("{text}\n"));
        }
    }

    /// Tells something of several lines that may be none, unless told to be quiet.
    pub(crate) fn note_lines(&self, lines: &str) {
        if !lines.is_empty() {
            self.note(lines);
        }
    }

    /// Writes to standard error, with nothing added.
    pub(crate) fn error(&self, text: &str) {
        // There is nobody left to tell if this fails.
        let _ = self.bars.suspend(|| io::stderr().lock().write_all(text.as_bytes()));
    }
}

/// Writes log lines between the bars.
pub(crate) struct LogWriter(MultiProgress);

impl io::Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stderr().lock().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

impl<'a> MakeWriter<'a> for Output {
    type Writer = LogWriter;

    fn make_writer(&'a self) -> LogWriter {
        LogWriter(self.bars.clone())
    }
}
