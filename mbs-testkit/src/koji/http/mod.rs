//! The web server in front of the hub.

mod control;
mod front;
mod log;
mod message;
mod plan;
mod server;

pub use front::Front;
pub use log::{RequestKind, RequestLog, Seen};
pub use plan::{FaultPlan, Injected, Rule, Stop};
pub use server::FakeHub;
