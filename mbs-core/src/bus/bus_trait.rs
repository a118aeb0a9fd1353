//! The trait.

use super::message::Message;
use async_trait::async_trait;
use futures::stream::BoxStream;

/// Proof that the bus has taken a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Id of the message.
    pub id: String,
}

/// Why a message was not taken. Every error is worth another try: messages are never given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("message bus does not take messages: {reason}")]
pub struct BusError {
    /// What does not work; without credentials.
    pub reason: String,
}

/// Which messages a subscriber wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TopicFilter {
    /// Topics that begin with this text; empty: all.
    pub prefix: String,
    /// Messages about this build only.
    pub build: Option<crate::BuildId>,
}

impl TopicFilter {
    /// Whether the message is wanted.
    pub fn matches(&self, message: &Message) -> bool {
        message.topic().starts_with(&self.prefix) && self.build.is_none_or(|build| build == message.build)
    }
}

/// Carries messages to whoever listens.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Hands a message over.
    ///
    /// - Needs: the state that the message tells of can be read back from the store.
    /// - Behaviour: messages of one build arrive in the order in which they were handed over.
    /// - Idempotency: a message with the id of an earlier one may be dropped or delivered again; receivers know it by
    ///   its id.
    /// - Errors: the message may have been delivered or not; the call is repeated until it succeeds.
    async fn publish(&self, message: &Message) -> Result<Receipt, BusError>;

    /// Messages from now on. A receiver that does not keep up may lose messages.
    fn subscribe(&self, filter: TopicFilter) -> BoxStream<'static, Message>;
}
