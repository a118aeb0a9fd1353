//! How long a stream is served.

use super::stream::ModuleStream;
use chrono::NaiveDate;

impl ModuleStream {
    /// The last day of a service level; nothing if there is no such level or it has no end.
    pub fn end_of_service(&self, level: &str) -> Option<NaiveDate> {
        self.servicelevels.get(level)?.eol
    }

    /// The service levels that hold on a day, in byte order: those without an end, and those whose last day has not
    /// passed.
    pub fn service_levels_on(&self, day: NaiveDate) -> impl Iterator<Item = &str> {
        let holds = move |eol: Option<NaiveDate>| eol.is_none_or(|last| day <= last);
        self.servicelevels.iter().filter(move |(_, level)| holds(level.eol)).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::model::ServiceLevel;

    #[test]
    fn the_last_day_is_still_served() {
        let day = |day| NaiveDate::from_ymd_opt(2030, 1, day).expect("a day");
        let mut stream = ModuleStream::default();
        stream.servicelevels.insert("bugs".to_owned(), ServiceLevel { eol: Some(day(2)) });
        stream.servicelevels.insert("security".to_owned(), ServiceLevel::default());
        let on = |number| stream.service_levels_on(day(number)).collect::<Vec<_>>();
        assert_eq!((on(2), on(3)), (vec!["bugs", "security"], vec!["security"]));
        assert_eq!(stream.end_of_service("bugs"), Some(day(2)));
        assert_eq!((stream.end_of_service("security"), stream.end_of_service("none")), (None, None));
    }
}
