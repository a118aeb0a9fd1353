//! What can be refused before anything is fetched.

use super::policy::SubmitPolicy;
use super::request::{ReuseFrom, SubmitInput, SubmitRequest, given, parameter_shape};
use super::request_error::RequestError;
use super::scm_rules::check_scm_url;
use crate::build::ModuleState;
use crate::reuse::RebuildStrategy;
use crate::source::GitRef;
use crate::{ComponentName, ModuleName, Nsvc, StreamName, TagName};

/// Checks everything about a request that needs nothing else, in the order of the original service. The first thing
/// that is wrong is the error.
///
/// Whether the build to reuse exists is for [`check_reuse`] to tell, once it was looked up.
///
/// # Errors
/// [`RequestError`].
pub fn check_request(request: &SubmitRequest, policy: &SubmitPolicy) -> Result<(), RequestError> {
    check_kind(request, policy)?;
    check_user(request, policy)?;
    check_input(request, policy)?;
    check_parameters(request, policy)?;
    check_overrides(request)?;
    check_reuse_named(request)
}

/// Checks the build that components are to be reused from: its state, if it exists.
///
/// # Errors
/// [`RequestError::ReuseNotFound`] and [`RequestError::ReuseNotReady`].
pub fn check_reuse(found: Option<ModuleState>) -> Result<(), RequestError> {
    match found {
        None => Err(RequestError::ReuseNotFound),
        Some(ModuleState::Ready) => Ok(()),
        Some(state) => Err(RequestError::ReuseNotReady(state)),
    }
}

/// Checks whether a build may be made that does not exist yet. One that failed may be resumed without this.
///
/// # Errors
/// [`RequestError::ScratchOnlyBranch`].
pub fn check_new_build(request: &SubmitRequest, policy: &SubmitPolicy) -> Result<(), RequestError> {
    match request.branch() {
        Some(branch)
            if !request.scratch
                && policy.scratch_build_only_branches.iter().any(|pattern| pattern.fits_anywhere(branch)) =>
        {
            Err(RequestError::ScratchOnlyBranch(branch.to_owned()))
        }
        _ => Ok(()),
    }
}

/// What kind of build it is.
fn check_kind(request: &SubmitRequest, policy: &SubmitPolicy) -> Result<(), RequestError> {
    if request.scratch && !policy.modules_allow_scratch {
        return Err(RequestError::ScratchDisabled);
    }
    let has_srpms = !request.srpms.is_empty() || request.misshaped_parameters.contains("srpms");
    if has_srpms && !request.scratch {
        return Err(RequestError::SrpmsWithoutScratch);
    }
    check_shape(request, "srpms")?;
    if !request.is_scm() && !request.scratch && !policy.yaml_submit_allowed {
        return Err(RequestError::YamlDisabled);
    }
    Ok(())
}

fn check_user(request: &SubmitRequest, policy: &SubmitPolicy) -> Result<(), RequestError> {
    let (user, allowed) = (&request.user, &policy.allowed_groups);
    if policy.allowed_users.contains(user.as_str()) || allowed.is_empty() || !allowed.is_disjoint(&request.groups) {
        return Ok(());
    }
    let (allowed, groups) = (allowed.iter().cloned().collect(), request.groups.iter().cloned().collect());
    Err(RequestError::NotInGroup { user: user.clone(), allowed, groups })
}

fn check_input(request: &SubmitRequest, policy: &SubmitPolicy) -> Result<(), RequestError> {
    let SubmitInput::Scm { scmurl } = &request.input else {
        request.branch().map_or(Ok(()), GitRef::check)?;
        return Ok(());
    };
    check_scm_url(given(scmurl.as_ref()).ok_or(RequestError::NoScmUrl)?, policy)?;
    match request.branch() {
        Some(branch) => GitRef::check(branch)?,
        None if policy.branch_required => return Err(RequestError::NoBranch),
        None => {}
    }
    for (parameter, value) in [("module_name", &request.module_name), ("module_stream", &request.module_stream)] {
        if value.is_some() && !policy.allow_names_with_scm {
            return Err(RequestError::YamlOnly { parameter });
        }
    }
    Ok(())
}

fn check_parameters(request: &SubmitRequest, policy: &SubmitPolicy) -> Result<(), RequestError> {
    if !request.unknown_parameters.is_empty() {
        return Err(RequestError::UnknownParameters(request.unknown_parameters.iter().cloned().collect()));
    }
    if request.owner.is_some() && !policy.no_auth {
        return Err(RequestError::OwnerGiven);
    }
    if let Some(given) = &request.rebuild_strategy {
        if !policy.rebuild_strategy_allow_override {
            return Err(RequestError::StrategyFixed);
        }
        if !request.strategy().is_some_and(|one| policy.rebuild_strategies_allowed.contains(&one)) {
            let allowed = policy.rebuild_strategies_allowed.iter().map(|one| one.name().to_owned()).collect();
            return Err(RequestError::StrategyNotAllowed { given: given.clone(), allowed });
        }
    }
    Ok(())
}

fn check_overrides(request: &SubmitRequest) -> Result<(), RequestError> {
    for parameter in &request.misshaped_parameters {
        check_shape(request, parameter)?;
    }
    for (module, streams) in request.buildrequire_overrides.iter().chain(&request.require_overrides) {
        ModuleName::check(module)?;
        for stream in streams {
            StreamName::check(stream.strip_prefix('-').unwrap_or(stream))?;
        }
    }
    for (component, git_ref) in &request.rpm_component_ref_overrides {
        ComponentName::check(component)?;
        GitRef::check(git_ref)?;
    }
    given(request.side_tag.as_ref()).map_or(Ok(()), TagName::check)?;
    Ok(())
}

fn check_shape(request: &SubmitRequest, parameter: &str) -> Result<(), RequestError> {
    if !request.misshaped_parameters.contains(parameter) {
        return Ok(());
    }
    let expected = parameter_shape(parameter).unwrap_or("known");
    Err(RequestError::Shape { parameter: parameter.to_owned(), expected })
}

fn check_reuse_named(request: &SubmitRequest) -> Result<(), RequestError> {
    let Some(from) = &request.reuse_components_from else { return Ok(()) };
    if request.strategy() == Some(RebuildStrategy::All) {
        return Err(RequestError::ReuseWithAll);
    }
    match from {
        ReuseFrom::Nsvc(text) if text.parse::<Nsvc>().is_err() => {
            Err(RequestError::ReuseIdentity { given: text.clone() })
        }
        ReuseFrom::Nsvc(_) | ReuseFrom::Id(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submit::RefusalKind;
    use crate::{BuildId, Owner, Pattern};

    fn owner(name: &str) -> Owner {
        Owner::new(name).expect("owner")
    }

    fn scm() -> SubmitRequest {
        let url = "https://src.fedoraproject.org/modules/app?#abc";
        SubmitRequest { groups: ["packager".to_owned()].into(), ..SubmitRequest::scm(owner("ann"), url, "main") }
    }

    fn yaml() -> SubmitRequest {
        SubmitRequest { groups: scm().groups, ..SubmitRequest::yaml(owner("ann"), "text", None) }
    }

    type Change = fn(&mut SubmitRequest);

    /// Every refusal in the order of the checks: what asks for it, its code and its kind.
    const REFUSALS: [(&str, RefusalKind, Change); 19] = [
        ("MS0101", RefusalKind::Forbidden, |r| r.scratch = true),
        ("MS0102", RefusalKind::Forbidden, |r| r.srpms.push("cli-build/1/a.src.rpm".to_owned())),
        ("MS0105", RefusalKind::Forbidden, |r| r.groups = ["other".to_owned()].into()),
        ("MS0106", RefusalKind::Validation, |r| r.input = SubmitInput::Scm { scmurl: Some(String::new()) }),
        ("MS0107", RefusalKind::Forbidden, |r| {
            r.input = SubmitInput::Scm { scmurl: Some("https://git.example/app?#abc".to_owned()) };
        }),
        ("MS0108", RefusalKind::Validation, |r| {
            r.input = SubmitInput::Scm { scmurl: Some("https://src.fedoraproject.org/modules/app".to_owned()) };
        }),
        ("MS0110", RefusalKind::Validation, |r| r.branch = Some(String::new())),
        ("MS0120", RefusalKind::Validation, |r| r.branch = Some("--upload-pack=x".to_owned())),
        ("MS0111", RefusalKind::Validation, |r| r.module_name = Some("app".to_owned())),
        ("MS0111", RefusalKind::Validation, |r| r.module_stream = Some("1".to_owned())),
        ("MS0112", RefusalKind::Validation, |r| r.unknown_parameters = ["product".to_owned()].into()),
        ("MS0113", RefusalKind::Validation, |r| r.owner = Some(owner("bob"))),
        ("MS0114", RefusalKind::Validation, |r| r.rebuild_strategy = Some("all".to_owned())),
        ("MS0103", RefusalKind::Validation, |r| r.misshaped_parameters = ["require_overrides".to_owned()].into()),
        ("MS0121", RefusalKind::Validation, |r| {
            r.buildrequire_overrides = [("platform".to_owned(), vec!["f 28".to_owned()])].into();
        }),
        ("MS0120", RefusalKind::Validation, |r| {
            r.rpm_component_ref_overrides = [("a".to_owned(), "-f".to_owned())].into();
        }),
        ("MS0121", RefusalKind::Validation, |r| r.side_tag = Some("../x".to_owned())),
        ("MS0117", RefusalKind::Validation, |r| r.reuse_components_from = Some(ReuseFrom::Nsvc("app:1".to_owned()))),
        ("ok", RefusalKind::Validation, |r| r.reuse_components_from = Some(ReuseFrom::Id(BuildId(7)))),
    ];

    #[test]
    fn every_check_refuses_with_its_code_and_kind() {
        for (number, (code, kind, change)) in REFUSALS.iter().enumerate() {
            let mut request = scm();
            change(&mut request);
            match check_request(&request, &SubmitPolicy::default()) {
                Ok(()) => assert_eq!(*code, "ok", "{number}"),
                Err(error) => assert_eq!((error.code(), error.kind()), (*code, *kind), "{number}: {error}"),
            }
        }
    }

    #[test]
    fn of_two_wrong_things_the_earlier_check_tells() {
        // These pairs change the same field.
        let same = |one: usize, other: usize| [(3, 4), (3, 5), (4, 5), (6, 7)].contains(&(one, other));
        // What asks for nothing wrong is last, and left out.
        let refusals = REFUSALS.split_last().expect("not empty").1;
        for (one, (code, _, change)) in refusals.iter().enumerate() {
            for (other, (_, _, later)) in refusals.iter().enumerate().skip(one + 1) {
                // A scratch build may have source packages.
                if same(one, other) || (one, other) == (0, 1) {
                    continue;
                }
                let mut request = scm();
                later(&mut request);
                change(&mut request);
                let error = check_request(&request, &SubmitPolicy::default()).expect_err("refused");
                assert_eq!(error.code(), *code, "{one} and {other}: {error}");
            }
        }
    }

    #[test]
    fn a_text_is_for_scratch_builds_unless_the_policy_says_more() {
        let scratch = SubmitPolicy { modules_allow_scratch: true, ..SubmitPolicy::default() };
        let code = |request: &SubmitRequest, policy: &SubmitPolicy| {
            check_request(request, policy).map_or_else(|error| error.code(), |()| "ok")
        };
        assert_eq!(code(&yaml(), &scratch), "MS0104");
        let tried = SubmitRequest { scratch: true, srpms: vec!["cli-build/1/a.src.rpm".to_owned()], ..yaml() };
        assert_eq!(code(&tried, &scratch), "ok");
        let misshaped = SubmitRequest { misshaped_parameters: ["srpms".to_owned()].into(), ..tried };
        assert_eq!(code(&misshaped, &scratch), "MS0103");
        let named = SubmitRequest { module_name: Some("a".to_owned()), module_stream: Some("1".to_owned()), ..yaml() };
        assert_eq!(code(&named, &SubmitPolicy { yaml_submit_allowed: true, ..SubmitPolicy::default() }), "ok");
    }

    #[test]
    fn users_can_be_allowed_without_a_group_and_everybody_without_groups() {
        let request = SubmitRequest { groups: [].into(), ..scm() };
        let allowed_users = ["ann".to_owned()].into();
        assert_eq!(check_request(&request, &SubmitPolicy { allowed_users, ..SubmitPolicy::default() }), Ok(()));
        assert_eq!(
            check_request(&request, &SubmitPolicy { allowed_groups: [].into(), ..SubmitPolicy::default() }),
            Ok(())
        );
    }

    #[test]
    fn strategies_and_reuse_have_to_go_together() {
        let mut policy = SubmitPolicy { rebuild_strategy_allow_override: true, ..SubmitPolicy::default() };
        let request = |strategy: &str, reuse: Option<ReuseFrom>| SubmitRequest {
            rebuild_strategy: Some(strategy.to_owned()),
            reuse_components_from: reuse,
            ..scm()
        };
        let identity = || Some(ReuseFrom::Nsvc("app:1:2:c0".to_owned()));
        assert_eq!(check_request(&request("only-changed", identity()), &policy), Ok(()));
        assert_eq!(check_request(&request("all", identity()), &policy), Err(RequestError::ReuseWithAll));
        let error = check_request(&request("none", None), &policy).expect_err("unknown");
        let text = "rebuild strategy `none` is not allowed; choose one of `all`, `changed-and-after`, `only-changed`";
        assert_eq!((error.code(), error.to_string().as_str()), ("MS0115", text));
        policy.rebuild_strategies_allowed.remove(&RebuildStrategy::All);
        assert_eq!(check_request(&request("all", None), &policy).expect_err("not allowed").code(), "MS0115");
        // A default of `all` contradicts nothing.
        policy.rebuild_strategy = RebuildStrategy::All;
        let request = SubmitRequest { reuse_components_from: identity(), ..scm() };
        assert_eq!(check_request(&request, &policy), Ok(()));
    }

    #[test]
    fn only_a_ready_build_is_reused() {
        assert_eq!(check_reuse(Some(ModuleState::Ready)), Ok(()));
        assert_eq!(check_reuse(None), Err(RequestError::ReuseNotFound));
        for state in ModuleState::ALL.into_iter().filter(|state| *state != ModuleState::Ready) {
            assert_eq!(check_reuse(Some(state)), Err(RequestError::ReuseNotReady(state)));
        }
    }

    #[test]
    fn some_branches_are_for_scratch_builds() {
        let scratch_build_only_branches = vec![Pattern::new("private").expect("pattern")];
        let policy = SubmitPolicy { scratch_build_only_branches, ..SubmitPolicy::default() };
        let request = SubmitRequest { branch: Some("ann-private-1".to_owned()), ..scm() };
        let refused = check_new_build(&request, &policy).expect_err("refused");
        assert_eq!((refused.code(), refused.kind()), ("MS0139", RefusalKind::Validation));
        assert_eq!(check_new_build(&SubmitRequest { scratch: true, ..request }, &policy), Ok(()));
        assert_eq!(check_new_build(&scm(), &policy), Ok(()));
    }

    #[test]
    fn somebody_on_their_own_machine_may_do_it_all() {
        let policy = SubmitPolicy::local();
        let request = SubmitRequest {
            owner: Some(owner("bob")),
            rebuild_strategy: Some("all".to_owned()),
            scratch: true,
            srpms: vec!["a.src.rpm".to_owned()],
            module_stream: Some("1".to_owned()),
            ..SubmitRequest::scm(owner("ann"), "/srv/app", "main")
        };
        assert_eq!(check_request(&request, &policy), Ok(()));
        assert_eq!(check_request(&SubmitRequest::yaml(owner("ann"), "text", None), &policy), Ok(()));
    }
}
