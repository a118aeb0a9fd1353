//! The candidates as numbers, with what each needs.

use super::error::ExpandError;
use super::facts::ModuleFacts;
use super::options::ExpandOptions;
use crate::identity::Padding;
use crate::{ModuleName, Nsvc, StreamName};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Number of a candidate.
pub(super) type Item = usize;
/// Number of a module name.
pub(super) type Name = usize;

/// How many alternatives the needs of one build may come to.
const MAX_CLAUSES: usize = 20_000;
/// Up to how many alternatives those that say nothing new are left out.
const ABSORB_UP_TO: usize = 500;

/// One candidate.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Its facts.
    pub(super) facts: Arc<ModuleFacts>,
    /// Its module.
    pub(super) name: Name,
    /// How many builds of the stream are better: newer, or of the same version and collected earlier.
    pub(super) rank: u64,
    /// Its place in the order in which the candidates were collected.
    pub(super) place: usize,
    /// What it needs: of each list at least one.
    pub(super) needs: Vec<Vec<Item>>,
    /// Who needs it, among others or alone: candidate and place in its needs.
    pub(super) needed_by: Vec<(Item, usize)>,
}

/// All candidates, ordered by the text of their identity, so that their numbers order them too.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// The candidates.
    pub(super) items: Vec<Candidate>,
    /// The candidates of each module.
    pub(super) by_name: Vec<Vec<Item>>,
    /// Of these the ones that some candidate may need.
    pub(super) needed: Vec<Vec<Item>>,
    names: BTreeMap<ModuleName, Name>,
    /// What base modules answer to: stream to number, for each candidate that is one.
    provides: Vec<BTreeMap<String, f64>>,
}

/// How the number of a base module has to relate to the one that is asked for.
#[derive(Debug, Clone, Copy)]
enum Relation {
    Equal,
    AtLeast,
}

impl Pool {
    /// Numbers the candidates.
    ///
    /// Their order decides the rank between contexts of one version: what comes first counts as the newer one.
    pub(super) fn new(builds: Vec<Arc<ModuleFacts>>, options: &ExpandOptions) -> Result<Self, ExpandError> {
        let mut builds: Vec<(usize, Arc<ModuleFacts>)> = builds.into_iter().enumerate().collect();
        builds.sort_by_cached_key(|(_, build)| build.nsvc.to_string());
        let mut pool = Self::default();
        for (position, facts) in builds {
            let next = pool.names.len();
            let name = *pool.names.entry(facts.nsvc.name.clone()).or_insert(next);
            pool.by_name.resize_with(pool.names.len(), Vec::new);
            pool.by_name[name].push(pool.items.len());
            pool.provides.push(provides(&facts, options));
            pool.items.push(Candidate {
                facts,
                name,
                rank: 0,
                place: position,
                needs: Vec::new(),
                needed_by: Vec::new(),
            });
        }
        pool.rank();
        for item in 0..pool.items.len() {
            let needs = pool.needs(item, options)?;
            for (place, list) in needs.iter().enumerate() {
                for one in list {
                    pool.items[*one].needed_by.push((item, place));
                }
            }
            pool.items[item].needs = needs;
        }
        let needed = |item: &Item| !pool.items[*item].needed_by.is_empty();
        pool.needed = pool.by_name.iter().map(|list| list.iter().copied().filter(needed).collect()).collect();
        Ok(pool)
    }

    fn rank(&mut self) {
        for list in &self.by_name {
            let mut sorted = list.clone();
            sorted.sort_by_key(|item| {
                let Nsvc { stream, version, .. } = &self.items[*item].facts.nsvc;
                (stream.clone(), Reverse(*version), self.items[*item].place)
            });
            let mut before: Option<(StreamName, u64)> = None;
            for item in sorted {
                let stream = self.items[item].facts.nsvc.stream.clone();
                let rank = before.filter(|(other, _)| *other == stream).map_or(0, |(_, rank)| rank + 1);
                self.items[item].rank = rank;
                before = Some((stream, rank));
            }
        }
    }

    /// Orders candidates that can meet the same need, the one to take first.
    ///
    /// If there is a stream that all of them answer to, the newest one is first: by version, or by number for base
    /// modules. Otherwise, and among equals, it is the one whose identity is the smallest text.
    pub(super) fn prefer(&self, items: &mut [Item]) {
        items.sort_unstable();
        let Some((first, rest)) = items.split_first() else { return };
        let name = self.items[*first].name;
        if rest.iter().any(|item| self.items[*item].name != name) {
            return;
        }
        let stream = &self.items[*first].facts.nsvc.stream;
        if rest.iter().all(|item| self.items[*item].facts.nsvc.stream == *stream) {
            items.sort_by_key(|item| Reverse(self.items[*item].facts.nsvc.version));
        } else if self.provides[*first]
            .keys()
            .any(|stream| rest.iter().all(|one| self.provides[*one].contains_key(stream)))
        {
            let number = |item: Item| self.provides[item].values().next().copied().unwrap_or_default();
            items.sort_by(|one, other| number(*other).total_cmp(&number(*one)));
        }
    }

    /// The number of a module, if it has candidates.
    pub(super) fn name(&self, name: &str) -> Option<Name> {
        self.names.get(name).copied()
    }

    /// The candidates that a buildrequires entry of the document allows, by stream and rank.
    pub(super) fn direct(&self, name: &ModuleName, streams: &BTreeSet<String>, options: &ExpandOptions) -> Vec<Item> {
        let mut found = self.providers(name, streams, options, |stream| number_of(stream, options), Relation::Equal);
        found.sort_by_key(|item| (self.items[*item].facts.nsvc.stream.clone(), self.items[*item].rank));
        found
    }

    /// Which candidates of a module answer to one of the streams; all of them if there is no stream.
    ///
    /// Where a stream gives a number (base modules of the form x.y.z), that of the candidate has to relate to it.
    fn providers(
        &self,
        name: &ModuleName,
        streams: &BTreeSet<String>,
        options: &ExpandOptions,
        number: impl Fn(&str) -> Option<f64>,
        relation: Relation,
    ) -> Vec<Item> {
        let Some(known) = self.name(name.as_str()) else { return Vec::new() };
        let is_base = options.is_base(name.as_str());
        let answers = |item: Item, stream: &str| {
            let Some(own) = self.provides[item].get(stream) else { return false };
            match (number(stream), relation) {
                (None, _) => true,
                (Some(wanted), Relation::Equal) => own.total_cmp(&wanted).is_eq(),
                (Some(wanted), Relation::AtLeast) => own.total_cmp(&wanted).is_ge(),
            }
        };
        let fits = |item: &Item| {
            streams.is_empty()
                || if is_base {
                    streams.iter().any(|stream| answers(*item, stream))
                } else {
                    streams.contains(self.items[*item].facts.nsvc.stream.as_str())
                }
        };
        self.by_name[known].iter().copied().filter(fits).collect()
    }

    /// What a candidate needs, as lists of which one each is needed: its blocks are alternatives of each other.
    ///
    /// A block without requires says nothing, also not that nothing is needed.
    fn needs(&self, item: Item, options: &ExpandOptions) -> Result<Vec<Vec<Item>>, ExpandError> {
        let facts = Arc::clone(&self.items[item].facts);
        let mut all: Option<Vec<Vec<Item>>> = None;
        for block in facts.requires.iter().filter(|block| !block.is_empty()) {
            let mut lists = Vec::new();
            for (name, set) in block {
                // A module needs a base at least as new as the one that it was built on, whatever it asks for.
                let number =
                    |stream: &str| number_of(facts.buildrequires.get(name).map_or(stream, StreamName::as_str), options);
                lists.push(self.providers(name, &set.0, options, number, Relation::AtLeast));
            }
            all = Some(match all {
                None => lists,
                Some(before) => either(&before, &lists),
            });
            if all.as_ref().is_some_and(|lists| lists.len() > MAX_CLAUSES) {
                return Err(ExpandError::TooManyAlternatives { module: facts.nsvc.clone(), limit: MAX_CLAUSES });
            }
        }
        Ok(all.unwrap_or_default())
    }
}

/// "One of each of these, or one of each of those" as lists of which one each is needed.
fn either(these: &[Vec<Item>], those: &[Vec<Item>]) -> Vec<Vec<Item>> {
    let mut all: BTreeSet<Vec<Item>> = BTreeSet::new();
    for one in these {
        for other in those {
            let joined: BTreeSet<Item> = one.iter().chain(other).copied().collect();
            all.insert(joined.into_iter().collect());
        }
    }
    // What a shorter list asks for, a longer one with the same members does not have to.
    let lists: Vec<Vec<Item>> = all.into_iter().collect();
    if lists.len() > ABSORB_UP_TO {
        return lists;
    }
    let covers = |short: &Vec<Item>, long: &Vec<Item>| {
        short.len() < long.len() && short.iter().all(|item| long.binary_search(item).is_ok())
    };
    lists.iter().filter(|long| !lists.iter().any(|short| covers(short, long))).cloned().collect()
}

/// The number that a base stream compares by; none if it has not the form x.y.z.
fn number_of(stream: &str, options: &ExpandOptions) -> Option<f64> {
    let number = options.number(stream, Padding::None);
    number.is_xyz_like().then(|| number.value())
}

/// The streams that a base module answers to, with its number, or its version if the stream holds no number.
fn provides(facts: &ModuleFacts, options: &ExpandOptions) -> BTreeMap<String, f64> {
    if !options.is_base(facts.nsvc.name.as_str()) {
        return BTreeMap::new();
    }
    let number = options.number(facts.nsvc.stream.as_str(), Padding::None);
    #[expect(clippy::cast_precision_loss, reason = "numbers of streams are compared as floating point numbers")]
    let value = if number.is_some() { number.value() } else { facts.nsvc.version.0 as f64 };
    let own = std::iter::once(facts.nsvc.stream.as_str());
    own.chain(facts.virtual_streams.iter().map(String::as_str)).map(|stream| (stream.to_owned(), value)).collect()
}
