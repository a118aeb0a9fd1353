//! Everything that the user sees. Results go to standard output; progress, notes and errors to standard error.

mod bug;
mod failure;
mod history;
mod json;
mod out;
mod plan;
mod progress;
mod refusal;
mod sarif;
mod step;
mod text;

pub(crate) use bug::tell_of_bugs;
pub(crate) use failure::failure;
pub(crate) use history::{entry_json, entry_text};
pub(crate) use json::{BuildJson, SummaryJson, state_text, to_text};
pub(crate) use out::{Output, Verbosity};
pub(crate) use plan::{BuildView, PlanView, explanation_json, plan_dot, plan_json, plan_text, why_json};
pub(crate) use progress::Progress;
pub(crate) use refusal::{listed, refusal_json, unresolved_text};
pub(crate) use sarif::sarif;
pub(crate) use step::Step;
pub(crate) use text::{details, table};
