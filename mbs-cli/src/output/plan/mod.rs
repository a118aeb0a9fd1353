//! What would be built, for people, programs and graphs.

mod dot;
mod explanation;
mod json;
mod text;
mod view;

pub(crate) use dot::plan_dot;
pub(crate) use explanation::{explanation_json, why_json};
pub(crate) use json::plan_json;
pub(crate) use text::plan_text;
pub(crate) use view::{BuildView, PlanView};
