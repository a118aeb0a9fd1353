//! Why builds are taken or left, for programs.

use super::super::json::to_text;
use crate::error::CliError;
use mbs_core::resolve::{Explanation, Why};
use serde_json::json;

/// Every build that was looked at, for each document.
pub(crate) fn explanation_json(all: &[Explanation]) -> Result<String, CliError> {
    to_text(&json!({ "documents": all }))
}

/// The builds of one module, for each document.
pub(crate) fn why_json(all: &[Why]) -> Result<String, CliError> {
    to_text(&json!({ "documents": all }))
}
