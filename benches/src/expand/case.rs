//! What is measured.

use super::document::BuildRequires;
use super::world::World;
use mbs_core::NameError;

/// A universe, and what a document build-requires in it.
#[derive(Debug)]
pub struct Shape {
    /// The builds.
    pub world: World,
    /// Modules and streams.
    pub buildrequires: BuildRequires,
    /// How many results that must have.
    pub results: usize,
}

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
    /// Makes it.
    pub make: fn() -> Result<Shape, NameError>,
}

/// All cases.
pub const CASES: [Case; 6] = [
    Case { name: "5x5", peer: Some(38_800.0), at_most: 300.0, memory: None, make: five_by_five },
    Case { name: "3x4 of 5,000", peer: Some(750.0), at_most: 8.0, memory: None, make: three_by_four },
    Case { name: "diamonds", peer: Some(53_000.0), at_most: 5.0, memory: None, make: diamonds },
    Case { name: "1 of 100,000", peer: None, at_most: 20.0, memory: Some(150.0), make: large },
    Case { name: "two ambiguous", peer: None, at_most: 50.0, memory: None, make: ambiguous },
    Case { name: "10,000 streams", peer: None, at_most: 1000.0, memory: None, make: streams },
];

fn any(name: &str) -> (String, Vec<String>) {
    (name.to_owned(), Vec::new())
}

fn one(name: &str, stream: &str) -> (String, Vec<String>) {
    (name.to_owned(), vec![stream.to_owned()])
}

/// Five modules of five streams, every combination a result.
fn five_by_five() -> Result<Shape, NameError> {
    grid(&["a", "b", "c", "d", "e"], 5, 1, 0)
}

/// Three modules of four streams, 4,800 builds of them and 200 of others.
fn three_by_four() -> Result<Shape, NameError> {
    grid(&["a", "b", "c"], 4, 400, 200)
}

fn grid(names: &[&str], streams: u32, versions: u64, others: usize) -> Result<Shape, NameError> {
    let mut world = World::new(&["f40"])?;
    for name in names {
        for stream in 1..=streams {
            world.stream(name, &stream.to_string(), versions, &[])?;
        }
    }
    for other in 0..others {
        world.stream(&format!("other{other}"), "1", 1, &[])?;
    }
    let mut buildrequires = vec![one("platform", "f40")];
    buildrequires.extend(names.iter().copied().map(any));
    let results = names.iter().fold(1, |product, _| product * streams as usize);
    Ok(Shape { world, buildrequires, results })
}

/// Eleven modules: one on five layers of two, each of which requires both of the next layer.
fn diamonds() -> Result<Shape, NameError> {
    let mut world = World::new(&["f40"])?;
    let layer = |layer: usize| -> BuildRequires {
        if layer < 5 { (0..2).map(|side| one(&format!("layer{layer}-{side}"), "1")).collect() } else { Vec::new() }
    };
    world.stream("top", "1", 1, &layer(0))?;
    for number in 0..5 {
        for (name, _) in layer(number) {
            world.stream(&name, "1", 1, &layer(number + 1))?;
        }
    }
    let mut buildrequires = vec![one("platform", "f40"), one("top", "1")];
    buildrequires.extend(layer(0));
    Ok(Shape { world, buildrequires, results: 1 })
}

/// 2,000 modules of two streams, of each five versions on five platforms: 100,000 builds.
///
/// They require each other within groups of 40; the document build-requires six of them from different groups.
fn large() -> Result<Shape, NameError> {
    const GROUP: usize = 40;
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
    let mut buildrequires = vec![one("platform", "f44")];
    buildrequires.extend((0..6).map(|group| one(&format!("module{}", group * 5 * GROUP + 10), "1")));
    Ok(Shape { world, buildrequires, results: 1 })
}

/// Two modules that are build-required in any of their streams, two each, on three platforms.
fn ambiguous() -> Result<Shape, NameError> {
    let mut world = World::new(&["f42", "f43", "f44"])?;
    for name in ["database", "language"] {
        for stream in ["1", "2"] {
            world.stream(name, stream, 20, &[one("library", "1")])?;
        }
    }
    world.stream("library", "1", 20, &[])?;
    Ok(Shape { world, buildrequires: vec![any("platform"), any("database"), any("language")], results: 12 })
}

/// A module with ten thousand streams, each a result.
fn streams() -> Result<Shape, NameError> {
    let mut world = World::new(&["f40"])?;
    for stream in 0..10_000 {
        world.stream("many", &stream.to_string(), 1, &[])?;
    }
    Ok(Shape { world, buildrequires: vec![one("platform", "f40"), any("many")], results: 10_000 })
}
