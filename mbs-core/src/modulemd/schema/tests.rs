//! The schemas and the model agree.

use super::describe::{DESCRIPTIONS, REQUIRED, description};
use super::probe::{Shape, Structs};
use super::render::schema;
use super::shapes::shapes;
use crate::modulemd::limits::Limits;
use crate::modulemd::model::DocumentKind;
use crate::modulemd::tests::generated::documents;
use crate::modulemd::write::write;
use crate::modulemd::yaml::builder::Budget;
use crate::modulemd::yaml::documents::Documents;
use crate::modulemd::yaml::tape::{Node, Tape, View};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

/// Every struct of every kind of document.
fn structs() -> Structs {
    DocumentKind::ALL.iter().flat_map(|kind| shapes(*kind).1.clone()).collect()
}

#[test]
fn every_key_has_a_description_and_every_description_a_key() {
    let structs = structs();
    let mut used = BTreeSet::new();
    for (owner, fields) in &structs {
        for (field, shape) in fields {
            assert_ne!(*shape, Shape::Nothing, "{owner}.{field}");
            assert!(description(owner, field).is_some(), "`{owner}.{field}` has no description");
            let own = DESCRIPTIONS.iter().any(|(one, key, _)| one == owner && key == field);
            used.insert((if own { *owner } else { "*" }, *field));
        }
    }
    for (owner, field, _) in DESCRIPTIONS {
        assert!(used.contains(&(*owner, *field)), "`{owner}.{field}` is described and read by nobody");
    }
    for (owner, fields) in REQUIRED {
        let known = structs.get(owner).unwrap_or_else(|| panic!("no struct `{owner}`"));
        assert!(fields.iter().all(|field| known.iter().any(|(name, _)| name == field)), "{owner}");
    }
}

/// Walks through what was written; the keys of each struct that were seen are noted.
fn ordered(node: Node<'_>, shape: &Shape, structs: &Structs, seen: &mut BTreeSet<(&'static str, &'static str)>) {
    match (shape, node.view()) {
        (Shape::Struct(name), View::Map(pairs)) => {
            let fields = &structs[name];
            let mut last = 0;
            for (key, value) in pairs {
                let Some(place) = fields.iter().position(|(field, _)| Some(*field) == key.scalar()) else { continue };
                assert!(place >= last, "`{name}.{}` is written too late", fields[place].0);
                last = place;
                seen.insert((name, fields[place].0));
                ordered(value, &fields[place].1, structs, seen);
            }
        }
        (Shape::Map(inner), View::Map(pairs)) => pairs.for_each(|(_, value)| ordered(value, inner, structs, seen)),
        (Shape::List(inner), View::Seq(items)) => items.for_each(|item| ordered(item, inner, structs, seen)),
        _ => {}
    }
}

#[test]
fn the_writer_keeps_the_order_of_the_model_and_writes_every_key() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..600 {
        let document = documents().new_tree(&mut runner).expect("a document").current();
        let Some(kind) = DocumentKind::of(&document) else { continue };
        let text = write(&document);
        let mut budget = Budget::new(Limits::default());
        let mut tape = Tape::new();
        Documents::new(&text, 0, &mut budget).next(&mut tape).expect("a document").expect("no problem");
        let mut pairs = tape.root().and_then(Node::pairs).expect("a map");
        let (_, data) = pairs.find(|(key, _)| key.scalar() == Some("data")).expect("data");
        let (shape, structs) = shapes(kind);
        ordered(data, shape, structs, &mut seen);
    }
    for (owner, fields) in &structs() {
        for (field, _) in fields {
            assert!(seen.contains(&(*owner, *field)), "`{owner}.{field}` is never written");
        }
    }
}

#[test]
fn the_model_is_asked_for_its_keys() {
    let (data, structs) = shapes(DocumentKind::Stream);
    assert_eq!(*data, Shape::Struct("ModuleStream"));
    let shape = |owner: &str, field: &str| {
        let fields = structs.get(owner).unwrap_or_else(|| panic!("no struct `{owner}`"));
        fields.iter().find(|(name, _)| *name == field).map(|(_, shape)| shape.clone())
    };
    assert_eq!(shape("ModuleStream", "version"), Some(Shape::Unsigned));
    assert_eq!(shape("ModuleStream", "summary"), Some(Shape::Text));
    assert_eq!(shape("ModuleStream", "xmd"), Some(Shape::Value));
    assert_eq!(shape("ModuleStream", "unknown"), None);
    assert_eq!(shape("ModuleStream", "dependencies"), Some(Shape::List(Box::new(Shape::Struct("Dependency")))));
    assert_eq!(shape("Dependency", "requires"), Some(Shape::Map(Box::new(Shape::Set))));
    assert_eq!(shape("RpmComponent", "srpm-buildroot"), Some(Shape::Bool));
    assert_eq!(shape("RpmComponent", "buildorder"), Some(Shape::Signed));
    assert_eq!(shape("ServiceLevel", "eol"), Some(Shape::Day));
    let map = Shape::Map(Box::new(Shape::Map(Box::new(Shape::Struct("RpmMapEntry")))));
    assert_eq!(shape("Artifacts", "rpm-map"), Some(map));
}

#[test]
fn the_envelope_names_the_kind() {
    for kind in DocumentKind::ALL {
        let schema = schema(*kind);
        let (name, version) = kind.key();
        assert_eq!(schema["title"], format!("{name} {version}"));
        assert_eq!(schema["properties"]["document"]["enum"][0], name);
        assert_eq!(schema["properties"]["version"]["anyOf"][0]["enum"][0], version);
        let data = schema["properties"]["data"]["$ref"].as_str().expect("a reference");
        let owner = data.rsplit('/').next().expect("a name");
        assert_eq!(schema["$defs"][owner]["additionalProperties"], false);
    }
}
