//! Tests of the client from outside.

mod codec;
mod wire;
