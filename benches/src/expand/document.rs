//! A document of the size that distributions have: some dozens of components, with all that belongs to them.

use mbs_core::modulemd::{Dependency, Document, ModuleStream, ReadOptions, StreamSet, read};
use std::error::Error;
use std::fmt::Write as _;

/// What a document build-requires: modules with streams; no stream is any.
pub type BuildRequires = Vec<(String, Vec<String>)>;

/// Components of the document: the middle of what a distribution has.
const COMPONENTS: usize = 40;

/// The document; everything that it build-requires is required at run time too.
///
/// # Errors
/// The text is not what the reader takes, which is a mistake here.
pub fn document(buildrequires: &[(String, Vec<String>)]) -> Result<ModuleStream, Box<dyn Error>> {
    let reading = read(text()?.as_bytes(), "application.yaml", &ReadOptions::default());
    let first = reading.documents.into_iter().next().map(|document| document.value);
    let Some(Document::Stream(mut stream)) = first else { return Err("the document does not read".into()) };
    let sets = buildrequires.iter().map(|(name, streams)| (name.clone(), StreamSet(streams.iter().cloned().collect())));
    let block = Dependency { buildrequires: sets.clone().collect(), requires: sets.collect() };
    stream.dependencies = vec![block];
    Ok(*stream)
}

fn text() -> Result<String, std::fmt::Error> {
    let mut out = String::from(
        "document: modulemd\nversion: 2\ndata:\n  name: application\n  stream: \"1\"\n  summary: An application with its \
         own libraries\n  description: >-\n    The application, the libraries that nobody else uses, and the tools to \
         work with both of them.\n  license:\n    module: [MIT]\n  xmd:\n    mbs_options:\n      blocked_packages: [a, b]\n  \
         references:\n    community: https://example.org/\n    documentation: https://example.org/docs\n    tracker: \
         https://example.org/bugs\n  profiles:\n    default:\n      rpms: [application, application-tools]\n    devel:\n      \
         rpms: [application-devel]\n  api:\n    rpms:\n",
    );
    for number in 0..COMPONENTS {
        writeln!(out, "    - application-library-{number:03}")?;
    }
    out.push_str(
        "  filter:\n    rpms: [application-tests]\n  buildopts:\n    rpms:\n      macros: |\n        %with_tests 0\n",
    );
    out.push_str("  components:\n    rpms:\n");
    for number in 0..COMPONENTS {
        writeln!(out, "      application-library-{number:03}:")?;
        writeln!(out, "        rationale: Needed by the application when it stores what it was told.")?;
        writeln!(out, "        ref: 7f2c1e5b0a9d4c3b8e6f1a2d3c4b5a6978{number:06x}")?;
        writeln!(out, "        buildorder: {}", number / 10)?;
        writeln!(out, "        arches: [aarch64, ppc64le, s390x, x86_64]")?;
    }
    Ok(out)
}
