//! Builds that tests build against.

use crate::build::ModuleState;
use crate::modulemd::StreamSet;
use crate::resolve::ModuleFacts;
use crate::{ModuleName, Nsvc, StreamName};
use std::collections::BTreeMap;

/// A stored base module.
pub(super) fn base(nsvc: &str) -> ModuleFacts {
    let nsvc: Nsvc = nsvc.parse().expect("identity");
    ModuleFacts { commit: Some(format!("ref_{}", nsvc.context)), ..ModuleFacts::new(nsvc, ModuleState::Ready) }
}

/// A stored build on a base module that requires the stream of it.
pub(super) fn on(nsvc: &str, on: &str) -> ModuleFacts {
    let below: Nsvc = on.parse().expect("identity");
    let mut facts = base(nsvc);
    facts.buildrequires.insert(below.name.clone(), below.stream.clone());
    facts.requires.push(BTreeMap::from([(below.name.clone(), StreamSet::one(below.stream.as_str()))]));
    facts.built_on.push(below);
    facts
}

/// The builds of the worked examples: two platforms, two modules with two streams on each, and one on the newer.
pub(super) fn examples() -> Vec<ModuleFacts> {
    let mut all = vec![base("platform:f28:0:c10"), base("platform:f29:0:c11")];
    for (name, stream, f28, f29) in
        [("gtk", "1", "c2", "c3"), ("gtk", "2", "c4", "c5"), ("foo", "1", "c2", "c3"), ("foo", "2", "c4", "c5")]
    {
        all.push(on(&format!("{name}:{stream}:0:{f28}"), "platform:f28:0:c10"));
        all.push(on(&format!("{name}:{stream}:0:{f29}"), "platform:f29:0:c11"));
    }
    all.push(on("app:1:0:c6", "platform:f29:0:c11"));
    all
}

pub(super) fn module(text: &str) -> ModuleName {
    ModuleName::new(text).expect("name")
}

pub(super) fn stream(text: &str) -> StreamName {
    StreamName::new(text).expect("stream")
}
