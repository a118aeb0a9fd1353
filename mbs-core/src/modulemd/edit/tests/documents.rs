//! Which document of a file is edited.

use super::path;
use crate::modulemd::edit::{EditError, Editor};

const TWO: &str = "# head\n---\ndocument: modulemd-defaults\nversion: 1\ndata: {module: a, stream: '1'}\n...\n# mid\n---\n\
                   document: modulemd\nversion: 2\ndata:\n  name: a\n  stream: '1'\n  summary: s\n...\n# tail\n";

#[test]
fn one_of_several_is_chosen_by_number_and_the_others_stay() {
    let error = Editor::new(TWO, "f.yaml", None).expect_err("ambiguous");
    assert_eq!(
        error.to_string(),
        "`f.yaml` has 2 documents, choose one by its number: 0 (line 2, modulemd-defaults `a:1`), \
         1 (line 8, modulemd `a:1`)"
    );
    let mut editor = Editor::new(TWO, "f.yaml", Some(1)).expect("a document");
    editor.set(&path("data.summary"), "t").expect("set");
    assert_eq!(editor.changes()[0].line, 14);
    editor.set(&path("data.name"), "b").expect("set");
    assert_eq!(editor.bytes(), TWO.replace("summary: s", "summary: t").replace("name: a", "name: b").as_bytes());
    let mut editor = Editor::new(TWO, "f.yaml", Some(0)).expect("a document");
    editor.set(&path("data.stream"), "2").expect("set");
    assert_eq!(editor.bytes(), TWO.replacen("'1'", "'2'", 1).as_bytes());
    assert!(matches!(Editor::new(TWO, "f", Some(2)), Err(EditError::NoDocument { documents: 2, .. })));
}

#[test]
fn a_bad_document_hinders_only_its_own_editing() {
    let mut bytes = b"---\na: [\n---\nb: 1\n---\nc: \xff\n".to_vec();
    let mut editor = Editor::new(bytes.clone(), "f", Some(1)).expect("a document");
    editor.set(&path("b"), 2).expect("set");
    bytes[16] = b'2';
    assert_eq!(editor.bytes(), bytes);
    assert!(matches!(Editor::new(bytes.clone(), "f", Some(0)), Err(EditError::Syntax(_))));
    assert!(matches!(Editor::new(bytes.clone(), "f", Some(2)), Err(EditError::Encoding { .. })));
    assert!(matches!(Editor::new(bytes, "f", None), Err(EditError::Ambiguous { .. })));
}

#[test]
fn what_is_no_text_or_no_document_is_refused() {
    assert!(matches!(Editor::new(b"\xff\xfea\0".to_vec(), "f", None), Err(EditError::Utf16 { .. })));
    assert!(matches!(Editor::new("", "f", None), Err(EditError::NoDocument { documents: 0, .. })));
    assert!(matches!(Editor::new("# only\n", "f", None), Err(EditError::NoDocument { .. })));
    assert!(matches!(Editor::new("a: [", "f", None), Err(EditError::Syntax(_))));
    assert!(matches!(Editor::new("a: *b", "f", None), Err(EditError::Syntax(_))));
}

#[test]
fn compressed_files_are_named_as_such() {
    let error = Editor::new([0x1F, 0x8B, 8, 0], "m.yaml.gz", None).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "`m.yaml.gz` is compressed (gzip); only plain text can be edited in place: unpack it first"
    );
}
