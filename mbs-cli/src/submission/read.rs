//! The way from options to builds that can be stored.

use super::args::{Base, SourceArgs, defaults, streams_by_module};
use super::lock::{Locked, Locks};
use super::modules::Known;
use super::select::select;
use crate::backend;
use crate::error::CliError;
use crate::session::Session;
use mbs_core::build::BuildOptions;
use mbs_core::modulemd::{Diagnostic, ReadOptions};
use mbs_core::resolve::Explanation;
use mbs_core::reuse::ReuseOptions;
use mbs_core::source::{RepositoryUrl, Source, TrustingSource};
use mbs_core::store::Store as _;
use mbs_core::submit::{
    FetchedDocument, Fingerprints, ReadyDocuments, RequestError, Reusing, Settings, Submissions, SubmitError,
    SubmitInput, SubmitPolicy, SubmitRequest, Submitter, check_request,
};
use mbs_core::{ModuleName, StreamName};
use mbs_fetch::{Documents, Fetcher};
use mbs_mock::rpms::SourceRpms;
use std::path::PathBuf;
use std::sync::Arc;

/// What a command wants beside what the user names.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    /// Whether builds that are only tried are made.
    pub(crate) scratch: bool,
    /// Source packages instead of sources.
    pub(crate) srpms: Vec<String>,
    /// Choices for the builds.
    pub(crate) options: BuildOptions,
    /// Whether this is a preview: refs are looked up only where it matters, and what cannot be looked up does no harm.
    pub(crate) preview: bool,
    /// File to lock every choice in; with it, everything is looked up.
    pub(crate) lock: Option<PathBuf>,
}

/// Where a preview takes components to be that name no repository: the default of the original service.
const ASSUMED_RPMS_URL: &str = "https://src.fedoraproject.org/rpms";

/// What the user named, up to its expansion.
pub(crate) struct Asked {
    request: SubmitRequest,
    policy: SubmitPolicy,
    settings: Settings,
    documents: Documents,
    fetcher: Arc<Fetcher>,
    pub(crate) known: Known,
    pub(crate) ready: ReadyDocuments,
    preview: bool,
    contexts: Vec<String>,
    text: String,
    lock: Option<PathBuf>,
    locked: Option<Locked>,
    /// The platform of this machine, which is assumed only if nobody knows a build of a base module.
    machine: Option<(ModuleName, StreamName)>,
}

/// Fetches, reads and prepares the document that the user names.
pub(crate) async fn ask(args: &SourceArgs, wishes: Wishes, session: &Session) -> Result<Asked, CliError> {
    let backend = args.backend.clone().or_else(|| session.config.backend.clone());
    let backend = backend.unwrap_or_else(|| backend::DEFAULT.to_owned());
    backend::check(&backend)?;
    let locked = args.locked.as_deref().map(Locked::read).transpose()?;
    let base = args.against.base(locked.as_ref().and_then(Locked::platform), session)?;
    let mut defaults = defaults(args, session)?;
    // A preview needs no sources, so it goes by those that the original service takes if nobody says otherwise.
    let assumed = wishes.preview && wishes.lock.is_none() && locked.is_none() && defaults.rpms_url.is_none();
    if assumed {
        defaults.rpms_url = RepositoryUrl::parse(ASSUMED_RPMS_URL).ok();
    }
    let mut policy = SubmitPolicy { read: ReadOptions::strict(), ..SubmitPolicy::local() };
    expansion(args, &base, &mut policy)?;
    let fetcher = session.fetcher()?;
    let documents = Documents::new(Arc::clone(&fetcher), Arc::clone(&session.clock));
    let named = fetcher.fetch_modulemd(&args.source).await?;
    let file_name = named.name_hint.clone();
    let time = locked.as_ref().and_then(Locked::time);
    let fetched = named.into_document(time.unwrap_or_else(|| session.clock.now()));
    let request = request(args, &wishes, &fetched, file_name, session)?;
    check_request(&request, &policy).map_err(SubmitError::from)?;
    let mut known = Known::open(&args.against, &base, &policy.expand, wishes.preview, session).await?;
    if let Some(locked) = &locked {
        locked.pin(&fetched.text, &mut known).await?;
    }
    let settings = Settings {
        options: wishes.options,
        defaults,
        ..Settings::new(backend, backend::machine_arch()?, session.environment.owner())
    };
    let submitter = Submitter::new(&documents, &documents, &*known.provider, &policy, &settings);
    let ready = match submitter.prepare_fetched(&request, &fetched).await {
        Ok(ready) => ready,
        Err(SubmitError::Request(RequestError::Malformed(diagnostics))) => return Err(malformed(diagnostics, fetched)),
        Err(error) => return Err(refused(error, locked.as_ref(), &fetched.text)),
    };
    if !ready.diagnostics.is_empty() {
        session.output.note(mbs_core::modulemd::render_all(&ready.diagnostics, &fetched.text).trim_end());
    }
    let mut components = ready.documents.iter().flat_map(|document| document.components.rpms.values());
    if assumed && components.any(|component| component.repository.is_none()) {
        session.output.note(&format!(
            "warning: components without a repository are taken to be in `{ASSUMED_RPMS_URL}`; a build needs `repository:` or `--rpms-url`"
        ));
    }
    if let (Base::None(_), true) = (&base, known.knows_no_base(&policy.expand).await?) {
        return Err(match base {
            Base::None(error) => error,
            Base::Named(..) | Base::Machine(..) => CliError::usage("no platform is known".to_owned()),
        });
    }
    Ok(Asked {
        request,
        policy,
        settings,
        documents,
        fetcher,
        known,
        ready,
        preview: wishes.preview && wishes.lock.is_none() && locked.is_none(),
        contexts: args.context.clone(),
        text: fetched.text,
        lock: wishes.lock,
        locked,
        machine: match base {
            Base::Machine(name, stream) => Some((name, stream)),
            Base::Named(..) | Base::None(_) => None,
        },
    })
}

impl Asked {
    /// The builds that the document comes to. Nothing is stored. Warnings are told.
    pub(crate) async fn plan(&self, session: &Session) -> Result<Submissions, CliError> {
        let fingerprints = backend::fingerprints(session);
        let planned = match self.try_plan(&fingerprints, true).await {
            Err(SubmitError::Sources(problems)) if self.preview => {
                for problem in problems {
                    session.output.note(&format!("warning: {problem}; what is taken from earlier builds is not known"));
                }
                self.try_plan(&fingerprints, false).await
            }
            answer => answer,
        };
        let mut submissions = match planned {
            Ok(submissions) => submissions,
            Err(error) => return Err(self.refused(error).await),
        };
        for warning in &submissions.warnings {
            session.output.note(&format!("warning[{}]: {}", warning.code, warning.message));
        }
        let locks = Locks {
            write: self.lock.as_deref(),
            repeat: self.locked.as_ref(),
            text: &self.text,
            contexts: &self.contexts,
        };
        locks.settle(&submissions, &self.ready, &self.fetcher, &fingerprints, session).await?;
        select(&mut submissions, &self.contexts)?;
        if let Some(first) = submissions.builds.first()
            && session.has_state()?
        {
            let (name, stream) = (first.new.nsvc.name.clone(), first.new.nsvc.stream.clone());
            submissions.set_measured(&session.store()?.durations(&name, &stream).await?);
        }
        Ok(submissions)
    }

    async fn try_plan(&self, fingerprints: &dyn Fingerprints, look_up: bool) -> Result<Submissions, SubmitError> {
        let fetcher = &*self.fetcher;
        let (trusting, pinned) = (TrustingSource(fetcher), self.locked.as_ref().map(|locked| locked.source(fetcher)));
        let source: &dyn Source = match &pinned {
            Some(pinned) => pinned,
            None if self.preview => &trusting,
            None => fetcher,
        };
        // The only backend builds on this machine.
        let options = ReuseOptions { local: true, ..ReuseOptions::default() };
        let reusing = Reusing { source: &self.known, fingerprints: Some(fingerprints), options };
        let submitter = Submitter {
            source: Some(source).filter(|_| look_up),
            lazy_source: self.preview,
            reuse: Some(&reusing),
            srpms: Some(&SourceRpms),
            ..self.submitter()
        };
        Ok(submitter.plan(&self.request, &self.ready).await?.submissions)
    }

    /// The error with its explanation, if it is about dependencies.
    async fn refused(&self, error: SubmitError) -> CliError {
        if self.locked.is_some() {
            return refused(error, self.locked.as_ref(), &self.text);
        }
        if !matches!(error, SubmitError::Expand(_) | SubmitError::Nothing(_)) {
            return error.into();
        }
        match self.submitter().explain(&self.ready).await {
            Ok(documents) => {
                let hint = self.hidden_platform(&error).await;
                CliError::Unresolved { source: Box::new(error), documents, hint }
            }
            // The provider answered a moment ago.
            Err(_) => error.into(),
        }
    }

    /// Advice for a document that names the platform of this machine where others are known.
    async fn hidden_platform(&self, error: &SubmitError) -> Option<String> {
        let (name, stream) = self.machine.as_ref()?;
        let known = self.known.provider.builds(name).await.ok()?;
        let mine = format!("{name}:{stream}");
        if known.iter().any(|build| build.nsvc.stream == *stream) || !error.to_string().contains(&format!("`{mine}")) {
            return None;
        }
        Some(format!(
            "other platforms are known, so this machine's own `{mine}` is not assumed; `--platform {mine}` adds it"
        ))
    }

    /// Why the document comes to these builds or to none: one explanation for each of its documents.
    pub(crate) async fn explain(&self) -> Result<Vec<Explanation>, CliError> {
        Ok(self.submitter().explain(&self.ready).await?)
    }

    /// The names of base modules, by preference.
    pub(crate) fn bases(&self) -> &[ModuleName] {
        &self.policy.expand.base_modules
    }

    fn submitter(&self) -> Submitter<'_> {
        Submitter::new(&self.documents, &self.documents, &*self.known.provider, &self.policy, &self.settings)
    }
}

fn refused(error: SubmitError, locked: Option<&Locked>, text: &str) -> CliError {
    match locked {
        Some(locked) => locked.refused(text, error),
        None => error.into(),
    }
}

fn malformed(diagnostics: Vec<Diagnostic>, fetched: FetchedDocument) -> CliError {
    CliError::Malformed {
        file: fetched.file_name,
        errors: diagnostics.iter().filter(|one| one.is_error()).count(),
        diagnostics,
        text: fetched.text,
    }
}

/// What the options say about dependencies.
fn expansion(args: &SourceArgs, base: &Base, policy: &mut SubmitPolicy) -> Result<(), CliError> {
    let expand = &mut policy.expand;
    match base {
        Base::Named(name, stream) => expand.prefer_base(name.clone(), stream.clone()),
        Base::Machine(name, _) if !expand.is_base(name.as_str()) => expand.base_modules.insert(0, name.clone()),
        Base::Machine(..) | Base::None(_) => {}
    }
    expand.default_streams.extend(args.against.default_streams()?);
    expand.ready_only = args.against.ready_only;
    expand.only_compatible_bases = !args.against.any_base;
    if let Some(limit) = args.against.limit {
        expand.limit = limit;
    }
    Ok(())
}

fn request(
    args: &SourceArgs,
    wishes: &Wishes,
    fetched: &FetchedDocument,
    file_name: Option<String>,
    session: &Session,
) -> Result<SubmitRequest, CliError> {
    let input = match &fetched.origin.scmurl {
        Some(scmurl) => SubmitInput::Scm { scmurl: Some(scmurl.clone()) },
        None => SubmitInput::Yaml { text: fetched.text.clone(), file_name },
    };
    let builds_all = wishes.scratch || args.locked.is_some();
    Ok(SubmitRequest {
        branch: fetched.origin.branch.clone(),
        module_stream: args.stream.clone(),
        scratch: wishes.scratch,
        srpms: wishes.srpms.clone(),
        rebuild_strategy: args.rebuild_strategy.clone().or_else(|| builds_all.then(|| "all".to_owned())),
        buildrequire_overrides: streams_by_module("--buildrequire", &args.against.buildrequire)?,
        require_overrides: streams_by_module("--require", &args.against.require)?,
        ..SubmitRequest::new(session.environment.owner(), input)
    })
}
