//! From the streams as written to the streams that are meant.

use super::options::ExpandOptions;
use super::universe::Universe;
use crate::build::ModuleState;
use crate::modulemd::{StreamRule, StreamSet};
use std::collections::BTreeSet;

/// Several streams fit, and somebody has to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ambiguous {
    /// The streams; empty for "all streams".
    pub(super) streams: BTreeSet<String>,
}

/// Whether the streams of this module have to be looked up.
pub(super) fn needs_builds(name: &str, set: &StreamSet, options: &ExpandOptions) -> bool {
    match set.rule() {
        StreamRule::Any | StreamRule::Except(_) => {
            !options.default_streams.contains_key(name) && !options.refuse_ambiguous
        }
        StreamRule::Only(_) | StreamRule::Mixed => false,
    }
}

/// The streams that a list means.
///
/// Named streams mean themselves, also beside excluded ones, which then say nothing. "All streams" are those with a
/// ready build.
pub(super) fn expand_streams(
    universe: &Universe,
    name: &str,
    set: &StreamSet,
    options: &ExpandOptions,
) -> Result<BTreeSet<String>, Ambiguous> {
    let preferred = options.default_streams.get(name).map(ToString::to_string);
    let excluded = match set.rule() {
        StreamRule::Any => BTreeSet::new(),
        StreamRule::Except(excluded) => excluded,
        StreamRule::Only(_) | StreamRule::Mixed => {
            let named: BTreeSet<String> = set.0.iter().filter(|stream| !stream.starts_with('-')).cloned().collect();
            return match preferred {
                Some(stream) if named.len() > 1 => Ok(BTreeSet::from([stream])),
                None if named.len() > 1 && options.refuse_ambiguous => Err(Ambiguous { streams: named }),
                _ => Ok(named),
            };
        }
    };
    let all: BTreeSet<String> = match preferred {
        Some(stream) => BTreeSet::from([stream]),
        None if options.refuse_ambiguous => return Err(Ambiguous { streams: BTreeSet::new() }),
        None => {
            let left_out = |stream: &str| options.is_base(name) && options.excluded_base_streams.contains(stream);
            let ready = universe.builds(name).iter().filter(|build| build.state == ModuleState::Ready);
            ready.map(|build| build.nsvc.stream.to_string()).filter(|stream| !left_out(stream)).collect()
        }
    };
    Ok(all.into_iter().filter(|stream| !excluded.contains(stream.as_str())).collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Facts, set, universe};
    use super::*;
    use crate::{ModuleName, StreamName};

    fn expanded(streams: &[&str], options: &ExpandOptions) -> Option<String> {
        let known = universe(
            [
                Facts::base("platform:f28:0:c"),
                Facts::base("platform:f29:0:c"),
                Facts::base("platform:eln:0:c"),
                Facts::base("platform:f30:0:c").state(ModuleState::Garbage),
            ],
            options,
        );
        let streams = expand_streams(&known, "platform", &set(streams), options).ok()?;
        Some(streams.into_iter().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn lists_mean_what_the_table_says() {
        let options = ExpandOptions::default();
        assert_eq!(expanded(&[], &options).as_deref(), Some("eln f28 f29"));
        assert_eq!(expanded(&["-f28"], &options).as_deref(), Some("eln f29"));
        assert_eq!(expanded(&["-f28", "f30"], &options).as_deref(), Some("f30"));
        assert_eq!(expanded(&["f28", "nope"], &options).as_deref(), Some("f28 nope"));
    }

    #[test]
    fn excluded_base_streams_still_work_when_named() {
        let excluded_base_streams = BTreeSet::from(["eln".to_owned()]);
        let options = ExpandOptions { excluded_base_streams, ..ExpandOptions::default() };
        assert_eq!(expanded(&[], &options).as_deref(), Some("f28 f29"));
        assert_eq!(expanded(&["eln"], &options).as_deref(), Some("eln"));
    }

    #[test]
    fn a_default_stream_decides_and_without_one_several_are_refused() {
        let mut options = ExpandOptions { refuse_ambiguous: true, ..ExpandOptions::default() };
        assert_eq!(expanded(&["f28"], &options).as_deref(), Some("f28"));
        assert_eq!(expanded(&["f28", "f29"], &options), None);
        assert_eq!(expanded(&[], &options), None);
        let name = ModuleName::new("platform").expect("name");
        options.default_streams.insert(name, StreamName::new("f29").expect("stream"));
        assert_eq!(expanded(&[], &options).as_deref(), Some("f29"));
        assert_eq!(expanded(&["f28", "eln"], &options).as_deref(), Some("f29"));
        assert_eq!(expanded(&["f28"], &options).as_deref(), Some("f28"), "one stream is not ambiguous");
        assert_eq!(expanded(&["-f29"], &options).as_deref(), Some(""));
    }
}
