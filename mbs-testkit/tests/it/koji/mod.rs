//! The fake hub: against recorded answers, against its rules, against the original client.

mod compare;
mod faults;
mod python;
mod replay;
mod rules;
mod session;
mod stage;
