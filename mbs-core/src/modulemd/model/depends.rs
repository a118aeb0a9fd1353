//! Whether a stream depends on another one.

use super::dependencies::{Dependency, StreamSet};
use super::stream::ModuleStream;
use super::stream_v1::StreamV1;
use std::collections::BTreeMap;

impl ModuleStream {
    /// Whether any of the alternatives allows this stream of a module at run time: by naming it, by naming no stream of
    /// the module at all, or by excluding only others.
    pub fn depends_on_stream(&self, module: &str, stream: &str) -> bool {
        self.any_allows(|dependency| &dependency.requires, module, stream)
    }

    /// Whether any of the alternatives allows this stream of a module for building; see
    /// [`ModuleStream::depends_on_stream`].
    pub fn build_depends_on_stream(&self, module: &str, stream: &str) -> bool {
        self.any_allows(|dependency| &dependency.buildrequires, module, stream)
    }

    fn any_allows(&self, of: fn(&Dependency) -> &BTreeMap<String, StreamSet>, module: &str, stream: &str) -> bool {
        self.dependencies.iter().any(|one| of(one).get(module).is_some_and(|streams| streams.allows(stream)))
    }
}

impl StreamV1 {
    /// Whether this stream of a module is needed at run time.
    pub fn depends_on_stream(&self, module: &str, stream: &str) -> bool {
        self.dependencies.requires.get(module).is_some_and(|wanted| wanted == stream)
    }

    /// Whether this stream of a module is needed to build.
    pub fn build_depends_on_stream(&self, module: &str, stream: &str) -> bool {
        self.dependencies.buildrequires.get(module).is_some_and(|wanted| wanted == stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alternative_that_allows_the_stream_is_enough() {
        let item = |streams: &[&str]| Dependency {
            requires: BTreeMap::from([(
                "platform".to_owned(),
                StreamSet(streams.iter().map(|stream| (*stream).to_owned()).collect()),
            )]),
            buildrequires: BTreeMap::from([("base".to_owned(), StreamSet::default())]),
        };
        let with = |dependencies| ModuleStream { dependencies, ..ModuleStream::default() };
        let named = with(vec![item(&["f28"]), item(&["f29", "f30"])]);
        assert!(named.depends_on_stream("platform", "f28") && named.depends_on_stream("platform", "f30"));
        assert!(!named.depends_on_stream("platform", "f31") && !named.depends_on_stream("base", "f28"));
        assert!(named.build_depends_on_stream("base", "anything"));
        let excluded = with(vec![item(&["-f28"])]);
        assert!(excluded.depends_on_stream("platform", "f29") && !excluded.depends_on_stream("platform", "f28"));
        assert!(!with(Vec::new()).depends_on_stream("platform", "f28"));
    }

    #[test]
    fn version_1_names_one_stream() {
        let mut old = StreamV1::default();
        old.dependencies.requires.insert("platform".to_owned(), "f28".to_owned());
        assert!(old.depends_on_stream("platform", "f28") && !old.depends_on_stream("platform", "f29"));
        assert!(!old.build_depends_on_stream("platform", "f28"));
    }
}
