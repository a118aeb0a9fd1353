//! What is measured.

use super::document::BuildRequires;
use super::world::World;
use mbs_core::NameError;

/// One case.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// What the original needs, in ms of user CPU, by measurement.
    pub peer: Option<f64>,
    /// What is wanted at most, in ms.
    pub at_most: f64,
    /// What is wanted at most, in MiB; none where memory is not looked at.
    pub memory: Option<f64>,
    /// Makes the builds.
    pub make: fn() -> Result<World, NameError>,
    /// What the document build-requires, and how many results that must have.
    pub wanted: fn() -> (BuildRequires, usize),
}

/// All cases.
pub const CASES: [Case; 6] = [
    Case {
        name: "5x5",
        peer: Some(38_800.0),
        at_most: 300.0,
        memory: None,
        make: || grid(&FIVE, 5, 1, 0),
        wanted: || (any_of(&FIVE), 3125),
    },
    Case {
        name: "3x4 of 5,000",
        peer: Some(750.0),
        at_most: 8.0,
        memory: None,
        make: || grid(&THREE, 4, 10, 4879),
        wanted: || (any_of(&THREE), 64),
    },
    Case { name: "diamonds", peer: Some(53_000.0), at_most: 5.0, memory: None, make: diamonds, wanted: tops },
    Case { name: "1 of 100,000", peer: None, at_most: 20.0, memory: Some(150.0), make: large, wanted: six },
    Case { name: "two ambiguous", peer: None, at_most: 50.0, memory: None, make: two, wanted: ambiguous },
    Case {
        name: "10,000 streams",
        peer: None,
        at_most: 1000.0,
        memory: None,
        make: || grid(&["many"], 10_000, 1, 0),
        wanted: || (any_of(&["many"]), 10_000),
    },
];

const THREE: [&str; 3] = ["a", "b", "c"];
const FIVE: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Modules of a group of [`large`] require each other.
const GROUP: usize = 40;

fn any(name: &str) -> (String, Vec<String>) {
    (name.to_owned(), Vec::new())
}

fn one(name: &str, stream: &str) -> (String, Vec<String>) {
    (name.to_owned(), vec![stream.to_owned()])
}

/// The platform and these modules in any stream.
fn any_of(names: &[&str]) -> BuildRequires {
    let mut buildrequires = vec![one("platform", "f40")];
    buildrequires.extend(names.iter().copied().map(any));
    buildrequires
}

/// Modules of so many streams and versions, and so many builds of others.
fn grid(names: &[&str], streams: u32, versions: u64, others: usize) -> Result<World, NameError> {
    let mut world = World::new(&["f40"])?;
    for name in names {
        for stream in 1..=streams {
            world.stream(name, &stream.to_string(), versions, &[])?;
        }
    }
    for other in 0..others {
        world.stream(&format!("other{other}"), "1", 1, &[])?;
    }
    Ok(world)
}

/// The modules of a layer of two.
fn layer(number: usize) -> BuildRequires {
    if number < 5 { (0..2).map(|side| one(&format!("layer{number}-{side}"), "1")).collect() } else { Vec::new() }
}

/// Eleven modules: one on five layers of two, each of which requires both of the next layer.
fn diamonds() -> Result<World, NameError> {
    let mut world = World::new(&["f40"])?;
    world.stream("top", "1", 1, &layer(0))?;
    for number in 0..5 {
        for (name, _) in layer(number) {
            world.stream(&name, "1", 1, &layer(number + 1))?;
        }
    }
    Ok(world)
}

fn tops() -> (BuildRequires, usize) {
    let mut buildrequires = vec![one("platform", "f40"), one("top", "1")];
    buildrequires.extend(layer(0));
    (buildrequires, 1)
}

/// 2,000 modules of two streams, of each five versions on five platforms: 100,000 builds. They require each other
/// within groups of 40.
fn large() -> Result<World, NameError> {
    let mut world = World::new(&["f40", "f41", "f42", "f43", "f44"])?;
    for number in 0..2000 {
        let place = number % GROUP;
        let needs: BuildRequires = [1, 3, 7]
            .into_iter()
            .filter(|step| place + step < GROUP)
            .map(|step| one(&format!("module{}", number + step), "1"))
            .collect();
        for stream in ["1", "2"] {
            world.stream(&format!("module{number}"), stream, 5, &needs)?;
        }
    }
    Ok(world)
}

/// Six modules near the ends of different groups, with ten or less others that they need each.
fn six() -> (BuildRequires, usize) {
    let mut buildrequires = vec![one("platform", "f44")];
    buildrequires.extend((0..6).map(|group| one(&format!("module{}", group * 5 * GROUP + GROUP - 10), "1")));
    (buildrequires, 1)
}

/// Two modules of two streams on three platforms, and what they need.
fn two() -> Result<World, NameError> {
    let mut world = World::new(&["f42", "f43", "f44"])?;
    for name in ["database", "language"] {
        for stream in ["1", "2"] {
            world.stream(name, stream, 20, &[one("library", "1")])?;
        }
    }
    world.stream("library", "1", 20, &[])?;
    Ok(world)
}

/// Both in any of their streams, on any platform.
fn ambiguous() -> (BuildRequires, usize) {
    (vec![any("platform"), any("database"), any("language")], 12)
}
