//! Calls of functions: whether there is one, what it takes, what it gives.

use specql_syntax::{
    Name,
    expression::{Expression, ExpressionKind},
};
use specql_text::TextRange;

use super::{BOOLEAN, Inference, MismatchKind, TEXT, ValueType};
use crate::{
    functions::{Function, ParameterType, Signature, function},
    types::{Scalar, is_unit_of_time},
};

/// The parts of a date, a time or a length of time.
pub const PARTS_OF_TIME: &[&str] = &[
    "century",
    "day",
    "decade",
    "dow",
    "doy",
    "epoch",
    "hour",
    "isodow",
    "isoyear",
    "julian",
    "microseconds",
    "millennium",
    "milliseconds",
    "minute",
    "month",
    "quarter",
    "second",
    "timezone",
    "timezone_hour",
    "timezone_minute",
    "week",
    "year",
];

impl<'a> Inference<'_, 'a> {
    pub(super) fn call(
        &mut self,
        range: TextRange,
        name: &'a Name,
        arguments: &'a [Expression],
        is_aggregate: bool,
    ) -> ValueType<'a> {
        let lower = name.text.to_ascii_lowercase();
        if let ("timezone", [zone, ..]) = (lower.as_str(), arguments) {
            self.zone(zone);
        }
        match (lower.as_str(), arguments) {
            ("coalesce" | "greatest" | "least", _) => return self.unified(arguments.iter()),
            ("nullif", [first, second]) => {
                let (one, other) = (self.of(first), self.of(second));
                self.compared(one, other, range);
                return one;
            }
            ("exists", _) => return BOOLEAN,
            ("array", _) => return ValueType::Scalar(Scalar::Array),
            ("trim", [_, ..]) => {
                arguments.iter().for_each(|it| self.text(it));
                return TEXT;
            }
            _ => {}
        }
        if matches!(lower.as_str(), "extract" | "date_part" | "date_trunc") {
            arguments.first().into_iter().for_each(|it| self.part_of_time(it));
        }
        let types: Vec<ValueType<'a>> = arguments.iter().map(|it| self.of(it)).collect();
        // A name with a schema is a function of the author's own.
        if name.text.is_empty() || name.text.contains('.') {
            return ValueType::Unknown;
        }
        let is_pairs = matches!(lower.as_str(), "jsonb_build_object" | "json_build_object");
        let is_typed = arguments.iter().any(|it| it.kind == ExpressionKind::Missing);
        if is_pairs && arguments.len() % 2 == 1 && !is_typed {
            self.report(range, MismatchKind::Unpaired(name));
        }
        match function(&lower) {
            Function::Word(ty) => ValueType::Scalar(ty),
            Function::Named => ValueType::Unknown,
            Function::Aggregate => {
                let in_query =
                    arguments.iter().any(|it| matches!(it.kind, ExpressionKind::RawSql(_)));
                if !in_query || is_aggregate {
                    self.report(name.range, MismatchKind::Aggregate(name));
                }
                ValueType::Unknown
            }
            Function::Unknown => {
                self.report(name.range, MismatchKind::UnknownFunction(name));
                ValueType::Unknown
            }
            Function::Known(signatures) => self.known(range, name, arguments, &types, signatures),
        }
    }

    /// `year` in `extract(year FROM x)`, `'month'` in `date_trunc('month', x)`.
    fn part_of_time(&mut self, part: &'a Expression) {
        let ExpressionKind::String(written) = &part.kind else { return };
        let word = written.trim().to_ascii_lowercase();
        if !PARTS_OF_TIME.contains(&word.as_str()) && !is_unit_of_time(&word) {
            self.report(part.range, MismatchKind::UnknownPart(written));
        }
    }

    fn known(
        &mut self,
        range: TextRange,
        name: &'a Name,
        arguments: &'a [Expression],
        types: &[ValueType<'a>],
        signatures: &[Signature],
    ) -> ValueType<'a> {
        let is_typed = arguments.iter().any(|it| it.kind == ExpressionKind::Missing);
        if let Some((least, most)) = count_of(signatures, types.len()) {
            if !is_typed {
                self.report(range, MismatchKind::ArgumentCount(name, least, most));
            }
            return ValueType::Unknown;
        }
        if let Some((at, ty)) = refused(types, signatures) {
            let place = at.and_then(|it| arguments.get(it)).map_or(range, |it| it.range);
            let number = at.unwrap_or_default() + 1;
            self.report(place, MismatchKind::Argument(name, number, ty));
        }
        given(types, signatures)
    }
}

/// The fewest and the most arguments that a function takes, where it does not take so many.
pub(super) fn count_of(signatures: &[Signature], count: usize) -> Option<(usize, Option<usize>)> {
    if signatures.iter().any(|it| it.takes(count)) {
        return None;
    }
    let least = signatures.iter().map(|it| it.required).min().unwrap_or_default();
    let is_open = signatures.iter().any(|it| it.is_variadic);
    let most = signatures.iter().map(|it| it.parameters.len()).max();
    Some((least, most.filter(|_| !is_open)))
}

/// The type of the argument that fits none of the signatures of so many arguments, and which one it is; the first
/// one's, as a matter of the call as a whole, where each fits one.
pub(super) fn refused<'a>(
    types: &[ValueType<'a>],
    signatures: &[Signature],
) -> Option<(Option<usize>, ValueType<'a>)> {
    let of_count = || signatures.iter().filter(|it| it.takes(types.len()));
    let takes = |it: &Signature, at: usize, ty: ValueType<'_>| {
        it.parameter(at).is_some_and(|it| fits(ty, it))
    };
    if of_count().any(|it| types.iter().enumerate().all(|(at, ty)| takes(it, at, *ty))) {
        return None;
    }
    let is_refused = |it: &(usize, &ValueType<'_>)| of_count().all(|one| !takes(one, it.0, *it.1));
    match types.iter().enumerate().find(is_refused) {
        Some((at, ty)) => Some((Some(at), *ty)),
        None => Some((None, types.first().copied().unwrap_or(ValueType::Unknown))),
    }
}

fn fits(ty: ValueType<'_>, parameter: ParameterType) -> bool {
    let ParameterType::Of(wanted) = parameter else { return true };
    match ty {
        ValueType::Unknown | ValueType::Null => true,
        ValueType::Literal(text) => wanted.reads(text),
        ValueType::Enum(_) => wanted == Scalar::Text,
        ValueType::List(_) => matches!(wanted, Scalar::Json | Scalar::Array),
        ValueType::Composite => wanted == Scalar::Json,
        ValueType::Row(_) | ValueType::Rows(_) => false,
        ValueType::Scalar(it) => it.converts_to(wanted),
    }
}

/// What a call with arguments of these types gives.
pub(super) fn given<'a>(types: &[ValueType<'a>], signatures: &[Signature]) -> ValueType<'a> {
    let takes = |it: &&Signature| {
        let mut all = (0..).zip(types);
        it.takes(types.len())
            && all.all(|(at, ty)| it.parameter(at).is_some_and(|it| fits(*ty, it)))
    };
    let fitting: Vec<&Signature> = signatures.iter().filter(takes).collect();
    result(types, &fitting)
}

/// What a call gives: that of the signature whose types are met exactly, else the preferred one.
fn result<'a>(types: &[ValueType<'a>], fitting: &[&Signature]) -> ValueType<'a> {
    let gives = |it: &Signature| it.gives.map_or(ValueType::Unknown, ValueType::Scalar);
    let is_exact = |it: &&&Signature| {
        (0..).zip(types).all(|(at, ty)| {
            let parameter = it.parameter(at);
            matches!((parameter, ty.scalar()), (Some(ParameterType::Of(one)), Some(other)) if one == other)
        })
    };
    if let Some(it) = fitting.iter().find(is_exact) {
        return gives(it);
    }
    let Some((first, rest)) = fitting.split_first() else { return ValueType::Unknown };
    if rest.iter().all(|it| it.gives == first.gives) {
        return gives(first);
    }
    let is_open = |it: &ValueType<'_>| !matches!(it, ValueType::Scalar(_) | ValueType::Enum(_));
    if types.iter().any(is_open) {
        return ValueType::Unknown;
    }
    let is_preferred = |it: &&&Signature| {
        let preferred = [Scalar::Float, Scalar::Timestamptz, Scalar::Text];
        it.parameters
            .iter()
            .any(|it| preferred.into_iter().any(|one| *it == ParameterType::Of(one)))
    };
    fitting.iter().find(is_preferred).map_or(ValueType::Unknown, |it| gives(it))
}
