//! Reads, changes, writes, tells.

use super::args::{Change, EditArgs};
use super::file::Source;
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{Output, to_text};
use mbs_core::modulemd::edit::{EditError, Editor, unified_diff};
use serde::Serialize;

/// One change as JSON.
#[derive(Serialize)]
struct ChangeJson<'c> {
    file: &'c str,
    line: u32,
    path: String,
    text: String,
}

pub(crate) fn run(args: &EditArgs, output: &Output) -> Result<Exit, CliError> {
    let place = args.change.place();
    let source = Source::read(&place.file)?;
    let name = source.name();
    let failed = |source| CliError::Edit { source: Box::new(source) };
    let mut editor = Editor::new(source.bytes(), &name, place.document).map_err(failed)?;
    apply(&args.change, &mut editor).map_err(failed)?;
    let changed = editor.bytes() != source.bytes();
    if place.dry_run {
        output.raw(&unified_diff(source.bytes(), editor.bytes(), &name))?;
        return Ok(Exit::Success);
    }
    if changed && !source.is_stream() {
        source.replace(editor.bytes())?;
    }
    let lines: Vec<String> =
        editor.changes().iter().map(|change| format!("{name}:{}: {change}\n", change.line)).collect();
    if source.is_stream() {
        output.raw(editor.bytes())?;
        output.note(lines.concat().trim_end());
    } else if output.format == Format::Json {
        let changes = editor.changes().iter();
        let all: Vec<ChangeJson<'_>> = changes
            .map(|change| ChangeJson {
                file: &name,
                line: change.line,
                path: change.path.to_string(),
                text: change.to_string(),
            })
            .collect();
        output.result(&to_text(&all)?)?;
    } else {
        output.result(&lines.concat())?;
    }
    if !changed {
        output.note(&format!("{name}: nothing to change"));
    }
    Ok(Exit::Success)
}

fn apply(change: &Change, editor: &mut Editor) -> Result<(), EditError> {
    match change {
        Change::SetRef { component, reference, .. } => editor.set_ref(component, reference).map(drop),
        Change::AddComponent { component, fields, .. } => editor.add_component(component, &fields.component()),
        Change::RemoveComponent { component, .. } => editor.remove_component(component),
        Change::Set { path, value, .. } => {
            let value = editor.parse_value(path, value)?;
            editor.set(path, value).map(drop)
        }
        Change::Unset { path, .. } => editor.remove(path),
        Change::Add { path, text, .. } => editor.add_text_at(path, text).map(drop),
    }
}
