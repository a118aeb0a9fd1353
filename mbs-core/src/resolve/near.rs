//! Names that look like another one.

use crate::ModuleName;

/// At most so many names are suggested.
const SUGGESTED: usize = 3;

/// The names that somebody may have meant, the most similar first.
pub(super) fn nearest<'n>(name: &str, all: impl IntoIterator<Item = &'n ModuleName>) -> Vec<ModuleName> {
    let allowed = (name.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &ModuleName)> = Vec::new();
    for other in all {
        let distance = distance(name, other.as_str());
        let longer = other.as_str().strip_prefix(name).or_else(|| name.strip_prefix(other.as_str()));
        let close = distance <= allowed || longer.is_some_and(|rest| rest.starts_with(['-', '_', '.', '+']));
        if close {
            found.push((distance, other));
        }
    }
    found.sort();
    found.into_iter().take(SUGGESTED).map(|(_, name)| name.clone()).collect()
}

/// How many letters have to be changed, added, removed or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for line in 1..=one.len() {
        let mut row = vec![line];
        for column in 1..=other.len() {
            let change = rows[line - 1][column - 1] + usize::from(one[line - 1] != other[column - 1]);
            let mut least = change.min(rows[line - 1][column] + 1).min(row[column - 1] + 1);
            let swapped =
                line > 1 && column > 1 && one[line - 1] == other[column - 2] && one[line - 2] == other[column - 1];
            if swapped {
                least = least.min(rows[line - 2][column - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_letter_more_or_another_are_near() {
        let names = ["gtk3", "gtk4", "qt", "gt", "perl-DBI", "perl", "platform"]
            .map(|name| ModuleName::new(name).expect("name"));
        let near = |name: &str| nearest(name, &names).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(near("gtk"), "gt gtk3 gtk4");
        assert_eq!(near("perl-DBD"), "perl-DBI perl");
        assert_eq!(near("platfrom"), "platform");
        assert_eq!(near("nodejs"), "");
    }
}
