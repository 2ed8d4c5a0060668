//! What the caller gives: one typed variable for each input that the action reads.

use ecow::EcoString;
use heck::ToSnakeCase;
use specql_contract::{input_spellings, spellings_in};
use specql_model::{Entity, EntityId, Field, Type};
use specql_text::TextRange;

use super::{Environment, Kind, Read, Row, Value};
use crate::{
    catalog::{Column, ColumnType},
    constraint::default_value,
    names,
    problem::ProblemKind,
    sql::{Ident, Literal, Sql, TypeName, sql},
};

/// An input of an action.
#[derive(Debug, Clone)]
pub(crate) struct Input<'a> {
    /// The name in messages: the field's or the parameter's.
    pub(crate) name: String,
    /// The spellings that are accepted, in the order they are tried.
    pub(crate) spellings: Vec<EcoString>,
    /// The entity whose field it is, if it is one's.
    owner: Option<EntityId>,
    /// Its type; `None` when nothing declares it: text that takes the type of what it meets.
    pub(crate) ty: Option<ColumnType<'a>>,
    /// The variable with the value; of a reference the id.
    pub(crate) variable: Ident,
    /// The variable with the row that a reference names, if something needs it.
    pub(crate) row: Option<Ident>,
    /// The items of a list, where it is one of a type.
    pub(crate) items: Option<Items<'a>>,
    /// A declared parameter that has to be given, or what every run writes to a required field.
    pub(crate) required: bool,
    /// The value of a declared parameter that is not given.
    default: Option<Sql>,
    /// Where it is asked for first.
    pub(crate) range: TextRange,
}

impl Input<'_> {
    /// Whether the input is there, even as null.
    pub(crate) fn is_present(&self) -> Sql {
        match self.spellings.as_slice() {
            [one] => sql!("input$ ? {}", Literal::text(one)),
            several => sql!("input$ ?| {}", Literal::texts(several)),
        }
    }

    /// Whether it is text, which JSON of any kind would become.
    pub(crate) fn is_text(&self) -> bool {
        let words = ["text", "varchar", "character varying", "char", "character"];
        matches!(&self.ty, Some(ColumnType::Scalar(ty)) if words.contains(&ty.base()))
    }

    /// Whether an object or a list is given.
    pub(crate) fn is_nested(&self) -> Sql {
        sql!("jsonb_typeof({}) IN ('object', 'array')", self.given("->").without_parentheses())
    }

    /// What the caller gives under the first spelling that is there, as JSON or as text.
    fn given(&self, operator: &'static str) -> Sql {
        spelled(&Sql::raw("input$"), &self.spellings, operator)
    }

    /// The type of its variable.
    pub(crate) fn sql_type(&self) -> Sql {
        match &self.ty {
            None => Sql::raw("text"),
            Some(ColumnType::Reference(_)) => Sql::raw("uuid"),
            Some(it) => Sql::of(&it.sql_type()),
        }
    }

    /// The expression that reads it.
    pub(crate) fn read(&self) -> Sql {
        match &self.default {
            Some(default) => sql!("coalesce({}, {})", self.read_given(), default),
            None => self.read_given(),
        }
    }

    /// Whether another input has its value, in its type.
    fn reads_the_same(&self, other: &Self) -> bool {
        self.spellings == other.spellings
            && self.sql_type() == other.sql_type()
            && self.read() == other.read()
    }

    fn read_given(&self) -> Sql {
        match &self.ty {
            None => self.given("->>").without_parentheses(),
            Some(ColumnType::Json) => sql!("nullif({}, 'null'::jsonb)", self.given("->")),
            Some(ColumnType::Scalar(ty)) if ty.base() == "text" => {
                self.given("->>").without_parentheses()
            }
            Some(ColumnType::Scalar(ty)) => ty.of_text(&self.given("->>")),
            Some(_) => sql!("{}::{}", self.given("->>"), self.sql_type()),
        }
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

/// What the items of a list have to be.
#[derive(Debug, Clone)]
pub(crate) enum Items<'a> {
    /// Values of a type.
    Scalar(TypeName),
    /// Ids of live rows.
    Rows(&'a Entity),
}

/// What declares an input.
struct Declared<'a> {
    name: String,
    owner: Option<EntityId>,
    ty: Option<ColumnType<'a>>,
    /// It names a row.
    is_reference: bool,
    required: bool,
    default: Option<Sql>,
    items: Option<Items<'a>>,
    values: Vec<String>,
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
            return Value::atom(Sql::raw("input$"), Kind::Json);
        };
        let declared = self.declared_input(name, written).unwrap_or_else(|| Declared {
            name: (*name).to_owned(),
            owner: None,
            ty: (!rest.is_empty()).then_some(ColumnType::Json),
            is_reference: false,
            required: false,
            default: None,
            items: None,
            values: Vec::new(),
        });
        if self.given.is_some() {
            return self.given_value(&declared, rest, range);
        }
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
                return self.through_input(index, target, rest, range);
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
            is_reference: matches!(field.ty, Type::Ref(_)),
            required: false,
            default: None,
            items: self.items(entity, &field.ty),
            values: column.values,
        };
        self.input(declared, field.name.range)
    }

    /// The key of the row that an input names: of the variable that holds the row, or looked up while
    /// no variable is filled.
    pub(crate) fn input_key(&mut self, index: usize) -> Sql {
        let Some(input) = self.inputs.get(index) else { return Sql::raw("NULL") };
        let Some(ColumnType::Reference(Some(target))) = input.ty else { return Sql::raw("NULL") };
        if self.before_steps {
            let id = Value::scalar(Sql::of(&input.variable), TypeName::new("uuid"));
            return self.any_key_of(&id, target);
        }
        let row = self.input_row(index, target);
        sql!("{}.{}", row, names::primary_key(target))
    }

    /// The variable with the row that an input names.
    fn input_row(&mut self, index: usize, target: &Entity) -> Ident {
        let Some(input) = self.inputs.get(index) else { return Ident::new("") };
        if let Some(row) = &input.row {
            return row.clone();
        }
        let wanted = format!("ref${}", input.name.to_snake_case());
        let row = self.declare(&wanted, Sql::of(&names::table(target)), None);
        if let Some(input) = self.inputs.get_mut(index) {
            input.row = Some(row.clone());
        }
        row
    }

    /// What a path means in the row that an input names. Before anything wrote its table the row that
    /// was read at the start is as good as a second look.
    pub(super) fn through_input(
        &mut self,
        index: usize,
        target: &'a Entity,
        rest: &[&str],
        range: TextRange,
    ) -> Value<'a> {
        if self.before_steps
            && let Some(input) = self.inputs.get(index)
        {
            let key = Sql::of(&input.variable);
            self.read.push(Read { entity: target.id, key, by_id: true });
        }
        if self.before_steps || self.written.contains(&target.id) {
            let key = Value::atom(self.input_key(index), Kind::Key(target));
            let sql = key.sql.clone();
            let value = self.through(key, target, rest, range);
            // The id that was noted above says the same.
            self.read.retain(|it| it.by_id || it.key != sql);
            return value;
        }
        let row = Row { alias: Sql::of(&self.input_row(index, target)), entity: target };
        match self.column_value(&row, rest, range) {
            Some(it) => it,
            None => {
                let message = format!("`{}` is no field of `{}`", rest.join("."), target.name.text);
                self.unresolved(range, &message)
            }
        }
    }

    /// The value that a caller gives for an input of the action that it calls.
    fn given_value(
        &mut self,
        declared: &Declared<'a>,
        rest: &[&str],
        range: TextRange,
    ) -> Value<'a> {
        let found = self.given.iter().flatten().find(|it| it.0 == declared.name);
        let Some((_, value)) = found.cloned() else {
            return match (&declared.default, &declared.ty) {
                (Some(default), Some(ColumnType::Scalar(ty))) => {
                    Value::scalar(sql!("{}::{}", default, ty), ty.clone())
                }
                _ => Value::null(),
            };
        };
        let value = match (&declared.ty, &value.kind) {
            (Some(ColumnType::Scalar(ty)), Kind::Untyped | Kind::Json | Kind::Literal(_)) => {
                let ty = ty.clone();
                let sql = self.coerce(value, &ColumnType::Scalar(ty.clone()));
                Value::scalar(sql, ty)
            }
            _ => value,
        };
        match (&declared.ty, &value.kind) {
            (Some(ColumnType::Reference(Some(target))), _) if !rest.is_empty() => {
                let target = *target;
                let key = match value.kind {
                    Kind::Key(_) => value.sql,
                    _ => self.any_key_of(&value, target),
                };
                self.through(Value::atom(key, Kind::Key(target)), target, rest, range)
            }
            (_, Kind::Json) if !rest.is_empty() => input_path(&value.sql, rest),
            _ => value,
        }
    }

    /// The entity that the items of a list refer to, or the type that they have.
    fn items(&self, entity: &Entity, ty: &Type) -> Option<Items<'a>> {
        let Type::List(item) = ty else { return None };
        match self.catalog.column_type(entity.id, item) {
            ColumnType::Scalar(ty) => Some(Items::Scalar(ty)),
            ColumnType::Reference(target) => target.map(Items::Rows),
            ColumnType::Json => None,
        }
    }

    /// The list of an undeclared input that a loop runs over.
    pub(crate) fn input_list(&mut self, name: &str, range: TextRange) -> Sql {
        if self.given.is_some() {
            let value = self.input_value(&[name], range, None);
            return match value.kind {
                Kind::Json => value.sql,
                _ => Sql::raw("NULL::jsonb"),
            };
        }
        let declared =
            self.declared_input(name, None).filter(|it| matches!(it.ty, Some(ColumnType::Json)));
        let index = self.input(
            declared.unwrap_or_else(|| Declared {
                name: name.to_owned(),
                owner: None,
                ty: Some(ColumnType::Json),
                is_reference: false,
                required: false,
                default: None,
                items: None,
                values: Vec::new(),
            }),
            range,
        );
        self.inputs.get(index).map_or_else(|| Sql::raw("NULL"), |it| Sql::of(&it.variable))
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
        let spellings =
            spellings_in(self.entity, self.action, &declared.name, declared.is_reference);
        let mut input = Input {
            name: declared.name,
            spellings,
            owner: declared.owner,
            ty: declared.ty,
            variable: Ident::new(""),
            row: None,
            items: declared.items,
            required: declared.required,
            default: declared.default,
            range,
        };
        // A parameter and the field that it is called like are one value, so one variable.
        let same = self.inputs.iter().find(|it| it.reads_the_same(&input));
        input.variable = match same {
            Some(it) => it.variable.clone(),
            None => self.name(&format!("in${}", input.name.to_snake_case())),
        };
        self.inputs.push(input);
        self.inputs.len() - 1
    }

    /// The parameter, or the field of the own or the written entity, that an input's name means.
    fn declared_input(&self, name: &str, written: Option<&'a Entity>) -> Option<Declared<'a>> {
        if let Some(it) = self.action.parameter(name) {
            return Some(Declared {
                name: it.name.text.to_string(),
                owner: None,
                ty: Some(self.catalog.column_type(self.entity.id, &it.ty)),
                is_reference: matches!(it.ty, Type::Ref(_)),
                required: it.is_needed(),
                default: default_value(&it.as_field()),
                items: self.items(self.entity, &it.ty),
                values: it
                    .ty
                    .enum_values()
                    .unwrap_or_default()
                    .iter()
                    .map(|it| it.text.to_string())
                    .collect(),
            });
        }
        for entity in std::iter::once(self.entity).chain(written) {
            let column = self.catalog.named_column(entity, name).or_else(|| {
                let field = entity.reference_id(name)?;
                Some(self.catalog.column(entity, field))
            });
            if let Some(column) = column {
                let owner = Some(entity.id);
                let field = entity.field(&column.field);
                return Some(Declared {
                    items: field.and_then(|it| self.items(entity, &it.ty)),
                    is_reference: field.is_some_and(|it| matches!(it.ty, Type::Ref(_))),
                    values: column.values,
                    name: column.field,
                    owner,
                    ty: Some(column.ty),
                    required: false,
                    default: None,
                });
            }
        }
        None
    }

    /// The column that a name in the input stands for: of a parameter, or of a field.
    pub(super) fn input_column(
        &self,
        name: &str,
        written: Option<&'a Entity>,
    ) -> Option<Column<'a>> {
        let declared = self.declared_input(name, written)?;
        Some(Column {
            name: Ident::new(declared.name.as_str()),
            field: declared.name,
            ty: declared.ty?,
            values: declared.values,
        })
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

/// The text at a path in JSON that the caller gave, with the last name in either spelling.
pub(super) fn input_path<'a>(value: &Sql, segments: &[&str]) -> Value<'a> {
    let Some((last, before)) = segments.split_last() else {
        return Value::atom(value.clone(), Kind::Json);
    };
    let object = if before.is_empty() {
        value.clone()
    } else {
        sql!("({} #> {})", value, Literal::texts(before))
    };
    Value::atom(spelled(&object, &input_spellings(last, false), "->>"), Kind::Untyped)
}

/// A member of an object under the first of its spellings that has a value.
fn spelled(object: &Sql, names: &[EcoString], operator: &'static str) -> Sql {
    let values =
        names.iter().map(|it| sql!("{} {} {}", object, Sql::raw(operator), Literal::text(it)));
    match names {
        [_] => sql!("({})", Sql::join(values, "")),
        _ => sql!("coalesce({})", Sql::join(values, ", ")),
    }
}

/// The text at a path in a JSON value.
pub(super) fn json_path<'a>(value: &Value<'a>, segments: &[&str]) -> Value<'a> {
    let path = match segments {
        [one] => sql!("{} ->> {}", value.operand(), Literal::text(*one)),
        _ => sql!("{} #>> {}", value.operand(), Literal::texts(segments)),
    };
    Value::atom(sql!("({})", path), Kind::Untyped)
}
