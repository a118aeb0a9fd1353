//! The part of an explanation that is about one module.

use super::types::{Explanation, FailureNote, PickNote};
use crate::{Context, ModuleName, Nsvc, StreamName};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What became of one module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The module.
    pub module: ModuleName,
    /// The stream that was asked about; none for all.
    pub stream: Option<StreamName>,
    /// Whether the module was looked at.
    pub known: bool,
    /// Results in which the same was chosen for the same reasons. Without results one entry without contexts.
    pub groups: Vec<WhyResults>,
    /// Why there is no result; none if there is one.
    pub failure: Option<FailureNote>,
}

/// Results that agree about a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyResults {
    /// Contexts of the results, in their order.
    pub contexts: Vec<Context>,
    /// What they take of the module; none if nothing.
    pub chosen: Option<PickNote>,
    /// The other builds, with why they are left.
    pub others: Vec<Other>,
}

/// A build that is left.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Other {
    /// The build.
    pub build: Nsvc,
    /// Stable code of the reason.
    pub code: Cow<'static, str>,
    /// The reason as a sentence that goes on after the build.
    pub text: String,
}

impl Explanation {
    /// What was chosen of a module in each result, and why the others were not; of one stream if that is named.
    ///
    /// What was chosen is told also if it is of another stream than the one asked about.
    pub fn why(&self, module: &ModuleName, stream: Option<&StreamName>) -> Why {
        let note = self.modules.iter().find(|note| note.name == *module);
        let mut others: Vec<Vec<Other>> = vec![Vec::new(); self.results.len().max(1)];
        let builds = note.iter().flat_map(|note| &note.builds);
        for build in builds.filter(|build| stream.is_none_or(|stream| build.build.stream == *stream)) {
            for left in &build.left {
                let other = Other { build: build.build.clone(), code: left.code.clone(), text: left.text.clone() };
                if self.results.is_empty() {
                    others[0].push(other);
                    continue;
                }
                for place in &left.results {
                    others[*place].push(other.clone());
                }
            }
        }
        let mut groups: Vec<WhyResults> = Vec::new();
        let mut places: BTreeMap<(Option<&PickNote>, Vec<Other>), usize> = BTreeMap::new();
        if self.results.is_empty() {
            groups.push(WhyResults { contexts: Vec::new(), chosen: None, others: others.swap_remove(0) });
        }
        for (result, others) in self.results.iter().zip(others) {
            let chosen = result.picks.iter().find(|pick| pick.build.name == *module);
            let place = *places.entry((chosen, others.clone())).or_insert_with(|| {
                groups.push(WhyResults { contexts: Vec::new(), chosen: chosen.cloned(), others });
                groups.len() - 1
            });
            groups[place].contexts.push(result.context.clone());
        }
        Why {
            module: module.clone(),
            stream: stream.cloned(),
            known: note.is_some_and(|note| !note.builds.is_empty()),
            groups,
            failure: self.failure.clone(),
        }
    }
}
