//! Documents as the user sees them.

use crate::cli::Format;
use crate::error::CliError;
use crate::output::to_text;
use crate::session::Session;
use serde::Deserialize as _;
use serde_json::Value;

/// Prints documents, in the form that was asked for. As JSON they are a list, with the keys they have as YAML.
pub(super) fn print(text: &str, session: &Session) -> Result<(), CliError> {
    if session.output.format != Format::Json {
        return session.result(text);
    }
    session.result(&to_text(&documents(text)?)?)
}

/// The documents of a text, with the keys they have as YAML.
pub(super) fn documents(text: &str) -> Result<Vec<Value>, CliError> {
    let documents: Result<Vec<Value>, _> = serde_yaml::Deserializer::from_str(text).map(Value::deserialize).collect();
    documents.map_err(|error| CliError::Output(std::io::Error::other(error)))
}
