//! The driver: the only part of the engine that waits.
