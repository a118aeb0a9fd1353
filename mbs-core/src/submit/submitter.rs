//! A whole submission: from the request to builds that can be stored. Every rule is elsewhere.

use super::check::check_request;
use super::documents::{FetchedDocument, InputDocuments, input_documents};
use super::end_of_life::{LifeCycle, check_end_of_life};
use super::error::SubmitError;
use super::included::IncludedSource;
use super::origin::Origin;
use super::pipeline::Planner;
use super::policy::SubmitPolicy;
use super::prepare::prepare_document;
use super::remembered::Remembered;
use super::request::SubmitRequest;
use super::reusing::Reusing;
use super::settings::Settings;
use super::srpms::{CustomSrpms, SourceRpmReader};
use super::submission::{Submissions, Warning};
use super::support_stream::{ReleaseSchedule, add_support_suffixes};
use super::virtual_streams::base_names_needed;
use crate::modulemd::{Diagnostic, Loss, ModuleStream};
use crate::resolve::{Explanation, Provider, Universe, expand, explain, gather};
use crate::reuse::RebuildStrategy;
use crate::source::{Source, SourceError};
use async_trait::async_trait;
use chrono::NaiveDate;

/// Fetches the document that a request names.
#[async_trait]
pub trait DocumentSource: Send + Sync {
    /// The document of the request, with where it came from.
    ///
    /// # Errors
    /// [`SourceError`] if it cannot be had.
    async fn fetch(&self, request: &SubmitRequest) -> Result<FetchedDocument, SourceError>;
}

/// Makes builds of requests, with everything that it has to ask for on the way.
#[derive(Clone, Copy)]
pub struct Submitter<'a> {
    /// Fetches documents.
    pub documents: &'a dyn DocumentSource,
    /// Fetches documents of included modules.
    pub included: &'a dyn IncludedSource,
    /// Tells which builds of other modules exist; [`Self::submit`] and [`Self::plan`] ask for each module once.
    pub provider: &'a dyn Provider,
    /// Looks up the refs of components; none: that is done when a build starts.
    pub source: Option<&'a dyn Source>,
    /// Whether refs are looked up only if there is an earlier build to compare with.
    pub lazy_source: bool,
    /// Tells which streams are maintained; none: all are.
    pub life_cycle: Option<&'a dyn LifeCycle>,
    /// Tells which base streams are released, and the day that it is (UTC); none: support streams are not looked at.
    pub schedule: Option<(&'a dyn ReleaseSchedule, NaiveDate)>,
    /// Reads source packages on this machine; none: they have to be uploaded.
    pub srpms: Option<&'a dyn SourceRpmReader>,
    /// Finds components of earlier builds; none: everything is built.
    pub reuse: Option<&'a Reusing<'a>>,
    /// What submitters may do, and which builds count.
    pub policy: &'a SubmitPolicy,
    /// What the system decides. What the request or the policy says goes before: owner, scratch, strategy, privileged
    /// modules and everything about expansion.
    pub settings: &'a Settings,
}

/// What a request comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Submitted {
    /// The builds.
    pub submissions: Submissions,
    /// What deserves a look in the text of the document.
    pub diagnostics: Vec<Diagnostic>,
    /// What the text says and the builds do not.
    pub losses: Vec<Loss>,
}

/// Documents that can be expanded, with all that is known of them.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadyDocuments {
    /// The documents: one, or one for each context that the packager chose.
    pub documents: Vec<ModuleStream>,
    /// Where they came from.
    pub origin: Origin,
    /// What the submitter should know of.
    pub warnings: Vec<Warning>,
    /// What deserves a look in the text of the document.
    pub diagnostics: Vec<Diagnostic>,
    /// What the text says and the documents do not.
    pub losses: Vec<Loss>,
}

impl<'a> Submitter<'a> {
    /// A submitter that looks up no refs, reuses nothing and knows no life cycles, releases and source packages.
    pub fn new(
        documents: &'a dyn DocumentSource,
        included: &'a dyn IncludedSource,
        provider: &'a dyn Provider,
        policy: &'a SubmitPolicy,
        settings: &'a Settings,
    ) -> Self {
        Self {
            documents,
            included,
            provider,
            source: None,
            lazy_source: false,
            life_cycle: None,
            schedule: None,
            srpms: None,
            reuse: None,
            policy,
            settings,
        }
    }
}

impl Submitter<'_> {
    /// Checks a request, fetches its document and makes its builds. Nothing is stored.
    ///
    /// Whether the build to reuse from exists has to be checked before, see [`super::check_reuse`], and whether new
    /// builds of the branch are allowed when they are stored, see [`super::check_new_build`].
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn submit(&self, request: &SubmitRequest) -> Result<Submitted, SubmitError> {
        check_request(request, self.policy)?;
        let fetched = self.documents.fetch(request).await.map_err(|error| SubmitError::Sources(vec![error]))?;
        self.submit_fetched(request, &fetched).await
    }

    /// The same with a document that was fetched, for a request that was checked.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn submit_fetched(
        &self,
        request: &SubmitRequest,
        fetched: &FetchedDocument,
    ) -> Result<Submitted, SubmitError> {
        // All steps see the same builds.
        let provider = Remembered::new(self.provider);
        let same = Submitter { provider: &provider, ..*self };
        let ready = same.prepare_fetched(request, fetched).await?;
        same.plan(request, &ready).await
    }

    /// Reads, checks and prepares a document that was fetched, for a request that was checked: everything up to the
    /// expansion.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn prepare_fetched(
        &self,
        request: &SubmitRequest,
        fetched: &FetchedDocument,
    ) -> Result<ReadyDocuments, SubmitError> {
        if let Some(life_cycle) = self.life_cycle {
            check_end_of_life(request, self.policy, life_cycle).await?;
        }
        let InputDocuments { documents, diagnostics, losses } = input_documents(fetched, request, self.policy)?;
        let (documents, warnings) = self.prepare(documents, request).await?;
        let branch = request.branch().map(str::to_owned).or_else(|| fetched.origin.branch.clone());
        let origin = Origin { branch, ..fetched.origin.clone() };
        Ok(ReadyDocuments { documents, origin, warnings, diagnostics, losses })
    }

    /// Makes the builds of prepared documents.
    ///
    /// Refs of components are looked up if there is a [`Self::source`]; where that is only needed to compare with
    /// earlier builds, see [`Self::lazy_source`].
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn plan(&self, request: &SubmitRequest, ready: &ReadyDocuments) -> Result<Submitted, SubmitError> {
        let provider = Remembered::new(self.provider);
        let (srpms, more) = CustomSrpms::of(&request.srpms, self.srpms)?;
        let settings = Settings { srpms, ..self.settings(request) };
        let candidates = match self.reuse {
            Some(reuse) => reuse.candidates(&ready.documents).await?,
            _ => Vec::new(),
        };
        let compares = settings.strategy != RebuildStrategy::All;
        let compares = compares && self.reuse.is_some_and(|reuse| reuse.wants(&candidates));
        let planner = Planner {
            provider: &provider,
            included: self.included,
            source: self.source.filter(|_| !self.lazy_source || compares),
            read: &self.policy.read,
            settings: &settings,
        };
        let mut submissions = Submissions::default();
        submissions.append(Submissions { builds: Vec::new(), warnings: ready.warnings.clone() });
        submissions.append(Submissions { builds: Vec::new(), warnings: more });
        submissions.append(planner.plan(&ready.documents, &ready.origin).await?);
        if let Some(reuse) = self.reuse {
            reuse.decide(&mut submissions, &candidates, &provider, &settings.expand).await?;
        }
        Ok(Submitted { submissions, diagnostics: ready.diagnostics.clone(), losses: ready.losses.clone() })
    }

    /// Why each document comes to the builds that it comes to, or to none.
    ///
    /// # Errors
    /// [`SubmitError::Provider`].
    pub async fn explain(&self, ready: &ReadyDocuments) -> Result<Vec<Explanation>, SubmitError> {
        let options = &self.policy.expand;
        let universe = gather(self.provider, &ready.documents, options).await?;
        let one = |document| explain(&universe, document, options, &expand(&universe, document, options));
        Ok(ready.documents.iter().map(one).collect())
    }

    /// Brings the wishes of the request and the streams of base modules into the documents.
    async fn prepare(
        &self,
        documents: Vec<ModuleStream>,
        request: &SubmitRequest,
    ) -> Result<(Vec<ModuleStream>, Vec<Warning>), SubmitError> {
        let expand = &self.policy.expand;
        let mut bases = Vec::new();
        for name in base_names_needed(&documents, expand) {
            bases.extend(self.provider.builds(&name).await?);
        }
        let bases = Universe::new(bases, expand);
        let (mut ready, mut warnings) = (Vec::with_capacity(documents.len()), Vec::new());
        for document in documents {
            let mut prepared = prepare_document(document, request, self.policy, &bases)?;
            warnings.append(&mut prepared.warnings);
            if let Some((schedule, today)) = self.schedule {
                let document = &mut prepared.document;
                warnings.extend(add_support_suffixes(document, request, self.policy, schedule, today).await);
            }
            ready.push(prepared.document);
        }
        Ok((ready, warnings))
    }

    fn settings(&self, request: &SubmitRequest) -> Settings {
        Settings {
            expand: self.policy.expand.clone(),
            privileged: self.policy.privileged_modules.clone(),
            owner: request.submitter().clone(),
            scratch: request.scratch,
            strategy: self.policy.strategy_for(request),
            ..self.settings.clone()
        }
    }
}

impl std::fmt::Debug for Submitter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Submitter");
        shown.field("provider", &self.provider).field("policy", &self.policy).field("settings", &self.settings);
        shown.finish_non_exhaustive()
    }
}
