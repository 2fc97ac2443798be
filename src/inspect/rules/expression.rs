//! The small language in which rules speak of an instance: `config.jdbcUrl`, `size(sessions) >= 10000`, `state == 'STARTED'`.
//!
//! Owns its grammar; knows nothing of heaps.
//!
//! ```text
//! condition  := comparison { "or" comparison }
//! comparison := sum ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~" | "->" ) sum
//!                                                 `~` is a pattern as in file names, `->` leads to that object
//! sum        := product { "+" product }
//! product    := value { "*" value }
//! value      := number [ unit ] | 'text' | "true" | "false" | "null" | function "(" sum ")" | path
//! function   := size | retained | shallow | sum | max | min | count | pool | lineage | ...
//! path       := chain { "|" chain }                                              the first chain whose fields exist
//! chain      := [ "@" class "#" ] step { "." step }                              `@C#F` begins at a static field, `@heap#limit` is what the heap may take
//! step       := name [ "[*]" | "[keys]" | "[" number "]" ]                       `this`: the instance, `class`: its class
//! ```

use crate::query::ClassPattern;
use std::ops::Range;

/// A value that is asked of an instance.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    Text(String),
    Null,
    Call(Function, Box<Expression>),
    Product(Box<Expression>, Box<Expression>),
    Sum(Box<Expression>, Box<Expression>),
    Path(Vec<Chain>),
}

/// Fields to be followed, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    /// A class whose static field is the first step.
    pub(super) of_class: Option<String>,
    pub(super) steps: Vec<Step>,
}

/// One field, and what of the collection that it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) pick: Pick,
}

/// What is taken of the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    Whole,
    Elements,
    Keys,
    Element(u32),
}

/// What can be made of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    /// Elements of a collection, length of an array or text.
    Size,
    /// Retained size.
    Retained,
    /// What the entry of a thread-local keeps, also of what the thread is at work with.
    Kept,
    /// Shallow size.
    Shallow,
    /// Sum over many values.
    Sum,
    /// Greatest of many values.
    Max,
    /// Least of many values.
    Min,
    /// How many values are not null.
    Count,
    /// A thread's name with `*` for its numbers.
    Pool,
    /// An SQL statement without its literals.
    Statement,
    /// Of a class loader: how many loaders have defined a class of the same name as one of its own.
    Copies,
    /// A number of bytes, as it is: it is shown with a unit.
    Bytes,
    /// How many of many objects variables of threads lead to.
    InHand,
    /// The same of threads that read from the network.
    Reading,
    /// How many of many objects are variables of threads.
    OnStack,
    /// The first few different ones of many values, in words.
    Some,
    /// The names of an object's class and of all above it.
    Lineage,
    /// The limit of a collection, by its own class, that there is more than.
    Passed,
    /// Whether an object is of a class whose objects may change.
    Changeable,
}

const FUNCTIONS: &[(&str, Function)] = &[
    ("size", Function::Size),
    ("retained", Function::Retained),
    ("kept", Function::Kept),
    ("shallow", Function::Shallow),
    ("sum", Function::Sum),
    ("max", Function::Max),
    ("min", Function::Min),
    ("count", Function::Count),
    ("pool", Function::Pool),
    ("statement", Function::Statement),
    ("bytes", Function::Bytes),
    ("copies", Function::Copies),
    ("inhand", Function::InHand),
    ("reading", Function::Reading),
    ("onstack", Function::OnStack),
    ("some", Function::Some),
    ("lineage", Function::Lineage),
    ("passed", Function::Passed),
    ("changeable", Function::Changeable),
];

impl Function {
    /// Whether the result is a size in bytes.
    pub(super) fn is_bytes(self) -> bool {
        matches!(self, Self::Retained | Self::Kept | Self::Shallow | Self::Bytes)
    }

    /// Whether the result is no number.
    fn is_text(self) -> bool {
        matches!(
            self,
            Self::Pool | Self::Statement | Self::Some | Self::Lineage | Self::Passed | Self::Changeable
        )
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    Unlike,
    LeadsTo,
}

const OPERATORS: &[(&str, Operator)] = &[
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("~", Operator::Like),
    ("!~", Operator::Unlike),
    ("->", Operator::LeadsTo),
];

/// Two values compared.
#[derive(Debug, Clone)]
pub(super) struct Comparison {
    pub(super) left: Expression,
    pub(super) operator: Operator,
    pub(super) right: Expression,
    /// What stands right of `~` and `!~`.
    pub(super) pattern: Option<ClassPattern>,
}

/// Something that an instance must fulfil: one of these.
#[derive(Debug, Clone)]
pub(super) struct Condition(pub(super) Vec<Comparison>);

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExpressionError {
    pub(super) place: Range<usize>,
    pub(super) message: String,
}

impl Condition {
    /// Reads a condition.
    pub(super) fn parse(text: &str) -> Result<Self, ExpressionError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let mut comparisons = vec![reader.comparison()?];
        while reader.word("or") {
            comparisons.push(reader.comparison()?);
        }
        reader.end()?;
        Ok(Self(comparisons))
    }

    /// Whether it is the same for all instances of a class.
    pub(super) fn is_of_class(&self) -> bool {
        self.0.iter().all(|comparison| comparison.left.is_of_class() && comparison.right.is_of_class())
    }
}

impl Expression {
    /// Whether it gives the same for all instances of a class.
    fn is_of_class(&self) -> bool {
        let begins_at_class = |chain: &Chain| {
            chain.of_class.is_some() || chain.steps.first().is_some_and(|step| step.name == "class")
        };
        match self {
            Self::Number(_) | Self::Text(_) | Self::Null => true,
            Self::Call(_, inner) => inner.is_of_class(),
            Self::Product(first, second) | Self::Sum(first, second) => {
                first.is_of_class() && second.is_of_class()
            }
            Self::Path(chains) => chains.iter().all(begins_at_class),
        }
    }

    /// Reads a value.
    pub(super) fn parse(text: &str) -> Result<Self, ExpressionError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let value = reader.sum()?;
        reader.end()?;
        Ok(value)
    }

    /// The last name in it: what the value is called if nothing else is said.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Call(_, inner) => inner.name(),
            Self::Path(chains) => {
                let steps = &chains.first()?.steps;
                let plain = steps.iter().rev().map(|step| &*step.name);
                plain.into_iter().find(|name| !matches!(*name, "value" | "this" | "holder"))
            }
            _ => None,
        }
    }

    /// Whether the result is a size in bytes.
    pub(super) fn is_bytes(&self) -> bool {
        match self {
            Self::Call(function, inner) => function.is_bytes() || inner.is_bytes(),
            Self::Product(a, b) | Self::Sum(a, b) => a.is_bytes() || b.is_bytes(),
            _ => false,
        }
    }

    /// Whether the result is a number of things.
    pub(super) fn is_count(&self) -> bool {
        matches!(self, Self::Call(function, _) if !function.is_bytes() && !function.is_text())
    }
}

/// Functions inside of functions that a rule can need.
const MOST_NESTED: usize = 8;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Functions that are open.
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn fail<T>(&self, start: usize, message: impl Into<String>) -> Result<T, ExpressionError> {
        Err(ExpressionError { place: start..self.text.len(), message: message.into() })
    }

    /// Takes the sign if it is next.
    fn sign(&mut self, sign: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    /// Takes the word if it is next.
    fn word(&mut self, word: &str) -> bool {
        self.space();
        let found = self.rest().strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_name_part));
        if found {
            self.at += word.len();
        }
        found
    }

    fn end(&mut self) -> Result<(), ExpressionError> {
        self.space();
        match self.rest() {
            "" => Ok(()),
            rest => self.fail(self.at, format!("`{rest}` is too much here")),
        }
    }

    fn comparison(&mut self) -> Result<Comparison, ExpressionError> {
        let left = self.sum()?;
        self.space();
        let operator = OPERATORS.iter().find(|(sign, _)| self.rest().starts_with(sign));
        let Some(&(sign, operator)) = operator else {
            return self.fail(self.at, "expected one of == != < <= > >= ~ !~ -> here");
        };
        self.at += sign.len();
        self.space();
        let start = self.at;
        let right = self.sum()?;
        let pattern = match (operator, &right) {
            (Operator::Like | Operator::Unlike, Expression::Text(text)) => match ClassPattern::parse(text) {
                Ok(pattern) => Some(pattern),
                Err(message) => return self.fail(start, message),
            },
            (Operator::Like | Operator::Unlike, _) => {
                return self.fail(start, "expected a pattern in quotes here, as '*Factory'");
            }
            _ => None,
        };
        Ok(Comparison { left, operator, right, pattern })
    }

    fn sum(&mut self) -> Result<Expression, ExpressionError> {
        let mut sum = self.product()?;
        while self.sign("+") {
            sum = Expression::Sum(Box::new(sum), Box::new(self.product()?));
        }
        Ok(sum)
    }

    fn product(&mut self) -> Result<Expression, ExpressionError> {
        let mut product = self.value()?;
        while self.sign("*") {
            product = Expression::Product(Box::new(product), Box::new(self.value()?));
        }
        Ok(product)
    }

    fn value(&mut self) -> Result<Expression, ExpressionError> {
        self.space();
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return self.fail(start, "expected a field, a number or a 'text' here");
        };
        if first.is_ascii_digit() || first == '-' {
            return self.number();
        }
        if first == '\'' {
            let Some(length) = self.rest()[1..].find('\'') else {
                return self.fail(start, "this text has no end: `'` is missing");
            };
            let text = self.rest()[1..=length].to_owned();
            self.at += length + 2;
            return Ok(Expression::Text(text));
        }
        if self.word("null") {
            return Ok(Expression::Null);
        }
        if self.word("true") {
            return Ok(Expression::Number(1.0));
        }
        if self.word("false") {
            return Ok(Expression::Number(0.0));
        }
        if first != '@' {
            let name = self.name()?;
            if self.sign("(") {
                let Some(&(_, function)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
                    let known = FUNCTIONS.iter().map(|(known, _)| *known);
                    let hint = super::parse::did_you_mean(&name, known);
                    return self.fail(start, format!("unknown function `{name}`{hint}"));
                };
                if self.depth == MOST_NESTED {
                    return self.fail(start, "too many functions inside of each other");
                }
                self.depth += 1;
                let inner = self.sum()?;
                self.depth -= 1;
                if !self.sign(")") {
                    return self.fail(self.at, "expected `)` here");
                }
                return Ok(Expression::Call(function, Box::new(inner)));
            }
            self.at = start;
        }
        let mut chains = vec![self.chain()?];
        while self.sign("|") {
            chains.push(self.chain()?);
        }
        Ok(Expression::Path(chains))
    }

    fn number(&mut self) -> Result<Expression, ExpressionError> {
        let start = self.at;
        let sign = usize::from(self.rest().starts_with('-'));
        let digits = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
        let length = sign + self.rest()[sign..].find(|c| !digits(c)).unwrap_or(self.rest().len() - sign);
        let number = self.rest()[..length].replace('_', "").parse::<f64>();
        let Ok(number) = number else { return self.fail(start, "this is no number") };
        self.at += length;
        for (unit, factor) in [("KiB", 1u64 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)] {
            if self.word(unit) {
                return Ok(Expression::Number(number * factor as f64));
            }
        }
        Ok(Expression::Number(number))
    }

    fn name(&mut self) -> Result<String, ExpressionError> {
        self.space();
        let length = self.rest().find(|c| !is_name_part(c)).unwrap_or(self.rest().len());
        if length == 0 {
            return self.fail(self.at, "expected the name of a field here");
        }
        let name = self.rest()[..length].to_owned();
        self.at += length;
        Ok(name)
    }

    fn chain(&mut self) -> Result<Chain, ExpressionError> {
        let of_class = if self.sign("@") {
            let start = self.at;
            let Some(length) = self.rest().find('#') else {
                return self.fail(start, "`@` is followed by a class, `#` and the name of a static field");
            };
            let class = self.rest()[..length].trim().to_owned();
            self.at += length + 1;
            Some(class)
        } else {
            None
        };
        let mut steps = vec![self.step()?];
        while self.sign(".") {
            steps.push(self.step()?);
        }
        Ok(Chain { of_class, steps })
    }

    fn step(&mut self) -> Result<Step, ExpressionError> {
        let name = self.name()?;
        let pick = if self.rest().starts_with('[') {
            let start = self.at;
            let Some(length) = self.rest().find(']') else { return self.fail(start, "`]` is missing") };
            let inner = self.rest()[1..length].trim().to_owned();
            self.at += length + 1;
            match &*inner {
                "*" => Pick::Elements,
                "keys" => Pick::Keys,
                _ => match inner.parse() {
                    Ok(at) => Pick::Element(at),
                    Err(_) => return self.fail(start, "possible are [*], [keys] and [0], [1], ..."),
                },
            }
        } else {
            Pick::Whole
        };
        Ok(Step { name, pick })
    }
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_the_same_for_all_instances_of_a_class() {
        let is_of_class = |text| Condition::parse(text).unwrap().is_of_class();
        assert!(is_of_class("class ~ 'java.*' or class.loader == null"));
        assert!(is_of_class("@heap#limit * 2 > 10"));
        assert!(is_of_class("lineage(class) == 'a.B'"));
        for text in
            ["class ~ 'java.*' or size > 3", "size(class|map) == 1", "this -> class", "retained(this) > 1"]
        {
            assert!(!is_of_class(text), "{text}");
        }
    }

    #[test]
    fn reads_conditions() {
        let condition = Condition::parse("size(sessions|map.data) >= 10_000 or state == 'NEW'").unwrap();
        assert_eq!(condition.0.len(), 2);
        let Expression::Call(Function::Size, inner) = &condition.0[0].left else { panic!("a call") };
        let Expression::Path(chains) = &**inner else { panic!("a path") };
        assert_eq!((chains.len(), chains[1].steps.len()), (2, 2));
        assert_eq!(condition.0[0].right, Expression::Number(10_000.0));
        assert_eq!(condition.0[1].right, Expression::Text("NEW".into()));
        let condition = Condition::parse("@java.nio.Bits#MAX_MEMORY.value>-1").unwrap();
        let Expression::Path(chains) = &condition.0[0].left else { panic!("a path") };
        assert_eq!(chains[0].of_class.as_deref(), Some("java.nio.Bits"));
        assert_eq!(condition.0[0].right, Expression::Number(-1.0));
        let condition = Condition::parse("last + timeout * 2 < 10").unwrap();
        assert!(
            matches!(&condition.0[0].left, Expression::Sum(_, b) if matches!(**b, Expression::Product(..)))
        );
        let condition = Condition::parse("retained(this) > 1.5 MiB").unwrap();
        assert_eq!(condition.0[0].right, Expression::Number(1.5 * 1024.0 * 1024.0));
        assert_eq!(Expression::parse("sum(sheets[*]._rows)").unwrap().name(), Some("_rows"));
        assert_eq!(Expression::parse("nullable").unwrap().name(), Some("nullable"));
    }

    #[test]
    fn says_where_it_went_wrong() {
        let error = |text: &str| {
            let error = Condition::parse(text).unwrap_err();
            (error.place.start, error.message)
        };
        assert_eq!(error("sise(a) > 1"), (0, "unknown function `sise`; did you mean `size`?".into()));
        assert_eq!(error("a = 1").0, 2);
        assert_eq!(error("a ==").0, 4);
        assert_eq!(error("a == 'x"), (5, "this text has no end: `'` is missing".into()));
        assert_eq!(error("a[x] == 1").0, 1);
        assert_eq!(error("a == 1 b"), (7, "`b` is too much here".into()));
        assert_eq!(error("a == 1.2.3").0, 5);
        assert_eq!(error("a.== 1").0, 2);
        assert_eq!(error("größe(a) == 1").0, 0);
        assert!(error(&format!("{}a{} == 1", "size(".repeat(99), ")".repeat(99))).1.contains("too many"));
    }
}
