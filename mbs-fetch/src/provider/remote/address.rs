//! Where a build service lists its builds.

use mbs_core::source::{CacheUrl, UrlError};

/// What marks an address as that of a build service.
pub(in crate::provider) const PREFIX: &str = "mbs+";

/// The path of build services.
const SERVICE: &str = "module-build-service";

/// The list of builds.
const BUILDS: &str = "module-builds";

/// Whether an address is one of a build service by its looks.
pub(in crate::provider) fn is_service(text: &str) -> bool {
    let plain = text.strip_prefix(PREFIX);
    let web = |text: &str| text.starts_with("http://") || text.starts_with("https://");
    plain.is_some_and(web) || (web(text) && format!("{text}/").contains(&format!("/{SERVICE}/")))
}

/// The address of the list of builds, without the slash at its end.
///
/// Taken are the list itself, the service with the number of its interface (`.../module-build-service/2/`), and the
/// service or just its host, which means version 1, which all services have.
pub(super) fn list_address(text: &str) -> Result<CacheUrl, UrlError> {
    const KIND: &str = "build service";
    let plain = text.strip_prefix(PREFIX).unwrap_or(text);
    let url = CacheUrl::parse(plain).map_err(|error| UrlError { kind: KIND, ..error })?;
    if url.scheme() == "file" {
        let problem = "is no address of a server; write `https://`";
        return Err(UrlError { kind: KIND, shown: url.to_string(), problem });
    }
    let last = url.last_segment();
    Ok(if last == BUILDS {
        url
    } else if !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()) {
        url.file(&[BUILDS])
    } else if last == SERVICE {
        url.file(&["1", BUILDS])
    } else {
        url.file(&[SERVICE, "1", BUILDS])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_service_ends_at_its_list() {
        for (text, expected) in [
            ("https://h/module-build-service/1/module-builds/", "https://h/module-build-service/1/module-builds"),
            ("https://h/module-build-service/2/", "https://h/module-build-service/2/module-builds"),
            ("https://h/module-build-service", "https://h/module-build-service/1/module-builds"),
            ("mbs+http://h:5000", "http://h:5000/module-build-service/1/module-builds"),
            ("mbs+https://h/builds/2/module-builds", "https://h/builds/2/module-builds"),
        ] {
            assert!(is_service(text), "{text}");
            assert_eq!(list_address(text).expect(text).to_string(), expected);
        }
        for other in
            ["https://h/modules.yaml", "/srv/module-build-service/1", "mbs+/srv", "https://h/my-module-build-service"]
        {
            assert!(!is_service(other), "{other}");
        }
        let error = list_address("mbs+https://ann:secret@h/x?y").expect_err("query").to_string();
        assert!(error.starts_with("build service `https://***@h"), "{error}");
    }
}
