//! What a document may not say.

use super::policy::SubmitPolicy;
use super::request_error::RequestError;
use crate::ModuleName;
use crate::modulemd::{Components, Value};
use crate::source::redact;

/// Keys of `xmd.mbs` that privileged modules may use.
const PRIVILEGED_KEYS: [&str; 3] = ["disttag_marking", "koji_tag_arches", "static_context"];

/// Checks a document as its packager wrote it.
pub(super) fn check_document(
    name: &ModuleName,
    xmd: Option<&Value>,
    components: &Components,
    policy: &SubmitPolicy,
) -> Result<(), RequestError> {
    let modules = components.modules.iter().map(|(name, one)| (name, one.repository.as_ref()));
    refuse(!policy.modules_allow_repository, modules, RequestError::ModuleRepositories)?;
    if let Some(mbs) = xmd.and_then(|xmd| xmd.get("mbs")) {
        let harmless =
            |keys: &crate::modulemd::ValueMap| keys.keys().all(|key| PRIVILEGED_KEYS.contains(&key.as_str()));
        if !policy.privileged_modules.contains(name) || !mbs.as_map().is_some_and(harmless) {
            return Err(RequestError::ReservedXmd);
        }
    }
    if policy.expand.is_base(name.as_str()) {
        return Err(RequestError::BaseModule(name.clone()));
    }
    let repositories = components.rpms.iter().map(|(name, one)| (name, one.repository.as_ref()));
    refuse(!policy.rpms_allow_repository, repositories, RequestError::ComponentRepositories)?;
    let caches = components.rpms.iter().map(|(name, one)| (name, one.cache.as_ref()));
    refuse(!policy.rpms_allow_cache, caches, RequestError::ComponentCaches)
}

/// Refuses all components that name a place, where they may not.
fn refuse<'c>(
    refused: bool,
    places: impl Iterator<Item = (&'c String, Option<&'c String>)>,
    error: fn(Vec<(String, String)>) -> RequestError,
) -> Result<(), RequestError> {
    let given: Vec<_> = places
        .filter(|_| refused)
        .filter_map(|(name, place)| Some((name.clone(), redact(place?).escape_debug().to_string())))
        .collect();
    if given.is_empty() { Ok(()) } else { Err(error(given)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::{ModuleComponent, RpmComponent};
    use crate::submit::RefusalKind;

    fn name(text: &str) -> ModuleName {
        ModuleName::new(text).expect("name")
    }

    fn xmd(keys: &[&str]) -> Value {
        let mbs: Value = keys.iter().map(|key| ((*key).to_owned(), Value::from("x"))).collect();
        [("mbs".to_owned(), mbs)].into_iter().collect()
    }

    #[test]
    fn only_privileged_modules_may_write_three_keys_of_xmd_mbs() {
        let privileged_modules = [name("app")].into();
        let policy = SubmitPolicy { privileged_modules, ..SubmitPolicy::default() };
        let text: Value = [("mbs".to_owned(), Value::from("x"))].into_iter().collect();
        let other: Value = [("mbs_options".to_owned(), Value::from("x"))].into_iter().collect();
        for (module, xmd, allowed) in [
            ("app", xmd(&["disttag_marking", "koji_tag_arches", "static_context"]), true),
            ("app", xmd(&[]), true),
            ("app", xmd(&["disttag_marking", "mse"]), false),
            ("app", text, false),
            ("gtk", xmd(&["static_context"]), false),
            ("gtk", xmd(&[]), false),
            ("gtk", other, true),
        ] {
            let found = check_document(&name(module), Some(&xmd), &Components::default(), &policy);
            assert_eq!(found.is_ok(), allowed, "{module} {xmd:?}");
            assert!(found.is_ok() || found == Err(RequestError::ReservedXmd));
        }
    }

    #[test]
    fn places_of_components_are_refused_together_and_without_credentials() {
        let mut components = Components::default();
        let module = ModuleComponent { repository: Some("https://h/m".to_owned()), ..ModuleComponent::default() };
        components.modules.insert("m".to_owned(), module);
        for (name, place) in [("a", "https://u:secret@h/a"), ("b", "https://h/b")] {
            let place = Some(place.to_owned());
            let one = RpmComponent { repository: place.clone(), cache: place, ..RpmComponent::default() };
            components.rpms.insert(name.to_owned(), one);
        }
        let mut policy = SubmitPolicy::default();
        let check =
            |policy: &SubmitPolicy| check_document(&name("app"), None, &components, policy).expect_err("refused");
        assert_eq!((check(&policy).code(), check(&policy).kind()), ("MS0133", RefusalKind::Forbidden));
        policy.modules_allow_repository = true;
        let text = "components may not name a repository here: `a` names `https://***@h/a`, `b` names `https://h/b`; remove it";
        assert_eq!((check(&policy).code(), check(&policy).to_string().as_str()), ("MS0136", text));
        policy.rpms_allow_repository = true;
        assert_eq!(check(&policy).code(), "MS0137");
        policy.rpms_allow_cache = true;
        assert_eq!(check_document(&name("app"), None, &components, &policy), Ok(()));
    }

    #[test]
    fn base_modules_are_not_built_and_the_first_rule_tells() {
        let check = |xmd: Option<&Value>| {
            check_document(&name("platform"), xmd, &Components::default(), &SubmitPolicy::default())
                .expect_err("refused")
        };
        assert_eq!(check(None), RequestError::BaseModule(name("platform")));
        assert_eq!(check(Some(&xmd(&[]))), RequestError::ReservedXmd);
    }
}
