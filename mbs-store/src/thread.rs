//! A thread that owns the connection and does one job after the other.

use crate::error::DbError;
use futures::channel::oneshot;
use mbs_core::store::StoreError;
use rusqlite::Connection;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Hands jobs to the thread. The connection is closed when this is dropped.
#[derive(Debug)]
pub(crate) struct ConnectionThread {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    place: String,
    busy: Duration,
}

impl ConnectionThread {
    /// Gives the connection its thread. `place` and `busy` are for error messages.
    pub(crate) fn start(mut connection: Connection, place: String, busy: Duration) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let work = move || {
            for job in queue {
                job(&mut connection);
            }
        };
        let thread = std::thread::Builder::new()
            .name("mbs-store".to_owned())
            .spawn(work)
            .map_err(|error| StoreError::Medium(format!("cannot start the thread of the store: {error}")))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), place, busy })
    }

    /// Does a job on the connection and waits for its result. A job that nobody waits for any more is still done; its
    /// result is dropped.
    pub(crate) async fn run<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, DbError> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody waits any more if this fails.
            let _ = answer.send(job(connection));
        });
        let ended = || StoreError::Medium(format!("the thread of the store in `{}` has ended", self.place));
        self.jobs.as_ref().ok_or_else(ended)?.send(job).map_err(|_| ended())?;
        let result = result.await.map_err(|_| ended())?;
        result.map_err(|error| error.into_store(&self.place, self.busy.as_secs()))
    }
}

impl Drop for ConnectionThread {
    fn drop(&mut self) {
        // Without a sender the queue ends, and with it the thread.
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            // A panic of the thread has been reported to whoever waited for the job.
            let _ = thread.join();
        }
    }
}
