//! The fake hub: against recorded answers, against its rules, against the original client.

#![expect(clippy::panic, reason = "helpers of tests fail as tests do")]

mod compare;
mod faults;
mod program;
mod python;
mod replay;
mod rules;
mod session;
mod stage;
