//! Inputs that would show a cost beyond linear: of one thing very much, or of what only a stranger sends.

const HEAD: &str =
    "document: modulemd\nversion: 2\ndata:\n  summary: S\n  description: D\n  license: {module: [MIT]}\n";

/// Makes a text of about so many bytes.
pub type Make = fn(usize) -> String;

/// Their names, and how they are made.
pub const SHAPES: [(&str, Make); 12] = [
    ("one map", |bytes| {
        many(HEAD.to_owned() + "  components:\n    rpms:\n", bytes, |n| format!("      c{n}: {{ref: r}}\n"))
    }),
    ("one list", |bytes| many(HEAD.to_owned() + "  filter:\n    rpms:\n", bytes, |n| format!("    - package-{n}\n"))),
    ("one text", |bytes| many(HEAD.replace('D', "|"), bytes, |_| "    line of a text\n".to_owned())),
    ("one quoted text", |bytes| many(HEAD.to_owned() + "  name: \"", bytes, |_| "words and \\n\n    ".to_owned())),
    ("small documents", |bytes| many(String::new(), bytes, |_| format!("---\n{HEAD}"))),
    ("anchors", |bytes| many(HEAD.to_owned() + "  xmd:\n", bytes, |n| format!("    k{n}: &a{n} v\n"))),
    ("aliases", |bytes| many(HEAD.to_owned() + "  xmd:\n    a: &a v\n", bytes, |n| format!("    k{n}: *a\n"))),
    ("unknown keys", |bytes| many(HEAD.to_owned(), bytes, |n| format!("  k{n}: v\n"))),
    ("duplicate keys", |bytes| many(HEAD.to_owned() + "  xmd:\n", bytes, |_| "    key: v\n".to_owned())),
    ("broken documents", |bytes| many(String::new(), bytes, |_| "---\n- [a\n".to_owned())),
    ("open brackets", |bytes| "[".repeat(bytes)),
    ("buildafter", |bytes| {
        many(HEAD.to_owned() + "  components:\n    rpms:\n      c0: {}\n", bytes, |n| {
            format!("      c{}: {{buildafter: [c{n}]}}\n", n + 1)
        })
    }),
];

fn many(mut text: String, bytes: usize, item: impl Fn(usize) -> String) -> String {
    let mut number = 0;
    while text.len() < bytes {
        text.push_str(&item(number));
        number += 1;
    }
    text
}
