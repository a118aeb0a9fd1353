//! Bodies of fuzz targets: each takes any bytes and panics where a promise of this module is broken.

mod edit;

pub use edit::edit;
