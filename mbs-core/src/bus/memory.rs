//! A bus inside one process.

use super::bus_trait::{BusError, EventBus, Receipt, TopicFilter};
use super::message::Message;
use async_trait::async_trait;
use futures::StreamExt;
use futures::channel::mpsc;
use futures::stream::BoxStream;
use std::sync::{Arc, Mutex, PoisonError};

/// Messages that a slow subscriber may fall behind before it loses some.
const BACKLOG: usize = 10_000;

type Subscriber = (TopicFilter, mpsc::Sender<Message>);

/// An [`EventBus`] inside one process. Clones are the same bus.
#[derive(Debug, Clone, Default)]
pub struct MemoryBus {
    subscribers: Arc<Mutex<Vec<Subscriber>>>,
}

impl MemoryBus {
    /// A bus without subscribers.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl EventBus for MemoryBus {
    async fn publish(&self, message: &Message) -> Result<Receipt, BusError> {
        let mut subscribers = self.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.retain_mut(|(filter, sender)| {
            if !filter.matches(message) {
                return !sender.is_closed();
            }
            match sender.try_send(message.clone()) {
                Ok(()) => true,
                Err(error) => error.is_full(),
            }
        });
        Ok(Receipt { id: message.id.clone() })
    }

    fn subscribe(&self, filter: TopicFilter) -> BoxStream<'static, Message> {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner).push((filter, sender));
        receiver.boxed()
    }
}
