//! Whole builds with real packages.

mod embedded;
