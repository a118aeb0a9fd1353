//! `mbs import`.

use super::input::contents;
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::to_text;
use crate::session::{Session, path_text};
use clap::Args;
use mbs_core::ModuleName;
use mbs_core::build::{BuildRequest, NewBuild};
use mbs_core::modulemd::{Document, Limits, ReadOptions, read, render_all, source_text};
use mbs_core::source::redact;
use mbs_core::store::{BuildQuery, Page, Store as _};
use mbs_core::submit::{Import, SubmitPolicy, Warning, import_shipped, store_import};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Take in platforms and modules that were built elsewhere, to build against them
///
/// Every `modulemd` document of the files becomes a build that is ready; documents of other kinds, such as defaults, are
/// passed over. Nothing is imported if anything is wrong with any document. An earlier import of the same
/// NAME:STREAM:VERSION:CONTEXT is replaced, a build that was made here is not.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files with module documents, plain or compressed; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Repository with the packages of the modules in the files, so that packages can be built with them here
    #[arg(long, value_name = "PATH_OR_URL")]
    repository: Option<String>,
}

/// What is wrong with one document.
#[derive(Debug, Serialize)]
pub(crate) struct ImportProblem {
    file: String,
    document: Option<usize>,
    line: Option<u32>,
    pub(crate) code: Option<String>,
    message: String,
    /// Whether people were told of it with the lines of the file.
    #[serde(skip)]
    pub(crate) shown: bool,
}

impl std::fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let code = self.code.as_ref().map(|code| format!("[{code}]")).unwrap_or_default();
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let document = self.document.map(|number| format!(" (document {number})")).unwrap_or_default();
        write!(f, "error{code}: {}{line}{document}: {}", self.file, self.message)
    }
}

/// A document that can be imported.
struct Judged {
    file: String,
    document: usize,
    new: NewBuild,
    warnings: Vec<Warning>,
}

/// Everything that the files hold.
#[derive(Default)]
struct Found {
    good: Vec<Judged>,
    problems: Vec<ImportProblem>,
    passed: usize,
}

pub(crate) async fn run(args: ImportArgs, session: &Session) -> Result<Exit, CliError> {
    let repository = args.repository.as_deref().map(repository).transpose()?;
    let bases: BTreeSet<ModuleName> = SubmitPolicy::local().expand.base_modules.into_iter().collect();
    let mut found = Found::default();
    for file in &args.files {
        found.file(file, &bases, session)?;
    }
    found.check_repeated();
    found.check_stored(session).await?;
    if !found.problems.is_empty() {
        return Err(CliError::NotImported { problems: found.problems });
    }
    if found.good.is_empty() {
        return Err(CliError::usage_hint(
            "the files hold no document of a module stream",
            "`mbs index show FILE` lists what an index holds",
        ));
    }
    let mut imported = Vec::with_capacity(found.good.len());
    for judged in &found.good {
        imported.push(store(judged, repository.as_deref(), &bases, session).await?);
    }
    if found.passed > 0 {
        session.output.note(&format!("passed over {} documents of other kinds", found.passed));
    }
    if session.output.format == Format::Json {
        session.result(&to_text(&json!({ "imported": imported, "passed_over": found.passed }))?)?;
    }
    Ok(Exit::Success)
}

/// Stores one import, and tells of it.
async fn store(
    judged: &Judged,
    repository: Option<&str>,
    bases: &BTreeSet<ModuleName>,
    session: &Session,
) -> Result<Value, CliError> {
    let new = &judged.new;
    // A platform has no packages of its own: the machine has them.
    let repository = repository.filter(|_| !bases.contains(&new.nsvc.name)).map(str::to_owned);
    let request = BuildRequest { repository: repository.clone(), ..(*new.request).clone() };
    let new = NewBuild { request: Arc::new(request), ..new.clone() };
    let (header, replaced) = store_import(&*session.store()?, &*session.clock, &new).await?;
    for warning in &judged.warnings {
        session.output.note(&format!("warning[{}]: {}", warning.code, warning.message));
    }
    if let Some(old) = replaced {
        session.output.note(&format!("build {} takes the place of import {old}", header.id));
    }
    if session.output.format == Format::Text {
        session.result(&format!("{}  {}", header.id, header.nsvc))?;
    }
    let warnings: Vec<Value> =
        judged.warnings.iter().map(|one| json!({ "code": one.code, "message": one.message })).collect();
    Ok(json!({
        "id": header.id,
        "nsvc": header.nsvc.to_string(),
        "replaced": replaced,
        "file": judged.file,
        "document": judged.document,
        "repository": repository,
        "warnings": warnings,
    }))
}

impl Found {
    /// Judges every document of a file.
    fn file(&mut self, path: &Path, bases: &BTreeSet<ModuleName>, session: &Session) -> Result<(), CliError> {
        let bytes = contents(path, &Limits::default())?;
        let file = path.display().to_string();
        // Documents of other builders hold what this one does not know.
        let reading = read(&bytes, &file, &ReadOptions::lenient());
        let errors: Vec<_> = reading.diagnostics.iter().filter(|one| one.is_error()).collect();
        if !errors.is_empty() {
            let text = source_text(&bytes, &Limits::default());
            session.output.error(&format!("{}\n", render_all(errors.iter().copied(), &text)));
        }
        self.problems.extend(errors.into_iter().map(|one| ImportProblem {
            file: file.clone(),
            document: Some(one.document),
            line: Some(one.line),
            code: Some(one.code.to_string()),
            message: one.message.clone(),
            shown: true,
        }));
        for located in reading.documents {
            let (document, line) = (located.document, located.line);
            let mut problem = |code: Option<&str>, message: String| {
                let code = code.map(str::to_owned);
                let (document, line) = (Some(document), Some(line));
                self.problems.push(ImportProblem { file: file.clone(), document, line, code, message, shown: false });
            };
            match located.value {
                Document::Stream(stream) => match import_shipped(&stream, bases) {
                    Ok(Import { new, warnings }) => {
                        self.good.push(Judged { file: file.clone(), document, new, warnings });
                    }
                    Err(error) => problem(Some(error.code()), error.to_string()),
                },
                other @ (Document::StreamV1(_) | Document::PackagerV2(_) | Document::PackagerV3(_)) => {
                    let (kind, version) = other.kind();
                    problem(
                        None,
                        format!(
                            "`{kind}` of version {version} cannot be imported, only `modulemd` of version 2, as a build makes it"
                        ),
                    );
                }
                _ => self.passed += 1,
            }
        }
        Ok(())
    }

    /// One identity cannot stand for two documents; the same document twice is no harm.
    fn check_repeated(&mut self) {
        let mut first: BTreeMap<String, (Arc<BuildRequest>, String)> = BTreeMap::new();
        let (problems, mut kept) = (&mut self.problems, Vec::new());
        for judged in std::mem::take(&mut self.good) {
            let nsvc = judged.new.nsvc.to_string();
            match first.get(&nsvc) {
                None => {
                    let place = format!("document {} of `{}`", judged.document, judged.file);
                    first.insert(nsvc, (Arc::clone(&judged.new.request), place));
                    kept.push(judged);
                }
                Some((request, _)) if *request == judged.new.request => {}
                Some((_, place)) => problems.push(ImportProblem {
                    message: format!("`{nsvc}` is in {place} with another content; import one of them"),
                    file: judged.file,
                    document: Some(judged.document),
                    line: None,
                    code: None,
                    shown: false,
                }),
            }
        }
        self.good = kept;
    }

    /// What was built here is not replaced; better to know before the first document is stored.
    async fn check_stored(&mut self, session: &Session) -> Result<(), CliError> {
        if !session.has_state()? {
            return Ok(());
        }
        let store = session.store()?;
        for judged in &self.good {
            let query = BuildQuery::nsvc(&judged.new.nsvc);
            let stored = store.find(&query, Page { offset: 0, limit: 1 }).await?.0.pop();
            if let Some(build) = stored.filter(|build| !build.imported) {
                self.problems.push(ImportProblem {
                    message: format!(
                        "`{}` was built here as build {} (state `{}`), and an import does not replace it; `mbs rm {}` \
                         removes it",
                        build.nsvc, build.id, build.state, build.id
                    ),
                    file: judged.file.clone(),
                    document: Some(judged.document),
                    line: None,
                    code: Some("MS0408".to_owned()),
                    shown: false,
                });
            }
        }
        Ok(())
    }
}

/// The place of a repository as it can be stored.
fn repository(text: &str) -> Result<String, CliError> {
    let Some((scheme, _)) = text.split_once("://") else {
        let path = path_text(Path::new(text))?;
        if Path::new(&path).join("repodata/repomd.xml").is_file() {
            return Ok(path);
        }
        return Err(CliError::usage_hint(
            format!("`--repository`: `{path}` is no repository: it has no `repodata/repomd.xml`"),
            "`createrepo_c` makes one of a folder with packages",
        ));
    };
    if redact(text) != text {
        return Err(CliError::usage("`--repository`: the address has credentials, which are not stored; remove them"));
    }
    if !["file", "http", "https"].contains(&scheme) {
        return Err(CliError::usage(format!(
            "`--repository`: addresses begin with `https://`, `http://` or `file://`, not with `{scheme}://`"
        )));
    }
    Ok(text.to_owned())
}
