//! A store that lives in memory: for tests, simulations and throw-away builds.

mod inner;
mod store;

pub use store::MemoryStore;
