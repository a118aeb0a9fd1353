//! Explanations for terminals: short lines, aligned.

use super::types::{BuildNote, Explanation, FailureNote, PickNote};
use super::why::Why;
use crate::Nsvc;
use std::fmt::{self, Write as _};

/// So many results are shown of those that have something in common.
const SHOWN: usize = 6;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.results.len() {
            0 => writeln!(f, "{}: no builds", self.document)?,
            1 => writeln!(f, "{}: 1 build", self.document)?,
            count => writeln!(f, "{}: {count} builds", self.document)?,
        }
        if let Some(failure) = &self.failure {
            write!(f, "{failure}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning {}: {}", warning.code, warning.text)?;
        }
        for module in &self.modules {
            writeln!(f, "{}", module.name)?;
            if module.builds.is_empty() {
                writeln!(f, "  no builds")?;
            }
            let width = module.builds.iter().map(|build| short(&build.build).len()).max().unwrap_or(0);
            for build in &module.builds {
                self.build(f, build, width)?;
            }
        }
        Ok(())
    }
}

impl Explanation {
    fn build(&self, f: &mut fmt::Formatter<'_>, build: &BuildNote, width: usize) -> fmt::Result {
        let name = short(&build.build);
        let mut lines: Vec<(&str, String)> = Vec::new();
        if !build.taken.is_empty() {
            let chain = build.taken.iter().find_map(|place| {
                self.results[*place].picks.iter().find(|pick| pick.build == build.build).map(because)
            });
            let all = self.of(&build.taken);
            lines.push(("taken", format!("{}{all}", chain.unwrap_or_default())));
        }
        for left in &build.left {
            lines.push((&*left.code, format!("{}{}", left.text, self.of(&left.results))));
        }
        for (number, (mark, text)) in lines.iter().enumerate() {
            let name = if number == 0 { name.as_str() } else { "" };
            writeln!(f, "  {name:width$}  {mark:6}  {text}")?;
        }
        Ok(())
    }

    /// ` [contexts]`, or nothing if it is about all results.
    fn of(&self, places: &[usize]) -> String {
        if places.is_empty() || places.len() == self.results.len() {
            return String::new();
        }
        format!(" [{}]", self.contexts(places))
    }

    pub(super) fn contexts(&self, places: &[usize]) -> String {
        let known = places.iter().filter_map(|place| self.results.get(*place));
        let mut text = known.take(SHOWN).map(|result| result.context.to_string()).collect::<Vec<_>>().join(" ");
        if places.len() > SHOWN {
            // Writing to a text does not fail.
            let _ = write!(text, " and {} more", places.len() - SHOWN);
        }
        text
    }
}

/// A build without the name of its module, which stands above it.
fn short(nsvc: &Nsvc) -> String {
    format!("{}:{}:{}", nsvc.stream, nsvc.version, nsvc.context)
}

/// Why something is built against.
pub(super) fn because(pick: &PickNote) -> String {
    if pick.direct {
        return "build-required".to_owned();
    }
    let chain: Vec<String> = pick.required_by.iter().map(|one| format!("`{one}`")).collect();
    if chain.is_empty() { "base module".to_owned() } else { format!("required by {}", chain.join(" -> ")) }
}

impl fmt::Display for FailureNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error {}", self.code)?;
        for problem in &self.problems {
            match problem.block {
                Some(block) => writeln!(f, "  dependency block {block} has no result:")?,
                None => writeln!(f, "  no result:")?,
            }
            for cause in &problem.causes {
                match cause.strip_prefix("but ") {
                    Some(cause) => writeln!(f, "    but     {cause}")?,
                    None => writeln!(f, "    because {cause}")?,
                }
            }
            writeln!(f, "    so      {}", problem.change)?;
        }
        Ok(())
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stream = self.stream.as_ref().map(|stream| format!(":{stream}")).unwrap_or_default();
        writeln!(f, "{}{stream}", self.module)?;
        if let Some(failure) = &self.failure {
            write!(f, "{failure}")?;
        }
        if !self.known {
            writeln!(f, "  was not looked at: nothing build-requires it, or what does was not found")?;
        }
        for group in &self.groups {
            if !group.contexts.is_empty() {
                let shown: Vec<String> = group.contexts.iter().take(SHOWN).map(ToString::to_string).collect();
                let more = group.contexts.len().saturating_sub(SHOWN);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                writeln!(f, "  in {}{more}", shown.join(" "))?;
            }
            let names = group.others.iter().map(|other| short(&other.build).len());
            let width = names.chain(group.chosen.iter().map(|pick| short(&pick.build).len())).max().unwrap_or(0);
            match &group.chosen {
                Some(pick) => writeln!(f, "    {:width$}  taken   {}", short(&pick.build), because(pick))?,
                None if group.contexts.is_empty() => {}
                None => writeln!(f, "    nothing of it is taken")?,
            }
            for other in &group.others {
                writeln!(f, "    {:width$}  {:6}  {}", short(&other.build), other.code, other.text)?;
            }
        }
        Ok(())
    }
}
