//! What can be wrong with the components of a module.

use super::MACROS_COMPONENT;
use crate::{ComponentName, ModuleName};
use std::fmt;

/// Every problem that keeps a module from being planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", Listed(.problems))]
pub struct PlanError {
    /// The problems, at least one, in a fixed order.
    pub problems: Vec<PlanProblem>,
}

/// One problem. `origin` is the chain of included modules that leads to the document; empty for the module's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanProblem {
    /// A component uses the name that every build adds on its own.
    #[error("component `{MACROS_COMPONENT}`{at}: this name is used by the build itself; rename the component", at = At(.origin))]
    ReservedName {
        /// Where it is listed.
        origin: Vec<ModuleName>,
    },
    /// Two documents (or one, twice) list the same component.
    #[error(
        "component `{name}` is listed twice,{first} and{second}; one name can be built only once in a module",
        first = Place(.first), second = Place(.second)
    )]
    DuplicateName {
        /// The name.
        name: ComponentName,
        /// Where it is listed first.
        first: Vec<ModuleName>,
        /// Where it is listed again.
        second: Vec<ModuleName>,
    },
    /// One document includes the same module twice.
    #[error("module `{name}` is included twice{at}; remove one of the two", at = At(.origin))]
    DuplicateModule {
        /// The included module.
        name: ModuleName,
        /// The document that does it.
        origin: Vec<ModuleName>,
    },
    /// A build order next to `buildafter`.
    #[error(
        "`{name}`{at} has buildorder {buildorder} while other components use `buildafter`; use only one of the two",
        at = At(.origin)
    )]
    MixedOrder {
        /// The component or included module that has the build order.
        name: String,
        /// Where it is listed.
        origin: Vec<ModuleName>,
        /// Its build order.
        buildorder: i64,
    },
    /// `buildafter` names what its document does not list.
    #[error("component `{name}`{at}: buildafter names `{named}`, which is not among its RPM components", at = At(.origin))]
    UnknownPredecessor {
        /// The component with the `buildafter`.
        name: ComponentName,
        /// Where it is listed.
        origin: Vec<ModuleName>,
        /// The name that is not there.
        named: ComponentName,
    },
    /// Components that wait for each other.
    #[error("components wait for each other through `buildafter`{at}: {path}; remove one of these", at = At(.origin), path = Path(.path))]
    Cycle {
        /// The document that lists them.
        origin: Vec<ModuleName>,
        /// Each component names the next one in its `buildafter`; first and last are the same.
        path: Vec<ComponentName>,
    },
    /// Modules that include modules, too many times.
    #[error("modules are included more than {limit} levels deep{at}; a module may include itself", at = At(.origin))]
    TooDeep {
        /// The chain down to the limit.
        origin: Vec<ModuleName>,
        /// The deepest accepted level.
        limit: usize,
    },
}

struct Listed<'a>(&'a [PlanProblem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if number > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

/// Names an included document after a component; nothing for the module's own.
struct At<'a>(&'a [ModuleName]);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { Place(self.0).fmt(f) }
    }
}

struct Place<'a>(&'a [ModuleName]);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.0.split_first() else {
            return f.write_str(" in the module itself");
        };
        write!(f, " in included module `{first}")?;
        for name in rest {
            write!(f, " > {name}")?;
        }
        f.write_str("`")
    }
}

struct Path<'a>(&'a [ComponentName]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, name) in self.0.iter().enumerate() {
            write!(f, "{}`{name}`", if number > 0 { " after " } else { "" })?;
        }
        Ok(())
    }
}
