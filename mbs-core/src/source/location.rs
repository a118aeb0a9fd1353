//! Addresses of git repositories and look-aside caches.
//!
//! Both types keep credentials apart from what is shown: `Display` and `Debug` never print them.

use std::fmt;
use std::str::FromStr;
use url::Url;

/// Why a text is not an acceptable address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} `{shown}` {problem}")]
pub struct UrlError {
    /// What the text should have been, for example `git repository`.
    pub kind: &'static str,
    /// The text as found, without credentials and with control characters escaped.
    pub shown: String,
    /// What is wrong with it; reads on after the text.
    pub problem: &'static str,
}

impl UrlError {
    /// Describes `text` with its credentials taken out.
    pub(super) fn new(kind: &'static str, text: &str, problem: &'static str) -> Self {
        Self { kind, shown: redact(text).escape_debug().to_string(), problem }
    }
}

/// Replaces what may be credentials in a text that should be a URL.
///
/// Works on texts that are no valid URL either, so it rather hides too much: everything between `://` (or the
/// start) and the last `@`.
pub fn redact(text: &str) -> String {
    let Some(at) = text.rfind('@') else { return text.to_owned() };
    match text.find("://") {
        Some(scheme) if scheme < at => format!("{}***{}", &text[..scheme + 3], &text[at..]),
        _ => format!("***{}", &text[at..]),
    }
}

/// User name and password from a URL, percent-decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// User name; may be a token.
    pub user: String,
    /// Password; empty when the URL has none.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

/// Address of a git repository: `https`, `http`, `git`, `ssh` or `file`, without query and fragment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryUrl(Url);

/// Address of a look-aside cache: `https`, `http` or `file`, without query and fragment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CacheUrl(Url);

impl RepositoryUrl {
    /// Reads the address of a repository and brings it into one form.
    ///
    /// Accepted are the schemes `https`, `http`, `git`, `ssh`, `file`, those with `git+` before them (which is
    /// removed), and absolute paths (which become `file` URLs). Slashes at the end are removed.
    ///
    /// # Errors
    /// [`UrlError`] for other schemes, remote helpers such as `ext::`, texts that a program could take for an
    /// option, control characters (also percent-encoded), passwords in `ssh` URLs and addresses without a path.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        const KIND: &str = "git repository";
        let bad = |problem| Err(UrlError::new(KIND, text, problem));
        let plain = text.strip_prefix("git+").unwrap_or(text);
        let scheme = plain.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        if scheme.as_deref() == Some("rsync") {
            return bad("uses rsync, which git no longer speaks");
        }
        let url = base(KIND, text, plain, &["https", "http", "git", "ssh", "file"])?;
        if url.path().trim_matches('/').is_empty() {
            return bad("names no repository: it has no path");
        }
        if url.scheme() == "ssh" && url.password().is_some() {
            return bad("holds a password, which ssh does not take from a URL");
        }
        if matches!(url.scheme(), "git" | "file") && (!url.username().is_empty() || url.password().is_some()) {
            return bad("holds credentials, which this scheme does not use");
        }
        Ok(Self(url))
    }

    /// What [`RepositoryUrl::parse`] says about a text, for those who do not need the address. Cheap for usual ones.
    ///
    /// # Errors
    /// As [`RepositoryUrl::parse`].
    pub fn check(text: &str) -> Result<(), UrlError> {
        let plain = text.strip_prefix("git+").unwrap_or(text);
        if is_simple(plain, &["https", "http", "git", "ssh"]) { Ok(()) } else { Self::parse(text).map(|_| ()) }
    }

    /// Address for the git program, without HTTP credentials: those are in [`RepositoryUrl::credentials`].
    ///
    /// The user name of an `ssh` address is part of it.
    pub fn git_url(&self) -> String {
        if self.0.scheme() == "ssh" { self.0.to_string() } else { without_credentials(&self.0).to_string() }
    }

    /// User name and password of an `http` or `https` address.
    pub fn credentials(&self) -> Option<Credentials> {
        if matches!(self.0.scheme(), "http" | "https") { credentials(&self.0) } else { None }
    }

    /// The address with its credentials, to be stored and read again. Never show or log it.
    pub fn secret_text(&self) -> &str {
        self.0.as_str()
    }

    /// Name of the repository: the last part of the path without `.git`.
    pub fn name(&self) -> String {
        let last = self.0.path().trim_matches('/').rsplit('/').next().unwrap_or_default();
        let name = percent_decode(last);
        name.strip_suffix(".git").filter(|rest| !rest.is_empty()).unwrap_or(&name).to_owned()
    }

    /// The scheme in lower case, without `git+`.
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// The same address with one more path segment, as a default repository is made from a base and a name.
    pub fn join(&self, segment: &str) -> Self {
        Self(push(&self.0, [segment]))
    }
}

impl CacheUrl {
    /// Reads the address of a look-aside cache: `https`, `http`, `file` or an absolute path.
    ///
    /// # Errors
    /// [`UrlError`] for other schemes, a query or fragment, control characters and option-like texts.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let url = base("look-aside cache", text, text, &["https", "http", "file"])?;
        Ok(Self(url))
    }

    /// What [`CacheUrl::parse`] says about a text, for those who do not need the address. Cheap for usual ones.
    ///
    /// # Errors
    /// As [`CacheUrl::parse`].
    pub fn check(text: &str) -> Result<(), UrlError> {
        if is_simple(text, &["https", "http"]) { Ok(()) } else { Self::parse(text).map(|_| ()) }
    }

    /// The address of a file below the cache; each segment is percent-encoded as needed.
    pub fn file(&self, segments: &[&str]) -> Self {
        Self(push(&self.0, segments.iter().copied()))
    }

    /// The last part of the path, percent-decoded; empty for a cache at the root of its server.
    pub fn last_segment(&self) -> String {
        percent_decode(self.0.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default())
    }

    /// The scheme in lower case.
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// The URL with its credentials, for the one place that sends the request. Never log it.
    pub fn secret_url(&self) -> &Url {
        &self.0
    }
}

macro_rules! shown {
    ($type:ty) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&shown(&self.0))
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&shown(&self.0), f)
            }
        }
        impl FromStr for $type {
            type Err = UrlError;
            fn from_str(text: &str) -> Result<Self, UrlError> {
                Self::parse(text)
            }
        }
    };
}
shown!(RepositoryUrl);
shown!(CacheUrl);

/// Whether a text is an address that certainly passes all checks: `scheme://host/path` of letters, digits and few
/// signs, with a host that is no number and a path that names something. Rather too seldom yes than once too often.
fn is_simple(text: &str, schemes: &[&str]) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let Some((host, path)) = rest.strip_prefix("//").and_then(|rest| rest.split_once('/')) else { return false };
    // Parts of letters and digits, with `-` or `.` in between only.
    let mut before = b'.';
    let mut letters = true;
    for byte in host.bytes() {
        match byte {
            b'a'..=b'z' => {}
            b'0'..=b'9' => letters = false,
            // `--` is part of encoded names of other scripts, which have rules of their own.
            b'-' if before != b'-' && before != b'.' => letters = false,
            b'.' if before != b'-' && before != b'.' => letters = true,
            _ => return false,
        }
        before = byte;
    }
    // A last part with digits may be the end of a number.
    if before == b'-' || before == b'.' || !letters || host.len() > 60 || !schemes.contains(&scheme) {
        return false;
    }
    let mut before = b'/';
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'+' | b'~' => {}
            b'.' | b'/' if before != b'/' => {}
            _ => return false,
        }
        before = byte;
    }
    before != b'/'
}

/// The checks both kinds of address share.
fn base(kind: &'static str, text: &str, plain: &str, schemes: &[&str]) -> Result<Url, UrlError> {
    let bad = |problem| UrlError::new(kind, text, problem);
    if text.is_empty() {
        return Err(bad("is empty"));
    }
    if text.starts_with('-') || plain.starts_with('-') {
        return Err(bad("starts with `-`"));
    }
    // Before blanks: most helpers take a command line, and what matters is that it would be run.
    if plain.split_once("::").is_some_and(|(helper, _)| helper.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')) {
        return Err(bad("names a git remote helper, which is not allowed"));
    }
    if text.chars().any(char::is_control) || (text.contains(' ') && !plain.starts_with('/')) {
        return Err(bad("contains a blank or a control character"));
    }
    let absolute;
    let plain = if plain.starts_with('/') {
        // A path is text, not a URL: characters with a meaning in URLs are encoded here.
        absolute = plain.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        &format!("file://{absolute}")
    } else {
        plain
    };
    let Some((scheme, _)) = plain.split_once("://") else {
        return Err(bad("has no scheme; write `https://`, `ssh://`, `file://` or an absolute path"));
    };
    if !schemes.contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(bad("has a scheme that is not supported here"));
    }
    let mut url = Url::parse(plain).map_err(|_| bad("is not a valid URL"))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("has a query or fragment"));
    }
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "file" if !host.is_empty() => return Err(bad("names a host; a `file` URL starts with `file:///`")),
        "file" => {}
        _ if host.is_empty() => return Err(bad("names no host")),
        // ssh would take such a host or user for an option.
        _ if host.starts_with('-') || percent_decode(url.username()).starts_with('-') => {
            return Err(bad("has a host or user that starts with `-`"));
        }
        _ => {}
    }
    for part in [url.path(), url.username(), url.password().unwrap_or_default(), host] {
        if percent_decode_bytes(part).iter().any(u8::is_ascii_control) {
            return Err(bad("contains a percent-encoded control character"));
        }
    }
    let trimmed = url.path().trim_end_matches('/').to_owned();
    url.set_path(&trimmed);
    Ok(url)
}

fn shown(url: &Url) -> String {
    if url.scheme() == "ssh" || (url.username().is_empty() && url.password().is_none()) {
        return url.to_string();
    }
    let bare = without_credentials(url).to_string();
    bare.replacen("://", "://***@", 1)
}

fn without_credentials(url: &Url) -> Url {
    let mut bare = url.clone();
    // Both only fail for URLs that cannot hold credentials.
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare
}

fn credentials(url: &Url) -> Option<Credentials> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    Some(Credentials {
        user: percent_decode(url.username()),
        password: percent_decode(url.password().unwrap_or_default()),
    })
}

fn push<'a>(url: &Url, segments: impl IntoIterator<Item = &'a str>) -> Url {
    let mut longer = url.clone();
    // Only URLs without `//` have no segments; such URLs are refused when they are read.
    if let Ok(mut path) = longer.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    longer
}

fn percent_decode_bytes(text: &str) -> Vec<u8> {
    let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        match (bytes[i], hex(bytes.get(i + 1)), hex(bytes.get(i + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                i += 3;
            }
            (byte, ..) => {
                out.push(byte);
                i += 1;
            }
        }
    }
    out
}

/// Decodes `%XX`; a text that is not UTF-8 afterwards stays as it was.
fn percent_decode(text: &str) -> String {
    String::from_utf8(percent_decode_bytes(text)).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_brought_into_one_form() {
        for (text, expected, name) in [
            ("git+https://src.example.org/rpms/perl.git/", "https://src.example.org/rpms/perl.git", "perl"),
            ("git://src.example.org/rpms/bash", "git://src.example.org/rpms/bash", "bash"),
            ("/srv/git/a b", "file:///srv/git/a%20b", "a b"),
            ("/srv/git/a%b#c", "file:///srv/git/a%25b%23c", "a%b#c"),
            ("file:///srv/git/x//", "file:///srv/git/x", "x"),
            ("ssh://git@src.example.org/rpms/x.git", "ssh://git@src.example.org/rpms/x.git", "x"),
            ("HTTPS://Src.Example.org/x", "https://src.example.org/x", "x"),
        ] {
            let url = RepositoryUrl::parse(text).expect(text);
            assert_eq!((url.to_string().as_str(), url.name().as_str()), (expected, name));
        }
    }

    #[test]
    fn addresses_that_run_programs_are_refused() {
        for text in [
            "",
            "ext::sh -c true",
            "ext::sh",
            "git+ext::sh",
            "fd::17",
            "--upload-pack=touch /tmp/x",
            "-u",
            "git+--upload-pack=x",
            "ssh://-oProxyCommand=x/repo",
            "ssh://%2doProxyCommand=x@host/repo",
            "git://host/a%0ahost=b",
            "https://host/a\nb",
            "rsync://host/x",
            "git+rsync://host/x",
            "ftp://host/x",
            "git@host:rpms/x",
            "relative/path",
            "file://host/x",
            "https://host",
            "https:///x?y",
            "https://host/a b",
            "ssh://u:secret@host/x",
        ] {
            let error = RepositoryUrl::parse(text).expect_err(text);
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_remote_helper_is_named_as_such_whatever_its_command_is() {
        for text in ["ext::sh -c true", "git+ext::sh", "fd::17"] {
            let error = RepositoryUrl::parse(text).expect_err(text);
            assert!(error.problem.contains("remote helper"), "{error}");
        }
    }

    #[test]
    fn credentials_are_never_shown() {
        let url = RepositoryUrl::parse("https://bob:s%40cret@host/x.git").expect("url");
        assert_eq!(url.to_string(), "https://***@host/x.git");
        assert!(!format!("{url:?}").contains("cret"));
        assert_eq!(url.git_url(), "https://host/x.git");
        assert_eq!(RepositoryUrl::parse(url.secret_text()).expect("url"), url);
        let credentials = url.credentials().expect("credentials");
        assert_eq!((credentials.user.as_str(), credentials.password.as_str()), ("bob", "s@cret"));
        assert!(!format!("{credentials:?}").contains("bob"));

        let error = RepositoryUrl::parse("ftp://bob:se/cret@host/x").expect_err("scheme");
        assert_eq!(error.shown, "ftp://***@host/x");
        let cache = CacheUrl::parse("http://token@host/cache/").expect("url");
        assert_eq!(cache.file(&["a b", "c#d"]).to_string(), "http://***@host/cache/a%20b/c%23d");
    }

    #[test]
    fn usual_addresses_are_simple_and_odd_ones_are_not() {
        let schemes = ["https", "http", "git", "ssh"];
        for text in ["git://pkgs.example.org/rpms/perl-List-Compare", "https://h/a", "http://a-b.c9.org/x_y/z~1.0/g++"]
        {
            assert!(is_simple(text, &schemes), "{text}");
            RepositoryUrl::parse(text).expect(text);
        }
        for text in [
            "https://h",
            "https://h/",
            "https://1.2/x",
            "https://h/..",
            "https://h/%0a",
            "https://-h/x",
            "https://h/a//b",
        ] {
            assert!(!is_simple(text, &schemes), "{text}");
            assert_eq!(RepositoryUrl::check(text), RepositoryUrl::parse(text).map(|_| ()), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn simple_addresses_pass_all_checks(
            scheme in "(git[+])?(https|http|git|ssh|file)",
            host in "[a-z0-9.x-]{1,8}",
            path in "[a-zA-Z0-9._+~/-]{0,12}",
        ) {
            let text = format!("{scheme}://{host}/{path}");
            proptest::prop_assert_eq!(RepositoryUrl::check(&text), RepositoryUrl::parse(&text).map(|_| ()));
            proptest::prop_assert_eq!(CacheUrl::check(&text), CacheUrl::parse(&text).map(|_| ()));
        }
    }

    #[test]
    fn a_cache_has_no_query() {
        assert!(CacheUrl::parse("https://host/cache?token=1").is_err());
        assert!(CacheUrl::parse("git://host/cache").is_err());
        assert_eq!(CacheUrl::parse("https://host").expect("root").file(&["x"]).to_string(), "https://host/x");
    }
}
