//! Lists and their items: what is looked for in a list, and what stands beside one that is none.

use specql_syntax::expression::{Expression, ExpressionKind};
use specql_text::TextRange;

use super::{Inference, Items, MismatchKind, ValueType, Wanted, row_of_id};
use crate::types::Scalar;

impl<'a> Inference<'_, 'a> {
    /// Whether something stands beside a list, or beside one value, that is neither; then it is reported.
    pub(super) fn is_said_of_list(
        &mut self,
        range: TextRange,
        left: &'a Expression,
        ty: ValueType<'a>,
        right: &'a Expression,
    ) -> bool {
        let is_list = matches!(ty, ValueType::List(_));
        let is_one = match &right.kind {
            ExpressionKind::Row(items) => is_list || items.len() > 1,
            ExpressionKind::String(_) => is_list && self.is_one_for_list(right),
            _ => false,
        };
        if !is_one || matches!(left.kind, ExpressionKind::Row(_)) || ty.is_open() {
            return false;
        }
        let kind = if is_list {
            MismatchKind::OneForList(left.range)
        } else {
            MismatchKind::SeveralForOne
        };
        self.report(range, kind);
        true
    }

    /// Whether a value beside a list is surely no list. Only what stands there itself is looked at.
    pub(super) fn is_one_for_list(&self, value: &'a Expression) -> bool {
        match &value.kind {
            ExpressionKind::String(text) => !text.trim_start().starts_with('['),
            ExpressionKind::Number(_) | ExpressionKind::Bool(_) | ExpressionKind::Row(_) => true,
            ExpressionKind::Path(path) => is_item(self.of_path(&self.scope.resolve(path))),
            _ => false,
        }
    }

    /// A value that is looked for among the items of a list.
    pub(super) fn beside_items(
        &mut self,
        value: &'a Expression,
        ty: ValueType<'a>,
        items: Items<'a>,
        range: TextRange,
    ) {
        let item = items.value_type(self.scope.workspace());
        let row = match ty {
            ValueType::Row(_) | ValueType::Rows(_) => ty,
            _ => row_of_id(self.scope, value).map_or(ty, ValueType::Row),
        };
        match (row, item) {
            (ValueType::Row(_) | ValueType::Rows(_), ValueType::Row(_) | ValueType::Rows(_)) => {
                self.compared(row, item, range);
            }
            (ValueType::Literal(_), _) => self.compared(item, ty, value.range),
            _ => self.compared(ty, item, range),
        }
    }

    /// `left = ANY (ARRAY[a, b])`.
    pub(super) fn quantified(
        &mut self,
        range: TextRange,
        operand: &'a Expression,
        left: ValueType<'a>,
        arguments: &'a [Expression],
    ) {
        for argument in arguments {
            match &argument.kind {
                ExpressionKind::RawSql(_) => {
                    if !self.is_query_beside(operand, left, argument) {
                        let ty = self.of(argument);
                        self.compared(left, ty, argument.range);
                    }
                }
                ExpressionKind::Array(items) => {
                    for item in items {
                        let ty = self.of(item);
                        self.compared(left, ty, item.range);
                    }
                }
                _ => match self.of(argument) {
                    ValueType::List(Some(items)) => {
                        self.beside_items(operand, left, items, range);
                    }
                    ValueType::List(None)
                    | ValueType::Scalar(Scalar::Json | Scalar::Array)
                    | ValueType::Composite
                    | ValueType::Literal(_)
                    | ValueType::Null
                    | ValueType::Unknown => {}
                    ty => self.report(argument.range, MismatchKind::Operand(ty, Wanted::List)),
                },
            }
        }
    }
}

/// Whether a value is one item beside a list.
pub(super) fn is_item(ty: ValueType<'_>) -> bool {
    match ty {
        ValueType::Literal(text) => !text.trim_start().starts_with('['),
        ValueType::Scalar(it) => !matches!(it, Scalar::Json | Scalar::Array),
        ValueType::Enum(_) | ValueType::Row(_) | ValueType::Rows(_) => true,
        ValueType::List(_) | ValueType::Composite | ValueType::Null | ValueType::Unknown => false,
    }
}
