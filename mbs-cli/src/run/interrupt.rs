//! Ctrl-C.

use crate::error::CliError;
use crate::exit::Exit;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// Tells whether the user wants to stop. The first request ends things properly, the second ends the process.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    asked: watch::Receiver<bool>,
}

impl Interrupt {
    /// Takes SIGINT and SIGTERM over; `tell` is called at the first one.
    pub(crate) fn install(tell: impl FnOnce() + Send + 'static) -> Result<Self, CliError> {
        let listen = |kind| signal(kind).map_err(CliError::file("listen to signals of", "this process"));
        let (mut int, mut term) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
        let (sender, asked) = watch::channel(false);
        tokio::spawn(async move {
            either(&mut int, &mut term).await;
            tell();
            // Without a listener there is nothing to end, and the second request still counts.
            let _ = sender.send(true);
            either(&mut int, &mut term).await;
            // Asked twice, the user does not want to wait for anything.
            std::process::exit(i32::from(Exit::Interrupted.number()));
        });
        Ok(Self { asked })
    }

    /// Whether the user has asked.
    pub(crate) fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Ends when the user has asked.
    pub(crate) async fn asked(&self) {
        let mut asked = self.asked.clone();
        if asked.wait_for(|asked| *asked).await.is_err() {
            // Nobody can ask any more.
            std::future::pending::<()>().await;
        }
    }
}

async fn either(int: &mut Signal, term: &mut Signal) {
    tokio::select! {
        _ = int.recv() => {}
        _ = term.recv() => {}
    }
}
