//! Functions. The known ones are PostgreSQL's own; others have to name their schema.

use specql_model::{
    Name,
    expression::{Expression, TrimSide},
    functions::{self, Function},
    types::Scalar,
};

use super::{Environment, Kind, Scope, Value};
use crate::{
    catalog::{Column, ColumnType},
    sql::{Qualified, Sql, TypeName, sql},
};

/// What a function gives.
#[derive(Clone, Copy)]
enum Gives {
    Type(&'static str),
    /// The type of its first argument.
    Argument,
    Json,
    Unknown,
}

/// Name, SQL, result.
#[rustfmt::skip]
const FUNCTIONS: &[(&str, &str, Gives)] = &[
    ("abs", "abs", Gives::Argument),
    ("age", "age", Gives::Type("interval")),
    ("array_length", "array_length", Gives::Type("integer")),
    ("btrim", "btrim", Gives::Type("text")),
    ("cardinality", "cardinality", Gives::Type("integer")),
    ("ceil", "ceil", Gives::Argument),
    ("ceiling", "ceiling", Gives::Argument),
    ("char_length", "char_length", Gives::Type("integer")),
    ("coalesce", "coalesce", Gives::Argument),
    ("concat", "concat", Gives::Type("text")),
    ("concat_ws", "concat_ws", Gives::Type("text")),
    ("date_part", "date_part", Gives::Type("double precision")),
    ("date_trunc", "date_trunc", Gives::Type("timestamptz")),
    ("floor", "floor", Gives::Argument),
    ("gen_random_uuid", "gen_random_uuid", Gives::Type("uuid")),
    ("greatest", "greatest", Gives::Argument),
    ("initcap", "initcap", Gives::Type("text")),
    ("jsonb_array_length", "jsonb_array_length", Gives::Type("integer")),
    ("least", "least", Gives::Argument),
    ("left", "\"left\"", Gives::Type("text")),
    ("length", "length", Gives::Type("integer")),
    ("lower", "lower", Gives::Type("text")),
    ("lpad", "lpad", Gives::Type("text")),
    ("ltrim", "ltrim", Gives::Type("text")),
    ("make_interval", "make_interval", Gives::Type("interval")),
    ("md5", "md5", Gives::Type("text")),
    ("mod", "mod", Gives::Argument),
    ("now", "now", Gives::Type("timestamptz")),
    ("nullif", "nullif", Gives::Argument),
    ("overlay", "\"overlay\"", Gives::Type("text")),
    ("power", "power", Gives::Type("numeric")),
    ("regexp_replace", "regexp_replace", Gives::Type("text")),
    ("repeat", "repeat", Gives::Type("text")),
    ("replace", "replace", Gives::Type("text")),
    ("right", "\"right\"", Gives::Type("text")),
    ("round", "round", Gives::Argument),
    ("rpad", "rpad", Gives::Type("text")),
    ("rtrim", "rtrim", Gives::Type("text")),
    ("sign", "sign", Gives::Argument),
    ("split_part", "split_part", Gives::Type("text")),
    ("sqrt", "sqrt", Gives::Type("numeric")),
    ("starts_with", "starts_with", Gives::Type("boolean")),
    ("strpos", "strpos", Gives::Type("integer")),
    ("substr", "substr", Gives::Type("text")),
    ("substring", "\"substring\"", Gives::Type("text")),
    ("to_char", "to_char", Gives::Type("text")),
    ("to_jsonb", "to_jsonb", Gives::Json),
    ("trim", "btrim", Gives::Type("text")),
    ("trunc", "trunc", Gives::Argument),
    ("upper", "upper", Gives::Type("text")),
];

/// Functions without arguments that have a variable or a keyword in the generated function.
const WORDS: &[(&str, &str, &str)] = &[
    ("current_date", "CURRENT_DATE", "date"),
    ("today", "CURRENT_DATE", "date"),
    ("current_time", "CURRENT_TIME", "time with time zone"),
    ("current_timestamp", "now()", "timestamptz"),
    ("current_user_id", "ctx$.user_id", "uuid"),
    ("current_tenant_id", "ctx$.tenant_id", "uuid"),
    ("uuid_generate_v4", "gen_random_uuid()", "uuid"),
];

/// What a function of PostgreSQL gives, when all of its signatures give the same.
fn common_result(name: &str) -> Gives {
    let Function::Known(signatures) = functions::function(name) else { return Gives::Unknown };
    let first = signatures.first().and_then(|it| it.gives);
    match first.filter(|it| signatures.iter().all(|one| one.gives == Some(*it))) {
        Some(Scalar::Json) => Gives::Json,
        Some(it) => it.sql_name().map_or(Gives::Unknown, Gives::Type),
        None => Gives::Unknown,
    }
}

/// Functions that make an array of another one.
const GIVE_ARRAYS: [&str; 5] =
    ["array_append", "array_cat", "array_prepend", "array_remove", "array_replace"];

impl<'a> Environment<'a> {
    pub(super) fn call(
        &mut self,
        function: &Name,
        arguments: &[Expression],
        plain: bool,
        scope: Scope<'_, 'a>,
        expected: Option<&Column<'a>>,
    ) -> Value<'a> {
        let name = function.text.to_ascii_lowercase();
        if let Some(value) = self.special(&name, function, arguments, scope).filter(|_| plain) {
            return value;
        }
        if let Some((_, sql, ty)) = WORDS.iter().find(|it| it.0 == name)
            && arguments.is_empty()
        {
            return Value::scalar(Sql::raw(sql), TypeName::new(ty));
        }
        if let Some((_, sql, gives)) = FUNCTIONS.iter().find(|it| it.0 == name)
            && plain
        {
            return self.known(sql, *gives, arguments, scope, expected);
        }
        if let (Some(name), true) = (functions::known_name(&name), plain) {
            let gives = common_result(name);
            return self.known(name, gives, arguments, scope, expected);
        }
        if let Some((schema, name)) = function.text.rsplit_once('.')
            && plain
        {
            let arguments: Vec<Sql> =
                arguments.iter().map(|it| self.translate(it, scope, None).into_sql()).collect();
            let call = sql!("{}({})", Qualified::new(schema, name), Sql::join(arguments, ", "));
            return Value::atom(call, Kind::Unknown);
        }
        let message = if functions::function(&name) == Function::Aggregate {
            format!("`{}` needs rows; write `(SELECT {name}(…) FROM …)`", function.text)
        } else {
            format!(
                "`{}` is no function known here; name its schema to call one of your own",
                function.text
            )
        };
        self.unresolved(function.range, &message)
    }

    /// Functions that SQL has a grammar of its own for.
    fn special(
        &mut self,
        name: &str,
        function: &Name,
        arguments: &[Expression],
        scope: Scope<'_, 'a>,
    ) -> Option<Value<'a>> {
        match (name, arguments) {
            ("exists" | "array", [query]) => self.before_query(function, query, scope),
            ("any" | "some" | "all", [_]) => {
                let message =
                    format!("`{}` stands to the right of a comparison only", function.text);
                Some(self.untranslated(function.range, &message))
            }
            ("extract", [part, source]) => {
                let part = self.translate(part, scope, None);
                let source = self.translate(source, scope, None);
                let source = match source.kind {
                    Kind::Untyped | Kind::Json => {
                        let moment = ColumnType::Scalar(TypeName::new("timestamptz"));
                        self.coerce(source, &moment)
                    }
                    _ => source.into_sql(),
                };
                let sql = sql!("EXTRACT({} FROM {})", part.sql, source);
                Some(Value::scalar(sql, TypeName::new("numeric")))
            }
            ("position", [needle, haystack]) => {
                let needle = self.translate(needle, scope, None);
                let haystack = self.translate(haystack, scope, None);
                let sql = sql!("strpos({}, {})", haystack.sql, needle.sql);
                Some(Value::scalar(sql, TypeName::new("integer")))
            }
            _ => None,
        }
    }

    /// `trim(LEADING 'x' FROM a)`.
    pub(super) fn trim(
        &mut self,
        side: TrimSide,
        characters: Option<&Expression>,
        operand: &Expression,
        scope: Scope<'_, 'a>,
    ) -> Value<'a> {
        let characters = characters.map(|it| self.translate(it, scope, None).into_sql());
        let mut arguments = vec![self.translate(operand, scope, None).into_sql()];
        arguments.extend(characters);
        let function = Sql::raw(match side {
            TrimSide::Both => "btrim",
            TrimSide::Leading => "ltrim",
            TrimSide::Trailing => "rtrim",
        });
        let sql = sql!("{}({})", function, Sql::join(arguments, ", "));
        Value::scalar(sql, TypeName::new("text"))
    }

    /// Arguments take the type of the first one that has one, so text out of JSON meets its like.
    fn known(
        &mut self,
        function: &'static str,
        gives: Gives,
        arguments: &[Expression],
        scope: Scope<'_, 'a>,
        expected: Option<&Column<'a>>,
    ) -> Value<'a> {
        let same = matches!(gives, Gives::Argument);
        let of_arrays = function == "cardinality" || function.starts_with("array_");
        let values: Vec<Value<'a>> = arguments
            .iter()
            .map(|it| {
                let value = self.translate(it, scope, if same { expected } else { None });
                // A list is stored as JSON, and such a function reads arrays.
                match value.kind {
                    Kind::Json if of_arrays => Value::atom(self.as_array(value, None), Kind::Array),
                    _ => value,
                }
            })
            .collect();
        let typed = values.iter().find_map(|it| match &it.kind {
            Kind::Scalar(ty) => Some(ty.clone()),
            _ => None,
        });
        let kind = match gives {
            Gives::Type(ty) => Kind::Scalar(TypeName::new(ty)),
            Gives::Json => Kind::Json,
            Gives::Unknown if GIVE_ARRAYS.contains(&function) => Kind::Array,
            Gives::Unknown => Kind::Unknown,
            Gives::Argument => match (&typed, values.first()) {
                (Some(ty), _) => Kind::Scalar(ty.clone()),
                (None, Some(first)) => first.kind.clone(),
                (None, None) => Kind::Unknown,
            },
        };
        let arguments: Vec<Sql> = values
            .into_iter()
            .map(|value| match (&value.kind, &typed) {
                (Kind::Untyped, Some(ty)) if same => {
                    self.coerce(value, &ColumnType::Scalar(ty.clone()))
                }
                _ => value.into_sql(),
            })
            .collect();
        Value::atom(sql!("{}({})", Sql::raw(function), Sql::join(arguments, ", ")), kind)
    }
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn no_function_is_listed_twice() {
        let mut names: Vec<&str> = FUNCTIONS.iter().map(|it| it.0).collect();
        names.dedup();
        assert_eq!(names.len(), FUNCTIONS.len());
        assert!(names.is_sorted());
    }
}
