//! Bodies of fuzz targets: each takes any bytes and panics where a promise of this module is broken. No part of the
//! interface.

mod edit;
mod scanners;

pub use edit::edit;
pub use scanners::{compare_scanners, documents_of_libyaml};
