//! Trees of the type grammar to field expressions.

use tree_sitter::Node;

use super::{EntityReference, FieldExpression, LineProblem, Scalar, TypeExpression, TypeKind};
use crate::{
    Name,
    line::{self, Language, Line},
    quoted::unquoted,
    statement::LineProblemKind,
};

/// Lists in lists; more are reported and left out.
const MAX_DEPTH: usize = 64;

pub(super) fn parse(scalar: &Scalar) -> (FieldExpression, Vec<LineProblem>) {
    let tree = line::parse(Language::Type, &scalar.text);
    let root = tree.root_node();
    let mut line = Line::new(scalar);
    let field = field_of(&mut line, root);
    (field, line.finish(root))
}

fn field_of(line: &mut Line<'_>, root: Node<'_>) -> FieldExpression {
    let mut field = FieldExpression {
        ty: None,
        required: None,
        optional: None,
        default: None,
        default_quoted: false,
        bang_before_default: false,
    };
    for child in root.children(&mut root.walk()) {
        match child.kind() {
            "required" if field.required.is_some() => {
                line.report(line.range(child), LineProblemKind::Unexpected);
            }
            "required" => field.required = Some(line.range(child)),
            "optional" => field.optional = field.optional.or(Some(line.range(child))),
            "=" => field.bang_before_default = field.required.is_some(),
            "default_text" => field.default = Some(line.name(child)),
            "string" | "unclosed_string" => {
                if child.kind() == "unclosed_string" {
                    line.unclosed(child);
                }
                field.default = Some(unquoted_name(line, child));
                field.default_quoted = true;
            }
            "missing_default" => line.expected(child, "a default"),
            "missing_type" => line.expected(child, "a type"),
            "unexpected" => {}
            _ => {
                field.required = early_bang(line, child);
                field.ty = Some(type_of(line, child));
            }
        }
    }
    field
}

/// The `!` of `decimal!(10, 2)`.
fn early_bang(line: &Line<'_>, node: Node<'_>) -> Option<specql_text::TextRange> {
    let bang = node.children(&mut node.walk()).find(|it| it.kind() == "required");
    bang.filter(|_| node.kind() == "named_type").map(|it| line.range(it))
}

fn type_of(line: &mut Line<'_>, node: Node<'_>) -> TypeExpression {
    let range = line.range(node);
    if line.depth >= MAX_DEPTH {
        line.report(range, LineProblemKind::TooDeep);
        return TypeExpression { range, kind: TypeKind::Missing };
    }
    check_closed(line, node);
    line.depth += 1;
    let kind = match node.kind() {
        "named_type" => named_of(line, node),
        "enum_type" => TypeKind::Enum(values_of(line, node)),
        "list_type" | "array_type" => {
            let item = node.child_by_field_name("item").map(|it| type_of(line, it));
            item.map_or(TypeKind::Missing, |it| TypeKind::List(Box::new(it)))
        }
        "ref_type" => TypeKind::Ref(targets_of(line, node)),
        _ => {
            line.expected(node, "a type");
            TypeKind::Missing
        }
    };
    line.depth -= 1;
    TypeExpression { range, kind }
}

fn named_of(line: &mut Line<'_>, node: Node<'_>) -> TypeKind {
    let Some(name) = node.child_by_field_name("name").map(|it| line.name(it)) else {
        return TypeKind::Missing;
    };
    let parameters = node.named_children(&mut node.walk()).find(|it| it.kind() == "parameters");
    let parameters = parameters.map(|it| {
        check_closed(line, it);
        values_of(line, it)
    });
    TypeKind::Named { name, parameters: parameters.unwrap_or_default() }
}

/// The values or parameters in brackets, without quotes.
fn values_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<Name> {
    let mut values = Vec::new();
    for child in node.named_children(&mut node.walk()) {
        match child.kind() {
            "value" => values.push(line.name(child)),
            "string" => values.push(unquoted_name(line, child)),
            "unclosed_string" => {
                line.unclosed(child);
                values.push(unquoted_name(line, child));
            }
            "missing_value" => line.expected(child, "a value"),
            _ => {}
        }
    }
    values
}

fn targets_of(line: &mut Line<'_>, node: Node<'_>) -> Vec<EntityReference> {
    let mut targets = Vec::new();
    for entity in node.named_children(&mut node.walk()).filter(|it| it.kind() == "entity") {
        let Some(name) = entity.child_by_field_name("name") else {
            line.expected(entity, "an entity");
            continue;
        };
        if name.kind() == "missing_segment" {
            line.expected(name, "an entity");
        }
        let schema = entity.child_by_field_name("schema").map(|it| line.name(it));
        targets.push(EntityReference { schema, name: line.name(name) });
    }
    targets
}

fn unquoted_name(line: &Line<'_>, node: Node<'_>) -> Name {
    Name::new(unquoted(line.text(node)), line.range(node))
}

/// Reports a bracket without its end.
fn check_closed(line: &mut Line<'_>, node: Node<'_>) {
    let mut open = None;
    for child in node.children(&mut node.walk()) {
        match child.kind() {
            "(" | "[" => open = Some(child),
            "missing_close" => {
                if let Some(it) = open {
                    line.unclosed(it);
                }
            }
            _ => {}
        }
    }
}
