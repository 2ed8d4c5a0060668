//! Operators: what they compare, what they compute, what they give.

use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind};
use specql_text::TextRange;

use super::{
    BOOLEAN, Inference, MismatchKind, TEXT, ValueType, Wanted, assign::share_a_value,
    is_quantifier, list::is_item, pattern, row_of_id,
};
use crate::{PathResolution, types::Scalar};

impl<'a> Inference<'_, 'a> {
    pub(super) fn negated(&mut self, operand: &'a Expression) -> ValueType<'a> {
        let ty = self.of(operand);
        match ty {
            ValueType::Scalar(it) if it.is_number() || it == Scalar::Interval => ty,
            ValueType::Scalar(Scalar::Time) => ValueType::Scalar(Scalar::Interval),
            ValueType::Literal(_) => ValueType::Unknown,
            _ if ty.is_open() => ValueType::Unknown,
            _ => {
                self.report(operand.range, MismatchKind::Operand(ty, Wanted::Number));
                ValueType::Unknown
            }
        }
    }

    pub(super) fn binary(
        &mut self,
        range: TextRange,
        left: &'a Expression,
        (operator, sign): (BinaryOperator, TextRange),
        right: &'a Expression,
    ) -> ValueType<'a> {
        match operator {
            BinaryOperator::Or | BinaryOperator::And => {
                self.condition(left);
                self.condition(right);
                BOOLEAN
            }
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::Power => {
                let divides = matches!(operator, BinaryOperator::Divide | BinaryOperator::Modulo);
                if divides && is_zero(right) {
                    self.report(right.range, MismatchKind::DividedByZero);
                }
                let is_text = |it: &Expression| matches!(it.kind, ExpressionKind::String(_));
                let text = [left, right].into_iter().find(|it| is_text(it)).map(|it| it.range);
                let (left, right) = (self.of(left), self.of(right));
                if [left, right].contains(&ValueType::Null) {
                    self.report(range, MismatchKind::ComputedWithNull);
                    return ValueType::Null;
                }
                self.arithmetic(range, text.unwrap_or(range), left, operator, right)
            }
            BinaryOperator::Concat => {
                let (left_type, right_type) = (self.of(left), self.of(right));
                for (one, list) in [(right, left_type), (left, right_type)] {
                    let ty = if std::ptr::eq(one, right) { right_type } else { left_type };
                    if matches!(list, ValueType::List(_)) && is_item(ty) {
                        self.report(one.range, MismatchKind::ItemForList(ty));
                        return list;
                    }
                }
                self.concatenated(range, left_type, right_type)
            }
            BinaryOperator::Regex { .. } => {
                self.text(left);
                if !is_quantifier(right) {
                    self.text(right);
                }
                if let ExpressionKind::String(text) = &right.kind
                    && let Some(why) = pattern::mistake(text)
                {
                    self.report(right.range, MismatchKind::Pattern(why));
                }
                BOOLEAN
            }
            BinaryOperator::AtTimeZone => self.at_time_zone(left, right),
            BinaryOperator::Sql(word) => self.sql_operator(left, (word, sign), right),
            BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual
            | BinaryOperator::Distinct { .. } => {
                let signs = connectives(left);
                if let Some((first, _)) = signs.first() {
                    // Whatever stands between them is taken for something else.
                    self.report(*first, MismatchKind::Connectives(signs));
                    return BOOLEAN;
                }
                let is_null = [left, right].into_iter().any(|it| it.kind == ExpressionKind::Null);
                if is_null && matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual) {
                    let negated = operator == BinaryOperator::NotEqual;
                    self.report(range, MismatchKind::ComparedToNull(negated));
                }
                self.comparison(range, left, right);
                BOOLEAN
            }
        }
    }

    fn comparison(&mut self, range: TextRange, left: &'a Expression, right: &'a Expression) {
        if let (ExpressionKind::Row(left), ExpressionKind::Row(right)) = (&left.kind, &right.kind) {
            for (left, right) in left.iter().zip(right) {
                self.comparison(left.range.cover(right.range), left, right);
            }
            return;
        }
        let before = self.found.len();
        let left_type = self.of(left);
        if is_comparison(left) && self.found.len() > before {
            // `1 < title < 5`: what is wrong with the first comparison explains the second.
            self.of(right);
            return;
        }
        if is_quantifier(right) {
            if let ExpressionKind::Call { arguments, .. } = &right.kind {
                self.quantified(range, left, left_type, arguments);
            }
            return;
        }
        if self.is_said_of_list(range, left, left_type, right) {
            return;
        }
        if self.is_query_beside(left, left_type, right) {
            return;
        }
        if matches!(left.kind, ExpressionKind::RawSql(_)) {
            let right_type = self.of(right);
            if self.is_query_of_keys(right, right_type, left, left_type) {
                return;
            }
        }
        let right_type = self.of(right);
        let row = |ty: ValueType<'_>, it: &Expression| match ty {
            ValueType::Row(entity) => Some(entity),
            _ => row_of_id(self.scope, it),
        };
        let rows = (row(left_type, left), row(right_type, right));
        if let (Some(one), Some(other)) = rows
            && one != other
        {
            let kind = MismatchKind::Compared(ValueType::Row(one), ValueType::Row(other));
            return self.report(range, kind);
        }
        match (left_type, right_type, rows) {
            (ValueType::Rows(_), _, (_, Some(one))) => {
                return self.compared(left_type, ValueType::Row(one), range);
            }
            (_, ValueType::Rows(_), (Some(one), _)) => {
                return self.compared(ValueType::Row(one), right_type, range);
            }
            _ => {}
        }
        match (left_type, right_type) {
            (ValueType::Literal(_), _) => self.compared(right_type, left_type, left.range),
            (_, ValueType::Literal(_)) => self.compared(left_type, right_type, right.range),
            _ => self.compared(left_type, right_type, range),
        }
    }

    /// Whether a value is compared with a query in SQL in a way of its own: several values at once, the
    /// key of a row. What contradicts is reported.
    pub(super) fn is_query_beside(
        &mut self,
        operand: &'a Expression,
        ty: ValueType<'a>,
        query: &'a Expression,
    ) -> bool {
        if !matches!(query.kind, ExpressionKind::RawSql(_)) {
            return false;
        }
        if matches!(operand.kind, ExpressionKind::Row(_)) {
            return true;
        }
        if !matches!(ty, ValueType::Row(_)) {
            return false;
        }
        let given = self.of(query);
        self.is_query_of_keys(operand, ty, query, given)
    }

    /// The same for the type of the query. The column of a reference holds the key of a row, an input
    /// its id.
    fn is_query_of_keys(
        &mut self,
        operand: &'a Expression,
        ty: ValueType<'a>,
        query: &'a Expression,
        given: ValueType<'a>,
    ) -> bool {
        let ValueType::Row(entity) = ty else { return false };
        let ExpressionKind::Path(path) = &operand.kind else { return true };
        if matches!(self.scope.resolve(path), PathResolution::Column(_)) {
            match given {
                ValueType::Scalar(Scalar::Uuid) => {
                    self.report(query.range, MismatchKind::IdsForKeys(entity));
                }
                ValueType::Scalar(it) if it.is_whole() => {}
                _ => self.compared(ty, given, query.range),
            }
        }
        true
    }

    /// Two values that are compared; `range` is where it is said.
    pub(super) fn compared(&mut self, left: ValueType<'a>, right: ValueType<'a>, range: TextRange) {
        let contradicts = match (left, right) {
            _ if left.is_open() || right.is_open() => false,
            (ValueType::Literal(_), ValueType::Literal(_)) => false,
            (ty, ValueType::Literal(text)) | (ValueType::Literal(text), ty) => {
                return self.literal(text, ty, range);
            }
            (ValueType::Enum(one), ValueType::Enum(other)) => !share_a_value(one, other),
            (ValueType::List(_) | ValueType::Composite, other)
            | (other, ValueType::List(_) | ValueType::Composite) => {
                !other.is_json() && other != ValueType::Scalar(Scalar::Array)
            }
            (ValueType::Row(one), ValueType::Row(other)) => one != other,
            (ValueType::Rows(all), ValueType::Row(one))
            | (ValueType::Row(one), ValueType::Rows(all)) => !all.contains(one),
            (ValueType::Rows(one), ValueType::Rows(other)) => {
                !one.entities().any(|it| other.contains(it))
            }
            (ValueType::Row(_) | ValueType::Rows(_), other)
            | (other, ValueType::Row(_) | ValueType::Rows(_)) => {
                !other.is_json() && other != ValueType::Scalar(Scalar::Uuid)
            }
            // The generated SQL takes the value out of JSON in the type of the other side.
            _ if left.is_json() || right.is_json() => false,
            _ => match (left.scalar(), right.scalar()) {
                (Some(left), Some(right)) => !left.compares_with(right),
                _ => false,
            },
        };
        if contradicts {
            self.report(range, MismatchKind::Compared(left, right));
        }
    }

    /// A computation; `text_range` is where its text in quotes stands, if it has one.
    fn arithmetic(
        &mut self,
        range: TextRange,
        text_range: TextRange,
        left: ValueType<'a>,
        operator: BinaryOperator,
        right: ValueType<'a>,
    ) -> ValueType<'a> {
        match (left, right) {
            (ValueType::Literal(text), ValueType::Scalar(other)) => {
                self.with_text((range, text_range), other, operator, text, true)
            }
            (ValueType::Scalar(other), ValueType::Literal(text)) => {
                self.with_text((range, text_range), other, operator, text, false)
            }
            (ValueType::Literal(_), other) | (other, ValueType::Literal(_))
                if !matches!(other, ValueType::Literal(_)) && !never_computes(other) =>
            {
                ValueType::Unknown
            }
            (ValueType::Literal(_), ValueType::Literal(_)) => {
                self.report(range, MismatchKind::Computed(left, right));
                ValueType::Unknown
            }
            _ if [left, right].into_iter().any(never_computes) => {
                self.report(range, MismatchKind::Computed(left, right));
                ValueType::Unknown
            }
            (ValueType::Scalar(one), ValueType::Scalar(other)) => {
                match computed(one, operator, other) {
                    Some(it) => it,
                    None => {
                        self.report(range, MismatchKind::Computed(left, right));
                        ValueType::Unknown
                    }
                }
            }
            _ => ValueType::Unknown,
        }
    }

    /// A text in quotes in a computation: PostgreSQL gives it the type that the other side asks for.
    fn with_text(
        &mut self,
        (range, text_range): (TextRange, TextRange),
        other: Scalar,
        operator: BinaryOperator,
        text: &'a str,
        is_left: bool,
    ) -> ValueType<'a> {
        let is_sum = matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract);
        let subtracts = operator == BinaryOperator::Subtract;
        let taken = match other {
            _ if other.is_number() => Some(other),
            Scalar::Interval => Some(if is_sum { Scalar::Interval } else { Scalar::Float }),
            _ if (other.is_moment() || other.is_time()) && is_sum => {
                let taken = other.of_addend(text, subtracts);
                // Nothing is taken from a length of time but another one.
                if is_left && subtracts { Some(other) } else { taken }
            }
            _ => None,
        };
        let other_type = ValueType::Scalar(other);
        let Some(taken) = taken else {
            let is_open = !other.is_moment() && !other.is_time() && !never_computes(other_type);
            let is_number = text.trim().bytes().all(|it| it.is_ascii_digit());
            if is_open {
                return ValueType::Unknown;
            }
            let literal = ValueType::Literal(text);
            if is_sum && !never_computes(other_type) && !is_number {
                let kind = MismatchKind::Literal(text, ValueType::Scalar(Scalar::Interval));
                self.report(text_range, kind);
            } else if is_left {
                self.report(range, MismatchKind::Computed(literal, other_type));
            } else {
                self.report(range, MismatchKind::Computed(other_type, literal));
            }
            return ValueType::Unknown;
        };
        if !taken.reads(text) {
            self.report(text_range, MismatchKind::Literal(text, ValueType::Scalar(taken)));
            return ValueType::Unknown;
        }
        let (left, right) = if is_left { (taken, other) } else { (other, taken) };
        computed(left, operator, right).unwrap_or(ValueType::Unknown)
    }

    fn concatenated(
        &mut self,
        range: TextRange,
        left: ValueType<'a>,
        right: ValueType<'a>,
    ) -> ValueType<'a> {
        let is_many = |it: ValueType<'a>| it.is_json() || it == ValueType::Scalar(Scalar::Array);
        match (left, right) {
            _ if is_many(left) && is_many(right) => left,
            _ if is_many(left) || is_many(right) => ValueType::Unknown,
            (ValueType::Null, other) | (other, ValueType::Null)
                if other.is_text() || matches!(other, ValueType::Scalar(_)) =>
            {
                self.report(range, MismatchKind::ComputedWithNull);
                ValueType::Null
            }
            _ if left.is_text() || right.is_text() => TEXT,
            (ValueType::Scalar(one), ValueType::Scalar(other))
                if (is_plain(one) || is_plain(other)) =>
            {
                self.report(range, MismatchKind::Computed(left, right));
                ValueType::Unknown
            }
            _ => ValueType::Unknown,
        }
    }

    fn at_time_zone(&mut self, left: &'a Expression, zone: &'a Expression) -> ValueType<'a> {
        let ty = self.of(left);
        let zone_type = self.of(zone);
        self.zone(zone);
        if matches!(zone_type, ValueType::Scalar(it) if it.is_number() || it == Scalar::Boolean) {
            self.report(zone.range, MismatchKind::Operand(zone_type, Wanted::Text));
        }
        match ty {
            ValueType::Scalar(Scalar::Timestamptz) => ValueType::Scalar(Scalar::Timestamp),
            ValueType::Scalar(Scalar::Timestamp | Scalar::Date) => {
                ValueType::Scalar(Scalar::Timestamptz)
            }
            ValueType::Scalar(it) if !it.is_time() && it != Scalar::Json => {
                self.report(left.range, MismatchKind::Operand(ty, Wanted::Moment));
                ValueType::Unknown
            }
            ValueType::Enum(_) | ValueType::Row(_) | ValueType::Rows(_) => {
                self.report(left.range, MismatchKind::Operand(ty, Wanted::Moment));
                ValueType::Unknown
            }
            _ => ValueType::Unknown,
        }
    }

    /// Operators that are PostgreSQL's alone.
    fn sql_operator(
        &mut self,
        left: &'a Expression,
        (operator, sign): (&'static str, TextRange),
        right: &'a Expression,
    ) -> ValueType<'a> {
        let ty = self.of(left);
        let right_type = self.of(right);
        let word = match operator {
            "&" | "&&" => Some("AND"),
            "|" => Some("OR"),
            _ => None,
        };
        if let Some(word) = word.filter(|_| has_no_bits(ty) || has_no_bits(right_type)) {
            self.report(sign, MismatchKind::Connectives(vec![(sign, word)]));
            return ValueType::Unknown;
        }
        let wants_json = matches!(operator, "->" | "->>" | "#>" | "#>>" | "?" | "?|" | "?&" | "@?");
        let is_other = match ty {
            ValueType::Enum(_) | ValueType::Row(_) | ValueType::Rows(_) => true,
            ValueType::Scalar(it) => it != Scalar::Json && it != Scalar::Array,
            _ => false,
        };
        if wants_json && is_other {
            self.report(left.range, MismatchKind::Operand(ty, Wanted::Json));
        }
        match operator {
            "->" | "#>" => ValueType::Scalar(Scalar::Json),
            "->>" | "#>>" | "&" | "|" | "<<" | ">>" => ValueType::Unknown,
            _ => BOOLEAN,
        }
    }
}

/// Types that are neither bits, nor a list or a range that has something in common with another.
const fn has_no_bits(ty: ValueType<'_>) -> bool {
    match ty {
        ValueType::Enum(_) | ValueType::Row(_) | ValueType::Rows(_) => true,
        ValueType::Scalar(it) => {
            matches!(it, Scalar::Boolean | Scalar::Text | Scalar::Uuid)
                || it.is_moment()
                || it.is_time()
        }
        _ => false,
    }
}

/// Types with which no arithmetic is done, whatever the other side is.
const fn never_computes(ty: ValueType<'_>) -> bool {
    match ty {
        ValueType::Enum(_)
        | ValueType::Row(_)
        | ValueType::Rows(_)
        | ValueType::Composite
        | ValueType::List(_) => true,
        ValueType::Scalar(it) => {
            matches!(it, Scalar::Boolean | Scalar::Text | Scalar::Uuid | Scalar::Bytea)
        }
        _ => false,
    }
}

/// Types that `||` joins with nothing but text.
const fn is_plain(ty: Scalar) -> bool {
    ty.is_number()
        || ty.is_moment()
        || ty.is_time()
        || matches!(ty, Scalar::Boolean | Scalar::Uuid | Scalar::Interval)
}

/// The type of the result; `None` when there is no such operator. A time of day is taken for a length of
/// time where there is no operator of its own.
pub(super) fn computed(
    left: Scalar,
    operator: BinaryOperator,
    right: Scalar,
) -> Option<ValueType<'static>> {
    let found = computed_as_is(left, operator, right);
    match (left, right) {
        _ if found.is_some() => found,
        (Scalar::Time, Scalar::Time) => None,
        (Scalar::Time, _) => computed_as_is(Scalar::Interval, operator, right),
        (_, Scalar::Time) => computed_as_is(left, operator, Scalar::Interval),
        _ => None,
    }
}

fn computed_as_is(
    left: Scalar,
    operator: BinaryOperator,
    right: Scalar,
) -> Option<ValueType<'static>> {
    use BinaryOperator::{Add, Divide, Modulo, Multiply, Power, Subtract};
    use Scalar::{Date, Float, Inet, Integer, Interval, Json, Point, Range, Real, Timestamp};
    let open = |it: Scalar| {
        matches!(it, Json | Inet | Point | Range | Scalar::Array | Scalar::Macaddr)
            || matches!(it, Scalar::Tsvector | Scalar::Tsquery | Scalar::Xml)
    };
    if open(left) || open(right) {
        return Some(ValueType::Unknown);
    }
    let moment = |it: Scalar| if it == Date { Timestamp } else { it };
    let result = match (left, operator, right) {
        (one, Modulo, other) if one.is_number() && other.is_number() => {
            let is_floating = |it: Scalar| matches!(it, Float | Real);
            return (!is_floating(one) && !is_floating(other))
                .then(|| ValueType::Scalar(one.wider(other)));
        }
        (one, Power, other) if one.is_number() && other.is_number() => {
            if one == Scalar::Numeric || other == Scalar::Numeric { Scalar::Numeric } else { Float }
        }
        (one, _, other) if one.is_number() && other.is_number() => one.wider(other),
        (Date, Add, Integer | Scalar::Smallint) | (Integer | Scalar::Smallint, Add, Date) => Date,
        (Date, Subtract, Integer | Scalar::Smallint) => Date,
        (Date, Subtract, Date) => Integer,
        (one, Subtract, other) if one.is_moment() && other.is_moment() => Interval,
        (one, Add | Subtract, Interval) if one.is_moment() => moment(one),
        (Interval, Add, other) if other.is_moment() => moment(other),
        (Date, Add, other) if other.is_time() => Timestamp,
        (one, Add, Date) if one.is_time() => Timestamp,
        (one, Subtract, other) if one.is_time() && other.is_time() => Interval,
        (one, Add | Subtract, Interval) if one.is_time() => one,
        (Interval, Add, other) if other.is_time() => other,
        (Interval, Add | Subtract, Interval) => Interval,
        (Interval, Multiply | Divide, other) if other.is_number() => Interval,
        (one, Multiply, Interval) if one.is_number() => Interval,
        _ => return None,
    };
    Some(ValueType::Scalar(result))
}

fn is_zero(it: &Expression) -> bool {
    matches!(&it.kind, ExpressionKind::Number(text) if text.parse::<f64>().is_ok_and(|it| it == 0.0))
}

fn is_comparison(expression: &Expression) -> bool {
    let ExpressionKind::Binary(_, operator, ..) = &expression.kind else { return false };
    matches!(
        operator,
        BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual
    )
}

/// The operators between comparisons that follow each other without parentheses, as other languages join
/// conditions: `a = 1 && b` of `a = 1 && b = 2`.
fn connectives(left: &Expression) -> Vec<(TextRange, &'static str)> {
    let mut res = Vec::new();
    let mut at = left;
    while is_comparison(at)
        && let ExpressionKind::Binary(before, _, _, right) = &at.kind
    {
        if let ExpressionKind::Binary(_, operator, range, _) = &right.kind {
            let word = match operator {
                BinaryOperator::Concat | BinaryOperator::Sql("|") => Some("OR"),
                BinaryOperator::Sql("&&" | "&") => Some("AND"),
                _ => None,
            };
            res.extend(word.map(|it| (*range, it)));
        }
        at = before;
    }
    res.reverse();
    res
}
