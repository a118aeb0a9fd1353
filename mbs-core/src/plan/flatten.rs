//! Walks a document and what it includes once, in the order in which batches are counted.

use super::MACROS_COMPONENT;
use super::error::PlanProblem;
use super::input::{IncludedModule, PlanComponent, PlanInput};
use crate::ModuleName;
use std::collections::{HashMap, HashSet};

/// How deep modules may include modules. Real ones stop at one level; a module that includes itself never does.
const MAX_DEPTH: usize = 32;

/// A component of one of the documents.
pub(super) struct Found<'a> {
    pub(super) component: &'a PlanComponent,
    /// Number of its document.
    pub(super) document: usize,
    /// Its batch as far as build orders decide it.
    pub(super) batch: u32,
}

/// All documents in one list.
pub(super) struct Flat<'a> {
    pub(super) found: Vec<Found<'a>>,
    /// The chain of included modules of each document.
    pub(super) origins: Vec<Vec<ModuleName>>,
    pub(super) problems: Vec<PlanProblem>,
    /// Everything with a build order, for the check against `buildafter`: name, document, build order.
    pub(super) ordered: Vec<(&'a str, usize, i64)>,
}

impl<'a> Flat<'a> {
    /// Lists components with their batches: the counter goes up where the build order changes.
    pub(super) fn of(input: &'a PlanInput) -> Self {
        let mut flat = Self { found: Vec::new(), origins: Vec::new(), problems: Vec::new(), ordered: Vec::new() };
        flat.document(input, Vec::new(), 1, None);
        flat.check_names();
        flat
    }

    /// Numbers one document; returns the counter after it.
    fn document(
        &mut self,
        input: &'a PlanInput,
        origin: Vec<ModuleName>,
        mut counter: u32,
        mut previous: Option<i64>,
    ) -> u32 {
        if origin.len() > MAX_DEPTH {
            self.problems.push(PlanProblem::TooDeep { origin, limit: MAX_DEPTH });
            return counter;
        }
        let document = self.origins.len();
        self.origins.push(origin.clone());
        for item in in_order(input) {
            let buildorder = item.buildorder();
            if buildorder != 0 {
                self.ordered.push((item.name(), document, buildorder));
            }
            if previous != Some(buildorder) {
                previous = Some(buildorder);
                counter += 1;
            }
            match item {
                Item::Rpm(component) => self.found.push(Found { component, document, batch: counter }),
                Item::Module(module) => {
                    let mut inner = origin.clone();
                    inner.push(module.name.clone());
                    // The included document goes on with counter and build order; the build order it ends with is
                    // forgotten, which leaves numbers unused.
                    counter = self.document(&module.input, inner, counter, previous);
                }
            }
        }
        self.check_modules(input, document);
        counter
    }

    fn check_modules(&mut self, input: &PlanInput, document: usize) {
        let mut seen = HashSet::new();
        let mut repeated: Vec<&ModuleName> =
            input.modules.iter().map(|module| &module.name).filter(|name| !seen.insert(*name)).collect();
        repeated.sort_unstable();
        for name in repeated {
            self.problems
                .push(PlanProblem::DuplicateModule { name: name.clone(), origin: self.origins[document].clone() });
        }
    }

    fn check_names(&mut self) {
        let mut first: HashMap<&str, usize> = HashMap::with_capacity(self.found.len());
        // By document and not by batch, so that the problem reads from the outside to the inside.
        let mut order: Vec<&Found<'_>> = self.found.iter().collect();
        order.sort_by(|a, b| (a.document, &a.component.name).cmp(&(b.document, &b.component.name)));
        for Found { component, document, .. } in order {
            let origin = &self.origins[*document];
            if component.name.as_str() == MACROS_COMPONENT {
                self.problems.push(PlanProblem::ReservedName { origin: origin.clone() });
            } else if let Some(other) = first.get(component.name.as_str()) {
                self.problems.push(PlanProblem::DuplicateName {
                    name: component.name.clone(),
                    first: self.origins[*other].clone(),
                    second: origin.clone(),
                });
            } else {
                first.insert(component.name.as_str(), *document);
            }
        }
    }
}

/// A component of either kind.
#[derive(Clone, Copy)]
enum Item<'a> {
    Rpm(&'a PlanComponent),
    Module(&'a IncludedModule),
}

impl<'a> Item<'a> {
    fn buildorder(self) -> i64 {
        match self {
            Self::Rpm(component) => component.buildorder,
            Self::Module(module) => module.buildorder,
        }
    }

    fn name(self) -> &'a str {
        match self {
            Self::Rpm(component) => component.name.as_str(),
            Self::Module(module) => module.name.as_str(),
        }
    }
}

/// By build order; within one, RPM components come before included modules, each by name.
fn in_order(input: &PlanInput) -> Vec<Item<'_>> {
    let rpms = input.components.iter().map(Item::Rpm);
    let mut items: Vec<Item<'_>> = rpms.chain(input.modules.iter().map(Item::Module)).collect();
    items.sort_by_key(|item| (item.buildorder(), matches!(item, Item::Module(_)), item.name()));
    items
}
