//! From an input document to the one that is expanded.

use super::overrides::apply_overrides;
use super::policy::SubmitPolicy;
use super::request::{SubmitRequest, given};
use super::request_error::RequestError;
use super::submission::Warning;
use super::virtual_streams::replace_virtual_streams;
use crate::modulemd::{ModuleStream, Value, ValueMap};
use crate::resolve::Universe;

/// A document that can be expanded.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The document.
    pub document: ModuleStream,
    /// What the submitter should know of.
    pub warnings: Vec<Warning>,
}

/// Brings the wishes of the request into a document: overridden streams, then what `xmd.mbs` notes of the request, then
/// virtual streams of base modules, whose builds `universe` has to know ([`super::base_names_needed`]).
///
/// # Errors
/// [`RequestError::OverridesNotApplicable`].
pub fn prepare_document(
    mut document: ModuleStream,
    request: &SubmitRequest,
    policy: &SubmitPolicy,
    universe: &Universe,
) -> Result<Prepared, RequestError> {
    apply_overrides(&mut document, request, policy)?;
    note_parameters(&mut document, request);
    let mut warnings = replace_virtual_streams(&mut document, universe, &policy.expand);
    warnings.extend(unknown_components(&document, request));
    Ok(Prepared { document, warnings })
}

/// Notes parameters of the request, those that are not empty, in `xmd.mbs`.
fn note_parameters(document: &mut ModuleStream, request: &SubmitRequest) {
    let refs = &request.rpm_component_ref_overrides;
    let mut notes = ValueMap::new();
    if !refs.is_empty() {
        let refs = refs.iter().map(|(component, git_ref)| (component.clone(), Value::from(git_ref.as_str())));
        notes.insert("rpm_component_ref_overrides".to_owned(), refs.collect());
    }
    for (key, text) in [("side_tag", given(request.side_tag.as_ref())), ("branch", request.branch())] {
        if let Some(text) = text {
            notes.insert(key.to_owned(), Value::from(text));
        }
    }
    if !notes.is_empty() {
        let mbs = document.xmd_mut().entry("mbs".to_owned()).or_default().make_map();
        for (key, value) in notes {
            mbs.insert(key, value);
        }
    }
}

/// A warning of refs for components that do not exist. Included modules have components that are not known here.
fn unknown_components(document: &ModuleStream, request: &SubmitRequest) -> Option<Warning> {
    let unknown = request.rpm_component_ref_overrides.keys();
    let unknown: Vec<&str> =
        unknown.filter(|name| !document.components.rpms.contains_key(*name)).map(String::as_str).collect();
    if unknown.is_empty() || !document.components.modules.is_empty() {
        return None;
    }
    let message = format!(
        "the document has no component `{}`, so the ref in `rpm_component_ref_overrides` is not used",
        unknown.join("`, `")
    );
    Some(Warning { code: "MS0182", message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;
    use crate::build::ModuleState;
    use crate::modulemd::RpmComponent;
    use crate::submit::testing::{bases, document, shown};

    fn request() -> SubmitRequest {
        SubmitRequest::yaml(Owner::new("ann").expect("owner"), "", None)
    }

    fn prepared(document: ModuleStream, request: &SubmitRequest) -> Prepared {
        let known = bases(&[("platform:el8.25.0:1:c", ModuleState::Ready, &["el8"])]);
        prepare_document(document, request, &SubmitPolicy::default(), &known).expect("prepared")
    }

    #[test]
    fn parameters_are_noted_if_they_say_something() {
        let plain = document(&[("platform[f28]", "")]);
        assert_eq!(prepared(plain.clone(), &request()).document, plain, "nothing is noted of a request without wishes");
        let empty = SubmitRequest { side_tag: Some(String::new()), branch: Some(String::new()), ..request() };
        assert_eq!(prepared(plain.clone(), &empty).document, plain);

        let mut with_component = plain;
        with_component.components.rpms.insert("a".to_owned(), RpmComponent::default());
        with_component
            .xmd_mut()
            .insert("mbs".to_owned(), [("kept".to_owned(), Value::from(true))].into_iter().collect());
        let full = SubmitRequest {
            side_tag: Some("tag".to_owned()),
            branch: Some("main".to_owned()),
            rpm_component_ref_overrides: [("a".to_owned(), "abc".to_owned())].into(),
            ..request()
        };
        let Prepared { document, warnings } = prepared(with_component, &full);
        assert_eq!(warnings, []);
        let mbs = document.xmd_mbs().expect("notes");
        let keys: Vec<&str> = mbs.as_map().expect("a map").keys().map(String::as_str).collect();
        assert_eq!(keys, ["branch", "kept", "rpm_component_ref_overrides", "side_tag"]);
        assert_eq!(mbs.get("rpm_component_ref_overrides").and_then(|refs| refs.get("a")?.as_str()), Some("abc"));
        assert_eq!(mbs.get("branch").and_then(Value::as_str), Some("main"));
    }

    #[test]
    fn a_ref_for_no_component_is_warned_of() {
        let refs = [("b".to_owned(), "abc".to_owned())].into();
        let request = SubmitRequest { rpm_component_ref_overrides: refs, ..request() };
        assert_eq!(prepared(document(&[]), &request).warnings[0].code, "MS0182");
    }

    #[test]
    fn an_overriding_stream_may_be_a_virtual_one() {
        let overrides = [("platform".to_owned(), vec!["el8".to_owned()])].into();
        let request = SubmitRequest { buildrequire_overrides: overrides, ..request() };
        let found = prepared(document(&[("platform[f28]", "platform[el8]")]), &request);
        assert_eq!(shown(&found.document), "platform[el8.25.0]/platform[el8]");
    }
}
