//! A module build from its document to its end, in memory.

use mbs_core::bus::MemoryBus;
use mbs_core::clock::Clock;
use mbs_core::drive::{Driver, DriverConfig, Ports};
use mbs_core::store::{MemoryStore, Store};
use mbs_examples::submission::from_document;
use mbs_testkit::builder::MemoryBuilder;
use mbs_testkit::{FixedSource, SimClock};
use std::error::Error;
use std::io::Write;
use std::sync::Arc;

const DOCUMENT: &str = r#"---
document: modulemd
version: 2
data:
  name: hello
  stream: "1"
  summary: Two packages
  description: One needs the other.
  license: {module: [MIT]}
  dependencies:
    - {buildrequires: {platform: []}, requires: {platform: []}}
  components:
    rpms:
      libhello: {rationale: The library.}
      hello: {rationale: The program., buildorder: 1}
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let clock = SimClock::default();
    clock.run(build(clock.clone()))?
}

async fn build(clock: SimClock) -> Result<(), Box<dyn Error>> {
    let store = MemoryStore::new();
    let ports = Ports {
        builder: Arc::new(MemoryBuilder::new(Arc::new(clock.clone()))),
        store: Arc::new(store.clone()),
        bus: Arc::new(MemoryBus::new()),
        clock: Arc::new(clock.clone()),
        source: Arc::new(FixedSource::new()),
    };
    let new = from_document(DOCUMENT, clock.now())?;
    let id = store.create(&[new], clock.now()).await?.remove(0).header.id;

    let mut driver = Driver::new(ports, DriverConfig::new("example"));
    driver.attach(id).await?;
    driver.run(std::future::pending()).await?;

    let build = store.load(id).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} is {}", build.nsvc(), build.state())?;
    for (_, spec, component) in build.components() {
        let built = component.built.as_ref().map_or("nothing", |built| built.nvr.as_str());
        writeln!(out, "batch {}: {} gave {built}", spec.batch, spec.name)?;
    }
    Ok(())
}
