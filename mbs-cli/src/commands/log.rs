//! `mbs log`.

use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::logs;
use crate::output::to_text;
use crate::run::{LOOK, Tail};
use crate::session::Session;
use clap::Args;
use mbs_core::BuildId;
use mbs_core::build::ComponentState;
use mbs_core::plan::ComponentIx;
use serde_json::json;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Show the log of a component
///
/// Without a name, of one that failed, else of one that is being built, else of the last one that was.
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// Number of the build
    #[arg(value_name = "ID")]
    id: u64,
    /// Name of the component
    #[arg(value_name = "COMPONENT")]
    component: Option<String>,
    /// Go on until the component is over
    #[arg(short, long)]
    follow: bool,
}

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

pub(crate) async fn run(args: LogArgs, session: &Session) -> Result<Exit, CliError> {
    let id = BuildId(args.id);
    let mut tail = Tail::new(session.store()?, id).await?;
    let nothing = || CliError::NoLog { what: format!("build {id}: no component of it was started") };
    let ix = loop {
        let found = match &args.component {
            Some(name) => {
                Some(tail.build().find(name).ok_or_else(|| CliError::NoComponent { build: id, name: name.clone() })?)
            }
            None => logs::of_interest(tail.build()),
        };
        match found {
            Some(ix) => break ix,
            None if args.follow && !tail.is_settled() => {
                session.clock.sleep_until(session.clock.now() + LOOK).await;
                tail.look().await?;
            }
            None => return Err(nothing()),
        }
    };
    if session.output.format == Format::Json {
        let path = logs::of_component(tail.build(), ix, session)?.ok_or_else(|| missing(&tail, ix))?;
        let text = std::fs::read(&path).map_err(CliError::file("read", &path))?;
        let component = tail.build().spec(ix).map(|spec| spec.name.to_string());
        let shown =
            json!({ "component": component, "path": path.display().to_string(), "text": logs::lossless(&text) });
        session.result(&to_text(&shown)?)?;
        return Ok(Exit::Success);
    }
    show(&mut tail, ix, args.follow, session).await
}

/// Copies the log to standard output; with `follow`, also what is added to it, and the logs of further attempts.
async fn show(tail: &mut Tail, ix: ComponentIx, follow: bool, session: &Session) -> Result<Exit, CliError> {
    let mut open: Option<(PathBuf, File)> = None;
    loop {
        // Asked before reading: what is written before the end is seen.
        let over = !follow || is_over(tail, ix);
        let path = logs::of_component(tail.build(), ix, session)?;
        if let Some(path) = path
            && open.as_ref().is_none_or(|(opened, _)| *opened != path)
            && let Some(file) = opened(&path)?
        {
            session.output.note(&format!("==> {} <==", path.display()));
            open = Some((path, file));
        }
        if let Some((path, file)) = &mut open {
            copy(file, session).map_err(|error| error.unwrap_or_read(path))?;
        }
        if over {
            return if open.is_some() { Ok(Exit::Success) } else { Err(missing(tail, ix)) };
        }
        session.clock.sleep_until(session.clock.now() + LOOK).await;
        tail.look().await?;
    }
}

fn is_over(tail: &Tail, ix: ComponentIx) -> bool {
    let state = tail.build().component(ix).map(|component| component.state);
    let waits = matches!(state, Some(ComponentState::Waiting | ComponentState::Building));
    tail.is_settled() || !waits
}

fn missing(tail: &Tail, ix: ComponentIx) -> CliError {
    let name = tail.build().spec(ix).map(|spec| spec.name.to_string()).unwrap_or_default();
    CliError::NoLog { what: format!("component `{name}` of build {}", tail.build().id()) }
}

/// The file, if it is there already.
fn opened(path: &Path) -> Result<Option<File>, CliError> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CliError::file("read", path)(error)),
    }
}

enum CopyError {
    Read(io::Error),
    Write(CliError),
}

impl CopyError {
    fn unwrap_or_read(self, path: &Path) -> CliError {
        match self {
            Self::Read(error) => CliError::file("read", path)(error),
            Self::Write(error) => error,
        }
    }
}

/// Copies what is there, byte for byte.
fn copy(file: &mut File, session: &Session) -> Result<(), CopyError> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => session.output.raw(&buffer[..read]).map_err(CopyError::Write)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(CopyError::Read(error)),
        }
    }
}
