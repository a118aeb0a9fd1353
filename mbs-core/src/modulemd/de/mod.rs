//! serde over the tape: a deserializer that notes every problem and goes on.

mod access;
mod error;
mod hints;
mod node;
mod number;

pub(crate) use hints::{distance, may_be_empty};
pub(crate) use node::{DAY, MINUTE, STRING_SET, TYPED_VALUE, from_node};
pub(crate) use number::unsigned;
