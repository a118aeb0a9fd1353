//! Koji for mbs.
//!
//! [`rpc`] is an async client of a Koji hub and can be used alone. It speaks the hub's dialect of XML-RPC, keeps a session
//! with its call numbers, repeats a request where that is safe and only there, and gives faults as typed errors.

pub mod rpc;
