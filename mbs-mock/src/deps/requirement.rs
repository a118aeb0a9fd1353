//! Requirements: plain capabilities and boolean expressions over them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::capability::{Capability, CapabilityError};
use crate::rpms::{Comparison, Relation};

/// How deep parentheses of a boolean dependency may nest. Real ones stay below five; the limit protects the stack.
const MAX_DEPTH: usize = 64;

/// A requirement. The variants are rpm's boolean operators; a chain such as `(a or b or c)` keeps its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// A capability or a file path.
    One(Capability),
    /// All of them.
    And(Vec<Requirement>),
    /// At least one; the first is preferred.
    Or(Vec<Requirement>),
    /// `then`, if `condition` holds; `otherwise` (or nothing) if not.
    If {
        /// What is needed when the condition holds.
        then: Box<Requirement>,
        /// The condition.
        condition: Box<Requirement>,
        /// What is needed when it does not hold.
        otherwise: Option<Box<Requirement>>,
    },
    /// `then`, unless `condition` holds; `otherwise` (or failure) if it does.
    Unless {
        /// What is needed when the condition does not hold.
        then: Box<Requirement>,
        /// The condition.
        condition: Box<Requirement>,
        /// What is needed when it holds.
        otherwise: Option<Box<Requirement>>,
    },
    /// One package that meets every one of them.
    With(Vec<Requirement>),
    /// One package that meets the first and does not meet the second.
    Without(Box<Requirement>, Box<Requirement>),
}

/// Why a text is no requirement.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequirementError {
    /// A plain dependency with a mistake.
    #[error(transparent)]
    Capability(#[from] CapabilityError),
    /// A boolean dependency with a mistake.
    #[error("`{text}` is not a boolean dependency: {problem} at byte {offset}")]
    Rich {
        /// The text as given.
        text: String,
        /// What is wrong.
        problem: RichError,
        /// Where, in bytes from the start.
        offset: usize,
    },
}

/// Mistakes in a boolean dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RichError {
    /// Something else stands where `(` must.
    #[error("expected `(`")]
    ExpectedOpen,
    /// The expression is not closed, or goes on after its end.
    #[error("expected `)` or an operator")]
    ExpectedClose,
    /// Text after the last `)`.
    #[error("expected the end")]
    ExpectedEnd,
    /// No dependency where one must stand.
    #[error("expected a dependency")]
    ExpectedName,
    /// A comparison without version.
    #[error("expected a version")]
    ExpectedVersion,
    /// An unknown word where an operator must stand.
    #[error("expected `and`, `or`, `if`, `unless`, `else`, `with` or `without`")]
    ExpectedOperator,
    /// Different operators in one chain, or a chain of an operator that cannot be chained.
    #[error("only `and`, `or` and `with` can be chained, each with itself; use parentheses")]
    Chain,
    /// `and`, `if` or `unless` inside `with` or `without`.
    #[error("only `with`, `without` and `or` are allowed inside `with` and `without`")]
    InsideWith,
    /// Parentheses nested too deep.
    #[error("parentheses nested deeper than {MAX_DEPTH}")]
    TooDeep,
}

impl Requirement {
    /// Takes an entry of an RPM header.
    pub fn from_relation(relation: &Relation) -> Result<Self, RequirementError> {
        if relation.is_rich() { relation.name.parse() } else { Ok(Self::One(Capability::from_relation(relation))) }
    }

    /// The requirements of a header, without those on rpm itself (`rpmlib(...)`) and mere hints.
    pub fn from_relations(relations: &[Relation]) -> Result<Vec<Self>, RequirementError> {
        relations
            .iter()
            .filter(|relation| !relation.is_rpmlib() && !relation.flags.is_missing_ok())
            .map(Self::from_relation)
            .collect()
    }

    /// Every capability that the expression names.
    pub fn capabilities(&self) -> Vec<&Capability> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Capability>) {
        match self {
            Self::One(capability) => found.push(capability),
            Self::And(list) | Self::Or(list) | Self::With(list) => list.iter().for_each(|one| one.collect(found)),
            Self::If { then, condition, otherwise } | Self::Unless { then, condition, otherwise } => {
                then.collect(found);
                condition.collect(found);
                if let Some(otherwise) = otherwise {
                    otherwise.collect(found);
                }
            }
            Self::Without(left, right) => {
                left.collect(found);
                right.collect(found);
            }
        }
    }

    fn is_allowed_inside_with(&self) -> bool {
        match self {
            Self::One(_) => true,
            Self::Or(list) | Self::With(list) => list.iter().all(Self::is_allowed_inside_with),
            Self::Without(left, right) => left.is_allowed_inside_with() && right.is_allowed_inside_with(),
            Self::And(_) | Self::If { .. } | Self::Unless { .. } => false,
        }
    }
}

impl FromStr for Requirement {
    type Err = RequirementError;

    /// Reads a plain dependency (`foo >= 1.2`) or, beginning with `(`, a boolean one.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        if !trimmed.starts_with('(') {
            return Ok(Self::One(trimmed.parse()?));
        }
        let mut parser = Parser { text: trimmed, at: 0 };
        let parsed = parser.rich(0).and_then(|rich| {
            parser.blanks();
            if parser.rest().is_empty() { Ok(rich) } else { Err(RichError::ExpectedEnd) }
        });
        parsed.map_err(|problem| RequirementError::Rich { text: text.to_owned(), problem, offset: parser.at })
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
    }

    /// Takes text up to a blank, a comma or a closing parenthesis that it did not open: `libx.so.1()(64bit)` is one.
    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let mut open = 0_usize;
        let mut end = rest.len();
        for (index, c) in rest.char_indices() {
            match c {
                c if c.is_ascii_whitespace() || c == ',' => {
                    end = index;
                    break;
                }
                ')' if open == 0 => {
                    end = index;
                    break;
                }
                ')' => open -= 1,
                '(' => open += 1,
                _ => {}
            }
        }
        self.at += end;
        &rest[..end]
    }

    fn operand(&mut self, depth: usize) -> Result<Requirement, RichError> {
        self.blanks();
        if self.rest().starts_with('(') {
            return self.rich(depth + 1);
        }
        let name = self.word();
        if name.is_empty() {
            return Err(RichError::ExpectedName);
        }
        self.blanks();
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| matches!(byte, b'<' | b'=' | b'>')).count();
        if length == 0 {
            return Ok(Requirement::One(Capability::named(name)));
        }
        let comparison = Comparison::parse(&rest[..length]).ok_or(RichError::ExpectedOperator)?;
        self.at += length;
        self.blanks();
        let version = self.word();
        if version.is_empty() {
            return Err(RichError::ExpectedVersion);
        }
        let mut capability = Capability::equal(name, version);
        if let Some(range) = &mut capability.range {
            range.comparison = comparison;
        }
        Ok(Requirement::One(capability))
    }

    fn rich(&mut self, depth: usize) -> Result<Requirement, RichError> {
        if depth >= MAX_DEPTH {
            return Err(RichError::TooDeep);
        }
        self.blanks();
        if !self.rest().starts_with('(') {
            return Err(RichError::ExpectedOpen);
        }
        self.at += 1;
        let mut operands = vec![self.operand(depth)?];
        let mut operators: Vec<&str> = Vec::new();
        loop {
            self.blanks();
            if self.rest().starts_with(')') {
                self.at += 1;
                return combine(operands, &operators);
            }
            if self.rest().is_empty() {
                return Err(RichError::ExpectedClose);
            }
            let operator = self.word();
            if !matches!(operator, "and" | "or" | "if" | "unless" | "else" | "with" | "without") {
                self.at -= operator.len();
                return Err(RichError::ExpectedOperator);
            }
            operators.push(operator);
            operands.push(self.operand(depth)?);
        }
    }
}

fn combine(mut operands: Vec<Requirement>, operators: &[&str]) -> Result<Requirement, RichError> {
    let checked = |list: Vec<Requirement>| {
        if list.iter().all(Requirement::is_allowed_inside_with) { Ok(list) } else { Err(RichError::InsideWith) }
    };
    match operators {
        [] => Ok(operands.remove(0)),
        ["and", rest @ ..] if rest.iter().all(|one| *one == "and") => Ok(Requirement::And(operands)),
        ["or", rest @ ..] if rest.iter().all(|one| *one == "or") => Ok(Requirement::Or(operands)),
        ["with", rest @ ..] if rest.iter().all(|one| *one == "with") => Ok(Requirement::With(checked(operands)?)),
        ["without"] => {
            let mut list = checked(operands)?;
            let right = list.remove(1);
            Ok(Requirement::Without(Box::new(list.remove(0)), Box::new(right)))
        }
        [word @ ("if" | "unless")] | [word @ ("if" | "unless"), "else"] => {
            let otherwise = (operands.len() == 3).then(|| Box::new(operands.remove(2)));
            let condition = Box::new(operands.remove(1));
            let then = Box::new(operands.remove(0));
            Ok(if *word == "if" {
                Requirement::If { then, condition, otherwise }
            } else {
                Requirement::Unless { then, condition, otherwise }
            })
        }
        _ => Err(RichError::Chain),
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chain = |f: &mut fmt::Formatter<'_>, list: &[Requirement], word: &str| {
            f.write_str("(")?;
            for (index, one) in list.iter().enumerate() {
                if index > 0 {
                    write!(f, " {word} ")?;
                }
                write!(f, "{one}")?;
            }
            f.write_str(")")
        };
        match self {
            Self::One(capability) => write!(f, "{capability}"),
            Self::And(list) => chain(f, list, "and"),
            Self::Or(list) => chain(f, list, "or"),
            Self::With(list) => chain(f, list, "with"),
            Self::Without(left, right) => write!(f, "({left} without {right})"),
            Self::If { then, condition, otherwise } | Self::Unless { then, condition, otherwise } => {
                let word = if matches!(self, Self::If { .. }) { "if" } else { "unless" };
                write!(f, "({then} {word} {condition}")?;
                if let Some(otherwise) = otherwise {
                    write!(f, " else {otherwise}")?;
                }
                f.write_str(")")
            }
        }
    }
}
