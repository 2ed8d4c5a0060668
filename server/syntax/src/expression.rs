//! Expressions of `validate`, `if`, `SET`, `WHERE`: a tree with ranges in the file.
//!
//! A half-typed expression has [`ExpressionKind::Missing`] where something is still to come, so what
//! stands around it keeps its place.

pub(crate) mod direct;
pub(crate) mod parse;

use ecow::EcoString;
use smallvec::SmallVec;
use specql_text::TextRange;
use thin_vec::ThinVec;

use crate::{Name, statement::LineProblem, yaml::Scalar};

/// An expression and where it is written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expression {
    /// From its first to its last byte, parentheses included.
    pub range: TextRange,
    /// What it is.
    pub kind: ExpressionKind,
}

/// The kinds of expressions.
#[allow(missing_docs, reason = "each variant shows its SQL, with the fields in its order")]
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ExpressionKind {
    /// Something is expected here and not written yet, or cannot be read.
    #[default]
    Missing,
    /// `'text'`, unquoted.
    String(EcoString),
    /// A number as written.
    Number(EcoString),
    /// `true`, `false`.
    Bool(bool),
    /// `NULL`.
    Null,
    /// `?`: the caller's value for the field it is assigned to or compared with.
    Parameter,
    /// `title`, `author.company.name`, `input.x`, `$x`, `old.x`, `new.x`: never empty.
    Path(Path),
    /// `-x`, `NOT x`.
    Unary(UnaryOperator, Box<Expression>),
    /// `left operator right`; the range is the operator's.
    Binary(Box<Expression>, BinaryOperator, TextRange, Box<Expression>),
    /// `x IS NULL`, `x IS NOT NULL`.
    IsNull { operand: Box<Expression>, negated: bool },
    /// `x IN (a, b)`, `x NOT IN (…)`.
    In { operand: Box<Expression>, list: ThinVec<Expression>, negated: bool },
    /// `x IS TRUE`, `x IS NOT FALSE`: the value that `x` is or is not, null counting as neither.
    IsBool { operand: Box<Expression>, value: bool, negated: bool },
    /// `x LIKE pattern`, `ILIKE`, `SIMILAR TO`, each with an optional `ESCAPE`.
    Like {
        operand: Box<Expression>,
        pattern: Box<Expression>,
        escape: Option<Box<Expression>>,
        kind: LikeKind,
        negated: bool,
    },
    /// `x BETWEEN low AND high`, `x BETWEEN SYMMETRIC a AND b`.
    Between {
        operand: Box<Expression>,
        low: Box<Expression>,
        high: Box<Expression>,
        symmetric: bool,
        negated: bool,
    },
    /// `CASE [operand] WHEN … THEN … [ELSE …] END`.
    Case {
        operand: Option<Box<Expression>>,
        arms: ThinVec<(Expression, Expression)>,
        otherwise: Option<Box<Expression>>,
    },
    /// `x::type`, `CAST(x AS type)`; the type as written, with its parameters.
    Cast(Box<Expression>, Name),
    /// `function(arguments)`; the function may be qualified (`schema.fn`). `count(*)` has the star and
    /// `count(DISTINCT x)` is distinct. `EXISTS`, `ANY`, `ALL`, `SOME` and `ARRAY` before a query are
    /// calls with the query as their argument. Where SQL has keywords among the arguments these are in
    /// the order of `extract('year', x)`, `position(needle, haystack)`, `substring(x, from, for)`,
    /// `overlay(x, new, from, for)`.
    Call { function: Name, arguments: ThinVec<Expression>, star: bool, distinct: bool },
    /// `trim(LEADING characters FROM x)`; without keywords it is a call.
    Trim { side: TrimSide, characters: Option<Box<Expression>>, operand: Box<Expression> },
    /// `ARRAY[a, b]`.
    Array(ThinVec<Expression>),
    /// `(a, b)`, `ROW(a, b)`.
    Row(ThinVec<Expression>),
    /// `operand[index]`.
    Subscript { operand: Box<Expression>, index: Box<Expression> },
    /// `EXISTS Entity WHERE …`, `EXISTS(Entity WHERE …)`.
    Exists { entity: Box<EntityReference>, filter: Option<Box<Expression>>, negated: bool },
    /// `field MATCHES pattern`: a rich type's name, a named pattern or a quoted regular expression.
    Matches { operand: Box<Expression>, pattern: Name, quoted: bool, negated: bool },
    /// `field is valid`.
    IsValid(Box<Expression>),
    /// `field IS UNIQUE`, `field IS NOT UNIQUE`: among the rows of its entity.
    IsUnique { operand: Box<Expression>, negated: bool },
    /// `(SELECT …)`: SQL that is passed on, with its parentheses.
    RawSql(EcoString),
}

/// `a.b.c`; each segment keeps its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Written with a leading `$`, which is not a part of the first segment's text.
    pub dollar: bool,
    /// At least one; the last may be empty while it is being typed (`author.`).
    pub segments: Segments,
}

/// The names of a path. Nearly every path has one, which then needs no memory of its own.
pub type Segments = SmallVec<[Name; 1]>;

/// A reference to an entity, as written: `User`, `crm.Company`, `crm.tb_company`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityReference {
    /// The part before the dot.
    pub schema: Option<Name>,
    /// The entity, or the table when it begins with `tb_`.
    pub name: Name,
}

/// How a pattern is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LikeKind {
    /// `LIKE`.
    Like,
    /// `ILIKE`.
    ILike,
    /// `SIMILAR TO`.
    Similar,
}

/// What `trim` takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrimSide {
    /// Characters before and behind the text.
    Both,
    /// Characters before it.
    Leading,
    /// Characters behind it.
    Trailing,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-x`.
    Negate,
    /// `NOT x`.
    Not,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `OR`.
    Or,
    /// `AND`.
    And,
    /// `=`, `==`.
    Equal,
    /// `<>`, `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Modulo,
    /// `^`.
    Power,
    /// `||`.
    Concat,
    /// `~`, `~*`, `!~`, `!~*`.
    Regex {
        /// Starts with `!`.
        negated: bool,
        /// Ends with `*`.
        ignore_case: bool,
    },
    /// `IS DISTINCT FROM`: `<>` for which null is a value like others.
    Distinct {
        /// `IS NOT DISTINCT FROM`.
        negated: bool,
    },
    /// `AT TIME ZONE`.
    AtTimeZone,
    /// Another operator, as SQL writes it: `->`, `->>`, `#>`, `#>>`, `@>`, `<@`, `?`, `?|`, `?&`, `&&`, `@@`,
    /// `@?`, `<<`, `>>`, `&`, `|`.
    Sql(&'static str),
}

impl EntityReference {
    /// A name with or without a schema before a dot.
    #[must_use]
    pub fn of(name: &Name) -> Self {
        let Some((schema, entity)) = name.text.split_once('.') else {
            return Self { schema: None, name: name.clone() };
        };
        let (before, behind) = if name.range.len() as usize == name.text.len() {
            let dot = name.range.start() + TextRange::from(0..schema.len()).len();
            (TextRange::new(name.range.start(), dot), TextRange::new(dot + 1, name.range.end()))
        } else {
            // In quotes or with escapes the parts have no place of their own.
            (name.range, name.range)
        };
        Self { schema: Some(Name::new(schema, before)), name: Name::new(entity, behind) }
    }

    /// From the first to the last byte; the name alone where the schema stands in an entry of its own.
    #[must_use]
    pub fn range(&self) -> TextRange {
        let name = self.name.range;
        let before = self.schema.as_ref().filter(|it| it.range.end() + 1 == name.start());
        before.map_or(name, |it| it.range.cover(name))
    }
}

impl Path {
    /// The first segment.
    #[must_use]
    pub fn first(&self) -> Option<&Name> {
        self.segments.first()
    }

    /// The segments joined by dots, with the dollar sign.
    #[must_use]
    pub fn text(&self) -> String {
        let names: Vec<&str> = self.segments.iter().map(Name::as_str).collect();
        format!("{}{}", if self.dollar { "$" } else { "" }, names.join("."))
    }
}

impl Expression {
    /// Calls `visit` for this expression and all below it, outermost first, in the order of the text.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        self.children(&mut |it| it.walk(visit));
    }

    /// Whether it looks at rows beside the one that it is about: by `EXISTS` or by a query in SQL.
    #[must_use]
    pub fn asks_for_rows(&self) -> bool {
        let mut res = false;
        self.walk(&mut |it| {
            res |= matches!(it.kind, ExpressionKind::Exists { .. } | ExpressionKind::RawSql(_));
        });
        res
    }

    /// Calls `visit` for the expressions directly below this one, in the order of the text.
    pub fn children<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        match &self.kind {
            ExpressionKind::Unary(_, operand)
            | ExpressionKind::IsNull { operand, .. }
            | ExpressionKind::IsBool { operand, .. }
            | ExpressionKind::Matches { operand, .. }
            | ExpressionKind::IsValid(operand)
            | ExpressionKind::IsUnique { operand, .. }
            | ExpressionKind::Cast(operand, _) => visit(operand),
            ExpressionKind::Binary(left, _, _, right) => {
                visit(left);
                visit(right);
            }
            ExpressionKind::In { operand, list, .. } => {
                visit(operand);
                list.iter().for_each(visit);
            }
            ExpressionKind::Like { operand, pattern, escape, .. } => {
                visit(operand);
                visit(pattern);
                escape.iter().for_each(|it| visit(it));
            }
            ExpressionKind::Trim { characters, operand, .. } => {
                characters.iter().for_each(|it| visit(it));
                visit(operand);
            }
            ExpressionKind::Subscript { operand, index } => {
                visit(operand);
                visit(index);
            }
            ExpressionKind::Between { operand, low, high, .. } => {
                visit(operand);
                visit(low);
                visit(high);
            }
            ExpressionKind::Case { operand, arms, otherwise } => {
                if let Some(it) = operand {
                    visit(it);
                }
                for (when, then) in arms {
                    visit(when);
                    visit(then);
                }
                if let Some(it) = otherwise {
                    visit(it);
                }
            }
            ExpressionKind::Call { arguments: all, .. }
            | ExpressionKind::Array(all)
            | ExpressionKind::Row(all) => all.iter().for_each(visit),
            ExpressionKind::Exists { filter: Some(filter), .. } => visit(filter),
            ExpressionKind::Exists { filter: None, .. }
            | ExpressionKind::Missing
            | ExpressionKind::String(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Bool(_)
            | ExpressionKind::Null
            | ExpressionKind::Parameter
            | ExpressionKind::Path(_)
            | ExpressionKind::RawSql(_) => {}
        }
    }
}

/// Reads a scalar as an expression, alone: a `condition`, a `where`, a value under `set`.
#[must_use]
pub fn parse_expression(scalar: &Scalar) -> (Expression, Vec<LineProblem>) {
    match direct::read(scalar) {
        Some(expression) => (expression, Vec::new()),
        None => parse::parse(scalar),
    }
}
