//! Operators. Both sides of a comparison get one type: a key meets a key, text out of JSON takes the
//! type of the other side, `= NULL` means `IS NULL`.

use specql_model::{
    expression::{BinaryOperator, Expression, ExpressionKind, UnaryOperator},
    infer::Scalar,
};

use super::{Environment, Kind, NamedRow, Row, Scope, Value, collection::quantifier};
use crate::{
    catalog::{Column, ColumnType},
    names,
    sql::{Sql, TypeName, sql},
};

impl<'a> Environment<'a> {
    pub(super) fn unary(
        &mut self,
        operator: UnaryOperator,
        operand: &Expression,
        scope: Scope<'_, 'a>,
        expected: Option<&Column<'a>>,
    ) -> Value<'a> {
        match operator {
            UnaryOperator::Negate => {
                let value = self.translate(operand, scope, expected);
                Value::compound(sql!("- {}", value.operand()), value.kind)
            }
            UnaryOperator::Not => {
                let value = self.translate(operand, scope, None);
                Value::condition(sql!("NOT {}", value.operand()))
            }
        }
    }

    pub(super) fn binary(
        &mut self,
        left: &Expression,
        operator: BinaryOperator,
        right: &Expression,
        scope: Scope<'_, 'a>,
        expected: Option<&Column<'a>>,
    ) -> Value<'a> {
        let word = Sql::raw(word(operator));
        match operator {
            BinaryOperator::Or | BinaryOperator::And => {
                let left = self.translate(left, scope, None);
                let right = self.translate(right, scope, None);
                Value::condition(sql!("{} {} {}", left.operand(), word, right.operand()))
            }
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::Power => {
                let left = self.translate(left, scope, expected);
                let right = self.translate(right, scope, expected);
                self.arithmetic(left, &word, right, expected)
            }
            BinaryOperator::Concat => {
                let left = self.translate(left, scope, None);
                let right = self.translate(right, scope, None);
                let (left, right, kind) = match (&left.kind, &right.kind) {
                    (Kind::Json, Kind::Json) => (left.operand(), right.operand(), Kind::Json),
                    (Kind::Json, Kind::Array) => {
                        (left.operand(), sql!("to_jsonb({})", right.sql), Kind::Json)
                    }
                    (Kind::Array, Kind::Json) => {
                        (sql!("to_jsonb({})", left.sql), right.operand(), Kind::Json)
                    }
                    (Kind::Array, _) | (_, Kind::Array) => {
                        (left.operand(), right.operand(), Kind::Array)
                    }
                    _ => {
                        let text = Kind::Scalar(TypeName::new("text"));
                        (left.operand(), right.operand(), text)
                    }
                };
                Value::compound(sql!("{} || {}", left, right), kind)
            }
            BinaryOperator::Sql(operator) => self.sql_operator(left, operator, right, scope),
            BinaryOperator::AtTimeZone => self.at_time_zone(left, right, scope),
            _ => {
                if let Some((quantifier, collection)) = quantifier(right) {
                    return self.quantified(left, &word, quantifier, collection, scope);
                }
                let (left, right) = self.compared_rows_by_key(left, right, scope);
                comparison(operator, &word, &left, &right)
            }
        }
    }

    /// `left = right`.
    pub(crate) fn equality(
        &mut self,
        left: &Expression,
        right: &Expression,
        scope: Scope<'_, 'a>,
    ) -> Sql {
        let (left, right) = self.compared_rows_by_key(left, right, scope);
        comparison(BinaryOperator::Equal, &Sql::raw("="), &left, &right).into_sql()
    }

    /// Whether the subject of a `switch` is what a case says. A word that names nothing is itself.
    pub(crate) fn is_case(&mut self, subject: &Expression, when: &Expression) -> Sql {
        if let ExpressionKind::Path(path) = &when.kind
            && let [word] = path.segments.as_slice()
            && !path.dollar
            && !self.is_known(word.as_str())
        {
            let word =
                Expression { kind: ExpressionKind::String(word.text.clone()), ..when.clone() };
            return self.equality(subject, &word, &[]);
        }
        self.equality(subject, when, &[])
    }

    /// The two sides of a comparison in one type.
    pub(super) fn compared(
        &mut self,
        left: &Expression,
        right: &Expression,
        scope: Scope<'_, 'a>,
    ) -> (Value<'a>, Value<'a>) {
        if let (ExpressionKind::Row(left), ExpressionKind::Row(right)) = (&left.kind, &right.kind)
            && left.len() == right.len()
        {
            return self.compared_rows(left, right, scope);
        }
        let (left, right) = self.both(left, right, scope);
        self.in_one_type(left, right, scope)
    }

    /// The same where nothing else is compared with either side: between the id of a row and a key, the keys
    /// are compared, so that nothing has to be looked up.
    fn compared_rows_by_key(
        &mut self,
        left: &Expression,
        right: &Expression,
        scope: Scope<'_, 'a>,
    ) -> (Value<'a>, Value<'a>) {
        if matches!((&left.kind, &right.kind), (ExpressionKind::Row(_), ExpressionKind::Row(_))) {
            return self.compared(left, right, scope);
        }
        let (left, right) = self.both(left, right, scope);
        if let Some(key) = key_of_row(&left, &right, scope) {
            return (key, right);
        }
        if let Some(key) = key_of_row(&right, &left, scope) {
            return (left, key);
        }
        self.in_one_type(left, right, scope)
    }

    fn both(
        &mut self,
        left: &Expression,
        right: &Expression,
        scope: Scope<'_, 'a>,
    ) -> (Value<'a>, Value<'a>) {
        let left_column = self.column_of(left, scope);
        let right_column = self.column_of(right, scope);
        let left = self.translate(left, scope, right_column.as_ref());
        let right = self.translate(right, scope, left_column.as_ref());
        (left, right)
    }

    fn in_one_type(
        &mut self,
        left: Value<'a>,
        right: Value<'a>,
        scope: Scope<'_, 'a>,
    ) -> (Value<'a>, Value<'a>) {
        let bound = |it: &Value<'a>| scope.iter().any(|row| it.is_field_of(&row.alias));
        let (left_is_bound, right_is_bound) = (bound(&left), bound(&right));
        let right_unified = self.unified(right.clone(), &left, right_is_bound, left_is_bound);
        (self.unified(left, &right, left_is_bound, right_is_bound), right_unified)
    }

    /// What a condition compares the id of a row, or its key, with: `id = …`, in either order.
    pub(crate) fn named_row(&mut self, condition: &Expression, row: &Row<'a>) -> Option<NamedRow> {
        let ExpressionKind::Binary(left, BinaryOperator::Equal, _, right) = &condition.kind else {
            return None;
        };
        // What they read is noted with the condition.
        let (read, asked) = (self.read.len(), self.asked.len());
        let (left, right) = self.compared_rows_by_key(left, right, std::slice::from_ref(row));
        self.read.truncate(read);
        self.asked.truncate(asked);
        let id = sql!("{}.id", row.alias);
        let key = sql!("{}.{}", row.alias, names::primary_key(row.entity));
        [(&left, &right), (&right, &left)].into_iter().find_map(|(one, other)| {
            if one.sql == id {
                Some(NamedRow::Id(other.operand()))
            } else if one.sql == key {
                Some(NamedRow::Key(other.operand()))
            } else {
                None
            }
        })
    }

    /// `value` in a type that can be compared with `other`. Between a key and an id the side that is
    /// no column of the row in question is looked up, once and not for every row.
    fn unified(
        &mut self,
        value: Value<'a>,
        other: &Value<'a>,
        is_bound: bool,
        other_is_bound: bool,
    ) -> Value<'a> {
        let uuid = || ColumnType::Scalar(TypeName::new("uuid"));
        match (&value.kind, &other.kind) {
            (Kind::Key(_), Kind::Scalar(ty))
                if ty.base() == "uuid" && is_bound && !other_is_bound =>
            {
                value
            }
            (Kind::Scalar(ty), Kind::Key(entity))
                if ty.base() == "uuid" && other_is_bound && !is_bound =>
            {
                let entity = *entity;
                Value::atom(self.any_key_of(&value, entity), Kind::Unknown)
            }
            (Kind::Key(entity), Kind::Scalar(ty)) if ty.base() == "uuid" => {
                let entity = *entity;
                Value::scalar(self.id_of(&value, entity), TypeName::new("uuid"))
            }
            (Kind::InputKey(index), Kind::Key(_)) => {
                Value::atom(self.input_key(*index), Kind::Unknown)
            }
            (Kind::Untyped | Kind::Literal(_) | Kind::Json, Kind::Key(entity)) => {
                let entity = *entity;
                let id = Value::scalar(self.coerce(value, &uuid()), TypeName::new("uuid"));
                Value::atom(self.any_key_of(&id, entity), Kind::Unknown)
            }
            (Kind::Untyped, Kind::Scalar(ty)) => {
                let ty = ty.clone();
                let sql = self.coerce(value, &ColumnType::Scalar(ty.clone()));
                Value::scalar(sql, ty)
            }
            (Kind::Array, Kind::Json) => Value::atom(sql!("to_jsonb({})", value.sql), Kind::Json),
            (Kind::Json, Kind::Scalar(ty)) => {
                let ty = ty.clone();
                let sql = self.coerce(value, &ColumnType::Scalar(ty.clone()));
                Value::scalar(sql, ty)
            }
            (Kind::Untyped, Kind::InputKey(_)) => {
                let sql = self.coerce(value, &uuid());
                Value::scalar(sql, TypeName::new("uuid"))
            }
            _ => value,
        }
    }

    fn arithmetic(
        &mut self,
        left: Value<'a>,
        word: &Sql,
        right: Value<'a>,
        expected: Option<&Column<'a>>,
    ) -> Value<'a> {
        let subtracts = word.as_str() == "-";
        let (left, right) = match word.as_str() {
            "+" | "-" => {
                let new_right = as_addend(right.clone(), &left, subtracts);
                (as_addend(left, &right, subtracts), new_right)
            }
            _ => (left, right),
        };
        let fallback = match expected.map(|it| &it.ty) {
            Some(ColumnType::Scalar(ty)) => ty.clone(),
            _ => TypeName::new("numeric"),
        };
        let ty_of = |value: &Value<'a>, other: &Value<'a>| match (&value.kind, &other.kind) {
            (Kind::Untyped | Kind::Json, Kind::Scalar(ty)) => Some(ty.clone()),
            (Kind::Untyped | Kind::Json, _) => Some(fallback.clone()),
            _ => None,
        };
        let (left_type, right_type) = (ty_of(&left, &right), ty_of(&right, &left));
        let kind = match (&left.kind, &right.kind) {
            (Kind::Scalar(ty), _) | (_, Kind::Scalar(ty)) => Kind::Scalar(ty.clone()),
            _ => Kind::Scalar(fallback.clone()),
        };
        let mut typed = |value: Value<'a>, ty: Option<TypeName>| match ty {
            Some(ty) => self.coerce(value, &ColumnType::Scalar(ty)),
            None => value.operand(),
        };
        let (left, right) = (typed(left, left_type), typed(right, right_type));
        Value::compound(sql!("{} {} {}", left, word, right), kind)
    }
}

/// A text in quotes beside a moment as the type that it is meant in: PostgreSQL takes some for another moment,
/// and finds no operator for others.
fn as_addend<'a>(value: Value<'a>, beside: &Value<'a>, subtracts: bool) -> Value<'a> {
    let (Kind::Literal(text), Kind::Scalar(ty)) = (&value.kind, &beside.kind) else { return value };
    let meant = Scalar::from_sql(ty.as_str()).and_then(|it| it.of_addend(text, subtracts));
    match meant.and_then(Scalar::sql_name).map(TypeName::new) {
        Some(ty) => Value::scalar(sql!("{}::{}", value.sql, ty), ty),
        None => value,
    }
}

/// The key of the row whose id a value is, beside the key of a row of the same entity.
fn key_of_row<'a>(id: &Value<'a>, other: &Value<'a>, scope: Scope<'_, 'a>) -> Option<Value<'a>> {
    let Kind::Key(target) = other.kind else { return None };
    let row =
        scope.iter().find(|it| it.entity.id == target.id && id.sql == sql!("{}.id", it.alias))?;
    let key = sql!("{}.{}", row.alias, names::primary_key(target));
    Some(Value::atom(key, Kind::Key(target)))
}

fn comparison<'a>(
    operator: BinaryOperator,
    word: &Sql,
    left: &Value<'a>,
    right: &Value<'a>,
) -> Value<'a> {
    let null_test = match operator {
        BinaryOperator::Equal => Some("IS NULL"),
        BinaryOperator::NotEqual => Some("IS NOT NULL"),
        _ => None,
    };
    let operand = match (&left.kind, &right.kind) {
        (_, Kind::Null) => Some(left),
        (Kind::Null, _) => Some(right),
        _ => None,
    };
    if let (Some(test), Some(operand)) = (null_test, operand) {
        return Value::condition(sql!("{} {}", operand.operand(), Sql::raw(test)));
    }
    Value::condition(sql!("{} {} {}", left.operand(), word, right.operand()))
}

const fn word(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "OR",
        BinaryOperator::And => "AND",
        BinaryOperator::Equal => "=",
        BinaryOperator::NotEqual => "<>",
        BinaryOperator::Less => "<",
        BinaryOperator::LessOrEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterOrEqual => ">=",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Modulo => "%",
        BinaryOperator::Power => "^",
        BinaryOperator::Concat => "||",
        BinaryOperator::Regex { negated: false, ignore_case: false } => "~",
        BinaryOperator::Regex { negated: false, ignore_case: true } => "~*",
        BinaryOperator::Regex { negated: true, ignore_case: false } => "!~",
        BinaryOperator::Regex { negated: true, ignore_case: true } => "!~*",
        BinaryOperator::Distinct { negated: false } => "IS DISTINCT FROM",
        BinaryOperator::Distinct { negated: true } => "IS NOT DISTINCT FROM",
        BinaryOperator::AtTimeZone => "AT TIME ZONE",
        BinaryOperator::Sql(word) => word,
    }
}
