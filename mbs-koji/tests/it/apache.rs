//! A web server that asks for the client certificate only below one address, as the one of a hub does.
//!
//! Skipped, with a word why, where apache, `openssl` or `curl` is not installed.

use crate::script::opened_text;
use mbs_koji::rpc::{CurlTransport, HttpTransport, Hub, Identity, Login, LoginError, Transport, TransportError, calls};
use mbs_testkit::SimClock;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use tempfile::TempDir;
use url::Url;

/// Why the tests cannot run here.
fn missing() -> Option<String> {
    let there = |name: &str| program(name).is_some();
    let lacks: Vec<_> = [
        ("apache2 or httpd", there("apache2") || there("httpd")),
        ("openssl", there("openssl")),
        ("curl", there("curl")),
    ]
    .into_iter()
    .filter_map(|(name, there)| (!there).then_some(name))
    .collect();
    (!lacks.is_empty()).then(|| format!("skipped: not installed: {}", lacks.join(", ")))
}

pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/bin"].map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

#[expect(clippy::disallowed_methods, reason = "the tests start servers and make their keys")]
pub(crate) fn run(program: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let output = Command::new(program).args(arguments).envs(environment.iter().copied()).output();
    let output = output.expect("the program starts");
    assert!(output.status.success(), "{} {arguments:?}: {output:?}", program.display());
    output
}

/// A running server; stopped when dropped.
pub(crate) struct Apache {
    folder: TempDir,
    program: PathBuf,
    pub(crate) port: u16,
}

impl Apache {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a server that answers logins below `/kojihub/ssllogin` and all else with a user.
    pub(crate) fn start(folder: TempDir, modules: &[&str], settings: &str, environment: &[(&str, &str)]) -> Self {
        // The server gives up being root.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
        let program = program("apache2").or_else(|| program("httpd")).expect("asked before");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let server = Self { folder, program, port };
        server.configure(modules, settings);
        let file = server.path("apache.conf");
        run(&server.program, &["-f", file.to_str().expect("a path"), "-k", "start"], environment);
        server
    }

    fn with_tls(protocol: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        keys(folder.path());
        let path = folder.path().display();
        let settings = format!(
            "SSLEngine on\nSSLProtocol {protocol}\nSSLCertificateFile {path}/server.crt\n\
             SSLCertificateKeyFile {path}/server.key\nSSLCACertificateFile {path}/ca.crt\n\
             <Location /kojihub/ssllogin>\nSSLVerifyClient require\nSSLVerifyDepth 1\nSSLOptions +StdEnvVars\n</Location>\n"
        );
        Self::start(folder, &["socache_shmcb", "ssl"], &settings, &[])
    }

    fn configure(&self, modules: &[&str], settings: &str) {
        let folder = self.folder.path().display();
        let modules_of = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"];
        let library = modules_of.into_iter().find(|folder| Path::new(folder).is_dir()).expect("modules");
        let mut text = String::new();
        for name in ["mpm_event", "authz_core", "authz_user", "authn_core", "unixd", "log_config", "alias", "mime"]
            .iter()
            .chain(modules)
        {
            // Some distributions build some of them in.
            let path = format!("{library}/mod_{name}.so");
            if Path::new(&path).exists() {
                writeln!(text, "LoadModule {name}_module {path}").expect("a text");
            }
        }
        // Only root needs to become somebody else.
        if fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0) {
            text.push_str("User nobody\nGroup #65534\n");
        }
        let port = self.port;
        write!(
            text,
            "ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\nListen 127.0.0.1:{port}\n\
             ServerName localhost:{port}\nErrorLog {folder}/error.log\nTypesConfig /dev/null\nMutex posixsem\n\
             CustomLog {folder}/access.log \"%U %>s %{{SSL_CLIENT_S_DN_CN}}e %u\"\n\
             Alias /kojihub/ssllogin {folder}/opened.xml\nAlias /kojihub {folder}/user.xml\nDocumentRoot {folder}/none\n\
             <Directory {folder}>\nRequire all granted\nForceType text/xml\n</Directory>\n{settings}"
        )
        .expect("a text");
        fs::create_dir(self.path("none")).expect("a folder");
        fs::write(self.path("apache.conf"), text).expect("a file");
        fs::write(self.path("opened.xml"), opened_text()).expect("a file");
        let user = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire/07-getLoggedInUser.response.xml");
        fs::copy(user, self.path("user.xml")).expect("a file");
    }

    fn hub(&self, certificate: &str, curl: &str) -> Hub {
        let (authority, certificate) = (self.path("ca.crt"), self.path(certificate));
        let plain = HttpTransport::new(Some(&authority), None).expect("TLS");
        let direct = HttpTransport::new(Some(&authority), Some(&certificate)).expect("TLS");
        let other = CurlTransport::new(certificate, Some(authority)).program(curl);
        let identity = Identity::Certificate { direct: Arc::new(direct), other: Some(Arc::new(other)) };
        let url = Url::parse(&format!("https://localhost:{}/kojihub", self.port)).expect("an address");
        let policy = mbs_koji::rpc::RetryPolicy { patience: std::time::Duration::ZERO, ..Default::default() };
        let hub = Hub::builder(url, Arc::new(plain) as Arc<dyn Transport>, Arc::new(SimClock::default()));
        hub.login(Login::new(identity)).policy(policy).build()
    }

    /// Waits until the log has this line so often: it is written after the answer is sent.
    pub(crate) fn logged(&self, line: &str, times: usize) -> bool {
        (0..100_000).any(|_| {
            std::thread::yield_now();
            self.log().matches(line).count() == times
        })
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("access.log")).expect("a log")
    }
}

/// An authority, the server's certificate and one client's.
fn keys(folder: &Path) {
    let openssl = program("openssl").expect("asked before");
    let path = |name: &str| folder.join(name).to_str().expect("a path").to_owned();
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let make = |name: &str, subject: &str, more: &[&str]| {
        let (key, certificate) = (path(&format!("{name}.key")), path(&format!("{name}.crt")));
        let mut arguments = vec!["req", "-x509", "-days", "2", "-subj", subject, "-keyout", &key, "-out", &certificate];
        arguments.extend(curve);
        arguments.extend(more);
        run(&openssl, &arguments, &[]);
    };
    make("ca", "/CN=test authority", &[]);
    let (ca, ca_key) = (path("ca.crt"), path("ca.key"));
    let signed = ["-CA", &ca, "-CAkey", &ca_key, "-addext", "basicConstraints=critical,CA:FALSE"];
    make("server", "/CN=localhost", &[&signed[..], &["-addext", "subjectAltName=DNS:localhost"]].concat());
    make("client", "/CN=mbs", &signed);
    make("stranger", "/CN=stranger", &["-addext", "basicConstraints=critical,CA:FALSE"]);
    for name in ["client", "stranger"] {
        let pem = [format!("{name}.key"), format!("{name}.crt")]
            .map(|file| fs::read_to_string(folder.join(&file)).expect("a file"));
        fs::write(folder.join(format!("{name}.pem")), pem.concat()).expect("a file");
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        run(&self.program, &["-f", self.path("apache.conf").to_str().expect("a path"), "-k", "stop"], &[]);
        // The folder is needed until the server is gone; it keeps its number there until then.
        while self.path("pid").exists() {
            std::thread::yield_now();
        }
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn skipped() -> bool {
    let why = missing();
    if let Some(why) = &why {
        eprintln!("{why}");
    }
    why.is_some()
}

async fn logs_in(protocol: &str) {
    let server = Apache::with_tls(protocol);
    let hub = server.hub("client.pem", "curl");
    let user = hub.call(calls::get_logged_in_user()).await.expect("a session");
    assert!(user.is_some());
    assert!(server.logged("/kojihub/ssllogin 200 mbs -\n", 1) && server.logged("/kojihub 200 ", 1), "{}", server.log());

    // Without the program the message tells what both ways came to.
    let error = server.hub("client.pem", "no-such-curl").log_in().await.expect_err("no way");
    let mbs_koji::rpc::CallError::Login { source, .. } = &error else { panic!("{error}") };
    assert!(matches!(**source, LoginError::BothWays { .. }), "{error}");
    assert!(error.to_string().contains("`curl` is not installed"), "{error}");

    // A certificate of somebody unknown is refused, and that is no reason to wait for an hour.
    server.hub("stranger.pem", "curl").log_in().await.expect_err("a stranger");
    assert!(!server.log().contains("ssllogin 200 stranger"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_asked_for_late_is_shown_with_tls_1_2() {
    if !skipped() {
        logs_in("TLSv1.2").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_asked_for_late_is_shown_with_tls_1_3() {
    if !skipped() {
        logs_in("TLSv1.3").await;
    }
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_is_refused() {
    if skipped() {
        return;
    }
    let server = Apache::with_tls("TLSv1.3");
    let other = server.path("stranger.crt");
    let url = Url::parse(&format!("https://localhost:{}/kojihub", server.port)).expect("an address");
    let request = || mbs_koji::rpc::HttpRequest {
        url: url.clone(),
        headers: vec![],
        body: b"x".as_slice().into(),
        answer_limit: 9999,
    };
    let error = HttpTransport::new(Some(&other), None).expect("TLS").send(request()).await.expect_err("unknown");
    assert!(matches!(error, TransportError::Certificate { .. }), "{error}");
    let curl = CurlTransport::new(server.path("client.pem"), Some(other));
    let error = curl.send(request()).await.expect_err("unknown");
    assert!(matches!(error, TransportError::Certificate { .. }), "{error}");
}
