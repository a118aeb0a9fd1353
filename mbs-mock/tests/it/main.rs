//! What a sandbox holds off and lets through, and what the runner makes in it.

mod rpmbuild;
mod sandbox;
mod support;
