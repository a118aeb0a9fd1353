//! Base streams that get a suffix once they are released: from then on, builds are for their support stream.

use super::blocks::replace_build_streams;
use super::policy::SubmitPolicy;
use super::request::SubmitRequest;
use super::submission::Warning;
use crate::Pattern;
use crate::identity::Padding;
use crate::modulemd::ModuleStream;
use async_trait::async_trait;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Which base streams get a suffix; none without rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupportStreams {
    /// The rules; the first whose pattern fits counts.
    pub rules: Vec<SupportRule>,
    /// Tasks of a release's schedule that switch before its general availability; of those that a schedule has, the
    /// first one here counts. Case does not matter.
    pub tasks: Vec<String>,
}

/// How streams of one family are suffixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportRule {
    /// Fits at the start of the streams.
    pub pattern: Pattern,
    /// What is added, such as `.z`.
    pub suffix: String,
    /// Name of the release, with `{x}`, `{y}` and `{z}` for the numbers of the stream.
    pub release: String,
    /// Name of the release of a stream x.0.0, if it is another one.
    pub major_release: Option<String>,
}

/// Why a schedule is not known.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct ScheduleError {
    /// What went wrong, without credentials.
    pub problem: String,
    /// The cause, if it is an error of its own.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Tells when releases come out.
#[async_trait]
pub trait ReleaseSchedule: Send + Sync {
    /// The day of general availability, if the release has one.
    ///
    /// # Errors
    /// [`ScheduleError`] if that cannot be found out. An unknown release has no day, which is no error.
    async fn ga_date(&self, release: &str) -> Result<Option<NaiveDate>, ScheduleError>;

    /// The tasks of the schedule with the days they finish on.
    ///
    /// # Errors
    /// [`ScheduleError`] if that cannot be found out. An unknown release has no tasks, which is no error.
    async fn tasks(&self, release: &str) -> Result<Vec<(String, NaiveDate)>, ScheduleError>;
}

/// Adds the suffix to build-required base streams that are released, unless the request overrides the module.
///
/// `today` is the day in UTC. Where the schedule is not known, the stream counts as not released, with a warning.
pub async fn add_support_suffixes(
    document: &mut ModuleStream,
    request: &SubmitRequest,
    policy: &SubmitPolicy,
    schedule: &dyn ReleaseSchedule,
    today: NaiveDate,
) -> Vec<Warning> {
    let (mut replaced, mut warnings) = (BTreeMap::<String, BTreeMap<String, String>>::new(), Vec::new());
    for (module, stream) in base_streams(document, request, policy) {
        let Some((release, suffix)) = release_of(&stream, policy) else { continue };
        match is_released(&release, &policy.support_streams.tasks, schedule, today).await {
            Ok(false) => {}
            Ok(true) => {
                replaced.entry(module).or_default().insert(stream.clone(), format!("{stream}{suffix}"));
            }
            Err(error) => warnings.push(Warning {
                code: "MS0183",
                message: format!(
                    "`{module}:{stream}` gets no suffix `{suffix}`: cannot tell whether `{release}` is released: {error}"
                ),
            }),
        }
    }
    replace_build_streams(document, &replaced);
    warnings
}

/// The build-required base streams that rules may apply to.
fn base_streams(document: &ModuleStream, request: &SubmitRequest, policy: &SubmitPolicy) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for block in &document.dependencies {
        for base in &policy.expand.base_modules {
            let Some(set) = block.buildrequires.get(base.as_str()) else { continue };
            if !request.buildrequire_overrides.contains_key(base.as_str()) {
                found.extend(set.0.iter().map(|stream| (base.to_string(), stream.clone())));
            }
        }
    }
    found
}

/// The release that a stream belongs to, and the suffix it gets; none if no rule fits.
fn release_of<'p>(stream: &str, policy: &'p SubmitPolicy) -> Option<(String, &'p str)> {
    let rule = policy.support_streams.rules.iter().find(|rule| rule.pattern.fits_start(stream))?;
    let number = policy.expand.number(stream, Padding::Right);
    if stream.ends_with(&rule.suffix) || !number.is_some() {
        return None;
    }
    let (x, y, z) = number.parts()?;
    let template = rule.major_release.as_ref().filter(|_| (y, z) == (0, 0)).unwrap_or(&rule.release);
    let numbers = [("{x}", x), ("{y}", y), ("{z}", z)];
    let name = numbers.iter().fold(template.clone(), |name, (place, part)| name.replace(place, &part.to_string()));
    Some((name, &rule.suffix))
}

async fn is_released(
    release: &str,
    names: &[String],
    schedule: &dyn ReleaseSchedule,
    today: NaiveDate,
) -> Result<bool, ScheduleError> {
    let mut problem = None;
    if !names.is_empty() {
        match schedule.tasks(release).await {
            Ok(tasks) => {
                let finished = |name: &String| {
                    tasks.iter().find(|(task, _)| task.to_lowercase() == name.to_lowercase()).map(|(_, day)| *day)
                };
                if names.iter().find_map(finished).is_some_and(|day| day < today) {
                    return Ok(true);
                }
            }
            Err(error) => problem = Some(error),
        }
    }
    let released = schedule.ga_date(release).await?.is_some_and(|day| day < today);
    // A schedule that is not known does not matter for what is generally available.
    match problem {
        Some(error) if !released => Err(error),
        _ => Ok(released),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;
    use crate::submit::testing::{document, shown};
    use std::sync::Mutex;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// A schedule that answers the same for all releases, and notes what it is asked.
    struct Schedule {
        ga: Result<Option<&'static str>, ()>,
        tasks: Result<Vec<(&'static str, &'static str)>, ()>,
        asked: Mutex<Vec<String>>,
    }

    fn failure() -> ScheduleError {
        ScheduleError { problem: "no answer".to_owned(), source: None }
    }

    #[async_trait]
    impl ReleaseSchedule for Schedule {
        async fn ga_date(&self, release: &str) -> Result<Option<NaiveDate>, ScheduleError> {
            self.asked.lock().expect("lock").push(release.to_owned());
            self.ga.map(|ga| ga.map(day)).map_err(|()| failure())
        }

        async fn tasks(&self, release: &str) -> Result<Vec<(String, NaiveDate)>, ScheduleError> {
            self.asked.lock().expect("lock").push(format!("tasks of {release}"));
            let tasks = self.tasks.clone().map_err(|()| failure())?;
            Ok(tasks.into_iter().map(|(name, finish)| (name.to_owned(), day(finish))).collect())
        }
    }

    struct Case {
        policy: SubmitPolicy,
        request: SubmitRequest,
        schedule: Schedule,
    }

    fn case(ga: Option<&'static str>) -> Case {
        let rule = SupportRule {
            pattern: Pattern::new("-?el").expect("a pattern"),
            suffix: ".z".to_owned(),
            release: "rhel-{x}-{y}.{z}".to_owned(),
            major_release: Some("rhel-{x}-{y}".to_owned()),
        };
        let support_streams = SupportStreams { rules: vec![rule], tasks: Vec::new() };
        Case {
            policy: SubmitPolicy { support_streams, ..SubmitPolicy::default() },
            request: SubmitRequest::yaml(Owner::new("ann").expect("owner"), "", None),
            schedule: Schedule { ga: Ok(ga), tasks: Ok(Vec::new()), asked: Mutex::default() },
        }
    }

    impl Case {
        fn run(&self, blocks: &str) -> (String, String, Vec<Warning>) {
            let mut document = document(&[(blocks, blocks)]);
            let adding =
                add_support_suffixes(&mut document, &self.request, &self.policy, &self.schedule, day("2019-09-16"));
            let warnings = futures::executor::block_on(adding);
            let asked = std::mem::take(&mut *self.schedule.asked.lock().expect("lock")).join(", ");
            let shown = shown(&document);
            let (build, run) = shown.split_once('/').expect("two sides");
            assert_eq!(run, blocks, "what is required stays");
            (build.to_owned(), asked, warnings)
        }

        fn tasks(mut self, names: &[&str], tasks: &[(&'static str, &'static str)]) -> Self {
            self.policy.support_streams.tasks = names.iter().map(|name| (*name).to_owned()).collect();
            self.schedule.tasks = Ok(tasks.to_vec());
            self
        }
    }

    const PAST: Option<&str> = Some("2019-05-07");

    #[test]
    fn released_streams_get_their_suffix() {
        for (ga, stream, expected, asked) in [
            (PAST, "el8.0.0", "el8.0.0.z", "rhel-8-0"),
            (PAST, "el8.2.1", "el8.2.1.z", "rhel-8-2.1"),
            (PAST, "el8", "el8.z", "rhel-8-0"),
            (PAST, "-el8", "-el8.z", "rhel-8-0"),
            (PAST, "el8.0.0.z", "el8.0.0.z", ""),
            (PAST, "f28", "f28", ""),
            (PAST, "rhel8", "rhel8", ""),
            (PAST, "eln", "eln", ""),
            (Some("2019-09-16"), "el8.0.0", "el8.0.0", "rhel-8-0"),
            (Some("2099-10-30"), "el8.0.0", "el8.0.0", "rhel-8-0"),
            (None, "el8.0.0", "el8.0.0", "rhel-8-0"),
        ] {
            let found = case(ga).run(&format!("platform[{stream}]"));
            assert_eq!(found, (format!("platform[{expected}]"), asked.to_owned(), Vec::new()), "{stream} {ga:?}");
        }
        assert_eq!(case(PAST).run("gtk[el8]").0, "gtk[el8]");
    }

    #[test]
    fn an_override_of_the_module_leaves_it_alone_without_a_question() {
        let mut case = case(PAST);
        case.request.buildrequire_overrides.insert("platform".to_owned(), Vec::new());
        assert_eq!(case.run("platform[el8.0.0]"), ("platform[el8.0.0]".to_owned(), String::new(), Vec::new()));
    }

    #[test]
    fn a_rule_may_have_one_template_for_all() {
        let mut case = case(PAST);
        case.policy.support_streams.rules[0].major_release = None;
        assert_eq!(case.run("platform[el8.0.0]").1, "rhel-8-0.0");
    }

    #[test]
    fn a_finished_task_switches_before_general_availability() {
        let both = "tasks of rhel-8-0, rhel-8-0";
        let (past, future) = ("2019-09-02", "2099-01-01");
        for (names, tasks, ga, expected, asked) in [
            (&["a"][..], &[("A", past)][..], None, "el8.0.0.z", "tasks of rhel-8-0"),
            (&["a"], &[("A", "2019-09-16")], None, "el8.0.0", both),
            (&["a", "b"], &[("A", future), ("B", past)], None, "el8.0.0", both),
            (&["a", "b"], &[("B", past)], None, "el8.0.0.z", "tasks of rhel-8-0"),
            (&["a"], &[("A", future), ("a", past)], None, "el8.0.0", both),
            (&["a"], &[("A", future)], PAST, "el8.0.0.z", both),
            (&["a"], &[("x", past)], None, "el8.0.0", both),
        ] {
            let found = case(ga).tasks(names, tasks).run("platform[el8.0.0]");
            assert_eq!(found, (format!("platform[{expected}]"), asked.to_owned(), Vec::new()), "{tasks:?}");
        }
    }

    #[test]
    fn what_nobody_can_tell_is_not_released_and_warned_of() {
        let mut silent = case(None);
        silent.schedule.ga = Err(());
        let (streams, _, warnings) = silent.run("platform[el8.0.0]");
        let text = "`platform:el8.0.0` gets no suffix `.z`: cannot tell whether `rhel-8-0` is released: no answer";
        assert_eq!(
            (streams.as_str(), warnings),
            ("platform[el8.0.0]", vec![Warning { code: "MS0183", message: text.to_owned() }])
        );
        let mut no_tasks = case(PAST).tasks(&["a"], &[]);
        no_tasks.schedule.tasks = Err(());
        assert_eq!(no_tasks.run("platform[el8.0.0]").0, "platform[el8.0.0.z]");
        no_tasks.schedule.ga = Ok(None);
        assert_eq!(no_tasks.run("platform[el8.0.0]").2.len(), 1);
    }
}
