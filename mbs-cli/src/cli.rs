//! The command tree and the options that every command takes.

use crate::commands::{
    build, builds, cancel, completions, convert, edit, fmt, gc, history, import, index, log, man, plan, resume, rm,
    schema, show, validate, watch,
};
use crate::error::CliError;
use crate::exit::{Exit, TABLE};
use crate::output::{Output, Verbosity};
use crate::session::Session;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Builds modules: from a modulemd document and git repositories of packages to a repository that dnf treats as a module.
#[derive(Debug, Parser)]
#[command(name = "mbs", version, after_help = TABLE, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command; they stand before or after its name.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct GlobalArgs {
    /// Folder of the state: builds, logs, locks [default: $XDG_STATE_HOME/mbs, else ~/.local/state/mbs]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub(crate) state_dir: Option<PathBuf>,
    /// Folder of what can be fetched again [default: $XDG_CACHE_HOME/mbs, else ~/.cache/mbs]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Configuration file [default: $XDG_CONFIG_HOME/mbs/config.yaml, else ~/.config/mbs/config.yaml]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(crate) config: Option<PathBuf>,
    /// Form of the result on standard output
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", help_heading = "Global options")]
    pub(crate) format: Format,
    /// Tell less: results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// Tell more; twice for debugging
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub(crate) verbose: u8,
}

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// A graph for Graphviz (`plan` only)
    Dot,
    /// That graph, drawn by Graphviz (`plan` only)
    Svg,
    /// SARIF 2.1.0, which code hosts read (`validate` only)
    Sarif,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::BuildArgs),
    Plan(plan::PlanArgs),
    Import(import::ImportArgs),
    Validate(validate::ValidateArgs),
    Fmt(fmt::FmtArgs),
    Convert(convert::ConvertArgs),
    Schema(schema::SchemaArgs),
    Index(index::IndexArgs),
    Edit(edit::EditArgs),
    Builds(builds::BuildsArgs),
    Show(show::ShowArgs),
    Log(log::LogArgs),
    Watch(watch::WatchArgs),
    Cancel(cancel::CancelArgs),
    Resume(resume::ResumeArgs),
    History(history::HistoryArgs),
    Rm(rm::RmArgs),
    Gc(gc::GcArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Cli {
    /// Runs the command and reports its error, if any.
    pub(crate) fn run(self) -> Exit {
        let debug = matches!(&self.command, Command::Validate(args) if args.debug);
        let verbose = if debug { 2 } else { self.global.verbose };
        let output = Output::new(self.global.format, Verbosity::of(self.global.quiet, verbose));
        output.start_log();
        match self.perform(output.clone()) {
            Ok(exit) => exit,
            Err(error) if error.is_closed_pipe() => Exit::Success,
            Err(error) => {
                if let (Format::Json, Some(json)) = (output.format, error.json()) {
                    // Who does not read the result is still told, and gets the exit code of the error.
                    let _ = output.result(&json);
                }
                output.error(&error.render());
                error.exit()
            }
        }
    }

    fn perform(self, output: Output) -> Result<Exit, CliError> {
        if matches!(self.global.format, Format::Dot | Format::Svg) && !matches!(self.command, Command::Plan(_)) {
            return Err(CliError::usage_hint("only `mbs plan` can draw a graph", "use `--format text` or `json`"));
        }
        if self.global.format == Format::Sarif && !matches!(self.command, Command::Validate(_)) {
            return Err(CliError::usage_hint("only `mbs validate` knows SARIF", "use `--format text` or `json`"));
        }
        let plain = output.clone();
        let session = || Session::new(&self.global, output);
        match self.command {
            Command::Build(args) => wait(build::run(args, &session()?)),
            Command::Plan(args) => wait(plan::run(args, &session()?)),
            Command::Import(args) => wait(import::run(args, &session()?)),
            Command::Validate(args) => validate::run(&args, &session()?),
            Command::Index(args) => wait(index::run(args, &session()?)),
            Command::Builds(args) => wait(builds::run(args, &session()?)),
            Command::Show(args) => wait(show::run(&args, &session()?)),
            Command::Log(args) => wait(log::run(args, &session()?)),
            Command::Watch(args) => wait(watch::run(&args, &session()?)),
            Command::Cancel(args) => wait(cancel::run(&args, &session()?)),
            Command::Resume(args) => wait(resume::run(args, &session()?)),
            Command::History(args) => wait(history::run(&args, &session()?)),
            Command::Rm(args) => wait(rm::run(args, &session()?)),
            Command::Gc(args) => wait(gc::run(args, &session()?)),
            // These need no configuration, and must work where it is broken.
            Command::Edit(args) => edit::run(&args, &plain),
            Command::Fmt(args) => fmt::run(&args, &plain),
            Command::Convert(args) => convert::run(&args, &plain),
            Command::Schema(args) => schema::run(&args, &plain),
            Command::Completions(args) => completions::run(&args, &plain),
            Command::Man(args) => man::run(&args),
        }
    }
}

/// Runs a command to its end.
fn wait(command: impl Future<Output = Result<Exit, CliError>>) -> Result<Exit, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(CliError::file("wait for events in", "this process"))?.block_on(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_tree_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_or_after_the_command() {
        for line in [["mbs", "--state-dir", "/s", "builds"], ["mbs", "builds", "--state-dir", "/s"]] {
            let cli = Cli::try_parse_from(line).expect("parsed");
            assert_eq!(cli.global.state_dir, Some(PathBuf::from("/s")), "{line:?}");
        }
    }
}
