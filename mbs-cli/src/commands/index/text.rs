//! Documents as the user sees them.

use crate::cli::Format;
use crate::error::CliError;
use crate::output::to_text;
use crate::session::Session;
use mbs_core::modulemd::{ModuleIndex, Value, to_value};

/// Prints the documents of indexes, in the form that was asked for. As JSON they are a list, with the keys they have as
/// YAML.
pub(super) fn print(indexes: &[&ModuleIndex], session: &Session) -> Result<(), CliError> {
    if session.output.format == Format::Json {
        return session.result(&to_text(&documents(indexes)?)?);
    }
    let text: String = indexes.iter().map(|index| index.write()).collect();
    session.result(&text)
}

/// The documents of indexes, with the keys they have as YAML.
pub(super) fn documents(indexes: &[&ModuleIndex]) -> Result<Vec<Value>, CliError> {
    let documents: Result<Vec<Value>, _> = indexes.iter().flat_map(|index| index.documents()).map(to_value).collect();
    documents.map_err(|error| CliError::Output(std::io::Error::other(error)))
}
