//! Fields, enum values, variables and functions of expressions.

use specql_model::{
    BasicType, Entity, EntityId, Field, Held, Name, Parameter, PathResolution, Row, Scope, Type,
    entity::BUILT_INS,
    expression::{EntityReference, Path},
    infer::{Assigned, Scalar, ValueType, assigned, column_type},
    query_row::query_row,
    scope::CONTEXT,
    segments,
};
use specql_syntax::yaml::{Resolved, resolve};
use specql_text::TextRange;

use crate::{CompletionKind, describe, hover};

use super::{
    context::Context,
    items::{Item, Items, Quotes},
    line_context::Against,
    operators::compares,
};

/// Name, call with places for its arguments, what it gives.
const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("now", "now()", "the time at which the transaction began"),
    ("coalesce", "coalesce(${1:value}, ${2:fallback})", "the first value that is not null"),
    ("lower", "lower(${1:text})", "the text in lower case"),
    ("upper", "upper(${1:text})", "the text in upper case"),
    ("trim", "trim(${1:text})", "the text without spaces around it"),
    ("length", "length(${1:text})", "the number of characters"),
    ("concat", "concat(${1:text}, ${2:text})", "the texts joined; null counts as empty"),
    ("nullif", "nullif(${1:value}, ${2:other})", "null when both are equal, else the first"),
    ("greatest", "greatest(${1:value}, ${2:value})", "the greatest of the values"),
    ("least", "least(${1:value}, ${2:value})", "the least of the values"),
    ("round", "round(${1:number}, ${2:0})", "the number rounded to so many digits"),
    ("abs", "abs(${1:number})", "the number without its sign"),
    ("gen_random_uuid", "gen_random_uuid()", "a random UUID"),
];

/// The fields of an entity without those in `present`.
pub(super) fn fields(
    ctx: &Context<'_>,
    owner: EntityId,
    present: &dyn Fn(&str) -> bool,
    acc: &mut Items,
) {
    let Some(entity) = ctx.workspace.entity(owner) else { return };
    let declared = entity.fields.iter().filter(|it| !it.name.text.is_empty());
    acc.extend(declared.filter(|it| !present(&it.name.text)).map(|it| field(ctx, entity, it)));
}

/// One field.
pub(super) fn field(ctx: &Context<'_>, owner: &Entity, it: &Field) -> Item {
    Item::new(it.name.text.as_str(), CompletionKind::Field)
        .detail(describe::field_type(it))
        .documentation(ctx.documentation(|| hover::field(ctx.workspace, owner.id, it)))
        .members(matches!(it.ty, Type::Ref(_) | Type::Composite(_)))
}

/// The columns that every entity has.
pub(super) fn built_ins(present: &dyn Fn(&str) -> bool, acc: &mut Items) {
    acc.extend(BUILT_INS.iter().filter(|it| !present(it.name)).map(|it| {
        Item::new(it.name, CompletionKind::Field)
            .detail(it.sql_type)
            .documentation(it.documentation)
    }));
}

/// What can follow `path.` in an expression.
pub(super) fn members(ctx: &Context<'_>, scope: &Scope<'_>, path: &str, acc: &mut Items) {
    acc.in_path = true;
    match path.trim_start_matches('$') {
        "input" | "input_data" | "input_payload" => {
            parameters(scope, acc);
            fields(ctx, ctx.own(), &|_| false, acc);
            acc.push(Item::new("id", CompletionKind::Field).detail("uuid"));
        }
        "old" | "new" => columns(ctx, ctx.own(), acc),
        _ => {
            let path = as_path(path);
            let resolution = scope.resolve(&path);
            if let PathResolution::Variable { variable, path: None } = &resolution
                && let Held::QueryRow(query) = variable.holds
            {
                return query_columns(ctx, query, acc);
            }
            following(ctx, resolution.entity(), resolution.ty(), acc);
        }
    }
}

/// The columns of the row of a query in SQL.
fn query_columns(ctx: &Context<'_>, query: &str, acc: &mut Items) {
    acc.in_path = false;
    for it in query_row(ctx.workspace, ctx.own(), query).columns {
        let ty = it.field.map(|it| describe::field_type(it.1)).unwrap_or_default();
        acc.push(Item::new(it.name, CompletionKind::Field).detail(ty));
    }
}

/// What can follow `path.` from an entity.
pub(super) fn members_of(ctx: &Context<'_>, owner: EntityId, path: &str, acc: &mut Items) {
    acc.in_path = true;
    let path = ctx.workspace.find_path(owner, &as_path(path).segments);
    let Some(step) = path.last() else { return };
    let ty = match &step.column {
        specql_model::Column::Field(it) => Some(&it.ty),
        specql_model::Column::Part { ty, .. } => Some(ty),
        specql_model::Column::BuiltIn(_) => None,
    };
    following(ctx, step.target, ty, acc);
}

fn following(ctx: &Context<'_>, entity: Option<EntityId>, ty: Option<&Type>, acc: &mut Items) {
    match (entity, ty) {
        (Some(entity), _) => columns(ctx, entity, acc),
        (None, Some(Type::Composite(it))) => acc.extend(
            it.parts
                .iter()
                .map(|(name, ty, _)| Item::new(*name, CompletionKind::Field).detail(*ty)),
        ),
        _ => {}
    }
}

fn columns(ctx: &Context<'_>, entity: EntityId, acc: &mut Items) {
    fields(ctx, entity, &|_| false, acc);
    built_ins(&|_| false, acc);
}

/// A path as text, with or without a dollar sign.
fn as_path(text: &str) -> Path {
    let name = text.strip_prefix('$').unwrap_or(text);
    let segments = segments(&Name::new(name, TextRange::default()));
    Path { dollar: name.len() != text.len(), segments: segments.into() }
}

/// The type of what a path as text means; of the `id` of a row that of what refers to it.
pub(super) fn type_of(ctx: &Context<'_>, scope: &Scope<'_>, path: &str) -> Option<Type> {
    let path = as_path(path);
    if let [id] = path.segments.as_slice()
        && id.text == "id"
        && let Some(row) = scope.rows().iter().find_map(|it| ctx.workspace.entity(it.known()?))
    {
        let name = Name::new(row.name.as_str(), TextRange::default());
        return Some(Type::Ref(vec![EntityReference { schema: None, name }]));
    }
    let resolution: PathResolution<'_> = scope.resolve(&path);
    resolution.ty().cloned()
}

/// The type of a field of the entity that the step around the cursor writes.
pub(super) fn type_of_written(ctx: &Context<'_>, name: &str) -> Option<Type> {
    let entity = ctx.workspace.entity(ctx.written().flatten()?)?;
    entity.field(name).map(|it| it.ty.clone())
}

/// The values that a field's type suggests in an expression; inside a string without its quotes. What is `typed`
/// whole stays as it is: who ends the line behind it has said what is meant.
pub(super) fn literals(ty: &Type, typed: Option<&str>, in_string: bool, acc: &mut Items) {
    match ty {
        Type::Enum(values) => {
            // A client that filters by itself would keep what was offered for less of the word.
            acc.is_cut |= !in_string && typed.is_some();
            for it in values {
                let is_typed = typed == Some(it.as_str()) && !is_misread(&it.text, acc);
                let text = if in_string || is_typed {
                    it.as_str().replace('\'', "''")
                } else {
                    quoted(&it.text, acc)
                };
                acc.push(Item::new(it.as_str(), CompletionKind::Value).text(text));
            }
        }
        Type::Basic(BasicType::Boolean) if !in_string => booleans(acc),
        _ => {}
    }
}

/// Whether YAML reads a text that stands alone as something else.
fn is_misread(text: &str, acc: &Items) -> bool {
    acc.is_first && acc.quotes == Quotes::None && resolve(text) != Resolved::Str
}

/// A text of an expression between its quotes, and between those that YAML needs around these.
fn quoted(text: &str, acc: &Items) -> String {
    let is_word = text.chars().all(|it| it.is_alphanumeric() || it == '_');
    let text = text.replace('\'', "''");
    if acc.is_first && acc.quotes == Quotes::None && !is_word {
        format!("\"'{text}'\"")
    } else {
        format!("'{text}'")
    }
}

/// The values that a field's type suggests as its default: bare.
pub(super) fn defaults(ty: &Type, acc: &mut Items) {
    match ty {
        Type::Enum(values) => {
            acc.extend(values.iter().map(|it| Item::quoted(it.as_str(), CompletionKind::Value)));
        }
        Type::Basic(BasicType::Boolean) => booleans(acc),
        _ => {
            let call = match &*ty.sql_type() {
                "timestamp" | "timestamptz" => "now()",
                "date" => "current_date",
                "uuid" => "gen_random_uuid()",
                _ => return,
            };
            acc.push(Item::new(call, CompletionKind::Function));
        }
    }
}

/// The values of what the `switch` around the cursor decides by, as keys.
pub(super) fn switched_values(ctx: &Context<'_>, acc: &mut Items) {
    let ty = ctx.switched().and_then(|it| type_of(ctx, &ctx.scope(), it));
    if let Some(ty @ (Type::Enum(_) | Type::Basic(BasicType::Boolean))) = ty {
        defaults(&ty, acc);
    }
}

/// `true` and `false`.
pub(super) fn booleans(acc: &mut Items) {
    acc.extend(["true", "false"].map(|it| Item::new(it, CompletionKind::Value)));
}

/// The fields that hold lists, for a loop.
pub(super) fn lists(ctx: &Context<'_>, acc: &mut Items) {
    let Some(own) = ctx.workspace.entity(ctx.own()) else { return };
    let lists = own.fields.iter().filter(|it| matches!(it.ty, Type::List(_)));
    acc.extend(lists.map(|it| field(ctx, own, it)));
}

/// What of `path.` a loop runs over, or what leads there: lists, and rows with fields of their own.
pub(super) fn lists_of(ctx: &Context<'_>, scope: &Scope<'_>, path: &str, acc: &mut Items) {
    acc.in_path = true;
    let parsed = as_path(path);
    let resolution = scope.resolve(&parsed);
    let Some(entity) = resolution.entity().and_then(|it| ctx.workspace.entity(it)) else {
        return members(ctx, scope, path, acc);
    };
    let leads_on = |it: &&Field| matches!(it.ty, Type::List(_) | Type::Ref(_) | Type::Unknown(_));
    acc.extend(entity.fields.iter().filter(leads_on).map(|it| field(ctx, entity, it)));
}

/// What has the type of a value that goes with `other`: it is likelier than what would have to be cast. A
/// parameter with the name of what it is for comes first, and nothing is compared with itself. Behind `$` parameters
/// are meant, not fields.
pub(super) fn of_type(
    ctx: &Context<'_>,
    scope: &Scope<'_>,
    ty: &Type,
    other: Against<'_>,
    with_fields: bool,
    acc: &mut Items,
) {
    acc.in_path = true;
    let (Against::Compared(name) | Against::Assigned(name)) = other;
    let fits = |it: &Type| it.sql_type() == ty.sql_type() && words(it) == words(ty);
    let is_same = |it: &&Parameter| it.name.text == name;
    let (same, others): (Vec<_>, Vec<_>) =
        scope.parameters().iter().filter(|it| fits(&it.ty)).partition(is_same);
    acc.extend(same.into_iter().map(parameter));
    let rows = scope.rows();
    for entity in
        rows.iter().filter(|_| with_fields).filter_map(|it| ctx.workspace.entity(it.known()?))
    {
        // A number is counted on from itself; other values are not given to themselves.
        let is_itself = |it: &Field| {
            it.name.text == name && !(is_number(ty) && matches!(other, Against::Assigned(_)))
        };
        let fields = entity.fields.iter().filter(|it| fits(&it.ty) && !is_itself(it));
        acc.extend(fields.map(|it| field(ctx, entity, it)));
    }
    acc.extend(others.into_iter().map(parameter));
}

fn is_number(ty: &Type) -> bool {
    const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double"];
    let sql = ty.sql_type();
    !matches!(ty, Type::Ref(_)) && NUMBERS.iter().any(|it| sql.starts_with(it))
}

/// What tells types apart that PostgreSQL does not: what a reference leads to, the values of an enum.
fn words(ty: &Type) -> Vec<&str> {
    match ty {
        Type::Ref(it) => it.iter().map(|it| it.name.text.as_str()).collect(),
        Type::Enum(it) => it.iter().map(|it| it.text.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Everything that can begin an operand: variables, fields and parameters that fit where it stands, those that lead
/// on, functions and keywords; last what cannot stand beside what it goes with. Behind `$` and `p_` stand names
/// alone, those of parameters first.
pub(super) fn operands(
    ctx: &Context<'_>,
    scope: &Scope<'_>,
    word: &str,
    against: Option<(Against<'_>, &Type)>,
    acc: &mut Items,
) {
    acc.in_path = true;
    if word.starts_with("p_") {
        return with_prefix(scope, acc);
    }
    let wanted = Wanted { ctx, scope, against };
    if word.starts_with('$') {
        wanted.parameters(Fit::Fits, acc);
        wanted.parameters(Fit::LeadsOn, acc);
    }
    for fit in [Fit::Fits, Fit::LeadsOn] {
        wanted.variables(fit, acc);
        wanted.fields(fit, acc);
        if fit == Fit::Fits {
            wanted.id(acc);
        }
        wanted.parameters(fit, acc);
    }
    acc.push(
        Item::new("input", CompletionKind::Variable).detail("what the caller gives").members(true),
    );
    let has_columns = !scope.rows().iter().all(|it| *it == Row::Unknown);
    if has_columns {
        built_ins(&|it| wanted.column(ctx.own(), it) == Fit::Contradicts, acc);
    }
    if !word.starts_with('$') {
        functions(ctx, acc);
    }
    acc.extend(CONTEXT.iter().map(|(name, documentation)| {
        Item::new(*name, CompletionKind::Variable).documentation(*documentation)
    }));
    if !word.starts_with('$') {
        for keyword in ["NULL", "NOT", "EXISTS", "CASE", "true", "false"] {
            acc.push(Item::new(keyword, CompletionKind::Keyword));
        }
    }
    wanted.fields(Fit::Contradicts, acc);
    wanted.parameters(Fit::Contradicts, acc);
    if has_columns {
        built_ins(&|_| false, acc);
    }
}

/// How a value stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It can stand there, as far as is known.
    Fits,
    /// It cannot, and a column behind it may.
    LeadsOn,
    Contradicts,
}

/// Where an operand is to stand.
struct Wanted<'a, 'b> {
    ctx: &'b Context<'a>,
    scope: &'b Scope<'b>,
    /// What it goes with, and the type of that.
    against: Option<(Against<'b>, &'b Type)>,
}

impl Wanted<'_, '_> {
    fn of(&self, value: ValueType<'_>, leads_on: bool) -> Fit {
        let Some((against, ty)) = self.against else { return Fit::Fits };
        let wanted = ValueType::of_type(self.ctx.workspace, self.ctx.own(), ty);
        let fits = match against {
            // Whatever is shown as a text can be one; seldom it is meant.
            Against::Assigned(_) => {
                assigned(value, wanted) == Assigned::Fits && compares(value, wanted)
            }
            Against::Compared(_) => compares(value, wanted),
        };
        match (fits, leads_on) {
            (true, _) => Fit::Fits,
            (false, true) => Fit::LeadsOn,
            (false, false) => Fit::Contradicts,
        }
    }

    /// A column of an entity; one that is compared with itself says nothing.
    fn column(&self, owner: EntityId, name: &str) -> Fit {
        let Some((Against::Compared(other) | Against::Assigned(other), _)) = self.against else {
            return Fit::Fits;
        };
        let workspace = self.ctx.workspace;
        let Some(entity) = workspace.entity(owner) else { return Fit::Fits };
        if name == other {
            return Fit::Contradicts;
        }
        let leads_on = |it: &Field| it.ty.leads_to_one_row() || matches!(it.ty, Type::Composite(_));
        self.of(column_type(workspace, entity, name), entity.field(name).is_some_and(leads_on))
    }

    fn variables(&self, fit: Fit, acc: &mut Items) {
        for it in self.scope.variables().iter().rev() {
            let entity = it.entity().and_then(|it| self.ctx.workspace.entity(it));
            let value = match it.holds {
                Held::Row(it) => ValueType::Row(it),
                Held::Item(ty, from) => ValueType::of_type(self.ctx.workspace, from, ty),
                Held::QueryRow(_) | Held::Result | Held::Unknown => ValueType::Unknown,
            };
            if self.of(value, true) == fit {
                acc.push(
                    Item::new(it.text(), CompletionKind::Variable)
                        .detail(entity.map(|it| it.name.text.to_string()).unwrap_or_default())
                        .members(entity.is_some()),
                );
            }
        }
    }

    fn fields(&self, fit: Fit, acc: &mut Items) {
        for row in self.scope.rows().iter().filter_map(|it| it.known()) {
            fields(self.ctx, row, &|it| self.column(row, it) != fit, acc);
        }
    }

    /// The key of the row where a reference to such a row is wanted.
    fn id(&self, acc: &mut Items) {
        let row = self.scope.rows().first().and_then(|it| it.known());
        let Some((row, (_, ty))) = row.zip(self.against) else { return };
        let leads_there = matches!(ty, Type::Ref(_));
        if leads_there && self.of(ValueType::Row(row), false) == Fit::Fits {
            built_ins(&|it| it != "id" || self.is_itself(it), acc);
        }
    }

    fn is_itself(&self, name: &str) -> bool {
        self.against.is_some_and(|(Against::Compared(it) | Against::Assigned(it), _)| it == name)
    }

    fn parameters(&self, fit: Fit, acc: &mut Items) {
        let own = self.ctx.own();
        // Callers may give a value of an enum as a text.
        let is_enum = self.against.is_some_and(|it| matches!(it.1, Type::Enum(_)));
        let fits = |it: &&Parameter| {
            let value = match ValueType::of_type(self.ctx.workspace, own, &it.ty) {
                ValueType::Scalar(Scalar::Text) if is_enum => ValueType::Unknown,
                it => it,
            };
            self.of(value, matches!(it.ty, Type::Composite(_))) == fit
        };
        acc.extend(self.scope.parameters().iter().filter(fits).map(parameter));
    }
}

/// The functions that authors use most.
pub(super) fn functions(ctx: &Context<'_>, acc: &mut Items) {
    // Between brackets a comma would end a text without quotes.
    let is_open = acc.in_flow && acc.quotes == Quotes::None;
    acc.extend(FUNCTIONS.iter().map(|(name, call, documentation)| {
        let item = Item::new(*name, CompletionKind::Function).documentation(*documentation);
        match ctx.is_called() {
            true => item,
            false if is_open && call.contains(',') => item.snippet(format!("{name}($0)")),
            false => item.snippet(*call),
        }
    }));
}

/// `p_reason`: a parameter as the generated function calls it.
fn with_prefix(scope: &Scope<'_>, acc: &mut Items) {
    acc.extend(scope.parameters().iter().map(|it| {
        let name = format!("p_{}", it.name.text);
        Item::new(name, CompletionKind::Variable).detail(describe::type_name(&it.ty))
    }));
}

fn parameters(scope: &Scope<'_>, acc: &mut Items) {
    acc.extend(scope.parameters().iter().map(parameter));
}

fn parameter(it: &Parameter) -> Item {
    Item::new(it.name.text.as_str(), CompletionKind::Variable)
        .detail(describe::type_name(&it.ty))
        // A reference comes as a key, which leads nowhere.
        .members(matches!(it.ty, Type::Composite(_)))
}
