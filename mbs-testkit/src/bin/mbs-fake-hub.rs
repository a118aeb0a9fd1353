//! A Koji hub for tests as a program.

use mbs_testkit::koji::{FakeHub, FaultPlan, Front, Hub, HubVersion, Script, Stop};
use std::io::Write;
use std::process::ExitCode;

const USAGE: &str = "\
usage: mbs-fake-hub [OPTION...]

Plays a Koji hub on the loopback interface until it is ended. Prints its address in one line.

  --hub-version VERSION  1.29, 1.30, 1.34 or 1.35 (default: 1.35)
  --port PORT            port to listen on (default: a free one)
  --certificate NAME     the name in the certificate that every client is taken to hold (default: mbs; empty: none)
  --script FILE          how builds and repositories come out, as JSON
  --faults FILE          what goes wrong between client and hub, as JSON
  --setup FILE           calls of `kojiadmin` to begin with, as JSON: [{\"method\": M, \"params\": [...]}, ...]
  --latency MS           milliseconds by which every answer is late
  --stop-before N        fall silent before doing request N
  --stop-after N         fall silent after doing request N, its answer lost
  --help                 this text

Users: kojiadmin (admin), mbs (tag, target, repo, content generator module-build-service), kojira; passwords as names.

Steered while it runs at /control: GET tells the number of requests, by kind and method; POST takes JSON with any of
script, faults, calls, advance (seconds), ticks, expire_sessions, clear_log, resume. Examples:
  {\"script\": {\"packages\": {\"foo\": [{\"end\": \"fails\", \"polls\": 2}, {}]}, \"repo_failures\": 1}}
  {\"faults\": {\"rules\": [{\"method\": \"build\", \"what\": \"reset-after\"}, {\"request\": 7, \"what\": {\"status\": 502}}]}}";

fn main() -> ExitCode {
    match start(std::env::args().skip(1)) {
        Ok(None) => say(USAGE),
        Ok(Some(hub)) => {
            let code = say(&hub.url());
            hub.run();
            code
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}\nhint: `mbs-fake-hub --help` tells the options");
            ExitCode::from(2)
        }
    }
}

fn say(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    ExitCode::SUCCESS
}

#[derive(serde::Deserialize)]
struct Call {
    method: String,
    #[serde(default)]
    params: Vec<mbs_koji::rpc::xml::Value>,
}

fn start(mut args: impl Iterator<Item = String>) -> Result<Option<FakeHub>, String> {
    let mut version = HubVersion::default();
    let mut port = 0;
    let mut certificate = "mbs".to_owned();
    let mut script = Script::default();
    let mut plan = FaultPlan::default();
    let (mut latency, mut stop) = (None, None);
    let mut setup: Vec<Call> = Vec::new();
    while let Some(arg) = args.next() {
        if arg == "--help" || arg == "-h" {
            return Ok(None);
        }
        if !arg.starts_with("--") {
            return Err(format!("unknown argument `{arg}`"));
        }
        let value = args.next().ok_or_else(|| format!("`{arg}` needs a value"))?;
        let wrong = |error: &dyn std::fmt::Display| format!("`{arg} {value}`: {error}");
        match arg.as_str() {
            "--hub-version" => version = value.parse().map_err(|error| wrong(&error))?,
            "--port" => port = value.parse().map_err(|error| wrong(&error))?,
            "--certificate" => certificate = value,
            "--script" => script = json(&value).map_err(|error| wrong(&error))?,
            "--faults" => plan = json(&value).map_err(|error| wrong(&error))?,
            "--setup" => setup = json(&value).map_err(|error| wrong(&error))?,
            "--latency" => latency = Some(value.parse().map_err(|error| wrong(&error))?),
            "--stop-before" => stop = Some(Stop::Before(value.parse().map_err(|error| wrong(&error))?)),
            "--stop-after" => stop = Some(Stop::After(value.parse().map_err(|error| wrong(&error))?)),
            _ => return Err(format!("unknown option `{arg}`")),
        }
    }
    let mut hub = Hub::new(version);
    *hub.script() = script;
    for call in setup {
        hub.admin(&call.method, call.params).map_err(|fault| format!("set-up: `{}`: {fault}", call.method))?;
    }
    let mut front = Front::new(hub);
    front.certificate = Some(certificate).filter(|name| !name.is_empty());
    front.plan = plan;
    front.plan.latency_ms = latency.unwrap_or(front.plan.latency_ms);
    front.plan.stop = stop.or(front.plan.stop);
    FakeHub::listen(front, port).map(Some).map_err(|error| format!("cannot listen on port {port}: {error}"))
}

fn json<T: serde::de::DeserializeOwned>(path: &str) -> Result<T, String> {
    let text = std::fs::read(path).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}
