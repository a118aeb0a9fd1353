//! Documents made at random, and what becomes of them when bytes change.

use crate::modulemd::fuzzing::compare_scanners;
use crate::modulemd::yaml::compare::compare;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A document, and how it is written.
#[derive(Debug, Clone)]
enum Node {
    Empty,
    /// Lines of words, each with the empty lines before it.
    Plain(Vec<(&'static str, usize)>),
    Quoted(bool, Vec<&'static str>),
    /// Header, and lines with their additional indentation.
    Block(&'static str, Vec<(usize, &'static str)>),
    Flow(String),
    Map(Vec<(&'static str, Node)>, Layout),
    List(Vec<Node>, Layout),
}

/// How far a collection is indented, and what stands behind its lines.
#[derive(Debug, Clone, Copy)]
struct Layout {
    indent: usize,
    compact: bool,
    end: &'static str,
}

fn layout() -> impl Strategy<Value = Layout> {
    let end = select(vec!["\n", "\n", "\n", " # c\n", "\n\n", "  \n", "\n# c\n", "\r\n", "\r"]);
    (0..4_usize, any::<bool>(), end).prop_map(|(indent, compact, end)| Layout { indent, compact, end })
}

fn flow() -> impl Strategy<Value = String> {
    let leaf = select(vec!["a", "'b c'", "\"d\\n\"", "e f", "-1", "x:y", "a\n b", "é", "h#i"]).prop_map(str::to_owned);
    leaf.prop_recursive(3, 12, 4, |inner| {
        let comma = || select(vec![",", ", ", " , ", ",\n  ", ", # c\n", ",\r\n\n "]);
        let key = select(vec!["k: ", "'k':", "\"k\" : ", "k k:  ", "k:\n "]);
        prop_oneof![
            vec((inner.clone(), comma()), 0..4).prop_map(|items| {
                let items: Vec<String> = items.into_iter().map(|(item, comma)| item + comma).collect();
                format!("[{}]", items.concat())
            }),
            vec((key, inner, comma()), 0..4).prop_map(|pairs| {
                let pairs: Vec<String> =
                    pairs.into_iter().map(|(key, item, comma)| [key, &item, comma].concat()).collect();
                format!("{{{}}}", pairs.concat())
            }),
        ]
    })
}

fn node() -> impl Strategy<Value = Node> {
    let word = || select(vec!["a", "b c", "x:y", "d#e", "-f", "1.0", "é", "g 'h'", "[i", "j, k"]);
    let first = select(vec!["a", "b c", "x:y", "-f", "1.0", "?g", ":h", "é"]);
    let quoted = vec(select(vec!["a", " ", "b", "\n", "\n  ", "\n\n", "#", ": ", "[", "\t", "é", "\r\n "]), 0..6);
    let line = (0..3_usize, select(vec!["a", "b c", "", "#d", "- e", "f: g", "h\t", "é"]));
    let header = select(vec!["|", "|-", "|+", ">", ">-", ">+", "|  # c", "> # c"]);
    let leaf = prop_oneof![
        Just(Node::Empty),
        (first, vec((word(), 0..3_usize), 0..3))
            .prop_map(|(first, rest)| { Node::Plain(std::iter::once((first, 0)).chain(rest).collect()) }),
        (any::<bool>(), quoted).prop_map(|(single, parts)| Node::Quoted(single, parts)),
        (header, vec(line, 0..5)).prop_map(|(header, lines)| Node::Block(header, lines)),
        flow().prop_filter("a collection", |text| text.starts_with(['[', '{'])).prop_map(Node::Flow),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let key = select(vec!["a", "b", "'c'", "\"d\"", "e f ", "é", "-g", "?h", "'it''s' ", "\"\\x41\""]);
        prop_oneof![
            (vec((key, inner.clone()), 1..5), layout()).prop_map(|(pairs, layout)| Node::Map(pairs, layout)),
            (vec(inner, 1..5), layout()).prop_map(|(items, layout)| Node::List(items, layout)),
        ]
    })
}

fn pad(out: &mut String, width: usize) {
    out.extend(std::iter::repeat_n(' ', width));
}

/// Writes a node behind a key, a dash or at the root. `parent` is the column of the collection around it plus one.
fn print(node: &Node, parent: usize, end: &str, after_dash: bool, out: &mut String) {
    match node {
        Node::Empty => out.push_str(end),
        Node::Plain(lines) => {
            for (number, (words, empty)) in lines.iter().enumerate() {
                if number > 0 {
                    out.extend(std::iter::repeat_n('\n', empty + 1));
                    pad(out, parent + empty);
                } else if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(words);
            }
            out.push_str(end);
        }
        Node::Quoted(single, parts) => {
            let quote = if *single { "'" } else { "\"" };
            out.push_str(&[" ", quote, &parts.concat(), quote, end].concat());
        }
        Node::Block(header, lines) => {
            out.push_str(&[" ", header, "\n"].concat());
            let mut indent = parent.max(1);
            for (number, (more, text)) in lines.iter().enumerate() {
                if number == 0 {
                    // The first line says how far the text is indented; it must not be an empty one.
                    indent += more;
                    pad(out, indent);
                    out.push('x');
                } else if !text.is_empty() {
                    pad(out, indent + more);
                }
                out.push_str(text);
                out.push('\n');
            }
        }
        Node::Flow(text) => out.push_str(&[" ", text, end].concat()),
        Node::Map(pairs, layout) => {
            let column = begin(parent, layout, after_dash, end, out);
            for (number, (key, value)) in pairs.iter().enumerate() {
                if number > 0 || !(after_dash && layout.compact) {
                    pad(out, column);
                }
                out.push_str(key);
                out.push(':');
                print(value, column + 1, layout.end, false, out);
            }
        }
        Node::List(items, layout) => {
            let column = begin(parent, layout, after_dash, end, out);
            for (number, item) in items.iter().enumerate() {
                if number > 0 || !(after_dash && layout.compact) {
                    pad(out, column);
                }
                out.push('-');
                print(item, column + 1, layout.end, true, out);
            }
        }
    }
}

/// Goes to the column of a collection.
fn begin(parent: usize, layout: &Layout, after_dash: bool, end: &str, out: &mut String) -> usize {
    if after_dash && layout.compact {
        pad(out, layout.indent + 1);
        let line = out.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        return out[line..].chars().count();
    }
    if !out.is_empty() {
        out.push_str(end);
    }
    parent + layout.indent
}

fn document() -> impl Strategy<Value = String> {
    let before = select(vec!["", "", "---\n", "--- # c\n", "# c\n---\n"]);
    let after = select(vec!["", "", "...\n", "# c\n", "... # c\n\n"]);
    (before, node(), after).prop_map(|(before, node, after)| {
        let mut out = before.to_owned();
        let collection = matches!(node, Node::Map(..) | Node::List(..));
        if before.is_empty() || !collection {
            out.clear();
        }
        let prefix = out.clone();
        let mut text = String::new();
        print(&node, 0, "\n", false, &mut text);
        [prefix.as_str(), &text, if collection { after } else { "" }].concat()
    })
}

/// A change of a text: what to put where in place of how many characters.
fn change() -> impl Strategy<Value = (Index, usize, &'static str)> {
    let piece = select(vec![
        "", " ", "\n", "\t", ":", ": ", "- ", "'", "\"", "[", "]", "{", "}", ",", "#", " #", "|", ">", "\\", "&a ",
        "*a", "!", "%", "?", "...", "---", "\r", "é", "\u{85}", "\u{FEFF}", "  ", "\n  ", "\n- ", "x",
    ]);
    (any::<Index>(), 0..3_usize, piece)
}

fn changed(text: &str, changes: &[(Index, usize, &str)]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for (place, width, piece) in changes {
        let from = place.index(text.len() + 1);
        let to = (from + width).min(text.len());
        text.splice(from..to, piece.chars());
    }
    text.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 3_000 } else { 50_000 }))]

    #[test]
    fn well_formed_documents_are_taken_and_equal(text in document()) {
        prop_assert!(compare(&text), "given up: {:?}", text);
    }

    #[test]
    fn changed_documents_are_equal_or_given_up(text in document(), changes in vec(change(), 1..4)) {
        compare_scanners(changed(&text, &changes).as_bytes());
    }

    #[test]
    fn changed_real_documents_are_equal_or_given_up(changes in vec(change(), 1..6)) {
        compare_scanners(changed(crate::modulemd::tests::GREENHOUSE, &changes).as_bytes());
    }
}
