//! A fair semaphore for any executor.

use futures::channel::oneshot;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone)]
pub(super) struct Semaphore {
    state: Arc<Mutex<State>>,
}

struct State {
    free: usize,
    waiting: VecDeque<oneshot::Sender<Permit>>,
}

/// The right to go on; given back when it is dropped, also if it was handed to somebody who does not wait any more.
pub(super) struct Permit {
    semaphore: Option<Semaphore>,
}

impl Semaphore {
    pub(super) fn new(free: usize) -> Self {
        Self { state: Arc::new(Mutex::new(State { free, waiting: VecDeque::new() })) }
    }

    pub(super) async fn acquire(&self) -> Permit {
        let turn = {
            let mut state = self.lock();
            if state.free > 0 {
                state.free -= 1;
                return self.permit();
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.push_back(sender);
            receiver
        };
        match turn.await {
            Ok(permit) => permit,
            // Senders are only dropped with the semaphore, and this call keeps it alive.
            Err(oneshot::Canceled) => std::future::pending().await,
        }
    }

    fn permit(&self) -> Permit {
        Permit { semaphore: Some(self.clone()) }
    }

    fn release(&self) {
        loop {
            let next = {
                let mut state = self.lock();
                let Some(next) = state.waiting.pop_front() else {
                    state.free += 1;
                    return;
                };
                next
            };
            match next.send(self.permit()) {
                Ok(()) => return,
                // It does not wait any more.
                Err(mut unwanted) => unwanted.semaphore = None,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(semaphore) = self.semaphore.take() {
            semaphore.release();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn the_first_who_waits_is_the_first_served() {
        let semaphore = Semaphore::new(1);
        let held = semaphore.acquire().now_or_never().expect("free");
        let (mut first, mut second) = (Box::pin(semaphore.acquire()), Box::pin(semaphore.acquire()));
        assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());
        drop(held);
        assert!((&mut second).now_or_never().is_none());
        let held = first.now_or_never().expect("its turn");
        drop(held);
        assert!(second.now_or_never().is_some());
    }

    #[test]
    fn who_gives_up_waiting_takes_no_turn() {
        let semaphore = Semaphore::new(1);
        let held = semaphore.acquire().now_or_never().expect("free");
        let (mut asked, mut served) = (Box::pin(semaphore.acquire()), Box::pin(semaphore.acquire()));
        assert!((&mut asked).now_or_never().is_none() && (&mut served).now_or_never().is_none());
        drop(asked);
        drop(held);
        let mut last = Box::pin(semaphore.acquire());
        let served = served.now_or_never();
        assert!(served.is_some() && (&mut last).now_or_never().is_none());
        // A turn that was handed over but never taken is passed on as well.
        drop(served);
        drop(last);
        assert!(semaphore.acquire().now_or_never().is_some());
    }
}
