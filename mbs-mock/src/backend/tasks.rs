//! The attempts of this process, and who wants to hear of them.

use crate::sandbox::Cancel;
use futures::StreamExt;
use futures::channel::{mpsc, oneshot};
use futures::stream::BoxStream;
use mbs_core::build::TaskId;
use mbs_core::builder::{RequestKey, TaskState, Wakeup};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What this process knows of an attempt.
enum Entry {
    Running { cancel: Cancel, abort: Option<oneshot::Sender<()>> },
    Over(TaskState),
}

/// All attempts of this process.
#[derive(Default)]
pub(super) struct Tasks {
    entries: Mutex<HashMap<RequestKey, Entry>>,
    listeners: Mutex<Vec<mpsc::UnboundedSender<Wakeup>>>,
    abandoned: AtomicBool,
    /// Attempts that are over, but whose work folder is still being removed.
    untidy: Mutex<usize>,
    tidy: Condvar,
}

/// How an attempt is told to stop.
pub(super) struct Stop {
    /// Ends what runs in a sandbox.
    pub(super) cancel: Cancel,
    /// Ends the fetching of sources.
    pub(super) abort: oneshot::Receiver<()>,
}

pub(super) fn task_id(key: &RequestKey) -> TaskId {
    TaskId(key.to_string())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code that holds one of these locks can stop half-way through a change.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tasks {
    /// Whether the end of an attempt is of no interest any more.
    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::SeqCst)
    }

    pub(super) fn begin(&self, key: RequestKey) -> Stop {
        let cancel = Cancel::new();
        let (sender, abort) = oneshot::channel();
        lock(&self.entries).insert(key, Entry::Running { cancel: cancel.clone(), abort: Some(sender) });
        Stop { cancel, abort }
    }

    /// An attempt is over; [`Self::tidied`] follows when its work folder is gone.
    pub(super) fn over(&self, key: &RequestKey, state: TaskState) {
        *lock(&self.untidy) += 1;
        lock(&self.entries).insert(key.clone(), Entry::Over(state));
        lock(&self.listeners).retain(|listener| listener.unbounded_send(Wakeup::Task(task_id(key))).is_ok());
    }

    pub(super) fn tidied(&self) {
        *lock(&self.untidy) -= 1;
        self.tidy.notify_all();
    }

    /// Blocks until no attempt that is over has anything left in the work folder.
    pub(super) fn wait_until_tidy(&self) {
        let untidy = lock(&self.untidy);
        drop(self.tidy.wait_while(untidy, |untidy| *untidy > 0).unwrap_or_else(PoisonError::into_inner));
    }

    /// How the attempt stands, if it is one of this process.
    pub(super) fn state(&self, key: &RequestKey) -> Option<TaskState> {
        lock(&self.entries).get(key).map(|entry| match entry {
            Entry::Running { .. } => TaskState::Running,
            Entry::Over(state) => state.clone(),
        })
    }

    pub(super) fn cancel(&self, key: &RequestKey) {
        if let Some(Entry::Running { cancel, abort }) = lock(&self.entries).get_mut(key) {
            cancel.cancel();
            if let Some(abort) = abort.take() {
                // The sources may have been fetched already; then nobody listens.
                let _ = abort.send(());
            }
        }
    }

    /// Ends everything as the end of the process would: nothing is recorded, and the attempts count as lost.
    pub(super) fn abandon(&self) {
        self.abandoned.store(true, Ordering::SeqCst);
        let keys: Vec<RequestKey> = lock(&self.entries).keys().cloned().collect();
        for key in keys {
            self.cancel(&key);
        }
    }

    pub(super) fn listen(&self) -> BoxStream<'static, Wakeup> {
        let (sender, receiver) = mpsc::unbounded();
        lock(&self.listeners).push(sender);
        // Hints do not end with the builder that gave them; they only stop.
        receiver.chain(futures::stream::pending()).boxed()
    }
}
