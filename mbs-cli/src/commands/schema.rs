//! `mbs schema`.

use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{Output, to_text};
use clap::Args;
use mbs_core::modulemd::{DocumentKind, schema};

/// Print the JSON Schema of a kind of modulemd document
///
/// Draft 2020-12, as editors and validators read it. It describes what strict reading accepts.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// The kind of document
    #[arg(value_name = "KIND", value_parser = super::validate::kind_parser())]
    kind: DocumentKind,
}

pub(crate) fn run(args: &SchemaArgs, output: &Output) -> Result<Exit, CliError> {
    output.result(&to_text(&schema(args.kind))?)?;
    Ok(Exit::Success)
}
