//! Inputs that must hold exactly one document.

use super::diagnostic::{Code, Diagnostic, Problem, Severity, Sink};
use super::input::decode;
use super::limits::Limits;
use super::model::Document;
use super::model::DocumentKind;
use super::read::{Located, ReadOptions, Reading, read};
use super::yaml::input::Input;
use super::yaml::lines::Lines;

/// Reads an input that must hold exactly one document, and of this kind; anything else is an error of the input.
/// `modulemd` version 1 is taken where version 2 is wanted, because it becomes that.
pub fn read_single(bytes: &[u8], file: &str, kind: DocumentKind, options: &ReadOptions) -> Reading {
    let mut reading = read(bytes, file, options);
    let count = count(&reading);
    if count > 1 {
        let message = format!("there are {count} documents in the input");
        let second = reading.documents.iter().find(|one| one.document == 1);
        let mut found = refusal(bytes, &options.limits, file, Code::SeveralDocuments, second, message);
        // A document that cannot be read begins, as far as is known, where its first problem is.
        let first = reading.diagnostics.iter().find(|one| one.document == 1);
        if let (None, Some(first), Some(refused)) = (second, first, found.first_mut()) {
            (refused.document, refused.line, refused.column) = (first.document, first.line, first.column);
        }
        reading.diagnostics.extend(found);
    } else if let Some(only) = reading.documents.first() {
        let found = DocumentKind::of(&only.value);
        if found != Some(kind) && !(found == Some(DocumentKind::StreamV1) && kind == DocumentKind::Stream) {
            let (name, version) = kind.key();
            let message = format!("a `{}` document where `{name} {version}` is wanted", only.value.title());
            let found = refusal(bytes, &options.limits, file, Code::WrongKind, Some(only), message);
            reading.diagnostics.extend(found);
        }
    } else if !reading.has_errors() {
        let message = "there is no document in the input".to_owned();
        let found = refusal(bytes, &options.limits, file, Code::NoDocument, None, message);
        reading.diagnostics.extend(found);
    }
    reading
}

/// The number of documents in an input, those with errors among them.
fn count(reading: &Reading) -> usize {
    let good = reading.documents.iter().map(|one| one.document);
    let bad = reading.diagnostics.iter().map(|one| one.document);
    good.chain(bad).max().map_or(0, |last| last + 1)
}

/// The error that an input does not hold the documents it should.
pub(crate) fn refusal(
    bytes: &[u8],
    limits: &Limits,
    file: &str,
    code: Code,
    located: Option<&Located<Document>>,
    message: String,
) -> Vec<Diagnostic> {
    // What was read could be unpacked.
    let text = decode(bytes, limits).unwrap_or_default();
    let input = Input::decode(&text);
    let sink = Sink::new(true, usize::MAX);
    let place = located.map_or(0, |located| u32::try_from(located.span.0).unwrap_or(u32::MAX));
    sink.push(Problem::at_byte(code, place, message).severity(Severity::Error).hint(code.explanation()));
    sink.finish(None, &mut Lines::new(input.bytes()), file, located.map_or(0, |located| located.document))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str =
        "document: modulemd\nversion: 2\ndata: {summary: S, description: D, license: {module: [MIT]}}\n";

    fn codes(text: &str, kind: DocumentKind) -> Vec<String> {
        let reading = read_single(text.as_bytes(), "f", kind, &ReadOptions::strict());
        reading.diagnostics.iter().map(|one| format!("{} {}", one.code, one.line)).collect()
    }

    #[test]
    fn exactly_one_document_of_the_kind() {
        assert!(codes(STREAM, DocumentKind::Stream).is_empty());
        assert!(codes(&STREAM.replace("version: 2", "version: 1"), DocumentKind::Stream).is_empty());
        assert_eq!(codes(STREAM, DocumentKind::StreamV1), ["MD0332 1"]);
        assert_eq!(codes(STREAM, DocumentKind::Defaults), ["MD0332 1"]);
        assert_eq!(codes("", DocumentKind::Stream), ["MD0108 1"]);
        assert_eq!(codes(&format!("{STREAM}---\n{STREAM}"), DocumentKind::Stream), ["MD0109 4"]);
        // A document that cannot be read is one too.
        let bad = "document: modulemd\nversion: 2\n";
        assert_eq!(codes(&format!("{STREAM}---\n{bad}"), DocumentKind::Stream), ["MD0106 5", "MD0109 5"]);
        assert_eq!(codes(&format!("{bad}---\n{STREAM}"), DocumentKind::Stream), ["MD0106 1", "MD0109 3"]);
        // What is wrong with the document itself is enough to tell.
        assert_eq!(codes("document: modulemd\nversion: 2\n", DocumentKind::Stream), ["MD0106 1"]);
    }
}
