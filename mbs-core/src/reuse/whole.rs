//! From an earlier build to a request that takes from it.

use super::bases::{ReuseBase, ReuseBaseError};
use super::candidate::ReuseCandidate;
use super::choose::choose_module;
use super::decide::decide;
use super::options::ReuseOptions;
use super::plan::ReusePlan;
use super::reason::ReuseCode;
use crate::build::{BuildRequest, NewBuild};
use crate::plan::{ComponentIx, Exclusion};
use std::sync::Arc;

/// Chooses an earlier build and decides about each component.
///
/// `bases` come from [`super::reuse_bases`]; its error says that nothing can be taken, and why.
pub fn plan_reuse(
    new: &NewBuild,
    candidates: &[Arc<ReuseCandidate>],
    bases: &Result<Vec<ReuseBase>, ReuseBaseError>,
    options: &ReuseOptions,
) -> ReusePlan {
    let (bases, problem) = match bases {
        Ok(bases) => (bases.as_slice(), None),
        Err(problem) => (&[][..], Some(problem)),
    };
    if let (Some(problem), None) = (problem, &options.named) {
        let reasons = vec![ReuseCode::StreamNotXyz.because(problem.to_string())];
        return ReusePlan { reasons, ..ReusePlan::default() };
    }
    let choice = choose_module(new, candidates, bases, options);
    let Some(candidate) = &choice.taken else {
        return ReusePlan { reasons: choice.reasons, ..ReusePlan::default() };
    };
    let plan = decide(new, candidate, new.request.strategy, options);
    ReusePlan { reasons: choice.reasons, ..plan }
}

/// Writes a plan into a request: if nothing is built, the macros are left out.
pub fn apply_reuse(request: &mut BuildRequest, plan: ReusePlan) {
    let nothing_is_built = plan.nothing_is_built(&request.plan);
    if let Some(macros) = request.plan.components.get_mut(ComponentIx::MACROS.index()) {
        if nothing_is_built {
            macros.excluded = Some(Exclusion::all_reused());
        } else if macros.excluded.as_ref().is_some_and(|excluded| excluded.all_reused) {
            macros.excluded = None;
        }
    }
    request.reuse = plan;
}
