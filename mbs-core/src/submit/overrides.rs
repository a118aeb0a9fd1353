//! Streams that the submitter, or the branch, puts in the place of the document's.

use super::blocks::replace_blocks;
use super::policy::SubmitPolicy;
use super::request::SubmitRequest;
use super::request_error::RequestError;
use crate::modulemd::{ModuleStream, StreamSet};
use std::collections::{BTreeMap, BTreeSet};

/// Replaces the streams of all modules that an override names, in every block that has them. What a block does not
/// have is not added.
///
/// The branch may override one module's stream, if the request does not; that need not fit the document.
///
/// # Errors
/// [`RequestError::OverridesNotApplicable`] with the modules that no block has.
pub(super) fn apply_overrides(
    document: &mut ModuleStream,
    request: &SubmitRequest,
    policy: &SubmitPolicy,
) -> Result<(), RequestError> {
    let mut build = request.buildrequire_overrides.clone();
    let from_branch = branch_stream(request, policy);
    if let Some(stream) = &from_branch {
        build.insert(policy.br_stream_override_module.clone(), vec![stream.clone()]);
    }
    let run = &request.require_overrides;
    let (mut used_build, mut used_run) = (BTreeSet::new(), BTreeSet::new());
    replace_blocks(document, |block| {
        let mut changed = block.clone();
        let built = replace(&mut changed.buildrequires, &build, &mut used_build);
        let runs = replace(&mut changed.requires, run, &mut used_run);
        (built || runs).then_some(changed)
    });
    if from_branch.is_some() {
        used_build.insert(policy.br_stream_override_module.clone());
    }
    for (side, overrides, used) in [("buildrequires", &build, &used_build), ("requires", run, &used_run)] {
        let modules: Vec<String> = overrides.keys().filter(|module| !used.contains(*module)).cloned().collect();
        if !modules.is_empty() {
            return Err(RequestError::OverridesNotApplicable { side, modules });
        }
    }
    Ok(())
}

/// Replaces the streams of named modules; whether there were any.
fn replace(
    side: &mut BTreeMap<String, StreamSet>,
    overrides: &BTreeMap<String, Vec<String>>,
    used: &mut BTreeSet<String>,
) -> bool {
    let mut any = false;
    for (module, set) in side {
        if let Some(streams) = overrides.get(module) {
            *set = StreamSet(streams.iter().cloned().collect());
            used.insert(module.clone());
            any = true;
        }
    }
    any
}

/// The stream that the branch gives to the module of the policy; none if the request names streams for it.
fn branch_stream(request: &SubmitRequest, policy: &SubmitPolicy) -> Option<String> {
    let named = request.buildrequire_overrides.get(&policy.br_stream_override_module);
    if policy.br_stream_override_module.is_empty() || named.is_some_and(|streams| !streams.is_empty()) {
        return None;
    }
    let branch = request.branch()?;
    let caught = policy.br_stream_override_patterns.iter().find_map(|pattern| pattern.caught(branch))?;
    Some(caught).filter(|stream| !stream.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submit::testing::{document, shown};
    use crate::{Owner, Pattern};

    fn request(build: &[(&str, &[&str])], run: &[(&str, &[&str])]) -> SubmitRequest {
        let map = |pairs: &[(&str, &[&str])]| {
            pairs.iter().map(|(n, s)| ((*n).to_owned(), s.iter().map(|s| (*s).to_owned()).collect())).collect()
        };
        SubmitRequest {
            buildrequire_overrides: map(build),
            require_overrides: map(run),
            ..SubmitRequest::yaml(Owner::new("ann").expect("owner"), "", None)
        }
    }

    fn applied(
        before: &[(&str, &str)],
        request: &SubmitRequest,
        policy: &SubmitPolicy,
    ) -> Result<String, RequestError> {
        let mut document = document(before);
        apply_overrides(&mut document, request, policy)?;
        Ok(shown(&document))
    }

    #[test]
    fn the_lists_of_named_modules_are_replaced_as_a_whole_and_their_blocks_move_to_the_end() {
        let three = [("platform[a] x[1,2]", ""), ("platform[b]", ""), ("platform[c] y[]", "")];
        let policy = SubmitPolicy::default();
        let found = applied(&three, &request(&[("x", &["9"])], &[]), &policy).expect("applies");
        assert_eq!(found, "platform[b]/ platform[c] y[]/ platform[a] x[9]/");
        let run = [("platform[a]", "x[1]"), ("platform[b]", "")];
        let found = applied(&run, &request(&[], &[("x", &["2", "3"])]), &policy).expect("applies");
        assert_eq!(found, "platform[b]/ platform[a]/x[2,3]");
        let found = applied(&run, &request(&[("platform", &[])], &[]), &policy).expect("applies");
        assert_eq!(found, "platform[]/x[1] platform[]/");
    }

    #[test]
    fn a_module_in_two_blocks_is_replaced_in_both() {
        let two = [("platform[a] x[1]", ""), ("y[1]", ""), ("platform[b]", "")];
        let found = applied(&two, &request(&[("platform", &["z"])], &[]), &SubmitPolicy::default());
        assert_eq!(found.expect("applies"), "y[1]/ platform[z] x[1]/ platform[z]/");
    }

    #[test]
    fn overrides_that_fit_nowhere_are_refused_sorted_with_buildrequires_first() {
        let one = [("platform[a]", "x[1]")];
        let wrong = request(&[("x", &["2"]), ("b", &["2"])], &[("platform", &["a"])]);
        let error = applied(&one, &wrong, &SubmitPolicy::default()).expect_err("refused");
        assert_eq!(error.code(), "MS0138");
        assert!(error.to_string().starts_with("no dependency block has `b`, `x` in its buildrequires"), "{error}");
        let wrong = request(&[], &[("platform", &["a"])]);
        let error = applied(&one, &wrong, &SubmitPolicy::default()).expect_err("refused");
        assert!(error.to_string().contains("`platform` in its requires"), "{error}");
    }

    fn branched(branch: &str) -> (SubmitRequest, SubmitPolicy) {
        let pattern = |text| Pattern::new(text).expect("a pattern");
        let patterns =
            vec![pattern(r"(?:rh)(el)(?:\-)(\d+\.\d+\.\d+)$"), pattern(r"(?:\-LP\-)(.+)$"), pattern("^x(a)?$")];
        let policy = SubmitPolicy { br_stream_override_patterns: patterns, ..SubmitPolicy::default() };
        (SubmitRequest { branch: Some(branch.to_owned()), ..request(&[], &[]) }, policy)
    }

    #[test]
    fn a_branch_gives_the_platform_by_the_first_pattern_that_fits_anywhere() {
        for (branch, expected) in [
            ("10", "platform[el8]/"),
            ("10-rhel-8.0.0", "platform[el8.0.0]/"),
            ("10-LP-product1.2", "platform[product1.2]/"),
            ("x", "platform[el8]/"),
        ] {
            let (request, policy) = branched(branch);
            assert_eq!(applied(&[("platform[el8]", "")], &request, &policy).expect("applies"), expected, "{branch}");
        }
    }

    #[test]
    fn what_the_branch_gives_yields_to_the_request_and_need_not_fit() {
        let (mut request, policy) = branched("10-rhel-8.0.0");
        assert_eq!(applied(&[("x[1]", "")], &request, &policy).expect("ignored"), "x[1]/");
        let mut override_with = |streams: &[&str]| {
            let streams = streams.iter().map(|stream| (*stream).to_owned()).collect();
            request.buildrequire_overrides.insert("platform".to_owned(), streams);
            applied(&[("platform[el8]", "")], &request, &policy).expect("applies")
        };
        assert_eq!(override_with(&["el9"]), "platform[el9]/");
        assert_eq!(override_with(&[]), "platform[el8.0.0]/", "an empty list says nothing");
    }
}
