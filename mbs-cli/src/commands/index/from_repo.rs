//! `mbs index from-repo`.

use super::load::Loaded;
use super::text::print;
use crate::error::CliError;
use crate::exit::Exit;
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::ReadOptions;
use mbs_fetch::{FetchOptions, RepositoryClient};
use std::sync::Arc;

/// Show the module documents that a repository offers
#[derive(Debug, Args)]
pub(crate) struct FromRepoArgs {
    /// Folder with `repodata`, or its address: `file://`, `http://`, `https://`
    #[arg(value_name = "DIR_OR_URL")]
    repository: String,
}

pub(crate) async fn run(args: &FromRepoArgs, session: &Session) -> Result<Exit, CliError> {
    let client = RepositoryClient::new(FetchOptions::default(), Arc::clone(&session.clock));
    let options = ReadOptions::lenient();
    let found = client.modules(&args.repository, &options.limits).await?;
    if found.entries > 1 {
        let entries = found.entries;
        session.output.note(&format!("`repomd.xml` lists {entries} files of module documents; the newest was read"));
    }
    let (index, errors) = Loaded::of(&found.text, found.file, &options).into_index(session);
    print(&[&index], session)?;
    Ok(if errors > 0 { Exit::Malformed } else { Exit::Success })
}
