//! Diagnostics for a terminal: the line, a caret, what to do.

use super::model::{Diagnostic, Severity};
use std::borrow::Cow;
use std::fmt::Write;

/// Most characters of a source line that are shown.
const WIDTH: usize = 120;

impl Diagnostic {
    /// The problem with the line it stands in. `source` is the text that was read; a text that is too short for the
    /// place gives a rendering without line.
    pub fn render(&self, source: &str) -> String {
        let mut line = nth_line(source, self.line).map(Window::new);
        self.render_with(line.as_mut().map(|line| line.at(self.column)))
    }

    fn render_with(&self, shown: Option<(usize, &str)>) -> String {
        let mut text = String::new();
        // Writing into a `String` cannot fail.
        let _ = self.write(&mut text, shown);
        text
    }

    fn write(&self, out: &mut String, shown: Option<(usize, &str)>) -> std::fmt::Result {
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
        if let Some((before, part)) = shown {
            let visible = |c: char| if c.is_control() && c != '\t' { '\u{FFFD}' } else { c };
            let shown: String = part.chars().map(visible).collect();
            let pad: String = part.chars().take(before).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            let blanks = before.saturating_sub(pad.chars().count());
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

/// The part of a line around a place, found from the part before it.
struct Window<'l> {
    line: Cow<'l, str>,
    /// Characters and bytes of the line that lie before the last part.
    skipped: (usize, usize),
}

impl<'l> Window<'l> {
    fn new(line: &'l str) -> Self {
        Self { line: masked(line), skipped: (0, 0) }
    }

    /// The part of the line around a column, and how many of its characters stand before that.
    fn at(&mut self, column: u32) -> (usize, &str) {
        let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
        let skip = column.saturating_sub(WIDTH / 2);
        if skip < self.skipped.0 {
            self.skipped = (0, 0);
        }
        let (chars, bytes) = self.skipped;
        let rest = &self.line[bytes..];
        let further = rest.char_indices().nth(skip - chars).map_or(rest.len(), |(at, _)| at);
        self.skipped = (skip, bytes + further);
        let part = &rest[further..];
        let end = part.char_indices().nth(WIDTH).map_or(part.len(), |(at, _)| at);
        (column - skip, &part[..end])
    }
}

/// All diagnostics of one input, one after the other with an empty line between. One pass over the text for
/// diagnostics in its order.
pub fn render_all<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>, source: &str) -> String {
    let mut lines: Vec<Window<'_>> = split_lines(source).map(Window::new).collect();
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !text.is_empty() {
            text.push('\n');
        }
        let line = (diagnostic.line as usize).checked_sub(1).and_then(|index| lines.get_mut(index));
        text.push_str(&diagnostic.render_with(line.map(|line| line.at(diagnostic.column))));
    }
    text
}

/// A line without what may be credentials in its addresses: everything between `://` and the last `@`. It keeps its
/// number of characters.
fn masked(line: &str) -> Cow<'_, str> {
    let hidden = line.find("://").map(|at| at + 3).zip(line.rfind('@')).filter(|(start, end)| start < end);
    hidden.map_or(Cow::Borrowed(line), |(start, end)| {
        let stars = "*".repeat(line[start..end].chars().count());
        Cow::Owned(format!("{}{stars}{}", &line[..start], &line[end..]))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let line: String = ('a'..='z').cycle().take(500).collect();
        let mut window = Window::new(&line);
        assert_eq!(window.at(1), (0, &line[..WIDTH]));
        assert_eq!(window.at(101), (60, &line[40..160]));
        assert_eq!(window.at(499), (60, &line[438..]));
        assert_eq!(window.at(3), (2, &line[..WIDTH]));
        assert_eq!(window.at(900), (60, ""));
    }

    #[test]
    fn tabs_keep_the_caret_below_its_place_and_control_characters_are_not_sent_to_the_terminal() {
        let diagnostic = Diagnostic {
            code: super::super::Code::Syntax,
            severity: Severity::Error,
            file: "f".to_owned(),
            document: 0,
            line: 2,
            column: 3,
            key_path: String::new(),
            message: "m".to_owned(),
            found: None,
            expected: None,
            hint: None,
        };
        let shown = diagnostic.render("x\r\n\t\u{1b}[31m\n");
        assert_eq!(shown, "error[MD0003]: m\n --> f:2:3 (document 0)\n  |\n2 | \t\u{FFFD}[31m\n  | \t ^\n");
        assert_eq!(diagnostic.render(""), "error[MD0003]: m\n --> f:2:3 (document 0)\n");
    }
}
