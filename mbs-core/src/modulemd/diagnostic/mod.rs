//! What the reader has to say: codes, places, rendering.
//!
//! While a document is read, problems are only noted with their place on the tape ([`Sink`]). At its end they are
//! sorted and get line, column and key path in one pass over tape and text, so that reporting stays linear.

mod code;
mod model;
mod problem;
mod render;
mod sink;

pub use code::{Code, explain};
pub use model::{Diagnostic, Severity};
pub use render::render_all;

pub(crate) use problem::Problem;
pub(crate) use sink::Sink;
