//! The contract of [`Provider`](mbs_core::resolve::Provider), one function for each rule of it.
//!
//! A provider is handed over as a [`ProviderFactory`]. [`run_all`] runs every rule; each is also there as a function of
//! its own, which panics when the rule in its name is broken. The suite runs on any executor.
#![expect(clippy::missing_panics_doc, reason = "a conformance function panics when the rule in its name is broken")]

mod factory;
mod rules;
#[cfg(test)]
mod tests;

pub use factory::{LayeredFactory, MemoryFactory, ProviderFactory};
pub use rules::{
    a_build_is_told_once, a_failure_is_an_error_that_names_the_module, an_unknown_module_has_no_builds,
    asking_again_gives_the_same, asking_at_the_same_time_gives_the_same, facts_are_those_of_the_builds,
    names_are_taken_as_they_are, the_order_of_builds_does_not_matter, what_is_gathered_is_what_is_known,
};

/// Checks every rule, over the builds of several seeds.
pub async fn run_all(factory: &dyn ProviderFactory) {
    for seed in 0..5 {
        facts_are_those_of_the_builds(factory, seed).await;
    }
    an_unknown_module_has_no_builds(factory).await;
    names_are_taken_as_they_are(factory).await;
    a_build_is_told_once(factory).await;
    the_order_of_builds_does_not_matter(factory).await;
    asking_again_gives_the_same(factory).await;
    asking_at_the_same_time_gives_the_same(factory).await;
    what_is_gathered_is_what_is_known(factory).await;
    a_failure_is_an_error_that_names_the_module(factory).await;
}
