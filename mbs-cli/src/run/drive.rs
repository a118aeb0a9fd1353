//! Driving a build to its end, or following whoever drives it.

use super::interrupt::Interrupt;
use super::tail::{LOOK, Tail};
use crate::backend;
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, BuildJson, Progress, Step};
use crate::session::Session;
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _};
use mbs_core::BuildId;
use mbs_core::build::{Limits, ModuleBuild, ModuleState};
use mbs_core::builder::GenericBuilder;
use mbs_core::bus::{EventBus as _, MemoryBus, Message, TopicFilter};
use mbs_core::drive::{DriveError, Driver, DriverConfig, Ended, Ports};
use mbs_core::store::{Store, StoreError};
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;

/// How a build is driven.
#[derive(Clone, Default)]
pub(crate) struct Drive {
    /// Components at once; none: as many as the machine has processors.
    pub(crate) jobs: Option<NonZeroUsize>,
    /// The backend of this build, if it is open already.
    pub(crate) builder: Option<Arc<dyn GenericBuilder>>,
}

/// How driving ended.
pub(crate) enum Driven {
    /// Nothing is left to do.
    Settled(Box<ModuleBuild>),
    /// The user asked to stop.
    Interrupted,
}

impl Drive {
    fn config(&self, session: &Session) -> DriverConfig {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let jobs = self.jobs.or(session.config.jobs).unwrap_or(cores).get();
        let mut config = DriverConfig::new(holder());
        // Others may build on this machine too; together they do not start more than it can carry.
        config.limits = Limits { per_build: Some(jobs), per_owner: None, per_backend: Some(jobs.max(cores.get())) };
        config
    }
}

/// What other processes are told of who holds a build.
pub(super) fn holder() -> String {
    let host = rustix::system::uname();
    let host = host.nodename().to_bytes().escape_ascii().to_string();
    format!("process {} on {host}", std::process::id())
}

/// Drives a build until nothing is left to do. As long as another process drives it, follows that; should that process
/// die, takes over.
pub(crate) async fn drive(
    id: BuildId,
    drive: &Drive,
    interrupt: &Interrupt,
    session: &Session,
) -> Result<Driven, CliError> {
    let store: Arc<dyn Store> = session.store()?;
    let mut tail = Tail::new(Arc::clone(&store), id).await?;
    let bus = MemoryBus::new();
    let mut messages = bus.subscribe(TopicFilter { build: Some(id), ..TopicFilter::default() });
    let builder = match &drive.builder {
        Some(builder) => Arc::clone(builder),
        None => backend::open(tail.build().request(), session)?,
    };
    let ports = Ports {
        builder,
        store: Arc::clone(&store),
        bus: Arc::new(bus),
        clock: Arc::clone(&session.clock),
        source: session.fetcher()?,
    };
    let mut driver = Driver::new(ports, drive.config(session));
    let mut progress = Progress::new(tail.build(), &session.output);
    let mut told = false;
    loop {
        match driver.attach(id).await {
            Ok(()) => {
                let ended = show_while(driver.run(interrupt.asked()), &mut messages, &mut progress).await?;
                tail.look().await?;
                match ended {
                    Ended::Stopped => return Ok(Driven::Interrupted),
                    Ended::Settled if tail.is_settled() => return Ok(settled(&tail)),
                    // Another driver has taken over: follow it.
                    Ended::Settled => {}
                }
            }
            Err(DriveError::Store(StoreError::LeaseHeld { holder, .. })) => {
                if !std::mem::replace(&mut told, true) {
                    session.output.note(&format!("build {id} is being driven by {holder}: watching"));
                }
                for step in tail.look().await? {
                    progress.show(&step);
                }
                if tail.is_settled() {
                    return Ok(settled(&tail));
                }
                tokio::select! {
                    () = session.clock.sleep_until(session.clock.now() + LOOK) => {}
                    () = interrupt.asked() => return Ok(Driven::Interrupted),
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Shows messages until the run is over, and those that are left then.
async fn show_while(
    run: impl Future<Output = Result<Ended, DriveError>>,
    messages: &mut BoxStream<'static, Message>,
    progress: &mut Progress,
) -> Result<Ended, CliError> {
    let mut show = |message: Message| {
        if let Some(step) = Step::of_message(&message) {
            progress.show(&step);
        }
    };
    let mut run = pin!(run);
    let ended = loop {
        tokio::select! {
            ended = &mut run => break ended,
            Some(message) = messages.next() => show(message),
        }
    };
    while let Some(Some(message)) = messages.next().now_or_never() {
        show(message);
    }
    Ok(ended?)
}

fn settled(tail: &Tail) -> Driven {
    Driven::Settled(Box::new(tail.build().clone()))
}

/// Takes Ctrl-C over while builds are driven, one after the other.
pub(crate) fn interrupt(builds: &[BuildId], session: &Session) -> Result<Interrupt, CliError> {
    let output = session.output.clone();
    let what = match builds {
        [only] => format!("build {only}"),
        several => format!("all {} builds", several.len()),
    };
    Interrupt::install(move || output.note(&format!("stopping {what}; once more ends mbs at once")))
}

/// Prints how a driven build stands, and gives the exit code for it. As JSON, a build that is one of several is printed by
/// whoever drives them.
pub(crate) fn report(driven: Driven, id: BuildId, several: bool, session: &Session) -> Result<Exit, CliError> {
    let build = match driven {
        Driven::Settled(build) => build,
        Driven::Interrupted => {
            session.output.error(&format!("interrupted\nhint: `mbs resume {id}` goes on with the build\n"));
            return Ok(Exit::Interrupted);
        }
    };
    if session.output.format == Format::Json && !several {
        session.result(&output::to_text(&BuildJson::of(&build, session)?)?)?;
    }
    match build.state() {
        ModuleState::Failed => {
            session.output.error(&output::failure(&build, session)?);
            Ok(build.failure().as_ref().map_or(Exit::Infra, Exit::of_failure))
        }
        ModuleState::Done | ModuleState::Ready => {
            // There may be nothing to install of what was built elsewhere.
            let has_repository = !build.request().imported || build.request().repository.is_some();
            if session.output.format == Format::Text && has_repository {
                let repository = backend::repository(build.request(), &build.header().folder, session)?;
                session.result(&repository.display().to_string())?;
            }
            Ok(Exit::Success)
        }
        ModuleState::Garbage => Err(CliError::Retired { id }),
        // A build that work goes on with is not settled.
        ModuleState::Init | ModuleState::Wait | ModuleState::Build => Ok(Exit::Infra),
    }
}
