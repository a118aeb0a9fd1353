//! The steps that make RPMs of one component, each a run of its own in a sandbox.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::num::NonZeroU32;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::error::RunnerError;
use super::failure::{self, FailureKind};
use super::layout::{
    self, BUILD_REQUIRES, DATABASE, INPUTS, Inputs, MACROS, RESULT, SOURCE_RPM, SOURCES, TREE, USERS, file_error,
};
use super::macros::{self, SourceRpms};
use super::tail;
use crate::sandbox::{self, Cancel, Ended, Job, Privileges, Sandbox, WORK};

/// What is the same for all steps of an attempt.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The time, in seconds since 1970, that everything made carries at most.
    pub source_date_epoch: u32,
    /// How many processes a build may run at once (`%_smp_build_ncpus`).
    pub processes: NonZeroU32,
    /// Whether this host makes debuginfo packages. If not, packages get no build-id links, which nothing would need.
    pub debuginfo: bool,
    /// The macros that the host's rpm lacks, as [`RpmBuild::host_macros`] of an earlier attempt gave them; none asks rpm.
    pub host_macros: Option<String>,
    /// Further macros for every call of rpmbuild: name (with parameters, if any) and body.
    pub definitions: Vec<(String, String)>,
}

/// What belongs to one step.
#[derive(Debug, Clone)]
pub struct StepContext {
    /// The log, which the step appends to. Not in the work folder, where a spec could put a link in its place.
    pub log: PathBuf,
    /// Ends the step.
    pub cancel: Cancel,
    /// Ends the step too, measured from its start.
    pub time_limit: Option<Duration>,
    /// Descriptors held until nothing of the step is left; see [`Job::hold`].
    pub held: Vec<Arc<OwnedFd>>,
}

impl StepContext {
    /// A step with a log, without limit.
    pub fn new(log: impl Into<PathBuf>) -> Self {
        Self { log: log.into(), cancel: Cancel::new(), time_limit: None, held: Vec::new() }
    }
}

/// What to build from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A spec in [`RpmBuild::sources`], by its file name.
    Spec(String),
    /// A source package anywhere on the host.
    SourceRpm(PathBuf),
}

/// The result of one round of `%generate_buildrequires`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildRequires {
    /// Everything the spec asks for is installed.
    Complete,
    /// This source package's requirements are all that is known so far; some are not installed.
    More(PathBuf),
}

/// What a build made, in the work folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The source package.
    pub source: PathBuf,
    /// All other packages, sorted by path.
    pub binaries: Vec<PathBuf>,
}

/// How much of the end of a log is read to find the reason of a failure, in bytes.
const TAIL: u64 = 256 * 1024;

/// How many of the last lines an error carries.
const LAST_LINES: usize = 20;

/// The step that makes a source package.
const MAKE_SOURCE: &str = "making the source package";

/// Run inside, where links in the tree lead nowhere else.
const LINK_LIBRARIES: &str = "set -e
list=
for folder in /usr/lib64 /usr/lib; do if test -d /builddir/tree$folder; then list=\"$list $folder\"; fi; done
test -z \"$list\" || exec ldconfig -X -C /builddir/tree/etc/ld.so.cache $list";

/// One attempt to build one component.
///
/// The order of calls: put spec and sources into [`RpmBuild::sources`]; [`RpmBuild::create_tree`] and
/// [`RpmBuild::install`] with what every build gets; [`RpmBuild::source_rpm`], whose requirements are the build
/// requirements, and [`RpmBuild::install`] with what fulfils them, until nothing is new: macros of what is installed may
/// change what is required; if one of them is `rpmlib(DynamicBuildRequires)`, [`RpmBuild::generate_build_requires`] and
/// [`RpmBuild::install`] until it is complete; [`RpmBuild::build`]. All of them block.
#[derive(Debug)]
pub struct RpmBuild {
    sandbox: Sandbox,
    settings: Settings,
    host_macros: String,
}

impl RpmBuild {
    /// Makes the folders of an attempt, empty, in the work folder of `sandbox`, and asks the host's rpm which macros
    /// it lacks, unless the settings know.
    /// `module_macros` is the content of module-build-macros' macro file; it holds while source packages are made,
    /// installed or not.
    pub fn new(
        sandbox: Sandbox,
        settings: Settings,
        module_macros: &str,
        context: &StepContext,
    ) -> Result<Self, RunnerError> {
        const STEP: &str = "asking rpm for its macros";
        for folder in layout::ALL {
            layout::empty_folder(&sandbox.work().join(folder))?;
            sandbox.adopt(Path::new(folder))?;
        }
        let mut build = Self { sandbox, settings, host_macros: String::new() };
        build.host_macros = if let Some(known) = build.settings.host_macros.take() {
            known
        } else {
            let output = OwnLog::new()?;
            let job = build.job_with_log("rpm", output.writer()?, context).arg("--eval").arg(macros::question());
            let ended = build.sandbox.run(job)?;
            let answer = output.text()?;
            if let Some(kind) = failure::analyse(ended, &answer, false) {
                return Err(failed(STEP, kind, &answer, context));
            }
            macros::host_support(answer.lines().next_back().unwrap_or_default())
        };
        layout::write(&build.path(MACROS).join("module"), module_macros)?;
        layout::write_users(&build.path(USERS))?;
        for folder in [MACROS, USERS] {
            build.sandbox.adopt(Path::new(folder))?;
        }
        Ok(build)
    }

    /// The macros that the host's rpm lacks: the same for all attempts on this machine.
    pub fn host_macros(&self) -> &str {
        &self.host_macros
    }

    /// The folder for spec and sources, on the host.
    pub fn sources(&self) -> PathBuf {
        self.path(SOURCES)
    }

    /// The folder of the installed buildroot packages, on the host.
    pub fn tree(&self) -> PathBuf {
        self.path(TREE)
    }

    /// The sandbox of this attempt.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Makes the source package of a spec in [`RpmBuild::sources`], with the macros of everything installed so far.
    /// Build requirements are not looked at.
    pub fn source_rpm(&self, spec: &str, context: &StepContext) -> Result<PathBuf, RunnerError> {
        layout::empty_folder(&self.path(SOURCE_RPM))?;
        self.sandbox.adopt(Path::new(SOURCE_RPM))?;
        self.settle_sources()?;
        let job = self.rpmbuild(SourceRpms::First, context)?;
        self.perform(MAKE_SOURCE, job.args(["-bs", "--nodeps"]).arg(spec_path(spec)), context)?;
        only(MAKE_SOURCE, layout::packages(&self.path(SOURCE_RPM), true)?, context)
    }

    /// Unpacks a source package into [`RpmBuild::sources`]; gives the file name of its spec. Signatures are not looked at.
    pub fn unpack(&self, source_rpm: &Path, context: &StepContext) -> Result<String, RunnerError> {
        const STEP: &str = "unpacking the source package";
        // A folder of its own, which no file of the package but the spec gets into.
        let folder = self.path(SOURCE_RPM);
        layout::empty_folder(&folder)?;
        self.sandbox.adopt(Path::new(SOURCE_RPM))?;
        let (job, files) = self.show(self.job("rpm", context)?, &[source_rpm])?;
        let job = job.args(["-i", "--nodeps", "--nosignature"]);
        let job =
            job.args(["-D", &format!("_sourcedir {WORK}/{SOURCES}"), "-D", &format!("_specdir {WORK}/{SOURCE_RPM}")]);
        self.perform(STEP, job.args(files), context)?;
        let entries = fs::read_dir(&folder).map_err(file_error(&folder, "list"))?;
        let mut found = Vec::new();
        for entry in entries {
            found.push(entry.map_err(file_error(&folder, "list"))?.path());
        }
        let spec = only(STEP, found, context)?;
        let name = spec.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let place = self.sources().join(&name);
        fs::rename(&spec, &place).map_err(file_error(&place, "move"))?;
        Ok(name)
    }

    /// Checks the source package made with everything installed: where a macro is still not defined rpm only warns, and
    /// the package carries the macro's name in its own.
    pub fn check_macros(&self, source_rpm: &Path, context: &StepContext) -> Result<(), RunnerError> {
        let name = source_rpm.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match failure::undefined_macro(name) {
            Some(kind) => Err(failed(MAKE_SOURCE, kind, "", context)),
            None => Ok(()),
        }
    }

    /// Starts an empty buildroot in which `host` (the pseudo package of what the machine offers) counts as installed.
    pub fn create_tree(&self, host: Option<&Path>, context: &StepContext) -> Result<(), RunnerError> {
        const STEP: &str = "starting the buildroot";
        layout::start_tree(&self.tree())?;
        layout::write(&self.tree().join("etc/rpm/macros.00-mbs-host"), &self.host_macros)?;
        self.sandbox.adopt(Path::new(TREE))?;
        self.rpm(STEP, context, &["--initdb"], &[])?;
        match host {
            Some(host) => self.rpm(STEP, context, &["-i", "--justdb", "--nodeps", "--noscripts"], &[host]),
            None => Ok(()),
        }
    }

    /// Installs packages into the buildroot. rpm checks their dependencies and conflicts; their scripts do not run.
    pub fn install(&self, packages: &[&Path], context: &StepContext) -> Result<(), RunnerError> {
        if packages.is_empty() {
            return Ok(());
        }
        let arguments = ["-i", "--noscripts", "--excludedocs", "--nocaps"];
        self.rpm("installing the buildroot", context, &arguments, packages)?;
        self.link_libraries(context)
    }

    /// Lets the loader find the libraries of the buildroot. Hosts with Debian's layout do not look where rpm puts them.
    fn link_libraries(&self, context: &StepContext) -> Result<(), RunnerError> {
        let job = self.job("sh", context)?.layer(TREE).args(["-c", LINK_LIBRARIES]);
        self.perform("listing the libraries of the buildroot", job, context)
    }

    /// Runs `%generate_buildrequires` once.
    pub fn generate_build_requires(&self, input: &Input, context: &StepContext) -> Result<BuildRequires, RunnerError> {
        const STEP: &str = "generating build requirements";
        let folder = self.path(BUILD_REQUIRES);
        layout::empty_folder(&folder)?;
        self.sandbox.adopt(Path::new(BUILD_REQUIRES))?;
        let job = self.rpmbuild(SourceRpms::BuildRequires, context)?;
        let job = self.with_input(job, "r", input)?;
        let start = log_length(&context.log);
        let ended = self.sandbox.run(job)?;
        if ended.success() {
            return Ok(BuildRequires::Complete);
        }
        if ended == Ended::Exited(11) {
            let mut found = layout::packages(&folder, true)?;
            found.retain(|path| path.as_os_str().as_encoded_bytes().ends_with(b".buildreqs.nosrc.rpm"));
            if let Some(package) = found.pop() {
                return Ok(BuildRequires::More(package));
            }
        }
        self.fail(STEP, ended, start, context)
    }

    /// Makes source and binary packages. All build requirements must be installed: rpmbuild checks them.
    pub fn build(&self, input: &Input, context: &StepContext) -> Result<Built, RunnerError> {
        const STEP: &str = "building";
        layout::empty_folder(&self.path(RESULT))?;
        self.sandbox.adopt(Path::new(RESULT))?;
        if matches!(input, Input::Spec(_)) {
            self.settle_sources()?;
        }
        let job = self.with_input(self.rpmbuild(SourceRpms::Result, context)?, "a", input)?;
        self.perform(STEP, job, context)?;
        let source = only(STEP, layout::packages(&self.path(RESULT), true)?, context)?;
        Ok(Built { source, binaries: layout::packages(&self.path(RESULT), false)? })
    }

    /// Gives the sources their fixed modes, times and owner.
    fn settle_sources(&self) -> Result<(), RunnerError> {
        layout::normalise(&self.sources(), i64::from(self.settings.source_date_epoch))?;
        Ok(self.sandbox.adopt(Path::new(SOURCES))?)
    }

    fn path(&self, folder: &str) -> PathBuf {
        self.sandbox.work().join(folder)
    }

    /// A job with what all have in common.
    fn job(&self, program: &str, context: &StepContext) -> Result<Job, RunnerError> {
        Ok(self.job_with_log(program, open_log(&context.log)?, context))
    }

    fn job_with_log(&self, program: &str, log: File, context: &StepContext) -> Job {
        let mut job = Job::new(program, log)
            .env("SOURCE_DATE_EPOCH", self.settings.source_date_epoch.to_string())
            .env("RPM_BUILD_NCPUS", self.settings.processes.to_string())
            .cancel(&context.cancel)
            .time_limit(context.time_limit);
        for held in &context.held {
            job = job.hold(Arc::clone(held));
        }
        job
    }

    /// rpm on the tree. It calls chroot, so it keeps the capabilities of its namespace; no spec is read.
    fn rpm(
        &self,
        step: &'static str,
        context: &StepContext,
        arguments: &[&str],
        packages: &[&Path],
    ) -> Result<(), RunnerError> {
        // A log of its own first: some of it is noise.
        let output = OwnLog::new()?;
        let job = self.job_with_log("rpm", output.writer()?, context).privileges(Privileges::Namespace);
        let (job, files) = self.show(job, packages)?;
        let root = format!("{WORK}/{TREE}");
        let database = format!("_dbpath {DATABASE}");
        // Packages that were just built carry no signature.
        let job = job.args(["--root", &root, "-D", &database, "-D", "_pkgverify_level none", "--nosignature"]);
        let ended = self.sandbox.run(job.args(arguments).args(files))?;
        let text = tail::without_noise(&output.text()?);
        let mut log = open_log(&context.log)?;
        log.write_all(text.as_bytes()).map_err(file_error(&context.log, "write the log"))?;
        let nearly_full = layout::is_nearly_full(self.sandbox.work());
        match failure::analyse(ended, &text, nearly_full).or_else(|| failure::unnoticed(&text)) {
            Some(kind) => Err(failed(step, failure::in_buildroot(kind, &text), &text, context)),
            None => Ok(()),
        }
    }

    /// Shows packages of the host inside; gives their names there. What the build user could not read is copied.
    fn show(&self, mut job: Job, packages: &[&Path]) -> Result<(Job, Vec<OsString>), RunnerError> {
        let mut readable = Vec::new();
        layout::empty_folder(&self.path(INPUTS))?;
        for (index, package) in packages.iter().enumerate() {
            if sandbox::changes_user() && !layout::is_readable_for_all(package)? {
                let name = format!("{INPUTS}/{index}");
                let copy = self.path(&name).join(package.file_name().unwrap_or_default());
                layout::make_folder(&self.path(&name))?;
                fs::copy(package, &copy).map_err(file_error(package, "copy"))?;
                self.sandbox.adopt(Path::new(INPUTS))?;
                readable.push(copy);
            } else {
                readable.push((*package).to_owned());
            }
        }
        let inputs = Inputs::new(&readable);
        for (folder, inside) in inputs.folders {
            job = job.show(folder, inside);
        }
        Ok((job, inputs.files))
    }

    /// `-ba SPEC` or `-ra SOURCE-RPM`, for instance.
    fn with_input(&self, job: Job, action: &str, input: &Input) -> Result<Job, RunnerError> {
        match input {
            Input::Spec(spec) => Ok(job.arg(format!("-b{action}")).arg(spec_path(spec))),
            Input::SourceRpm(path) => {
                let (job, files) = self.show(job, &[path])?;
                Ok(job.arg(format!("-r{action}")).args(files))
            }
        }
    }

    /// rpmbuild in the buildroot; it can do nothing but write to the work folder.
    fn rpmbuild(&self, source_rpms: SourceRpms, context: &StepContext) -> Result<Job, RunnerError> {
        let mut job = self.job("rpmbuild", context)?.layer(USERS).layer(TREE);
        if source_rpms == SourceRpms::First {
            job = job.arg(format!("--load={WORK}/{MACROS}/module"));
        }
        for definition in macros::definitions(&self.settings, source_rpms) {
            job = job.arg("-D").arg(definition);
        }
        Ok(job)
    }

    /// Runs a job that has to succeed.
    fn perform(&self, step: &'static str, job: Job, context: &StepContext) -> Result<(), RunnerError> {
        let start = log_length(&context.log);
        let ended = self.sandbox.run(job)?;
        if ended.success() { Ok(()) } else { self.fail(step, ended, start, context) }
    }

    /// The error of a job that did not succeed.
    fn fail<T>(&self, step: &'static str, ended: Ended, start: u64, context: &StepContext) -> Result<T, RunnerError> {
        let text = log_since(&context.log, start)?;
        let kind = failure::analyse(ended, &text, layout::is_nearly_full(self.sandbox.work()))
            .unwrap_or(FailureKind::Other(0));
        Err(failed(step, kind, &text, context))
    }
}

fn failed(step: &'static str, kind: FailureKind, text: &str, context: &StepContext) -> RunnerError {
    let last_lines = tail::last_lines(text, LAST_LINES).into_iter().map(str::to_owned).collect();
    RunnerError::Failed { step, kind, last_lines, log: context.log.clone() }
}

fn only(step: &'static str, mut found: Vec<PathBuf>, context: &StepContext) -> Result<PathBuf, RunnerError> {
    match (found.pop(), found.len()) {
        (Some(one), 0) => Ok(one),
        (one, more) => {
            let found = more + usize::from(one.is_some());
            Err(RunnerError::Result { step, found, log: context.log.clone() })
        }
    }
}

fn spec_path(spec: &str) -> String {
    format!("{WORK}/{SOURCES}/{spec}")
}

/// Output that is looked at before it goes into a log. It has no name that a spec could use.
struct OwnLog(File);

impl OwnLog {
    fn new() -> Result<Self, RunnerError> {
        let folder = std::env::temp_dir();
        Ok(Self(tempfile::tempfile_in(&folder).map_err(file_error(&folder, "make a file in"))?))
    }

    fn writer(&self) -> Result<File, RunnerError> {
        self.0.try_clone().map_err(file_error(Path::new("a temporary file"), "share"))
    }

    fn text(mut self) -> Result<String, RunnerError> {
        tail::read_from(&mut self.0, 0).map_err(file_error(Path::new("a temporary file"), "read"))
    }
}

fn open_log(path: &Path) -> Result<File, RunnerError> {
    OpenOptions::new().create(true).append(true).open(path).map_err(file_error(path, "open the log"))
}

fn log_length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len())
}

/// The end of what a step wrote.
fn log_since(path: &Path, start: u64) -> Result<String, RunnerError> {
    let mut file = File::open(path).map_err(file_error(path, "read the log"))?;
    let from = start.max(log_length(path).saturating_sub(TAIL));
    tail::read_from(&mut file, from).map_err(file_error(path, "read the log"))
}
