//! Every example runs, and says what it said before.

mod folder_builder;
mod output;
