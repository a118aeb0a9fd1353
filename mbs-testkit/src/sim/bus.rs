//! The bus of a run: fails, loses answers, and hands everything to the checks.

use super::world::{Shared, Verdict};
use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt};
use mbs_core::bus::{BusError, EventBus, Message, Receipt, TopicFilter};
use std::sync::Arc;

pub(super) struct SimBus {
    pub(super) shared: Arc<Shared>,
    pub(super) driver: usize,
}

#[async_trait]
impl EventBus for SimBus {
    async fn publish(&self, message: &Message) -> Result<Receipt, BusError> {
        let error = |reason: &str| BusError { reason: reason.into() };
        let verdict = self.shared.verdict(self.driver, "publish", message.build, 0);
        if verdict == Verdict::Refuse {
            return Err(error("no route"));
        }
        self.shared.latency(verdict).await;
        self.shared.lock().published(message);
        match verdict {
            Verdict::LoseAnswer => Err(error("no receipt")),
            Verdict::Hang => futures::future::pending().await,
            Verdict::Refuse | Verdict::Serve { .. } => Ok(Receipt { id: message.id.clone() }),
        }
    }

    fn subscribe(&self, _: TopicFilter) -> BoxStream<'static, Message> {
        futures::stream::pending().boxed()
    }
}
