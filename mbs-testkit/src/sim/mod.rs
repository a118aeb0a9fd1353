//! The simulator: the whole engine against one seed.
//!
//! A seed decides everything of a run: the modules, how long components take and how they end, in which order the two
//! drivers get on, every fault, every crash and everything that people ask for. One thread runs it in virtual time, so
//! that the same seed gives the same run, down to the [hash of its trace](Outcome::hash).
//!
//! ```text
//!   operators ----> MemoryStore <---- crash store <--- driver one --+---> builder, source, bus ---> world
//!   (cancel,             |       <---- crash store <--- driver two --+     (faults, late calls)       |
//!    resume, retire)     |                                                                           |
//!                        +-----------------------> checks <-------------------------------------------+
//! ```
//!
//! The world (tasks, repositories, messages) and the content of the store survive crashes; drivers do not. The checks
//! keep their own model of every build, made from the changes that are written, and compare it with the world after
//! each step; at each crash and at the end the log is replayed and compared as well.
//!
//! It does not look into a durable store: crashes inside one are tested beside it.

mod builder;
mod bus;
mod checks;
mod faults;
mod jobs;
mod model;
mod modules;
mod operators;
mod process;
mod run;
mod source;
mod store;
mod trace;
mod violation;
mod world;

pub use run::{Outcome, Simulation, simulate};
pub use trace::{Moment, What};
pub use violation::Violation;
