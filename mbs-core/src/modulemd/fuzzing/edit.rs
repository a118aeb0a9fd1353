//! Any document, any edit.

use crate::modulemd::edit::{EditError, Editor};
use crate::modulemd::{KeyPath, Scalar, Step, Value};

/// Takes the first line for an edit and the rest for a file. The edit is refused with a reason, or the new file reads
/// as the change and differs from the old one in one piece.
///
/// The line is a letter (`s`et, `r`emove, `a`ppend, `t`ext of a set, `c`omponent ref), a number, which chooses among the
/// places of the document, and a value. The number of the document is the first digit of the number.
///
/// # Panics
/// The editor broke a promise.
pub fn edit(data: &[u8]) {
    let split = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (line, file) = (&data[..split], data.get(split + 1..).unwrap_or_default());
    let Ok(line) = std::str::from_utf8(line) else { return };
    let mut words = line.splitn(3, ' ');
    let kind = words.next().unwrap_or_default();
    let number: usize = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let value = words.next().unwrap_or("new");
    let mut editor = match Editor::new(file, "fuzz", None) {
        Ok(editor) => editor,
        Err(EditError::Ambiguous { documents, .. }) => {
            let Ok(editor) = Editor::new(file, "fuzz", Some(number % documents.len())) else { return };
            editor
        }
        Err(_) => return,
    };
    let Ok(Some(root)) = editor.get(&KeyPath::default()) else { return };
    let mut paths = Vec::new();
    places(&root, &mut KeyPath::default(), &mut paths);
    let Some(path) = paths.get(number % paths.len().max(1)) else { return };
    let new = crate::modulemd::edit::yaml_value(value).unwrap_or_else(|| Value::from(value));
    let result = match kind {
        "r" => editor.remove(path),
        "a" => editor.append(path, new),
        "k" => editor.set(&path.key(value), Scalar::text(value).as_str()).map(drop),
        "t" => editor.add_text_at(path, value).map(drop),
        "u" => editor.remove_text_at(path, value).map(drop),
        "c" => match path.steps().last() {
            Some(Step::Key(name)) => editor.set_ref(name, value).map(drop),
            _ => return,
        },
        _ => editor.set(path, new).map(drop),
    };
    // A change that is found to be wrong is refused as well: in texts that no person writes (byte order marks or line
    // breaks of YAML 1.1 inside of values, say) that is the promise.
    match result {
        Err(_) => assert_eq!(editor.bytes(), file, "a refused change changed the file"),
        Ok(()) if editor.changes().is_empty() => assert_eq!(editor.bytes(), file, "no change changed the file"),
        Ok(()) => {
            let document = editor.document();
            let again = Editor::new(editor.bytes(), "fuzz", Some(document)).map(|again| again.get(&KeyPath::default()));
            assert_eq!(again, Ok(editor.get(&KeyPath::default())), "the new file reads differently");
        }
    }
}

/// Every path of a value; of huge ones the first.
fn places(value: &Value, here: &mut KeyPath, all: &mut Vec<KeyPath>) {
    if all.len() > 2_000 {
        return;
    }
    all.push(here.clone());
    match value {
        Value::Scalar(_) => {}
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                here.push_index(index);
                places(item, here, all);
                here.pop();
            }
        }
        Value::Map(map) => {
            for (key, item) in map {
                here.push_key(key);
                places(item, here, all);
                here.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn no_text_breaks_the_editor(
            kind in "[srtakuc]",
            number in 0_usize..40,
            value in prop_oneof!["[a-c]{0,3}", "[a-c:#, '\"\\[\\]{}-]{0,6}", "\\PC{0,4}"],
            file in proptest::collection::vec(proptest::sample::select(vec![
                "a", "b: ", "c", ": ", "- ", "\n", "\n", "\n  ", "\n    ", " # x", "#y", "[", "]", "{", "}", ", ", "'s'",
                "\"d\"", "|", ">-", "|+", "&e ", "*e", "!!str ", "!t ", "? ", "<<: ", "---\n", "...\n", "\r\n", "\t",
                "\u{FEFF}", "\u{85}", "é", "data:\n  components:\n    rpms:\n      a:\n",
            ]), 0..24),
        ) {
            edit(format!("{kind} {number} {value}\n{}", file.concat()).as_bytes());
        }

        #[test]
        fn no_bytes_break_the_editor(data in proptest::collection::vec(any::<u8>(), 0..60)) {
            edit(&data);
        }
    }
}
