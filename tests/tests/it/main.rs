//! Whole builds on this machine.
mod attach;
mod baseline;
mod chain;
mod command_line;
mod dnf;
mod edit;
mod embedded;
mod failures;
mod input;
mod kill;
mod machine;
mod module;
mod modulemd;
mod reuse;
mod same_bytes;
mod small;
mod together;
