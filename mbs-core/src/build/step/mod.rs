//! The decisions of the engine: `step(build, event, now) -> changes + effects`, a pure and total function.
//!
//! ```text
//!   event ──▶ step ──▶ changes ──▶ log (truth) ──▶ apply ──▶ build
//!                 └──▶ effects ──▶ outbox ──▶ driver ──▶ builder, bus, source ──▶ event
//! ```
//!
//! Changes and effects of one decision are written in one transaction. After every event the driver feeds
//! [`Event::Advance`](super::Event::Advance) until nothing follows; [`decide`] does both. What follows is decided from
//! the state alone, never from the event that led there, so that a crash between any two transactions changes nothing.
//!
//! Every combination of state and event is written out; there is no catch-all arm, so that a new state or event does
//! not compile until it has been thought about. Answers that come late are not errors: they change nothing, or end the
//! work that nobody waits for any more. Requests that a state does not allow are [`IllegalEvent`]s.

mod advance;
mod answers;
mod decide;
mod decision;
mod dispatch;
mod requests;
#[cfg(test)]
mod tests;

pub use decide::{Decided, decide, submitted};
pub use decision::{IllegalEvent, Step};
pub use dispatch::step;
