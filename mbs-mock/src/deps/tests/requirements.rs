use crate::deps::{Requirement, RequirementError, RichError};

fn parse(text: &str) -> Requirement {
    text.parse().unwrap()
}

fn problem(text: &str) -> RichError {
    match text.parse::<Requirement>() {
        Err(RequirementError::Rich { problem, .. }) => problem,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_boolean_dependency_is_written_as_it_was_read() {
    for text in [
        "libx.so.1(V_1)(64bit)",
        "a >= 1:2-3",
        "(a and b and c)",
        "(a >= 2 or libx.so.1()(64bit) or /usr/bin/x)",
        "(pkgconfig(x) >= 1.2 if (perl(A::B) or c))",
        "(a if b else c)",
        "(a unless b else c)",
        "((a or b) with c)",
        "(a without b)",
    ] {
        assert_eq!(parse(text).to_string(), text);
    }
    assert_eq!(parse("( a >= 2  or (b) )").to_string(), "(a >= 2 or b)");
}

#[test]
fn mistakes_in_boolean_dependencies_are_named() {
    assert_eq!(problem("(a and b or c)"), RichError::Chain);
    assert_eq!(problem("(a if b if c)"), RichError::Chain);
    assert_eq!(problem("(a without b without c)"), RichError::Chain);
    assert_eq!(problem("(a b)"), RichError::ExpectedOperator);
    assert_eq!(problem("(a or )"), RichError::ExpectedName);
    assert_eq!(problem("(a or b"), RichError::ExpectedClose);
    assert_eq!(problem("(a) b"), RichError::ExpectedEnd);
    assert_eq!(problem("(a >= )"), RichError::ExpectedVersion);
    assert_eq!(problem("((a and b) with c)"), RichError::InsideWith);
    assert_eq!(problem(&"(".repeat(100_000)), RichError::TooDeep);
}
