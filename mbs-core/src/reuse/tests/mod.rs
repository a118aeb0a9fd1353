//! Reuse decided over small builds.

mod choosing;
mod deciding;
mod monotone;
mod sources;
mod support;
