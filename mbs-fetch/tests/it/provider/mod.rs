//! Providers over files, and over servers on this machine.

mod conformance;
mod index;
mod open;
mod remote;
mod repository;
mod service;
mod web;

use mbs_core::ModuleName;
use mbs_core::resolve::{ModuleFacts, Provider};
use mbs_fetch::provider::ProviderOptions;
use std::sync::Arc;
use std::time::Duration;

/// Options that wait next to nothing between attempts.
fn options() -> ProviderOptions {
    let mut options = ProviderOptions::default();
    options.fetch.backoff = Duration::from_millis(1);
    options
}

fn name(text: &str) -> ModuleName {
    ModuleName::new(text).expect("name")
}

async fn builds(provider: &dyn Provider, module: &str) -> Vec<Arc<ModuleFacts>> {
    provider.builds(&name(module)).await.expect("builds")
}

/// A document of a build.
fn document(nsvc: &str, more: &str) -> String {
    let nsvc: mbs_core::Nsvc = nsvc.parse().expect("identity");
    let (name, stream, version, context) = (nsvc.name, nsvc.stream, nsvc.version, nsvc.context);
    format!(
        "---\ndocument: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: \"{stream}\"\n  version: {version}\n  \
         context: {context}\n  summary: S\n  description: D\n  license: {{module: [MIT]}}\n{more}...\n"
    )
}
