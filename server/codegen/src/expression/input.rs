//! What the caller gives: one typed variable for each input that the action reads.

use heck::ToSnakeCase;
use specql_model::{Entity, EntityId, Field, entity::graphql_name};
use specql_text::TextRange;

use super::{Environment, Kind, Value};
use crate::{
    catalog::ColumnType,
    problem::ProblemKind,
    sql::{Ident, Literal, Sql, TypeName, sql},
};

/// An input of an action.
#[derive(Debug, Clone)]
pub(crate) struct Input<'a> {
    /// The name in messages: the field's or the parameter's.
    pub(crate) name: String,
    /// The spellings that are accepted, in the order they are tried.
    pub(crate) spellings: Vec<String>,
    /// The entity whose field it is, if it is one's.
    owner: Option<EntityId>,
    /// Its type; `None` when nothing declares it: text that takes the type of what it meets.
    pub(crate) ty: Option<ColumnType<'a>>,
    /// The variable with the value; of a reference the id.
    pub(crate) variable: Ident,
    /// The variable with the key of the row that a reference names, if something needs it.
    pub(crate) key: Option<Ident>,
    /// A declared parameter that has to be given.
    pub(crate) required: bool,
    /// Where it is asked for first.
    pub(crate) range: TextRange,
}

impl Input<'_> {
    /// Whether the input is there, even as null.
    pub(crate) fn is_present(&self) -> Sql {
        let names = Sql::join(self.spellings.iter().map(|it| Sql::of(&Literal::text(it))), ", ");
        sql!("app.input_has(input, {})", names)
    }

    /// Whether it is the action's parameter with a name.
    pub(crate) fn is_parameter(&self, name: &str) -> bool {
        self.owner.is_none() && self.name == name
    }

    /// Whether it gives a field of the entity its value.
    pub(crate) fn belongs_to(&self, entity: EntityId) -> bool {
        self.owner == Some(entity)
    }
}

/// What declares an input.
struct Declared<'a> {
    name: String,
    owner: Option<EntityId>,
    ty: Option<ColumnType<'a>>,
    required: bool,
}

impl<'a> Environment<'a> {
    /// The value of `input.a.b`; `written` is the entity of the step, whose fields come last.
    pub(crate) fn input_value(
        &mut self,
        segments: &[&str],
        range: TextRange,
        written: Option<&'a Entity>,
    ) -> Value<'a> {
        let Some((name, rest)) = segments.split_first() else {
            return Value::atom(Sql::raw("input"), Kind::Json);
        };
        let declared = self.declared_input(name, written).unwrap_or_else(|| Declared {
            name: (*name).to_owned(),
            owner: None,
            ty: (!rest.is_empty()).then_some(ColumnType::Json),
            required: false,
        });
        let index = self.input(declared, range);
        let Some(input) = self.inputs.get(index) else { return Value::null() };
        let variable = Sql::of(&input.variable);
        let value = match &input.ty {
            None => Value::atom(variable, Kind::Untyped),
            Some(ColumnType::Scalar(ty)) => Value::scalar(variable, ty.clone()),
            Some(ColumnType::Json) => Value::atom(variable, Kind::Json),
            Some(ColumnType::Reference(Some(target))) => {
                let target = *target;
                if rest.is_empty() {
                    return Value::atom(variable, Kind::InputKey(index));
                }
                let key = Value::atom(Sql::of(&self.input_key(index)), Kind::Key(target));
                return self.through(key, target, rest, range);
            }
            Some(ColumnType::Reference(None)) => Value::scalar(variable, TypeName::new("uuid")),
        };
        if rest.is_empty() { value } else { input_path(&value.sql, rest) }
    }

    /// The input that gives a field of an entity its value, whatever the action's entity has under
    /// that name.
    pub(crate) fn input_of_field(&mut self, entity: &'a Entity, field: &Field) -> usize {
        let column = self.catalog.column(entity, field);
        let declared = Declared {
            name: field.name.text.to_string(),
            owner: Some(entity.id),
            ty: Some(column.ty),
            required: false,
        };
        self.input(declared, field.name.range)
    }

    /// The variable with the key of the row that an input names.
    pub(crate) fn input_key(&mut self, index: usize) -> Ident {
        let Some(input) = self.inputs.get(index) else { return Ident::new("") };
        if let Some(key) = &input.key {
            return key.clone();
        }
        let wanted = format!("v_{}_key", input.name.to_snake_case());
        let key = self.declare(&wanted, Sql::raw("integer"), None);
        if let Some(input) = self.inputs.get_mut(index) {
            input.key = Some(key.clone());
        }
        key
    }

    /// The list of an undeclared input that a loop runs over.
    pub(crate) fn input_list(&mut self, name: &str, range: TextRange) -> Ident {
        let declared =
            self.declared_input(name, None).filter(|it| matches!(it.ty, Some(ColumnType::Json)));
        let index = self.input(
            declared.unwrap_or_else(|| Declared {
                name: name.to_owned(),
                owner: None,
                ty: Some(ColumnType::Json),
                required: false,
            }),
            range,
        );
        self.inputs.get(index).map_or_else(|| Ident::new(""), |it| it.variable.clone())
    }

    fn input(&mut self, declared: Declared<'a>, range: TextRange) -> usize {
        let is_json = |ty: &Option<ColumnType<'_>>| matches!(ty, Some(ColumnType::Json));
        let known = self.inputs.iter().position(|it| {
            it.name == declared.name
                && it.owner == declared.owner
                && is_json(&it.ty) == is_json(&declared.ty)
        });
        if let Some(index) = known {
            return index;
        }
        let variable_type = match &declared.ty {
            None => Sql::raw("text"),
            Some(ColumnType::Reference(_)) => Sql::raw("uuid"),
            Some(it) => Sql::of(&it.sql_type()),
        };
        let wanted = format!("v_input_{}", declared.name.to_snake_case());
        let variable = self.declare(&wanted, variable_type, None);
        let spellings = spellings(&declared.name, declared.ty.as_ref());
        self.inputs.push(Input {
            name: declared.name,
            spellings,
            owner: declared.owner,
            ty: declared.ty,
            variable,
            key: None,
            required: declared.required,
            range,
        });
        self.inputs.len() - 1
    }

    /// The parameter, or the field of the own or the written entity, that an input's name means.
    fn declared_input(&self, name: &str, written: Option<&'a Entity>) -> Option<Declared<'a>> {
        let is_it = |it: &str| it == name || graphql_name(it) == name;
        if let Some(it) = self.action.parameters.iter().find(|it| is_it(&it.name.text)) {
            return Some(Declared {
                name: it.name.text.to_string(),
                owner: None,
                ty: Some(self.catalog.column_type(self.entity.id, &it.ty)),
                required: it.required,
            });
        }
        let bare = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id"));
        for entity in std::iter::once(self.entity).chain(written) {
            let column = self.catalog.named_column(entity, name).or_else(|| {
                let column = self.catalog.named_column(entity, bare?)?;
                names_a_row(&column.ty).then_some(column)
            });
            if let Some(column) = column {
                let owner = Some(entity.id);
                return Some(Declared {
                    name: column.field,
                    owner,
                    ty: Some(column.ty),
                    required: false,
                });
            }
        }
        None
    }

    /// Reports an input whose reference leads nowhere; called once per input when the function is
    /// put together.
    pub(crate) fn check_input(&mut self, index: usize) {
        let Some(input) = self.inputs.get(index) else { return };
        if matches!(input.ty, Some(ColumnType::Reference(None))) {
            let message = format!(
                "`{}` refers to no entity of the workspace, so it is not looked up",
                input.name
            );
            let range = input.range;
            self.problem(ProblemKind::UnresolvedName, range, &message);
        }
    }
}

/// Whether a value can be the id of a row.
fn names_a_row(ty: &ColumnType<'_>) -> bool {
    match ty {
        ColumnType::Reference(_) => true,
        ColumnType::Scalar(it) => it.base() == "uuid",
        ColumnType::Json => false,
    }
}

/// `authorId`, `author_id`, `author` for a reference; `postCount`, `post_count` for anything else.
fn spellings(name: &str, ty: Option<&ColumnType<'_>>) -> Vec<String> {
    let mut res = Vec::new();
    if ty.is_some_and(names_a_row) {
        res.push(graphql_name(&format!("{name}_id")));
        res.push(format!("{name}_id"));
    }
    res.push(graphql_name(name));
    res.push(name.to_owned());
    let mut seen = std::collections::HashSet::new();
    res.retain(|it| seen.insert(it.clone()));
    res
}

/// The text at a path in JSON that the caller gave, with the last name in either spelling.
pub(super) fn input_path<'a>(value: &Sql, segments: &[&str]) -> Value<'a> {
    let Some((last, before)) = segments.split_last() else {
        return Value::atom(value.clone(), Kind::Json);
    };
    let object = if before.is_empty() {
        value.clone()
    } else {
        sql!("{} #> {}", value, Literal::texts(before))
    };
    let names = spellings(last, None);
    let names = Sql::join(names.iter().map(|it| Sql::of(&Literal::text(it))), ", ");
    Value::atom(sql!("app.input_text({}, {})", object, names), Kind::Untyped)
}

/// The text at a path in a JSON value.
pub(super) fn json_path<'a>(value: &Value<'a>, segments: &[&str]) -> Value<'a> {
    let path = match segments {
        [one] => sql!("{} ->> {}", value.operand(), Literal::text(*one)),
        _ => sql!("{} #>> {}", value.operand(), Literal::texts(segments)),
    };
    Value::atom(sql!("({})", path), Kind::Untyped)
}
