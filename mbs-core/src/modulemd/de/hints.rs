//! What to suggest for an unknown key, and which keys must be present.

/// The known key that was probably meant.
pub(super) fn closest(key: &str, known: &'static [&'static str]) -> Option<&'static str> {
    // Longer texts are no typing mistakes, and the comparison takes the product of the lengths.
    if key.len() > 40 {
        return None;
    }
    let normal = |text: &str| text.to_ascii_lowercase().replace('_', "-");
    let key = normal(key);
    let near = |candidate: &&'static str| {
        let distance = distance(&key, &normal(candidate));
        (distance <= 2 && distance * 2 < candidate.len().max(3)).then_some((distance, *candidate))
    };
    known.iter().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// Number of characters to insert, drop or change.
pub(crate) fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, b) in to.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

/// Keys that must be present in the map behind a struct of this name.
pub(super) fn required(name: &str) -> &'static [&'static str] {
    match name {
        "RpmMapEntry" => &["name", "epoch", "version", "release", "arch", "nevra"],
        "Obsoletes" => &["modified"],
        _ => &[],
    }
}

/// Whether the struct of this name may have an empty value in place of its map: the original takes that for `api`,
/// `filter` and `demodularized`, and packagers leave such keys behind.
pub(crate) fn may_be_empty(name: &str) -> bool {
    name == "Api"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_are_recognised_and_other_words_are_not() {
        let known: &[&str] = &["repository", "ref", "buildorder", "srpm-buildroot"];
        assert_eq!(closest("repostory", known), Some("repository"));
        assert_eq!(closest("srpm_buildroot", known), Some("srpm-buildroot"));
        assert_eq!(closest("Ref", known), Some("ref"));
        assert_eq!(closest("preserve-as", known), None);
        assert_eq!(closest("x", known), None);
    }
}
