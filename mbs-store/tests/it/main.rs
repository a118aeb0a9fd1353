//! The store over SQLite, from outside.

mod conformance;
mod crash;
mod damage;
mod forms;
mod place;
mod processes;
mod provider;
mod schema;
