//! Several providers as one.

use super::facts::ModuleFacts;
use super::known::{DocumentProvider, KnownBuild};
use super::provider::{Provider, ProviderError};
use crate::{ModuleName, Nsvc, StreamName};
use async_trait::async_trait;
use futures::future::join_all;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Several providers, the most trusted first. A build that several know counts as the first of them tells it; the
/// builds of all are joined. All are asked at the same time.
///
/// There are no half answers: if one of them fails, so does the whole, and the error names which one. Of several that
/// fail, the first is told.
#[derive(Debug)]
pub struct LayeredProvider<P: ?Sized = dyn Provider> {
    layers: Vec<(String, Arc<P>)>,
}

impl<P: ?Sized> Clone for LayeredProvider<P> {
    fn clone(&self) -> Self {
        Self { layers: self.layers.clone() }
    }
}

impl<P: ?Sized> Default for LayeredProvider<P> {
    fn default() -> Self {
        Self { layers: Vec::new() }
    }
}

impl<P: ?Sized> LayeredProvider<P> {
    /// No providers: knows nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a provider behind the others. `title` names it in errors; it must not hold credentials.
    pub fn push(&mut self, title: impl Into<String>, provider: Arc<P>) {
        self.layers.push((title.into(), provider));
    }

    /// The same with one more provider behind the others.
    pub fn with(mut self, title: impl Into<String>, provider: Arc<P>) -> Self {
        self.push(title, provider);
        self
    }

    /// The titles of the providers, the most trusted first.
    pub fn titles(&self) -> impl ExactSizeIterator<Item = &str> {
        self.layers.iter().map(|(title, _)| title.as_str())
    }

    /// Joins the answers of all layers: the first that knows an identity wins.
    fn join<T>(
        &self,
        answers: Vec<Result<Vec<T>, ProviderError>>,
        identity: impl Fn(&T) -> &Nsvc,
    ) -> Result<Vec<T>, ProviderError> {
        let mut known = BTreeSet::new();
        let mut joined = Vec::new();
        for ((title, _), answer) in self.layers.iter().zip(answers) {
            let answer = answer.map_err(|error| error.within(title))?;
            joined.extend(answer.into_iter().filter(|build| known.insert(identity(build).clone())));
        }
        Ok(joined)
    }
}

impl ProviderError {
    /// The same error, with the provider that it comes from.
    fn within(self, title: &str) -> Self {
        Self { problem: format!("`{title}`: {}", self.problem), ..self }
    }
}

#[async_trait]
impl<P: Provider + ?Sized> Provider for LayeredProvider<P> {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        let answers = join_all(self.layers.iter().map(|(_, provider)| provider.builds(name))).await;
        self.join(answers, |facts| &facts.nsvc)
    }

    async fn names(&self) -> Result<Vec<ModuleName>, ProviderError> {
        let answers = join_all(self.layers.iter().map(|(_, provider)| provider.names())).await;
        // A list that cannot be had takes no other suggestion away.
        Ok(answers.into_iter().flatten().flatten().collect())
    }
}

#[async_trait]
impl<P: DocumentProvider + ?Sized> DocumentProvider for LayeredProvider<P> {
    async fn documents_of(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<KnownBuild>, ProviderError> {
        let answers = join_all(self.layers.iter().map(|(_, provider)| provider.documents_of(name, stream))).await;
        self.join(answers, |build| &build.facts.nsvc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::ModuleState;
    use crate::resolve::MemoryProvider;
    use crate::resolve::testing::Facts;
    use futures::executor::block_on;

    fn memory(builds: &[(&str, ModuleState)]) -> Arc<dyn Provider> {
        let facts = |(nsvc, state): &(&str, _)| Facts::base(nsvc).state(*state).0;
        Arc::new(MemoryProvider::new(builds.iter().map(facts)))
    }

    #[derive(Debug)]
    struct Broken;

    #[async_trait]
    impl Provider for Broken {
        async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
            Err(ProviderError { name: name.clone(), problem: "the disk is full".to_owned(), source: None })
        }
    }

    #[test]
    fn the_first_that_knows_a_build_wins_and_the_rest_is_joined() {
        let near = memory(&[("a:1:1:c", ModuleState::Failed)]);
        let far = memory(&[("a:1:1:c", ModuleState::Ready), ("a:1:2:c", ModuleState::Ready)]);
        let layers = LayeredProvider::new().with("near", near).with("far", far);
        let name = ModuleName::new("a").expect("name");
        let builds = block_on(layers.builds(&name)).expect("builds");
        let found: Vec<_> = builds.iter().map(|build| (build.nsvc.to_string(), build.state)).collect();
        assert_eq!(found, [("a:1:1:c".to_owned(), ModuleState::Failed), ("a:1:2:c".to_owned(), ModuleState::Ready)]);
        let none = LayeredProvider::<dyn Provider>::new();
        assert!(block_on(none.builds(&name)).expect("builds").is_empty());
    }

    #[test]
    fn one_that_fails_fails_the_whole_and_is_named() {
        let layers = LayeredProvider::new()
            .with("store", memory(&[("a:1:1:c", ModuleState::Ready)]))
            .with("mirror", Arc::new(Broken));
        let error = block_on(layers.builds(&ModuleName::new("a").expect("name"))).expect_err("fails");
        assert_eq!(error.to_string(), "cannot tell which builds of module `a` exist: `mirror`: the disk is full");
    }
}
