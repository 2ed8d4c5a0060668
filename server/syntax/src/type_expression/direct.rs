//! Plain types: `text!`, `ref(crm.Company)`, `enum(a, b) = a`, `decimal(10, 2)`.

use super::{EntityReference, FieldExpression, Scalar, TypeExpression, TypeKind};
use crate::{
    Name,
    direct::{Cursor, goes_on_in_word},
};

/// Reads a plain type; nothing for any other.
pub(super) fn read(scalar: &Scalar) -> Option<FieldExpression> {
    let mut cursor = Cursor::new(scalar)?;
    let ty = read_type(&mut cursor)?;
    let mut field = FieldExpression {
        ty: Some(ty),
        required: None,
        optional: None,
        default: None,
        default_quoted: false,
        bang_before_default: false,
    };
    field.required = bang(&mut cursor);
    if !cursor.is_at_end() {
        read_default(&mut cursor, &mut field)?;
    }
    cursor.is_at_end().then_some(field)
}

fn bang(cursor: &mut Cursor<'_>) -> Option<specql_text::TextRange> {
    let start = cursor.at();
    cursor.eat(b'!').then(|| cursor.range(start))
}

/// ` = a`, ` = a!`.
fn read_default(cursor: &mut Cursor<'_>, field: &mut FieldExpression) -> Option<()> {
    let has_sign = cursor.eat(b' ') && cursor.eat(b'=') && cursor.eat(b' ');
    if !has_sign {
        return None;
    }
    field.default = Some(value(cursor)?);
    field.bang_before_default = field.required.is_some();
    if let Some(it) = bang(cursor) {
        if field.required.is_some() {
            return None;
        }
        field.required = Some(it);
    }
    Some(())
}

fn read_type(cursor: &mut Cursor<'_>) -> Option<TypeExpression> {
    let start = cursor.at();
    let name = cursor.word()?;
    let is_call = cursor.eat(b'(');
    let kind = match name.as_str() {
        "ref" if is_call => TypeKind::Ref(vec![target(cursor)?]),
        "enum" if is_call => TypeKind::Enum(values(cursor)?),
        it if ["ref", "enum", "list"].iter().any(|word| it.eq_ignore_ascii_case(word)) => {
            return None;
        }
        _ => {
            let parameters = if is_call { values(cursor)? } else { Vec::new() };
            TypeKind::Named { name, parameters }
        }
    };
    if is_call && !cursor.eat(b')') {
        return None;
    }
    Some(TypeExpression { range: cursor.range(start), kind })
}

/// `Company`, `crm.Company`.
fn target(cursor: &mut Cursor<'_>) -> Option<EntityReference> {
    let first = cursor.word()?;
    if !cursor.eat(b'.') {
        return Some(EntityReference { schema: None, name: first });
    }
    Some(EntityReference { schema: Some(first), name: cursor.word()? })
}

/// `a, b`.
fn values(cursor: &mut Cursor<'_>) -> Option<Vec<Name>> {
    let mut values = Vec::with_capacity(2);
    loop {
        cursor.skip_blanks();
        values.push(value(cursor)?);
        if !cursor.eat(b',') {
            return Some(values);
        }
    }
}

fn value(cursor: &mut Cursor<'_>) -> Option<Name> {
    let start = cursor.at();
    let text = cursor.take(|it| goes_on_in_word(it) || matches!(it, b'.' | b'-'));
    (!text.is_empty()).then(|| Name::new(text, cursor.range(start)))
}
