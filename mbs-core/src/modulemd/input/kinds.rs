//! Tells texts that mean to be module documents from other YAML, without reading them.

/// The kinds of documents that a text names, as `modulemd` or `modulemd-defaults`: the values of lines that look like
/// `document: KIND`, quoted or not, if they begin with `modulemd`.
///
/// For choosing among files. It finds what a reader would refuse too, so that a mistake in a file does not make it look
/// like another kind of file.
pub fn named_kinds(text: &str) -> impl Iterator<Item = &str> {
    const QUOTES: [char; 6] = ['"', '\'', ' ', '\t', '\r', ','];
    text.lines().filter_map(|line| {
        let (key, value) = line.trim_start_matches(['{', ' ']).split_once(':')?;
        let value = value.split(" #").next().and_then(|value| value.split([',', '}']).next());
        let value = value.unwrap_or_default().trim_matches(QUOTES);
        (key.trim_matches(QUOTES) == "document" && value.starts_with("modulemd")).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_documents_are_told_from_other_yaml() {
        for (text, kinds) in [
            ("---\ndocument: modulemd\n", &["modulemd"][..]),
            ("document: \"modulemd-packager\" # x\r\nversion: 3", &["modulemd-packager"]),
            ("'document': modulemd", &["modulemd"]),
            ("{document: modulemd-defaults, version: 1}\ndocument: modulemd", &["modulemd-defaults", "modulemd"]),
            ("# document modulemd\n# document: modulemd", &[]),
            ("name: x\ndocument: invoice", &[]),
        ] {
            assert_eq!(named_kinds(text).collect::<Vec<_>>(), kinds, "{text}");
        }
    }
}
