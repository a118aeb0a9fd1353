//! Hints to whoever listens, now or at a later moment.

use chrono::{DateTime, Utc};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{Either, select};
use futures::stream::{BoxStream, StreamExt};
use mbs_core::builder::Wakeup;
use mbs_core::clock::Clock;
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;

/// A hint and the moment at which it is true.
pub(super) type Hint = (DateTime<Utc>, Wakeup);

/// Everybody who listens.
#[derive(Debug, Default)]
pub(super) struct Hints {
    listeners: Vec<UnboundedSender<Hint>>,
}

struct Listener {
    clock: Arc<dyn Clock>,
    hints: UnboundedReceiver<Hint>,
    later: BTreeMap<(DateTime<Utc>, u64), Wakeup>,
    next: u64,
}

impl Hints {
    /// Gives a hint; the moment may lie ahead.
    pub(super) fn give(&mut self, at: DateTime<Utc>, wakeup: &Wakeup) {
        self.listeners.retain(|listener| listener.unbounded_send((at, wakeup.clone())).is_ok());
    }

    /// A new listener, who also hears of what is about to happen already.
    pub(super) fn listen(&mut self, clock: Arc<dyn Clock>, ahead: Vec<Hint>) -> BoxStream<'static, Wakeup> {
        let (sender, hints) = unbounded();
        self.listeners.push(sender);
        let mut listener = Listener { clock, hints, later: BTreeMap::new(), next: 0 };
        for (at, wakeup) in ahead {
            listener.put_by(at, wakeup);
        }
        futures::stream::unfold(listener, |mut listener| async {
            let wakeup = listener.next().await?;
            Some((wakeup, listener))
        })
        .boxed()
    }
}

impl Listener {
    fn put_by(&mut self, at: DateTime<Utc>, wakeup: Wakeup) {
        self.next += 1;
        self.later.insert((at, self.next), wakeup);
    }

    async fn next(&mut self) -> Option<Wakeup> {
        loop {
            let first = self.later.first_entry().map(|entry| entry.key().0);
            if first.is_some_and(|at| at <= self.clock.now()) {
                return self.later.pop_first().map(|(_, wakeup)| wakeup);
            }
            let arrived = match first {
                None => Some(self.hints.next().await?),
                Some(at) => match select(self.hints.next(), pin!(self.clock.sleep_until(at))).await {
                    Either::Left((hint, _)) => Some(hint?),
                    Either::Right(_) => None,
                },
            };
            if let Some((at, wakeup)) = arrived {
                self.put_by(at, wakeup);
            }
        }
    }
}
