//! Logging in with tickets of a real key server, at a web server that takes them.
//!
//! Skipped, with a word why, where the key server, `kinit` or apache with its module is not installed. The library reads
//! where its files are from the environment, so each case runs in a process of its own: this test program again.

use crate::apache::{Apache, program, run};
use mbs_koji::rpc::{
    CallError, HttpTransport, Hub, Identity, Login, LoginError, NegotiateError, SystemGssapi, Transport,
};
use mbs_testkit::SimClock;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use url::Url;

const REALM: &str = "TEST.EXAMPLE";
/// What the case is to do, where the hub is, and the keytab.
const CASE: &str = "MBS_KOJI_TEST_CASE";
const HUB: &str = "MBS_KOJI_TEST_HUB";
const KEYTAB: &str = "MBS_KOJI_TEST_KEYTAB";

fn missing() -> Option<String> {
    let programs = ["krb5kdc", "kdb5_util", "kadmin.local", "kinit", "kill"];
    let mut lacks: Vec<_> = programs.into_iter().filter(|name| program(name).is_none()).collect();
    let modules = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"];
    if !modules.iter().any(|folder| Path::new(folder).join("mod_auth_gssapi.so").exists()) {
        lacks.push("mod_auth_gssapi");
    }
    (!lacks.is_empty()).then(|| format!("skipped: not installed: {}", lacks.join(", ")))
}

/// A running key server; stopped when dropped.
struct KeyServer {
    folder: TempDir,
}

impl KeyServer {
    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a path").to_owned()
    }

    fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
        let server = Self { folder };
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let base = server.folder.path().display();
        fs::write(
            server.path("krb5.conf"),
            format!(
                "[libdefaults]\ndefault_realm = {REALM}\ndns_lookup_kdc = false\ndns_lookup_realm = false\nrdns = false\n\
                 dns_canonicalize_hostname = false\n[realms]\n{REALM} = {{\nkdc = 127.0.0.1:{port}\n}}\n\
                 [domain_realm]\nlocalhost = {REALM}\n"
            ),
        )
        .expect("a file");
        fs::write(
            server.path("kdc.conf"),
            format!(
                "[kdcdefaults]\nkdc_listen = 127.0.0.1:{port}\nkdc_tcp_listen = 127.0.0.1:{port}\n[realms]\n{REALM} = {{\n\
                 database_name = {base}/principal\nkey_stash_file = {base}/stash\nacl_file = {base}/acl\n}}\n\
                 [logging]\nkdc = FILE:{base}/kdc.log\ndefault = FILE:{base}/kdc.log\n"
            ),
        )
        .expect("a file");
        server.run("kdb5_util", &["create", "-s", "-r", REALM, "-P", "master"], &[]);
        for (principal, keytab) in [("HTTP/localhost", "http.keytab"), ("mbs", "mbs.keytab")] {
            let add = format!("addprinc -randkey {principal}");
            server.run("kadmin.local", &["-r", REALM, "-q", &add], &[]);
            let export = format!("ktadd -k {} {principal}", server.path(keytab));
            server.run("kadmin.local", &["-r", REALM, "-q", &export], &[]);
            fs::set_permissions(server.path(keytab), fs::Permissions::from_mode(0o644)).expect("a mode");
        }
        let pid = server.path("kdc.pid");
        server.run("krb5kdc", &["-r", REALM, "-P", &pid], &[]);
        server
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![("KRB5_CONFIG", self.path("krb5.conf")), ("KRB5_KDC_PROFILE", self.path("kdc.conf"))]
    }

    fn run(&self, name: &str, arguments: &[&str], more: &[(&str, &str)]) {
        let environment = self.environment();
        let mut all: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.extend(more);
        run(&program(name).expect("asked before"), arguments, &all);
    }

    /// Gets tickets for an hour into a file.
    fn kinit(&self, cache: &str) {
        let arguments = ["-k", "-t", &self.path("mbs.keytab"), "-l", "1h", "-c", &self.path(cache), "mbs"];
        self.run("kinit", &arguments, &[]);
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        let pid = fs::read_to_string(self.path("kdc.pid")).expect("the number of the server");
        run(&program("kill").expect("asked before"), &[pid.trim()], &[]);
    }
}

/// Runs a case in a process of its own.
#[expect(clippy::disallowed_methods, reason = "the library takes its settings from the environment of its process")]
fn case(keys: &KeyServer, server: &Apache, name: &str, cache: &str) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "kerberos::one_case", "--ignored", "--nocapture"]);
    command.envs(keys.environment()).env("KRB5CCNAME", format!("FILE:{}", keys.path(cache)));
    command.env(CASE, name).env(HUB, format!("http://localhost:{}/kojihub", server.port));
    command.env(KEYTAB, keys.path("mbs.keytab"));
    let output = command.output().expect("this program starts");
    let log = fs::read_to_string(server.path("error.log")).unwrap_or_default();
    assert!(output.status.success(), "{name}: {output:?}\n{log}");
}

#[test]
fn tickets_open_sessions_and_their_lack_is_told() {
    if let Some(why) = missing() {
        eprintln!("{why}");
        return;
    }
    let keys = KeyServer::start();
    let settings = format!(
        "<Location /kojihub/ssllogin>\nAuthType GSSAPI\nAuthName hub\nGssapiCredStore keytab:{}\nRequire valid-user\n</Location>\n",
        keys.path("http.keytab")
    );
    let environment = keys.environment();
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let server = Apache::start(TempDir::new().expect("a folder"), &["auth_gssapi"], &settings, &environment);
    keys.kinit("cache");
    case(&keys, &server, "cache", "cache");
    case(&keys, &server, "keytab", "none");
    case(&keys, &server, "none", "none");
    let line = format!("/kojihub/ssllogin 200 - mbs@{REALM}");
    assert!(server.logged(&line, 2), "{}", server.log());
    age(&keys.path("cache"));
    case(&keys, &server, "expired", "cache");
}

/// Makes the tickets of a cache a day older. A ticket in the file has the moments of its login, its start and its end, in
/// seconds as four bytes each.
fn age(cache: &str) {
    const DAY: u32 = 86_400;
    let mut bytes = fs::read(cache).expect("a cache");
    let moment = |bytes: &[u8], at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let mut found = 0;
    for at in 0..bytes.len() - 12 {
        let [login, start, end] = [0, 4, 8].map(|offset| moment(&bytes, at + offset));
        if login > DAY && start == login && (1..=3_600).contains(&end.saturating_sub(start)) {
            for offset in [0, 4, 8] {
                let older = moment(&bytes, at + offset) - DAY;
                bytes[at + offset..at + offset + 4].copy_from_slice(&older.to_be_bytes());
            }
            found += 1;
        }
    }
    assert!(found > 0, "a ticket in the cache");
    fs::write(cache, bytes).expect("a cache");
}

#[tokio::test]
#[ignore = "run by the test above, with an environment of its own"]
async fn one_case() {
    let Ok(case) = std::env::var(CASE) else { return };
    let url = Url::parse(&std::env::var(HUB).expect("an address")).expect("an address");
    let mut tickets = SystemGssapi::new();
    if case == "keytab" {
        tickets = tickets.keytab(std::env::var(KEYTAB).expect("a path")).principal(format!("mbs@{REALM}"));
    }
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(None, None).expect("TLS"));
    let login = Login::new(Identity::Ticket { negotiator: Arc::new(tickets) });
    let hub = Hub::builder(url, transport, Arc::new(SimClock::default())).login(login).build();
    let result = hub.log_in().await;
    let problem = match &result {
        Err(CallError::Login { source, .. }) => match &**source {
            LoginError::Negotiate(error) => Some(error),
            _ => None,
        },
        _ => None,
    };
    match case.as_str() {
        "none" => assert!(matches!(problem, Some(NegotiateError::NoTicket { .. })), "{result:?}"),
        "expired" => assert!(matches!(problem, Some(NegotiateError::Expired { .. })), "{result:?}"),
        _ => result.expect("a session"),
    }
}
