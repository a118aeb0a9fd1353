//! Small programs that use mbs.
