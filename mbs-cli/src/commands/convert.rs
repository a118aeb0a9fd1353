//! `mbs convert`.

use super::edit::Source;
use super::fmt::{documents, put};
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::Output;
use clap::{Args, ValueEnum};
use mbs_core::modulemd::{
    ConvertError, Converted, Defaults, Document, DocumentKind, Loss, ModuleStream, PackagerV3, convert, write_into,
};
use std::path::PathBuf;

/// Turn modulemd documents into another kind
///
/// What the new kind cannot hold is named, and nothing is written unless `--lossy` is given. Several streams become the
/// configurations of one packager's document of version 3.
#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// The kind to make
    #[arg(long, value_name = "KIND")]
    to: Target,
    /// File to convert; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write to this file; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Go on though facts are lost
    #[arg(long)]
    lossy: bool,
}

/// What can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// `modulemd` version 2, one document for each that is read
    #[value(name = "modulemd-v2", alias = "stream")]
    Stream,
    /// `modulemd-packager` version 2
    #[value(name = "modulemd-packager-v2", alias = "packager-v2")]
    PackagerV2,
    /// `modulemd-packager` version 3
    #[value(name = "modulemd-packager-v3", alias = "packager-v3")]
    PackagerV3,
    /// The documents of a module index: a stream for each configuration, and the default profiles
    Index,
    /// `modulemd` version 1: refused with the reason
    #[value(name = "modulemd-v1", hide = true)]
    StreamV1,
}

pub(crate) fn run(args: &ConvertArgs, output: &Output) -> Result<Exit, CliError> {
    let source = Source::read(&args.file)?;
    let reading = documents(&source, output)?;
    let documents: Vec<Document> = reading.documents.into_iter().map(|one| one.value).collect();
    let failed = |error| CliError::Convert { file: source.name(), source: error };
    let (made, losses) = all(documents, args.to).map_err(failed)?;
    if !losses.is_empty() {
        if !args.lossy {
            return Err(failed(ConvertError::Lossy(losses)));
        }
        for loss in &losses {
            output.note(&format!("lost: {loss}"));
        }
    }
    let mut text = String::new();
    for document in &made {
        write_into(&mut text, document);
    }
    put(&args.output, &text, output)?;
    Ok(Exit::Success)
}

fn all(documents: Vec<Document>, to: Target) -> Result<(Vec<Document>, Vec<Loss>), ConvertError> {
    let each = |kind: DocumentKind| move |document| Ok(one(convert(document, kind)?));
    match to {
        Target::Index => joined(documents, Document::into_index),
        Target::Stream => joined(documents, each(DocumentKind::Stream)),
        Target::PackagerV2 => joined(documents, each(DocumentKind::PackagerV2)),
        Target::StreamV1 => joined(documents, each(DocumentKind::StreamV1)),
        Target::PackagerV3 => packager_v3(documents),
    }
}

fn one(converted: Converted<Document>) -> Converted<Vec<Document>> {
    converted.map(|document| vec![document])
}

/// Converts one document after the other.
fn joined(
    documents: Vec<Document>,
    convert: impl Fn(Document) -> Result<Converted<Vec<Document>>, ConvertError>,
) -> Result<(Vec<Document>, Vec<Loss>), ConvertError> {
    let (mut made, mut losses) = (Vec::new(), Vec::new());
    for document in documents {
        let converted = convert(document)?;
        made.extend(converted.value);
        losses.extend(converted.losses);
    }
    Ok((made, losses))
}

/// One packager's document of all streams, with the default profiles of their defaults.
fn packager_v3(documents: Vec<Document>) -> Result<(Vec<Document>, Vec<Loss>), ConvertError> {
    if let [Document::PackagerV3(_)] = documents.as_slice() {
        return Ok((documents, Vec::new()));
    }
    let mut streams: Vec<ModuleStream> = Vec::new();
    let mut defaults: Option<Defaults> = None;
    let mut losses = Vec::new();
    for document in documents {
        match document {
            Document::PackagerV3(_) => {
                // Its configurations stand beside the other streams.
                let expanded = document.into_index()?;
                losses.extend(expanded.losses);
                for document in expanded.value {
                    match document {
                        Document::Stream(stream) => streams.push(*stream),
                        Document::Defaults(own) => defaults = Some(*own),
                        _ => {}
                    }
                }
            }
            Document::Defaults(own) => defaults = Some(*own),
            other => {
                let converted = mbs_core::modulemd::to_stream(other)?;
                losses.extend(converted.losses);
                streams.push(converted.value);
            }
        }
    }
    let converted = PackagerV3::from_streams(&streams, defaults.as_ref())?;
    losses.extend(converted.losses);
    Ok((vec![Document::PackagerV3(Box::new(converted.value))], losses))
}
