//! Tests of the client from outside.

mod apache;
mod calls;
mod codec;
mod login;
mod loopback;
mod multicall;
mod script;
mod session;
mod upload;
mod wire;
