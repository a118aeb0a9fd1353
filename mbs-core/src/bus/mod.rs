//! Announcing every change to the world.

mod bus_trait;
mod memory;
mod message;

pub use bus_trait::{BusError, EventBus, Receipt, TopicFilter};
pub use memory::MemoryBus;
pub use message::{ComponentBody, Message, MessageBody, ModuleBody, component_id};
