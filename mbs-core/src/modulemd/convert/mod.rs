//! From one kind of document to another.
//!
//! ```text
//! modulemd 1 ----------\                         /--> modulemd-packager 2   (one stream)
//! modulemd-packager 2 --+--> modulemd 2 --------+
//! modulemd-packager 3 -/     (one or several)    \--> modulemd-packager 3   (one or several streams)
//! modulemd-packager 3 -----> modulemd-defaults 1      (profiles with `default: true`)
//! ```
//!
//! A conversion gives what became of the document, and beside it the facts that the new kind cannot hold: a loss is a
//! value ([`Loss`]) and its reader decides. What cannot be said at all in the new kind is a [`ConvertError`]. There is
//! no way back to `modulemd` version 1.

mod error;
mod loss;
mod packager_v2;
mod packager_v3;
mod rpm_map;
mod stream_parts;
mod stream_v1;
mod to_packager_v3;
mod to_stream;

#[cfg(test)]
mod tests;

pub use error::ConvertError;
pub use loss::{Converted, Loss};
pub use packager_v3::Expanded;
pub use rpm_map::RpmMapError;
pub use to_stream::{convert, to_stream};

pub(crate) use packager_v2::stream_of;
pub(crate) use stream_v1::upgraded;
