//! From the text of a document to the documents that are expanded.

use super::naming::{Written, no_dash};
use super::origin::Origin;
use super::policy::SubmitPolicy;
use super::request::SubmitRequest;
use super::request_error::RequestError;
use super::rules::check_document;
use crate::Context;
use crate::modulemd::{Buildable, Diagnostic, Loss, ModuleStream, read_buildable};
use crate::resolve::{packager_documents, static_documents};

/// What is left out of the macros of a build without tests: the part of every package that tests it.
const SKIP_TESTS: &str = "\n\n%__spec_check_pre exit 0\n";

/// A document as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedDocument {
    /// Its text.
    pub text: String,
    /// Name of its file, for messages.
    pub file_name: String,
    /// Where it came from.
    pub origin: Origin,
}

/// The documents to expand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InputDocuments {
    /// One document, or one for each context that the packager chose. All have name, stream and version.
    pub documents: Vec<ModuleStream>,
    /// What deserves a look in the text.
    pub diagnostics: Vec<Diagnostic>,
    /// What the text says and the documents do not.
    pub losses: Vec<Loss>,
}

/// Reads a document of any kind that can be built, and checks and completes it by the rules of where it came from.
///
/// # Errors
/// [`RequestError`].
pub fn input_documents(
    fetched: &FetchedDocument,
    request: &SubmitRequest,
    policy: &SubmitPolicy,
) -> Result<InputDocuments, RequestError> {
    let read = read_buildable(fetched.text.as_bytes(), &fetched.file_name, &policy.read);
    let (found, diagnostics) = read.map_err(RequestError::Malformed)?;
    let written = match &found {
        Buildable::Stream(stream, _, _) => Written {
            name: stream.name.as_deref(),
            stream: stream.stream.as_deref(),
            version: Some(stream.version).filter(|version| *version != 0),
        },
        Buildable::Packager(packager) => {
            Written { name: packager.name.as_deref(), stream: packager.stream.as_deref(), version: None }
        }
    };
    let named = written.complete(&fetched.origin, request, policy)?;
    let (mut documents, losses) = match found {
        Buildable::Stream(stream, losses, _) => {
            check_document(&named.name, stream.xmd.as_ref(), &stream.components, policy)?;
            (static_documents(&stream)?, losses)
        }
        Buildable::Packager(mut packager) => {
            check_document(&named.name, packager.xmd.as_ref(), &packager.components, policy)?;
            // Profiles that are defaults need the names.
            packager.name = Some(named.name.to_string());
            packager.stream = Some(named.stream.to_string());
            (packager_documents(&packager)?, packager.expand()?.into_parts().1)
        }
    };
    for document in &mut documents {
        document.name = Some(named.name.to_string());
        document.stream = Some(named.stream.to_string());
        document.version = named.version;
        // A context that is not chosen is computed, whatever the document says.
        if let Some(context) = document.context.as_deref().filter(|_| is_static(document)) {
            Context::check(context)?;
            no_dash("context", context, policy)?;
        }
        if request.skip_tests {
            document.buildopts.rpms.macros.get_or_insert_default().push_str(SKIP_TESTS);
        }
    }
    Ok(InputDocuments { documents, diagnostics, losses })
}

/// Whether the packager chose the context.
fn is_static(document: &ModuleStream) -> bool {
    document.static_context || document.xmd_mbs().is_some_and(|mbs| mbs.get("static_context").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::Value;
    use crate::submit::RefusalKind;
    use crate::submit::testing::shown;
    use crate::{ModuleName, Owner};
    use chrono::DateTime;

    const STREAM: &str = "document: modulemd\nversion: 2\ndata:\n  summary: A\n  description: B\n  \
                          license: {module: [MIT]}\n";
    const DEPENDENCIES: &str = "  dependencies:\n  - {buildrequires: {platform: [f28]}, requires: {platform: []}}\n  \
                                - {buildrequires: {platform: [f29]}}\n";
    const CONTEXTS: &str = "  xmd: {mbs_options: {contexts: {c1: {buildrequires: {platform: f28}, requires: {gtk: 1}}, \
                            c2: {buildrequires: {platform: f28}, requires: {gtk: 2}}}}}\n";
    const PACKAGER: &str = "document: modulemd-packager\nversion: 3\ndata:\n  summary: A\n  description: B\n  \
                            license: [MIT]\n  configurations:\n  - {context: CTX1, platform: f28, requires: {nginx: [1]}}\n  \
                            - {context: CTX2, platform: f29}\n";

    fn fetched(text: &str) -> FetchedDocument {
        let origin = Origin {
            name_hint: None,
            stream_hint: None,
            scmurl: None,
            commit: Some("c".repeat(40)),
            branch: Some("main".to_owned()),
            time: DateTime::from_timestamp(1_613_048_427, 0).expect("time"),
        };
        FetchedDocument { text: text.to_owned(), file_name: "app.yaml".to_owned(), origin }
    }

    fn scm() -> SubmitRequest {
        SubmitRequest::scm(Owner::new("ann").expect("owner"), "https://git.example/modules/app?#abc", "main")
    }

    fn documents(text: &str) -> Result<Vec<ModuleStream>, RequestError> {
        Ok(input_documents(&fetched(text), &scm(), &SubmitPolicy::default())?.documents)
    }

    fn summary(document: &ModuleStream) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mark = document.xmd_mbs().map(|mbs| mbs.as_map().map_or(0, crate::modulemd::ValueMap::len));
        let (name, stream, context) = (text(&document.name), text(&document.stream), text(&document.context));
        format!("{name}:{stream}:{}:{context} {} {mark:?}", document.version, shown(document))
    }

    #[test]
    fn each_kind_of_document_gives_its_documents() {
        let v1 = "document: modulemd\nversion: 1\ndata:\n  summary: A\n  description: B\n  license: {module: [MIT]}\n  \
                  dependencies: {buildrequires: {platform: f28}, requires: {platform: f28}}\n";
        let v2_packager = "document: modulemd-packager\nversion: 2\ndata:\n  summary: A\n  description: B\n  \
                           license: {module: [MIT]}\n  dependencies:\n  - {buildrequires: {platform: [f28]}}\n";
        let fixed = format!("{STREAM}  context: c0\n  static_context: true\n");
        for (text, expected) in [
            (
                format!("{STREAM}{DEPENDENCIES}"),
                &["app:main:20210211130027: platform[f28]/platform[] platform[f29]/ None"][..],
            ),
            (v1.to_owned(), &["app:main:20210211130027: platform[f28]/platform[f28] None"]),
            (v2_packager.to_owned(), &["app:main:20210211130027: platform[f28]/ None"]),
            (fixed, &["app:main:20210211130027:c0  None"]),
            (
                format!("{STREAM}{DEPENDENCIES}{CONTEXTS}"),
                &[
                    "app:main:20210211130027:c1 platform[f28]/gtk[1] Some(1)",
                    "app:main:20210211130027:c2 platform[f28]/gtk[2] Some(1)",
                ],
            ),
            (
                PACKAGER.to_owned(),
                &[
                    "app:main:20210211130027:CTX1 platform[f28]/nginx[1] platform[f28] Some(1)",
                    "app:main:20210211130027:CTX2 platform[f29]/platform[f29] Some(1)",
                ],
            ),
        ] {
            let found: Vec<String> = documents(&text).expect("documents").iter().map(summary).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_or_built_is_unprocessable() {
        let defaults = "document: modulemd-defaults\nversion: 1\ndata: {module: app}\n";
        let two = format!("{STREAM}---\n{STREAM}");
        for text in ["data: [", "", defaults, two.as_str()] {
            let error = documents(text).expect_err(text);
            assert_eq!((error.code(), error.kind()), ("MS0124", RefusalKind::Unprocessable), "{text}");
        }
        let error = documents("document: modulemd\nversion: 2\n").expect_err("no data").to_string();
        assert!(error.starts_with("app.yaml:1:1: "), "{error}");
    }

    #[test]
    fn rules_are_checked_before_contexts_are_made() {
        let code = |text: &str| documents(text).expect_err(text).code();
        let reserved = CONTEXTS.replace("{mbs_options", "{mbs: {mse: true}, mbs_options");
        assert_eq!(code(&format!("{STREAM}{reserved}")), "MS0134");
        assert_eq!(code(&format!("{STREAM}  xmd: {{mbs: {{static_context: true}}}}\n")), "MS0134");
        assert_eq!(code(&format!("{PACKAGER}  xmd: {{mbs: {{static_context: true}}}}\n")), "MS0134");
        assert_eq!(code(&format!("{STREAM}{}", CONTEXTS.replace("requires: {gtk: 2}", "runs: {gtk: 2}"))), "MS0126");
        assert_eq!(code(&format!("{STREAM}{}", CONTEXTS.replace("c2", "c-2"))), "MS0130");
        assert_eq!(code(&format!("{STREAM}  version: 7\n")), "MS0131");
        let platform = SubmitRequest { ..SubmitRequest::scm(scm().user, "https://git.example/platform?#abc", "f28") };
        let error = input_documents(&fetched(STREAM), &platform, &SubmitPolicy::default()).expect_err("a base module");
        assert_eq!(error.code(), "MS0135");
    }

    #[test]
    fn a_privileged_module_may_say_that_its_context_is_chosen() {
        let privileged_modules = [ModuleName::new("app").expect("name")].into();
        let policy = SubmitPolicy { privileged_modules, ..SubmitPolicy::default() };
        let text = format!("{STREAM}  context: c0\n  xmd: {{mbs: {{static_context: true}}}}\n");
        let found = input_documents(&fetched(&text), &scm(), &policy).expect("documents").documents;
        assert_eq!(summary(&found[0]), "app:main:20210211130027:c0  Some(1)");
    }

    #[test]
    fn tests_of_packages_are_skipped_by_a_macro_after_those_of_the_document() {
        let request = SubmitRequest { skip_tests: true, ..scm() };
        let macros = |text: &str| {
            let found = input_documents(&fetched(text), &request, &SubmitPolicy::default()).expect("documents");
            found.documents.into_iter().map(|one| one.buildopts.rpms.macros.expect("macros")).collect::<Vec<_>>()
        };
        assert_eq!(macros(STREAM), ["\n\n%__spec_check_pre exit 0\n"]);
        let with = format!("{STREAM}  buildopts: {{rpms: {{macros: \"%a b\"}}}}\n");
        assert_eq!(macros(&with), ["%a b\n\n%__spec_check_pre exit 0\n"]);
        assert_eq!(macros(PACKAGER).len(), 2);
        assert_eq!(documents(STREAM).expect("documents")[0].buildopts.rpms.macros, None);
    }

    #[test]
    fn other_options_of_the_packager_stay_beside_the_contexts() {
        let text =
            format!("{STREAM}{}", CONTEXTS.replace("{mbs_options: {", "{mbs_options: {repo_include_all: true, "));
        for document in documents(&text).expect("documents") {
            assert!(document.repo_include_all());
            assert_eq!(document.mbs_option("contexts"), None::<&Value>);
        }
    }
}
