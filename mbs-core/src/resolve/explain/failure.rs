//! Errors as chains of causes, each ending in what the packager can change.

use super::reason::some;
use super::types::{FailureNote, ProblemNote};
use crate::Nsvc;
use crate::build::ModuleState;
use crate::resolve::conflict::Conflict;
use crate::resolve::error::{ExpandError, Missing, Unsettled, UnsolvableBlock, Unusable, quoted};
use crate::resolve::expansion::{ExpandWarning, Expansion};
use std::borrow::Cow;

/// The error with its causes.
pub(super) fn failure(error: &ExpandError) -> FailureNote {
    let (problems, conflicts) = match error {
        ExpandError::Missing(all) => (all.iter().map(missing).collect(), Vec::new()),
        ExpandError::Unsolvable(all) => {
            (all.iter().map(unsolvable).collect(), all.iter().flat_map(|one| one.conflicts.clone()).collect())
        }
        ExpandError::Ambiguous(all) => (all.iter().map(unsettled).collect(), Vec::new()),
        ExpandError::Unusable(all) => (all.iter().map(unusable).collect(), Vec::new()),
        other => (vec![split(&other.to_string(), block(other))], Vec::new()),
    };
    FailureNote { code: Cow::Borrowed(error.code()), message: error.to_string(), problems, conflicts }
}

/// An expansion in which no block makes a build.
pub(super) fn nothing_made(found: &Expansion) -> FailureNote {
    let problem = |warning: &ExpandWarning| match warning {
        ExpandWarning::NothingToChoose { block, module } => Some(ProblemNote {
            block: Some(*block),
            causes: vec![warning.to_string()],
            change: format!("name a stream of `{module}` that has a ready build, or exclude fewer of them"),
        }),
        ExpandWarning::NoSuchBase { base } => Some(ProblemNote {
            block: None,
            causes: vec![warning.to_string()],
            change: format!("name another stream than `{base}`"),
        }),
        _ => None,
    };
    FailureNote {
        code: Cow::Borrowed("MR0203"),
        message: "no dependency block makes a build".to_owned(),
        problems: found.warnings.iter().filter_map(problem).collect(),
        conflicts: Vec::new(),
    }
}

fn block(error: &ExpandError) -> Option<usize> {
    match error {
        ExpandError::TooMany { block, .. } => Some(*block),
        _ => None,
    }
}

/// A message is what is the matter, and after a semicolon what to do about it.
fn split(message: &str, block: Option<usize>) -> ProblemNote {
    let (cause, change) = message.rsplit_once("; ").unwrap_or((message, "change the document"));
    ProblemNote { block, causes: vec![cause.to_owned()], change: change.to_owned() }
}

/// `a` requires `b`, `b` requires `c`: one sentence for each step.
fn steps(chain: &[Nsvc]) -> Vec<String> {
    let first = chain.first().map(|first| format!("the document build-requires `{first}`"));
    let others = chain.windows(2).map(|pair| format!("`{}` requires `{}`", pair[0], pair[1]));
    first.into_iter().chain(others).collect()
}

fn missing(missing: &Missing) -> ProblemNote {
    let Missing { name, stream, chain, known, .. } = missing;
    let mut causes = steps(chain);
    causes.push(match chain.last() {
        Some(last) => format!("`{last}` requires `{name}:{stream}`"),
        None => format!("the document build-requires `{name}:{stream}`"),
    });
    let ready = known.iter().filter(|(_, state)| *state == ModuleState::Ready).count();
    causes.push(if known.is_empty() {
        format!("no build of `{name}:{stream}` exists")
    } else if ready > 0 {
        let (wanted, built_on) = (&missing.wanted, &missing.built_on);
        if built_on.is_empty() {
            format!("no build of `{name}:{stream}` says that it was made on {}", some(wanted))
        } else {
            format!("`{name}:{stream}` was built on {}, and none of that is among {}", some(built_on), some(wanted))
        }
    } else {
        let states: Vec<String> = known.iter().map(|(build, state)| format!("{build} ({state})")).collect();
        format!("`{name}:{stream}` has no ready build, only {}", some(&states))
    });
    ProblemNote { block: None, causes, change: missing.advice() }
}

fn unsolvable(block: &UnsolvableBlock) -> ProblemNote {
    let mut causes = Vec::new();
    for conflict in &block.conflicts {
        causes.extend(sides(conflict));
    }
    let modules = quoted(&block.modules);
    if causes.is_empty() {
        causes.push(format!("{modules} cannot be build-required together"));
    }
    let change = format!("change the streams of {modules} in the buildrequires of dependency block {}", block.block);
    ProblemNote { block: Some(block.block), causes, change }
}

/// Both sides of a conflict.
fn sides(conflict: &Conflict) -> Vec<String> {
    let mut causes = steps(&conflict.needs);
    let who = conflict.needs.last().map_or("the document".to_owned(), |last| format!("`{last}`"));
    if conflict.wanted.is_empty() {
        causes.push(format!("{who} requires streams of which no usable build exists here"));
        return causes;
    }
    let wanted = conflict.wanted.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(" or ");
    causes.push(format!("{who} requires {wanted}"));
    match conflict.taken.as_slice() {
        [] => causes.push("that cannot be used".to_owned()),
        taken => {
            causes.extend(
                steps(taken).into_iter().enumerate().map(
                    |(place, step)| {
                        if place == 0 { format!("but {step}") } else { step }
                    },
                ),
            );
            if conflict.is_circle() {
                causes.push("that is a circle: it needs itself in another build".to_owned());
            }
        }
    }
    causes
}

fn unsettled(unsettled: &Unsettled) -> ProblemNote {
    let Unsettled { name, streams, .. } = unsettled;
    let mut causes = steps(&unsettled.chain);
    let who = unsettled.chain.last().map_or("the document".to_owned(), |last| format!("`{last}`"));
    let streams: Vec<&String> = streams.iter().collect();
    let open =
        if streams.is_empty() { "any stream".to_owned() } else { format!("one of the streams {}", some(&streams)) };
    causes.push(format!("{who} requires {open} of `{name}`"));
    let example = streams.first().map_or("STREAM", |stream| stream.as_str());
    ProblemNote { block: None, causes, change: format!("choose a default stream, for example `{name}:{example}`") }
}

fn unusable(unusable: &Unusable) -> ProblemNote {
    split(&unusable.to_string(), None)
}
