//! Streams of one input that share an identity.

use super::add::{Refused, RefusedReason};
use super::conflict::Conflict;
use super::model::ModuleIndex;
use super::origin::Origin;
use crate::modulemd::diagnostic::{Code, Diagnostic, Severity};
use crate::modulemd::model::Document;
use crate::modulemd::read::{Located, ReadOptions, Reading};
use std::collections::HashMap;
use std::sync::Arc;

/// The streams of a reading that no index takes beside an earlier one, because they have its identity and other content
/// ([`ModuleIndex::add`] has the rule): an error for each in strict reading, else a warning. `file` names the input.
///
/// Not part of [`read`](crate::modulemd::read()): an input need not be meant for an index.
pub fn repeated_streams(reading: &Reading, file: &str, options: &ReadOptions) -> Vec<Diagnostic> {
    let mut by_identity: HashMap<Identity<'_>, Vec<&Located<Document>>> = HashMap::new();
    for located in &reading.documents {
        if let Some(identity) = identity(&located.value) {
            by_identity.entry(identity).or_default().push(located);
        }
    }
    let mut repeated: Vec<&Located<Document>> =
        by_identity.into_values().filter(|streams| streams.len() > 1).flatten().collect();
    repeated.sort_by_key(|located| located.document);
    let severity = if options.strict { Severity::Error } else { Severity::Warning };
    let file: Arc<str> = Arc::from(file);
    let mut index = ModuleIndex::new();
    let mut diagnostics = Vec::new();
    for located in repeated {
        // Few streams share an identity: only those are copied.
        let added = index.add(located.value.clone(), Origin::of(&file, located));
        if let Err(refused) = added
            && let Refused { reason: RefusedReason::Differs(conflict), .. } = *refused
        {
            diagnostics.push(diagnostic(&conflict, located, &file, severity));
        }
    }
    diagnostics
}

type Identity<'d> = (&'d str, &'d str, u64, Option<&'d str>, Option<&'d str>);

/// What is unique in an index; nothing for what is no stream, or has no name.
fn identity(document: &Document) -> Option<Identity<'_>> {
    let (name, stream, version, context, arch) = match document {
        Document::Stream(one) => (&one.name, &one.stream, one.version, &one.context, &one.arch),
        Document::StreamV1(one) => (&one.name, &one.stream, one.version, &one.context, &one.arch),
        _ => return None,
    };
    Some((name.as_deref()?, stream.as_deref()?, version, context.as_deref(), arch.as_deref()))
}

fn diagnostic(conflict: &Conflict, located: &Located<Document>, file: &str, severity: Severity) -> Diagnostic {
    let about = &conflict.about;
    // All documents of the index came from a reading, with their lines.
    let line = conflict.first.origin.line.unwrap_or_default();
    Diagnostic {
        code: Code::RepeatedStream,
        severity,
        file: file.to_owned(),
        document: located.document,
        line: located.line,
        column: 1,
        key_path: String::new(),
        message: format!("{about}; the other document of this identity begins in line {line}"),
        found: None,
        expected: None,
        hint: Some("keep one of the two, or change the version or the context of one".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::read;

    fn stream(version: u8, more: &str) -> String {
        format!(
            "---\ndocument: modulemd\nversion: {version}\ndata: {{name: m, stream: s, summary: S, description: D, \
             license: {{module: [MIT]}}, {more}}}\n"
        )
    }

    fn found(text: &str, options: &ReadOptions) -> Vec<String> {
        let reading = read(text.as_bytes(), "x.yaml", options);
        let found = repeated_streams(&reading, "x.yaml", options);
        found.iter().map(|one| format!("{} {}:{} {}", one.code, one.line, one.column, one.is_error())).collect()
    }

    #[test]
    fn a_stream_that_no_index_takes_is_told_at_its_place() {
        let text = stream(2, "") + &stream(2, "context: c") + &stream(1, "arch: x") + &stream(1, "xmd: {a: b}");
        assert_eq!(found(&text, &ReadOptions::strict()), ["MD0501 13:1 true"]);
        assert_eq!(found(&text, &ReadOptions::lenient()), ["MD0501 13:1 false"]);
        let reading = read(text.as_bytes(), "x.yaml", &ReadOptions::strict());
        let message = &repeated_streams(&reading, "x.yaml", &ReadOptions::strict())[0].message;
        assert_eq!(
            message,
            "the stream `m:s` differs in `data.xmd`; the other document of this identity begins in line 1"
        );
    }

    #[test]
    fn equal_streams_and_nameless_ones_are_not_told() {
        let nameless = stream(2, "").replace("name: m, ", "") + &stream(2, "arch: x").replace("name: m, ", "");
        let same = stream(2, "xmd: {}") + &stream(1, "xmd: {}") + &stream(2, "xmd: {}");
        assert_eq!(found(&(nameless + &same), &ReadOptions::strict()), Vec::<String>::new());
    }
}
