//! Name, stream and version of a module, by where its document comes from.

use super::origin::Origin;
use super::policy::SubmitPolicy;
use super::request::{SubmitInput, SubmitRequest, given};
use super::request_error::RequestError;
use crate::identity::timestamp_version;
use crate::source::ScmUrl;
use crate::{ModuleName, StreamName};

/// What a document says about its identity.
#[derive(Debug, Default)]
pub(super) struct Written<'d> {
    pub(super) name: Option<&'d str>,
    pub(super) stream: Option<&'d str>,
    pub(super) version: Option<u64>,
}

/// What that comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: ModuleName,
    pub(super) stream: StreamName,
    pub(super) version: u64,
}

impl Written<'_> {
    /// Fills in what the document leaves open, and checks what it says.
    pub(super) fn complete(
        &self,
        origin: &Origin,
        request: &SubmitRequest,
        policy: &SubmitPolicy,
    ) -> Result<Named, RequestError> {
        match &request.input {
            SubmitInput::Scm { scmurl } => {
                let url = given(scmurl.as_ref()).and_then(|text| ScmUrl::parse(text).ok());
                let repository = url.map(|url| url.repository.name()).or_else(|| origin.name_hint.clone());
                self.in_repository(repository.as_deref(), origin, request, policy)
            }
            SubmitInput::Yaml { file_name, .. } => self.as_text(file_name.as_deref(), origin, request, policy),
        }
    }

    /// A module from a repository is named after it, its stream after the branch, and its version is the commit's time.
    fn in_repository(
        &self,
        repository: Option<&str>,
        origin: &Origin,
        request: &SubmitRequest,
        policy: &SubmitPolicy,
    ) -> Result<Named, RequestError> {
        let wished =
            |text: &Option<String>| given(text.as_ref()).filter(|_| policy.allow_names_with_scm).map(str::to_owned);
        let (wished_name, wished_stream) = (wished(&request.module_name), wished(&request.module_stream));
        let name = match (self.name, wished_name.as_deref().or(repository)) {
            (Some(found), Some(expected)) if found != expected && !policy.allow_name_override_from_scm => {
                return Err(RequestError::NameDiffers { found: found.to_owned(), expected: expected.to_owned() });
            }
            (found, expected) => found.or(expected).ok_or(RequestError::NoName)?,
        };
        let branch = request.branch().or(origin.branch.as_deref()).unwrap_or(&policy.default_branch);
        let expected = if policy.allow_dashes_in_svc { branch.to_owned() } else { branch.replace('-', "_") };
        let stream = match (wished_stream.as_deref(), self.stream) {
            (Some(wished), _) => {
                no_dash("stream", wished, policy)?;
                wished
            }
            (None, Some(found)) => {
                no_dash("stream", found, policy)?;
                if found != expected && !policy.allow_stream_override_from_scm {
                    let (found, branch) = (found.to_owned(), branch.to_owned());
                    return Err(RequestError::StreamDiffers { found, expected, branch });
                }
                found
            }
            (None, None) => &expected,
        };
        if let Some(version) = self.version {
            return Err(RequestError::VersionGiven(version));
        }
        let version = timestamp_version(origin.time.timestamp())?.0;
        Ok(Named { name: ModuleName::new(name)?, stream: StreamName::new(stream)?, version })
    }

    /// A text names itself; the request and its file help where it does not.
    fn as_text(
        &self,
        file_name: Option<&str>,
        origin: &Origin,
        request: &SubmitRequest,
        policy: &SubmitPolicy,
    ) -> Result<Named, RequestError> {
        let wished = |text: &Option<String>| given(text.as_ref()).map(str::to_owned);
        let name = self.name.map(str::to_owned).or_else(|| wished(&request.module_name));
        let name = name.or_else(|| file_name.and_then(stem).map(str::to_owned)).or_else(|| origin.name_hint.clone());
        let name = ModuleName::new(name.ok_or(RequestError::NoName)?)?;
        let stream = wished(&request.module_stream).or_else(|| self.stream.map(str::to_owned));
        let stream = stream.or_else(|| origin.stream_hint.clone()).unwrap_or_else(|| policy.default_branch.clone());
        no_dash("stream", &stream, policy)?;
        let version = match self.version {
            Some(version) => version,
            None => timestamp_version(origin.time.timestamp())?.0,
        };
        Ok(Named { name, stream: StreamName::new(stream)?, version })
    }
}

/// The name of a file without folder and extension.
fn stem(file_name: &str) -> Option<&str> {
    let base = file_name.rsplit('/').next().unwrap_or(file_name);
    let stem = match base.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => base,
    };
    Some(stem).filter(|stem| !stem.is_empty())
}

/// Refuses a dash, where the policy does.
pub(super) fn no_dash(what: &'static str, text: &str, policy: &SubmitPolicy) -> Result<(), RequestError> {
    match policy.dash_in(text) {
        Some(text) => Err(RequestError::Dash { what, text: text.to_owned() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;
    use chrono::DateTime;

    fn origin() -> Origin {
        Origin {
            name_hint: None,
            stream_hint: None,
            scmurl: None,
            commit: None,
            branch: None,
            time: DateTime::from_timestamp(1_613_048_427, 0).expect("time"),
        }
    }

    fn found(
        name: Option<&str>,
        stream: Option<&str>,
        version: Option<u64>,
        request: &SubmitRequest,
        policy: &SubmitPolicy,
    ) -> String {
        match (Written { name, stream, version }).complete(&origin(), request, policy) {
            Ok(named) => format!("{}:{}:{}", named.name, named.stream, named.version),
            Err(error) => error.code().to_owned(),
        }
    }

    fn owner() -> Owner {
        Owner::new("ann").expect("owner")
    }

    #[test]
    fn a_module_from_a_repository_is_called_after_it_and_its_branch() {
        let request = |branch| SubmitRequest::scm(owner(), "https://git.example/modules/app.git?#abc", branch);
        let strict = SubmitPolicy::default();
        let free = SubmitPolicy {
            allow_name_override_from_scm: true,
            allow_stream_override_from_scm: true,
            ..SubmitPolicy::default()
        };
        let dashes = SubmitPolicy { allow_dashes_in_svc: true, ..SubmitPolicy::default() };
        for (name, stream, version, branch, policy, expected) in [
            (None, None, None, "f28", &strict, "app:f28:20210211130027"),
            (Some("app"), Some("f28"), None, "f28", &strict, "app:f28:20210211130027"),
            (Some("other"), None, None, "f28", &strict, "MS0128"),
            (Some("other"), None, None, "f28", &free, "other:f28:20210211130027"),
            (None, Some("f29"), None, "f28", &strict, "MS0129"),
            (None, Some("f29"), None, "f28", &free, "app:f29:20210211130027"),
            (None, None, None, "stream-1-x", &strict, "app:stream_1_x:20210211130027"),
            (None, Some("stream_1_x"), None, "stream-1-x", &strict, "app:stream_1_x:20210211130027"),
            (None, Some("stream-1-x"), None, "stream-1-x", &strict, "MS0130"),
            (None, Some("stream-1"), None, "f28", &free, "MS0130"),
            (None, Some("stream-1-x"), None, "stream-1-x", &dashes, "app:stream-1-x:20210211130027"),
            (None, None, None, "stream-1-x", &dashes, "app:stream-1-x:20210211130027"),
            (None, Some("stream_1_x"), None, "stream-1-x", &dashes, "MS0129"),
            (None, None, Some(7), "f28", &strict, "MS0131"),
            (Some("other"), Some("f29"), Some(7), "f28", &strict, "MS0128"),
            (None, None, None, "private/x", &strict, "MS0121"),
            (None, None, None, "stream-1-x", &SubmitPolicy::local(), "app:stream-1-x:20210211130027"),
        ] {
            let text = found(name, stream, version, &request(branch), policy);
            assert_eq!(text, expected, "{name:?} {stream:?} {version:?} {branch}");
        }
    }

    #[test]
    fn a_request_may_name_the_stream_of_a_module_from_a_repository_where_the_policy_says_so() {
        let request = SubmitRequest {
            module_name: Some("asked".to_owned()),
            module_stream: Some("wished".to_owned()),
            ..SubmitRequest::scm(owner(), "https://git.example/modules/app?#abc", "f28")
        };
        let local = SubmitPolicy::local();
        assert_eq!(found(None, Some("f29"), None, &request, &local), "asked:wished:20210211130027");
        assert_eq!(found(Some("own"), None, None, &request, &local), "own:wished:20210211130027");
        assert_eq!(found(None, None, None, &request, &SubmitPolicy::default()), "app:f28:20210211130027");
    }

    #[test]
    fn a_text_names_itself_before_the_request_and_its_file_do() {
        let plain = SubmitRequest::yaml(owner(), "", None);
        let file = SubmitRequest::yaml(owner(), "", Some("dir.d/app.v1.yaml".to_owned()));
        let asked = SubmitRequest {
            module_name: Some("asked".to_owned()),
            module_stream: Some("wished".to_owned()),
            ..file.clone()
        };
        let empty =
            SubmitRequest { module_name: Some(String::new()), module_stream: Some(String::new()), ..file.clone() };
        let policy = SubmitPolicy::default();
        for (name, stream, version, request, expected) in [
            (Some("app"), Some("1"), None, &plain, "app:1:20210211130027"),
            (Some("app"), Some("1"), Some(7), &plain, "app:1:7"),
            (Some("app"), None, None, &plain, "app:master:20210211130027"),
            (None, Some("1"), None, &plain, "MS0127"),
            (None, None, Some(7), &file, "app.v1:master:7"),
            (None, Some("1"), Some(7), &empty, "app.v1:1:7"),
            (Some("app"), Some("1"), Some(7), &asked, "app:wished:7"),
            (None, Some("1"), Some(7), &asked, "asked:wished:7"),
            (Some("app"), Some("1-x"), None, &plain, "MS0130"),
            (Some("a b"), Some("1"), None, &plain, "MS0121"),
        ] {
            assert_eq!(found(name, stream, version, request, &policy), expected, "{name:?} {stream:?} {version:?}");
        }
        assert_eq!(found(Some("app"), Some("1-x"), Some(7), &plain, &SubmitPolicy::local()), "app:1-x:7");
    }

    #[test]
    fn hints_of_the_origin_come_last() {
        let origin = Origin { name_hint: Some("n".to_owned()), stream_hint: Some("s".to_owned()), ..origin() };
        let request = SubmitRequest::yaml(owner(), "", None);
        let named = Written::default().complete(&origin, &request, &SubmitPolicy::default()).expect("named");
        assert_eq!((named.name.as_str(), named.stream.as_str()), ("n", "s"));
    }

    #[test]
    fn files_are_named_without_folder_and_last_extension() {
        for (file, expected) in [
            ("a/b.yaml", Some("b")),
            ("b", Some("b")),
            (".yaml", Some(".yaml")),
            ("a.b.yaml", Some("a.b")),
            ("a/", None),
        ] {
            assert_eq!(stem(file), expected, "{file}");
        }
    }
}
