//! What git's messages mean.

use mbs_core::source::SourceError;

/// Texts (lower case) of a server that is there but does not have the wanted commit.
const NOT_THERE: [&str; 4] = ["not our ref", "unadvertised object", "couldn't find remote ref", "no such remote ref"];
/// Texts of a server that has no such repository.
const NO_REPOSITORY: [&str; 7] = [
    "does not appear to be a git repository",
    "not found",
    "does not exist",
    "repository not exported",
    "no such file or directory",
    "requested url returned error: 404",
    "requested url returned error: 410",
];
/// Texts of a server that wants other credentials.
const DENIED: [&str; 6] = [
    "authentication failed",
    "could not read username",
    "could not read password",
    "permission denied",
    "requested url returned error: 401",
    "requested url returned error: 403",
];
/// Texts of trouble on the way.
const NETWORK: [&str; 17] = [
    "could not resolve host",
    "unable to look up",
    "name or service not known",
    "temporary failure in name resolution",
    "connection refused",
    "connection timed out",
    "connection reset",
    "connection closed",
    "network is unreachable",
    "no route to host",
    "couldn't connect",
    "failed to connect",
    "operation too slow",
    "early eof",
    "rpc failed",
    "unable to connect",
    "requested url returned error: 5",
];

/// Whether git said that the server does not give out the wanted commit.
pub(super) fn is_not_there(stderr: &str) -> bool {
    let text = stderr.to_ascii_lowercase();
    NOT_THERE.iter().any(|part| text.contains(part))
}

/// Makes an error from what git said. `stderr` is printable already.
pub(super) fn classify(what: &'static str, address: &str, stderr: &str) -> SourceError {
    let text = stderr.to_ascii_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let (address, detail) = (address.to_owned(), detail(stderr));
    if says(&["no space left on device", "disk quota exceeded", "read-only file system"]) {
        return SourceError::disk("store", address)(std::io::Error::other(detail));
    }
    if !matches!(what, "fetch" | "ls-remote") {
        // About the cache on this machine, whatever the words.
        return SourceError::Git { what: what.to_owned(), repository: address, detail };
    }
    // Names that do not resolve are reported with "not known" or "not found" as well, so the network goes first.
    if says(&NETWORK) {
        SourceError::Network { address, detail }
    } else if says(&DENIED) {
        SourceError::AccessDenied { address, detail }
    } else if says(&NO_REPOSITORY) {
        SourceError::RepositoryAbsent { repository: address, detail }
    } else if says(&["the remote end hung up", "unexpected disconnect"]) {
        SourceError::Network { address, detail }
    } else {
        SourceError::Git { what: what.to_owned(), repository: address, detail }
    }
}

/// The lines that say something, in one line of at most 300 characters.
fn detail(stderr: &str) -> String {
    let told: Vec<&str> = stderr
        .lines()
        .map(str::trim)
        .filter(|line| ["fatal:", "error:", "remote:"].iter().any(|start| line.starts_with(start)))
        .collect();
    let all = if told.is_empty() { stderr.lines().map(str::trim).collect() } else { told };
    let text: String = all.join("; ").chars().take(300).collect();
    if text.is_empty() { "it gave no reason".to_owned() } else { text }
}

/// A program's output as text for people, without control characters that a terminal would obey.
#[expect(clippy::disallowed_methods, reason = "a message for people; nothing is named by it")]
pub(super) fn printable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mbs_core::Blame;

    #[test]
    fn the_network_is_told_apart_from_what_is_absent() {
        for (text, blame) in [
            ("fatal: unable to access 'https://h/x/': Could not resolve host: h", Blame::Infra),
            ("fatal: unable to access 'https://h/x/': The requested URL returned error: 503", Blame::Infra),
            ("fatal: unable to look up h (port 9418) (Name or service not known)", Blame::Infra),
            ("fatal: repository 'https://h/x/' not found", Blame::User),
            ("fatal: '/x' does not appear to be a git repository\nfatal: Could not read from remote", Blame::User),
            ("fatal: could not read Username for 'https://h': terminal prompts disabled", Blame::User),
            ("error: file write error: No space left on device", Blame::Infra),
            ("something new", Blame::Infra),
        ] {
            assert_eq!(classify("fetch", "https://h/x", text).blame(), blame, "{text}");
        }
        let local = classify("read-tree", "https://h/x", "fatal: unable to read: No such file or directory");
        assert_eq!(local.blame(), Blame::Infra);
    }

    #[test]
    fn messages_cannot_steer_a_terminal() {
        assert_eq!(printable(b"a\x1b[2Jb\r\nc\xff"), "a[2Jb\nc\u{fffd}");
    }
}
