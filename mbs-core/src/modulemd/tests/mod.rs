//! Tests that go through the whole reader or the whole writer.

mod build;
pub(super) mod generated;
mod generated_unknown;
mod reading;
mod robust;
mod round_trip;
mod rules;
mod writing;

use super::{Diagnostic, Document, ModuleStream, ReadOptions, Reading, read};

/// A small module with a bit of everything.
pub(super) const GREENHOUSE: &str = r#"---
document: modulemd
version: 2
data:
  # name, version and context are filled in by the build service
  stream: "1.0"
  summary: Small greenhouse measurement stack
  description: >-
    Sample module: one C library, one C program that links it
    and more.
  license:
    module:
      - MIT
  xmd:
    mbs_options:
      repo_include_all: true
      blocked_packages: [bash, 7e96446]
  dependencies:
    - buildrequires:
        platform: []
      requires:
        platform: []
  profiles:
    default:
      rpms: [gaugectl]
  api:
    rpms: [libgauge, gaugectl]
  filter:
    rpms:
      - greenhouse-rpm-macros
  buildopts:
    rpms:
      macros: |
        %greenhouse_build_kind modular
    arches: [x86_64, s390x]
  components:
    rpms:
      libgauge:
        rationale: Parses and averages readings.
        repository: "https://git.example/rpms/libgauge"
        ref: 00000000
      gaugectl:
        rationale: Command line front end of libgauge.
        ref: 7e96446
        buildorder: 10
        arches: [x86_64]
"#;

fn lenient(text: &str) -> Reading {
    read(text.as_bytes(), "test.yaml", &ReadOptions::lenient())
}

fn strict(text: &str) -> Reading {
    read(text.as_bytes(), "test.yaml", &ReadOptions::strict().for_build())
}

/// The only document, which must be a stream without errors.
fn stream(text: &str) -> ModuleStream {
    let mut reading = strict(text);
    assert!(!reading.has_errors(), "{:#?}", reading.diagnostics);
    assert_eq!(reading.documents.len(), 1);
    match reading.documents.remove(0).value {
        Document::Stream(stream) => *stream,
        other => panic!("not a stream: {other:?}"),
    }
}

/// Code, line, column and path of each diagnostic.
fn places(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|one| format!("{} {}:{} {}", one.code, one.line, one.column, one.key_path)).collect()
}

/// A minimal document with these lines below `data`.
fn with(lines: &str) -> String {
    let mut text = String::from(
        "document: modulemd\nversion: 2\ndata:\n  summary: S\n  description: D\n  license: {module: [MIT]}\n",
    );
    for line in lines.lines() {
        text.push_str("  ");
        text.push_str(line);
        text.push('\n');
    }
    text
}
