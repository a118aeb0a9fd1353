//! HTTP: the client, the bodies of answers, and answers that are kept.

mod body;
mod client;
mod kept;
mod proxy;

pub(crate) use body::body;
pub(crate) use client::{Http, describe};
pub(crate) use kept::{KeptAnswer, KeptAnswers};
pub use proxy::Proxy;
