//! Steering a hub from another process: `GET` and `POST` on `/control`.

use super::front::Front;
use super::log::RequestKind;
use super::message::{HttpRequest, Reply};
use super::plan::FaultPlan;
use crate::koji::script::Script;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

/// What can be changed. All members are optional.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Steps {
    /// Takes the place of the whole script.
    script: Option<Script>,
    /// Takes the place of the whole plan.
    faults: Option<FaultPlan>,
    /// Seconds that the hub's clock goes on.
    advance: i64,
    /// Lets all sessions expire.
    expire_sessions: bool,
    /// Moves the work on tasks on by so many steps.
    ticks: u32,
    /// Forgets the requests so far.
    clear_log: bool,
    /// Ends a silence.
    resume: bool,
    /// Calls of `kojiadmin`.
    calls: Vec<Call>,
}

#[derive(Debug, Deserialize)]
struct Call {
    method: String,
    #[serde(default)]
    params: Vec<mbs_koji::rpc::xml::Value>,
}

impl Front {
    /// The answer to a request that steers.
    pub(super) fn control(&mut self, request: &HttpRequest, now: chrono::DateTime<chrono::Utc>) -> Reply {
        let result = match request.method.as_str() {
            "POST" => serde_json::from_slice(&request.body)
                .map_err(|error| error.to_string())
                .and_then(|steps| self.take(steps, now)),
            _ => Ok(Vec::new()),
        };
        match result {
            Ok(results) => Reply::new(200, "application/json", self.report(&results).to_string()),
            Err(error) => Reply::new(400, "application/json", json!({ "error": error }).to_string()),
        }
    }

    fn take(&mut self, steps: Steps, now: chrono::DateTime<chrono::Utc>) -> Result<Vec<serde_json::Value>, String> {
        if let Some(script) = steps.script {
            *self.hub.script() = script;
        }
        if let Some(plan) = steps.faults {
            self.plan = plan;
        }
        self.clock += TimeDelta::try_seconds(steps.advance).unwrap_or_default();
        if steps.expire_sessions {
            self.hub.expire_sessions();
        }
        if steps.clear_log {
            self.clear_log();
        }
        if steps.resume {
            self.resume();
        }
        let results = steps.calls.into_iter().map(|call| {
            let result =
                self.hub.admin(&call.method, call.params).map_err(|fault| format!("`{}`: {fault}", call.method))?;
            serde_json::to_value(&result).map_err(|error| error.to_string())
        });
        let results = results.collect();
        (0..steps.ticks).for_each(|_| self.hub.tick(now + self.clock));
        results
    }

    fn report(&self, results: &[serde_json::Value]) -> serde_json::Value {
        let log = self.log();
        json!({
            "requests": log.total(),
            "session": log.of(RequestKind::Session),
            "polls": log.of(RequestKind::Poll),
            "uploads": log.of(RequestKind::Upload),
            "work": log.of(RequestKind::Work),
            "by_method": log.by_method(),
            "stopped": self.stopped(),
            "results": results,
        })
    }
}
