//! Text in columns.

use std::fmt::Write as _;

/// Rows under their headings, as wide as needed, without blanks at the ends of lines.
pub(crate) fn table<const N: usize>(heading: [&str; N], rows: &[[String; N]]) -> String {
    let mut width = heading.map(|text| text.chars().count());
    for row in rows {
        for (width, cell) in width.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in std::iter::once(heading.map(str::to_owned)).chain(rows.iter().cloned()) {
        let cells: Vec<String> = width.iter().zip(&row).map(|(width, cell)| format!("{cell:<width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Names with their values, one a line; what has no value is left out.
pub(crate) fn details(pairs: &[(&str, Option<String>)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 1;
    let mut text = String::new();
    for (name, value) in pairs {
        if let Some(value) = value {
            // Writing into a `String` cannot fail.
            let _ = writeln!(text, "{:<width$} {value}", format!("{name}:"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["1".to_owned(), "a".to_owned()], ["22".to_owned(), "é".to_owned()]];
        assert_eq!(table(["ID", "NAME"], &rows), "ID  NAME\n1   a\n22  é\n");
    }

    #[test]
    fn details_without_value_are_left_out() {
        assert_eq!(details(&[("a", Some("1".into())), ("long", None), ("bb", Some("2".into()))]), "a:    1\nbb:   2\n");
    }
}
