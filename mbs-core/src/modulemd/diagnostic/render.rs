//! Diagnostics for a terminal: the line, a caret, what to do.

use super::model::{Diagnostic, Severity};
use std::fmt::Write;

/// Most characters of a source line that are shown.
const WIDTH: usize = 120;

impl Diagnostic {
    /// The problem with the line it stands in. `source` is the text that was read; a text that is too short for the
    /// place gives a rendering without line.
    pub fn render(&self, source: &str) -> String {
        self.render_with(nth_line(source, self.line))
    }

    fn render_with(&self, line: Option<&str>) -> String {
        let mut text = String::new();
        // Writing into a `String` cannot fail.
        let _ = self.write(&mut text, line);
        text
    }

    fn write(&self, out: &mut String, line: Option<&str>) -> std::fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(out, "{severity}[{}]: {}", self.code, self.message)?;
        let margin = self.line.to_string().len();
        write!(out, "{:margin$}--> {}:{}:{} (document {}", "", self.file, self.line, self.column, self.document)?;
        if !self.key_path.is_empty() {
            write!(out, ", {}", self.key_path)?;
        }
        writeln!(out, ")")?;
        if let Some(line) = line {
            let column = usize::try_from(self.column).unwrap_or(1).saturating_sub(1);
            // Of an overlong line the part around the place is shown.
            let skip = column.saturating_sub(WIDTH / 2);
            let visible = |c: char| if c.is_control() && c != '\t' { '\u{FFFD}' } else { c };
            let shown: String = line.chars().skip(skip).take(WIDTH).map(visible).collect();
            let pad: String =
                line.chars().skip(skip).take(column - skip).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            let blanks = (column - skip).saturating_sub(pad.chars().count());
            writeln!(out, "{:margin$} |", "")?;
            writeln!(out, "{} | {}", self.line, shown.trim_end())?;
            writeln!(out, "{:margin$} | {pad}{:blanks$}^", "", "")?;
        }
        let notes = [("found", &self.found), ("expected", &self.expected), ("hint", &self.hint)];
        for (name, note) in notes {
            if let Some(note) = note {
                writeln!(out, "{:margin$} = {name}: {note}", "")?;
            }
        }
        Ok(())
    }
}

/// All diagnostics of one input, one after the other with an empty line between. One pass over the text.
pub fn render_all<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>, source: &str) -> String {
    let lines: Vec<&str> = split_lines(source).collect();
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !text.is_empty() {
            text.push('\n');
        }
        let line = (diagnostic.line as usize).checked_sub(1).and_then(|index| lines.get(index)).copied();
        text.push_str(&diagnostic.render_with(line));
    }
    text
}

fn nth_line(source: &str, line: u32) -> Option<&str> {
    split_lines(source).nth((line as usize).checked_sub(1)?)
}

/// Lines as the reader counts them: LF, CR LF and CR end one.
fn split_lines(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(source.strip_prefix('\u{FEFF}').unwrap_or(source));
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let behind = &text[end..];
        rest = Some(behind.strip_prefix("\r\n").unwrap_or(&behind[1..]));
        Some(&text[..end])
    })
}
