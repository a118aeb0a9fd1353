//! Tests of the client from outside.

#![expect(clippy::panic, reason = "helpers of tests fail by panicking")]

mod apache;
mod calls;
mod codec;
mod kerberos;
mod login;
mod loopback;
mod model;
mod multicall;
mod script;
mod session;
mod upload;
mod wire;
