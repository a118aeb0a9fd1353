//! Which repositories may be built from.

use super::policy::SubmitPolicy;
use super::request_error::RequestError;
use crate::source::{RepositoryUrl, ScmUrl, redact};
use url::Url;

/// Checks the address of a repository: first whether it is among the allowed ones, then its form.
pub(super) fn check_scm_url(text: &str, policy: &SubmitPolicy) -> Result<ScmUrl, RequestError> {
    let not_allowed = || RequestError::ScmUrlNotAllowed { shown: shown(text), allowed: policy.scm_prefixes.clone() };
    let wrong = |problem: &str| RequestError::ScmUrlShape { shown: shown(text), problem: problem.to_owned() };
    let prefixes: Vec<&String> = policy.scm_prefixes.iter().filter(|prefix| text.starts_with(*prefix)).collect();
    if prefixes.is_empty() && !policy.allow_custom_scmurls {
        return Err(not_allowed());
    }
    match text.split_once("://") {
        Some((scheme, _)) if !policy.scm_schemes.iter().any(|one| one == scheme) => {
            return Err(wrong(&format!("does not start with one of {}", policy.scm_schemes.join(", "))));
        }
        None if !policy.allow_local_paths => return Err(wrong("has no scheme")),
        _ => {}
    }
    let url = ScmUrl::parse(text).map_err(|error| RequestError::shape(&error))?;
    if policy.revision_required && url.reference.is_none() {
        return Err(wrong("names no commit"));
    }
    let host = parsed(&url.repository).and_then(|url| url.host_str().map(str::to_owned));
    if !policy.allow_custom_scmurls {
        // An address is read in a simpler way when it is compared than when it is used.
        let path = text.split(['?', '#']).next().unwrap_or(text);
        if path.split(['/', '\\']).any(is_dots) {
            return Err(not_allowed());
        }
        let of_prefix = |prefix: &String| Url::parse(prefix.strip_prefix("git+").unwrap_or(prefix)).ok();
        let hosts = prefixes.iter().map(|prefix| of_prefix(prefix)?.host_str().map(str::to_owned));
        if !hosts.into_iter().any(|one| one == host) {
            return Err(not_allowed());
        }
    }
    let (hosts, host) = (&policy.scm_hosts, host.unwrap_or_default());
    if !hosts.is_empty() && !hosts.iter().any(|glob| glob.matches(&host)) {
        let allowed = hosts.iter().map(|glob| glob.as_str().to_owned()).collect();
        return Err(RequestError::ScmHostNotAllowed { shown: shown(text), host, allowed });
    }
    Ok(url)
}

fn parsed(repository: &RepositoryUrl) -> Option<Url> {
    Url::parse(&repository.git_url()).ok()
}

/// Whether a part of a path leads upwards or nowhere.
fn is_dots(part: &str) -> bool {
    let plain = part.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

fn shown(text: &str) -> String {
    redact(text).escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::Glob;

    fn code(text: &str, policy: &SubmitPolicy) -> &'static str {
        check_scm_url(text, policy).map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn only_addresses_with_an_allowed_prefix_a_known_scheme_and_a_commit_will_do() {
        let policy = SubmitPolicy::default();
        let allowed = "https://src.fedoraproject.org/modules/";
        for (text, expected) in [
            (format!("{allowed}app?#abc"), "ok"),
            (format!("{allowed}app.git?folder#abc"), "ok"),
            (format!("{allowed}app#abc"), "ok"),
            ("https://git.example/modules/app?#abc".to_owned(), "MS0107"),
            ("https://user:secret@src.fedoraproject.org/modules/app?#abc".to_owned(), "MS0107"),
            (format!("{allowed}app"), "MS0108"),
            (format!("{allowed}app?#"), "MS0108"),
            (format!("{allowed}../../rpms/app?#abc"), "MS0107"),
            (format!("{allowed}%2E%2e/app?#abc"), "MS0107"),
            (format!("{allowed}..\\app?#abc"), "MS0107"),
        ] {
            assert_eq!(code(&text, &policy), expected, "{text}");
        }
    }

    #[test]
    fn a_prefix_without_an_end_does_not_open_other_hosts() {
        let scm_prefixes = vec!["https://git.example".to_owned()];
        let policy = SubmitPolicy { scm_prefixes, ..SubmitPolicy::default() };
        assert_eq!(code("https://git.example/app?#abc", &policy), "ok");
        assert_eq!(code("https://git.example@evil.example/app?#abc", &policy), "MS0107");
        assert_eq!(code("https://git.example.evil.example/app?#abc", &policy), "MS0107");
    }

    #[test]
    fn schemes_are_checked_and_paths_are_for_local_use() {
        let anywhere = SubmitPolicy { allow_custom_scmurls: true, ..SubmitPolicy::default() };
        for (text, expected) in [
            ("git+https://git.example/app?#abc", "ok"),
            ("git://git.example/app?#abc", "ok"),
            ("file:///srv/app?#abc", "ok"),
            ("ssh://git.example/app?#abc", "MS0108"),
            ("ftp://git.example/app?#abc", "MS0108"),
            ("git+rsync://git.example/app?#abc", "MS0108"),
            ("/srv/app?#abc", "MS0108"),
            ("ext::sh -c x?#abc", "MS0108"),
        ] {
            assert_eq!(code(text, &anywhere), expected, "{text}");
        }
        for text in ["/srv/app", "ssh://git@git.example/app", "https://git.example/app?#abc"] {
            assert_eq!(code(text, &SubmitPolicy::local()), "ok", "{text}");
        }
    }

    #[test]
    fn hosts_can_be_listed_as_globs() {
        let scm_hosts = vec![Glob::new("*.example")];
        let policy = SubmitPolicy { allow_custom_scmurls: true, scm_hosts, ..SubmitPolicy::default() };
        assert_eq!(code("https://git.example/app?#abc", &policy), "ok");
        assert_eq!(code("https://git.example.org/app?#abc", &policy), "MS0109");
        assert_eq!(code("file:///srv/app?#abc", &policy), "MS0109");
    }

    #[test]
    fn errors_hold_no_credentials() {
        let error = check_scm_url("https://ann:secret@git.example/app?#abc", &SubmitPolicy::default());
        assert!(!error.expect_err("refused").to_string().contains("secret"));
    }
}
