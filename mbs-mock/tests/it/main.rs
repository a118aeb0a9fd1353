//! What a sandbox holds off and lets through, and what the runner makes in it.

#![expect(clippy::panic, clippy::print_stderr, reason = "helpers of tests fail loudly and say what they skip")]

mod death;
mod ordinary;
mod rpmbuild;
mod sandbox;
mod support;
