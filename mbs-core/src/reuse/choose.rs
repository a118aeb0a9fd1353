//! Which earlier build components are taken from.

use super::bases::ReuseBase;
use super::candidate::{Dependencies, ReuseCandidate};
use super::local::{LocalSide, local_reasons};
use super::options::ReuseOptions;
use super::plan::ReuseReason;
use super::reason::ReuseCode;
use super::strategy::RebuildStrategy;
use crate::build::{ModuleState, NewBuild};
use crate::identity::build_context;
use std::cmp::Reverse;
use std::sync::Arc;

/// So many reasons are kept; a module that was built a thousand times needs no thousand.
const MOST_REASONS: usize = 20;

/// The choice of an earlier build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The build; none if there is none to take components from.
    pub taken: Option<Arc<ReuseCandidate>>,
    /// Why builds that were completed later were passed over; all, if none is taken.
    pub reasons: Vec<ReuseReason>,
}

impl Choice {
    fn none(reason: ReuseReason) -> Self {
        Self { taken: None, reasons: vec![reason] }
    }
}

/// Chooses the build that components of `new` are taken from.
///
/// It is chosen with strategy all too, though nothing is taken from it then: as in the original, the new build names it.
/// A build that was named is taken as it is. Otherwise it is, for the first base module of `bases` that has any, the most
/// recently completed one of the same name and stream that is ready, came from an SCM and was built against the same
/// streams if that base module were ours; with strategy changed-and-after, one that took components no more freely
/// itself. On one machine, what the machine and the modules that are built against offer has to be the same too.
pub fn choose_module(
    new: &NewBuild,
    candidates: &[Arc<ReuseCandidate>],
    bases: &[ReuseBase],
    options: &ReuseOptions,
) -> Choice {
    if let Some(named) = &options.named {
        return Choice { taken: Some(Arc::clone(named)), reasons: Vec::new() };
    }
    let own = &new.nsvc;
    let same = |one: &&Arc<ReuseCandidate>| one.nsvc.name == own.name && one.nsvc.stream == own.stream;
    let mut newest: Vec<&Arc<ReuseCandidate>> = candidates.iter().filter(same).collect();
    if newest.is_empty() {
        let message = format!("no earlier build of `{}:{}` is known", own.name, own.stream);
        return Choice::none(ReuseCode::NoCandidate.because(message));
    }
    newest.sort_by_key(|one| Reverse((one.completed, one.build, one.nsvc.version, one.nsvc.context.clone())));
    let refusals: Vec<Option<ReuseReason>> = newest.iter().map(|one| refusal(new, one, options)).collect();
    let dependencies = Dependencies::of(&new.request);
    let mut found = None;
    for base in bases.iter().filter(|base| dependencies.buildrequires.contains_key(&base.name)) {
        let wanted = Wanted::on(base, &dependencies);
        let mut fits = newest.iter().zip(&refusals).enumerate();
        if let Some((position, _)) = fits.find(|(_, (one, refused))| refused.is_none() && wanted.refusal(one).is_none())
        {
            found = Some(position);
            break;
        }
    }
    let passed = newest.iter().zip(refusals).take(found.unwrap_or(newest.len()));
    let mut reasons: Vec<ReuseReason> =
        passed.map(|(one, refused)| refused.unwrap_or_else(|| mismatch(one, bases, &dependencies, found))).collect();
    if reasons.len() > MOST_REASONS {
        let more = reasons.len() - MOST_REASONS;
        reasons.truncate(MOST_REASONS);
        reasons.push(ReuseCode::More.because(format!("{more} more builds were passed over")));
    }
    Choice { taken: found.map(|position| Arc::clone(newest[position])), reasons }
}

/// Why a build cannot be taken from, whatever the base module.
fn refusal(new: &NewBuild, one: &ReuseCandidate, options: &ReuseOptions) -> Option<ReuseReason> {
    let nsvc = &one.nsvc;
    if one.state != ModuleState::Ready || one.scratch {
        let kind = if one.scratch { "a scratch build, " } else { "" };
        return Some(ReuseCode::NotReady.because(format!("`{nsvc}` is {kind}in state `{}`, not `ready`", one.state)));
    }
    if !options.is_local(one) && !one.has_scmurl {
        return Some(ReuseCode::NoScmUrl.because(format!("`{nsvc}` has no SCM URL")));
    }
    too_free(new, one).or_else(|| {
        let differ = options.is_local(one).then(|| local_reasons(&LocalSide::of(&new.request), one));
        differ.into_iter().flatten().next()
    })
}

/// Why a build that could be taken from matches no base module, or is not the one.
fn mismatch(
    one: &ReuseCandidate,
    bases: &[ReuseBase],
    dependencies: &Dependencies,
    found: Option<usize>,
) -> ReuseReason {
    let tried: Vec<(&ReuseBase, Option<ReuseReason>)> = bases
        .iter()
        .filter(|base| dependencies.buildrequires.contains_key(&base.name))
        .map(|base| (base, Wanted::on(base, dependencies).refusal(one)))
        .collect();
    if let (Some((base, _)), Some(_)) = (tried.iter().find(|(_, refused)| refused.is_none()), found) {
        let message = format!(
            "`{}` matches base module `{}:{}`, but there is a build for one that comes first",
            one.nsvc, base.name, base.stream
        );
        return ReuseCode::Superseded.because(message);
    }
    tried.into_iter().find_map(|(_, refused)| refused).unwrap_or_else(|| {
        let message = format!("`{}` cannot be compared: the build is made on no base module", one.nsvc);
        ReuseCode::OtherBuildContext.because(message)
    })
}

/// What an earlier build on one base module must have.
struct Wanted<'a> {
    base: &'a ReuseBase,
    dependencies: Dependencies,
    changes_with_base: bool,
}

impl<'a> Wanted<'a> {
    fn on(base: &'a ReuseBase, own: &Dependencies) -> Self {
        let mut buildrequires = own.buildrequires.clone();
        let before = buildrequires.insert(base.name.clone(), base.stream.clone());
        let changes_with_base = before.as_ref() != Some(&base.stream);
        let build_context = if changes_with_base { build_context(&buildrequires) } else { own.build_context };
        let dependencies = Dependencies { buildrequires, build_context, ..*own };
        Self { base, dependencies, changes_with_base }
    }

    fn refusal(&self, one: &ReuseCandidate) -> Option<ReuseReason> {
        let ReuseBase { name, stream, tagged } = self.base;
        if let Some(tagged) = tagged {
            if !tagged.contains(&one.nsvc) {
                let message = format!("`{}` is not in the tag of base module `{name}:{stream}`", one.nsvc);
                return Some(ReuseCode::NotTagged.because(message));
            }
            if one.build_context_no_bms != self.dependencies.build_context_no_bms {
                let message = format!(
                    "`{}` was built against other modules: {}",
                    one.nsvc,
                    self.differences(one, true).unwrap_or_else(|| "the hashes over them differ".to_owned())
                );
                return Some(ReuseCode::OtherModules.because(message));
            }
            return None;
        }
        if one.build_context == self.dependencies.build_context {
            return None;
        }
        let on = if self.changes_with_base { format!(", also on `{name}:{stream}`") } else { String::new() };
        let message = format!(
            "`{}` was built against other streams{on}: {}",
            one.nsvc,
            self.differences(one, false).unwrap_or_else(|| "the hashes over them differ".to_owned())
        );
        Some(ReuseCode::OtherBuildContext.because(message))
    }

    /// Which streams differ, as `MODULE: OURS here, THEIRS there`.
    fn differences(&self, one: &ReuseCandidate, without_base: bool) -> Option<String> {
        let (ours, theirs) = (&self.dependencies.buildrequires, &one.buildrequires);
        let mut names: Vec<_> = ours.keys().chain(theirs.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let shown = |stream: Option<&crate::StreamName>| match stream {
            Some(stream) => format!("`{stream}`"),
            None => "none".to_owned(),
        };
        let differ: Vec<String> = names
            .into_iter()
            .filter(|name| ours.get(*name) != theirs.get(*name) && !(without_base && **name == self.base.name))
            .map(|name| format!("`{name}` {} here, {} there", shown(ours.get(name)), shown(theirs.get(name))))
            .collect();
        (!differ.is_empty()).then(|| differ.join("; "))
    }
}

/// Why a build took components too freely for one with the strategy changed-and-after.
fn too_free(new: &NewBuild, one: &ReuseCandidate) -> Option<ReuseReason> {
    (new.request.strategy == RebuildStrategy::ChangedAndAfter && one.strategy == RebuildStrategy::OnlyChanged).then(
        || {
            let message = format!(
                "`{}` was built with rebuild strategy `{}`, here it is `changed-and-after`",
                one.nsvc, one.strategy
            );
            ReuseCode::TooFree.because(message)
        },
    )
}
