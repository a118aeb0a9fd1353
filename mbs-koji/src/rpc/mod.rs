//! An async client of a Koji hub.

pub mod xml;
