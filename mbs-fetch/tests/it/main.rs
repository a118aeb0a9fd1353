//! Fetching from real git repositories and a small HTTP server, all on this machine.

mod checkout;
mod lookaside;
mod modulemd;
mod provider;
mod repository;
mod resolve;
mod support;
