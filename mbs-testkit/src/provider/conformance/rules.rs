//! The rules.

use super::factory::ProviderFactory;
use crate::provider::{Sample, sample};
use crate::resolve::random_case;
use futures::future::join_all;
use mbs_core::resolve::{ExpandOptions, ModuleFacts, Provider, gather};
use mbs_core::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};

type Told = BTreeMap<Nsvc, ModuleFacts>;

fn name(text: &str) -> ModuleName {
    ModuleName::new(text).expect("the name is valid")
}

fn names(builds: &[Sample]) -> BTreeSet<ModuleName> {
    builds.iter().map(|sample| sample.nsvc().name).collect()
}

/// What the provider tells of a module, in an order of its own.
async fn told(factory: &dyn ProviderFactory, provider: &dyn Provider, name: &ModuleName) -> Told {
    let builds = provider.builds(name).await.expect("the provider answers");
    let count = builds.len();
    let told: Told = builds.iter().map(|facts| (facts.nsvc.clone(), normal(factory, facts))).collect();
    assert_eq!(told.len(), count, "a build of `{name}` is told more than once");
    told
}

fn normal(factory: &dyn ProviderFactory, facts: &ModuleFacts) -> ModuleFacts {
    let mut facts = facts.clone();
    factory.normalize(&mut facts);
    facts
}

fn expected(factory: &dyn ProviderFactory, builds: &[Sample], name: &ModuleName) -> Told {
    let facts = builds.iter().map(Sample::facts).filter(|facts| facts.nsvc.name == *name);
    facts.map(|facts| (facts.nsvc.clone(), normal(factory, &facts))).collect()
}

/// Every build is told as its document and state say, whatever its state, and none else.
pub async fn facts_are_those_of_the_builds(factory: &dyn ProviderFactory, seed: u64) {
    let builds = sample(seed);
    let provider = factory.knowing(&builds).await;
    for name in names(&builds) {
        assert_eq!(told(factory, &*provider, &name).await, expected(factory, &builds, &name), "builds of `{name}`");
    }
}

/// Having no builds is an answer.
pub async fn an_unknown_module_has_no_builds(factory: &dyn ProviderFactory) {
    for builds in [Vec::new(), sample(0)] {
        let provider = factory.knowing(&builds).await;
        assert_eq!(told(factory, &*provider, &name("nobody-knows")).await, Told::new());
    }
}

/// A name is not a pattern, a beginning, or a matter of upper and lower case.
pub async fn names_are_taken_as_they_are(factory: &dyn ProviderFactory) {
    let provider = factory.knowing(&sample(0)).await;
    for other in ["assum", "Assumed", "assume_", "assume%", "assume*", "assumed&name=stated", "assumed+", "not"] {
        assert_eq!(told(factory, &*provider, &name(other)).await, Told::new(), "`{other}`");
    }
}

/// A build that was handed over twice, as one with documents for several architectures, is one build; the first counts.
pub async fn a_build_is_told_once(factory: &dyn ProviderFactory) {
    let mut builds = Vec::new();
    for sample in sample(1) {
        for arch in ["x86_64", "aarch64"] {
            let mut twin = sample.clone();
            twin.document.arch = Some(arch.to_owned());
            builds.push(twin);
        }
    }
    let provider = factory.knowing(&builds).await;
    for name in names(&builds) {
        assert_eq!(told(factory, &*provider, &name).await, expected(factory, &builds, &name), "builds of `{name}`");
    }
}

/// The order in which builds became known does not show.
pub async fn the_order_of_builds_does_not_matter(factory: &dyn ProviderFactory) {
    let mut builds = sample(2);
    let forth = factory.knowing(&builds).await;
    builds.reverse();
    let back = factory.knowing(&builds).await;
    for name in names(&builds) {
        assert_eq!(told(factory, &*forth, &name).await, told(factory, &*back, &name).await, "builds of `{name}`");
    }
}

/// A question has the same answer every time.
pub async fn asking_again_gives_the_same(factory: &dyn ProviderFactory) {
    let builds = sample(3);
    let provider = factory.knowing(&builds).await;
    for name in names(&builds) {
        let first = told(factory, &*provider, &name).await;
        assert_eq!(told(factory, &*provider, &name).await, first, "builds of `{name}`");
    }
}

/// Questions do not get in each other's way.
pub async fn asking_at_the_same_time_gives_the_same(factory: &dyn ProviderFactory) {
    let builds = sample(4);
    let provider = factory.knowing(&builds).await;
    let names: Vec<ModuleName> = names(&builds).into_iter().collect();
    let wanted: Vec<&ModuleName> = names.iter().cycle().take(names.len() * 4).collect();
    let answers = join_all(wanted.iter().map(|name| told(factory, &*provider, name))).await;
    for (name, answer) in wanted.iter().zip(answers) {
        assert_eq!(answer, expected(factory, &builds, name), "builds of `{name}`");
    }
}

/// An expansion looks at the same builds as if they were in memory.
pub async fn what_is_gathered_is_what_is_known(factory: &dyn ProviderFactory) {
    for seed in 0..5 {
        let case = random_case(seed);
        let builds: Vec<Sample> = case.builds.iter().map(Sample::of).collect();
        let provider = factory.knowing(&builds).await;
        let documents = [case.document];
        let universe = gather(&*provider, &documents, &case.options).await.expect("the provider answers");
        assert!(universe.knows(base(&case.options)), "the base module was not asked for");
        for name in names(&builds).iter().filter(|name| universe.knows(name.as_str())) {
            let gathered = universe.builds(name.as_str());
            let gathered: Told = gathered.iter().map(|facts| (facts.nsvc.clone(), normal(factory, facts))).collect();
            assert_eq!(gathered, expected(factory, &builds, name), "builds of `{name}`");
        }
    }
}

fn base(options: &ExpandOptions) -> &str {
    options.base_modules.first().map_or("platform", ModuleName::as_str)
}

/// Not knowing is an error, and never an answer without builds.
pub async fn a_failure_is_an_error_that_names_the_module(factory: &dyn ProviderFactory) {
    let Some(provider) = factory.failing().await else { return };
    for _ in 0..2 {
        let wanted = name("wanted");
        let error = provider.builds(&wanted).await.expect_err("it cannot know");
        assert_eq!(error.name, wanted);
        assert!(!error.problem.is_empty(), "{error}");
    }
}
