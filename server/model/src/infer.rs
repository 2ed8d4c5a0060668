//! The types of expressions, and where the types in one contradict each other.
//!
//! Invariant: what is not known is [`ValueType::Unknown`] and contradicts nothing; what is reported here
//! PostgreSQL would refuse, or store as something else than it means.

mod assign;
mod call;
mod list;
mod operator;
mod pattern;
mod query;
mod sql;
mod zone;

use specql_syntax::{
    Name,
    expression::{Expression, ExpressionKind, UnaryOperator},
};
use specql_text::TextRange;

use crate::{
    Column, EntityId, Held, PathResolution, RichScalar, Scope, Type, Workspace,
    query_row::query_row,
};

pub use crate::types::Scalar;
pub use assign::{Assigned, assigned, column_type};
pub use call::PARTS_OF_TIME;
pub use query::type_of_column;
pub use sql::{QueryMismatch, QueryMismatchKind, query_mismatches};

/// What is known of the type of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueType<'a> {
    /// A type of PostgreSQL.
    Scalar(Scalar),
    /// A column or parameter of an enum, with its values.
    Enum(&'a [Name]),
    /// A row, or a reference to one.
    Row(EntityId),
    /// A reference to a row of one of several entities.
    Rows(Alternatives),
    /// A `list(…)`, with its items where they are known.
    List(Option<Items<'a>>),
    /// A composite.
    Composite,
    /// A text in quotes, which takes the type of what it meets.
    Literal(&'a str),
    /// `NULL`.
    Null,
    /// Not known.
    Unknown,
}

/// The entities that a reference may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternatives([Option<EntityId>; Alternatives::MOST]);

impl Alternatives {
    /// More are taken for not known.
    const MOST: usize = 6;

    fn of(entities: impl Iterator<Item = Option<EntityId>>) -> Option<Self> {
        let mut all = [None; Self::MOST];
        let mut places = all.iter_mut();
        for entity in entities {
            *places.next()? = Some(entity?);
        }
        all.first()?.is_some().then_some(Self(all))
    }

    /// The entities, in the order in which they are declared.
    pub fn entities(self) -> impl Iterator<Item = EntityId> {
        self.0.into_iter().flatten()
    }

    /// Whether rows of an entity are among what it may lead to.
    #[must_use]
    pub fn contains(self, entity: EntityId) -> bool {
        self.0.contains(&Some(entity))
    }
}

/// What a list holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Items<'a> {
    /// The type of each item.
    pub ty: &'a Type,
    /// The entity whose file declares the list.
    pub from: EntityId,
}

impl<'a> Items<'a> {
    /// The type of each item.
    #[must_use]
    pub fn value_type(self, workspace: &Workspace) -> ValueType<'a> {
        ValueType::of_type(workspace, self.from, self.ty)
    }
}

/// A contradiction inside an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch<'a> {
    /// Where.
    pub range: TextRange,
    /// What contradicts what.
    pub kind: MismatchKind<'a>,
}

/// The kinds of contradictions.
#[derive(Debug, Clone, PartialEq)]
pub enum MismatchKind<'a> {
    /// Two values that cannot be compared.
    Compared(ValueType<'a>, ValueType<'a>),
    /// Two values that cannot be computed with; the operator as written.
    Computed(ValueType<'a>, ValueType<'a>),
    /// A value that is not what its place wants.
    Operand(ValueType<'a>, Wanted),
    /// A text in quotes that is no value of the type that it meets.
    Literal(&'a str, ValueType<'a>),
    /// An argument that the function does not take: the function, its number from one.
    Argument(&'a Name, usize, ValueType<'a>),
    /// So many arguments are too many or too few: the function, the fewest and the most that it takes.
    ArgumentCount(&'a Name, usize, Option<usize>),
    /// An odd number of arguments, where each key is followed by its value: the function.
    Unpaired(&'a Name),
    /// Two results of one `CASE`, or arguments of one `coalesce`, of types that do not mix.
    Results(ValueType<'a>, ValueType<'a>),
    /// A function over rows, where there are none.
    Aggregate(&'a Name),
    /// A function that PostgreSQL does not have.
    UnknownFunction(&'a Name),
    /// `= NULL`, `<> NULL`: it never holds; whether it is the latter.
    ComparedToNull(bool),
    /// `/ 0`, `% 0`.
    DividedByZero,
    /// `views + NULL`: nothing, whatever the other side is.
    ComputedWithNull,
    /// `AT TIME ZONE 'Europe/Pariss'`: the name of no zone, and the zone that is meant.
    UnknownZone(&'a str, &'static str),
    /// A query that stands for one value gives so many columns.
    Columns(usize),
    /// A query gives ids, where the key of a row of the entity is compared.
    IdsForKeys(EntityId),
    /// `extract(yaer FROM …)`: a part of time that there is not.
    UnknownPart(&'a str),
    /// `tags || 'x'`: one value where `||` joins two lists.
    ItemForList(ValueType<'a>),
    /// `tags = 'x'`, `tags IN ('x', 'y')`: one value, or several in parentheses, where a list is; the list.
    OneForList(TextRange),
    /// `a = ('x', 'y')`: several values in parentheses beside one.
    SeveralForOne,
    /// A cast that PostgreSQL does not have: from this type, to this one.
    Cast(ValueType<'a>, ValueType<'a>),
    /// A regular expression that cannot be read, and why.
    Pattern(&'static str),
    /// `a = 1 && b = 2`: operators where words are meant to join comparisons, each with its place.
    Connectives(Vec<(TextRange, &'static str)>),
}

/// What a place wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A truth value.
    Boolean,
    /// Text.
    Text,
    /// JSON.
    Json,
    /// A moment in time.
    Moment,
    /// A number.
    Number,
    /// A list.
    List,
}

/// The type of an expression; contradictions inside of it are added to `found`.
pub fn infer<'a>(
    scope: &Scope<'a>,
    expression: &'a Expression,
    found: &mut Vec<Mismatch<'a>>,
) -> ValueType<'a> {
    Inference { scope, found }.of(expression)
}

/// The same for a condition, which has to be a truth value.
pub fn infer_condition<'a>(
    scope: &Scope<'a>,
    expression: &'a Expression,
    found: &mut Vec<Mismatch<'a>>,
) {
    Inference { scope, found }.condition(expression);
}

/// The same for two values that are compared, as a `switch` does.
pub fn infer_comparison<'a>(
    scope: &Scope<'a>,
    left: &'a Expression,
    right: &'a Expression,
    found: &mut Vec<Mismatch<'a>>,
) {
    let left = infer(scope, left, &mut Vec::new());
    let mut inference = Inference { scope, found };
    let right_type = inference.of(right);
    inference.compared(left, right_type, right.range);
}

/// The type of a value of the session or of PostgreSQL.
#[must_use]
pub fn context_type(name: &str) -> ValueType<'static> {
    ValueType::Scalar(match name {
        "current_timestamp" | "now" => Scalar::Timestamptz,
        "current_date" | "today" => Scalar::Date,
        "current_time" => Scalar::Timetz,
        "localtime" => Scalar::Time,
        "localtimestamp" => Scalar::Timestamp,
        "session_user" => Scalar::Text,
        _ => Scalar::Uuid,
    })
}

/// The entity whose row a path names by its id: `author.id`, `input.id`.
#[must_use]
pub fn row_of_id(scope: &Scope<'_>, expression: &Expression) -> Option<EntityId> {
    let ExpressionKind::Path(path) = &expression.kind else { return None };
    let resolution = scope.resolve(path);
    let step = resolution.step()?;
    matches!(step.column, Column::BuiltIn(it) if it.name == "id").then_some(step.entity)
}

impl<'a> ValueType<'a> {
    /// The type of a field or a parameter of an entity's file.
    #[must_use]
    pub fn of_type(workspace: &Workspace, from: EntityId, ty: &'a Type) -> Self {
        match ty {
            Type::Enum(values) => Self::Enum(values),
            Type::Ref(targets) if targets.len() == 1 => {
                workspace.target(from, ty).map_or(Self::Unknown, Self::Row)
            }
            Type::Ref(targets) => {
                let found = targets.iter().map(|it| workspace.resolve(from, it).found());
                Alternatives::of(found).map_or(Self::Unknown, Self::Rows)
            }
            Type::List(item) => Self::List(Some(Items { ty: item, from })),
            Type::Composite(_) => Self::Composite,
            Type::Unknown(_) | Type::Missing => Self::Unknown,
            Type::Basic(_) | Type::Rich(_) | Type::Postgres { .. } => Self::of_sql(&ty.sql_type()),
        }
    }

    /// The type with a name of PostgreSQL.
    #[must_use]
    pub fn of_sql(name: &str) -> Self {
        Scalar::from_sql(name).map_or(Self::Unknown, Self::Scalar)
    }

    /// Whether it says nothing that could be contradicted.
    const fn is_open(self) -> bool {
        matches!(self, Self::Unknown | Self::Null)
    }

    /// Whether it is stored as JSON.
    const fn is_json(self) -> bool {
        matches!(self, Self::List(_) | Self::Composite | Self::Scalar(Scalar::Json))
    }

    /// Whether it is text.
    const fn is_text(self) -> bool {
        matches!(self, Self::Enum(_) | Self::Literal(_) | Self::Scalar(Scalar::Text))
    }

    /// The type of PostgreSQL that a scalar or an enum has.
    const fn scalar(self) -> Option<Scalar> {
        match self {
            Self::Scalar(it) => Some(it),
            Self::Enum(_) => Some(Scalar::Text),
            _ => None,
        }
    }
}

const BOOLEAN: ValueType<'static> = ValueType::Scalar(Scalar::Boolean);
const TEXT: ValueType<'static> = ValueType::Scalar(Scalar::Text);

struct Inference<'s, 'a> {
    scope: &'s Scope<'a>,
    found: &'s mut Vec<Mismatch<'a>>,
}

impl<'a> Inference<'_, 'a> {
    fn report(&mut self, range: TextRange, kind: MismatchKind<'a>) {
        self.found.push(Mismatch { range, kind });
    }

    fn of(&mut self, expression: &'a Expression) -> ValueType<'a> {
        match &expression.kind {
            ExpressionKind::Missing | ExpressionKind::Parameter => ValueType::Unknown,
            ExpressionKind::RawSql(text) => self.query(expression, text),
            ExpressionKind::String(text) => ValueType::Literal(text),
            ExpressionKind::Number(text) => ValueType::Scalar(number(text)),
            ExpressionKind::Bool(_) => BOOLEAN,
            ExpressionKind::Null => ValueType::Null,
            ExpressionKind::Path(path) => self.of_path(&self.scope.resolve(path)),
            ExpressionKind::Unary(UnaryOperator::Not, operand) => {
                self.condition(operand);
                BOOLEAN
            }
            ExpressionKind::Unary(UnaryOperator::Negate, operand) => self.negated(operand),
            ExpressionKind::Binary(left, operator, sign, right) => {
                self.binary(expression.range, left, (*operator, *sign), right)
            }
            ExpressionKind::Case { operand, arms, otherwise } => {
                self.case(operand.as_deref(), arms, otherwise.as_deref())
            }
            ExpressionKind::Cast(operand, ty) => {
                let written = self.of(operand);
                let ty = cast_type(ty);
                match (written, ty) {
                    (ValueType::Literal(text), ValueType::Scalar(_)) => {
                        self.literal(text, ty, operand.range);
                    }
                    (ValueType::Scalar(from), ValueType::Scalar(to)) if !from.casts_to(to) => {
                        self.report(expression.range, MismatchKind::Cast(written, ty));
                    }
                    _ => {}
                }
                ty
            }
            ExpressionKind::Call { function, arguments, star, distinct } => {
                self.call(expression.range, function, arguments, *star || *distinct)
            }
            ExpressionKind::Trim { characters, operand, .. } => {
                characters.iter().for_each(|it| self.text(it));
                self.text(operand);
                TEXT
            }
            ExpressionKind::Array(items) => {
                for item in items {
                    self.of(item);
                }
                ValueType::Scalar(Scalar::Array)
            }
            ExpressionKind::Subscript { operand, index } => {
                let ty = self.of(operand);
                if matches!(ty, ValueType::Scalar(it) if !matches!(it, Scalar::Json | Scalar::Array))
                    || matches!(ty, ValueType::Enum(_) | ValueType::Row(_) | ValueType::Rows(_))
                {
                    self.report(operand.range, MismatchKind::Operand(ty, Wanted::List));
                }
                self.of(index);
                ValueType::Unknown
            }
            ExpressionKind::Row(_) => {
                expression.children(&mut |it| {
                    self.of(it);
                });
                ValueType::Unknown
            }
            _ => {
                self.predicate(expression);
                BOOLEAN
            }
        }
    }

    /// The kinds whose value is a truth value.
    fn predicate(&mut self, expression: &'a Expression) {
        match &expression.kind {
            ExpressionKind::IsBool { operand, .. } => self.condition(operand),
            ExpressionKind::Matches { operand, .. } => self.text(operand),
            ExpressionKind::Like { operand, pattern, escape, .. } => {
                self.text(operand);
                if !is_quantifier(pattern) {
                    self.text(pattern);
                }
                escape.iter().for_each(|it| self.text(it));
            }
            ExpressionKind::Between { operand, low, high, .. } => {
                let operand = self.of(operand);
                // Said once where both bounds contradict the value in the same way.
                let mut said = None;
                for bound in [low, high] {
                    let ty = self.of(bound);
                    let count = self.found.len();
                    self.compared(operand, ty, bound.range);
                    let new = self.found.get(count).map(|it| it.kind.clone());
                    if new.is_some() && new == said {
                        self.found.truncate(count);
                    }
                    said = new;
                }
            }
            ExpressionKind::In { operand, list, .. } => {
                let ty_of_operand = self.of(operand);
                if matches!(ty_of_operand, ValueType::List(_)) {
                    let is_one = |it: &'a Expression| self.is_one_for_list(it);
                    if list.iter().any(is_one) {
                        self.report(expression.range, MismatchKind::OneForList(operand.range));
                        return;
                    }
                }
                for item in list {
                    if self.is_query_beside(operand, ty_of_operand, item) {
                        continue;
                    }
                    let ty = self.of(item);
                    match (list.len(), ty) {
                        // A list stands for its items.
                        (1, ValueType::List(Some(items))) => {
                            self.beside_items(operand, ty_of_operand, items, item.range);
                        }
                        (1, _) if ty.is_json() => {}
                        _ => self.compared(ty_of_operand, ty, item.range),
                    }
                }
            }
            ExpressionKind::Exists { entity, filter: Some(filter), .. } => {
                let inner = self.scope.within(self.scope.row_of(entity));
                Inference { scope: &inner, found: self.found }.condition(filter);
            }
            _ => expression.children(&mut |it| {
                self.of(it);
            }),
        }
    }

    fn of_path(&self, resolution: &PathResolution<'a>) -> ValueType<'a> {
        match resolution {
            PathResolution::Parameter(it) => {
                ValueType::of_type(self.scope.workspace(), self.scope.own_entity(), &it.ty)
            }
            PathResolution::Variable { variable, path: None } => match variable.holds {
                Held::Row(entity) => ValueType::Row(entity),
                Held::Item(ty, from) => ValueType::of_type(self.scope.workspace(), from, ty),
                _ => ValueType::Unknown,
            },
            PathResolution::QueryColumn { variable, column } => match variable.holds {
                Held::QueryRow(text) => {
                    let (workspace, own) = (self.scope.workspace(), self.scope.own_entity());
                    type_of_column(workspace, own, &query_row(workspace, own, text), column)
                }
                _ => ValueType::Unknown,
            },
            PathResolution::Context(it) => context_type(it.0),
            _ => {
                let Some(step) = resolution.step() else { return ValueType::Unknown };
                match &step.column {
                    Column::Field(it) if !it.problems.is_empty() => ValueType::Unknown,
                    Column::Field(it) => {
                        ValueType::of_type(self.scope.workspace(), step.entity, &it.ty)
                    }
                    Column::BuiltIn(it) => ValueType::of_sql(it.sql_type),
                    Column::Part { ty, .. } => ValueType::of_sql(&ty.sql_type()),
                }
            }
        }
    }

    /// A place that wants a truth value.
    fn condition(&mut self, expression: &'a Expression) {
        let ty = self.of(expression);
        match ty {
            ValueType::Literal(text) if !Scalar::Boolean.reads(text) => {
                self.report(expression.range, MismatchKind::Literal(text, BOOLEAN));
            }
            ValueType::Literal(_) => {}
            _ if ty.is_open() || ty == BOOLEAN => {}
            _ => self.report(expression.range, MismatchKind::Operand(ty, Wanted::Boolean)),
        }
    }

    /// A place that wants text.
    fn text(&mut self, expression: &'a Expression) {
        let ty = self.of(expression);
        if !ty.is_open() && !ty.is_text() {
            self.report(expression.range, MismatchKind::Operand(ty, Wanted::Text));
        }
    }

    fn case(
        &mut self,
        operand: Option<&'a Expression>,
        arms: &'a [(Expression, Expression)],
        otherwise: Option<&'a Expression>,
    ) -> ValueType<'a> {
        let operand = operand.map(|it| self.of(it));
        for (when, _) in arms {
            match operand {
                Some(operand) => {
                    let ty = self.of(when);
                    self.compared(operand, ty, when.range);
                }
                None => self.condition(when),
            }
        }
        self.unified(arms.iter().map(|it| &it.1).chain(otherwise))
    }

    /// The one type of several results.
    fn unified(&mut self, results: impl Iterator<Item = &'a Expression>) -> ValueType<'a> {
        let mut common = ValueType::Null;
        let mut literal_range = None;
        let mut is_said = false;
        for result in results {
            let ty = self.of(result);
            if matches!(ty, ValueType::Literal(_)) {
                literal_range = Some(result.range);
            }
            common = match (common, ty) {
                (ValueType::Unknown, _) | (_, ValueType::Unknown) => ValueType::Unknown,
                (ValueType::Null, other) | (other, ValueType::Null) => other,
                (literal @ ValueType::Literal(text), other)
                | (other, literal @ ValueType::Literal(text)) => {
                    if matches!(other, ValueType::Literal(_)) {
                        literal
                    } else {
                        // One of another kind among the texts is said once.
                        let before = self.found.len();
                        if !is_said {
                            self.literal(text, other, literal_range.unwrap_or(result.range));
                        }
                        is_said |= self.found.len() > before;
                        other
                    }
                }
                (one, other) => match mixed(one, other) {
                    Some(it) => it,
                    None => {
                        self.report(result.range, MismatchKind::Results(one, other));
                        ValueType::Unknown
                    }
                },
            };
        }
        common
    }

    /// A text in quotes beside a value of a type.
    fn literal(&mut self, text: &'a str, ty: ValueType<'a>, range: TextRange) {
        let fits = match ty {
            ValueType::Scalar(it) => it.reads(text),
            ValueType::Row(_) | ValueType::Rows(_) => Scalar::Uuid.reads(text),
            ValueType::List(_) => text.trim_start().starts_with('['),
            ValueType::Composite => text.trim_start().starts_with('{'),
            _ => true,
        };
        if !fits {
            self.report(range, MismatchKind::Literal(text, ty));
        }
    }
}

/// The type of two results together; `None` when they do not mix.
fn mixed<'a>(one: ValueType<'a>, other: ValueType<'a>) -> Option<ValueType<'a>> {
    if one == other {
        return Some(one);
    }
    match (one, other) {
        (ValueType::Row(_), ValueType::Row(_)) => None,
        (ValueType::Rows(all), ValueType::Row(one))
        | (ValueType::Row(one), ValueType::Rows(all)) => {
            all.contains(one).then_some(ValueType::Unknown)
        }
        (ValueType::Row(_) | ValueType::Rows(_), ValueType::Scalar(Scalar::Uuid))
        | (ValueType::Scalar(Scalar::Uuid), ValueType::Row(_) | ValueType::Rows(_)) => {
            Some(ValueType::Unknown)
        }
        _ if one.is_json() && other.is_json() => Some(ValueType::Scalar(Scalar::Json)),
        _ => {
            let (left, right) = (one.scalar()?, other.scalar()?);
            match (left.is_number() && right.is_number(), left.compares_with(right)) {
                (true, _) => Some(ValueType::Scalar(left.wider(right))),
                (_, true) if left == right => Some(ValueType::Scalar(left)),
                (_, true) if left.is_time() != right.is_time() => None,
                (_, true) => Some(ValueType::Unknown),
                _ => None,
            }
        }
    }
}

fn number(text: &str) -> Scalar {
    match text.parse::<i64>() {
        Ok(it) if i32::try_from(it).is_ok() => Scalar::Integer,
        Ok(_) => Scalar::Bigint,
        Err(_) => Scalar::Numeric,
    }
}

fn cast_type(name: &Name) -> ValueType<'static> {
    let lower = name.text.to_ascii_lowercase();
    let rich = RichScalar::from_name(&name.text).map(|it| it.sql_type);
    ValueType::of_sql(rich.unwrap_or(&lower))
}

/// `ANY (…)`, `SOME (…)`, `ALL (…)`.
fn is_quantifier(expression: &Expression) -> bool {
    let ExpressionKind::Call { function, .. } = &expression.kind else { return false };
    ["any", "some", "all"].into_iter().any(|it| it.eq_ignore_ascii_case(&function.text))
}
