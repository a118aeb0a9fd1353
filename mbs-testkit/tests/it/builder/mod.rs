//! The memory builder and the wrappers keep the contract, and the suite notices a builder that does not.

mod broken;
mod conformance;
mod wrappers;
