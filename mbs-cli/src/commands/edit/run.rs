//! Reads, changes, writes, tells.

use super::args::{Change, EditArgs};
use super::file::Source;
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{Output, to_text};
use mbs_core::modulemd::edit::{EditError, Editor, unified_diff};
use mbs_core::modulemd::{Severity, render_all};
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
    let left = apply(&args.change, &mut editor).map_err(failed)?;
    let changed = editor.bytes() != source.bytes();
    for name in &left {
        output.note(&format!("`{name}` still names the removed component in `buildafter`"));
    }
    tell_problems(&editor, &name, place.check, output)?;
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

/// Shows what the change breaks; with `check`, errors end it.
fn tell_problems(editor: &Editor, name: &str, check: bool, output: &Output) -> Result<(), CliError> {
    let mut diagnostics = editor.new_problems();
    let text = mbs_core::modulemd::source_text(editor.bytes(), &mbs_core::modulemd::Limits::default());
    let errors = diagnostics.iter().filter(|one| one.is_error()).count();
    if check && errors > 0 {
        return Err(CliError::Breaks { file: name.to_owned(), errors, diagnostics, text });
    }
    for one in &mut diagnostics {
        one.severity = Severity::Warning;
    }
    if !diagnostics.is_empty() {
        output.note(render_all(&diagnostics, &text).trim_end());
    }
    Ok(())
}

/// Does the change; gives the components that still name a removed one.
fn apply(change: &Change, editor: &mut Editor) -> Result<Vec<String>, EditError> {
    match change {
        Change::RemoveComponent { component, .. } => return editor.remove_component(component),
        Change::SetRef { component, reference, .. } => editor.set_ref(component, reference).map(drop),
        Change::AddComponent { component, fields, .. } => editor.add_component(component, &fields.component()),
        Change::Set { path, value, .. } => {
            let value = editor.parse_value(path, value)?;
            editor.set(path, value).map(drop)
        }
        Change::Unset { path, .. } => editor.remove(path),
        Change::Add { path, text, .. } => editor.add_text_at(path, text).map(drop),
    }?;
    Ok(Vec::new())
}
