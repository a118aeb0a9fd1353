//! Files in folders and on servers, read into memory.

mod download;
mod location;

pub(crate) use location::{Means, Place};
